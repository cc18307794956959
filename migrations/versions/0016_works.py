"""The committee's review, the commune's validation, works and their use."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DECIDED = ("grant", "reject", "defer")
OUTCOMES = ("granted", "rejected", "deferred")
OPINIONS = ("favourable", "conditional", "unfavourable")


TABLES = ("use_answer", "use_link", "use_poll", "works_photo", "works_move", "works_milestone", "works_money", "works_act")


def upgrade() -> None:
    _allow(OPINIONS)
    _add_tables()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    _forget_opinions()
    _allow(())


def _forget_opinions() -> None:
    """Before, a committee gave none: a project heard for one left its session undecided. What was decided stays."""
    said = f"IN ({', '.join(map(repr, OPINIONS))})"
    held = "SELECT held_at FROM committee_session WHERE committee_session.id = agenda_item.session_id"
    guarded = (
        ("outcome", "vote", "secret_ballot", "question", "agenda_item", "decision")
        if op.get_bind().dialect.name != "sqlite"
        else ()
    )
    for table in guarded:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in (
        "DELETE FROM outcome WHERE action {said} OR question_id IN (SELECT id FROM question WHERE action {said})",
        "DELETE FROM vote WHERE question_id IN (SELECT id FROM question WHERE action {said})",
        "DELETE FROM secret_ballot WHERE question_id IN (SELECT id FROM question WHERE action {said})",
        "DELETE FROM question WHERE action {said}",
        "UPDATE agenda_item SET decision_id = NULL, left_at = ({held}) WHERE decision_id IN (SELECT id FROM decision WHERE outcome {said})",
        "DELETE FROM decision WHERE outcome {said}",
    ):
        op.execute(statement.format(said=said, held=held))
    for table in guarded:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


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


def _add_tables() -> None:
    op.create_table(
        "use_poll",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(reply = '') = (replied_on IS NULL)", name=op.f("ck_use_poll_replied_has_day")),
        sa.CheckConstraint("months IN (6, 12)", name=op.f("ck_use_poll_months")),
        sa.CheckConstraint("opened_on <= closes_on", name=op.f("ck_use_poll_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_use_poll_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "months", name=op.f("pk_use_poll")),
    )
    op.create_table(
        "works_act",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("budget_line", sa.String(), server_default="", nullable=False),
        sa.Column("departs_from", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("departs_from IN ('', 'vote', 'opinion', 'both')", name=op.f("ck_works_act_departs_from")),
        sa.CheckConstraint("kind IN ('deliberation', 'order', 'decision')", name=op.f("ck_works_act_kind")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_works_act_has_reference")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_works_act_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_works_act")),
    )
    op.create_table(
        "works_milestone",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("reservations", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "cause <> '' OR (planned_on <= promised_on AND (done_on IS NULL OR done_on <= promised_on))",
            name=op.f("ck_works_milestone_late_has_cause"),
        ),
        sa.CheckConstraint(
            "kind IN ('specification', 'order', 'start', 'end', 'acceptance', 'opening')", name=op.f("ck_works_milestone_kind")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["ftu_project.id"], name=op.f("fk_works_milestone_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", name=op.f("pk_works_milestone")),
    )
    op.create_table(
        "works_money",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("asked_cents", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("agreed_cents", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), server_default="", nullable=False),
        sa.Column("real_cents", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "agreed_cents IS NULL OR (asked_cents IS NOT NULL AND reference <> '')",
            name=op.f("ck_works_money_answered_was_asked"),
        ),
        sa.CheckConstraint("(agreed_cents IS NULL) = (answered_on IS NULL)", name=op.f("ck_works_money_answered_has_day")),
        sa.CheckConstraint("(asked_cents IS NULL) = (asked_on IS NULL)", name=op.f("ck_works_money_asked_has_day")),
        sa.CheckConstraint("agreed_cents BETWEEN 0 AND asked_cents", name=op.f("ck_works_money_agreed_at_most_asked")),
        sa.CheckConstraint("answered_on >= asked_on", name=op.f("ck_works_money_asked_before_answered")),
        sa.CheckConstraint("asked_cents > 0", name=op.f("ck_works_money_asked_positive")),
        sa.CheckConstraint("real_cents > 0", name=op.f("ck_works_money_real_positive")),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_works_money_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_works_money")),
    )
    op.create_table(
        "works_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_works_move_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works_move")),
    )
    op.create_index(op.f("ix_works_move_project_id"), "works_move", ["project_id"])
    op.create_index(op.f("ix_works_move_told_at"), "works_move", ["told_at"])
    op.create_table(
        "use_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("used", sa.String(), nullable=False),
        sa.Column("works", sa.String(), nullable=False),
        sa.Column("mend", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("used IN ('often', 'sometimes', 'no')", name=op.f("ck_use_answer_used")),
        sa.CheckConstraint("works IN ('yes', 'partly', 'no')", name=op.f("ck_use_answer_works")),
        sa.ForeignKeyConstraint(
            ["project_id", "months"],
            ["use_poll.project_id", "use_poll.months"],
            name=op.f("fk_use_answer_project_id_months"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "use_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "months"],
            ["use_poll.project_id", "use_poll.months"],
            name=op.f("fk_use_link_project_id_months"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_use_link")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "works_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("spot", sa.String(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["after_id"], ["attachment.id"], name=op.f("fk_works_photo_after_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["before_id"], ["attachment.id"], name=op.f("fk_works_photo_before_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["ftu_project.id"], name=op.f("fk_works_photo_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works_photo")),
    )
    op.create_index(op.f("ix_works_photo_after_id"), "works_photo", ["after_id"])
    op.create_index(op.f("ix_works_photo_before_id"), "works_photo", ["before_id"])
    op.create_index(op.f("ix_works_photo_project_id"), "works_photo", ["project_id"])
