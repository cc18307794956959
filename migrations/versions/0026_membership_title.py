"""What somebody is in an organisation was never asked."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership") as table:
        table.drop_column("title")


def downgrade() -> None:
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
