"""Who is at the keyboard: flask-login reads a session that the database can revoke at once."""

import hashlib
from dataclasses import dataclass

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import lazy_gettext
from flask_login import LoginManager
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.people.models import Duty, Person, SignIn


@dataclass(frozen=True)
class Visitor:
    """A signed-in visitor, as flask-login wants it; its id is the session's token, never the person's number."""

    token: str
    actor: Actor
    is_verified: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def hashed(token: str) -> str:
    """What is kept of a token: a leaked database opens no session."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def actor_of(person_id: int) -> Actor | None:
    """The person as an actor, with the duties held now; None when unknown or suspended."""
    person = db.session.execute(select(Person.name, Person.is_suspended).where(Person.id == person_id)).one_or_none()
    return None if person is None or person.is_suspended else _actor(person_id, person.name)


def _actor(person_id: int, name: str) -> Actor:
    held = db.session.execute(select(Duty.role, Duty.on).where(Duty.person_id == person_id))
    return Actor(person_id, name, frozenset((role, on) for role, on in held))


def visitor(token: str) -> Visitor | None:
    """The visitor whose cookie carries this token, while the session is open."""
    still_open = (SignIn.token_hash == hashed(token), SignIn.expires_at > clock.now(), Person.is_suspended.is_(False))
    query = select(SignIn.person_id, Person.name, Person.verified_at).join(Person).where(*still_open)
    found = db.session.execute(query).one_or_none()
    return Visitor(token, _actor(found.person_id, found.name), found.verified_at is not None) if found else None


def install(app: Flask) -> None:
    """Attaches the sign-in to the application."""
    manager = LoginManager(app)
    manager.user_loader(visitor)
    manager.unauthorized_handler(lambda: redirect(url_for("people.sign_in", suite=_came_from()), 303))
    manager.login_message = lazy_gettext("Connectez-vous pour continuer.")


def _came_from() -> str:
    """The page to come back to; what was sent cannot be replayed, its page can be seen again."""
    has_page = current_app.url_map.bind("localhost").test(request.path, method="GET")
    return request.full_path.rstrip("?") if has_page else ""
