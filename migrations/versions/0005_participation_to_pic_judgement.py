"""Tables: participation to pic_judgement."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participation",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participation_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_participation_poll_id")),
        sa.ForeignKeyConstraint(["receipt"], ["ballot.receipt"], name=op.f("fk_participation_receipt")),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_participation")),
        sa.UniqueConstraint("receipt", name=op.f("uq_participation_receipt")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_person_id"), ["person_id"], unique=False)
    op.create_table(
        "poll_result",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("is_selected", sa.Boolean(), nullable=False),
        sa.Column("remaining_cents", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.CheckConstraint("votes >= 0 AND remaining_cents >= 0 AND position > 0", name=op.f("ck_poll_result_not_negative")),
        sa.ForeignKeyConstraint(["option_id"], ["poll_option.id"], name=op.f("fk_poll_result_option_id")),
        sa.PrimaryKeyConstraint("option_id", name=op.f("pk_poll_result")),
    )
    op.create_table(
        "programme_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("perimeter_id", sa.Integer(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_highlight", sa.Boolean(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_at", sa.Time(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('sport', 'culture', 'sustainable')", name=op.f("ck_programme_event_kind")),
        sa.CheckConstraint("status = 'planned' OR note <> ''", name=op.f("ck_programme_event_change_is_explained")),
        sa.CheckConstraint("status IN ('planned', 'moved', 'cancelled')", name=op.f("ck_programme_event_status")),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name=op.f("ck_programme_event_point")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_programme_event_capacity")),
        sa.ForeignKeyConstraint(["perimeter_id"], ["perimeter.id"], name=op.f("fk_programme_event_perimeter_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["nqe_project.id"], name=op.f("fk_programme_event_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_event")),
    )
    with op.batch_alter_table("programme_event", schema=None) as batch_op:
        batch_op.create_index("ix_programme_event_on", ["on", "starts_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_event_perimeter_id"), ["perimeter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_event_project_id"), ["project_id"], unique=False)
    op.create_table(
        "project_quarter",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["perimeter_id"], ["perimeter.id"], name=op.f("fk_project_quarter_perimeter_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["nqe_project.id"], name=op.f("fk_project_quarter_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "perimeter_id", name=op.f("pk_project_quarter")),
    )
    with op.batch_alter_table("project_quarter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_quarter_perimeter_id"), ["perimeter_id"], unique=False)
    op.create_table(
        "pic_judgement",
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('active-citizenship', 'collective-interest', 'local-need')", name=op.f("ck_pic_judgement_condition")
        ),
        sa.CheckConstraint("verdict IN ('met', 'partly', 'not_met')", name=op.f("ck_pic_judgement_verdict")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_pic_judgement_agenda_item_id")),
        sa.PrimaryKeyConstraint("agenda_item_id", "condition", name=op.f("pk_pic_judgement")),
    )


def downgrade() -> None:
    op.drop_table("pic_judgement")
    with op.batch_alter_table("project_quarter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_quarter_perimeter_id"))
    op.drop_table("project_quarter")
    with op.batch_alter_table("programme_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_event_project_id"))
        batch_op.drop_index(batch_op.f("ix_programme_event_perimeter_id"))
        batch_op.drop_index("ix_programme_event_on")
    op.drop_table("programme_event")
    op.drop_table("poll_result")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_person_id"))
    op.drop_table("participation")
