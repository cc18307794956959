"""Reading PIC funds: their envelopes, next sessions and projects, and the promise calendar of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from citizen import clock
from citizen.committees.models import AgendaItem, Session
from citizen.db import db
from citizen.funds import queries as funds
from citizen.funds.models import Call
from citizen.journal import queries as journal
from citizen.payments import queries as payments
from citizen.pic.models import PicCall, PicFund, PicProject
from citizen.pic.rules import Promise, promises
from citizen.pic.terms import Terms
from citizen.places.models import Perimeter
from citizen.projects.clocks import Holder, Turns, Wait, answered_on, days_of, this_life, waits
from citizen.projects.steps import S


@dataclass(frozen=True)
class FundCard:
    """A fund as a list shows it: the call of the day, or the latest, and the next session."""

    fund: PicFund
    call: Call | None
    terms: Terms
    next_session_at: datetime | None


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(PicFund.organisation),
        selectinload(PicFund.calls).joinedload(Call.ruleset),
        joinedload(PicFund.parent),
        selectinload(PicFund.rulesets),
    )


def _territory() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(PicFund.perimeters).selectinload(Perimeter.communes), selectinload(PicFund.communes),
        selectinload(PicFund.subfunds), selectinload(PicFund.calls).selectinload(Call.funders),
    )  # fmt: skip


def funds_shown() -> list[FundCard]:
    """Every fund, by title."""
    funds = db.session.scalars(select(PicFund).order_by(PicFund.title, PicFund.id).options(*_whole())).unique().all()
    coming = select(Session.fund_id, func.min(Session.held_at)).where(
        Session.held_at >= clock.now(), Session.closed_at.is_(None)
    )
    next_at = dict(db.session.execute(coming.group_by(Session.fund_id)).all())
    return [_card(fund, next_at.get(fund.id)) for fund in funds]


def _card(fund: PicFund, next_session_at: datetime | None) -> FundCard:
    return FundCard(fund, current_call(fund), terms_in_force(fund), next_session_at)


def fund_at(slug: str) -> PicFund | None:
    """The fund of this address, with what its page shows."""
    query = select(PicFund).where(PicFund.slug == slug).options(*_whole(), *_territory())
    return db.session.scalars(query).unique().one_or_none()


def current_call(fund: PicFund) -> Call | None:
    """The call open today, else the one that opens next, else the last."""
    today = clock.today()
    return min(
        fund.calls, key=lambda call: (not call.is_open(today), call.closes_on < today, abs(call.opens_on - today)), default=None
    )


def terms_in_force(fund: PicFund) -> Terms:
    """The fund's newest rules."""
    newest = fund.rulesets[-1].terms if fund.rulesets else {}
    return Terms(**newest)


def public_projects_of(fund: PicFund, limit: int = 60) -> Sequence[PicProject]:
    """What the fund's page lists, the one that changed last first."""
    query = (
        select(PicProject)
        .join(PicCall, PicCall.id == PicProject.call_id)
        .where(PicCall.fund_id == fund.id, PicProject.is_public.is_(True))
        .order_by(PicProject.changed_at.desc(), PicProject.id.desc())
        .options(joinedload(PicProject.perimeter), joinedload(PicProject.commune))
    )
    return db.session.scalars(query.limit(limit)).unique().all()


@dataclass(frozen=True)
class Followed:
    """A lodged file: what it was promised, and who had it each day."""

    project: PicProject
    waits: Sequence[Wait]
    promises: tuple[Promise, ...]


def followed(projects: Sequence[PicProject]) -> list[Followed]:
    """What was promised to these lodged files under their own rules, and what was kept."""
    moves = journal.states_entered([one.on for one in projects])
    ids = [one.id for one in projects]
    paid, agreed = funds.first_payments(ids), payments.agreed_on(ids)
    turns = {one.id: this_life([(state, _day(at)) for state, at in moves[one.on]]) for one in projects}
    return [_followed(one, turns[one.id], paid.get(one.id), agreed.get(one.id)) for one in projects]


def _followed(project: PicProject, turns: Turns, paid_on: date | None, agreed_on: date | None) -> Followed:
    assert project.lodged_at is not None
    lodged_on, passage, found = _day(project.lodged_at), project.passage, waits(turns, clock.today())
    if passage and passage.session.held_on < lodged_on:  # before it was carried over here
        passage = None
    return Followed(project, found, promises(
        project.terms,
        lodged_on,
        stopped_days=days_of(found).get(Holder.BEARER, 0),
        session_on=passage.session.held_on if passage else None,
        heard_on=passage.session.held_on if passage and passage.is_heard else None,
        answered_on=answered_on(turns),
        agreed_on=agreed_on,
        is_granted=project.state not in (S.REJECTED, S.INADMISSIBLE, S.WITHDRAWN, S.CANCELLED),
        ends_on=project.ends_on or project.starts_on,
        paid_on=paid_on,
        reported_on=next((day for state, day in turns if state == S.REPORT_SUBMITTED), None),
    ))  # fmt: skip


def promises_if_lodged_today(fund: PicFund) -> tuple[Promise, ...]:
    """The calendar of a file that would be lodged today."""
    terms, today = terms_in_force(fund), clock.today()
    session = _first_session(fund.id, today + terms.notice)
    return promises(terms, today, session_on=session.held_on if session else None)


def _first_session(fund_id: int, day: date) -> Session | None:
    since = datetime.combine(day, time.min, clock.LOCAL)
    query = select(Session).where(Session.fund_id == fund_id, Session.closed_at.is_(None), Session.held_at >= since)
    return db.session.scalars(query.order_by(Session.held_at, Session.id).limit(1)).first()


@dataclass(frozen=True)
class Kept:
    """How many promises of one kind were kept, among those whose day has come."""

    label: str
    kept: int
    all: int


PUBLISHED = ("answered", "paid", "reported")
YEAR = timedelta(days=365)


def lodged_since(fund_id: int, day: date, *options: ExecutableOption) -> Sequence[PicProject]:
    """The files of a fund lodged that day or after and not withdrawn, the oldest first, with what is judged of them."""
    since = datetime.combine(day, time.min, clock.LOCAL)
    query = (
        select(PicProject)
        .join(PicCall, PicCall.id == PicProject.call_id)
        .where(PicCall.fund_id == fund_id, PicProject.lodged_at >= since, PicProject.state != S.WITHDRAWN)
        .order_by(PicProject.lodged_at, PicProject.id)
        .options(joinedload(PicProject.ruleset), selectinload(PicProject.agenda_items).joinedload(AgendaItem.session), *options)
    )
    return db.session.scalars(query).unique().all()


def promises_kept(fund: PicFund) -> list[Kept]:
    """The public counter, over the files lodged for a year: each promise is judged by the rules its file was lodged under."""
    today, counted = clock.today(), []
    found = [promise for one in followed(lodged_since(fund.id, today - YEAR)) for promise in one.promises]
    for slug in PUBLISHED:
        mine = [one for one in found if one.slug == slug and one.due_on and one.state(today) != "waiting"]
        if mine:
            counted.append(Kept(mine[0].label, sum(one.state(today) == "kept" for one in mine), len(mine)))
    return counted


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()
