"""What surrounds a session: who asked for it, who was invited, what members note, and the minutes it leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.committees.models import Seat, Session
from citizen.db import append_only, db, trigger
from citizen.funds.models import Fund
from citizen.people.models import Person
from citizen.projects.models import Project


class ExtraordinaryRequest(db.Model):
    """Somebody asks a fund for a session between the ordinary ones; the manager schedules it, or says why not."""

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")
    session_id: Mapped[int | None] = mapped_column(ForeignKey("committee_session.id"), index=True)
    fund: Mapped[Fund] = relationship()
    person: Mapped[Person] = relationship()
    session: Mapped[Session | None] = relationship()

    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (refusal = '' AND session_id IS NULL)", name="answered"),
        CheckConstraint("refusal = '' OR session_id IS NULL", name="yes_or_no"),
        # one request at a time by somebody in a fund
        Index(
            "uq_extraordinary_request_open", "fund_id", "person_id", unique=True,
            sqlite_where=text("answered_at IS NULL"), postgresql_where=text("answered_at IS NULL"),
        ),
    )  # fmt: skip


class Convocation(db.Model):
    """A member's seat, or a project's team, told when and where to come; ``changes`` counts what was told since.

    ``answer``: « present », « absent », « proxy » (a member's voice given to ``proxy_seat_id``), or empty.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    starts_at: Mapped[datetime]
    place: Mapped[str]
    changes: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    proxy_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    session: Mapped[Session] = relationship()
    seat: Mapped[Seat | None] = relationship(foreign_keys=seat_id)
    proxy: Mapped[Seat | None] = relationship(foreign_keys=proxy_seat_id)
    project: Mapped[Project | None] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "seat_id"),
        UniqueConstraint("session_id", "project_id"),
        CheckConstraint("(seat_id IS NULL) <> (project_id IS NULL)", name="member_or_team"),
        CheckConstraint("answer IN ('', 'present', 'absent', 'proxy')", name="answer"),
        CheckConstraint("(answer = 'proxy') = (proxy_seat_id IS NOT NULL)", name="proxy_has_holder"),
        CheckConstraint("proxy_seat_id <> seat_id", name="another"),
    )


class MemberNote(db.Model):
    """What a member writes for themself about a project; erased when the minutes are signed, unless it is kept."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text, info={"erased": ""})
    is_kept: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class Remark(db.Model):
    """Words added to the minutes by who sat, on one point or on the whole; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    author: Mapped[Person] = relationship()


class Signature(db.Model):
    """Somebody signed the minutes as they read then, for the presidency or as secretary of the session."""

    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"), primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime]
    person: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("office IN ('president', 'secretary')", name="office"),)


class Minutes(db.Model):
    """What a session leaves, sealed when the last signature came: ``content`` is all they say, ``content_hash`` proves it.

    ``public`` is their extract: nobody is named in it.
    """

    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
    public: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    sealed_at: Mapped[datetime]
    session: Mapped[Session] = relationship()


for _table in ("remark", "signature", "minutes"):
    append_only(_table)

_SEALED = "EXISTS (SELECT 1 FROM minutes WHERE session_id = NEW.session_id)"
trigger("remark_once_sealed", "remark", "INSERT", _SEALED, "the minutes are sealed")
trigger(
    "minutes_once_closed", "minutes", "INSERT",
    "EXISTS (SELECT 1 FROM committee_session WHERE id = NEW.session_id AND (closed_at IS NULL OR cancelled_at IS NOT NULL))",
    "only a session that was held leaves minutes",
)  # fmt: skip
