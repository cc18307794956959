"""The ledger in double entry, bank details and payments."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOVES = (
    "opening funders available",
    "transfer_in elsewhere available",
    "transfer_out available elsewhere",
    "reservation available reserved",
    "unreservation reserved available",
    "commitment available promised",
    "release promised available",
    "payment promised paid",
    "recall paid owed",
    "refund owed available",
)
MOVED = " OR ".join("(kind = '{}' AND source = '{}' AND target = '{}')".format(*move.split()) for move in MOVES)
WITHIN_ENVELOPE = "reserved_cents >= 0 AND committed_cents >= 0 AND reserved_cents + committed_cents <= envelope_cents"
ENTRY = sa.table(
    "ledger_entry",
    *(sa.column(name) for name in ("call_id", "kind", "source", "target", "amount_cents", "reference")),
    sa.column("day", sa.Date()),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    _lift_guards()
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ledger_entry_kind"), type_="check")
        batch_op.drop_index(batch_op.f("ix_ledger_entry_call_id"))
        batch_op.alter_column("project_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("source", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("target", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("other_call_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
    for move in MOVES:
        kind, source, target = move.split()
        op.execute(f"UPDATE ledger_entry SET source = '{source}', target = '{target}', day = date(at) WHERE kind = '{kind}'")  # noqa: S608
    _open_what_exists()
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        for name in ("source", "target"):
            batch_op.alter_column(name, existing_type=sa.String(), nullable=False)
        batch_op.alter_column("day", existing_type=sa.Date(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_ledger_entry_moves"), MOVED)
        batch_op.create_check_constraint(
            op.f("ck_ledger_entry_is_of_a_project"),
            "(project_id IS NULL) = (kind IN ('opening', 'transfer_in', 'transfer_out'))",
        )
        batch_op.create_check_constraint(
            op.f("ck_ledger_entry_transfer_has_two_calls"),
            "(other_call_id IS NOT NULL) = (kind IN ('transfer_in', 'transfer_out'))",
        )
        batch_op.create_foreign_key(batch_op.f("fk_ledger_entry_other_call_id"), "funding_call", ["other_call_id"], ["id"])
        batch_op.create_index("ix_ledger_entry_call_id_day", ["call_id", "day"], unique=False)
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_funding_call_within_envelope"), type_="check")
        batch_op.alter_column("envelope_cents", existing_type=sa.Integer(), server_default=sa.text("0"))
        batch_op.add_column(sa.Column("reserved_cents", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("paid_cents", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.create_check_constraint(op.f("ck_funding_call_within_envelope"), WITHIN_ENVELOPE)
        batch_op.create_check_constraint(op.f("ck_funding_call_within_promised"), "paid_cents BETWEEN 0 AND committed_cents")
    _count("paid_cents", "kind = 'payment'")


def downgrade() -> None:
    _lift_guards()
    op.execute("DELETE FROM ledger_entry WHERE kind NOT IN ('commitment', 'release', 'payment')")
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_funding_call_within_promised"), type_="check")
        batch_op.drop_constraint(op.f("ck_funding_call_within_envelope"), type_="check")
        batch_op.drop_column("paid_cents")
        batch_op.drop_column("reserved_cents")
        batch_op.alter_column("envelope_cents", existing_type=sa.Integer(), server_default=None)
    _count("committed_cents", "kind = 'commitment'")
    op.execute(
        "UPDATE funding_call SET committed_cents = committed_cents - COALESCE((SELECT SUM(amount_cents) FROM ledger_entry"
        " WHERE call_id = funding_call.id AND kind = 'release'), 0)"
    )
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_funding_call_within_envelope"), "committed_cents BETWEEN 0 AND envelope_cents"
        )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_call_id_day")
        batch_op.drop_constraint(batch_op.f("fk_ledger_entry_other_call_id"), type_="foreignkey")
        for name in ("moves", "is_of_a_project", "transfer_has_two_calls"):
            batch_op.drop_constraint(op.f(f"ck_ledger_entry_{name}"), type_="check")
        for name in ("source", "target", "reference", "other_call_id", "day"):
            batch_op.drop_column(name)
        batch_op.alter_column("project_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_call_id"), ["call_id"], unique=False)
        batch_op.create_check_constraint(op.f("ck_ledger_entry_kind"), "kind IN ('commitment', 'release', 'payment')")


def _lift_guards() -> None:
    """Rows already written are written again: what forbids it comes back when the migration is done."""
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON ledger_entry"
    for name in ("no_update", "no_delete", "held", "counts"):
        op.execute(f"DROP TRIGGER IF EXISTS ledger_entry_{name}{on}")


def _open_what_exists() -> None:
    """Envelopes opened before the ledger knew of it: what they hold was put there the day they were opened."""
    calls = sa.text(
        "SELECT id, envelope_cents, (SELECT MIN(at) FROM event WHERE subject = 'call:' || funding_call.id AND action = 'opened')"
        " FROM funding_call WHERE envelope_cents > 0"
    ).columns(sa.column("id", sa.Integer()), sa.column("cents", sa.Integer()), sa.column("at", sa.DateTime(timezone=True)))
    for call_id, cents, opened in op.get_bind().execute(calls).all():
        at = opened or datetime.now(UTC)
        row = {"call_id": call_id, "kind": "opening", "source": "funders", "target": "available"}
        op.execute(sa.insert(ENTRY).values(**row, amount_cents=cents, reference="", day=at.date(), at=at))


def _count(counter: str, which: str) -> None:
    op.execute(
        f"UPDATE funding_call SET {counter} = COALESCE((SELECT SUM(amount_cents) FROM ledger_entry"  # noqa: S608
        f" WHERE call_id = funding_call.id AND {which}), 0)"
    )
