"""The codes of a roll, printed on letters: only what a code hashes to is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from citizen.ballots.models import UNORDERED
from citizen.db import db


class PendingList(db.Model):
    """A list that was read without fault and waits for its confirmation; ``rows`` are (number, last name, first name)."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    rows: Mapped[list[Any]] = mapped_column(JSON)


class CodeBatch(db.Model):
    """Codes made together, for one printing; ``size`` is how many."""

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    number: Mapped[int]
    size: Mapped[int]
    made_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("id", "poll_id"),
        UniqueConstraint("poll_id", "number"),
        CheckConstraint("size > 0 AND number > 0", name="positive"),
    )


class VoterCode(db.Model):
    """A code that opens the ballot of one line of the roll; ``serial`` names it on its letter, from 1 in its batch."""

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    batch_id: Mapped[int]
    serial: Mapped[int]
    voter_id: Mapped[int] = mapped_column(BigInteger, index=True)
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        ForeignKeyConstraint(["voter_id", "poll_id"], ["voter.id", "voter.poll_id"]),
        ForeignKeyConstraint(["batch_id", "poll_id"], ["code_batch.id", "code_batch.poll_id"]),
        UniqueConstraint("batch_id", "serial"),
        CheckConstraint("(void_at IS NULL) = (void_reason = '')", name="void_with_reason"),
        UNORDERED,
    )


class DeskTicket(db.Model):
    """A voter whom the desk checked in and whose ballot no tablet has opened yet; erased when one does, or with its time."""

    ticket_hash: Mapped[str] = mapped_column(primary_key=True)
    voter_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("voter.id", ondelete="CASCADE"), unique=True)
    expires_at: Mapped[datetime]

    __table_args__ = (UNORDERED,)
