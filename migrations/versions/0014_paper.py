"""Paper ballots entered twice, box sheets, the chained journal of a vote."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SHEET = ("supplied", "unused", "spoiled", "found", "blank", "void")
MARKS = "('valid', 'blank', 'void')"
KINDS = (
    "announced", "roll", "codes", "ballot", "replaced", "withdrawn", "paper", "paper_prevails", "unsigned", "day", "closed", "box", "counted",
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
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("paper", sa.String(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_ballot_paper"), f"paper IN {MARKS}")
    _create_boxes()


def _create_boxes() -> None:
    op.create_table(
        "paper_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in SHEET),
        sa.Column("mixed_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            " AND ".join(f"({name} IS NULL) = (found IS NULL)" for name in SHEET), name=op.f("ck_paper_box_whole_sheet")
        ),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in SHEET), name=op.f("ck_paper_box_not_negative")),
        sa.CheckConstraint("unused + spoiled + found <= supplied AND blank + void <= found", name=op.f("ck_paper_box_adds_up")),
        sa.CheckConstraint("mixed_into_id <> id", name=op.f("ck_paper_box_mixed_with_another")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_paper_box_poll_id")),
        sa.ForeignKeyConstraint(["mixed_into_id"], ["paper_box.id"], name=op.f("fk_paper_box_mixed_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_box")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_paper_box_poll_id_number")),
    )
    op.create_table(
        "paper_reading",
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("turn BETWEEN 1 AND 3", name=op.f("ck_paper_reading_turn")),
        sa.ForeignKeyConstraint(["box_id"], ["paper_box.id"], name=op.f("fk_paper_reading_box_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_reading_person_id")),
        sa.PrimaryKeyConstraint("box_id", "turn", name=op.f("pk_paper_reading")),
        sa.UniqueConstraint("box_id", "person_id", name=op.f("uq_paper_reading_box_id_person_id")),
    )
    with op.batch_alter_table("paper_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_reading_person_id"), ["person_id"], unique=False)
    op.create_table(
        "paper_entry",
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.CheckConstraint(f"mark IN {MARKS}", name=op.f("ck_paper_entry_mark")),
        sa.CheckConstraint("(mark = 'valid') = (chosen <> '')", name=op.f("ck_paper_entry_valid_has_choices")),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_entry_from_one")),
        sa.ForeignKeyConstraint(
            ["box_id", "turn"], ["paper_reading.box_id", "paper_reading.turn"], name=op.f("fk_paper_entry_box_id_turn")
        ),
        sa.PrimaryKeyConstraint("box_id", "turn", "number", name=op.f("pk_paper_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_gap",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("difference <> 0 AND reason <> ''", name=op.f("ck_paper_gap_explained")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_paper_gap_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_paper_gap")),
    )


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON poll"
    op.execute(f"DROP TRIGGER IF EXISTS poll_counted_without_nonces{on}")
    for table in ("paper_gap", "paper_entry", "paper_reading", "paper_box", "poll_line", "poll_head"):
        op.drop_table(table)
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ballot_paper"), type_="check")
        batch_op.drop_column("paper")
        batch_op.drop_column("nonce")
