"""What the address of the agenda asks, read into a window of days and filters, and the condition that they make."""

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

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
    def is_one_day(self) -> bool:
        return self.first is not None and self.first == self.last


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
        newest = db.session.scalar(held(func.max(ProgrammeEvent.on)).where(IN_SEASON))
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


def _within(day: Any, wanted: Asked) -> ColumnElement[bool]:
    """``day`` is in the window; a date that moved is also found where families noted it."""
    return and_(
        day.is_not(None), *([day >= wanted.first] if wanted.first else []), *([day <= wanted.last] if wanted.last else [])
    )


def condition(wanted: Asked) -> ColumnElement[bool]:
    """What is asked, over the dates and their projects."""
    event = ProgrammeEvent
    found = [IN_SEASON, or_(_within(event.on, wanted), _within(event.planned_on, wanted))]
    if wanted.commune:
        link = perimeter_commune.c
        inside = event.perimeter_id.in_(select(link.perimeter_id).where(link.commune_code == wanted.commune))
        found.append(inside | event.perimeter_id.is_(None) & (Project.commune_code == wanted.commune))
    if wanted.quarter:
        found.append(event.perimeter_id.in_(select(Perimeter.id).where(Perimeter.code == wanted.quarter)))
    if wanted.kind:
        found.append(event.kind == wanted.kind)
    if wanted.audience:
        found.append(event.audience.in_({wanted.audience, "all", *SUITED.get(wanted.audience, ())}))
    if wanted.lead:
        found.append(Project.organisation_id == wanted.lead)
    if wanted.is_accessible:
        found.append(event.is_accessible.is_(True))
    if wanted.near:
        quarters = select(Perimeter.id).where(_around(Perimeter, wanted.near))
        found.append(_around(event, wanted.near) | event.lat.is_(None) & event.perimeter_id.in_(quarters))
    return and_(*found)


def _around(thing: Any, near: Near) -> ColumnElement[bool]:
    """Within the radius, on a plane: the Earth is flat enough for a walk."""
    north, east = KM_PER_DEGREE, KM_PER_DEGREE * math.cos(math.radians(near.lat))
    up, across = (thing.lat - near.lat) * north, (thing.lon - near.lon) * east
    return up * up + across * across <= near.km * near.km
