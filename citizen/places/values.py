"""The values of a territory's row, checked one by one; a value that cannot be kept raises BadRow with the reason."""

import itertools
import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from citizen.kernel.words import N_, Words
from citizen.places import geometry
from citizen.places.geometry import MultiPolygon, Outline, Ring
from citizen.places.rules import Kind

MOST_RESIDENTS = 10_000_000
LONGEST_NAME = 200
SMALLEST_SQUARE_DEGREES = 1e-10  # about one square metre


class BadRow(Exception):
    """A row cannot be kept; ``reason`` is a French sentence."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def unwrapped(cell: str) -> str:
    """A cell without the ="…" that keeps a spreadsheet from eating leading zeros."""
    return re.sub(r'="([^"]*)"', r"\1", cell).strip()


def checked(told: object) -> dict[str, Any]:
    """The row itself: an object, with as many cells as there are columns."""
    if isinstance(told, tuple):
        raise BadRow(Words("%(found)s colonnes au lieu de %(expected)s.", found=told[0], expected=told[1]))
    if not isinstance(told, dict):
        raise BadRow(N_("ce n’est pas un objet avec des propriétés."))
    return told


def text(value: object) -> str:
    """One line of printable text, perhaps empty."""
    found = " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not found.isprintable():
        raise BadRow(Words("%(value)s contient un caractère interdit.", value=ascii(found)))
    return found


def label(told: dict[str, Any], name: str) -> str:
    """A name that must be there."""
    found = text(told.get(name))
    if not 0 < len(found) <= LONGEST_NAME:
        raise BadRow(Words("%(name)s : un nom est attendu, de %(limit)d caractères au plus.", name=name, limit=LONGEST_NAME))
    return found


def _matching(value: object, pattern: str, reason: str) -> str:
    found = text(value)
    if not re.fullmatch(pattern, found, re.ASCII):
        raise BadRow(Words(reason, value=found))
    return found


def code(value: object) -> str:
    return _matching(value, r"[A-Za-z0-9-]{2,20}", N_("code du quartier illisible : « %(value)s »."))


def insee(value: object) -> str:
    return _matching(value, r"(\d\d|2[AB])\d{3}", N_("code de commune illisible : « %(value)s » (cinq chiffres, comme 02691)."))


def departement(value: object) -> str:
    return _matching(value, r"\d\d|2[AB]|97\d", N_("département illisible : « %(value)s »."))


def siren_number(value: object) -> str:
    return _matching(value, r"\d{9}", N_("SIREN illisible : « %(value)s » (neuf chiffres)."))


def siren(told: dict[str, Any], name: str) -> str:
    return siren_number(told.get(name))


def departement_of(insee_code: str) -> str:
    return insee_code[:3] if insee_code.startswith("97") else insee_code[:2]


def departement_told(quarter_code: str, communes: dict[str, str | None]) -> str:
    """The département of the first commune, else the one in an official code (QP059001, QN02A01M)."""
    if communes:
        return departement_of(next(iter(communes)))
    return quarter_code[2:5].removeprefix("0")


def kind(value: object) -> Kind:
    """Priority unless the row says otherwise."""
    try:
        return Kind(text(value)) if value else Kind.PRIORITY
    except ValueError:
        raise BadRow(Words("kind inconnu : « %(value)s » (%(known)s).", value=text(value), known=", ".join(Kind))) from None


def day(value: object) -> date | None:
    """A day as 2024-03-31 or 31/03/2024; None when the cell is empty."""
    found = text(value)
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", found, re.ASCII)
    written = f"{french[3]}-{french[2]:0>2}-{french[1]:0>2}" if french else found
    try:
        told = date.fromisoformat(written) if found else None
    except ValueError:
        told = date.min
    if told and not 1900 <= told.year <= 2200:
        raise BadRow(Words("date illisible : « %(value)s » (comme 2024-03-31).", value=found[:40]))
    return told


def names(value: object) -> tuple[str, ...]:
    """Several values in one cell, or in a list."""
    found = value if isinstance(value, list) else re.split(r"\|" if "|" in text(value) else ",", text(value))
    return tuple(filter(None, map(text, found)))


def paired(told: dict[str, Any], codes: str, labels: str, check: Callable[[object], str]) -> dict[str, str | None]:
    """Codes with their names, in the order told; names are left out when there are not as many."""
    found = names(told.get(codes))
    called = names(told.get(labels))
    return dict(zip(map(check, found), called if len(called) == len(found) else [None] * len(found), strict=True))


def postal_codes(value: object) -> tuple[str, ...]:
    if value is not None and not isinstance(value, list):
        raise BadRow(N_("codesPostaux : une liste est attendue."))
    return tuple(_matching(each, r"\d{5}", N_("code postal illisible : « %(value)s ».")) for each in value or [])


def population(told: dict[str, Any], *columns: str) -> int | None:
    """The residents, from the first of these columns that is filled; None when none is."""
    told_value = next((told[name] for name in columns if told.get(name) not in (None, "")), None)
    if told_value is None:
        return None
    is_whole = isinstance(told_value, float) and told_value.is_integer()
    found = text(int(told_value) if is_whole else told_value).replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,8}", found) or int(found) > MOST_RESIDENTS:
        raise BadRow(Words("population illisible : « %(value)s ».", value=str(told_value)[:40]))
    return int(found)


def _degrees(value: object, limit: int) -> float:
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not abs(found) <= limit:
        raise BadRow(Words("coordonnée illisible : %(value)s (degrés WGS84 attendus).", value=repr(value)[:40]))
    return found


def inner_point(told: dict[str, Any], outline: MultiPolygon | None) -> tuple[float | None, float | None]:
    """The point told, which the outline's box must hold; else one found inside the outline."""
    if told.get("lon") in (None, "") or told.get("lat") in (None, ""):
        return geometry.inner_point(outline) if outline else (None, None)
    lon, lat = _degrees(told["lon"], 180), _degrees(told["lat"], 90)
    if outline:
        west, south, east, north = Outline(outline).box
        if not (west <= lon <= east and south <= lat <= north):
            raise BadRow(Words("le point %(lon)s, %(lat)s est hors du contour.", lon=lon, lat=lat))
    return lon, lat


def outline(told: object) -> MultiPolygon | None:
    """The coordinates of a Polygon or MultiPolygon, checked; None when the row has no outline."""
    if told is None:
        return None
    kind_told = told.get("type") if isinstance(told, dict) else None
    if not isinstance(told, dict) or kind_told not in ("Polygon", "MultiPolygon"):
        raise BadRow(N_("contour illisible : un Polygon ou un MultiPolygon est attendu."))
    parts = told.get("coordinates") if kind_told == "MultiPolygon" else [told.get("coordinates")]
    return [[_ring(ring) for ring in _filled(part)] for part in _filled(parts)]


def _filled(value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise BadRow(N_("contour illisible : il manque des coordonnées."))
    return value


def _ring(value: object) -> Ring:
    """A closed line around a surface."""
    ring = [_place(place) for place in _filled(value)]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise BadRow(N_("contour illisible : un anneau a au moins quatre points et finit où il commence."))
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    if abs(twice) < 2 * SMALLEST_SQUARE_DEGREES:
        raise BadRow(N_("contour illisible : un anneau n’entoure aucune surface."))
    return ring


def _place(value: object) -> list[float]:
    if not isinstance(value, list) or len(value) < 2:
        raise BadRow(N_("contour illisible : un point est une longitude et une latitude."))
    return [_degrees(value[0], 180), _degrees(value[1], 90)]
