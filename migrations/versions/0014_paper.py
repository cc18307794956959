"""Paper ballots entered twice, box sheets, the chained journal of a vote."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = (
    "announced", "roll", "codes", "ballot", "replaced", "withdrawn", "paper", "paper_prevails", "day", "closed", "box", "counted",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "poll_head",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_head_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_head")),
    )
    op.create_table(
        "poll_line",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_poll_line_from_one")),
        sa.CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name=op.f("ck_poll_line_kind")),
        sa.CheckConstraint("length(hash) = 64 AND length(day) = 10", name=op.f("ck_poll_line_lengths")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_line_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "number", name=op.f("pk_poll_line")),
        sqlite_with_rowid=False,
    )
    op.add_column("ballot", sa.Column("nonce", sa.String(), nullable=True))


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON poll"
    op.execute(f"DROP TRIGGER IF EXISTS poll_counted_without_nonces{on}")
    op.drop_column("ballot", "nonce")
    op.drop_table("poll_line")
    op.drop_table("poll_head")
