"""Tries counted per act and address, whether or not an account is behind it: the delay grows, the door never locks."""

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from citizen import clock
from citizen.db import db, transaction
from citizen.people import rules
from citizen.people.models import Attempt

FORGOTTEN_AFTER = timedelta(days=1)


def take_try(act: str, address: str) -> timedelta:
    """Counts one try at ``act`` on ``address`` and gives zero; when it comes too soon, counts nothing and gives the wait."""
    now, key = clock.now(), _key(act, address)
    with transaction():
        db.session.execute(delete(Attempt).where(Attempt.last_at < now - FORGOTTEN_AFTER))
        db.session.execute(_insert(Attempt).values(key=key, tries=0, next_at=now, last_at=now).on_conflict_do_nothing())
        attempt = db.session.get_one(Attempt, key, with_for_update=True, populate_existing=True)
        if attempt.next_at > now:
            return attempt.next_at - now
        attempt.tries += 1
        attempt.last_at, attempt.next_at = now, now + rules.wait_after(attempt.tries)
    return timedelta()


def forget(act: str, address: str) -> None:
    """Starts again from nothing: the right person is there."""
    with transaction():
        db.session.execute(delete(Attempt).where(Attempt.key == _key(act, address)))


def _key(act: str, address: str) -> str:
    return hashlib.sha256(f"{act}:{address}".encode("utf-8", "replace")).hexdigest()


def _insert(model: type[Attempt]) -> Any:
    """INSERT … ON CONFLICT, which both databases have and each spells in its dialect: two first tries at once count two."""
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects[db.engine.dialect.name](model)
