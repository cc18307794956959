"""Reading what prepares a session: who may ask for one, the rhythm promised, who is invited and what they answered."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.committees.models import AgendaItem, Proxy, Recusal, Seat, Session
from citizen.committees.queries import awaiting_query, has_part, seats_on, terms_on
from citizen.committees.records import Convocation, ExtraordinaryRequest
from citizen.committees.rules import Rhythm
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.projects.models import Project, TeamMember


def has_committee(fund: Fund) -> bool:
    """Whether a committee looks at projects in this fund: its scheme has sessions, its rules a committee."""
    return fund.rules.lifecycle.step("inscribe") is not None and terms_on(fund, clock.today()).has_committee


def may_ask(actor: Actor, fund: Fund) -> bool:
    """Who may ask for a session: the committee, the place's officers, and whoever bears a file that waits (P22)."""
    if actor.holds(Role.COMMITTEE_MEMBER, fund.on) or actor.holds(Role.REGION_OFFICER):
        return True
    communes = {on.removeprefix("commune:") for on in actor.targets(Role.COMMUNE_OFFICER)}
    if any(fund.covers(code) for code in communes):
        return True
    organisations = [int(on.removeprefix("organisation:")) for on in actor.targets(Role.ORGANISATION_MEMBER)]
    mine = or_(
        Project.bearer_id == actor.person_id,
        Project.team.any(TeamMember.person_id == actor.person_id),
        Project.organisation_id.in_(organisations),
    )
    return actor.is_signed_in and db.session.scalar(awaiting_query(fund.id).where(mine).limit(1)) is not None


def open_request(actor: Actor, fund_id: int) -> ExtraordinaryRequest | None:
    """The actor's own request that nobody has answered."""
    mine = (ExtraordinaryRequest.fund_id == fund_id, ExtraordinaryRequest.person_id == actor.person_id)
    return db.session.scalar(select(ExtraordinaryRequest).where(*mine, ExtraordinaryRequest.answered_at.is_(None)))


def open_requests(fund_id: int) -> Sequence[ExtraordinaryRequest]:
    """The requests that wait for the manager, the oldest first."""
    waiting = (ExtraordinaryRequest.fund_id == fund_id, ExtraordinaryRequest.answered_at.is_(None))
    query = select(ExtraordinaryRequest).where(*waiting).options(joinedload(ExtraordinaryRequest.person))
    return db.session.scalars(query.order_by(ExtraordinaryRequest.id)).all()


def rhythm(fund: Fund) -> Rhythm:
    """The ordinary sessions of the year, against what the rules promise."""
    today = clock.today()
    year = (datetime(today.year, 1, 1, tzinfo=clock.LOCAL), datetime(today.year + 1, 1, 1, tzinfo=clock.LOCAL))
    query = select(Session.closed_at.is_not(None), func.count()).where(
        Session.fund_id == fund.id, Session.kind == "ordinary", Session.cancelled_at.is_(None), Session.held_at.between(*year)
    )
    counted = {bool(is_held): count for is_held, count in db.session.execute(query.group_by(Session.closed_at.is_not(None)))}
    return Rhythm(terms_on(fund, today).sessions_per_year, counted.get(True, 0), counted.get(False, 0))


def invitations(session_id: int) -> Sequence[Convocation]:
    """Everybody told of a session, with what they answered."""
    loaded = (joinedload(Convocation.seat), joinedload(Convocation.proxy))
    query = select(Convocation).where(Convocation.session_id == session_id).options(*loaded)
    return db.session.scalars(query.order_by(Convocation.id)).all()


def may_answer(invitation: Convocation) -> bool:
    """Until the hour of a session that holds, while the member still sits."""
    session, seat = invitation.session, invitation.seat
    sits = seat is None or seat.is_in_office(session.held_on)
    return sits and invitation.cancelled_at is None and session.closed_at is None and session.held_at > clock.now()


def proxies_for(invitation: Convocation) -> list[Seat]:
    """The members to whom this one may give their voice: voting, of the same college, with less proxies than the rules allow."""
    session, giver = invitation.session, invitation.seat
    if giver is None or not giver.is_voting or not may_answer(invitation):
        return []
    in_force = (Proxy.session_id == session.id, Proxy.ended_at.is_(None), Proxy.giver_id != giver.id)
    held = Counter(db.session.scalars(select(Proxy.holder_id).where(*in_force)))
    most = terms_on(session.fund, session.held_on).proxies_per_member
    seats = seats_on(session.fund_id, session.held_on)
    return [
        seat for seat in seats
        if seat.is_voting and seat.college == giver.college and seat.id != giver.id and held[seat.id] < most
    ]  # fmt: skip


def has_sat(session: Session) -> bool:
    """Whether the committee opened it."""
    return session.opened_at is not None


def may_leave(item: AgendaItem) -> bool:
    """Whether nothing was said of the file in session yet: it may still wait for another one."""
    return item.is_waiting and not item.hearing and not item.outcomes and not item.recusals and not item.questions


def invitation_to(actor: Actor, session_id: int) -> Convocation | None:
    """The actor's own invitation to a session, as a member."""
    mine = (Convocation.session_id == session_id, Seat.person_id == actor.person_id)
    return db.session.scalars(select(Convocation).join(Seat, Seat.id == Convocation.seat_id).where(*mine)).first()


def apart(actor: Actor, session: Session) -> set[int]:
    """The items of which the actor takes no part: neither read, nor discussed, nor voted."""
    recused = select(Recusal.agenda_item_id).join(Seat, Seat.id == Recusal.seat_id).where(Seat.person_id == actor.person_id)
    found = set(db.session.scalars(recused.where(Recusal.agenda_item_id.in_([item.id for item in session.items]))))
    return found | {item.id for item in session.items if has_part(actor, item.project)}
