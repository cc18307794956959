"""An edition with its theme's documents; registration, its partners, its programme."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "equipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('stage', 'tent', 'cups', 'sound', 'furniture', 'games', 'transport', 'other')",
            name=op.f("ck_equipment_kind"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_equipment_quantity")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_equipment_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
    )
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_equipment_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "edition_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'kit')", name=op.f("ck_edition_document_kind")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_edition_document_document_id")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_document_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_document")),
    )
    with op.batch_alter_table("edition_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_document_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "edition_draft",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reread", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_edition_draft_fund_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_edition_draft_saved_by")),
        sa.ForeignKeyConstraint(["source_id"], ["edition.id"], name=op.f("fk_edition_draft_source_id")),
        sa.PrimaryKeyConstraint("fund_id", name=op.f("pk_edition_draft")),
    )
    op.create_table(
        "equipment_day",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_equipment_day_quantity")),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_equipment_day_equipment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["nqe_project.id"], name=op.f("fk_equipment_day_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("equipment_id", "project_id", "day", name=op.f("pk_equipment_day")),
    )
    with op.batch_alter_table("equipment_day", schema=None) as batch_op:
        batch_op.create_index("ix_equipment_day_equipment_id_day", ["equipment_id", "day"], unique=False)
        batch_op.create_index("ix_equipment_day_project_id", ["project_id"], unique=False)

    op.create_table(
        "nqe_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.CheckConstraint("(outcome = '') = (answered_at IS NULL)", name=op.f("ck_nqe_opinion_answered_has_moment")),
        sa.CheckConstraint("level IN ('commune', 'intermunicipality')", name=op.f("ck_nqe_opinion_level")),
        sa.CheckConstraint("outcome IN ('', 'favourable', 'reserved', 'unfavourable')", name=op.f("ck_nqe_opinion_outcome")),
        sa.ForeignKeyConstraint(["project_id"], ["nqe_project.id"], name=op.f("fk_nqe_opinion_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nqe_opinion")),
        sa.UniqueConstraint("project_id", "level", "body", name=op.f("uq_nqe_opinion_project_id_level_body")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_nqe_opinion_token_hash")),
    )
    with op.batch_alter_table("nqe_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nqe_opinion_project_id"), ["project_id"], unique=False)

    op.create_table(
        "nqe_reading",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_nqe_reading_officer_id")),
        sa.ForeignKeyConstraint(["project_id"], ["nqe_project.id"], name=op.f("fk_nqe_reading_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_nqe_reading")),
    )
    with op.batch_alter_table("nqe_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nqe_reading_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "programme_import",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["nqe_project.id"], name=op.f("fk_programme_import_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_programme_import")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("examples", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("questions", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("image_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_edition_image_id"), "document", ["image_id"], ["id"])

    with op.batch_alter_table("nqe_partner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("share_cents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("token_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signed_by", sa.String(), server_default="", nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_nqe_partner_token_hash"), ["token_hash"])
        batch_op.create_check_constraint(op.f("ck_nqe_partner_share"), "share_cents IS NULL OR share_cents >= 0")
        batch_op.create_check_constraint(op.f("ck_nqe_partner_link_expires"), "(token_hash IS NULL) = (expires_at IS NULL)")

    with op.batch_alter_table("nqe_project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("steering_residents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("steering", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("publics", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("expected_people", sa.Integer(), nullable=True))

    with op.batch_alter_table("programme_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audience", sa.String(), server_default="all", nullable=False))
        batch_op.add_column(sa.Column("permit", sa.String(), server_default="none", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_programme_event_audience"),
            "audience IN ('all', 'children', 'teenagers', 'families', 'adults', 'seniors')",
        )
        batch_op.create_check_constraint(op.f("ck_programme_event_permit"), "permit IN ('none', 'needed', 'asked', 'obtained')")


def downgrade() -> None:
    with op.batch_alter_table("programme_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_programme_event_permit"), type_="check")
        batch_op.drop_constraint(op.f("ck_programme_event_audience"), type_="check")
        batch_op.drop_column("permit")
        batch_op.drop_column("audience")

    with op.batch_alter_table("nqe_project", schema=None) as batch_op:
        batch_op.drop_column("expected_people")
        batch_op.drop_column("publics")
        batch_op.drop_column("steering")
        batch_op.drop_column("steering_residents")

    with op.batch_alter_table("nqe_partner", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_nqe_partner_link_expires"), type_="check")
        batch_op.drop_constraint(op.f("ck_nqe_partner_share"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_nqe_partner_token_hash"), type_="unique")
        batch_op.drop_column("signed_by")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("token_hash")
        batch_op.drop_column("email")
        batch_op.drop_column("share_cents")

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_edition_image_id"), type_="foreignkey")
        batch_op.drop_column("image_id")
        batch_op.drop_column("questions")
        batch_op.drop_column("examples")

    op.drop_table("programme_import")
    with op.batch_alter_table("nqe_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nqe_reading_officer_id"))

    op.drop_table("nqe_reading")
    with op.batch_alter_table("nqe_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nqe_opinion_project_id"))

    op.drop_table("nqe_opinion")
    with op.batch_alter_table("equipment_day", schema=None) as batch_op:
        batch_op.drop_index("ix_equipment_day_project_id")
        batch_op.drop_index("ix_equipment_day_equipment_id_day")

    op.drop_table("equipment_day")
    op.drop_table("edition_draft")
    with op.batch_alter_table("edition_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_document_edition_id"))

    op.drop_table("edition_document")
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equipment_organisation_id"))

    op.drop_table("equipment")
