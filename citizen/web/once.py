"""A one-time key in a form that adds a row: the same form sent twice, even at once, adds it once."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from citizen import clock
from citizen.db import db

KEPT = timedelta(days=2)


class UsedKey(db.Model):
    """A form that was taken; ``key`` is what its key hashes to."""

    key: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


def first_use(key: str) -> bool:
    """Whether this key had not been used; part of the transaction that adds the row: when it fails the key is good again."""
    now, hashed = clock.now(), hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    db.session.execute(delete(UsedKey).where(UsedKey.used_at < now - KEPT))
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    row = insert(UsedKey).values(key=hashed, used_at=now).on_conflict_do_nothing().returning(UsedKey.key)
    return db.session.scalar(row) is not None
