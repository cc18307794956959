"""The tree of envelopes and its transfers."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BEFORE = (
    "opening funders available",
    "transfer_in elsewhere available",
    "transfer_out available elsewhere",
    "reservation available reserved",
    "unreservation reserved available",
    "commitment available promised",
    "release promised available",
    "payment promised paid",
    "overpayment available owed",
    "recall paid owed",
    "refund owed available",
)
AFTER = (BEFORE[0], "allotment_in elsewhere available", "allotment_out available elsewhere", *BEFORE[1:])
OF_AN_ENVELOPE = "'opening', 'allotment_in', 'allotment_out', 'transfer_in', 'transfer_out'"
CHECKS = {
    "one_envelope": "(call_id IS NULL) <> (envelope_id IS NULL)",
    "projects_are_of_calls": "envelope_id IS NULL OR project_id IS NULL",
    "moved_has_two_ends": (
        "CASE WHEN other_call_id IS NULL THEN 0 ELSE 1 END + CASE WHEN other_envelope_id IS NULL THEN 0 ELSE 1 END"
        " = CASE WHEN kind IN ('allotment_in', 'allotment_out', 'transfer_in', 'transfer_out') THEN 1 ELSE 0 END"
    ),
    "transfer_is_approved": (
        "CASE WHEN kind IN ('transfer_in', 'transfer_out') THEN transfer_id IS NOT NULL"
        " OR (envelope_id IS NULL AND other_envelope_id IS NULL) ELSE transfer_id IS NULL END"
    ),
}
FOUR = [f"{side}_{kind}_id" for side in ("giver", "taker") for kind in ("call", "envelope")]
TABLES = {"call": "funding_call", "envelope": "envelope"}
POINTS = {"envelope_id": "envelope", "other_envelope_id": "envelope", "transfer_id": "envelope_transfer"}


def upgrade() -> None:
    _lift_guards()
    op.create_table(
        "envelope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("act_reference", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("left_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("left_cents >= 0", name=op.f("ck_envelope_never_negative")),
        sa.ForeignKeyConstraint(["parent_id"], ["envelope.id"], name=op.f("fk_envelope_parent_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["city_contract.id"], name=op.f("fk_envelope_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("parent_id", "title", name=op.f("uq_envelope_parent_id_title")),
        sa.UniqueConstraint("parent_id", "contract_id", name=op.f("uq_envelope_parent_id_contract_id")),
    )
    op.create_index(op.f("ix_envelope_contract_id"), "envelope", ["contract_id"])
    is_regional = sa.text("parent_id IS NULL")
    op.create_index(
        "uq_envelope_region",
        "envelope",
        ["scheme", "year"],
        unique=True,
        sqlite_where=is_regional,
        postgresql_where=is_regional,
    )
    _make_transfers()
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("envelope_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_funding_call_envelope_id"), "envelope", ["envelope_id"], ["id"])
        batch_op.create_index(op.f("ix_funding_call_envelope_id"), ["envelope_id"])
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.alter_column("call_id", existing_type=sa.Integer(), nullable=True)
        for column, table in POINTS.items():
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_ledger_entry_{column}"), table, [column], ["id"])
        batch_op.create_index("ix_ledger_entry_envelope_id_day", ["envelope_id", "day"])
        batch_op.create_unique_constraint(op.f("uq_ledger_entry_transfer_id_kind"), ["transfer_id", "kind"])
        batch_op.drop_constraint(op.f("ck_ledger_entry_transfer_has_two_calls"), type_="check")
        for name, check in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_ledger_entry_{name}"), check)
        _allow(batch_op, AFTER, OF_AN_ENVELOPE)
    _ask("'commune', 'intermunicipality', 'partner'")


def downgrade() -> None:
    op.execute("DELETE FROM nqe_opinion WHERE level = 'partner'")
    _ask("'commune', 'intermunicipality'")
    _lift_guards()
    op.execute("DELETE FROM ledger_entry WHERE envelope_id IS NOT NULL")
    # the ledger of before knows no envelope above: what came from there was put in by the funders, what went there is back
    op.execute(
        "UPDATE ledger_entry SET kind = 'opening', source = 'funders', other_envelope_id = NULL, transfer_id = NULL"
        " WHERE kind IN ('allotment_in', 'transfer_in') AND other_envelope_id IS NOT NULL"
    )
    given_up = "SELECT COALESCE(SUM(amount_cents), 0) FROM ledger_entry WHERE call_id = funding_call.id AND other_envelope_id IS NOT NULL"
    op.execute(f"UPDATE funding_call SET envelope_cents = envelope_cents + ({given_up})")  # noqa: S608
    op.execute("DELETE FROM ledger_entry WHERE other_envelope_id IS NOT NULL")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_ledger_entry_{name}"), type_="check")
        batch_op.drop_constraint(op.f("uq_ledger_entry_transfer_id_kind"), type_="unique")
        batch_op.drop_index("ix_ledger_entry_envelope_id_day")
        for column in POINTS:
            batch_op.drop_constraint(op.f(f"fk_ledger_entry_{column}"), type_="foreignkey")
            batch_op.drop_column(column)
        batch_op.alter_column("call_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_ledger_entry_transfer_has_two_calls"),
            "(other_call_id IS NOT NULL) = (kind IN ('transfer_in', 'transfer_out'))",
        )
        _allow(batch_op, BEFORE, "'opening', 'transfer_in', 'transfer_out'")
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_funding_call_envelope_id"))
        batch_op.drop_constraint(op.f("fk_funding_call_envelope_id"), type_="foreignkey")
        batch_op.drop_column("envelope_id")
    op.drop_table("envelope_transfer")
    op.drop_table("envelope")


def _allow(batch_op: object, moves: tuple[str, ...], of_an_envelope: str) -> None:
    """The ledger takes these moves and no other."""
    checks = {
        "moves": " OR ".join("(kind = '{}' AND source = '{}' AND target = '{}')".format(*move.split()) for move in moves),
        "is_of_a_project": f"(project_id IS NULL) = (kind IN ({of_an_envelope}))",
    }
    for name, check in checks.items():
        batch_op.drop_constraint(op.f(f"ck_ledger_entry_{name}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_ledger_entry_{name}"), check)


def _ask(levels: str) -> None:
    """Whose opinion may be asked on a summer."""
    with op.batch_alter_table("nqe_opinion", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_nqe_opinion_level"), type_="check")
        batch_op.create_check_constraint(op.f("ck_nqe_opinion_level"), f"level IN ({levels})")


def _lift_guards() -> None:
    """PostgreSQL keeps its triggers while a table changes: those that stand in the way leave, until the migration is done."""
    if op.get_bind().dialect.name == "sqlite":
        return
    of_entries = ("no_update", "no_delete", "held", "counts", "approved", "allotted")
    names = {f"ledger_entry_{name}": "ledger_entry" for name in of_entries}
    names |= {f"funding_call_under_its_own_{when}": "funding_call" for when in ("insert", "update")}
    for name, table in names.items():
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def _make_transfers() -> None:
    op.create_table(
        "envelope_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in FOUR),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("act_reference", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(giver_call_id IS NULL) <> (giver_envelope_id IS NULL)", name=op.f("ck_envelope_transfer_one_giver")
        ),
        sa.CheckConstraint(
            "(taker_call_id IS NULL) <> (taker_envelope_id IS NULL)", name=op.f("ck_envelope_transfer_one_taker")
        ),
        sa.CheckConstraint(
            "NOT (COALESCE(giver_call_id = taker_call_id, false) OR COALESCE(giver_envelope_id = taker_envelope_id, false))",
            name=op.f("ck_envelope_transfer_two_ends"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_envelope_transfer_positive")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_envelope_transfer_reason")),
        sa.CheckConstraint("side IN ('giver', 'taker')", name=op.f("ck_envelope_transfer_side")),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f("ck_envelope_transfer_state")),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_envelope_transfer_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by <> proposed_by", name=op.f("ck_envelope_transfer_two_people")
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("ck_envelope_transfer_refused_has_reason")),
        *(
            sa.ForeignKeyConstraint([name], [f"{TABLES[name.split('_')[1]]}.id"], name=op.f(f"fk_envelope_transfer_{name}"))
            for name in FOUR
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_envelope_transfer_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_envelope_transfer_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_transfer")),
    )
    for name in (*FOUR, "state"):
        op.create_index(op.f(f"ix_envelope_transfer_{name}"), "envelope_transfer", [name])
