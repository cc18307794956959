"""The committee's review, the commune's validation, works and their use."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DECIDED = ("grant", "reject", "defer")
OUTCOMES = ("granted", "rejected", "deferred")
OPINIONS = ("favourable", "conditional", "unfavourable")


def upgrade() -> None:
    _allow(OPINIONS)


def downgrade() -> None:
    _allow(())


def _allow(opinions: tuple[str, ...]) -> None:
    """What may be decided, with these opinions."""
    for table, column, values in (
        ("decision", "outcome", OUTCOMES), ("question", "action", DECIDED), ("outcome", "action", DECIDED),
    ):  # fmt: skip
        name = op.f(f"ck_{table}_{column}")
        more = (*values, *opinions, "reopened") if table == "outcome" else (*values, *opinions)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"{column} IN ({', '.join(repr(one) for one in more)})")
