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


INDEXED = {
    "bank_details": ("fund_id", "organisation_id", "person_id"),
    "payment_batch": ("fund_id",),
    "agreement": ("person_id",),
    "payment_order": ("batch_id", "project_id"),
}


def upgrade() -> None:
    _make_tables()
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
    for table in ("payment_order", "agreement", "payment_batch", "bank_details"):
        op.drop_table(table)
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


def _make_tables() -> None:
    op.create_table(
        "bank_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("fund_id", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN fund_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_bank_details_has_one_owner"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_bank_details_fund_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_bank_details_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bank_details_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_details")),
    )
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_payment_batch_created_by")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_payment_batch_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
    )
    op.create_table(
        "agreement",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_agreement_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_agreement")),
    )
    op.create_table(
        "payment_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'cancelled') = (reason <> '')", name=op.f("ck_payment_order_cancelled_has_reason")),
        sa.CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_payment_order_paid_has_day")),
        sa.CheckConstraint("state IN ('waiting', 'paid', 'cancelled')", name=op.f("ck_payment_order_state")),
        sa.CheckConstraint("amount_cents > 0 AND position > 0", name=op.f("ck_payment_order_positive")),
        sa.ForeignKeyConstraint(["bank_id"], ["bank_details.id"], name=op.f("fk_payment_order_bank_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_order_batch_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_payment_order_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_order")),
    )
    for table, columns in INDEXED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_payment_order_waiting", "payment_order", ["project_id", "position"], unique=True,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
