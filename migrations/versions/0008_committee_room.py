"""Recusals, votes and outcomes of a committee in session."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007b"
branch_labels = None
depends_on = None

DECIDED = sa.text("decision_id IS NULL")
WAITING = sa.text("decision_id IS NULL AND left_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "condition_word",
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('met', 'partly', 'not_met')", name=op.f("ck_condition_word_verdict")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_condition_word_agenda_item_id")),
        sa.PrimaryKeyConstraint("agenda_item_id", "condition", name=op.f("pk_condition_word")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("abstentions", sa.Integer(), nullable=True),
        sa.Column("casting", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.CheckConstraint("(action = 'grant') = (amount_cents IS NOT NULL)", name=op.f("ck_question_grant_has_amount")),
        sa.CheckConstraint("(subject = 'proposal') = (action IS NOT NULL)", name=op.f("ck_question_proposal_has_action")),
        sa.CheckConstraint("action IN ('grant', 'reject', 'defer')", name=op.f("ck_question_action")),
        sa.CheckConstraint("casting IN ('for', 'against')", name=op.f("ck_question_casting")),
        sa.CheckConstraint("result IN ('adopted', 'rejected', 'tied', 'void')", name=op.f("ck_question_result")),
        sa.CheckConstraint(
            "result IS NULL OR result = 'void' OR (votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0 AND votes_for IS NOT NULL AND votes_against IS NOT NULL AND abstentions IS NOT NULL)",
            name=op.f("ck_question_result_has_count"),
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name=op.f("ck_question_closed_has_result")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_question_positive")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_question_agenda_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_agenda_item_id", ["agenda_item_id"], unique=False)
        batch_op.create_index(
            "uq_question_open",
            ["agenda_item_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "recusal",
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ground IN ('bearer', 'team', 'helper', 'organisation', 'household', 'other')", name=op.f("ck_recusal_ground")
        ),
        sa.CheckConstraint("source IN ('detected', 'member', 'secretary')", name=op.f("ck_recusal_source")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_recusal_agenda_item_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_recusal_seat_id")),
        sa.PrimaryKeyConstraint("agenda_item_id", "seat_id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("easy", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(action = 'grant') = (amount_cents IS NOT NULL)", name=op.f("ck_outcome_grant_has_amount")),
        sa.CheckConstraint("(action = 'reopened') = (question_id IS NULL)", name=op.f("ck_outcome_settled_by_vote")),
        sa.CheckConstraint(
            "action = 'reopened' OR (sentence <> '' AND easy <> '')", name=op.f("ck_outcome_settled_has_sentences")
        ),
        sa.CheckConstraint("action IN ('grant', 'reject', 'defer', 'reopened')", name=op.f("ck_outcome_action")),
        sa.CheckConstraint("version = 1 OR correction <> ''", name=op.f("ck_outcome_correction_has_reason")),
        sa.CheckConstraint("version > 0", name=op.f("ck_outcome_version")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_outcome_agenda_item_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_outcome_question_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_outcome_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("agenda_item_id", "version", name=op.f("uq_outcome_agenda_item_id_version")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_settled_by_id"), ["settled_by_id"], unique=False)

    op.create_table(
        "secret_ballot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.CheckConstraint("choice IN ('for', 'against', 'abstain')", name=op.f("ck_secret_ballot_choice")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_secret_ballot_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("secret_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_secret_ballot_question_id"), ["question_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(), nullable=True),
        sa.CheckConstraint("choice IN ('for', 'against', 'abstain')", name=op.f("ck_vote_choice")),
        sa.ForeignKeyConstraint(["holder_id"], ["seat.id"], name=op.f("fk_vote_holder_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_vote_question_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_vote_seat_id")),
        sa.PrimaryKeyConstraint("question_id", "seat_id", name=op.f("pk_vote")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vote_seat_id"), ["seat_id"], unique=False)

    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.drop_index("uq_agenda_item_waiting")
        batch_op.add_column(sa.Column("hearing", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE agenda_item SET hearing = 'present' WHERE is_heard")
    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.drop_column("is_heard")
        batch_op.create_check_constraint(op.f("ck_agenda_item_hearing"), "hearing IN ('', 'present', 'phone', 'absent')")
        batch_op.create_check_constraint(op.f("ck_agenda_item_left_undecided"), "left_at IS NULL OR decision_id IS NULL")
        batch_op.create_index(
            "uq_agenda_item_waiting", ["project_id"], unique=True, sqlite_where=WAITING, postgresql_where=WAITING
        )
    with op.batch_alter_table("committee_session") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), server_default="ordinary", nullable=False))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("president_seat_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("secretary_seat_id", sa.Integer(), nullable=True))
        for office in ("president", "secretary"):
            name, column = f"fk_committee_session_{office}_seat_id", f"{office}_seat_id"
            batch_op.create_foreign_key(op.f(name), "seat", [column], ["id"])
        batch_op.create_check_constraint(op.f("ck_committee_session_kind"), "kind IN ('ordinary', 'extraordinary')")
        batch_op.create_check_constraint(
            op.f("ck_committee_session_paused_once_opened"), "paused_at IS NULL OR opened_at IS NOT NULL"
        )
    # a session that was closed had been held
    op.execute("UPDATE committee_session SET opened_at = held_at WHERE closed_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("committee_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_committee_session_paused_once_opened"), type_="check")
        batch_op.drop_constraint(op.f("ck_committee_session_kind"), type_="check")
        for office in ("president", "secretary"):
            batch_op.drop_constraint(op.f(f"fk_committee_session_{office}_seat_id"), type_="foreignkey")
        for column in ("secretary_seat_id", "president_seat_id", "paused_at", "opened_at", "kind"):
            batch_op.drop_column(column)
    # what left an agenda was taken off it before
    for table in ("outcome", "vote", "secret_ballot"):
        op.drop_table(table)
    for table in ("question", "recusal", "condition_word"):
        op.drop_table(table)
    op.execute("DELETE FROM agenda_item WHERE left_at IS NOT NULL")
    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.drop_index("uq_agenda_item_waiting")
        batch_op.drop_constraint(op.f("ck_agenda_item_left_undecided"), type_="check")
        batch_op.drop_constraint(op.f("ck_agenda_item_hearing"), type_="check")
        batch_op.add_column(sa.Column("is_heard", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE agenda_item SET is_heard = true WHERE hearing IN ('present', 'phone')")
    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.alter_column("is_heard", server_default=None)
        batch_op.drop_column("left_at")
        batch_op.drop_column("hearing")
        batch_op.create_index(
            "uq_agenda_item_waiting", ["project_id"], unique=True, sqlite_where=DECIDED, postgresql_where=DECIDED
        )
