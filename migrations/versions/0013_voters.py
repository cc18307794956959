"""Who may vote: the roll of a poll, its codes, and who took part by which channel."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

VOTER = ["voter.id", "voter.poll_id"]
RECEIPT = ["ballot.receipt", "ballot.poll_id"]


def rows_of(query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def insert(table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = list(rows[0])
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608
        op.get_bind().execute(sa.text(statement), rows)


def drafts() -> list[dict[str, Any]]:
    """The drafts, their choices as the JSON column of either database takes them."""
    found = rows_of("SELECT * FROM draft_ballot")
    for row in found:
        if not isinstance(row["option_ids"], str):
            row["option_ids"] = json.dumps(row["option_ids"])
    return found


def upgrade() -> None:
    taken_part, chosen = rows_of("SELECT * FROM participation"), drafts()
    op.drop_table("participation")
    op.drop_table("draft_ballot")
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_untraced", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roll_kind", sa.String(), server_default="declared", nullable=False))
        batch_op.create_check_constraint(op.f("ck_poll_roll_kind"), "roll_kind IN ('declared', 'listed')")
    _create_roll()
    _create_codes()
    people = sorted({(row["poll_id"], row["person_id"]) for row in taken_part + chosen})
    lines = {one: secrets.randbits(52) + 1 for one in people}
    insert("voter", [
        {"id": number, "poll_id": poll_id, "person_id": person_id, "last_name": "", "first_name": "", "search_name": "",
         "origin": "account", "added_reason": "", "struck_reason": ""}
        for (poll_id, person_id), number in lines.items()
    ])  # fmt: skip
    insert("participation", [
        {"voter_id": lines[row["poll_id"], row["person_id"]], "poll_id": row["poll_id"], "channel": "online",
         "voted_on": row["voted_on"], "receipt": row["receipt"]}
        for row in taken_part
    ])  # fmt: skip
    insert("draft_ballot", [
        {"voter_id": lines[row["poll_id"], row["person_id"]], "option_ids": row["option_ids"],
         "chosen_on": datetime.now(UTC).date().isoformat(), "reminders": 0}
        for row in chosen
    ])  # fmt: skip


def _create_roll() -> None:
    op.create_table(
        "voter",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("list_number", sa.String(), nullable=True),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("search_name", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("added_reason", sa.Text(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("origin IN ('account', 'list', 'code', 'desk')", name=op.f("ck_voter_origin")),
        sa.CheckConstraint("origin <> 'account' OR person_id IS NOT NULL", name=op.f("ck_voter_account_is_somebody")),
        sa.CheckConstraint("origin <> 'list' OR list_number IS NOT NULL", name=op.f("ck_voter_list_line_has_number")),
        sa.CheckConstraint(
            "origin IN ('list', 'desk') OR (last_name = '' AND first_name = '')", name=op.f("ck_voter_names_of_the_listed")
        ),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_reason = '')", name=op.f("ck_voter_struck_with_reason")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voter_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_voter_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voter")),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_voter_id_poll_id")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_voter_poll_id_person_id")),
        sa.UniqueConstraint("poll_id", "list_number", name=op.f("uq_voter_poll_id_list_number")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("voter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voter_person_id"), ["person_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("voter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.CheckConstraint("channel IN ('online', 'desk', 'paper')", name=op.f("ck_participation_channel")),
        sa.CheckConstraint("channel <> 'paper' OR receipt IS NULL", name=op.f("ck_participation_paper_has_no_receipt")),
        sa.ForeignKeyConstraint(["receipt", "poll_id"], RECEIPT, name=op.f("fk_participation_receipt_poll_id")),
        sa.ForeignKeyConstraint(["voter_id", "poll_id"], VOTER, name=op.f("fk_participation_voter_id_poll_id")),
        sa.PrimaryKeyConstraint("voter_id", name=op.f("pk_participation")),
        sa.UniqueConstraint("receipt", name=op.f("uq_participation_receipt")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index("ix_participation_poll_id_voted_on", ["poll_id", "voted_on"], unique=False)
    op.create_table(
        "draft_ballot",
        sa.Column("voter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("option_ids", sa.JSON(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name=op.f("fk_draft_ballot_voter_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("voter_id", name=op.f("pk_draft_ballot")),
        sqlite_with_rowid=False,
    )


def _create_codes() -> None:
    op.create_table(
        "pending_list",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_pending_list_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_pending_list")),
    )
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0 AND number > 0", name=op.f("ck_code_batch_positive")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_code_batch_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_code_batch_id_poll_id")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_code_batch_poll_id_number")),
    )
    op.create_table(
        "voter_code",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.BigInteger(), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(void_at IS NULL) = (void_reason = '')", name=op.f("ck_voter_code_void_with_reason")),
        sa.ForeignKeyConstraint(
            ["batch_id", "poll_id"], ["code_batch.id", "code_batch.poll_id"], name=op.f("fk_voter_code_batch_id_poll_id")
        ),
        sa.ForeignKeyConstraint(["voter_id", "poll_id"], VOTER, name=op.f("fk_voter_code_voter_id_poll_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_voter_code")),
        sa.UniqueConstraint("batch_id", "serial", name=op.f("uq_voter_code_batch_id_serial")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("voter_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voter_code_voter_id"), ["voter_id"], unique=False)
    op.create_table(
        "desk_ticket",
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("voter_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name=op.f("fk_desk_ticket_voter_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_desk_ticket")),
        sa.UniqueConstraint("voter_id", name=op.f("uq_desk_ticket_voter_id")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    joined = "FROM {} AS kept JOIN voter ON voter.id = kept.voter_id"
    taken_part = rows_of("SELECT voter.poll_id, person_id, voted_on, receipt, channel " + joined.format("participation"))
    if any(row["person_id"] is None or row.pop("channel") == "paper" for row in taken_part):
        raise RuntimeError("Some took part without an account: the former tables would lose their ballots.")
    chosen = rows_of(
        "SELECT voter.poll_id, person_id, option_ids " + joined.format("draft_ballot") + " WHERE person_id IS NOT NULL"
    )
    for row in chosen:
        if not isinstance(row["option_ids"], str):
            row["option_ids"] = json.dumps(row["option_ids"])
    for table in ("desk_ticket", "voter_code", "pending_list", "code_batch", "draft_ballot", "participation", "voter"):
        op.drop_table(table)
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_poll_roll_kind"), type_="check")
        batch_op.drop_column("roll_kind")
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.drop_column("is_untraced")
    for table, column in (
        ("participation", sa.Column("voted_on", sa.Date(), nullable=False)),
        ("draft_ballot", sa.Column("option_ids", sa.JSON(), nullable=False)),
    ):
        is_draft = table == "draft_ballot"
        op.create_table(
            table,
            sa.Column("poll_id", sa.Integer(), nullable=False),
            sa.Column("person_id", sa.Integer(), nullable=False),
            column,
            *([] if is_draft else [
                sa.Column("receipt", sa.String(), nullable=True),
                sa.ForeignKeyConstraint(["receipt"], ["ballot.receipt"], name=op.f("fk_participation_receipt")),
                sa.UniqueConstraint("receipt", name=op.f("uq_participation_receipt")),
            ]),
            sa.ForeignKeyConstraint(
                ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE" if is_draft else None
            ),
            sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f(f"fk_{table}_poll_id")),
            sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )  # fmt: skip
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_person_id"), ["person_id"], unique=False)
    insert("participation", taken_part)
    insert("draft_ballot", chosen)
