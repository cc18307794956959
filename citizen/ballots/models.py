"""Polls: who took part on one side, ballots on the other; before closing one row says which ballot to replace."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    false,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from citizen.ballots.rules import FEW, LETTERS, MOST_CHOICES, RULES, TIES, Channel, Mark, Opening, Origin, RollKind
from citizen.db import db, trigger
from citizen.funds.models import Call
from citizen.kernel.words import Words
from citizen.projects.models import Project


def one_of(column: str, known: Iterable[str]) -> str:
    """The condition that a column holds one of the known words."""
    return f"{column} IN ({', '.join(repr(str(one)) for one in known)})"


class Poll(Opening, db.Model):
    """A residents' vote on the projects of a call, open on [opens_at, closes_at[; what decides it never changes once announced.

    ``announcement`` says what is at stake, ``electorate`` what a voter declares (« J’habite à Loos »). ``rule`` decides; those of
    ``compared`` are shown for information. ``draw_text`` announces the public number of the draw, written in ``draw_number`` at
    the count; ``box_digest`` is the SHA-256 of the file of the ballots as they were counted.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("funding_call.id"), unique=True)
    kind: Mapped[str] = mapped_column(default="support")
    title: Mapped[str]
    announcement: Mapped[str] = mapped_column(Text, default="")
    roll_kind: Mapped[str] = mapped_column(default=RollKind.DECLARED.value, server_default=RollKind.DECLARED.value)
    electorate: Mapped[str] = mapped_column(Text)
    max_choices: Mapped[int]
    min_votes: Mapped[int] = mapped_column(default=1)
    envelope_cents: Mapped[int]
    rule: Mapped[str] = mapped_column(default="greedy:cost", server_default="greedy:cost")
    compared: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    ties: Mapped[str] = mapped_column(default="cheaper,lodged", server_default="cheaper,lodged")
    has_each_sector: Mapped[bool] = mapped_column(default=False, server_default=false())
    draw_text: Mapped[str] = mapped_column(default="", server_default="")
    draw_number: Mapped[str | None]
    box_digest: Mapped[str | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    tallied_at: Mapped[datetime | None]
    ballot_count: Mapped[int | None]
    call: Mapped[Call] = relationship()
    options: Mapped[list["PollOption"]] = relationship(back_populates="poll", order_by="PollOption.number")

    __table_args__ = (
        CheckConstraint("kind IN ('support')", name="kind"),
        CheckConstraint(one_of("roll_kind", RollKind), name="roll_kind"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("tallied_at IS NULL OR tallied_at >= closes_at", name="tallied_once_closed"),
        CheckConstraint("(tallied_at IS NULL) = (ballot_count IS NULL)", name="tallied_has_count"),
        CheckConstraint(f"max_choices BETWEEN 1 AND {MOST_CHOICES}", name="max_choices"),
        CheckConstraint("min_votes >= 0 AND envelope_cents >= 0", name="not_negative"),
        CheckConstraint(one_of("rule", RULES), name="rule"),
        CheckConstraint(one_of("ties", TIES), name="ties"),
        CheckConstraint("ties NOT IN ('draw', 'cheaper,draw') OR draw_text <> ''", name="draw_is_announced"),
        CheckConstraint(
            "tallied_at IS NULL OR ties NOT IN ('draw', 'cheaper,draw') OR draw_number IS NOT NULL", name="drawn_once_tallied"
        ),
        CheckConstraint("box_digest IS NULL OR tallied_at IS NOT NULL", name="sealed_once_tallied"),
    )

    @property
    def rules(self) -> list[str]:
        """Every rule adopted before the vote, the one that decides first."""
        return [self.rule, *(rule for rule in self.compared if rule != self.rule)]

    @property
    def has_draw(self) -> bool:
        return "draw" in self.ties.split(",")


class PollOption(db.Model):
    """A project on the ballot, with its title, its cost and its sector as they were when the poll was announced.

    Of the options of a poll with the same letter in ``rival_group``, at most one is retained.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    number: Mapped[int]  # from 1, the first lodged first: settles what is still equal in the count
    announced_title: Mapped[str] = mapped_column("title")
    cost_cents: Mapped[int]
    sector: Mapped[str] = mapped_column(default="", server_default="")
    rival_group: Mapped[str] = mapped_column(default="", server_default="")
    poll: Mapped[Poll] = relationship(back_populates="options")
    project: Mapped[Project] = relationship()
    result: Mapped["PollResult | None"] = relationship(back_populates="option")
    is_public: Mapped[bool] = column_property(
        select(Project.is_public).where(Project.id == project_id).correlate_except(Project).scalar_subquery()
    )

    @property
    def title(self) -> str:
        """What everybody reads: nothing of a project hidden or withdrawn since, whose votes count all the same."""
        return self.announced_title if self.is_public else gettext("Projet %(number)d : contenu masqué", number=self.number)

    __table_args__ = (
        UniqueConstraint("id", "poll_id"),
        UniqueConstraint("poll_id", "number"),
        CheckConstraint("cost_cents > 0", name="positive"),
        CheckConstraint(one_of("rival_group", ("", *LETTERS)), name="rival_group"),
    )


# The tables below have no hidden row number on SQLite: it would keep the order in which people voted.
UNORDERED = {"sqlite_with_rowid": False}


class Ballot(db.Model):
    """One ballot in the box; ``receipt`` is random. It says neither who nor when.

    ``nonce`` hides it in the journal; it is erased at the count, so that a line of the journal no longer leads to a ballot.
    ``paper``: a ballot on paper, valid, blank or void; its receipt is then its number in its box.
    """

    receipt: Mapped[str] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    nonce: Mapped[str | None]
    paper: Mapped[str | None]

    __table_args__ = (UniqueConstraint("receipt", "poll_id"), CheckConstraint(one_of("paper", Mark), name="paper"), UNORDERED)


class BallotChoice(db.Model):
    """A project chosen on a ballot; both belong to the same poll."""

    receipt: Mapped[str] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    poll_id: Mapped[int]
    rank: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["receipt", "poll_id"], ["ballot.receipt", "ballot.poll_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["option_id", "poll_id"], ["poll_option.id", "poll_option.poll_id"]),
        UniqueConstraint("receipt", "rank"),
        CheckConstraint(f"rank BETWEEN 1 AND {MOST_CHOICES}", name="rank"),
        UNORDERED,
    )


def unordered_id() -> int:
    """A number that says nothing of who came first."""
    return secrets.randbits(52) + 1


class Voter(db.Model):
    """A line of a poll's roll. Names are those of the list or of the desk, shown to the keepers and at the desk alone.

    ``person_id`` is the account that votes on this line, ``added_reason`` why it was added once the vote was open.
    """

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=unordered_id)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    list_number: Mapped[str | None]
    last_name: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(default="")
    search_name: Mapped[str] = mapped_column(default="")
    origin: Mapped[str]
    added_reason: Mapped[str] = mapped_column(Text, default="")
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("id", "poll_id"),
        UniqueConstraint("poll_id", "person_id"),
        UniqueConstraint("poll_id", "list_number"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint("origin <> 'account' OR person_id IS NOT NULL", name="account_is_somebody"),
        CheckConstraint("origin <> 'list' OR list_number IS NOT NULL", name="list_line_has_number"),
        CheckConstraint("origin IN ('list', 'desk') OR (last_name = '' AND first_name = '')", name="names_of_the_listed"),
        CheckConstraint("(struck_at IS NULL) = (struck_reason = '')", name="struck_with_reason"),
        UNORDERED,
    )


NAMELESS = {"last_name": "", "first_name": "", "search_name": "", "added_reason": "", "struck_reason": ""}


class Participation(db.Model):
    """Who took part, once, and on which day; ``receipt`` says which ballot a change replaces, and is erased at the count.

    A ballot on paper has no receipt here: nothing says which one it is.
    """

    voter_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, info={"person": "voter"})
    poll_id: Mapped[int]
    channel: Mapped[str] = mapped_column(default=Channel.ONLINE.value)
    voted_on: Mapped[date]
    receipt: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (
        ForeignKeyConstraint(["voter_id", "poll_id"], ["voter.id", "voter.poll_id"]),
        ForeignKeyConstraint(["receipt", "poll_id"], ["ballot.receipt", "ballot.poll_id"]),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("channel <> 'paper' OR receipt IS NULL", name="paper_has_no_receipt"),
        Index("ix_participation_poll_id_voted_on", "poll_id", "voted_on"),
        UNORDERED,
    )


class DraftBallot(db.Model):
    """What a voter chose and has not confirmed: kept so that nothing is lost, never counted, erased at the count.

    ``reminders`` is how many letters said so.
    """

    voter_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("voter.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, info={"person": "voter"}
    )
    option_ids: Mapped[list[int]] = mapped_column(JSON)
    chosen_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UNORDERED,)


def reasons(said: Iterable[Any], poll: Poll) -> list[Words]:
    """Sentences as they were kept, but for the titles of projects that are no longer public."""
    hidden = {option.announced_title: {"title": option.title} for option in poll.options if not option.is_public}
    return [Words(msgid, **values | hidden.get(values.get("title"), {})) for msgid, values in said]


class PollResult(db.Model):
    """What the count says of one project, in the order of the count, and why."""

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_option.id"), primary_key=True)
    position: Mapped[int]
    votes: Mapped[int]
    is_selected: Mapped[bool]
    remaining_cents: Mapped[int]  # what was left in the envelope when its turn came
    said: Mapped[list[Any]] = mapped_column(JSON)  # (words, values) of each sentence, kept translatable
    option: Mapped[PollOption] = relationship(back_populates="result")

    __table_args__ = (CheckConstraint("votes >= 0 AND remaining_cents >= 0 AND position > 0", name="not_negative"),)

    @property
    def reasons(self) -> list[Words]:
        return reasons(self.said, self.option.poll)

    @property
    def shows_votes(self) -> bool:
        """Whether its votes may be told: too few ballots would tell what a neighbour chose, to whoever reads them."""
        return (self.option.poll.ballot_count or 0) >= FEW


for _table, _columns in (
    ("poll", "rule, compared, ties, has_each_sector, draw_text, min_votes, max_choices, envelope_cents"),
    ("poll_option", "number, title, cost_cents, sector, rival_group"),
):
    trigger(f"{_table}_never_changes", _table, f"UPDATE OF {_columns}", "true", "what decides a vote is announced once")

_TALLIED = "(SELECT tallied_at FROM poll WHERE id = NEW.poll_id) IS NOT NULL"
for _table in ("ballot", "ballot_choice"):
    for _verb in ("INSERT", "UPDATE"):
        trigger(f"{_table}_{_verb.lower()}_once_tallied", _table, _verb, _TALLIED, "the poll is counted")
trigger(
    "ballot_choice_within_limit", "ballot_choice", "INSERT",
    "NEW.rank > (SELECT max_choices FROM poll WHERE id = NEW.poll_id)", "too many choices",
)  # fmt: skip
trigger(
    "participation_of_a_struck_voter", "participation", "INSERT",
    "(SELECT struck_at FROM voter WHERE id = NEW.voter_id) IS NOT NULL", "this voter is struck off the roll",
)  # fmt: skip
trigger(
    "poll_counted_without_nonces", "poll", "UPDATE OF tallied_at",
    "NEW.tallied_at IS NOT NULL AND EXISTS (SELECT 1 FROM ballot WHERE poll_id = NEW.id AND nonce IS NOT NULL)", "nonces are erased at the count",
)  # fmt: skip
