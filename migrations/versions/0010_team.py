"""Invitations, helpers, completion requests and versions of a file."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROLES = "'', 'treasurer', 'secretary', 'publicity', 'logistics'"


def upgrade() -> None:
    op.create_table(
        "used_key",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_used_key")),
    )
    with op.batch_alter_table("used_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_key_used_at"), ["used_at"], unique=False)

    op.create_table(
        "completion_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('accepted', 'again')) = (settled_at IS NOT NULL)", name=op.f("ck_completion_point_settled_has_moment")
        ),
        sa.CheckConstraint(
            "status <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_completion_point_answered_has_moment")
        ),
        sa.CheckConstraint("status IN ('asked', 'answered', 'accepted', 'again')", name=op.f("ck_completion_point_status")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_completion_point_asked_by")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_completion_point_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_point")),
    )
    with op.batch_alter_table("completion_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completion_point_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_helper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(consented_at IS NULL) = (consented_by IS NULL) AND (consented_at IS NULL) = (words = '')",
            name=op.f("ck_project_helper_consent"),
        ),
        sa.ForeignKeyConstraint(["consented_by"], ["person.id"], name=op.f("fk_project_helper_consented_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_project_helper_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_helper_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_helper")),
    )
    with op.batch_alter_table("project_helper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_helper_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_helper_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            "uq_project_helper_open",
            ["project_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "project_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_project_version_number")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_version_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_version")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_project_version_project_id_number")),
    )
    op.create_table(
        "writing_day",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_writing_day_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_writing_day_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "person_id", "on", name=op.f("pk_writing_day")),
    )
    op.create_table(
        "handover",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["team_member.id"], name=op.f("fk_handover_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_handover_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_handover")),
    )
    op.create_table(
        "team_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id IS NOT NULL OR words <> ''", name=op.f("ck_team_invitation_helper_with_consent")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_team_invitation_invited_by")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_team_invitation_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_team_invitation_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invitation")),
        sa.UniqueConstraint("member_id", name=op.f("uq_team_invitation_member_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invitation_token_hash")),
    )
    with op.batch_alter_table("team_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_invitation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_invitation_project_id"), ["project_id"], unique=False)

    op.create_table(
        "team_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["team_member.id"], name=op.f("fk_team_task_member_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_team_task_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_task")),
    )
    with op.batch_alter_table("team_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_task_project_id"), ["project_id"], unique=False)

    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_team_member_role"), f"role IN ({ROLES})")


def downgrade() -> None:
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_team_member_role"), type_="check")
        batch_op.drop_column("joined_at")
        batch_op.drop_column("role")

    with op.batch_alter_table("team_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_task_project_id"))

    op.drop_table("team_task")
    with op.batch_alter_table("team_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_invitation_project_id"))
        batch_op.drop_index(batch_op.f("ix_team_invitation_expires_at"))

    op.drop_table("team_invitation")
    op.drop_table("handover")
    op.drop_table("writing_day")
    op.drop_table("project_version")
    with op.batch_alter_table("project_helper", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_project_helper_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_project_helper_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_helper_person_id"))

    op.drop_table("project_helper")
    with op.batch_alter_table("completion_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_point_project_id"))

    op.drop_table("completion_point")
    with op.batch_alter_table("used_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_key_used_at"))

    op.drop_table("used_key")
