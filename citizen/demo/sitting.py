"""A session of the demonstration held from its opening to its signed minutes, for a committee whose members have no account."""

from collections.abc import Mapping
from typing import Any

from citizen import clock
from citizen.committees import minutes, presence, recording, review, services, sitting
from citizen.committees.models import Session
from citizen.committees.rules import proof
from citizen.db import db
from citizen.kernel.access import Actor


def hold(officer: Actor, session_id: int, proposed: Mapping[int, Mapping[str, Any]], *, heard: str) -> None:
    """Everybody comes and takes what is `proposed` on each project (see `review.propose`); its service signs the minutes."""
    session = db.session.get_one(Session, session_id)
    with clock.at(session.held_at):
        sitting.open_session(officer, session_id)
        sitting.arrive(officer, session_id, [seat.id for seat in presence.room_of(session).seats])
        for item in list(session.items):
            sitting.hear(officer, item.id, heard)
            question = review.propose(officer, item.id, **proposed[item.project_id])
            voters = presence.room_of(session).voters(presence.recused_from(item))
            review.raise_hands(officer, question.id, dict.fromkeys(voters, "for"), is_counted=True)
            review.settle(officer, item.id)
        services.close(officer, session_id)
        kept = recording.session_for_minutes(session_id)
        assert kept is not None
        minutes.sign(officer, session_id, seen=proof(recording.content(kept)))
