"""The dates of a season as pages and files read them: lines, days of a month or a week, spots of a map, choices."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from citizen.db import db
from citizen.nqe.ground import towns
from citizen.nqe.index import remembered
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.queries import SUPPORTED
from citizen.nqe.rules import NQE
from citizen.nqe.season import IN_SEASON, Asked, condition, happening, held, held_by_day, last_day, moved_away
from citizen.nqe.season_models import EventDay
from citizen.people.models import Organisation
from citizen.places.models import Perimeter
from citizen.projects.models import Project
from citizen.projects.steps import S

PER_PAGE = 30
MOST_IN_FEED = 5_000
MOST_IN_WEEK = 400
AT_A_TIME = 200
TITLES_A_DAY = 3


class Line(NamedTuple):
    """One date as lists and files show it; ``towns`` are the communes of its quarter."""

    id: int
    title: str
    details: str
    on: date
    starts_at: time
    ends_at: time | None
    place: str
    kind: str
    audience: str
    status: str
    note: str
    fallback: str
    is_highlight: bool
    is_accessible: bool
    planned_on: date | None
    planned_at: time | None
    changes: int
    changed_at: datetime
    lat: float | None
    lon: float | None
    perimeter_id: int | None
    project_id: int
    project_title: str
    quarter: str | None
    quarter_code: str | None
    shelter: str | None
    takes_bookings: bool | None
    towns: str = ""

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"

    @property
    def is_moved(self) -> bool:
        return self.status == "moved"

    @property
    def where(self) -> list[str]:
        """The place in words, from the spot to the commune."""
        return [words for words in (self.place, self.quarter, self.towns) if words]


_EVENT = ("id", "title", "details", "on", "starts_at", "ends_at", "place", "kind", "audience", "status", "note", "fallback", "is_highlight",
          "is_accessible", "planned_on", "planned_at", "changes", "changed_at", "lat", "lon", "perimeter_id", "project_id")  # fmt: skip


_ORDER = ProgrammeEvent.on, ProgrammeEvent.starts_at, ProgrammeEvent.id


def _lines(chosen: ColumnElement[bool]) -> Select[Any]:
    """What a line shows, in the order it happens."""
    more = Project.title, Perimeter.name, Perimeter.code, EventDay.shelter, EventDay.takes_bookings
    return (
        held(*(getattr(ProgrammeEvent, name) for name in _EVENT), *more)
        .outerjoin(Perimeter, Perimeter.id == ProgrammeEvent.perimeter_id)
        .outerjoin(EventDay, EventDay.event_id == ProgrammeEvent.id)
        .where(chosen)
        .order_by(*_ORDER)
    )


# Statements are made once for all that are asked alike (``Asked.alike``), then given what is asked (``Asked.values``): making one
# takes longer than its answer.
@lru_cache
def _page(alike: Asked) -> Select[Any]:
    # few are shown of many: the numbers of the first to happen, with the few that moved, and what those say after
    first = held_by_day(*_ORDER).where(happening(alike)).order_by(*_ORDER).limit(bindparam("most"))
    moved = held_by_day(*_ORDER).where(moved_away(alike))
    both = union_all(select(first.subquery()), moved).subquery().c
    numbers = select(both.id).order_by(both.on, both.starts_at, both.id).limit(bindparam("limit")).offset(bindparam("offset"))
    return _lines(ProgrammeEvent.id.in_(numbers.scalar_subquery()))


@remembered
def lines(wanted: Asked, *, limit: int = PER_PAGE, offset: int = 0) -> Sequence[Line]:
    """The dates under what is asked, the first to happen on top."""
    told = towns()
    rows = db.session.connection().execute(
        _page(wanted.alike), wanted.values | {"limit": limit, "offset": offset, "most": limit + offset}
    )
    return [Line._make((*row, told.get(row.perimeter_id, ""))) for row in rows]


def stream(wanted: Asked) -> Iterator[Line]:
    """The same, some at a time, however many they are."""
    told = towns()
    query = _lines(condition(wanted)).limit(MOST_IN_FEED)
    with db.engine.connect() as connection, connection.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        for row in rows:
            yield Line._make((*row, told.get(row.perimeter_id, "")))


@lru_cache
def _counted(alike: Asked) -> Select[Any]:
    happen, moved = (held_by_day(func.count()).where(part).scalar_subquery() for part in (happening(alike), moved_away(alike)))
    return select(happen + moved)


@remembered
def count(wanted: Asked) -> int:
    """How many dates stand under what is asked."""
    return db.session.connection().scalar(_counted(wanted.alike), wanted.values) or 0


def stamp(wanted: Asked) -> tuple[object, ...]:
    """What changes as soon as a date under what is asked does."""
    event = ProgrammeEvent
    seen = held(func.count(event.id), func.sum(event.id), func.sum(event.changes), func.max(event.changed_at))
    return tuple(db.session.execute(seen.where(condition(wanted))).one())


def public_date(event_id: int) -> ProgrammeEvent | None:
    """One date of a project that is supported, or that was and is cancelled: families must learn it."""
    found = (
        select(ProgrammeEvent)
        .join(ProgrammeEvent.project)
        .options(
            contains_eager(ProgrammeEvent.project).options(
                joinedload(NqeProject.organisation), joinedload(NqeProject.call), joinedload(NqeProject.commune)
            ),
            joinedload(ProgrammeEvent.perimeter).selectinload(Perimeter.communes),
        )
        .where(
            ProgrammeEvent.id == event_id,
            Project.scheme == NQE.code,
            Project.state.in_((*SUPPORTED, S.CANCELLED)),
            Project.is_public.is_(True),
        )
    )
    return db.session.scalars(found).first()


def day_of(event_id: int) -> EventDay | None:
    """The life of a date, once it has one."""
    return db.session.get(EventDay, event_id)


class First(NamedTuple):
    """One of the first dates of a day, in a month."""

    starts_at: time
    title: str
    is_cancelled: bool


@dataclass(frozen=True)
class Cell:
    """One day of a month: how many dates, and the first of them."""

    day: date
    count: int = 0
    first: Sequence[First] = ()


@lru_cache
def _counted_by_day(alike: Asked) -> Select[Any]:
    there = happening(alike)
    return held_by_day(ProgrammeEvent.on, func.count()).where(there).group_by(ProgrammeEvent.on)


@lru_cache
def _first_of_each_day(alike: Asked) -> Select[date, time, str, bool]:
    event = ProgrammeEvent
    rank = func.row_number().over(partition_by=event.on, order_by=(event.starts_at, event.id)).label("rank")
    ranked = held_by_day(event.id, rank).where(happening(alike)).subquery()
    first = event.id.in_(select(ranked.c.id).where(ranked.c.rank <= TITLES_A_DAY))
    return select(event.on, event.starts_at, event.title, event.status == "cancelled").where(first).order_by(*_ORDER)


@remembered
def weeks(wanted: Asked, month: date, *, with_titles: bool = False) -> list[list[Cell | None]]:
    """The month as weeks of seven days from Monday; None outside the month."""
    whole = replace(wanted, first=month, last=last_day(month))
    many: dict[date, int] = dict(db.session.connection().execute(_counted_by_day(whole.alike), whole.values).all())
    titles: dict[date, list[First]] = defaultdict(list)
    if with_titles:
        for day, *first in db.session.connection().execute(_first_of_each_day(whole.alike), whole.values):
            titles[day].append(First._make(first))
    days = [month.replace(day=number + 1) for number in range(last_day(month).day)]
    cells = {day.day: Cell(day, many.get(day, 0), titles.get(day, ())) for day in days}
    return [[cells.get(number) for number in week] for week in calendar.monthcalendar(month.year, month.month)]


def days_of_week(wanted: Asked) -> list[tuple[date, list[Line]]]:
    """Monday to Sunday, each with its dates."""
    assert wanted.first is not None
    found: dict[date, list[Line]] = {wanted.first + timedelta(days=number): [] for number in range(7)}
    for line in lines(wanted, limit=MOST_IN_WEEK):
        for day in (day for day in found if day in (line.on, line.planned_on)):
            found[day].append(line)
    return list(found.items())


def neighbours(month: date) -> tuple[date, date]:
    """The months before and after."""
    return (month - timedelta(days=1)).replace(day=1), last_day(month) + timedelta(days=1)


def lead_name(organisation_id: int) -> str:
    """The association whose dates are asked for."""
    found = held(Organisation.name).join(Organisation, Organisation.id == Project.organisation_id)
    return db.session.scalar(found.where(IN_SEASON, Organisation.id == organisation_id).limit(1)) or ""
