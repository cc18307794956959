"""What lives around a date of the season: who follows or books it, the day itself, what is told afterwards."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.nqe.models import Edition, ProgrammeEvent

SHELTERS = ("", "rain", "heat")
INCIDENTS = ("hurt", "weather", "equipment", "neighbours", "other")


def _of_event() -> Mapped[int]:
    return mapped_column(ForeignKey("programme_event.id", ondelete="CASCADE"), index=True)


class EventDay(db.Model):
    """The life of one date: who is interested, whether places are booked, the plan B in force, how many came.

    Its row is the lock under which places are given. ``booked``: places held, kept once the names are erased.
    """

    __tablename__ = "event_day"

    event_id: Mapped[int] = mapped_column(ForeignKey("programme_event.id", ondelete="CASCADE"), primary_key=True)
    interested: Mapped[int] = mapped_column(default=0)
    takes_bookings: Mapped[bool] = mapped_column(default=False)
    booked: Mapped[int] = mapped_column(default=0)
    shelter: Mapped[str] = mapped_column(default="")
    participants: Mapped[int | None]
    event: Mapped[ProgrammeEvent] = relationship()

    __table_args__ = (
        CheckConstraint(f"shelter IN {SHELTERS}", name="shelter"),
        CheckConstraint("interested >= 0 AND booked >= 0", name="not_negative"),
        CheckConstraint("participants IS NULL OR participants >= 0", name="participants"),
    )


class Booking(db.Model):
    """Places asked for by a household, for the organiser's eyes; ``contact`` is an address or a telephone number.

    In the order of their numbers: held while there is room, else waiting. Erased thirty days after the date.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = _of_event()
    name: Mapped[str]
    contact: Mapped[str] = mapped_column(info={"address": "gone"})
    people: Mapped[int]
    is_held: Mapped[bool]
    booked_at: Mapped[datetime]
    event: Mapped[ProgrammeEvent] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "contact"),
        CheckConstraint("people BETWEEN 1 AND 10", name="people"),
    )

    @property
    def has_email(self) -> bool:
        return "@" in self.contact


class EventFollower(db.Model):
    """An address that wants to know when a date changes; ``confirmed_at`` None: it has not answered yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = _of_event()
    email: Mapped[str] = mapped_column(info={"address": "gone"})
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    event: Mapped[ProgrammeEvent] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "email"),)


class Incident(db.Model):
    """Something that went wrong on the day, for the team and the Region."""

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = _of_event()
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (CheckConstraint(f"kind IN {INCIDENTS}", name="kind"),)


class SummerReport(db.Model):
    """What only a summer's report tells: the waste in kilos, the share of what was lent or used again."""

    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), primary_key=True)
    waste_kg: Mapped[int | None]
    reused_percent: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("waste_kg IS NULL OR waste_kg >= 0", name="waste"),
        CheckConstraint("reused_percent IS NULL OR reused_percent BETWEEN 0 AND 100", name="reused"),
    )


class Quote(db.Model):
    """Words that somebody agreed to share; ``consent_kept_by`` is who keeps the agreement, never published."""

    __tablename__ = "summer_quote"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str]
    consent_kept_by: Mapped[str]

    __table_args__ = (CheckConstraint("consent_kept_by <> ''", name="consent_is_kept"),)


class SeasonReview(db.Model):
    """The review day of an edition: when, where, the Region's words; public once published."""

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    edition: Mapped[Edition] = relationship()


Index("ix_booking_event_id_is_held", Booking.event_id, Booking.is_held, Booking.id)
