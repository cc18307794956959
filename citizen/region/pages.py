"""What the page of a place shows, whatever the place: what leads up and down, money, votes, dates, committees, who to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, exists, func, or_, select

from citizen import clock
from citizen.ballots.models import Poll
from citizen.ballots.showing import Face, face
from citizen.committees.models import AgendaItem, Session
from citizen.db import db
from citizen.funds.accounts import MOVES, OUT, in_accounts
from citizen.funds.models import Call, Fund, LedgerEntry, fund_commune, fund_perimeter
from citizen.nqe import season
from citizen.nqe.models import ProgrammeEvent
from citizen.people.models import Organisation
from citizen.places.contract_models import CityContract, contract_commune, contract_intermunicipality, contract_perimeter
from citizen.places.models import Commune, Intermunicipality, Perimeter, perimeter_commune
from citizen.places.queries import in_force
from citizen.places.rules import QUARTERS
from citizen.projects.models import Project
from citizen.projects.team_models import Helper
from citizen.region.queries import OpenCall, open_calls, supported
from citizen.region.territory import Territory

SHOWN = 8  # rows of each short list
MOST_CALLS, MOST_FUNDS = 20, 40


def of_funds(place: Territory) -> ColumnElement[bool]:
    """The funds of its own."""
    here = select(fund_perimeter.c.fund_id).where(fund_perimeter.c.perimeter_id.in_(place.perimeters))
    whole = select(fund_commune.c.fund_id).where(fund_commune.c.commune_code.in_(place.towns))
    return or_(Fund.commune_code.in_(place.towns), Fund.commune_code.is_(None) & (Fund.id.in_(here) | Fund.id.in_(whole)))


def everywhere() -> ColumnElement[bool]:
    """The funds that have no territory: they serve the whole region."""
    quarters, towns = (exists().where(link.c.fund_id == Fund.id) for link in (fund_perimeter, fund_commune))
    return Fund.commune_code.is_(None) & ~quarters & ~towns


def calls(place: Territory) -> list[OpenCall]:
    """What one may lodge in today, here or everywhere."""
    return open_calls(of_funds(place) | everywhere(), limit=MOST_CALLS)


@dataclass(frozen=True)
class Around:
    """What leads up and down from a place."""

    contracts: Sequence[CityContract]
    intermunicipalities: Sequence[Intermunicipality]
    communes: Sequence[Commune]
    quarters: Sequence[Perimeter]


def around(place: Territory) -> Around:
    """The contracts, intermunicipalities, communes and quarters of a place; of its own kind, itself."""
    return Around(*(db.session.scalars(read(place)).all() for read in (_contracts, _groups, _towns, _quarters)))


def _contracts(place: Territory) -> Select[CityContract]:
    held, named, led = contract_perimeter.c, contract_commune.c, contract_intermunicipality.c
    ways = or_(
        CityContract.id.in_(select(held.contract_id).where(held.perimeter_id.in_(place.perimeters))),
        CityContract.id.in_(select(named.contract_id).where(named.commune_code.in_(place.towns))),
        CityContract.id.in_(select(led.contract_id).where(led.siren == place.code)),
    )
    found = select(CityContract).where(CityContract.state == "published", ways)
    return found.order_by(CityContract.ends_on.desc(), CityContract.search_name, CityContract.id)


def _groups(place: Territory) -> Select[Intermunicipality]:
    sirens = select(Commune.intermunicipality_siren).where(Commune.code.in_(place.towns))
    found = select(Intermunicipality).where(Intermunicipality.siren.in_(sirens))
    return found.order_by(Intermunicipality.name, Intermunicipality.siren)


def _towns(place: Territory) -> Select[Commune]:
    return select(Commune).where(Commune.code.in_(place.towns)).order_by(Commune.search_name, Commune.code)


def _quarters(place: Territory) -> Select[Perimeter]:
    """Those in force on top."""
    found = select(Perimeter).where(Perimeter.id.in_(place.perimeters), Perimeter.kind.in_(QUARTERS))
    return found.order_by(Perimeter.valid_until.is_not(None), Perimeter.valid_from.desc(), Perimeter.search_name, Perimeter.id)


class Listed(NamedTuple):
    """A quarter in force in one of its communes; ``siren`` is empty where the intermunicipality is not known."""

    departement: str
    group: str
    siren: str
    town: str
    town_code: str
    quarter: str
    code: str


def listed() -> list[Listed]:
    """Every quarter in force, by département, intermunicipality, commune and name."""
    group = Intermunicipality
    query = (
        select(
            Commune.departement, func.coalesce(group.name, ""), func.coalesce(group.siren, ""), Commune.name, Commune.code,
            Perimeter.name, Perimeter.code,
        )
        .join(perimeter_commune, perimeter_commune.c.commune_code == Commune.code)
        .join(Perimeter, Perimeter.id == perimeter_commune.c.perimeter_id)
        .outerjoin(group, group.siren == Commune.intermunicipality_siren)
        .where(Perimeter.kind.in_(QUARTERS), in_force())
        .order_by(Commune.departement, group.name, Commune.search_name, Commune.code, Perimeter.search_name, Perimeter.code)
    )  # fmt: skip
    return [Listed(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class Money:
    """What one scheme does here: public projects, those supported, euros granted to them and paid, less what came back."""

    scheme: str
    count: int
    supported: int
    granted_cents: int
    paid_cents: int


def _mine(place: Territory, *columns: Any) -> CTE:
    """``columns`` of the supported projects of a place: they are few, and found first whatever they are then joined to."""
    return select(*columns).where(supported(), place.here()).cte().prefix_with("MATERIALIZED")


def money(place: Territory) -> list[Money]:
    """By scheme, in the order people know them; a scheme without a public project is left out."""
    counted = (
        select(Project.scheme, func.count(), func.count().filter(supported()), func.sum(Project.granted_cents).filter(supported()))
        .where(Project.is_public.is_(True), place.here())
        .group_by(Project.scheme)
    )  # fmt: skip
    mine = _mine(place, Project.id, Project.scheme)
    moved = (
        select(mine.c.scheme, LedgerEntry.kind, func.sum(LedgerEntry.amount_cents))
        .select_from(mine.join(LedgerEntry, LedgerEntry.project_id == mine.c.id))
        .where(LedgerEntry.kind.in_([kind for kind, ends in MOVES.items() if set(ends) & set(OUT)]))
        .group_by(mine.c.scheme, LedgerEntry.kind)
    )
    paid: dict[str, dict[str, int]] = {}
    for scheme, kind, cents in db.session.execute(moved):
        paid.setdefault(scheme, {})[kind] = int(cents)
    found = [
        Money(scheme, count, kept, int(cents or 0), in_accounts(paid.get(scheme, {}), OUT))
        for scheme, count, kept, cents in db.session.execute(counted)
    ]
    order = ("pic", "ftu", "nqe", "idea")
    return sorted(found, key=lambda one: order.index(one.scheme) if one.scheme in order else len(order))


def polls(place: Territory) -> list[Face]:
    """The votes of its funds, the one that closes last on top: announced, open, counted."""
    query = select(Poll).join(Call, Call.id == Poll.call_id).join(Fund, Fund.id == Call.fund_id).where(of_funds(place))
    return [face(poll) for poll in db.session.scalars(query.order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(SHOWN))]


@dataclass(frozen=True)
class Date:
    """One date of the season to come; ``count`` is how many there are in all."""

    id: int
    title: str
    on: date
    starts_at: time
    status: str
    place: str
    quarter: str | None
    count: int


def dates(place: Territory) -> list[Date]:
    """What the season brings here from today on, the first to happen on top."""
    event = ProgrammeEvent
    columns = (event.id, event.title, event.on, event.starts_at, event.status, event.place, Perimeter.name, func.count().over())
    query = season.held(*columns).outerjoin(Perimeter, Perimeter.id == event.perimeter_id)
    happens = event.perimeter_id.in_(place.perimeters) | event.perimeter_id.is_(None) & Project.commune_code.in_(place.communes)
    coming = season.condition(season.Asked(first=clock.today()))
    rows = db.session.execute(query.where(coming, happens).order_by(event.on, event.starts_at, event.id).limit(SHOWN))
    return [Date(*row) for row in rows]


@dataclass(frozen=True)
class Sitting:
    """A committee's session to come, without a name: when, where, how many projects it will hear."""

    held_at: datetime
    place: str
    fund_id: int
    fund: str
    slug: str
    scheme: str
    items: int


def sittings(place: Territory) -> list[Sitting]:
    """Sessions of the committees of here, the next first."""
    heard = select(func.count()).where(AgendaItem.session_id == Session.id, AgendaItem.left_at.is_(None)).scalar_subquery()
    query = (
        select(Session.held_at, Session.place, Fund.id, Fund.title, Fund.slug, Fund.scheme, heard)
        .join(Fund, Fund.id == Session.fund_id)
        .where(of_funds(place), Session.held_at >= clock.now(), Session.closed_at.is_(None))
        .order_by(Session.held_at, Session.id)
    )
    return [Sitting(*row) for row in db.session.execute(query.limit(SHOWN))]


@dataclass(frozen=True)
class Contact:
    """A fund of here, who keeps it, and how everybody may reach them."""

    fund_id: int
    scheme: str
    slug: str
    fund: str
    organisation: str
    contact: str


def contacts(place: Territory) -> list[Contact]:
    """The funds that serve this place: its own on top, then those of the whole region."""
    query = (
        select(Fund.id, Fund.scheme, Fund.slug, Fund.title, Organisation.name, Organisation.contact)
        .join(Organisation, Organisation.id == Fund.organisation_id)
        .where(of_funds(place) | everywhere())
        .order_by(everywhere(), Fund.scheme, Fund.title, Fund.id)
    )
    return [Contact(*row) for row in db.session.execute(query.limit(MOST_FUNDS))]


@dataclass(frozen=True)
class Help:
    """Who has done it here: (name, contact, supported projects) of associations, and how many teams write with a helper."""

    associations: Sequence[tuple[str, str, int]]
    helped: int


def help_near(place: Territory) -> Help:
    """Only organisations are named."""
    mine = _mine(place, Project.organisation_id)
    known = (
        select(Organisation.name, Organisation.contact, func.count())
        .select_from(mine.join(Organisation, Organisation.id == mine.c.organisation_id))
        .where(Organisation.kind == "association")
        .group_by(Organisation.id, Organisation.name, Organisation.contact)
        .order_by(func.count().desc(), Organisation.name, Organisation.id)
    )
    helped = (
        select(func.count(Helper.project_id.distinct()))
        .join(Project, Project.id == Helper.project_id)
        .where(Helper.consented_at.is_not(None), Project.is_public.is_(True), place.here())
    )
    return Help(
        [(name, contact, count) for name, contact, count in db.session.execute(known.limit(SHOWN))],
        db.session.scalar(helped) or 0,
    )
