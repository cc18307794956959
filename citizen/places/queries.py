"""Finding places: a point among the perimeters, a commune or a quarter by its name."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select, union
from sqlalchemy.orm import selectinload, undefer
from sqlalchemy.sql import Executable, Select, Subquery

from citizen import clock
from citizen.db import db
from citizen.places import index
from citizen.places.contract_models import CityContract, RenewalSite, contract_commune, contract_perimeter
from citizen.places.geometry import Placed, locate_among
from citizen.places.models import Commune, Intermunicipality, Perimeter, perimeter_commune, perimeter_intermunicipality
from citizen.places.rules import QUARTERS, Kind, Located, searchable


def locate(
    lon: float, lat: float, on: date | None = None, *, near_metres: float | None = None, kinds: Sequence[Kind] = QUARTERS
) -> Located:
    """Where the point stands among the perimeters of ``kinds`` in force on that day (today); WGS84 degrees.

    ``near_metres`` is the site's setting unless told. ``perimeter_id`` is None when outside: the rest then names the nearest.
    """
    day = on or clock.today()
    near = current_app.config["SETTINGS"].near_limit_metres if near_metres is None else near_metres
    in_force = [perimeter for perimeter in index.placed(kinds) if perimeter.is_in_force(day)]
    return locate_among(in_force, lon, lat, near_metres=near)


def in_force(on: date | None = None) -> ColumnElement[bool]:
    """The condition that a perimeter is in force on that day (today)."""
    day = on or clock.today()
    return and_(Perimeter.valid_from <= day, or_(Perimeter.valid_until.is_(None), Perimeter.valid_until >= day))


def commune(code: str) -> Commune | None:
    """The commune with this INSEE code."""
    return db.session.get(Commune, code)


def perimeter_by_code(code: str, on: date | None = None) -> Perimeter | None:
    """The perimeter of this code: the version in force on that day (today), else the latest."""
    found = select(Perimeter).where(Perimeter.code == code).options(selectinload(Perimeter.communes))
    latest = found.order_by(case((in_force(on), 0), else_=1), Perimeter.valid_from.desc(), Perimeter.id)
    return db.session.scalars(latest).first()


def perimeters_of(commune_code: str, on: date | None = None) -> Sequence[Perimeter]:
    """The perimeters that touch this commune, in force on that day (today)."""
    query = _perimeters().join(perimeter_commune).where(perimeter_commune.c.commune_code == commune_code, in_force(on))
    return db.session.scalars(query).all()


def perimeters_in_force(on: date | None = None, *, kinds: Sequence[Kind] = QUARTERS) -> Sequence[Perimeter]:
    """Every perimeter of these kinds in force on that day (today), with its communes."""
    return db.session.scalars(_perimeters().where(Perimeter.kind.in_(kinds), in_force(on))).all()


def _perimeters() -> Select[Perimeter]:
    return select(Perimeter).options(selectinload(Perimeter.communes)).order_by(Perimeter.search_name, Perimeter.id)


def communes_matching(text: str, limit: int = 10) -> Sequence[Commune]:
    """The communes of this name or postal code: the exact name first, then those that begin so, then those that hold it."""
    sought = _sought(text)
    if not sought:
        return []
    matches: ColumnElement[bool] = Commune.search_name.contains(sought)
    if sought.isascii() and sought.isdigit():
        matches = or_(cast(Commune.postal_codes, Text).contains(f'"{sought}'), Commune.code.startswith(sought))
    biggest = Commune.population.desc().nulls_last()
    ordered = select(Commune).where(matches).order_by(_nearness(Commune.search_name, sought), biggest, Commune.code)
    return db.session.scalars(ordered.limit(limit)).all()


def perimeters_matching(text: str, limit: int = 10, on: date | None = None) -> Sequence[Perimeter]:
    """The quarters of this name or code in force on that day (today), in the same order as the communes."""
    sought = _sought(text)
    if not sought:
        return []
    matches = or_(Perimeter.search_name.contains(sought), func.lower(Perimeter.code) == sought)
    found = select(Perimeter).where(matches, Perimeter.kind.in_(QUARTERS), in_force(on))
    ordered = found.order_by(_nearness(Perimeter.search_name, sought), Perimeter.search_name, Perimeter.id)
    return db.session.scalars(ordered.limit(limit).options(selectinload(Perimeter.communes))).all()


def contracts_matching(text: str, limit: int = 10) -> Sequence[CityContract]:
    """The published contracts whose name holds these words, or begins so, or is so."""
    sought = _sought(text)
    if not sought:
        return []
    found = select(CityContract).where(CityContract.search_name.contains(sought), CityContract.state == "published")
    ordered = found.order_by(_nearness(CityContract.search_name, sought), CityContract.search_name, CityContract.id)
    return db.session.scalars(ordered.limit(limit)).all()


def intermunicipalities_matching(text: str, limit: int = 10) -> list[Intermunicipality]:
    """The intermunicipalities of this name or SIREN; they are few, and read whole."""
    sought = _sought(text)
    known = db.session.scalars(select(Intermunicipality).order_by(Intermunicipality.name)) if sought else ()
    return [one for one in known if sought in searchable(one.name) or sought == one.siren][:limit]


def _sought(text: str) -> str:
    """What is typed, as names are kept (only letters, digits and spaces); « st » and « ste » are said in full."""
    words = {"st": "saint", "ste": "sainte"}
    return " ".join(words.get(word, word) for word in searchable(text[:200]).split())


def _nearness(name: Any, sought: str) -> ColumnElement[int]:
    return case((name == sought, 0), (name.startswith(sought), 1), else_=2)


def contracts(*, with_drafts: bool = False) -> Sequence[CityContract]:
    """Every city contract that is published, or all of them, by name, with its intermunicipalities."""
    query = select(CityContract).options(selectinload(CityContract.intermunicipalities))
    if not with_drafts:
        query = query.where(CityContract.state == "published")
    return db.session.scalars(query.order_by(CityContract.search_name, CityContract.id)).all()


def contract(slug: str) -> CityContract | None:
    """The contract of this address, published or not, with all that it holds."""
    return _whole_contract(CityContract.slug == slug)


def contract_whole(contract_id: int) -> CityContract | None:
    """The same, by its number."""
    return _whole_contract(CityContract.id == contract_id)


def _whole_contract(wanted: ColumnElement[bool]) -> CityContract | None:
    lists = CityContract.intermunicipalities, CityContract.communes, CityContract.signatories
    quarters = selectinload(CityContract.perimeters).selectinload(Perimeter.communes)
    sites = selectinload(CityContract.renewal_sites).selectinload(RenewalSite.perimeters)
    return db.session.scalar(select(CityContract).where(wanted).options(*map(selectinload, lists), quarters, sites))


def quarters_around(sirens: Sequence[str], on: date | None = None) -> Sequence[Perimeter]:
    """The quarters of these intermunicipalities in force on that day (today), with their communes."""
    link = perimeter_intermunicipality.c
    here = select(link.perimeter_id).where(link.siren.in_(sirens))
    query = _perimeters().where(Perimeter.id.in_(here), Perimeter.kind.in_(QUARTERS), in_force(on))
    return db.session.scalars(query).all()


def communes_of(sirens: Sequence[str]) -> Sequence[Commune]:
    """The communes of these intermunicipalities, by name."""
    query = select(Commune).where(Commune.intermunicipality_siren.in_(sirens))
    return db.session.scalars(query.order_by(Commune.search_name, Commune.code)).all()


def intermunicipality_choices() -> list[tuple[str, str]]:
    """(SIREN, name) of every intermunicipality, for a form."""
    query = select(Intermunicipality.siren, Intermunicipality.name)
    return [
        (siren, name) for siren, name in db.session.execute(query.order_by(Intermunicipality.name, Intermunicipality.siren))
    ]


def contract_communes() -> Subquery:
    """(contract_id, commune_code) of each contract: those it names, and those of its perimeters."""
    named = select(contract_commune.c.contract_id, contract_commune.c.commune_code)
    here = contract_perimeter.c.perimeter_id == perimeter_commune.c.perimeter_id
    around = select(contract_perimeter.c.contract_id, perimeter_commune.c.commune_code).join(perimeter_commune, here)
    return union(named, around).subquery()


def contracts_of(perimeter_ids: Select[int] | Sequence[int], on: date | None = None) -> Sequence[CityContract]:
    """The published contracts that hold one of these perimeters and are not over that day (today)."""
    day = on or clock.today()
    held = select(contract_perimeter.c.contract_id).where(contract_perimeter.c.perimeter_id.in_(perimeter_ids))
    lasts = or_(CityContract.ends_on.is_(None), CityContract.ends_on >= day)
    found = select(CityContract).where(CityContract.id.in_(held), CityContract.state == "published", lasts)
    return db.session.scalars(found.order_by(CityContract.search_name, CityContract.id)).all()


def commune_choices(*, with_quarters: bool = False) -> list[tuple[str, str]]:
    """(INSEE code, name) of every commune, or of those with a quarter in force, for a form."""
    query = select(Commune.code, Commune.name, Commune.departement).order_by(Commune.search_name, Commune.code)
    if with_quarters:
        held = select(perimeter_commune.c.commune_code).join(Perimeter).where(Perimeter.kind.in_(QUARTERS), in_force())
        query = query.where(Commune.code.in_(held))
    return [(code, f"{name} ({departement})") for code, name, departement in db.session.execute(query)]


def quarter_choices(commune_code: str | None = None, on: date | None = None) -> list[tuple[int, str]]:
    """(perimeter id, « Étouvie, Amiens ») of the quarters in force, of one commune or of all, by commune, for a form."""
    found = perimeters_of(commune_code, on) if commune_code else perimeters_in_force(on)
    labels = [
        (", ".join(town.name for town in place.communes), place.name, place.id) for place in found if place.kind in QUARTERS
    ]
    return [(id_, f"{name}, {towns}" if towns else name) for towns, name, id_ in sorted(labels)]


def drawn(commune_code: str | None = None, on: date | None = None) -> list[Placed]:
    """The outlines in force: every quarter's, or all those that touch one commune."""
    if commune_code is None:
        day = on or clock.today()
        return [perimeter for perimeter in index.placed(QUARTERS) if perimeter.is_in_force(day)]
    query = _perimeters().join(perimeter_commune).where(perimeter_commune.c.commune_code == commune_code, in_force(on))
    with_outline = query.where(Perimeter.outline.is_not(None)).options(undefer(Perimeter.outline))
    return [index.as_placed(row) for row in db.session.scalars(with_outline)]


def summary() -> dict[str, Any]:
    """Counts of perimeters by kind, version and département, with their residents; and how many communes there are."""
    shared = (Perimeter.kind, Perimeter.version)
    figures = (func.count().label("count"), func.coalesce(func.sum(Perimeter.population), 0).label("residents"))
    by_departement = select(*shared, Perimeter.departement, *figures).group_by(*shared, Perimeter.departement)
    days = (func.min(Perimeter.valid_from).label("valid_from"), func.max(Perimeter.valid_until).label("valid_until"))
    by_version = select(*shared, *figures, *days).group_by(*shared)
    return {
        "versions": _plain(by_version.order_by(*shared)),
        "perimeters": _plain(by_departement.order_by(*shared, Perimeter.departement)),
        "communes": db.session.scalar(select(func.count()).select_from(Commune)),
        "intermunicipalities": db.session.scalar(select(func.count()).select_from(Intermunicipality)),
    }


def _plain(query: Executable) -> list[dict[str, Any]]:
    """The rows as JSON can hold them: days as text, sums as whole numbers."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else int(value) if isinstance(value, Decimal) else value

    return [{name: plain(value) for name, value in row.items()} for row in db.session.execute(query).mappings()]
