"""What a committee votes and settles: questions, who voted, ballots without names, words on conditions, outcomes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.committees.models import AgendaItem, Seat
from citizen.db import append_only, db, trigger
from citizen.people.models import Person
from citizen.projects.steps import DECISIONS

_ACTIONS = ", ".join(f"'{action}'" for action in DECISIONS)
UNORDERED = {"sqlite_with_rowid": False}  # no hidden row number: it would keep the order in which people voted


class Question(db.Model):
    """Something put to the vote on one item: a condition (its slug), or a « proposal » (its action and amount).

    ``result``: « adopted », « rejected », « tied » (the president has not spoken, or the rules defer) or « void ».
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    subject: Mapped[str]
    action: Mapped[str | None]
    amount_cents: Mapped[int | None]
    asked: Mapped[str] = mapped_column(Text, default="")  # what is asked of a team deferred, what one refused could do
    is_secret: Mapped[bool]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    casting: Mapped[str | None]  # the president's word when the votes were equal
    result: Mapped[str | None]
    item: Mapped[AgendaItem] = relationship()
    votes: Mapped[list["Vote"]] = relationship(order_by="Vote.seat_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("(subject = 'proposal') = (action IS NOT NULL)", name="proposal_has_action"),
        CheckConstraint(f"action IN ({_ACTIONS})", name="action"),
        CheckConstraint("(action = 'grant') = (amount_cents IS NOT NULL)", name="grant_has_amount"),
        CheckConstraint("amount_cents > 0", name="positive"),
        CheckConstraint("casting IN ('for', 'against')", name="casting"),
        CheckConstraint("result IN ('adopted', 'rejected', 'tied', 'void')", name="result"),
        CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name="closed_has_result"),
        CheckConstraint(
            "result IS NULL OR result = 'void' OR (votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0"
            " AND votes_for IS NOT NULL AND votes_against IS NOT NULL AND abstentions IS NOT NULL)",
            name="result_has_count",
        ),
        # one question at a time on an item
        Index(
            "uq_question_open", "agenda_item_id", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_question_agenda_item_id", "agenda_item_id"),
    )  # fmt: skip


class Vote(db.Model):
    """A seat took part in a question, once; ``choice`` stays empty in a secret ballot. ``holder_id``: who held its proxy."""

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True, index=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    choice: Mapped[str | None]
    seat: Mapped[Seat] = relationship(foreign_keys=seat_id)
    holder: Mapped[Seat | None] = relationship(foreign_keys=holder_id)

    __table_args__ = (CheckConstraint("choice IN ('for', 'against', 'abstain')", name="choice"), UNORDERED)


class SecretBallot(db.Model):
    """One ballot of a secret vote; ``id`` is random. Nothing says whose, nor when."""

    id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    choice: Mapped[str]

    __table_args__ = (CheckConstraint("choice IN ('for', 'against', 'abstain')", name="choice"), UNORDERED)


class ConditionWord(db.Model):
    """What the committee says of one condition, and why; it may change until the item is settled."""

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("verdict IN ('met', 'partly', 'not_met')", name="verdict"),)


class Outcome(db.Model):
    """What the committee settled on an item; a correction is another version. Nothing leaves the room before the release.

    ``sentence`` is official, ``easy`` easy to read; ``asked`` says what is asked (deferred) or could be done (refused);
    ``verdicts`` by condition: {"verdict": …, "reason": …}; ``evidence``: the facts judged. « reopened »: to be settled again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    version: Mapped[int]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    action: Mapped[str]
    amount_cents: Mapped[int | None]
    sentence: Mapped[str] = mapped_column(Text, default="")
    easy: Mapped[str] = mapped_column(Text, default="")
    asked: Mapped[str] = mapped_column(Text, default="")
    verdicts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    correction: Mapped[str] = mapped_column(Text, default="")  # why this version replaces the one before
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    item: Mapped[AgendaItem] = relationship()
    question: Mapped[Question | None] = relationship()
    settled_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("agenda_item_id", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(f"action IN ({_ACTIONS}, 'reopened')", name="action"),
        CheckConstraint("(action = 'grant') = (amount_cents IS NOT NULL)", name="grant_has_amount"),
        CheckConstraint("(action = 'reopened') = (question_id IS NULL)", name="settled_by_vote"),
        CheckConstraint("action = 'reopened' OR (sentence <> '' AND easy <> '')", name="settled_has_sentences"),
        CheckConstraint("version = 1 OR correction <> ''", name="correction_has_reason"),
    )


append_only("outcome")
trigger("secret_ballot_no_update", "secret_ballot", "UPDATE", "true", "a ballot does not change")

_CLOSED = "(SELECT closed_at FROM question WHERE id = {row}.question_id) IS NOT NULL"
for _verb in ("INSERT", "UPDATE", "DELETE"):
    _row = "OLD" if _verb == "DELETE" else "NEW"
    for _table in ("vote", "secret_ballot"):
        trigger(f"{_table}_closed_no_{_verb.lower()}", _table, _verb, _CLOSED.format(row=_row), "the question is closed")

_RECUSED = """EXISTS (SELECT 1 FROM recusal JOIN question ON question.agenda_item_id = recusal.agenda_item_id
  WHERE question.id = NEW.question_id AND recusal.seat_id IN (NEW.seat_id, NEW.holder_id))"""
for _verb in ("INSERT", "UPDATE"):
    trigger(f"vote_{_verb.lower()}_recused", "vote", _verb, _RECUSED, "a recused member does not vote")
trigger(
    "vote_secret", "vote", "INSERT",
    "(NEW.choice IS NULL) <> (SELECT is_secret FROM question WHERE id = NEW.question_id)", "a secret vote has no name",
)  # fmt: skip

# Whatever is settled was voted on this very item, by people who had no part in it.
trigger(
    "outcome_voted", "outcome", "INSERT",
    """NEW.action <> 'reopened' AND NOT EXISTS (SELECT 1 FROM question WHERE id = NEW.question_id
  AND agenda_item_id = NEW.agenda_item_id AND subject = 'proposal'
  AND ((result = 'adopted' AND action = NEW.action AND (action <> 'grant' OR amount_cents = NEW.amount_cents))
    OR (result = 'tied' AND NEW.action = 'defer')))""",
    "an outcome was voted",
)  # fmt: skip
trigger(
    "outcome_unrecused", "outcome", "INSERT",
    """EXISTS (SELECT 1 FROM vote JOIN recusal ON recusal.seat_id IN (vote.seat_id, vote.holder_id)
  WHERE vote.question_id = NEW.question_id AND recusal.agenda_item_id = NEW.agenda_item_id)""",
    "somebody recused voted",
)  # fmt: skip
trigger(
    "recusal_once_settled", "recusal", "INSERT",
    """(SELECT action FROM outcome WHERE agenda_item_id = NEW.agenda_item_id ORDER BY version DESC LIMIT 1) <> 'reopened'""",
    "the item is settled",
)  # fmt: skip
