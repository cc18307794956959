"""The rows of each published table, read by batches: what anonymous pages show, through public columns alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, union
from sqlalchemy.orm import aliased, joinedload, selectinload

from citizen import clock
from citizen.ballots.models import Poll, PollOption, PollResult
from citizen.committees.models import AgendaItem
from citizen.db import db
from citizen.ftu.milestones import Stage
from citizen.ftu.works_models import Milestone
from citizen.funds.models import Call, Fund
from citizen.nqe.models import ProgrammeEvent, project_quarter
from citizen.nqe.season import IN_SEASON, held
from citizen.people.links import address
from citizen.people.models import Organisation
from citizen.pic import queries as pic
from citizen.pic.models import PicProject
from citizen.places.contract_models import (
    CityContract,
    RenewalSite,
    Signatory,
    contract_intermunicipality,
    contract_perimeter,
    renewal_perimeter,
)
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.queries import contract_communes
from citizen.places.rules import SignatoryKind
from citizen.projects.models import Project
from citizen.region.grants import NAMED, grants
from citizen.region.queries import initiatives, stream, supported
from citizen.region.rules import COLUMNS, Initiative, few, in_euros, named

AT_A_TIME = 200


class Row(NamedTuple):
    """One row, in the order of the columns of its table; ``project``: the public project that it speaks of."""

    project: int | None
    cells: tuple[Any, ...]


def addressed(condition: ColumnElement[bool], *, limit: int | None = None) -> Iterator[Initiative]:
    """Published projects, each with the address of its page on this site."""
    for one in initiatives(condition, limit=limit):
        yield replace(one, url=address("projects.show", project_id=one.number))


def _projects() -> Iterator[Row]:
    for one in addressed(supported()):
        yield Row(one.number, tuple(column.value(one) for column in COLUMNS))


def _grants() -> Iterator[Row]:
    return (Row(one.project, one.cells) for one in grants() if not one.lacks)


def _calls() -> Iterator[Row]:
    query = (
        select(Call.id, Call.scheme, Call.title, Fund.title, Organisation.kind, Organisation.name, Fund.commune_code,
               Call.opens_on, Call.closes_on, Call.envelope_cents, Call.committed_cents)
        .join(Fund, Fund.id == Call.fund_id).join(Organisation, Organisation.id == Fund.organisation_id).order_by(Call.id)
    )  # fmt: skip
    for number, scheme, title, fund, kind, name, commune, opens, closes, envelope, committed in stream(query, NAMED):
        days = opens.isoformat(), closes.isoformat()
        yield Row(
            None,
            (number, scheme.upper(), title, fund, named(kind, name), commune, *days, in_euros(envelope), in_euros(committed)),
        )


def _polls() -> Iterator[Row]:
    query = select(
        Poll.id, Poll.title, Poll.call_id, Poll.opens_at, Poll.closes_at, Poll.ballot_count, Poll.max_choices, Poll.envelope_cents, Poll.rule,
    ).where(Poll.tallied_at.is_not(None)).order_by(Poll.id)  # fmt: skip
    for number, title, call, opens, closes, ballots, choices, envelope, rule in stream(query, {"poll.ballot_count": few}):
        page = address("ballots.result", poll_id=number)
        yield Row(
            None,
            (number, page, title, call, _moment(opens), _moment(closes), few(ballots), choices, in_euros(envelope), rule,
             address("ballots.ballots_file", poll_id=number) if few(ballots) else None),
        )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _results() -> Iterator[Row]:
    shown = aliased(Project)
    query = (
        select(PollOption.poll_id, PollOption.number, shown.id, PollOption.announced_title, PollOption.sector, PollOption.cost_cents,
               PollResult.votes, PollResult.position, PollResult.is_selected, Poll.ballot_count)
        .join(PollResult, PollResult.option_id == PollOption.id).join(Poll, Poll.id == PollOption.poll_id)
        .outerjoin(shown, (shown.id == PollOption.project_id) & shown.is_public)
        .where(Poll.tallied_at.is_not(None)).order_by(PollOption.poll_id, PollOption.number)
    )  # fmt: skip
    guards = {"poll_option.title": _results, "poll_result.votes": few, "poll.ballot_count": few}
    for poll, number, project, title, sector, cents, votes, rank, is_selected, ballots in stream(query, guards):
        told = (votes, rank) if few(ballots) else (None, None)
        yield Row(project, (poll, number, project, project and title, sector, in_euros(cents), *told, _said(is_selected)))


def _said(value: bool | None) -> str | None:
    return None if value is None else "oui" if value else "non"


def _season() -> Iterator[Row]:
    one = ProgrammeEvent
    query = held(
        one.id, one.project_id, one.title, one.on, one.starts_at, one.ends_at, one.place, one.perimeter_id, one.lon, one.lat, one.kind,
        one.audience, one.is_highlight, one.is_accessible, one.status, one.planned_on,
    ).where(IN_SEASON).order_by(one.on, one.starts_at, one.id)  # fmt: skip
    for (
        number,
        project,
        title,
        on,
        starts,
        ends,
        place,
        quarter,
        lon,
        lat,
        *more,
        highlight,
        accessible,
        status,
        planned,
    ) in stream(query):
        cells = (
            number, address("nqe.event", event_id=number), project, title, on.isoformat(), f"{starts:%H:%M}", ends and f"{ends:%H:%M}",
            place, quarter, lon, lat, *more, _said(highlight), _said(accessible), status, planned and planned.isoformat(),
        )  # fmt: skip
        yield Row(project, cells)


def _promises() -> Iterator[Row]:
    return chain(_promises_of_pic(), _promises_of_works())


def _promises_of_pic() -> Iterator[Row]:
    today, numbers = clock.today(), stream(select(Project.id).where(supported(), Project.scheme == "pic").order_by(Project.id))
    passages = selectinload(PicProject.agenda_items).joinedload(AgendaItem.session)
    while some := [number for (number,) in islice(numbers, AT_A_TIME)]:
        query = (
            select(PicProject)
            .where(PicProject.id.in_(some))
            .options(joinedload(PicProject.ruleset), passages)
            .order_by(PicProject.id)
        )
        for one in pic.followed(db.session.scalars(query).unique().all()):
            for promise in one.promises:
                if promise.due_on:
                    done, due = promise.done_on, promise.due_on.isoformat()
                    state = promise.state(today)
                    yield Row(
                        one.project.id, (one.project.id, "PIC", promise.slug, due, None, done and done.isoformat(), state)
                    )


def _promises_of_works() -> Iterator[Row]:
    today, one = clock.today(), Milestone
    query = select(one.project_id, one.kind, one.promised_on, one.planned_on, one.done_on).join(
        Project, Project.id == one.project_id
    )
    for project, kind, promised, planned, done in stream(
        query.where(supported()).order_by(one.project_id, one.promised_on, one.kind)
    ):
        state = "late" if Stage(promised, planned, done).late_days(today) else "kept" if done else "waiting"
        yield Row(project, (project, "FTU", kind, promised.isoformat(), planned.isoformat(), done and done.isoformat(), state))


def _quarters() -> Iterator[Row]:
    schemes = (Project.perimeter_id, Project.scheme)
    cents: dict[int, int] = defaultdict(int)
    counts: Counter[tuple[int, str]] = Counter()
    for quarter, scheme, count, granted in _counted(
        select(*schemes, func.count(), func.sum(Project.granted_cents))
        .where(supported(), Project.perimeter_id.is_not(None))
        .group_by(*schemes)
    ):
        cents[quarter] += int(granted or 0)
        counts[quarter, scheme] = count
    here = select(Project.id, Project.perimeter_id).where(
        supported(), Project.scheme == "nqe", Project.perimeter_id.is_not(None)
    )
    there = select(project_quarter.c.project_id, project_quarter.c.perimeter_id)
    summer = union(here, there.join(Project, Project.id == project_quarter.c.project_id).where(supported())).subquery()
    for quarter, count in _counted(select(summer.c.perimeter_id, func.count()).group_by(summer.c.perimeter_id)):
        counts[quarter, "nqe"] = count
    kept = held(ProgrammeEvent.perimeter_id, func.count()).where(IN_SEASON, ProgrammeEvent.status != "cancelled")
    dates = dict(_counted(kept.group_by(ProgrammeEvent.perimeter_id)))
    one = Perimeter
    query = select(
        one.id,
        one.code,
        one.name,
        one.kind,
        one.version,
        one.valid_from,
        one.valid_until,
        one.departement,
        one.population,
        one.lon,
        one.lat,
    )
    for number, code, name, kind, version, since, until, departement, people, *point in stream(query.order_by(one.id)):
        each = f"{cents[number] / 100 / people:.2f}" if people else None
        schemes_of = (counts[number, scheme] for scheme in ("pic", "ftu", "nqe"))
        days = since.isoformat(), until and until.isoformat()
        amounts = in_euros(cents[number]), each, dates.get(number, 0)
        yield Row(None, (number, code, name, kind, version, *days, departement, people, *point, *schemes_of, *amounts))


def _counted(query: Select[*tuple[Any, ...]]) -> list[Any]:
    return list(stream(query))


def outline(number: int) -> Any:
    """The coordinates of one version of a quarter: they are the bulk of their map, and read one by one."""
    return next(stream(select(Perimeter.outline).where(Perimeter.id == number))).outline


def _communes() -> Iterator[Row]:
    around = Intermunicipality
    query = select(Commune.code, Commune.name, Commune.departement, Commune.population, around.siren, around.name)
    query = query.outerjoin(around, around.siren == Commune.intermunicipality_siren).order_by(Commune.code)
    return (Row(None, tuple(row)) for row in stream(query))


def _contracts() -> Iterator[Row]:
    one, sites, signatories = CityContract, RenewalSite, Signatory
    held, groups = contract_communes().c, contract_intermunicipality.c
    towns = _listed(select(held.contract_id, held.commune_code).order_by(held.commune_code))
    sirens = _listed(select(groups.contract_id, groups.siren).order_by(groups.siren))
    renewed = _listed(select(sites.contract_id, sites.name).order_by(sites.name, sites.id))
    order = case({kind: rank for rank, kind in enumerate(SignatoryKind)}, value=signatories.kind)
    signed = _listed(select(signatories.contract_id, signatories.name).order_by(order, signatories.name, signatories.id))
    query = select(one.id, one.slug, one.title, one.starts_on, one.ends_on, one.review_due_on, one.review_held_on)
    for number, slug, title, *days in stream(query.where(one.state == "published").order_by(one.id)):
        page = address("region.contract", slug=slug)
        told = (found.get(number) for found in (sirens, towns, signed, renewed))
        yield Row(None, (number, page, title, *(day and day.isoformat() for day in days), *told))


def _contract_quarters() -> Iterator[Row]:
    one, held, renewed, site = CityContract.id, contract_perimeter.c, renewal_perimeter.c, RenewalSite
    sites = _listed(
        select(site.contract_id, renewed.perimeter_id, site.name)
        .join(site, site.id == renewed.renewal_site_id).order_by(site.name, site.id)
    )  # fmt: skip
    query = select(one, Perimeter.id, Perimeter.code).join(contract_perimeter, held.contract_id == one)
    query = query.join(Perimeter, Perimeter.id == held.perimeter_id).where(CityContract.state == "published")
    return (
        Row(None, (contract, number, code, sites.get((contract, number))))
        for contract, number, code in stream(query.order_by(one, Perimeter.id))
    )


def _listed(query: Select[*tuple[Any, ...]]) -> dict[Any, str]:
    """What the last column holds for the others, as one text."""
    found: dict[Any, list[str]] = defaultdict(list)
    for row in stream(query):
        found[row[0] if len(row) == 2 else tuple(row[:-1])].append(row[-1])
    return {key: " ; ".join(words) for key, words in found.items()}


ROWS: dict[str, Callable[[], Iterator[Row]]] = {
    "projets": _projects, "subventions": _grants, "appels": _calls, "scrutins": _polls, "resultats": _results, "agenda": _season,
    "promesses": _promises, "quartiers": _quarters, "communes": _communes, "contrats": _contracts, "contrats_quartiers": _contract_quarters,
}  # fmt: skip
