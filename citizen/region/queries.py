"""Reading what the Region publishes: supported projects, what is open, and everything of one place."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, exists, extract, false, func, or_, select, true
from sqlalchemy.orm import undefer

from citizen import clock
from citizen.db import db
from citizen.funds.models import Call, Fund
from citizen.journal.models import Event
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Lifecycle
from citizen.nqe.models import project_quarter
from citizen.people.models import Organisation
from citizen.places.models import Commune, Perimeter, TerritoryStamp, perimeter_commune
from citizen.projects import listing
from citizen.projects.models import Project
from citizen.projects.queries import roles_on
from citizen.projects.reports import Closing, FinalReport
from citizen.projects.steps import PART, S
from citizen.region import classification
from citizen.region.hive_models import Publication, PublishingDelegation
from citizen.region.rules import DEPARTEMENTS, OUTSIDE, Asked, Initiative

STREAMED = 500
NEWEST = 2_000  # projects of which the themes are offered as filters


def supported() -> ColumnElement[bool]:
    """Public projects in a state that the Region publishes among what it supports."""
    return Project.is_public.is_(True) & _in(lambda table: {name for name, state in table.states.items() if state.is_supported})


def published() -> ColumnElement[bool]:
    """Supported projects that the Region shows: published, not withdrawn, public and not hidden."""
    return supported() & Project.published_at.is_not(None)


def open_publication(project_id: int) -> Publication | None:
    """What is shown of this project, if it is."""
    query = select(Publication).where(Publication.project_id == project_id, Publication.withdrawn_at.is_(None))
    return db.session.scalars(query).one_or_none()


def may_publish(actor: Actor, project: Project) -> bool:
    """The Region; who keeps its fund, when the Region lets them; never where they have a part."""
    roles = roles_on(actor, project)
    if roles & PART or project.had_part(actor.person_id):
        return False
    return Role.REGION_OFFICER in roles or (project.call is not None and may_publish_of(actor, project.call.fund))


def may_publish_of(actor: Actor, fund: Fund) -> bool:
    """Whether the actor keeps this fund and the Region lets its keepers publish."""
    keeps = bool(actor.roles_on(fund.targets) & fund.keepers)
    return keeps and db.session.get(PublishingDelegation, fund.id) is not None


def awaiting(role: Role) -> ColumnElement[bool]:
    """Projects whose next step belongs to this role."""
    return _in(lambda table: {state for step in table.steps if step.is_awaited and role in step.who for state in step.before})


def _in(wanted: Callable[[Lifecycle], set[str]]) -> ColumnElement[bool]:
    """Projects in one of the states that ``wanted`` picks from the table of their scheme."""
    schemes: dict[tuple[str, ...], list[str]] = defaultdict(list)  # those that pick the same states are asked for together
    for code, table in listing.lifecycles().items():
        schemes[tuple(sorted(wanted(table)))].append(code)
    return or_(
        false(), *(and_(Project.scheme.in_(codes), Project.state.in_(states)) for states, codes in schemes.items() if states)
    )


def anywhere() -> ColumnElement[bool]:
    """No condition."""
    return true()


def asked_for(asked: Asked) -> ColumnElement[bool]:
    """Published projects under the gallery's filters."""
    conditions = [published(), listing.matching(asked.q)]
    if asked.dispositif:
        conditions.append(Project.scheme == asked.dispositif)
    if asked.departement:
        conditions.append(Project.commune_code.in_(select(Commune.code).where(Commune.departement == asked.departement)))
    if asked.commune:
        conditions.append(Project.commune_code == asked.commune)
    if asked.theme:
        conditions.append(cast(Project.themes, Text).contains(json.dumps(asked.theme), autoescape=True))
    if asked.quartier:
        here = select(Perimeter.id).where(Perimeter.code == asked.quartier)
        conditions.append(Project.perimeter_id.is_(None) if asked.quartier == OUTSIDE else Project.perimeter_id.in_(here))
    if asked.year:
        conditions.append(extract("year", Project.decided_on) == asked.year)
    return and_(*conditions)


_PUBLISHED = (
    Project.id, Project.scheme, Project.title, Project.commune_code, Commune.name, Perimeter.code, Perimeter.name,
    func.coalesce(Commune.departement, Perimeter.departement), Project.lon, Project.lat, Perimeter.lon, Perimeter.lat,
    Project.state, Project.granted_cents, Project.decided_on, Organisation.kind, Organisation.name, Call.title, Call.id,
    Perimeter.id, Project.themes, Project.starts_on, Project.ends_on, FinalReport.participants, FinalReport.volunteers,
    Publication.published_at, Publication.summary,
)  # fmt: skip
_GUARDS = {
    "project.lon": Initiative.point, "project.lat": Initiative.point, "organisation.name": Initiative.association,
    "final_report.participants": Initiative.participants, "final_report.volunteers": Initiative.volunteers,
}  # fmt: skip


def initiatives(condition: ColumnElement[bool], *, limit: int | None = None) -> Iterator[Initiative]:
    """Projects as they are published, the newest first, read by batches.

    On a connection of its own: the request's session ends before a file that is streamed is sent to its end.
    """
    query = (
        select(*_PUBLISHED)
        .select_from(Project)
        .outerjoin(Commune, Commune.code == Project.commune_code)
        .outerjoin(Perimeter, Perimeter.id == Project.perimeter_id)
        .outerjoin(Organisation, Organisation.id == Project.organisation_id)
        .outerjoin(Call, Call.id == Project.call_id)
        .outerjoin(Closing, (Closing.project_id == Project.id) & (Closing.kind == "accepted") & (Project.state == S.CLOSED))
        .outerjoin(FinalReport, FinalReport.project_id == Closing.project_id)
        .outerjoin(Publication, (Publication.project_id == Project.id) & Publication.withdrawn_at.is_(None))
        .where(condition)
        .order_by(Project.id.desc())
        .limit(limit)
    )
    yield from starmap(Initiative, stream(query, _GUARDS))


def stream(query: Select[*tuple[Any, ...]], guards: Mapping[str, object] = MappingProxyType({})) -> Iterator[Row[Any]]:
    """Rows that may leave the house, read by batches; see ``classification.only_public``."""
    classification.only_public(query, guards)
    with db.engine.connect() as connection, connection.execute(query, execution_options={"yield_per": STREAMED}) as rows:
        yield from rows


def published_version() -> str:
    """A word that changes when anything published may have changed."""
    parts = select(
        select(func.max(Event.id)).scalar_subquery(),
        select(TerritoryStamp.value).scalar_subquery(),
        select(func.count()).select_from(Project).where(supported()).scalar_subquery(),
        select(func.max(Project.changed_at)).scalar_subquery(),
    )
    return "-".join(map(str, db.session.execute(parts).one()))


Choices = Sequence[tuple[str, str]]


def choices() -> dict[str, Choices]:
    """What each list of the gallery's filters offers, as (value, words): only what would find something."""
    decided = select(Project.decided_on).where(published(), Project.decided_on.is_not(None)).limit(1)
    first, last = (db.session.scalar(decided.order_by(order)) for order in (Project.decided_on, Project.decided_on.desc()))
    somewhere = exists().where(Project.commune_code == Commune.code, published())  # stops at the first, in each commune
    query = select(Commune.code, Commune.name, Commune.departement).where(somewhere)
    communes = db.session.execute(query.order_by(Commune.search_name, Commune.code)).all()
    newest = (
        select(cast(Project.themes, Text).label("themes"))
        .where(published())
        .order_by(Project.published_at.desc())
        .limit(NEWEST)
    )
    written = db.session.scalars(select(newest.subquery().c.themes).distinct())
    years = range(last.year, first.year - 1, -1) if first and last else ()
    return {
        "dispositif": [(code, code.upper()) for code in ("pic", "ftu", "nqe")],
        "departement": [(code, DEPARTEMENTS.get(code, code)) for code in sorted({town.departement for town in communes})],
        "commune": [(town.code, f"{town.name} ({town.departement})") for town in communes],
        "theme": [(theme, theme) for theme in sorted({theme for themes in written for theme in json.loads(themes)})],
        "annee": [(str(year), str(year)) for year in years],
    }


@dataclass(frozen=True)
class OpenCall:
    """A call one may lodge in today."""

    scheme: str
    title: str
    fund_id: int
    fund_slug: str
    fund: str
    closes_on: date
    envelope_cents: int
    committed_cents: int

    @property
    def days_left(self) -> int:
        return (self.closes_on - clock.today()).days


def open_calls(condition: ColumnElement[bool] | None = None, limit: int = 6) -> list[OpenCall]:
    """Calls open today, the first to close first."""
    today = clock.today()
    query = (
        select(
            Call.scheme, Call.title, Fund.id, Fund.slug, Fund.title, Call.closes_on, Call.envelope_cents, Call.committed_cents
        )
        .join(Fund, Fund.id == Call.fund_id)
        .where(Call.opens_on <= today, Call.closes_on >= today)
        .order_by(Call.closes_on, Call.id)
        .limit(limit)
    )
    return [OpenCall(*row) for row in db.session.execute(query if condition is None else query.where(condition))]


def perimeter_ids(commune_code: str) -> Select[tuple[int]]:
    """Every perimeter that lies in the commune."""
    return select(perimeter_commune.c.perimeter_id).where(perimeter_commune.c.commune_code == commune_code)


Ids = Select[tuple[int]] | Sequence[int]


def in_quarter(perimeters: Ids) -> ColumnElement[bool]:
    """Projects of these perimeters; those of the summer may happen in several."""
    return Project.perimeter_id.in_(perimeters) | summer_in(perimeters)


def summer_in(perimeters: Ids) -> ColumnElement[bool]:
    """Projects of the summer that pass through these perimeters."""
    link = project_quarter.c
    return Project.id.in_(select(link.project_id).where(link.perimeter_id.in_(perimeters)))


def versions_of(quarter_code: str, *, with_outline: bool = False) -> Sequence[Perimeter]:
    """Every version of the quarter, the newest first; empty when nobody knows it."""
    query = select(Perimeter).where(Perimeter.code == quarter_code)
    if with_outline:
        query = query.options(undefer(Perimeter.outline))
    return db.session.scalars(query.order_by(Perimeter.valid_from.desc(), Perimeter.id)).all()


@dataclass(frozen=True)
class Amount:
    """How many supported projects, and the euros granted to them."""

    count: int = 0
    granted_cents: int = 0


def by_scheme(condition: ColumnElement[bool]) -> dict[str, Amount]:
    """Supported projects under ``condition``, by scheme."""
    query = (
        select(Project.scheme, func.count(), func.sum(Project.granted_cents))
        .where(supported(), condition)
        .group_by(Project.scheme)
        .order_by(Project.scheme)
    )
    return {scheme: Amount(count, int(cents or 0)) for scheme, count, cents in db.session.execute(query)}
