"""What steering counts: who bears projects, in numbers; the promises made to each file."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


STEERING = (
    "scheme", "state", "is_public", "decided_on", "granted_cents", "created_at", "lodged_at", "changed_at", "ends_on", "perimeter_id",
    "commune_code",
)  # fmt: skip


def upgrade() -> None:
    op.drop_index("ix_project_scheme_state", "project")
    op.create_index("ix_project_steering", "project", STEERING)
    op.create_table(
        "team_count",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("young", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 500", name=op.f("ck_team_count_people")),
        sa.CheckConstraint("women BETWEEN 0 AND people", name=op.f("ck_team_count_women")),
        sa.CheckConstraint("young BETWEEN 0 AND people", name=op.f("ck_team_count_young")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_team_count_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_team_count")),
    )
    op.create_table(
        "promise_day",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint("slug IN ('answered', 'paid', 'reported')", name=op.f("ck_promise_day_slug")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_promise_day_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "slug", name=op.f("pk_promise_day")),
    )
    op.create_table(
        "promise_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_promise_stamp_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_stamp")),
    )


def downgrade() -> None:
    op.drop_table("promise_stamp")
    op.drop_table("promise_day")
    op.drop_table("team_count")
    op.drop_index("ix_project_steering", "project")
    op.create_index("ix_project_scheme_state", "project", ["scheme", "state"])
