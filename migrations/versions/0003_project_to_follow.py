"""Tables: project to follow."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("bearer_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("ruleset_id", sa.Integer(), nullable=True),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("perimeter_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("is_location_confirmed", sa.Boolean(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("requested_cents", sa.Integer(), nullable=False),
        sa.Column("granted_cents", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('granted', 'report_submitted', 'closed', 'cancelled')) = (granted_cents IS NOT NULL)",
            name=op.f("ck_project_granted_has_amount"),
        ),
        sa.CheckConstraint(
            "(state NOT IN ('submitted', 'incomplete', 'admissible', 'inadmissible', 'deferred', 'on_ballot', 'selected', 'not_selected', 'granted', 'rejected', 'report_submitted', 'closed', 'cancelled')) OR (call_id IS NOT NULL)",
            name=op.f("ck_project_lodged_in_a_call"),
        ),
        sa.CheckConstraint(
            "(state NOT IN ('submitted', 'incomplete', 'admissible', 'inadmissible', 'deferred', 'on_ballot', 'selected', 'not_selected', 'granted', 'rejected', 'report_submitted', 'closed', 'cancelled')) OR (lodged_at IS NOT NULL AND ruleset_id IS NOT NULL)",
            name=op.f("ck_project_lodged_has_rules"),
        ),
        sa.CheckConstraint("location IN ('', 'inside', 'near', 'outside')", name=op.f("ck_project_location")),
        sa.CheckConstraint(
            "state IN ('idea', 'draft', 'submitted', 'incomplete', 'admissible', 'inadmissible', 'deferred', 'on_ballot', 'selected', 'not_selected', 'granted', 'rejected', 'report_submitted', 'closed', 'cancelled', 'withdrawn')",
            name=op.f("ck_project_state"),
        ),
        sa.CheckConstraint(
            "(granted_cents IS NULL) OR (granted_cents > 0 AND decided_on IS NOT NULL)", name=op.f("ck_project_granted_has_day")
        ),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_project_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(["bearer_id"], ["person.id"], name=op.f("fk_project_bearer_id")),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name=op.f("fk_project_call_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_project_commune_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_project_organisation_id")),
        sa.ForeignKeyConstraint(["perimeter_id"], ["perimeter.id"], name=op.f("fk_project_perimeter_id")),
        sa.ForeignKeyConstraint(["ruleset_id"], ["ruleset.id"], name=op.f("fk_project_ruleset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_bearer_id"), ["bearer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_call_id"), ["call_id"], unique=False)
        batch_op.create_index("ix_project_commune_code", ["commune_code"], unique=False)
        batch_op.create_index("ix_project_is_public_changed_at", ["is_public", "changed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_project_perimeter_id", ["perimeter_id"], unique=False)
        batch_op.create_index("ix_project_scheme_state", ["scheme", "state"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('quote', 'photo', 'agreement', 'other')", name=op.f("ck_attachment_kind")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_attachment_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("document_id", name=op.f("uq_attachment_document_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_project_id"), ["project_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id")),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_ballot")),
        sa.UniqueConstraint("receipt", "poll_id", name=op.f("uq_ballot_receipt_poll_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_poll_id"), ["poll_id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(side = 'expense' AND nature IN ('operating', 'capital')) OR (side = 'income' AND nature IN ('grant', 'own', 'other')) OR (side = 'valued' AND nature = 'volunteer')",
            name=op.f("ck_budget_line_side_and_nature"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_budget_line_positive")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_budget_line_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_project_id"), ["project_id"], unique=False)
    op.create_table(
        "campaign_perimeter",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_perimeter_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["perimeter_id"], ["perimeter.id"], name=op.f("fk_campaign_perimeter_perimeter_id")),
        sa.PrimaryKeyConstraint("campaign_id", "perimeter_id", name=op.f("pk_campaign_perimeter")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("act_reference", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome = 'granted') = (amount_cents IS NOT NULL)", name=op.f("ck_decision_granted_has_amount")),
        sa.CheckConstraint("outcome IN ('granted', 'rejected', 'deferred')", name=op.f("ck_decision_outcome")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_decision_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_project_id"), ["project_id"], unique=False)
    op.create_table(
        "draft_ballot",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("option_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_ballot_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_draft_ballot_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_draft_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("draft_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_ballot_person_id"), ["person_id"], unique=False)
    op.create_table(
        "final_report",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("learnt", sa.Text(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("volunteers", sa.Integer(), nullable=False),
        sa.Column("actual_cost_cents", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "participants >= 0 AND volunteers >= 0 AND actual_cost_cents >= 0", name=op.f("ck_final_report_not_negative")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_final_report_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_final_report")),
    )
    op.create_table(
        "follow",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_follow_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_follow")),
        sa.UniqueConstraint("person_id", "project_id", name=op.f("uq_follow_person_id_project_id")),
    )


def downgrade() -> None:
    op.drop_table("follow")
    op.drop_table("final_report")
    with op.batch_alter_table("draft_ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_ballot_person_id"))
    op.drop_table("draft_ballot")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_project_id"))
    op.drop_table("decision")
    op.drop_table("campaign_perimeter")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_project_id"))
    op.drop_table("budget_line")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_poll_id"))
    op.drop_table("ballot")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_project_id"))
    op.drop_table("attachment")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index("ix_project_scheme_state")
        batch_op.drop_index("ix_project_perimeter_id")
        batch_op.drop_index(batch_op.f("ix_project_organisation_id"))
        batch_op.drop_index("ix_project_is_public_changed_at")
        batch_op.drop_index("ix_project_commune_code")
        batch_op.drop_index(batch_op.f("ix_project_call_id"))
        batch_op.drop_index(batch_op.f("ix_project_bearer_id"))
    op.drop_table("project")
