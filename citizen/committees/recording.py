"""What the minutes of a session say, read from what happened in it: nobody types them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from citizen.committees.models import AgendaItem, Attendance, Proxy, Recusal, Seat, Session
from citizen.committees.preparation import invitations
from citizen.committees.queries import seats_on
from citizen.committees.questions import Outcome
from citizen.committees.records import Minutes, Remark, Signature
from citizen.db import db
from citizen.funds import ledger
from citizen.projects.models import Project
from citizen.projects.steps import DECISIONS

ACTIONS = {one.outcome: action for action, one in DECISIONS.items()}


def session_for_minutes(session_id: int) -> Session | None:
    """A session with all that its minutes tell."""
    item = selectinload(Session.items)
    loaded = (
        joinedload(Session.fund), joinedload(Session.president), joinedload(Session.secretary), item.joinedload(AgendaItem.project),
        item.joinedload(AgendaItem.decision), item.selectinload(AgendaItem.outcomes).joinedload(Outcome.question),
        item.selectinload(AgendaItem.recusals).joinedload(Recusal.seat),
    )  # fmt: skip
    return db.session.scalars(select(Session).where(Session.id == session_id).options(*loaded)).unique().one_or_none()


def minutes_of(session_id: int) -> Minutes | None:
    """The sealed minutes of a session."""
    return db.session.get(Minutes, session_id)


def sealed_sessions(fund_id: int) -> set[int]:
    """The sessions of a fund whose minutes are sealed."""
    return set(db.session.scalars(select(Minutes.session_id).join(Session).where(Session.fund_id == fund_id)))


def unsealed(fund_id: int) -> Sequence[Session]:
    """The sessions of a fund that were held and closed, and whose minutes wait to be signed, the oldest first."""
    over = (Session.opened_at.is_not(None), Session.closed_at.is_not(None), Session.cancelled_at.is_(None))
    query = select(Session).where(Session.fund_id == fund_id, *over, Session.id.not_in(select(Minutes.session_id)))
    return db.session.scalars(query.order_by(Session.held_at, Session.id)).all()


def signatures(session_id: int, content_hash: str) -> list[Signature]:
    """Who signed the minutes as they read now."""
    mine = (Signature.session_id == session_id, Signature.content_hash == content_hash)
    return list(
        db.session.scalars(select(Signature).where(*mine).options(joinedload(Signature.person)).order_by(Signature.office))
    )


def content(session: Session) -> dict[str, Any]:
    """All that the minutes say, as plain values."""
    items = [_item(item) for item in session.items]
    return {
        "fund": session.fund.title, "keeper": session.fund.organisation.name, "scheme": session.fund.scheme, "kind": session.kind,
        "held_at": session.held_at.astimezone(UTC).isoformat(), "opened_at": session.opened_at.astimezone(UTC).isoformat() if session.opened_at else None,
        "closed_at": session.closed_at.astimezone(UTC).isoformat() if session.closed_at else None, "place": session.place,
        "president": session.president.name if session.president else "",
        "secretary": session.secretary.name if session.secretary else "",
        "colleges": _colleges(session), "items": items, "envelopes": _envelopes(session, items), "remarks": _remarks(session.id),
    }  # fmt: skip


def _colleges(session: Session) -> list[dict[str, Any]]:
    """Who was there, college by college: present, represented and by whom, excused, absent."""
    came = set(db.session.scalars(select(Attendance.seat_id).where(Attendance.session_id == session.id)))
    given = select(Proxy).where(Proxy.session_id == session.id).options(joinedload(Proxy.holder)).order_by(Proxy.id)
    proxies = {one.giver_id: one.holder.name for one in db.session.scalars(given) if one.giver_id not in came}
    sorry = {one.seat_id for one in invitations(session.id) if one.answer in ("absent", "proxy")}
    found: dict[tuple[str, bool], dict[str, Any]] = {}
    for seat in seats_on(session.fund_id, session.held_on):
        college = found.setdefault(
            (seat.college, seat.is_voting),
            {"name": seat.college, "is_voting": seat.is_voting, "present": [], "represented": [], "excused": [], "absent": []},
        )
        _place(college, seat, came, proxies, sorry)
    return sorted(found.values(), key=lambda one: (not one["is_voting"], one["name"]))


def _place(college: dict[str, Any], seat: Seat, came: set[int], proxies: dict[int, str], sorry: set[int | None]) -> None:
    if seat.id in came:
        college["present"].append(seat.name)
    elif seat.id in proxies:
        college["represented"].append({"name": seat.name, "by": proxies[seat.id]})
    else:
        college["excused" if seat.id in sorry else "absent"].append(seat.name)


def _item(item: AgendaItem) -> dict[str, Any]:
    project, outcome, decision = item.project, item.outcome, item.decision
    found: dict[str, Any] = {
        "id": item.id, "position": item.position, "project_id": project.id, "call_id": project.call_id, "title": project.title,
        "requested_cents": project.requested_cents, "hearing": item.hearing, "has_left": item.left_at is not None,
        "recusals": [{"name": one.seat.name, "ground": one.ground} for one in item.recusals],
        "action": "", "amount_cents": None, "sentence": "", "easy": "", "asked": "", "verdicts": {}, "votes": None,
    }  # fmt: skip
    if outcome:
        question = outcome.question
        found |= {name: getattr(outcome, name) for name in ("action", "amount_cents", "sentence", "easy", "asked", "verdicts")}
        found["votes"] = question and {
            name: getattr(question, name) for name in ("votes_for", "votes_against", "abstentions", "casting", "is_secret")
        }
    elif decision:  # decided before sessions kept their votes
        found |= {"action": ACTIONS[decision.outcome], "amount_cents": decision.amount_cents, "sentence": decision.reason}
    return found


def _envelopes(session: Session, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was left before and after, from the ledger at the end of the day it closed; what another session keeps is not told."""
    granted: Counter[int] = Counter()
    for item in items:
        if item["call_id"] and not item["has_left"]:
            granted[item["call_id"]] += item["amount_cents"] or 0
    own: Counter[int | None] = Counter()
    for one in session.items:
        if one.outcome and one.is_waiting:
            own[one.project.call_id] += one.outcome.amount_cents or 0
    calls = {call.id: call for item in session.items if (call := item.project.call)}
    day = session.closed_at.astimezone(session.starts_at.tzinfo).date() if session.closed_at else None
    found = []
    for call_id, call in sorted(calls.items()):
        balance = ledger.balance(call_id, day)
        after = balance.left + balance.reserved - own[call_id]
        found.append({"title": call.title, "before_cents": after + granted[call_id], "after_cents": after})
    return found


def _remarks(session_id: int) -> list[dict[str, Any]]:
    query = select(Remark).where(Remark.session_id == session_id).options(joinedload(Remark.author)).order_by(Remark.id)
    return [
        {"project_id": one.project_id, "author": one.author.name, "text": one.text, "at": one.at.astimezone(UTC).isoformat()}
        for one in db.session.scalars(query)
    ]


def names_in(session: Session) -> set[str]:
    """Everybody whom an extract must not name: the committee, the teams, who helps them, who bears."""
    seats = {seat.name for seat in seats_on(session.fund_id, session.held_on)}
    projects: list[Project] = [item.project for item in session.items]
    teams = {member.name for project in projects for member in project.team}
    teams |= {helper.person.name for project in projects for helper in project.helpers}
    return seats | teams | {project.bearer.name for project in projects}
