"""Opinions asked by a mailed link until a day, whatever the scheme: whom a letter may leave to, one reminder, addresses forgotten after."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.people import attempts, identifiers
from citizen.people.services import require_verified
from citizen.projects.services import locked

REMINDED_BEFORE = timedelta(days=3)


def addressed(actor: Actor, act: str, email: str) -> str:
    """The address as it is kept, for a letter that somebody with a verified address asks to send; ``act`` counts those that left."""
    require_verified(actor)
    address = identifiers.email_address(email)
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    if attempts.take_try(act, address):
        raise Invalid("email", _("Plusieurs lettres sont déjà parties à cette adresse : attendez un peu."))
    return address


def held(model: Any, number: int) -> Any:
    """What was asked, as it is now, its project held first."""
    asked = db.session.get_one(model, number)
    locked(asked.project_id)
    db.session.refresh(asked)
    return asked


def remind_all(model: Any, ask_again: Callable[[Any], None], *conditions: ColumnElement[bool]) -> int:
    """One reminder to each who has not answered three days before the end; gives how many left.

    The addresses of those who did not answer in time are forgotten.
    """
    today = clock.today()
    with transaction():
        db.session.execute(update(model).where(model.due_on < today, model.email != "").values(email=""))
    waiting = select(model.id).where(
        model.answered_at.is_(None), model.reminded_at.is_(None), model.email != "",
        model.due_on.between(today, today + REMINDED_BEFORE), *conditions,
    )  # fmt: skip
    return sum(_remind(model, number, ask_again) for number in db.session.scalars(waiting.order_by(model.id)).all())


def _remind(model: Any, number: int, ask_again: Callable[[Any], None]) -> bool:
    with transaction():
        asked = held(model, number)
        if asked.reminded_at or not asked.is_open(clock.today()):
            return False
        asked.reminded_at = clock.now()
        ask_again(asked)
        return True
