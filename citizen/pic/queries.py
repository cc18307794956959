"""Reading PIC funds: their envelopes, next sessions and projects, and the promise calendar of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from citizen import clock
from citizen.committees.models import Session
from citizen.db import db
from citizen.funds.models import Call
from citizen.pic.models import PicCall, PicFund, PicProject
from citizen.pic.rules import Promise, promises
from citizen.pic.terms import Terms
from citizen.places.models import Perimeter
from citizen.projects.models import Decision
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
        selectinload(PicFund.rulesets),
    )


def _territory() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(PicFund.perimeters).selectinload(Perimeter.communes), selectinload(PicFund.communes),
        selectinload(PicFund.subfunds), selectinload(PicFund.calls).selectinload(Call.funders), joinedload(PicFund.parent),
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


def promises_of(project: PicProject) -> tuple[Promise, ...]:
    """What was promised to a lodged project, and what was kept."""
    if project.lodged_at is None:
        return ()
    passage = project.passage
    lodged_on = _day(project.lodged_at)  # what was decided before is of a former life
    settled = [one for one in project.decisions if one.outcome != "deferred" and one.decided_on >= lodged_on]
    report = project.report
    return promises(
        project.terms,
        lodged_on,
        session_on=passage.session.held_on if passage else None,
        heard_on=passage.session.held_on if passage and passage.is_heard else None,
        decided_on=settled[-1].decided_on if settled else None,
        is_granted=project.state not in (S.REJECTED, S.INADMISSIBLE, S.WITHDRAWN, S.CANCELLED),
        ends_on=project.ends_on or project.starts_on,
        reported_on=_day(report.written_at) if report else None,
    )  # fmt: skip


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
    """How many decisions of a fund came within the delay promised."""

    kept: int
    all: int


def answers_in_time(fund: PicFund) -> Kept:
    """Files answered on the day promised or before, among all that were answered."""
    query = (
        select(PicProject.lodged_at, func.min(Decision.decided_on))
        .join(Decision, Decision.project_id == PicProject.id)
        .join(PicCall, PicCall.id == PicProject.call_id)
        .where(PicCall.fund_id == fund.id, Decision.outcome != "deferred", PicProject.lodged_at.is_not(None))
        .group_by(PicProject.id, PicProject.lodged_at)
    )
    delay = timedelta(days=terms_in_force(fund).decision_delay_days)
    rows = [(_day(lodged), decided) for lodged, decided in db.session.execute(query) if lodged]
    return Kept(sum(decided <= lodged + delay for lodged, decided in rows), len(rows))


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()
