"""Reading the journal."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from citizen.db import db
from citizen.journal.models import Event


def events_of(subject: str) -> Sequence[Event]:
    """All that happened to ``subject``, oldest first."""
    return db.session.scalars(select(Event).where(Event.subject == subject).order_by(Event.at, Event.id)).all()


def states_entered(subjects: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """The states that each of ``subjects`` entered, with the moment, oldest first."""
    moved = (Event.to_state.is_not(None), Event.to_state.is_distinct_from(Event.from_state))
    query = select(Event.subject, Event.to_state, Event.at).where(Event.subject.in_(subjects), *moved)
    found: dict[str, list[tuple[str, datetime]]] = {subject: [] for subject in subjects}
    for subject, state, at in db.session.execute(query.order_by(Event.at, Event.id)):
        found[subject].append((state or "", at))
    return found
