"""A committee with members, and the letters it sends, made by calling the services."""

from icalendar import Calendar
from sqlalchemy import select

from citizen.committees import seats
from citizen.committees.models import Seat
from citizen.db import db
from citizen.funds.models import Fund
from citizen.mail.models import Letter
from citizen.people.models import Person
from tests.factories import actor, manager_of, person


def member_of(fund: Fund, *, college: str = "Habitants", office: str = "member", name: str = "") -> tuple[Seat, Person]:
    """Somebody who took their seat from their account."""
    who = person(name=name or None)
    seat = seats.add(manager_of(fund), fund.id, name=who.name, college=college, email=who.email, office=office)
    return seats.accept(actor(who), seat.id), who


def letters_to(email: str) -> list[Letter]:
    """What was written to this address, in order."""
    return list(db.session.scalars(select(Letter).where(Letter.to == email).order_by(Letter.id)))


def calendar_in(letter: Letter) -> Calendar:
    """The calendar that goes with a letter."""
    assert letter.enclosure is not None
    return Calendar.from_ical(letter.enclosure["text"])
