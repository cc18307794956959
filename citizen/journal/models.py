"""Events: who did what to what, when, and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from citizen.db import append_only, db


class Event(db.Model):
    """``subject`` is « project:12 », « fund:3 »…; ``action`` is a past-tense slug. Never holds personal data in ``reason``."""

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    action: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_event_subject_at", "subject", "at"),)


append_only("event")
