"""Who is at the keyboard: flask-login reads a session that the database can revoke at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import lazy_gettext
from flask_login import LoginManager
from sqlalchemy import bindparam, select

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


# Written once: they are read at each page.
_PERSON, _SIGN_IN, _DUTY = Person.__table__, SignIn.__table__, Duty.__table__
_WITH_DUTIES = (
    select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.verified_at, _DUTY.c.role, _DUTY.c.on)
    .outerjoin_from(_PERSON, _DUTY, _DUTY.c.person_id == _PERSON.c.id).where(_PERSON.c.is_suspended.is_(False))
)  # fmt: skip
_SIGNED_IN = (
    _WITH_DUTIES.join(_SIGN_IN, _SIGN_IN.c.person_id == _PERSON.c.id)
    .where(_SIGN_IN.c.token_hash == bindparam("token"), _SIGN_IN.c.expires_at > bindparam("now"))
)  # fmt: skip


def hashed(token: str) -> str:
    """What is kept of a token: a leaked database opens no session."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def actor_of(person_id: int) -> Actor | None:
    """The person as an actor, with the duties held now; None when unknown or suspended."""
    return _actor(db.session.execute(_WITH_DUTIES.where(Person.id == person_id)).all())


def _actor(rows: Sequence[Any]) -> Actor | None:
    """Of one row for each duty, or one without any."""
    if not rows:
        return None
    return Actor(rows[0].id, rows[0].name, frozenset((row.role, row.on) for row in rows if row.role))


def visitor(token: str) -> Visitor | None:
    """The visitor whose cookie carries this token, while the session is open."""
    rows = db.session.connection().execute(_SIGNED_IN, {"token": hashed(token), "now": clock.now()}).all()
    actor = _actor(rows)
    return Visitor(token, actor, rows[0].verified_at is not None) if actor else None


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
