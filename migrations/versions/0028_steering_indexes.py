"""What the dashboard counts is read from indexes alone."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_promise_day_due_on": ("promise_day", ["slug", "due_on", "done_on", "project_id"]),
    "ix_project_decided_on": ("project", ["decided_on"]),
    "ix_ledger_entry_kind_project_id_day": ("ledger_entry", ["kind", "project_id", "day"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
