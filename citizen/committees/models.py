"""Committees: who sits, their sessions, the projects on each agenda, who came; questions.py holds what is voted."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from citizen.clock import LOCAL
from citizen.db import append_only, db, guard
from citizen.funds.models import Fund
from citizen.people.models import Person
from citizen.projects.models import Decision, Project
from citizen.projects.steps import S

if TYPE_CHECKING:
    from citizen.committees.questions import Outcome, Question


class Seat(db.Model):
    """Somebody's place in a fund's committee, from a day to a day; ``person_id`` None: no account, or not accepted yet.

    ``is_voting`` False: sits by right, without vote. ``ends_on`` is the last day of the term.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(info={"erased": "habitant·e"})
    email: Mapped[str] = mapped_column(default="", info={"erased": "", "address": "erased"})
    college: Mapped[str]
    is_voting: Mapped[bool]
    office: Mapped[str] = mapped_column(default="member")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    fund: Mapped[Fund] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("office IN ('member', 'president', 'secretary')", name="office"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="starts_before_it_ends"),
        Index(
            "uq_seat_in_office", "fund_id", "person_id", unique=True,
            sqlite_where=text("ends_on IS NULL"), postgresql_where=text("ends_on IS NULL"),
        ),
    )  # fmt: skip

    def is_in_office(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Session(db.Model):
    """A day when the committee of a fund meets; nothing changes on its agenda once it is closed."""

    __tablename__ = "committee_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    held_at: Mapped[datetime]
    place: Mapped[str]
    kind: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    opened_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]  # set while it is paused
    closed_at: Mapped[datetime | None]
    president_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    secretary_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    minutes_each: Mapped[int] = mapped_column(default=15, server_default=text("15"))
    changes: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # how often its day, hour or place changed
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="", server_default="")
    fund: Mapped[Fund] = relationship()
    president: Mapped[Seat | None] = relationship(foreign_keys=president_seat_id)
    secretary: Mapped[Seat | None] = relationship(foreign_keys=secretary_seat_id)
    items: Mapped[list["AgendaItem"]] = relationship(back_populates="session", order_by="AgendaItem.position, AgendaItem.id")

    __table_args__ = (
        CheckConstraint("kind IN ('ordinary', 'extraordinary')", name="kind"),
        CheckConstraint("paused_at IS NULL OR opened_at IS NOT NULL", name="paused_once_opened"),
        CheckConstraint("minutes_each BETWEEN 1 AND 240", name="minutes_each"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason = '')", name="cancelled_has_reason"),
        CheckConstraint("cancelled_at IS NULL OR closed_at IS NOT NULL", name="cancelled_is_closed"),
        Index("ix_committee_session_fund_id_held_at", "fund_id", "held_at"),
    )

    @property
    def held_on(self) -> date:
        """The day in the quarter."""
        return self.held_at.astimezone(LOCAL).date()

    @property
    def starts_at(self) -> datetime:
        """Its hour on the quarter's clock."""
        return self.held_at.astimezone(LOCAL)

    @property
    def ends_at(self) -> datetime:
        """When it should end, on the quarter's clock: an hour at least."""
        return self.starts_at + max(timedelta(minutes=self.minutes_each * len(self.items)), timedelta(hours=1))

    @property
    def is_sitting(self) -> bool:
        """Whether something can be decided: opened, not paused, not closed."""
        return self.opened_at is not None and self.paused_at is None and self.closed_at is None


_WAITING = "decision_id IS NULL AND left_at IS NULL"


class AgendaItem(db.Model):
    """A project before the committee; ``decision_id`` None: nothing is released yet; ``left_at``: the project withdrew in session.

    ``hearing`` says how the team was heard: « present », « phone », « absent », or empty when it is not noted yet.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    hearing: Mapped[str] = mapped_column(default="", server_default="")
    left_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    session: Mapped[Session] = relationship(back_populates="items")
    project: Mapped[Project] = relationship()
    decision: Mapped[Decision | None] = relationship()
    recusals: Mapped[list["Recusal"]] = relationship(order_by="Recusal.seat_id", viewonly=True)
    outcomes: Mapped[list["Outcome"]] = relationship(order_by="Outcome.version", viewonly=True)
    questions: Mapped[list["Question"]] = relationship(order_by="Question.id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("session_id", "project_id"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("hearing IN ('', 'present', 'phone', 'absent')", name="hearing"),
        CheckConstraint("left_at IS NULL OR decision_id IS NULL", name="left_undecided"),
        # a project waits before one session at a time
        Index(
            "uq_agenda_item_waiting", "project_id", unique=True,
            sqlite_where=text(_WAITING), postgresql_where=text(_WAITING),
        ),
        Index("ix_agenda_item_project_id", "project_id"),
    )  # fmt: skip

    @property
    def is_heard(self) -> bool:
        """Somebody of the team presented the project, in the room or on the phone."""
        return self.hearing in ("present", "phone")

    @property
    def is_waiting(self) -> bool:
        """On the agenda, nothing released yet."""
        return self.decision_id is None and self.left_at is None

    @property
    def outcome(self) -> "Outcome | None":
        """What the committee settled, in its last version; None while it has not, or has reopened it."""
        latest = self.outcomes[-1] if self.outcomes else None
        return latest if latest and latest.action != "reopened" else None


class BeforeCommittee:
    """What a project that a committee looks at knows of its passages; for the projects of a scheme."""

    call: Any

    @declared_attr
    @classmethod
    def agenda_items(cls) -> Mapped[list[AgendaItem]]:
        return relationship(AgendaItem, viewonly=True, order_by=AgendaItem.id)

    @property
    def passage(self) -> AgendaItem | None:
        """Its latest inscription on an agenda."""
        return self.agenda_items[-1] if self.agenda_items else None

    @property
    def waiting(self) -> AgendaItem | None:
        """Its inscription on the agenda of a session of its fund that has not decided yet."""
        item, call = self.passage, self.call
        if item is None or call is None or not item.is_waiting:
            return None
        return item if item.session.fund_id == call.fund_id else None

    @property
    def awaits_committee(self) -> bool:
        """Whether its rules send it before the committee now."""
        return True

    def bars(self, person_id: int | None) -> bool:
        """Whether this person had a part in it, or was recused from its item before the committee."""
        recused = (one.seat.person_id for one in self.passage.recusals) if self.passage else ()
        return super().bars(person_id) or (person_id is not None and person_id in recused)


class Attendance(db.Model):
    """A member in the room, from a moment to a moment; who comes back has another row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship()

    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="arrives_before_leaving"),
        Index("ix_attendance_session_id_seat_id", "session_id", "seat_id"),
        Index(
            "uq_attendance_present", "session_id", "seat_id", unique=True,
            sqlite_where=text("left_at IS NULL"), postgresql_where=text("left_at IS NULL"),
        ),
    )  # fmt: skip


class Proxy(db.Model):
    """The vote of somebody absent, held by another member until ``ended_at``."""

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    giver: Mapped[Seat] = relationship(foreign_keys=giver_id)
    holder: Mapped[Seat] = relationship(foreign_keys=holder_id)

    __table_args__ = (
        CheckConstraint("giver_id <> holder_id", name="another"),
        Index(
            "uq_proxy_given", "session_id", "giver_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip


class Recusal(db.Model):
    """A member who takes no part in one item: neither quorum, nor reading, nor vote. Never undone.

    ``ground``: « bearer », « team », « helper », « organisation », « household » or « other »; ``source``: who said it.
    """

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True, index=True)
    ground: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]
    seat: Mapped[Seat] = relationship()

    __table_args__ = (
        CheckConstraint("ground IN ('bearer', 'team', 'helper', 'organisation', 'household', 'other')", name="ground"),
        CheckConstraint("source IN ('detected', 'member', 'secretary')", name="source"),
    )


append_only("recusal")


# A project that goes back to writing, or leaves, gives back its place on the agenda, whoever writes; what was said of it
# in session stays in the minutes.
_BACK = ", ".join(f"'{state}'" for state in (S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.INADMISSIBLE, S.WITHDRAWN))
_IS_BACK = f"project_id = NEW.id AND {_WAITING}"
_SAID = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE agenda_item_id = agenda_item.id)"  # noqa: S608  nothing here was typed by anybody
    for table in ("recusal", "question", "condition_word")
)
_RELEASE = f"""UPDATE agenda_item SET left_at = CURRENT_TIMESTAMP WHERE {_IS_BACK} AND (hearing <> '' OR {_SAID});
DELETE FROM agenda_item WHERE {_IS_BACK}"""  # noqa: S608
guard(
    "agenda_item_release",
    sqlite=f"""DROP TRIGGER IF EXISTS agenda_item_release
-- ;
CREATE TRIGGER agenda_item_release AFTER UPDATE OF state ON project FOR EACH ROW WHEN NEW.state IN ({_BACK})
BEGIN {_RELEASE}; END""",
    postgresql=f"""CREATE OR REPLACE FUNCTION agenda_item_release_guard() RETURNS trigger AS $$
BEGIN IF NEW.state IN ({_BACK}) THEN {_RELEASE}; END IF; RETURN NULL; END $$ LANGUAGE plpgsql
-- ;
DROP TRIGGER IF EXISTS agenda_item_release ON project
-- ;
CREATE TRIGGER agenda_item_release AFTER UPDATE OF state ON project FOR EACH ROW EXECUTE FUNCTION agenda_item_release_guard()""",
)
