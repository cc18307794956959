"""The territories that the dashboard can look at: the region, a département, a contract, an intermunicipality, a commune, a quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from citizen.db import db
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.words import N_
from citizen.places.contract_models import CityContract, contract_commune, contract_perimeter
from citizen.places.models import Commune, Intermunicipality, Perimeter, perimeter_commune, perimeter_intermunicipality
from citizen.places.queries import in_force
from citizen.places.rules import QUARTERS
from citizen.projects.models import Project
from citizen.region.queries import in_quarter, perimeter_ids, summer_in, versions_of
from citizen.region.rules import DEPARTEMENTS

WHOLE = N_("Toute la région")
Some = Any  # codes of communes or numbers of perimeters: asked of the database, or a tuple
OFFICER = Role.COMMUNE_OFFICER
APART = ("contrat", "quartier")  # looked at apart from the communes that hold them


@dataclass(frozen=True, eq=False)
class Territory:
    """``communes`` are taken whole; ``towns`` are those where it votes; ``perimeters`` every version of its quarters."""

    kind: str = ""
    code: str = ""
    name: str = WHOLE
    communes: Some = ()
    towns: Some = ()
    perimeters: Some = ()

    @property
    def key(self) -> str:
        """What the address says: « commune:59350 », « region »."""
        return f"{self.kind}:{self.code}" if self.kind else REGION

    def here(self) -> ColumnElement[bool]:
        """Projects of this territory; those of the summer count wherever they pass."""
        if not self.kind:
            return true()
        quarters = in_quarter(self.perimeters) if self.kind in APART else summer_in(self.perimeters)
        return Project.commune_code.in_(self.communes) | quarters

    def quarters(self) -> ColumnElement[bool]:
        """Its quarters in force today."""
        mine = Perimeter.id.in_(self.perimeters) if self.kind else true()
        return mine & in_force() & Perimeter.kind.in_(QUARTERS)

    def is_steered_by(self, actor: Actor) -> bool:
        """Officers of the Region everywhere; those of communes where nobody else has a part."""
        mine = {on.removeprefix("commune:") for on in actor.targets(OFFICER)}
        towns = self.towns if isinstance(self.towns, tuple) else ()
        return actor.holds(Role.REGION_OFFICER, REGION) or bool(towns and mine.issuperset(towns))


def find(key: str) -> Territory | None:
    """The territory of this key; None when nobody knows it, or it is not public."""
    kind, _colon, code = key.partition(":")
    if key in ("", REGION):
        return Territory()
    if kind == "departement":
        towns = select(Commune.code).where(Commune.departement == code)
        mine = select(Perimeter.id).where(Perimeter.departement == code)
        return Territory(kind, code, DEPARTEMENTS[code], towns, towns, mine) if code in DEPARTEMENTS else None
    return {"contrat": _contract, "epci": _group, "commune": _commune, "quartier": _quarter}.get(kind, lambda _code: None)(code)


def _group(code: str) -> Territory | None:
    group = db.session.get(Intermunicipality, code)
    towns = select(Commune.code).where(Commune.intermunicipality_siren == code)
    link = perimeter_commune.c
    mine = select(link.perimeter_id).where(link.commune_code.in_(towns))
    return group and Territory("epci", code, group.name, towns, towns, mine)


def _commune(code: str) -> Territory | None:
    town = db.session.get(Commune, code)
    return town and Territory("commune", code, town.name, (code,), (code,), perimeter_ids(code))


def _contract(code: str) -> Territory | None:
    contract = db.session.scalar(select(CityContract).where(CityContract.slug == code, CityContract.state == "published"))
    if contract is None:
        return None
    named = select(contract_commune.c.commune_code).where(contract_commune.c.contract_id == contract.id)
    held = select(contract_perimeter.c.perimeter_id).where(contract_perimeter.c.contract_id == contract.id)
    whole, perimeters = tuple(db.session.scalars(named)), tuple(db.session.scalars(held))
    return Territory("contrat", code, contract.title, whole, tuple({*whole, *_towns_of(perimeters)}), perimeters)


def _quarter(code: str) -> Territory | None:
    versions = [one for one in versions_of(code) if one.kind in QUARTERS]
    ids = tuple(one.id for one in versions)
    return Territory("quartier", code, versions[0].name, (), tuple(_towns_of(ids)), ids) if ids else None


def _towns_of(perimeters: Sequence[int]) -> Sequence[str]:
    link = perimeter_commune.c
    return db.session.scalars(select(link.commune_code).where(link.perimeter_id.in_(perimeters)).distinct()).all()


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be chosen, (kind's words, (key, name) of each): communes and intermunicipalities that hold a quarter in force."""
    held = select(Perimeter.id).where(in_force(), Perimeter.kind.in_(QUARTERS))
    link, group = perimeter_commune.c, perimeter_intermunicipality.c
    towns = select(Commune.code, Commune.name, Commune.departement).where(
        Commune.code.in_(select(link.commune_code).where(link.perimeter_id.in_(held)))
    )
    groups = select(Intermunicipality.siren, Intermunicipality.name).where(
        Intermunicipality.siren.in_(select(group.siren).where(group.perimeter_id.in_(held)))
    )
    contracts = select(CityContract.slug, CityContract.title).where(CityContract.state == "published")
    quarters = (
        select(Perimeter.code, Perimeter.name, func.min(Commune.name))
        .outerjoin(perimeter_commune, link.perimeter_id == Perimeter.id).outerjoin(Commune, Commune.code == link.commune_code)
        .where(Perimeter.id.in_(held)).group_by(Perimeter.id, Perimeter.code, Perimeter.name, Perimeter.search_name)
        .order_by(Perimeter.search_name, Perimeter.id)
    )  # fmt: skip
    run = db.session.execute
    return [
        (N_("Départements"), [(f"departement:{code}", name) for code, name in DEPARTEMENTS.items()]),
        (N_("Contrats de ville"), [(f"contrat:{slug}", title) for slug, title in run(contracts.order_by(CityContract.search_name))]),
        (N_("Intercommunalités"), [(f"epci:{siren}", name) for siren, name in run(groups.order_by(Intermunicipality.name))]),
        (N_("Communes"), [
            (f"commune:{code}", f"{name} ({departement})")
            for code, name, departement in run(towns.order_by(Commune.search_name, Commune.code))
        ]),
        (N_("Quartiers"), [(f"quartier:{code}", f"{name}, {town}" if town else name) for code, name, town in run(quarters)]),
    ]  # fmt: skip
