"""The outlines kept in memory by this process, read again as soon as an import changed them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import undefer

from citizen.db import db
from citizen.places.geometry import Outline, Placed
from citizen.places.models import Perimeter, TerritoryStamp
from citizen.places.rules import Kind

_kept: dict[Kind, tuple[str, list[Placed]]] = {}


def stamp() -> str:
    """A word that changes with every import, in whatever process; empty when nothing was ever imported."""
    return db.session.scalar(select(TerritoryStamp.value)) or ""


def placed(kinds: Iterable[Kind]) -> list[Placed]:
    """Every perimeter of these kinds that has an outline, whatever its days in force."""
    now = stamp()
    return [perimeter for kind in kinds for perimeter in _placed(kind, now)]


def _placed(kind: Kind, now: str) -> list[Placed]:
    known = _kept.get(kind)
    if known and known[0] == now:
        return known[1]
    rows = db.session.scalars(
        select(Perimeter)
        .where(Perimeter.kind == kind, Perimeter.outline.is_not(None))
        .options(undefer(Perimeter.outline))
        .order_by(Perimeter.id)
    )
    found = [as_placed(row) for row in rows]
    if now:  # the stamp was read before the rows: at worst they are newer than it says, and are read once more
        _kept[kind] = (now, found)
    return found


def as_placed(row: Perimeter) -> Placed:
    """A row as finding and drawing want it; it must have an outline."""
    outline = Outline(row.outline or [])
    return Placed(row.id, row.code, row.name, Kind(row.kind), row.version, row.valid_from, row.valid_until, outline)
