"""The ideas of a campaign as narrow rows: their list, the same on a map, and those that look like one being written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from citizen.db import db
from citizen.ftu.models import FtuProject
from citizen.ftu.rules import FTU, IDEAS
from citizen.kernel.lifecycle import State
from citizen.kernel.words import slug
from citizen.places.geometry import metres_per_degree
from citizen.places.models import Perimeter
from citizen.projects.accounts import stems
from citizen.projects.idea_models import Support

NEAR_METRES = 200
ALIKE = 0.5  # of the words of the shorter title
SHOWN = 5


@dataclass(frozen=True)
class Idea:
    """A public project of a campaign, with the number of its supports; its point is its quarter's when it has none."""

    id: int
    title: str
    summary: str
    state: str
    themes: list[str]
    perimeter_id: int | None
    quarter: str | None
    place: str
    lon: float | None
    lat: float | None
    supports: int

    @property
    def where_it_stands(self) -> State:
        return FTU.lifecycle.states[self.state]

    @property
    def url(self) -> str:
        return url_for("projects.show", project_id=self.id, slug=slug(self.title))


@dataclass(frozen=True)
class Asked:
    """The filters of the list, as the address names them."""

    quartier: str = ""
    theme: str = ""
    etat: str = ""
    tri: str = ""

    @property
    def given(self) -> dict[str, str]:
        """Those that are set."""
        return {name: value for name, value in vars(self).items() if value}

    def keeps(self, idea: Idea) -> bool:
        return (
            self.quartier in ("", str(idea.perimeter_id)) and self.etat in ("", idea.state)
            and (not self.theme or self.theme in idea.themes)
        )  # fmt: skip


ORDERS = {"soutiens": lambda idea: (-idea.supports, idea.title, idea.id), "titre": lambda idea: (idea.title, idea.id)}


def ideas(campaign_id: int, asked: Asked | None = None) -> list[Idea]:
    """The public projects of the campaign under these filters, the newest first unless asked otherwise: one question, always."""
    counted = select(func.count()).where(Support.project_id == FtuProject.id).select_from(Support).scalar_subquery()
    query = (
        select(
            FtuProject.id, FtuProject.title, FtuProject.summary, FtuProject.state, FtuProject.themes, FtuProject.perimeter_id,
            Perimeter.name, FtuProject.place, func.coalesce(FtuProject.lon, Perimeter.lon),
            func.coalesce(FtuProject.lat, Perimeter.lat), counted,
        )
        .outerjoin(Perimeter, Perimeter.id == FtuProject.perimeter_id)
        .where(FtuProject.call_id == campaign_id, FtuProject.is_public.is_(True))
        .order_by(FtuProject.id.desc())
    )  # fmt: skip
    asked, rows = asked or Asked(), db.session.execute(query).all()
    found = [idea for row in rows if asked.keeps(idea := Idea(*row))]
    return sorted(found, key=ORDERS[asked.tri]) if asked.tri in ORDERS else found


def feature(idea: Idea) -> dict[str, Any]:
    """A point of the map."""
    told = {"title": idea.title, "scheme": FTU.code, "url": idea.url}
    return {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": [idea.lon, idea.lat]}}


@dataclass(frozen=True)
class Similar:
    """An idea that looks like the one being written: ``metres`` away, or with the same words."""

    idea: Idea
    metres: int | None
    has_same_words: bool


def similar(campaign_id: int, *, title: str, lon: float | None, lat: float | None) -> Sequence[Similar]:
    """Ideas that may still be supported, within 200 metres or with the same words; those that are both come first."""
    told = (_compared(idea, title, lon, lat) for idea in ideas(campaign_id) if idea.state in IDEAS)
    found = [one for one in told if one.metres is not None or one.has_same_words]
    return sorted(found, key=lambda one: (one.metres is None, not one.has_same_words, one.metres or 0, one.idea.id))[:SHOWN]


def _compared(idea: Idea, title: str, lon: float | None, lat: float | None) -> Similar:
    metres = _metres(idea, lon, lat)
    return Similar(idea, metres if metres is not None and metres <= NEAR_METRES else None, _are_alike(title, idea.title))


def _metres(idea: Idea, lon: float | None, lat: float | None) -> int | None:
    if lon is None or lat is None or idea.lon is None or idea.lat is None or not idea.place:
        return None
    x, y = metres_per_degree(lat)
    return round(hypot((idea.lon - lon) * x, (idea.lat - lat) * y))


def _are_alike(one: str, other: str) -> bool:
    first, second = stems(one), stems(other)
    return bool(first and second) and len(first & second) >= ALIKE * min(len(first), len(second))


def choices(found: Iterable[Idea]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, as (value, words): only what would find something."""
    found = list(found)
    quarters = {str(idea.perimeter_id): idea.quarter for idea in found if idea.quarter}
    return {
        "quartier": sorted(quarters.items(), key=lambda pair: str(pair[1])),
        "theme": [(theme, theme) for theme in sorted({theme for idea in found for theme in idea.themes})],
        "etat": [(code, state.label) for code, state in FTU.lifecycle.states.items() if code in {idea.state for idea in found}],
    }
