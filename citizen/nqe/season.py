"""The dates of a season as the public asks for them: what is asked in the address, the list, the month, the choices."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from citizen.db import db
from citizen.nqe.models import KINDS, NqeProject, ProgrammeEvent
from citizen.nqe.queries import SUPPORTED
from citizen.nqe.rules import NQE
from citizen.places.models import Commune, Perimeter, perimeter_commune
from citizen.projects.models import Project
from citizen.projects.steps import S

PER_PAGE = 30
MOST_IN_FEED = 5_000
WHEN = ("aujourdhui", "week-end", "saison")


@dataclass(frozen=True)
class Asked:
    """What the address asks: a window of days (None: no bound) and filters; ``month`` is its first day, when one is asked."""

    first: date | None = None
    last: date | None = None
    when: str = ""
    month: date | None = None
    commune: str = ""
    quarter: str = ""
    kind: str = ""
    is_accessible: bool = False

    @property
    def is_one_day(self) -> bool:
        return self.first is not None and self.first == self.last


def asked(values: Mapping[str, str], today: date) -> Asked:
    """Reads the address; whatever cannot be read asks nothing. The day wins over the month, the month over the moment."""
    day, month = _day(values.get("jour", "")), _day(values.get("mois", "") + "-01")
    when = values.get("quand", "")
    first, last = _window(when, today)
    if day:
        first, last, month, when = day, day, None, ""
    elif month:
        first, last, when = month, _last_day(month), ""
    kind = values.get("genre", "")
    return Asked(
        first, last, when if when in WHEN else "", month,
        values.get("commune", "")[:5], values.get("quartier", "")[:20],
        kind if kind in KINDS else "", values.get("accessible", "") == "1",
    )  # fmt: skip


def _window(when: str, today: date) -> tuple[date | None, date | None]:
    if when == "aujourdhui":
        return today, today
    if when == "week-end":
        saturday = today + timedelta(days=5 - today.weekday()) if today.weekday() < 5 else today
        return saturday, today + timedelta(days=6 - today.weekday())
    if when == "saison":
        newest = db.session.scalar(_held(func.max(ProgrammeEvent.on)).where(_IN_SEASON))
        year = newest.year if newest else today.year
        return date(year, 1, 1), date(year, 12, 31)
    return today, None


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


# A project taken to another scheme keeps its row here: the scheme is asked too.
_IN_SEASON = and_(Project.scheme == NQE.code, Project.state.in_(SUPPORTED))


def _held(*columns: Any) -> Select[Any]:
    """``columns`` over the dates and their projects."""
    return select(*columns).join(Project, Project.id == ProgrammeEvent.project_id)


def _within(day: Any, wanted: Asked) -> ColumnElement[bool]:
    """``day`` is in the window; a date that moved is also found where families noted it."""
    return and_(
        day.is_not(None), *([day >= wanted.first] if wanted.first else []), *([day <= wanted.last] if wanted.last else [])
    )


def _condition(wanted: Asked) -> ColumnElement[bool]:
    conditions = [_IN_SEASON, or_(_within(ProgrammeEvent.on, wanted), _within(ProgrammeEvent.planned_on, wanted))]
    if wanted.commune:
        link = perimeter_commune.c
        conditions.append(ProgrammeEvent.perimeter_id.in_(select(link.perimeter_id).where(link.commune_code == wanted.commune)))
    if wanted.quarter:
        conditions.append(ProgrammeEvent.perimeter_id.in_(select(Perimeter.id).where(Perimeter.code == wanted.quarter)))
    if wanted.kind:
        conditions.append(ProgrammeEvent.kind == wanted.kind)
    if wanted.is_accessible:
        conditions.append(ProgrammeEvent.is_accessible.is_(True))
    return and_(*conditions)


def _events() -> Select[Any]:
    """Dates with what a line of the calendar shows, in the order they happen."""
    return (
        select(ProgrammeEvent)
        .join(ProgrammeEvent.project)
        .options(
            contains_eager(ProgrammeEvent.project).load_only(NqeProject.title, NqeProject.state, NqeProject.is_free),
            joinedload(ProgrammeEvent.perimeter).options(
                load_only(Perimeter.name, Perimeter.code), selectinload(Perimeter.communes)
            ),
        )
        .order_by(ProgrammeEvent.on, ProgrammeEvent.starts_at, ProgrammeEvent.id)
    )


def count(wanted: Asked) -> int:
    """How many dates stand under what is asked."""
    return db.session.scalar(_held(func.count(ProgrammeEvent.id)).where(_condition(wanted))) or 0


def dates(wanted: Asked, *, limit: int = PER_PAGE, offset: int = 0) -> Sequence[ProgrammeEvent]:
    """The dates under what is asked, the first to happen on top."""
    return db.session.scalars(_events().where(_condition(wanted)).limit(limit).offset(offset)).all()


def public_date(event_id: int) -> ProgrammeEvent | None:
    """One date of a project that is supported, or that was and is cancelled: families must learn it."""
    known = Project.scheme == NQE.code, Project.state.in_((*SUPPORTED, S.CANCELLED))
    return db.session.scalars(_events().where(ProgrammeEvent.id == event_id, *known)).first()


def stamp(wanted: Asked) -> tuple[object, ...]:
    """What changes as soon as a date under what is asked does."""
    event = ProgrammeEvent
    seen = _held(func.count(event.id), func.sum(event.id), func.sum(event.changes), func.max(event.changed_at))
    return tuple(db.session.execute(seen.where(_condition(wanted))).one())


def weeks(wanted: Asked, month: date) -> list[list[tuple[date, int] | None]]:
    """The month as weeks of seven days from Monday: (day, number of dates under the filters), None outside the month."""
    whole = replace(wanted, first=month, last=_last_day(month))
    counted = _held(ProgrammeEvent.on, func.count(ProgrammeEvent.id)).where(_condition(whole)).group_by(ProgrammeEvent.on)
    held: dict[date, int] = dict(db.session.execute(counted).all())
    return [
        [(month.replace(day=day), held.get(month.replace(day=day), 0)) if day else None for day in week]
        for week in calendar.monthcalendar(month.year, month.month)
    ]


def neighbours(month: date) -> tuple[date, date]:
    """The months before and after."""
    return (month - timedelta(days=1)).replace(day=1), _last_day(month) + timedelta(days=1)


def _places() -> Select[tuple[int]]:
    return _held(ProgrammeEvent.perimeter_id).where(_IN_SEASON).distinct()


def commune_choices() -> Sequence[tuple[str, str]]:
    """(code, name) of the communes where something happens."""
    link = perimeter_commune.c
    held = select(link.commune_code).where(link.perimeter_id.in_(_places()))
    found = select(Commune.code, Commune.name).where(Commune.code.in_(held)).order_by(Commune.search_name, Commune.code)
    return db.session.execute(found).all()


def quarter_choices() -> Sequence[tuple[str, str]]:
    """(code, name) of the quarters where something happens."""
    found = (
        select(Perimeter.code, Perimeter.name).where(Perimeter.id.in_(_places())).order_by(Perimeter.search_name, Perimeter.id)
    )
    return list(dict(db.session.execute(found).all()).items())
