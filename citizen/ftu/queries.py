"""Reading the works fund: campaigns with their phases, what waits for the commune."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.ballots.models import Poll
from citizen.ballots.rules import Moment
from citizen.committees.models import Session
from citizen.committees.queries import load_passages
from citizen.db import db
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.ftu.phases import LABELS, Phase
from citizen.ftu.rules import FTU
from citizen.ftu.terms import Terms
from citizen.funds.models import Call, Fund
from citizen.journal.models import Event
from citizen.journal.queries import events_of
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import State
from citizen.kernel.words import N_
from citizen.places.models import Commune, Perimeter, perimeter_commune
from citizen.projects.steps import S
from citizen.web.filters import day, say


def campaigns() -> Sequence[Campaign]:
    """Every campaign, the newest first."""
    query = select(Campaign).options(joinedload(Campaign.fund).joinedload(Fund.organisation), selectinload(Campaign.perimeters))
    return db.session.scalars(query.order_by(Campaign.opens_on.desc(), Campaign.id.desc())).all()


def polls_of(campaign_ids: Sequence[int]) -> dict[int, Poll]:
    """The vote of each campaign that has one."""
    return {poll.call_id: poll for poll in db.session.scalars(select(Poll).where(Poll.call_id.in_(campaign_ids)))}


def sessions_of(campaign: Campaign) -> Sequence[Session]:
    """When the committee of its fund meets, from its first day on."""
    held = (Session.fund_id == campaign.fund_id, Session.cancelled_at.is_(None))
    first = datetime.combine(campaign.opens_on, time.min, clock.LOCAL)
    query = select(Session).where(*held, Session.held_at >= first).order_by(Session.held_at, Session.id)
    return db.session.scalars(query.limit(12)).all()


def terms_of(campaign: Call) -> Terms:
    return Terms(**campaign.ruleset.terms)


def count_in(campaign_id: int, *states: str) -> int:
    """How many projects of the campaign are in one of these states."""
    here = FtuProject.call_id == campaign_id, FtuProject.state.in_(states)
    return db.session.scalar(select(func.count(FtuProject.id)).where(*here)) or 0


def unanswered(campaign_id: int) -> Sequence[str]:
    """The titles of what still waits for the commune's study or for the team."""
    query = select(FtuProject.title).where(FtuProject.call_id == campaign_id, FtuProject.state.in_((S.SUBMITTED, S.INCOMPLETE)))
    return db.session.scalars(query.order_by(FtuProject.title, FtuProject.id)).all()


def unheard(campaign_id: int) -> list[str]:
    """The titles of what waits for the committee's opinion before the vote."""
    query = select(FtuProject).where(FtuProject.call_id == campaign_id, FtuProject.state == S.ADMISSIBLE)
    found = db.session.scalars(query.order_by(FtuProject.title, FtuProject.id)).all()
    load_passages(found)
    return [one.title for one in found if one.awaits_committee]


def studied_costs(campaign_id: int) -> dict[int, int]:
    """What each feasible project of the campaign costs, by project."""
    query = select(FtuProject.id, FtuProject.studied_cost_cents).where(
        FtuProject.call_id == campaign_id, FtuProject.state == S.ADMISSIBLE, FtuProject.studied_cost_cents.is_not(None)
    )
    return {project_id: cents or 0 for project_id, cents in db.session.execute(query.order_by(FtuProject.id))}


def quarters(campaign_id: int) -> dict[int, str]:
    """The quarter of each project of the campaign that has one."""
    query = select(FtuProject.id, Perimeter.name).join(Perimeter, Perimeter.id == FtuProject.perimeter_id)
    rows: Sequence[Any] = db.session.execute(query.where(FtuProject.call_id == campaign_id)).all()
    return dict(rows)


@dataclass(frozen=True)
class Entry:
    """One line of a campaign's calendar, as the timeline shows it."""

    label: str
    when: str
    state: str
    detail: str = ""


def phases(campaign: Campaign, poll: Poll | None) -> list[Entry]:
    """From the proposals to the works, with what is done, what goes on and what comes."""
    today, entries = clock.today(), []
    for phase, days in campaign.calendar.items():
        if phase is Phase.VOTE and Phase.STUDY not in campaign.calendar:
            entries.append(_study_before(campaign))
        state = "next" if today < days.first else "now" if today <= days.last else "done"
        entries.append(Entry(LABELS[phase], say(days.words), state))
        if phase is Phase.VOTE:
            entries += _after_vote(campaign, poll)
    return entries


def _study_before(campaign: Campaign) -> Entry:
    """The study fills the time before the vote, when the commune gives it no days of its own."""
    today, vote = clock.today(), campaign.vote_opens_on
    state = "next" if today <= campaign.closes_on else "now" if today < vote else "done"
    return Entry(LABELS[Phase.STUDY], _("jusqu’au vote, le %(day)s", day=day(vote)), state)


def _after_vote(campaign: Campaign, poll: Poll | None) -> list[Entry]:
    """The result; then the commune's acts, when the calendar gives them no days."""
    closes_on = campaign.vote_closes_on
    is_counted = poll is not None and poll.moment(clock.now()) is Moment.COUNTED
    state = "done" if is_counted else "now" if clock.today() > closes_on else "next"
    entries = [Entry(N_("Le résultat est publié"), _("après le %(day)s", day=day(closes_on)), state)]
    if Phase.VALIDATION not in campaign.calendar:
        waiting = count_in(campaign.id, S.SELECTED) if is_counted else 0
        state = "next" if not is_counted else "now" if waiting else "done"
        entries.append(Entry(N_("La commune valide et réalise"), "", state))
    return entries


CALENDAR_CHANGED = "calendar_changed"


def calendar_changes(campaign: Campaign) -> list[Event]:
    """When its days were moved, and why, the last one first."""
    return [event for event in reversed(events_of(campaign.on)) if event.action == CALENDAR_CHANGED]


@dataclass(frozen=True)
class Line:
    """A project of a campaign, as lists show it."""

    id: int
    title: str
    state: str
    cost_cents: int
    estimate_cents: int | None
    quarter: str | None
    call_id: int

    @property
    def where_it_stands(self) -> State:
        return FTU.lifecycle.states[self.state]


def projects_in(campaign_ids: Sequence[int]) -> list[Line]:
    """The public projects of these campaigns, by title."""
    query = (
        select(
            FtuProject.id, FtuProject.title, FtuProject.state, FtuProject.cost_cents, FtuProject.estimate_cents, Perimeter.name,
            FtuProject.call_id,
        )
        .outerjoin(Perimeter, Perimeter.id == FtuProject.perimeter_id)
        .where(FtuProject.call_id.in_(campaign_ids), FtuProject.is_public.is_(True))
        .order_by(FtuProject.title, FtuProject.id)
    )  # fmt: skip
    found: Sequence[Any] = db.session.execute(query).all()
    return [Line(*row) for row in found]


@dataclass(frozen=True)
class CampaignDesk:
    """A campaign on the commune's desk, and the projects that wait for the commune, by state."""

    campaign: Campaign
    poll: Poll | None
    moment: Moment | None
    waiting: list[tuple[State, list[Line]]] = field(default_factory=list)


def desk(commune_code: str) -> list[CampaignDesk]:
    """What waits for the commune's officers, campaign by campaign, the newest first."""
    query = select(Campaign).join(Campaign.fund).where(Fund.commune_code == commune_code).options(joinedload(Campaign.fund))
    found = db.session.scalars(query.order_by(Campaign.opens_on.desc(), Campaign.id.desc())).all()
    numbers = [campaign.id for campaign in found]
    polls, lines = polls_of(numbers), projects_in(numbers)
    return [
        CampaignDesk(
            campaign, poll := polls.get(campaign.id), poll.moment(clock.now()) if poll else None,
            _waiting([line for line in lines if line.call_id == campaign.id]),
        )
        for campaign in found
    ]  # fmt: skip


AWAITED = {
    state for step in FTU.lifecycle.steps if step.is_awaited and Role.COMMUNE_OFFICER in step.who for state in step.before
}


def _waiting(lines: list[Line]) -> list[tuple[State, list[Line]]]:
    """What the commune has to do, in the order of the life of a project."""
    here = (
        (state, [line for line in lines if line.state == name])
        for name, state in FTU.lifecycle.states.items()
        if name in AWAITED
    )
    return [(state, found) for state, found in here if found]


def funds_of(commune_code: str) -> Sequence[FtuFund]:
    query = select(FtuFund).where(FtuFund.commune_code == commune_code)
    return db.session.scalars(query.order_by(FtuFund.title, FtuFund.id)).all()


def quarters_of(commune_code: str | None) -> Sequence[Perimeter]:
    """The quarters of the commune in force today."""
    today = clock.today()
    here = select(perimeter_commune.c.perimeter_id).where(perimeter_commune.c.commune_code == commune_code)
    query = select(Perimeter).where(
        Perimeter.id.in_(here), Perimeter.kind != "commune", Perimeter.valid_from <= today,
        Perimeter.valid_until.is_(None) | (Perimeter.valid_until >= today),
    )  # fmt: skip
    return db.session.scalars(query.order_by(Perimeter.name, Perimeter.id)).all()


def commune(code: str) -> Commune | None:
    return db.session.get(Commune, code)
