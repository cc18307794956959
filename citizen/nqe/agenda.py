"""The dates of a season as pages and files read them: lines, days of a month or a week, spots of a map, choices."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from citizen.db import db
from citizen.nqe.index import remembered
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.queries import SUPPORTED
from citizen.nqe.rules import NQE
from citizen.nqe.season import IN_SEASON, Asked, condition, held, last_day
from citizen.nqe.season_models import EventDay
from citizen.people.models import Organisation
from citizen.places.models import Commune, Perimeter, perimeter_commune
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


def towns_of(perimeters: set[int | None] | None = None) -> dict[int, str]:
    """The communes of each quarter, in words; of every quarter where something happens when none is named."""
    link = perimeter_commune.c
    found = select(link.perimeter_id, Commune.name).join(Commune, Commune.code == link.commune_code)
    found = found.where(link.perimeter_id.in_(held(ProgrammeEvent.perimeter_id) if perimeters is None else perimeters - {None}))
    names: dict[int, list[str]] = defaultdict(list)
    for perimeter_id, name in db.session.execute(found.order_by(Commune.name)):
        names[perimeter_id].append(name)
    return {perimeter_id: ", ".join(towns) for perimeter_id, towns in names.items()}


@remembered
def lines(wanted: Asked, *, limit: int = PER_PAGE, offset: int = 0) -> Sequence[Line]:
    """The dates under what is asked, the first to happen on top."""
    # few are shown of many that are put in order: their numbers first, what they say after
    numbers = held(ProgrammeEvent.id).where(condition(wanted)).order_by(*_ORDER).limit(limit).offset(offset)
    rows = db.session.execute(_lines(ProgrammeEvent.id.in_(numbers.scalar_subquery()))).all()
    towns = towns_of({row.perimeter_id for row in rows})
    return [Line._make((*row, towns.get(row.perimeter_id, ""))) for row in rows]


def stream(wanted: Asked) -> Iterator[Line]:
    """The same, some at a time, however many they are."""
    towns = towns_of()
    query = _lines(condition(wanted)).limit(MOST_IN_FEED)
    with db.engine.connect() as connection, connection.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        for row in rows:
            yield Line._make((*row, towns.get(row.perimeter_id, "")))


@remembered
def count(wanted: Asked) -> int:
    """How many dates stand under what is asked."""
    return db.session.scalar(held(func.count(ProgrammeEvent.id)).where(condition(wanted))) or 0


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


@dataclass(frozen=True)
class Cell:
    """One day of a month: how many dates, and the first of them."""

    day: date
    count: int = 0
    first: tuple[Line, ...] = ()


@remembered
def weeks(wanted: Asked, month: date, *, with_titles: bool = False) -> list[list[Cell | None]]:
    """The month as weeks of seven days from Monday; None outside the month."""
    whole = replace(wanted, first=month, last=last_day(month))
    counted = held(ProgrammeEvent.on, func.count(ProgrammeEvent.id)).where(condition(whole)).group_by(ProgrammeEvent.on)
    many: dict[date, int] = dict(db.session.execute(counted).all())
    titles = _first_of_each_day(whole) if with_titles else {}
    days = [month.replace(day=number + 1) for number in range(last_day(month).day)]
    cells = {day.day: Cell(day, many.get(day, 0), titles.get(day, ())) for day in days}
    return [[cells.get(number) for number in week] for week in calendar.monthcalendar(month.year, month.month)]


def _first_of_each_day(wanted: Asked) -> dict[date, tuple[Line, ...]]:
    order = func.row_number().over(partition_by=ProgrammeEvent.on, order_by=(ProgrammeEvent.starts_at, ProgrammeEvent.id))
    ranked = held(ProgrammeEvent.id.label("id"), order.label("rank")).where(condition(wanted)).subquery()
    first = _lines(ProgrammeEvent.id.in_(select(ranked.c.id).where(ranked.c.rank <= TITLES_A_DAY)))
    found = [Line._make((*row, "")) for row in db.session.execute(first)]
    return {day: tuple(events) for day, events in groupby(found, key=lambda line: line.on)}


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


@dataclass(frozen=True)
class Spot:
    """A place of the map: a quarter, or an address outside every quarter; how many dates it holds."""

    name: str
    quarter: str | None
    lat: float
    lon: float
    count: int


@remembered
def spots(wanted: Asked) -> list[Spot]:
    """Where something happens, the busiest first."""
    event, quarter = ProgrammeEvent, Perimeter
    alone = [case((event.perimeter_id.is_(None), column)) for column in (event.place, event.lat, event.lon)]
    many = func.count(event.id).label("many")
    counted = held(event.perimeter_id, *(column.label(f"alone_{rank}") for rank, column in enumerate(alone)), many)
    told = counted.where(condition(wanted)).group_by(event.perimeter_id, *alone).subquery()
    places = select(quarter.name, quarter.code, quarter.lat, quarter.lon, *told.c).outerjoin_from(
        told, quarter, quarter.id == told.c.perimeter_id
    )
    found = []
    for name, code, lat, lon, number, place, own_lat, own_lon, count in db.session.execute(places):
        spot = Spot(name, code, lat, lon, count) if number else Spot(place, None, own_lat, own_lon, count)
        found += [spot] if spot.lat is not None else []
    return sorted(found, key=lambda spot: (-spot.count, spot.name))


Choices = Sequence[tuple[str, str]]


@remembered
def choices() -> tuple[Choices, Choices]:
    """(code, name) of the communes, then of the quarters, where something happens."""
    link = perimeter_commune.c
    places = held(ProgrammeEvent.perimeter_id).where(IN_SEASON).distinct()
    found = db.session.execute(
        select(Perimeter.code, Perimeter.name, Perimeter.search_name, Commune.code, Commune.name, Commune.search_name)
        .outerjoin(link_table := perimeter_commune, link.perimeter_id == Perimeter.id)
        .outerjoin(Commune, Commune.code == link_table.c.commune_code)
        .where(Perimeter.id.in_(places))
    ).all()
    communes = {(row[5], row[3]): row[4] for row in found if row[3]}
    quarters = {(row[2], row[0]): row[1] for row in found}
    return [[(code, names[name, code]) for name, code in sorted(names)] for names in (communes, quarters)]  # type: ignore[return-value]


def lead_name(organisation_id: int) -> str:
    """The association whose dates are asked for."""
    found = held(Organisation.name).join(Organisation, Organisation.id == Project.organisation_id)
    return db.session.scalar(found.where(IN_SEASON, Organisation.id == organisation_id).limit(1)) or ""
