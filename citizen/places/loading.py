"""Rows of the territory's files put into the database: what is new, what changed, what a file does not say stays."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload, undefer

from citizen.db import db
from citizen.kernel.words import N_, Words
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.reading import CommuneRow, Content, IntermunicipalityRow, PerimeterRow, Problem, Refused
from citizen.places.rules import Kind, searchable
from citizen.places.towns import Towns

Count = Callable[[], None]
Days = tuple[date, date | None]


@dataclass
class Imported:
    """What one file changed: counts of its rows, communes linked to their intermunicipality, earlier perimeters ended."""

    file: str
    content: Content
    version: str = ""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    linked: int = 0
    closed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return bool(self.created or self.updated or self.linked or self.closed)


def _keep(model: Any, known: Any, told: dict[str, Any], report: Imported) -> Any:
    """The row, made or brought up to date with what is told."""
    if known is None:
        known = model(**told)
        db.session.add(known)
        report.created += 1
        return known
    changes = {name: value for name, value in told.items() if _differ(getattr(known, name), value)}
    for name, value in changes.items():
        setattr(known, name, value)
    report.updated += bool(changes)
    report.unchanged += not changes
    return known


def _differ(one: Any, other: Any) -> bool:
    is_linked = isinstance(other, list) and other and isinstance(other[0], db.Model)
    return set(one) != set(other) if is_linked else one != other


def _said(**told: Any) -> dict[str, Any]:
    """What a row really says: a file without outlines or residents erases none."""
    return {name: value for name, value in told.items() if value is not None and value != []}


def load_intermunicipalities(rows: list[IntermunicipalityRow], _days: Days, report: Imported, count: Count) -> None:
    """Intermunicipalities, and the communes already known linked to theirs."""
    known = {found.siren: found for found in db.session.scalars(select(Intermunicipality))}
    communes = {found.code: found for found in db.session.scalars(select(Commune))}
    for row in rows:
        told = _said(siren=row.siren, name=row.name, kind=row.kind, population=row.population)
        _keep(Intermunicipality, known.get(row.siren), told, report)
        for code in row.members:
            if code in communes and communes[code].intermunicipality_siren != row.siren:
                communes[code].intermunicipality_siren = row.siren
                report.linked += 1
        count()


def load_communes(rows: list[CommuneRow], _days: Days, report: Imported, count: Count) -> None:
    """Communes, linked to the intermunicipalities already known."""
    known = {found.code: found for found in db.session.scalars(select(Commune))}
    sirens = set(db.session.scalars(select(Intermunicipality.siren)))
    for row in rows:
        told = _said(
            code=row.code, name=row.name, search_name=searchable(row.name), departement=row.departement, siren=row.siren,
            population=row.population, postal_codes=list(row.postal_codes),
            intermunicipality_siren=row.intermunicipality_siren if row.intermunicipality_siren in sirens else None,
        )  # fmt: skip
        _keep(Commune, known.get(row.code), told, report)
        count()
    if any(row.intermunicipality_siren not in sirens for row in rows if row.intermunicipality_siren):
        report.notes.append(N_("Des intercommunalités ne sont pas encore connues : importez aussi leur fichier."))


def load_perimeters(rows: list[PerimeterRow], days: Days, report: Imported, count: Count) -> None:
    """One version of perimeters, in force during ``days``; where it replaces an earlier one, that one ends the day before."""
    first, last = days
    kinds = {row.kind for row in rows}
    towns = Towns(rows)
    known = _of_version(report.version, kinds)
    for row in rows:
        same, communes = known.get((row.code, row.kind)), towns.of(row)
        if same and same.valid_until and same.valid_until < first:
            reason = Words("ce périmètre finit déjà le %(day)s, avant le %(first)s.", day=same.valid_until, first=first)
            raise Refused([Problem(row.number, reason, row.is_line)])
        told = _said(
            code=row.code, name=row.name, search_name=searchable(row.name), kind=row.kind.value, version=report.version,
            valid_from=first, valid_until=None if same else last, departement=row.departement, population=row.population,
            lon=row.lon, lat=row.lat, outline=row.outline, communes=communes, intermunicipalities=towns.around(row, communes),
        )  # fmt: skip
        _keep(Perimeter, same, told, report)
        count()
    report.notes += towns.notes()
    report.closed = _end_replaced(kinds)


def _of_kinds(kinds: set[Kind]) -> Select[Perimeter]:
    return select(Perimeter).where(Perimeter.kind.in_(kinds)).options(selectinload(Perimeter.communes))


def _of_version(version: str, kinds: set[Kind]) -> dict[tuple[str, str], Perimeter]:
    """The perimeters already known of this version, whole, by code and kind."""
    query = _of_kinds(kinds).where(Perimeter.version == version)
    whole = query.options(selectinload(Perimeter.intermunicipalities), undefer(Perimeter.outline))
    return {(found.code, found.kind): found for found in db.session.scalars(whole)}


def _areas(perimeter: Perimeter) -> list[tuple[str, str]]:
    """Where a version replaces another: priority quarters by département (a decree redraws them all), the others by commune."""
    if perimeter.kind == Kind.PRIORITY:
        return [(perimeter.kind, perimeter.departement)]
    return [(perimeter.kind, commune.code) for commune in perimeter.communes]


def _end_replaced(kinds: set[Kind]) -> int:
    """Ends each perimeter the day before another version begins in its area; tells how many changed."""
    db.session.flush()
    perimeters = db.session.scalars(_of_kinds(kinds)).all()
    begins = defaultdict(set)
    for perimeter in perimeters:
        for area in _areas(perimeter):
            begins[area].add((perimeter.valid_from, perimeter.version))
    ended = 0
    for perimeter in perimeters:
        after = [day for area in _areas(perimeter) for day, version in begins[area] if version != perimeter.version]
        last = min((day - timedelta(days=1) for day in after if day > perimeter.valid_from), default=None)
        if last and (perimeter.valid_until is None or perimeter.valid_until > last):
            perimeter.valid_until = last
            ended += 1
    return ended
