"""What the committee room and the file still needed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
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
    "recall paid owed",
    "refund owed available",
)


def upgrade() -> None:
    _allow((*BEFORE, "overpayment available owed"))
    op.create_table(
        "former_member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_member_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_former_member_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_former_member")),
    )
    with op.batch_alter_table("former_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_member_person_id"), ["person_id"], unique=False)
    op.create_table(
        "hiding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("news_id IS NULL OR attachment_id IS NULL", name=op.f("ck_hiding_one_thing")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_hiding_reason")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_reason = '')", name=op.f("ck_hiding_lifted_has_reason")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_hiding_answered_has_words")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_hiding_project_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["news_id"], ["news.id"], name=op.f("fk_hiding_news_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_hiding_attachment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_hiding_hidden_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hiding")),
    )
    with op.batch_alter_table("hiding", schema=None) as batch_op:
        for name in ("project_id", "news_id", "attachment_id"):
            batch_op.create_index(batch_op.f(f"ix_hiding_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table("hiding")
    op.drop_table("former_member")
    if op.get_bind().dialect.name != "sqlite":  # which lost its own already, until the migration is done
        op.execute("DROP TRIGGER IF EXISTS ledger_entry_no_update ON ledger_entry")
    # the ledger of before knows no money that left without a promise: it is owed, and counted no more
    sums = "(SELECT COALESCE(SUM(amount_cents), 0) FROM ledger_entry WHERE call_id = funding_call.id AND kind = 'overpayment')"
    op.execute(f"UPDATE funding_call SET committed_cents = committed_cents - {sums}, paid_cents = paid_cents - {sums}")  # noqa: S608
    op.execute("UPDATE ledger_entry SET kind = 'recall', source = 'paid' WHERE kind = 'overpayment'")
    _allow(BEFORE)


def _allow(moves: tuple[str, ...]) -> None:
    """The ledger takes these moves and no other."""
    allowed = " OR ".join("(kind = '{}' AND source = '{}' AND target = '{}')".format(*move.split()) for move in moves)
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ledger_entry_moves"), type_="check")
        batch_op.create_check_constraint(op.f("ck_ledger_entry_moves"), allowed)
