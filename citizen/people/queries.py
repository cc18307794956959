"""Who is known: people, their links, their organisations."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.people import identifiers, rules
from citizen.people.models import Duty, Link, Membership, Organisation, Person
from citizen.people.signing import hashed


def kept_address(typed: str) -> str:
    """The address under which an account would be kept."""
    return identifiers.email_address(typed) or rules.normal_email(typed)


def person_at(email: str) -> Person | None:
    """The account of this address."""
    return db.session.scalar(select(Person).where(Person.email == kept_address(email)))


def person(actor: Actor) -> Person:
    """The actor's own account."""
    return db.session.get_one(Person, actor.person_id)


def is_verified(actor: Actor) -> bool:
    """Whether the actor's address has answered."""
    person = db.session.get(Person, actor.person_id) if actor.is_signed_in else None
    return person is not None and person.verified_at is not None


def open_link(token: str, purpose: str) -> Link | None:
    """The mailed link of this token, if it is for this purpose, not used and not too old."""
    still_open = (Link.purpose == purpose, Link.used_at.is_(None), Link.expires_at > clock.now())
    return db.session.scalar(select(Link).where(Link.token_hash == hashed(token), *still_open))


def demo_accounts() -> Sequence[Person]:
    """The accounts that a demonstration opens in one click, in the order they were made."""
    return db.session.scalars(select(Person).where(Person.demo_role.is_not(None)).order_by(Person.id)).all()


def duties() -> Sequence[tuple[str, Duty]]:
    """Every duty held, with the address of who holds it."""
    query = select(Person.email, Duty).join(Person, Person.id == Duty.person_id).order_by(Duty.on, Duty.role, Person.email)
    return [(email, duty) for email, duty in db.session.execute(query)]


def organisations_of(person_id: int | None) -> Sequence[Organisation]:
    """The organisations a person is a member of, by name."""
    query = select(Organisation).join(Membership).where(Membership.person_id == person_id)
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).all()


def organisation(organisation_id: int) -> Organisation | None:
    """An organisation with its members."""
    whole = selectinload(Organisation.members).options(joinedload(Membership.person))
    return db.session.scalar(select(Organisation).where(Organisation.id == organisation_id).options(whole))


def organisations_able_to_keep() -> Sequence[Organisation]:
    """The organisations that may keep a fund: associations and authorities, by name. Source: cadre régional 2024-2030."""
    query = select(Organisation).where(Organisation.kind != "group")
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).all()
