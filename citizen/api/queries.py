"""What the API reads: the rows of each list under its filters, and one thing by its number or code, as the pages show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from citizen import clock
from citizen.api.rules import code_at, number_at
from citizen.ballots.models import Poll
from citizen.ballots.rules import Moment
from citizen.db import db
from citizen.funds.models import Call, Fund, Ruleset
from citizen.nqe import agenda, season
from citizen.nqe.models import ProgrammeEvent
from citizen.places import queries as places
from citizen.places.contract_models import CityContract, contract_perimeter
from citizen.places.models import Commune, Intermunicipality, Perimeter, perimeter_commune
from citizen.places.queries import in_force
from citizen.places.rules import QUARTERS
from citizen.projects.models import Project
from citizen.region import publishing
from citizen.region import queries as region
from citizen.region.rules import Asked, Initiative


@dataclass(frozen=True)
class Wanted:
    """What is asked of a list: its filters, where to go on, and how many at most."""

    limit: int
    cursor: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    def after(self, column: Any) -> ColumnElement[bool]:
        """Numbers or codes beyond the cursor, in growing order."""
        if not self.cursor:
            return true()
        return column > (number_at if column.type.python_type is int else code_at)(self.cursor)

    def before(self, column: Any) -> ColumnElement[bool]:
        """The same, the newest first."""
        return column < number_at(self.cursor) if self.cursor else true()

    def equal(self, **columns: Any) -> ColumnElement[bool]:
        """The filters that ask for a value of a column."""
        return and_(true(), *(column == self.given[name] for name, column in columns.items() if name in self.given))

    def read(self, query: Select[Any], order: Any) -> Sequence[Any]:
        """Its rows, in this order."""
        return db.session.scalars(query.order_by(order).limit(self.limit)).unique().all()


def initiatives(wanted: Wanted) -> list[Initiative]:
    """Projects that the Region publishes, the newest first."""
    given = wanted.given
    asked = Asked(
        dispositif=given.get("dispositif", ""), departement=given.get("departement", ""), commune=given.get("commune", ""),
        quartier=given.get("quartier", ""), annee=str(given.get("annee", "")),
    )  # fmt: skip
    return list(publishing.addressed(region.asked_for(asked) & wanted.before(Project.id), limit=wanted.limit))


def initiative(number: int) -> Initiative | None:
    return next(publishing.addressed(and_(region.published(), Project.id == number)), None)


def communes(wanted: Wanted) -> Sequence[Commune]:
    found = select(Commune).where(wanted.equal(departement=Commune.departement), wanted.after(Commune.code))
    return wanted.read(found, Commune.code)


def commune(code: str) -> Commune | None:
    return db.session.get(Commune, code)


def intermunicipalities(wanted: Wanted) -> Sequence[Intermunicipality]:
    key = Intermunicipality.siren
    return wanted.read(select(Intermunicipality).where(wanted.after(key)), key)


def intermunicipality(siren: str) -> Intermunicipality | None:
    return db.session.get(Intermunicipality, siren)


def quarters(wanted: Wanted) -> Sequence[Perimeter]:
    """Each quarter once, by its newest outline."""
    other, mine = aliased(Perimeter), Perimeter
    newer = or_(other.valid_from > mine.valid_from, and_(other.valid_from == mine.valid_from, other.id < mine.id))
    conditions = [mine.kind.in_(QUARTERS), ~exists().where(other.code == mine.code, newer), wanted.after(mine.code)]
    conditions.append(wanted.equal(departement=mine.departement, type=mine.kind))
    if "commune" in wanted.given:
        held = select(perimeter_commune.c.perimeter_id).where(perimeter_commune.c.commune_code == wanted.given["commune"])
        conditions.append(mine.id.in_(held))
    if "en_vigueur" in wanted.given:
        is_asked = wanted.given["en_vigueur"] == "oui"
        conditions.append(in_force() if is_asked else ~in_force())
    return wanted.read(select(mine).where(*conditions).options(selectinload(mine.communes)), mine.code)


def versions(code: str) -> Sequence[Perimeter]:
    """Every outline of a quarter, the newest first."""
    return [version for version in region.versions_of(code) if version.kind in QUARTERS]


def contracts(wanted: Wanted) -> Sequence[CityContract]:
    """The city contracts that the Region publishes, with the codes of what each holds."""
    conditions = [CityContract.state == "published", wanted.after(CityContract.id)]
    if "commune" in wanted.given:
        held = places.contract_communes().c
        conditions.append(CityContract.id.in_(select(held.contract_id).where(held.commune_code == wanted.given["commune"])))
    if "quartier" in wanted.given:
        code = Perimeter.code == wanted.given["quartier"]
        conditions.append(CityContract.id.in_(select(contract_perimeter.c.contract_id).join(Perimeter).where(code)))
    quarters = selectinload(CityContract.perimeters).load_only(Perimeter.code).selectinload(Perimeter.communes)
    parts = selectinload(CityContract.intermunicipalities), selectinload(CityContract.communes), quarters
    return wanted.read(select(CityContract).where(*conditions).options(*parts), CityContract.id)


def contract(number: int) -> CityContract | None:
    found = places.contract_whole(number)
    return found if found and found.is_public else None


def _fund_with_parts() -> tuple[ORMOption, ...]:
    """Asked for once every model is known."""
    return (
        joinedload(Fund.organisation),
        selectinload(Fund.rulesets).options(load_only(Ruleset.fund_id, Ruleset.version, Ruleset.adopted_on, Ruleset.act_reference)),
        selectinload(Fund.perimeters).options(load_only(Perimeter.code)),
        selectinload(Fund.communes).options(load_only(Commune.code)),
    )  # fmt: skip


def funds(wanted: Wanted) -> Sequence[Fund]:
    conditions = wanted.equal(dispositif=Fund.scheme, commune=Fund.commune_code), wanted.after(Fund.id)
    return wanted.read(select(Fund).where(*conditions).options(*_fund_with_parts()), Fund.id)


def fund(number: int) -> Fund | None:
    return db.session.scalar(select(Fund).where(Fund.id == number).options(*_fund_with_parts()))


def calls(wanted: Wanted) -> Sequence[Call]:
    """Periods, campaigns and editions, the newest first."""
    today, conditions = clock.today(), [wanted.equal(dispositif=Call.scheme, fonds=Call.fund_id), wanted.before(Call.id)]
    if "ouverte" in wanted.given:
        is_open = and_(Call.opens_on <= today, Call.closes_on >= today)
        conditions.append(is_open if wanted.given["ouverte"] == "oui" else ~is_open)
    return wanted.read(select(Call).where(*conditions), Call.id.desc())


def call(number: int) -> Call | None:
    return db.session.scalar(select(Call).where(Call.id == number))


def _moment(moment: str) -> ColumnElement[bool]:
    """Polls that stand at this moment."""
    now, is_counted = clock.now(), Poll.tallied_at.is_not(None)
    return {
        Moment.ANNOUNCED: and_(Poll.opens_at > now, ~is_counted),
        Moment.OPEN: and_(Poll.opens_at <= now, Poll.closes_at > now, ~is_counted),
        Moment.CLOSED: and_(Poll.closes_at <= now, ~is_counted),
        Moment.COUNTED: is_counted,
    }[Moment(moment)]


def polls(wanted: Wanted, *, is_counted: bool = False) -> Sequence[Poll]:
    """Votes, the newest first."""
    conditions = [wanted.before(Poll.id), wanted.equal(campagne=Poll.call_id)]
    if is_counted or "etat" in wanted.given:
        conditions.append(_moment(Moment.COUNTED if is_counted else wanted.given["etat"]))
    return wanted.read(select(Poll).where(*conditions).options(joinedload(Poll.call)), Poll.id.desc())


def poll(number: int, *, is_counted: bool = False) -> Poll | None:
    found = db.session.scalar(select(Poll).where(Poll.id == number).options(joinedload(Poll.call), selectinload(Poll.options)))
    return found if found and (found.tallied_at or not is_counted) else None


def dates(wanted: Wanted) -> Sequence[ProgrammeEvent]:
    """The dates of the seasons, in the order they were announced."""
    given = wanted.given
    asked = season.Asked(
        first=given.get("du"), last=given.get("au"), commune=given.get("commune", ""), quarter=given.get("quartier", ""),
        kind=given.get("genre", ""), audience=given.get("public", ""),
    )  # fmt: skip
    found = (
        select(ProgrammeEvent)
        .join(ProgrammeEvent.project)
        .options(contains_eager(ProgrammeEvent.project), joinedload(ProgrammeEvent.perimeter).selectinload(Perimeter.communes))
        .where(season.condition(asked), wanted.after(ProgrammeEvent.id))
    )
    return wanted.read(found, ProgrammeEvent.id)


date: Callable[[int], ProgrammeEvent | None] = agenda.public_date
