"""Where the dates of a season happen: the quarters and their communes, the choices of a form, the spots of a map."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select

from citizen.db import db
from citizen.nqe.index import remembered
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.season import IN_SEASON, Asked, condition, held
from citizen.places.models import Commune, Perimeter, perimeter_commune


class Place(NamedTuple):
    """A quarter in one of its communes; ``sorted_by`` and ``town_sorted_by`` are their names without accents."""

    perimeter_id: int
    code: str
    name: str
    sorted_by: str
    town_code: str | None
    town: str | None
    town_sorted_by: str | None


# each quarter stops at its first date: the dates are not all read
_PLACES = (
    select(Perimeter.id, Perimeter.code, Perimeter.name, Perimeter.search_name, Commune.code, Commune.name, Commune.search_name)
    .outerjoin(perimeter_commune, perimeter_commune.c.perimeter_id == Perimeter.id)
    .outerjoin(Commune, Commune.code == perimeter_commune.c.commune_code)
    .where(held(ProgrammeEvent.id).where(ProgrammeEvent.perimeter_id == Perimeter.id, IN_SEASON).correlate(Perimeter).exists())
    .order_by(Commune.name)
)


@remembered
def places() -> Sequence[Place]:
    """The quarters where something happens."""
    return [Place._make(row) for row in db.session.connection().execute(_PLACES)]


@remembered
def towns() -> dict[int | None, str]:
    """The communes of each quarter where something happens, in words."""
    names: dict[int | None, list[str]] = defaultdict(list)
    for place in places():
        names[place.perimeter_id] += [place.town] if place.town else []
    return {perimeter_id: ", ".join(found) for perimeter_id, found in names.items()}


@dataclass(frozen=True)
class Spot:
    """A place of the map: a quarter, or an address outside every quarter; how many dates it holds."""

    name: str
    quarter: str | None
    lat: float
    lon: float
    count: int


@lru_cache
def _spots(alike: Asked) -> Select[Any]:
    event, quarter = ProgrammeEvent, Perimeter
    alone = [case((event.perimeter_id.is_(None), column)) for column in (event.place, event.lat, event.lon)]
    counted = held(
        event.perimeter_id,
        *(column.label(f"alone_{rank}") for rank, column in enumerate(alone)),
        func.count(event.id).label("many"),
    )
    told = counted.where(condition(alike)).group_by(event.perimeter_id, *alone).subquery()
    return select(quarter.name, quarter.code, quarter.lat, quarter.lon, *told.c).outerjoin_from(
        told, quarter, quarter.id == told.c.perimeter_id
    )


@remembered
def spots(wanted: Asked) -> list[Spot]:
    """Where something happens, the busiest first."""
    found = []
    for name, code, lat, lon, number, place, own_lat, own_lon, count in db.session.connection().execute(
        _spots(wanted.alike), wanted.values
    ):
        spot = Spot(name, code, lat, lon, count) if number else Spot(place, None, own_lat, own_lon, count)
        found += [spot] if spot.lat is not None else []
    return sorted(found, key=lambda spot: (-spot.count, spot.name))


Choices = Sequence[tuple[str, str]]


@remembered
def choices() -> tuple[Choices, Choices]:
    """(code, name) of the communes, then of the quarters, where something happens."""
    communes = {(place.town_sorted_by, place.town_code): place.town for place in places() if place.town_code}
    quarters = {(place.sorted_by, place.code): place.name for place in places()}
    return [[(code, names[name, code]) for name, code in sorted(names)] for names in (communes, quarters)]  # type: ignore
