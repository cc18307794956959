"""Convening a session: who is invited at which hour, told once and again when it changes; moved or cancelled with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.committees import letters, preparation, queries, services
from citizen.committees.models import AgendaItem, Proxy, Session
from citizen.committees.records import Convocation
from citizen.committees.rules import hour_of
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.projects.models import Project
from citizen.projects.rules import french_day
from citizen.web.filters import moment


@dataclass(frozen=True)
class Expected:
    """A member or a team, and when it should come."""

    seat_id: int | None
    project_id: int | None
    starts_at: datetime


def expected(session: Session) -> Iterator[Expected]:
    """Everybody to invite: the members in office who can be written to, and the team of each file at its hour."""
    for seat in queries.seats_on(session.fund_id, session.held_on):
        if letters.address_of(seat):
            yield Expected(seat.id, None, session.held_at)
    at = hours(session)
    yield from (Expected(None, item.project_id, at[item.id]) for item in session.items if item.id in at)


def hours(session: Session) -> dict[int, datetime]:
    """When each file of the agenda is expected, by item."""
    waiting = [item for item in session.items if item.is_waiting]
    return {item.id: hour_of(session.held_at, session.minutes_each, rank) for rank, item in enumerate(waiting)}


def unreachable(session: Session) -> list[str]:
    """The members in office to tell by phone or on paper: they have no address."""
    return [seat.name for seat in queries.seats_on(session.fund_id, session.held_on) if not letters.address_of(seat)]


def untold(session: Session) -> list[Expected]:
    """Who was not told yet when and where to come, as it is now."""
    told = {(one.seat_id, one.project_id): one for one in preparation.invitations(session.id)}
    return [one for one in expected(session) if not _knows(told.get((one.seat_id, one.project_id)), one, session)]


def _knows(invitation: Convocation | None, one: Expected, session: Session) -> bool:
    return (
        invitation is not None
        and invitation.cancelled_at is None
        and (invitation.starts_at, invitation.place) == (one.starts_at, session.place)
    )


def convene(actor: Actor, session_id: int) -> int:
    """Sends the invitations that were not sent, or that say another hour or place; gives how many."""
    with transaction():
        session = _coming(actor, session_id)
        told = _tell(session, untold(session))
        if told:
            journal.record(actor, session.fund.on, "session_convened", reason=french_day(session.held_on))
        return told


def _tell(session: Session, guests: list[Expected], reason: str = "") -> int:
    known = {(one.seat_id, one.project_id): one for one in preparation.invitations(session.id)}
    for guest in guests:
        invitation = known.get((guest.seat_id, guest.project_id))
        if invitation is None:
            invitation = Convocation(session=session, seat_id=guest.seat_id, project_id=guest.project_id, changes=0)
            db.session.add(invitation)
        else:
            invitation.changes += 1
            _forget_answer(invitation, guest.starts_at)
        invitation.starts_at, invitation.place = guest.starts_at, session.place
        invitation.told_at, invitation.cancelled_at = clock.now(), None
        db.session.flush()
        letters.invite(invitation, reason=reason)
    return len(guests)


def _forget_answer(invitation: Convocation, starts_at: datetime) -> None:
    """What was answered was about another moment."""
    if invitation.starts_at != starts_at:
        invitation.answer, invitation.answered_at, invitation.proxy_seat_id = "", None, None
        _keep_proxy(invitation)


def move(actor: Actor, session_id: int, *, held_at: datetime, place: str, reason: str) -> Session:
    """Another day, hour or place, and why; files that it no longer suits wait again, and everybody invited is told."""
    with transaction():
        session = _coming(actor, session_id)
        _require(reason)
        if held_at != session.held_at:
            services.require_free(session.fund_id, held_at)
        elif place == session.place:
            raise Invalid("held_on", _("C’est le même moment et le même lieu : rien ne change."))
        session.held_at, session.place, session.changes = held_at, place, session.changes + 1
        for item in [item for item in session.items if item.is_waiting]:
            if refused := services.unfit(session, item.project):
                release(actor, session, item, f"{reason} {refused}")
        db.session.refresh(session, ["items"])
        known = {one.seat_id for one in preparation.invitations(session_id) if one.cancelled_at is None}
        _tell(session, [one for one in untold(session) if one.project_id or one.seat_id in known], reason)
        journal.record(actor, session.fund.on, "session_moved", reason=f"{moment(held_at)} : {reason}")
        return session


def cancel(actor: Actor, session_id: int, *, reason: str) -> Session:
    """The session will not be: its files wait again, and everybody invited is told why."""
    with transaction():
        session = services.open_session(actor, session_id)
        _require(reason)
        if not all(preparation.may_leave(item) for item in session.items) or preparation.has_sat(session):
            raise NotNow(_("La séance a commencé : elle ne peut plus être annulée."))
        for item in list(session.items):
            release(actor, session, item, reason)
        for invitation in preparation.invitations(session_id):
            if invitation.cancelled_at is None:
                _take_back(invitation, reason)
        session.cancelled_at = session.closed_at = clock.now()
        session.cancel_reason, session.changes = reason, session.changes + 1
        journal.record(actor, session.fund.on, "session_cancelled", reason=f"{french_day(session.held_on)} : {reason}")
        return session


def release(actor: Actor, session: Session, item: AgendaItem, reason: str) -> None:
    """Gives the file back to those that wait, and tells its team; part of the transaction of who decides it."""
    invitation = _invitation_of(session, item.project)
    if invitation and invitation.cancelled_at is None:
        _take_back(invitation, reason)
    else:
        letters.tell_removed(session, item.project, reason)
    journal.record(actor, item.project.on, "off_agenda", reason=reason)
    db.session.delete(item)
    db.session.flush()


def _invitation_of(session: Session, project: Project) -> Convocation | None:
    mine = (Convocation.session_id == session.id, Convocation.project_id == project.id)
    return db.session.scalars(select(Convocation).where(*mine)).one_or_none()


def _take_back(invitation: Convocation, reason: str) -> None:
    invitation.changes, invitation.cancelled_at = invitation.changes + 1, clock.now()
    invitation.told_at = clock.now()
    db.session.flush()
    letters.uninvite(invitation, reason)


def answer(invitation_id: int, *, answer: str, proxy_seat_id: int | None = None) -> Convocation:
    """What an invited member or team says, by the link of its letter: it may change until the session."""
    with transaction():
        session_id = db.session.get_one(Convocation, invitation_id).session_id
        db.session.get_one(Session, session_id, with_for_update={"of": Session.__table__}, populate_existing=True)
        invitation = db.session.get_one(
            Convocation, invitation_id, with_for_update={"of": Convocation.__table__}, populate_existing=True
        )
        if not preparation.may_answer(invitation):
            raise NotNow(_("Cette invitation n’attend plus de réponse."))
        if answer == "proxy" and proxy_seat_id not in {seat.id for seat in preparation.proxies_for(invitation)}:
            raise Invalid("proxy", _("Choisissez un membre qui peut encore recevoir une procuration."))
        invitation.answer, invitation.answered_at = answer, clock.now()
        invitation.proxy_seat_id = proxy_seat_id if answer == "proxy" else None
        _keep_proxy(invitation)
        journal.record(NOBODY, f"invitation:{invitation.id}", "invitation_answered")
        return invitation


def _keep_proxy(invitation: Convocation) -> None:
    """What is answered holds in the room: the proxy given before ends, the new one begins."""
    in_force = (Proxy.session_id == invitation.session_id, Proxy.giver_id == invitation.seat_id, Proxy.ended_at.is_(None))
    for one in db.session.scalars(select(Proxy).where(*in_force)):
        one.ended_at = clock.now()
    db.session.flush()
    if invitation.seat_id and invitation.proxy_seat_id:
        db.session.add(
            Proxy(
                session_id=invitation.session_id, giver_id=invitation.seat_id, holder_id=invitation.proxy_seat_id,
                given_at=clock.now(),
            )
        )  # fmt: skip
        db.session.flush()


def _coming(actor: Actor, session_id: int) -> Session:
    session = services.open_session(actor, session_id)
    if session.held_at <= clock.now():
        raise NotNow(_("L’heure de cette séance est passée."))
    db.session.refresh(session, ["items"])
    return session


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason", _("Dites pourquoi : les personnes invitées le liront."))
