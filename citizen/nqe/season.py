"""What the address of the agenda asks, read into a window of days and filters, and the condition that they make."""

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Join, Select, and_, bindparam, case, not_, select
from sqlalchemy.ext.compiler import compiles

from citizen.db import db
from citizen.nqe.models import AUDIENCES, KINDS, ProgrammeEvent
from citizen.nqe.queries import SUPPORTED
from citizen.nqe.rules import NQE
from citizen.places.models import Perimeter, perimeter_commune
from citizen.projects.models import Project

WHEN = ("aujourdhui", "week-end", "saison")
VIEWS = ("semaine", "mois", "carte")  # beside the list
SUITED = {"children": ("families",), "teenagers": ("families",)}  # who also finds something in what is for others
RADII = (2, 5, 10, 25)  # kilometres around a place
KM_PER_DEGREE = 111.2
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Near:
    """Around a place: latitude and longitude to the hundredth of a degree, about a kilometre, and a radius in kilometres."""

    lat: float
    lon: float
    km: int

    @property
    def address(self) -> str:
        return f"{self.lat:.2f},{self.lon:.2f}"


@dataclass(frozen=True)
class Asked:
    """What the address asks: a window of days (None: no bound) and filters; ``month`` is its first day, when one is asked."""

    first: date | None = None
    last: date | None = None
    when: str = ""
    view: str = ""
    month: date | None = None
    commune: str = ""
    quarter: str = ""
    kind: str = ""
    audience: str = ""
    lead: int = 0
    is_accessible: bool = False
    near: Near | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """The filters as an address holds them: what could not be read is not in it."""
        told = {
            "commune": self.commune, "quartier": self.quarter, "genre": self.kind, "public": self.audience,
            "accessible": "1" if self.is_accessible else "", "porteur": self.lead, "autour": self.near.address if self.near else "",
            "rayon": self.near.km if self.near else "",
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    @property
    def values(self) -> dict[str, Any]:
        """What ``condition`` compares with, by the name it gives it."""
        told: dict[str, Any] = {
            "first": self.first, "last": self.last, "commune": self.commune, "quarter": self.quarter, "kind": self.kind,
            "audiences": [self.audience, "all", *SUITED.get(self.audience, ())] if self.audience else None, "lead": self.lead,
        }  # fmt: skip
        told = {name: value for name, value in told.items() if value}
        if self.near:
            east = KM_PER_DEGREE * math.cos(math.radians(self.near.lat))
            told |= {"lat": self.near.lat, "lon": self.near.lon, "east": east, "reach": self.near.km * self.near.km}
        return told

    @property
    def alike(self) -> "Asked":
        """The same filters whatever they hold: a statement made under it serves all that are asked so, with their ``values``."""
        return Asked(**{name: value for name, value in _SOME.items() if getattr(self, name)})

    @property
    def is_one_day(self) -> bool:
        return self.first is not None and self.first == self.last


_SOME: dict[str, Any] = {
    "first": date.min, "last": date.max, "commune": "80021", "quarter": "QN08001M", "kind": "culture", "audience": "families", "lead": 1,
    "is_accessible": True, "near": Near(50.0, 2.0, 5),
}  # fmt: skip


def asked(values: Mapping[str, str], today: date) -> Asked:
    """Reads the address; whatever cannot be read asks nothing. The day wins over the month, the month over the moment."""
    day, month = _day(values.get("jour", "")), _day(values.get("mois", "") + "-01")
    when, view, kind = values.get("quand", ""), values.get("vue", ""), values.get("genre", "")
    audience = values.get("public", "")
    first, last = window(when, today)
    if view == "semaine":
        first, last = week_of(day or today)
        month, when = None, ""
    elif view == "mois":
        month = month or (day or first or today).replace(day=1)
        first, last, when = month, last_day(month), ""
    elif day:
        first, last, month, when = day, day, None, ""
    elif month:
        first, last, when = month, last_day(month), ""
    return Asked(
        first, last, when if when in WHEN else "", view if view in VIEWS else "", month,
        values.get("commune", "")[:5], values.get("quartier", "")[:20], kind if kind in KINDS else "",
        audience if audience in AUDIENCES else "",
        _number(values.get("porteur", "")), values.get("accessible", "") == "1",
        _near(values.get("autour", ""), _number(values.get("rayon", ""))),
    )  # fmt: skip


def window(when: str, today: date) -> tuple[date | None, date | None]:
    """The days of a moment that people name; from today on when they name none."""
    if when == "aujourdhui":
        return today, today
    if when == "week-end":
        saturday = today + timedelta(days=5 - today.weekday()) if today.weekday() < 5 else today
        return saturday, today + timedelta(days=6 - today.weekday())
    if when == "saison":
        newest = db.session.scalar(held_by_day(ProgrammeEvent.on).where(IN_SEASON).order_by(ProgrammeEvent.on.desc()).limit(1))
        year = newest.year if newest else today.year
        return date(year, 1, 1), date(year, 12, 31)
    return today, None


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _near(typed: str, km: int) -> Near | None:
    try:
        lat, lon = (round(float(part), 2) for part in typed.split(","))
    except ValueError:
        return None
    known = abs(lat) <= 85 and abs(lon) <= 180  # also false for what is no number
    return Near(lat, lon, km if km in RADII else 5) if known else None


# A project taken to another scheme keeps its row here: the scheme is asked too.
IN_SEASON = and_(Project.scheme == NQE.code, Project.state.in_(SUPPORTED), Project.is_public.is_(True))


def held(*columns: Any) -> Select[Any]:
    """``columns`` over the dates and their projects."""
    return select(*columns).select_from(ProgrammeEvent).join(Project, Project.id == ProgrammeEvent.project_id)


class _ByDay(Join):
    """Dates, then the project of each: left to itself, SQLite reads every date of every project to find those of a few days."""

    inherit_cache = True


@compiles(_ByDay, "sqlite")
def _in_this_order(join: _ByDay, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(join, **options)).replace(" JOIN ", " CROSS JOIN ", 1)


def held_by_day(*columns: Any) -> Select[Any]:
    """The same, for what is looked for by its day."""
    event, project = ProgrammeEvent.__table__, Project.__table__
    return select(*columns).select_from(_ByDay(event, project, project.c.id == event.c.project_id))


def _within(day: Any, told: Mapping[str, BindParameter[Any]]) -> ColumnElement[bool]:
    """``day`` is in the window."""
    after, before = told.get("first"), told.get("last")
    return and_(day.is_not(None), *([] if after is None else [day >= after]), *([] if before is None else [day <= before]))


def _told(wanted: Asked) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name, value, expanding=isinstance(value, list)) for name, value in wanted.values.items()}


def condition(wanted: Asked) -> ColumnElement[bool]:
    """What is asked, over the dates and their projects; a date that moved is also found where families noted it."""
    told, event = _told(wanted), ProgrammeEvent
    return and_(_within(event.on, told) | _within(event.planned_on, told), *_filters(wanted, told))


def happening(wanted: Asked) -> ColumnElement[bool]:
    """What is asked, where it happens now."""
    told = _told(wanted)
    return and_(_within(ProgrammeEvent.on, told), *_filters(wanted, told))


def moved_away(wanted: Asked) -> ColumnElement[bool]:
    """What stood in the window before it was moved out of it: with ``happening``, the same as ``condition``, each by its own index."""
    told, event = _told(wanted), ProgrammeEvent
    return and_(_within(event.planned_on, told), not_(_within(event.on, told)), *_filters(wanted, told))


def _filters(wanted: Asked, told: Mapping[str, BindParameter[Any]]) -> list[ColumnElement[bool]]:
    event = ProgrammeEvent
    found = [IN_SEASON]
    if wanted.commune:
        link = perimeter_commune.c
        inside = event.perimeter_id.in_(select(link.perimeter_id).where(link.commune_code == told["commune"]))
        # one or the other: written as « or », the days would no longer be looked for first
        found.append(case((event.perimeter_id.is_(None), Project.commune_code == told["commune"]), else_=inside))
    if wanted.quarter:
        found.append(event.perimeter_id.in_(select(Perimeter.id).where(Perimeter.code == told["quarter"])))
    if wanted.kind:
        found.append(event.kind == told["kind"])
    if wanted.audience:
        found.append(event.audience.in_(told["audiences"]))
    if wanted.lead:
        found.append(Project.organisation_id == told["lead"])
    if wanted.is_accessible:
        found.append(event.is_accessible.is_(True))
    if wanted.near:
        quarters = select(Perimeter.id).where(_around(Perimeter, told))
        found.append(case((event.lat.is_(None), event.perimeter_id.in_(quarters)), else_=_around(event, told)))
    return found


def _around(thing: Any, told: Mapping[str, BindParameter[Any]]) -> ColumnElement[bool]:
    """Within the radius, on a plane: the Earth is flat enough for a walk."""
    up, across = (thing.lat - told["lat"]) * KM_PER_DEGREE, (thing.lon - told["lon"]) * told["east"]
    return up * up + across * across <= told["reach"]
