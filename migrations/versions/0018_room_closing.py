"""What the committee room and the file still needed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_member_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_former_member_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_former_member")),
    )
    with op.batch_alter_table("former_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_member_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("former_member")
