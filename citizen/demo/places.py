"""The demonstration's territory: real quarters by name, with invented outlines, streets and squares."""

import random
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from citizen.db import db
from citizen.places import services as places
from citizen.places.geometry import Outline
from citizen.places.models import Perimeter

TERRITORY = Path(__file__).with_name("territory.geojson")
IN_FORCE_SINCE = date(2024, 1, 1)

# (place, « de » form): names that many towns have.
SPOTS = (
    ("rue des Lilas", "de la rue des Lilas"), ("square des Tilleuls", "du square des Tilleuls"), ("place du Kiosque", "de la place du Kiosque"),
    ("allée des Saules", "de l’allée des Saules"), ("cour du Beffroi", "de la cour du Beffroi"), ("rue de la Brasserie", "de la rue de la Brasserie"),
    ("résidence du Moulin", "de la résidence du Moulin"), ("rue du Filage", "de la rue du Filage"), ("placette des Roses", "de la placette des Roses"),
    ("quai des Mariniers", "du quai des Mariniers"), ("bloc Mimosa", "du bloc Mimosa"), ("rue des Tisserands", "de la rue des Tisserands"),
    ("cité des Houblons", "de la cité des Houblons"), ("passage du Puits", "du passage du Puits"), ("rue de l’École", "de la rue de l’École"),
)  # fmt: skip
_MASCULINE = ("Chemin", "Cœur", "Centre", "Boulevard", "Faubourg")


@dataclass(frozen=True)
class Spot:
    """A street or a square of a quarter; ``de`` is how a title says it."""

    quarter: "Quarter"
    place: str
    de: str
    lon: float
    lat: float


@dataclass
class Quarter:
    """A quarter of the territory, and the places in it that were not used yet."""

    perimeter_id: int
    name: str
    commune: str
    commune_name: str
    lon: float
    lat: float
    outline: Outline
    _numbers: "count[int]" = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = count(self.perimeter_id * 4)  # each quarter begins elsewhere in the list

    def spot(self, dice: random.Random) -> Spot:
        """Another place of the quarter, inside its outline."""
        place, de = SPOTS[next(self._numbers) % len(SPOTS)]
        lon, lat = (round(centre + dice.uniform(-0.002, 0.002), 5) for centre in (self.lon, self.lat))
        if not self.outline.contains(lon, lat):
            lon, lat = self.lon, self.lat
        return Spot(self, place, de, lon, lat)

    def titled(self, words: str) -> str:
        """« La plage {de} » -> « La plage des Oliveaux »."""
        return words.format(name=self.name, at=_with("à", self.name), de=_with("de", self.name))


def _with(preposition: str, name: str) -> str:
    """The name after « à » or « de », contracted as French does."""
    article, _space, rest = name.partition(" ")
    is_at = preposition == "à"
    if article == "Les":
        return f"{'aux' if is_at else 'des'} {rest}"
    if article == "La":
        return f"{preposition} la {rest}"
    if article == "Le" or name.startswith(_MASCULINE):
        return f"{'au' if is_at else 'du'} {rest if article == 'Le' else name}"
    return f"à {name}" if is_at else f"d’{name}" if name[0] in "AEIOUÉ" else f"de {name}"


def import_territory() -> dict[str, Quarter]:
    """Puts the territory in place; its quarters by name."""
    places.import_file(TERRITORY, version="2024", valid_from=IN_FORCE_SINCE)
    whole = (selectinload(Perimeter.communes), undefer(Perimeter.outline))
    rows = db.session.scalars(select(Perimeter).where(Perimeter.lon.is_not(None)).options(*whole).order_by(Perimeter.code))
    return {row.name: _quarter(row) for row in rows}


def _quarter(row: Perimeter) -> Quarter:
    commune = row.communes[0]
    assert row.lon is not None
    assert row.lat is not None
    return Quarter(row.id, row.name, commune.code, commune.name, row.lon, row.lat, Outline(row.outline or []))
