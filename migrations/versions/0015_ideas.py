"""Ideas on the map: supports, ideas joined, walks, opinions asked by link, prices of past works."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
