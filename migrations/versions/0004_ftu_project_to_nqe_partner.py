"""Tables: ftu_project to nqe_partner."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ftu_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need", sa.Text(), server_default="", nullable=False),
        sa.Column("solution", sa.Text(), server_default="", nullable=False),
        sa.Column("visible_change", sa.Text(), server_default="", nullable=False),
        sa.Column("is_lasting", sa.Boolean(), nullable=True),
        sa.Column("inclusion_women", sa.Text(), server_default="", nullable=False),
        sa.Column("inclusion_disabled", sa.Text(), server_default="", nullable=False),
        sa.Column("inclusion_seniors", sa.Text(), server_default="", nullable=False),
        sa.Column("land", sa.String(), server_default="", nullable=False),
        sa.Column("estimate_cents", sa.Integer(), nullable=True),
        sa.Column("is_feasible", sa.Boolean(), nullable=True),
        sa.Column("study_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("upkeep", sa.Text(), server_default="", nullable=False),
        sa.Column("safety", sa.Text(), server_default="", nullable=False),
        sa.Column("studied_cost_cents", sa.Integer(), nullable=True),
        sa.Column("studied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("better_exit", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "better_exit IN ('', 'upkeep', 'landlord', 'pic', 'renewal', 'other')", name=op.f("ck_ftu_project_better_exit")
        ),
        sa.CheckConstraint("land IN ('', 'public', 'private')", name=op.f("ck_ftu_project_land")),
        sa.CheckConstraint(
            "(is_feasible IS NOT TRUE) OR (studied_cost_cents > 0)", name=op.f("ck_ftu_project_feasible_has_cost")
        ),
        sa.CheckConstraint("estimate_cents IS NULL OR estimate_cents >= 0", name=op.f("ck_ftu_project_estimate_not_negative")),
        sa.CheckConstraint("is_feasible IS NULL OR studied_at IS NOT NULL", name=op.f("ck_ftu_project_studied_has_moment")),
        sa.ForeignKeyConstraint(["id"], ["project.id"], name=op.f("fk_ftu_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ftu_project")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('commitment', 'release', 'payment')", name=op.f("ck_ledger_entry_kind")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_ledger_entry_positive")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_ledger_entry_actor_id")),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name=op.f("fk_ledger_entry_call_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_ledger_entry_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            "uq_ledger_entry_commitment",
            ["project_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'commitment'"),
            postgresql_where=sa.text("kind = 'commitment'"),
        )
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_news_author_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_news_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_project_id"), ["project_id"], unique=False)
    op.create_table(
        "nqe_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_links", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("design", sa.Text(), server_default="", nullable=False),
        sa.Column("delivery", sa.Text(), server_default="", nullable=False),
        sa.Column("evaluation", sa.Text(), server_default="", nullable=False),
        sa.Column("eco_scores", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=True),
        sa.Column("is_already_funded", sa.Boolean(), nullable=True),
        sa.Column("derogation", sa.Text(), server_default="", nullable=False),
        sa.Column("is_derogation_granted", sa.Boolean(), nullable=True),
        sa.Column("derogation_answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["id"], ["project.id"], name=op.f("fk_nqe_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nqe_project")),
    )
    op.create_table(
        "pic_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_sharing", sa.Text(), server_default="", nullable=False),
        sa.Column("learning", sa.Text(), server_default="", nullable=False),
        sa.Column("is_first_project", sa.Boolean(), nullable=True),
        sa.Column("help_received", sa.Text(), server_default="", nullable=False),
        sa.Column("is_open_to_all", sa.Boolean(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=True),
        sa.Column("publicity", sa.Text(), server_default="", nullable=False),
        sa.Column("accessibility", sa.Text(), server_default="", nullable=False),
        sa.Column("is_anyone_paid", sa.Boolean(), nullable=True),
        sa.Column("need_spotted", sa.Text(), server_default="", nullable=False),
        sa.Column("need_evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("why_now", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("price_cents IS NULL OR price_cents >= 0", name=op.f("ck_pic_project_price")),
        sa.ForeignKeyConstraint(["id"], ["project.id"], name=op.f("fk_pic_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pic_project")),
    )
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost_cents > 0", name=op.f("ck_poll_option_positive")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_poll_option_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_poll_option_id_poll_id")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_poll_option_poll_id_number")),
        sa.UniqueConstraint("project_id", name=op.f("uq_poll_option_project_id")),
    )
    op.create_table(
        "team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("household", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("is_presenter", sa.Boolean(), nullable=False),
        sa.CheckConstraint("household > 0", name=op.f("ck_team_member_household")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_team_member_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_project_id"), ["project_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_heard", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_agenda_item_position")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_agenda_item_decision_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_agenda_item_project_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_agenda_item_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_agenda_item_decision_id")),
        sa.UniqueConstraint("session_id", "project_id", name=op.f("uq_agenda_item_session_id_project_id")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_item_project_id", ["project_id"], unique=False)
        batch_op.create_index(
            "uq_agenda_item_waiting",
            ["project_id"],
            unique=True,
            sqlite_where=sa.text("decision_id IS NULL"),
            postgresql_where=sa.text("decision_id IS NULL"),
        )
    op.create_table(
        "ballot_choice",
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 10", name=op.f("ck_ballot_choice_rank")),
        sa.ForeignKeyConstraint(
            ["option_id", "poll_id"], ["poll_option.id", "poll_option.poll_id"], name=op.f("fk_ballot_choice_option_id_poll_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt", "poll_id"],
            ["ballot.receipt", "ballot.poll_id"],
            name=op.f("fk_ballot_choice_receipt_poll_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("receipt", "option_id", name=op.f("pk_ballot_choice")),
        sa.UniqueConstraint("receipt", "rank", name=op.f("uq_ballot_choice_receipt_rank")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_choice_option_id"), ["option_id"], unique=False)
    op.create_table(
        "nqe_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("has_agreed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["nqe_project.id"], name=op.f("fk_nqe_partner_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nqe_partner")),
    )
    with op.batch_alter_table("nqe_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nqe_partner_project_id"), ["project_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("nqe_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nqe_partner_project_id"))
    op.drop_table("nqe_partner")
    with op.batch_alter_table("ballot_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_choice_option_id"))
    op.drop_table("ballot_choice")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agenda_item_waiting",
            sqlite_where=sa.text("decision_id IS NULL"),
            postgresql_where=sa.text("decision_id IS NULL"),
        )
        batch_op.drop_index("ix_agenda_item_project_id")
    op.drop_table("agenda_item")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_project_id"))
    op.drop_table("team_member")
    op.drop_table("poll_option")
    op.drop_table("pic_project")
    op.drop_table("nqe_project")
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_news_project_id"))
    op.drop_table("news")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ledger_entry_commitment",
            sqlite_where=sa.text("kind = 'commitment'"),
            postgresql_where=sa.text("kind = 'commitment'"),
        )
        batch_op.drop_index(batch_op.f("ix_ledger_entry_project_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_call_id"))
    op.drop_table("ledger_entry")
    op.drop_table("ftu_project")
