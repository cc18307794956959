"""Dates are counted from an index alone, and those that were moved are found by the day they stood on."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOVED = sa.text("planned_on IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_programme_event_on", table_name="programme_event")
    op.create_index("ix_programme_event_on", "programme_event", ["on", "starts_at", "id", "project_id"])
    op.create_index(
        "ix_programme_event_planned_on", "programme_event", ["planned_on"], sqlite_where=MOVED, postgresql_where=MOVED
    )


def downgrade() -> None:
    op.drop_index("ix_programme_event_planned_on", table_name="programme_event")
    op.drop_index("ix_programme_event_on", table_name="programme_event")
    op.create_index("ix_programme_event_on", "programme_event", ["on", "starts_at", "id"])
