"""Links sent by mail: single use, bound to a purpose, short-lived; the database keeps only their hash."""

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete

from citizen import clock
from citizen.config import Settings
from citizen.db import db
from citizen.kernel.lifecycle import NotNow
from citizen.people import queries
from citizen.people.models import Link, Person
from citizen.people.signing import hashed

VERIFY, RESET = "verify", "reset"
LIFETIMES = {VERIFY: timedelta(days=3), RESET: timedelta(hours=1)}
INVITATION = timedelta(days=15)


def invitation(organisation_id: int) -> str:
    """The purpose of an invitation to this organisation."""
    return f"invitation:{organisation_id}"


def make(person_id: int, purpose: str) -> str:
    """A new link's token; part of the transaction that writes the letter."""
    token = secrets.token_urlsafe(32)
    expires_at = clock.now() + LIFETIMES.get(purpose, INVITATION)
    db.session.execute(delete(Link).where(Link.expires_at < clock.now()))
    db.session.add(Link(token_hash=hashed(token), purpose=purpose, person_id=person_id, expires_at=expires_at))
    return token


def use(token: str, purpose: str) -> Person:
    """Whom the link was sent to; it is used up. NotNow when it is too old, used, or meant for something else."""
    link = queries.open_link(token, purpose)
    person = db.session.get(Person, link.person_id, with_for_update=True, populate_existing=True) if link else None
    link = queries.open_link(token, purpose)  # of two uses at once, the second waited for the person's row: it looks again
    if link is None or person is None or person.is_suspended:
        raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
    link.used_at = clock.now()
    return person


def cancel(person_id: int, *purposes: str) -> None:
    """Makes the links of these purposes useless."""
    db.session.execute(delete(Link).where(Link.person_id == person_id, Link.purpose.in_(purposes)))


def address(endpoint: str, **values: object) -> str:
    """The whole address of a page for a letter: from the settings, never from a header that the visitor sends."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url.rstrip("/") + current_app.url_map.bind("").build(endpoint, values)
