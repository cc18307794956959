"""Reading the journal."""

from collections.abc import Sequence

from sqlalchemy import select

from citizen.db import db
from citizen.journal.models import Event


def events_of(subject: str) -> Sequence[Event]:
    """All that happened to ``subject``, oldest first."""
    return db.session.scalars(select(Event).where(Event.subject == subject).order_by(Event.at, Event.id)).all()
