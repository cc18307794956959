"""Writing the journal."""

from citizen import clock
from citizen.db import db
from citizen.journal.models import Event
from citizen.kernel.access import Actor


def record(
    actor: Actor, subject: str, action: str, *, before: str | None = None, after: str | None = None, reason: str = ""
) -> None:
    """Adds one event; call it inside the transaction of the act itself."""
    db.session.add(
        Event(
            subject=subject, action=action, from_state=before, to_state=after,
            reason=reason, actor_id=actor.person_id, at=clock.now(),
        )
    )  # fmt: skip
