"""The chained journal of a poll, and the head that whoever adds a line holds."""

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from citizen.ballots.chain import KINDS, START
from citizen.ballots.models import UNORDERED
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
