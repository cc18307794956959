"""The chained journal of a poll, with the head that whoever adds a line holds; boxes of paper ballots, read twice."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.ballots.chain import KINDS, START
from citizen.ballots.models import UNORDERED, Poll, one_of
from citizen.ballots.rules import SHEET, Mark
from citizen.db import append_only, db, trigger

_kinds = ", ".join(f"'{kind}'" for kind in KINDS)


class PollLine(db.Model):
    """A line of a poll's journal: its day only, never an hour, a voter nor a choice; ``content`` is the text that was hashed."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str]  # « 2027-06-12 »
    kind: Mapped[str]
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str]

    __table_args__ = (
        CheckConstraint("number > 0", name="from_one"),
        CheckConstraint(f"kind IN ({_kinds})", name="kind"),
        CheckConstraint("length(hash) = 64 AND length(day) = 10", name="lengths"),
        UNORDERED,
    )


class PollHead(db.Model):
    """The end of a poll's journal, locked at the very end of each act of the vote; ``seal`` hides the digest of the box counted."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    day: Mapped[str] = mapped_column(default="")
    hash: Mapped[str] = mapped_column(default=START)
    seal: Mapped[str | None]


append_only("poll_line")
trigger("poll_head_no_delete", "poll_head", "DELETE", "true", "the head of a journal stays")
trigger("poll_head_goes_on", "poll_head", "UPDATE OF number", "NEW.number <> OLD.number + 1", "a journal goes on line by line")


class PaperBox(db.Model):
    """A box and its sheet: ballots received, left, damaged before use, found in the box, among them blank and void.

    A box of few ballots is mixed with another before it is opened: what was in it is never known apart.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    number: Mapped[int]
    place: Mapped[str]
    held_on: Mapped[date]
    supplied: Mapped[int | None]
    unused: Mapped[int | None]
    spoiled: Mapped[int | None]
    found: Mapped[int | None]
    blank: Mapped[int | None]
    void: Mapped[int | None]
    mixed_into_id: Mapped[int | None] = mapped_column(ForeignKey("paper_box.id"))
    poll: Mapped[Poll] = relationship()

    __table_args__ = (
        UniqueConstraint("poll_id", "number"),
        CheckConstraint(" AND ".join(f"({name} IS NULL) = (found IS NULL)" for name in SHEET), name="whole_sheet"),
        CheckConstraint(" AND ".join(f"{name} >= 0" for name in SHEET), name="not_negative"),
        CheckConstraint("unused + spoiled + found <= supplied AND blank + void <= found", name="adds_up"),
        CheckConstraint("mixed_into_id <> id", name="mixed_with_another"),
    )


class PaperReading(db.Model):
    """Who reads the ballots of a box: two people who do not see each other's, and a third who settles."""

    box_id: Mapped[int] = mapped_column(ForeignKey("paper_box.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (
        UniqueConstraint("box_id", "person_id"),
        CheckConstraint("turn BETWEEN 1 AND 3", name="turn"),
    )


class PaperEntry(db.Model):
    """A ballot as one reader read it; ``number`` is the one written on it when the box was opened."""

    box_id: Mapped[int] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str]
    chosen: Mapped[str] = mapped_column(default="")  # « 3 7 12 »: the numbers of the projects, sorted

    __table_args__ = (
        ForeignKeyConstraint(["box_id", "turn"], ["paper_reading.box_id", "paper_reading.turn"]),
        CheckConstraint(one_of("mark", Mark), name="mark"),
        CheckConstraint("(mark = 'valid') = (chosen <> '')", name="valid_has_choices"),
        CheckConstraint("number > 0", name="from_one"),
        UNORDERED,
    )


class PaperGap(db.Model):
    """Why there are not as many paper ballots as signatures, for this very difference."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    difference: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("difference <> 0 AND reason <> ''", name="explained"),)
