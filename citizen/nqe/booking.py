"""Places on one date, first come first served; who is interested, without a name; who follows. All forgotten afterwards."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.mail.models import Letter
from citizen.nqe import agenda, letters
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.season_models import Booking, EventDay, EventFollower
from citizen.people import attempts
from citizen.people.models import Person
from citizen.people.queries import kept_address

FORGOTTEN_AFTER = timedelta(days=30)
ANSWERED_WITHIN = timedelta(days=3)


def locked_day(event_id: int) -> EventDay:
    """The life of a date, born when first needed, held until the transaction ends: two first comers at once make one row."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    born = {"event_id": event_id, "interested": 0, "takes_bookings": False, "booked": 0, "shelter": ""}
    db.session.execute(insert(EventDay).values(**born).on_conflict_do_nothing())
    return db.session.get_one(EventDay, event_id, with_for_update=True, populate_existing=True)


def public_date(event_id: int) -> ProgrammeEvent:
    """A date that is still to come."""
    event = agenda.public_date(event_id)
    if event is None or event.is_cancelled or event.on < clock.today():
        raise NotNow(_("Cette date est passée ou annulée."))
    return event


def book(event_id: int, *, name: str, contact: str, people: int) -> Booking:
    """Places for ``people``: held when there is room and nobody waits, else the next turn on the waiting list."""
    with transaction():
        day = locked_day(event_id)
        event = public_date(event_id)
        if not day.takes_bookings or event.capacity is None:
            raise NotNow(_("On ne réserve pas pour cette date : venez, c’est ouvert."))
        if people > event.capacity:
            raise Invalid("people", _("Il y a %(count)d places en tout.", count=event.capacity))
        if db.session.scalar(select(Booking.id).where(Booking.event_id == event_id, Booking.contact == contact)):
            raise Invalid("contact", _("Une réservation existe déjà avec cette adresse ou ce numéro."))
        is_held = not _waiting(event_id) and _held(event_id) + people <= event.capacity
        booking = Booking(
            event_id=event_id, name=name, contact=contact, people=people, is_held=is_held, booked_at=clock.now(), event=event
        )
        db.session.add(booking)
        db.session.flush()
        day.booked = _held(event_id)
        letters.tell_booking(booking)
        return booking


def _held(event_id: int) -> int:
    of_event = Booking.event_id == event_id, Booking.is_held.is_(True)
    return db.session.scalar(select(func.coalesce(func.sum(Booking.people), 0)).where(*of_event)) or 0


def _waiting(event_id: int) -> list[Booking]:
    of_event = Booking.event_id == event_id, Booking.is_held.is_(False)
    return list(db.session.scalars(select(Booking).where(*of_event).order_by(Booking.id)))


def turn_of(booking: Booking) -> int:
    """Its turn on the waiting list, from 1; 0 when its places are held."""
    before = Booking.event_id == booking.event_id, Booking.is_held.is_(False), Booking.id <= booking.id
    return 0 if booking.is_held else db.session.scalar(select(func.count()).select_from(Booking).where(*before)) or 0


def cancel(booking_id: int) -> None:
    """Gives the places back; the waiting list moves up, and is told."""
    with transaction():
        event_id = db.session.scalar(select(Booking.event_id).where(Booking.id == booking_id))
        if event_id is not None:
            day = locked_day(event_id)
            db.session.execute(delete(Booking).where(Booking.id == booking_id))
            _move_up(day)


def _move_up(day: EventDay) -> None:
    """Who waits takes what is free, in order: a household for which there is not room enough is not overtaken."""
    room = (day.event.capacity or 0) - _held(day.event_id)
    for booking in _waiting(day.event_id) if day.takes_bookings else ():
        if booking.people > room:
            break
        booking.is_held, room = True, room - booking.people
        letters.tell_booking(booking)
    db.session.flush()
    day.booked = _held(day.event_id)


def set_places(actor: Actor, event: ProgrammeEvent, *, takes_bookings: bool, capacity: int | None) -> EventDay:
    """Opens or shuts booking, and says how many places there are; inside the transaction that judged the actor."""
    day = locked_day(event.id)
    if takes_bookings and not capacity:
        raise Invalid("capacity", _("Écrivez le nombre de places."))
    if capacity and capacity < _held(event.id):
        raise Invalid("capacity", _("%(count)d places sont déjà réservées.", count=_held(event.id)))
    event.capacity, day.takes_bookings = capacity, takes_bookings
    db.session.flush()
    _move_up(day)
    journal.record(actor, event.project.on, "bookings_opened" if takes_bookings else "bookings_shut", reason=event.title)
    return day


def show_interest(event_id: int, *, is_interested: bool) -> None:
    """One more, or one less, without knowing who."""
    with transaction():
        day = locked_day(event_id)
        if is_interested:
            public_date(event_id)
        day.interested = max(0, day.interested + (1 if is_interested else -1))


def follow(actor: Actor, event_id: int, email: str) -> bool:
    """Somebody wants to know when the date changes: at once with the account's own address, else once the address has answered.

    True when it is done; False when a letter was sent, or would be one too many.
    """
    with transaction():
        locked_day(event_id)
        event, address = public_date(event_id), kept_address(email)
        person = db.session.get(Person, actor.person_id) if actor.person_id else None
        is_own = person is not None and person.email == address and person.verified_at is not None
        found = select(EventFollower).where(EventFollower.event_id == event_id, EventFollower.email == address)
        follower = db.session.scalar(found)
        if follower is None:
            follower = EventFollower(event_id=event_id, email=address, asked_at=clock.now(), event=event)
            db.session.add(follower)
        if is_own:
            follower.confirmed_at = follower.confirmed_at or clock.now()
        db.session.flush()
        if not is_own and not follower.confirmed_at and not attempts.take_try("follow_event", address):
            letters.ask_follower(follower)
        return is_own


def confirm(follower_id: int) -> None:
    with transaction():
        follower = db.session.get(EventFollower, follower_id, with_for_update=True)
        if follower:
            follower.confirmed_at = follower.confirmed_at or clock.now()


def unfollow(follower_id: int) -> None:
    with transaction():
        db.session.execute(delete(EventFollower).where(EventFollower.id == follower_id))


def forget_past() -> int:
    """Erases who booked or followed a date thirty days gone, and addresses that never answered; gives how many.

    Letters that left thirty days ago to somebody without an account lose their address too.
    """
    past = select(ProgrammeEvent.id).where(ProgrammeEvent.on < clock.today() - FORGOTTEN_AFTER)
    silent = EventFollower.confirmed_at.is_(None) & (EventFollower.asked_at < clock.now() - ANSWERED_WITHIN)
    left = Letter.sent_at < clock.now() - FORGOTTEN_AFTER, Letter.to != "", Letter.to.not_in(select(Person.email))
    with transaction():
        db.session.execute(update(Letter).where(*left).values(to=""))
        gone = [
            db.session.execute(delete(Booking).where(Booking.event_id.in_(past))),
            db.session.execute(delete(EventFollower).where(EventFollower.event_id.in_(past) | silent)),
        ]
        found = sum(answer.rowcount for answer in gone)  # type: ignore[attr-defined]
        if found:
            journal.record(NOBODY, "region", "bookings_erased", reason=str(found))
        return found
