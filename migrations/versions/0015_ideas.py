"""Ideas on the map: supports, ideas joined, walks, opinions asked by link, prices of past works."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = (
    "idea", "draft", "submitted", "incomplete", "admissible", "inadmissible", "deferred", "on_ballot", "selected", "not_selected",
    "granted", "rejected", "report_submitted", "closed", "cancelled", "withdrawn",
)  # fmt: skip
NOT_LODGED = ("idea", "draft", "withdrawn")


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _set_states(states: tuple[str, ...]) -> None:
    """The states that a project may be in; those of a lodged one are the others."""
    lodged = _listed(tuple(state for state in states if state not in (*NOT_LODGED, "merged")))
    with op.batch_alter_table("project") as batch_op:
        for name in ("state", "lodged_in_a_call", "lodged_has_rules"):
            batch_op.drop_constraint(op.f(f"ck_project_{name}"), type_="check")
        batch_op.create_check_constraint(op.f("ck_project_state"), f"state IN ({_listed(states)})")
        batch_op.create_check_constraint(
            op.f("ck_project_lodged_in_a_call"), f"(state NOT IN ({lodged})) OR (call_id IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_project_lodged_has_rules"),
            f"(state NOT IN ({lodged})) OR (lodged_at IS NOT NULL AND ruleset_id IS NOT NULL)",
        )


def upgrade() -> None:
    _set_states((*STATES, "merged"))
    _add_phases()
    with op.batch_alter_table("ftu_project") as batch_op:
        batch_op.add_column(sa.Column("bearer_link", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("inclusion_found", sa.JSON(), server_default="{}", nullable=False))
        batch_op.create_check_constraint(op.f("ck_ftu_project_bearer_link"), "bearer_link IN ('', 'lives', 'works', 'studies')")
    _add_supports()
    _add_opinions()
    _add_costs()
    _add_walks()


def _add_opinions() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "name", "email", "verdict", "signature")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("words", "reason")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("reminded_at", "answered_at", "cancelled_at")
        ),
        sa.CheckConstraint("kind IN ('service', 'owner')", name=op.f("ck_opinion_kind")),
        sa.CheckConstraint("verdict IN ('', 'favourable', 'conditional', 'unfavourable')", name=op.f("ck_opinion_verdict")),
        sa.CheckConstraint("(verdict = '') = (answered_at IS NULL)", name=op.f("ck_opinion_answered_has_moment")),
        sa.CheckConstraint("answered_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_opinion_answered_or_cancelled")),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_opinion_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index(op.f("ix_opinion_project_id"), "opinion", ["project_id"])
    op.create_index(op.f("ix_opinion_due_on"), "opinion", ["due_on"])


def _add_costs() -> None:
    op.create_table(
        "cost_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("label", "unit", "source")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("quantity", "low_cents", "high_cents", "chosen_cents")),
        sa.CheckConstraint("source IN ('works', 'fund', 'study')", name=op.f("ck_cost_line_source")),
        sa.CheckConstraint("quantity > 0 AND chosen_cents > 0 AND low_cents > 0", name=op.f("ck_cost_line_positive")),
        sa.CheckConstraint("low_cents <= high_cents", name=op.f("ck_cost_line_low_before_high")),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_cost_line_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
    )
    op.create_index(op.f("ix_cost_line_project_id"), "cost_line", ["project_id"])
    op.create_index(op.f("ix_cost_line_label"), "cost_line", ["label"])


def _add_walks() -> None:
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_walk_{name}"))
            for name, target in (
                ("fund_id", "fund.id"), ("perimeter_id", "perimeter.id"), ("organisation_id", "organisation.id"),
                ("opened_by", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk")),
    )  # fmt: skip
    op.create_index(op.f("ix_walk_fund_id"), "walk", ["fund_id"])
    op.create_table(
        "walk_point",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "place", "service")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sentence", "answer")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("lon", "lat")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("document_id", "project_id")),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("offered_at", "sent_at", "done_at")),
        sa.CheckConstraint("kind IN ('idea', 'upkeep')", name=op.f("ck_walk_point_kind")),
        sa.CheckConstraint("number > 0", name=op.f("ck_walk_point_number")),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name=op.f("ck_walk_point_whole_point")),
        sa.CheckConstraint("kind = 'idea' OR project_id IS NULL", name=op.f("ck_walk_point_only_ideas_become_projects")),
        sa.CheckConstraint(
            "kind = 'upkeep' OR (service = '' AND done_at IS NULL)", name=op.f("ck_walk_point_only_upkeep_is_sent")
        ),
        sa.CheckConstraint("done_at IS NULL OR answer <> ''", name=op.f("ck_walk_point_done_has_answer")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_walk_point_walk_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_walk_point_{name}"))
            for name, target in (("document_id", "document.id"), ("project_id", "ftu_project.id"), ("added_by", "person.id"))
        ),
        sa.PrimaryKeyConstraint("walk_id", "number", name=op.f("pk_walk_point")),
        sa.UniqueConstraint("document_id", name=op.f("uq_walk_point_document_id")),
    )
    op.create_index(op.f("ix_walk_point_added_by"), "walk_point", ["added_by"])


def _add_phases() -> None:
    """The days of the vote become rows like those of the other phases."""
    op.create_table(
        "campaign_phase",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('support', 'study', 'vote', 'committee', 'validation', 'works')", name=op.f("ck_campaign_phase_kind")
        ),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_campaign_phase_first_before_last")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_phase_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "kind", name=op.f("pk_campaign_phase")),
    )
    op.execute(
        "INSERT INTO campaign_phase (campaign_id, kind, first_on, last_on)"
        " SELECT id, 'vote', vote_opens_on, vote_closes_on FROM campaign"
    )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.drop_constraint(op.f("ck_campaign_vote_opens_before_it_closes"), type_="check")
        batch_op.drop_column("vote_opens_on")
        batch_op.drop_column("vote_closes_on")


def _add_supports() -> None:
    op.create_table(
        "project_support",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_project_support_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_support_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_project_support")),
    )
    op.create_index(op.f("ix_project_support_person_id"), "project_support", ["person_id"])
    op.create_table(
        "joining",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("project_id <> into_id", name=op.f("ck_joining_two_projects")),
        sa.CheckConstraint("(is_accepted IS NULL) = (answered_at IS NULL)", name=op.f("ck_joining_answered_has_moment")),
        sa.CheckConstraint(
            "asked_id IS NULL OR asked_id IN (project_id, into_id)", name=op.f("ck_joining_asked_is_one_of_them")
        ),
        sa.CheckConstraint("asked_id IS NOT NULL OR is_accepted", name=op.f("ck_joining_alone_is_done")),
        *(
            sa.ForeignKeyConstraint([name], ["project.id"], name=op.f(f"fk_joining_{name}"), ondelete="CASCADE")
            for name in ("project_id", "into_id", "asked_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
    )
    op.create_index(op.f("ix_joining_project_id"), "joining", ["project_id"])
    op.create_index(op.f("ix_joining_into_id"), "joining", ["into_id"])
    done = sa.text("is_accepted")
    op.create_index("uq_joining_done", "joining", ["project_id"], unique=True, sqlite_where=done, postgresql_where=done)


def downgrade() -> None:
    op.drop_table("walk_point")
    op.drop_table("walk")
    op.drop_table("cost_line")
    op.drop_table("opinion")
    op.drop_table("joining")
    op.drop_table("project_support")
    with op.batch_alter_table("ftu_project") as batch_op:
        batch_op.drop_constraint(op.f("ck_ftu_project_bearer_link"), type_="check")
        batch_op.drop_column("inclusion_found")
        batch_op.drop_column("shared_at")
        batch_op.drop_column("bearer_link")
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.add_column(sa.Column("vote_opens_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("vote_closes_on", sa.Date(), nullable=True))
    for end, column in (("first_on", "vote_opens_on"), ("last_on", "vote_closes_on")):
        op.execute(
            f"UPDATE campaign SET {column} ="  # noqa: S608
            f" (SELECT {end} FROM campaign_phase WHERE campaign_id = campaign.id AND kind = 'vote')"
        )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.alter_column("vote_opens_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("vote_closes_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_campaign_vote_opens_before_it_closes"), "vote_opens_on <= vote_closes_on")
    op.drop_table("campaign_phase")
    op.execute("UPDATE project SET state = 'withdrawn', is_public = false WHERE state = 'merged'")
    op.execute("UPDATE project SET state = 'draft', is_public = false WHERE state = 'idea' AND scheme = 'ftu'")
    _set_states(STATES)
