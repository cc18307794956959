"""What a member writes for themself about a file: nobody else reads it."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from citizen import clock
from citizen.committees import preparation, services
from citizen.committees.models import AgendaItem
from citizen.committees.records import MemberNote
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import Forbidden


def require_reader(actor: Actor, item: AgendaItem) -> None:
    """Forbidden unless the actor sits for this fund, and takes part in this item."""
    services.require_room(actor, item.session.fund)
    if item.id in preparation.apart(actor, item.session):
        raise Forbidden(f"read:{item.id}")


def write(actor: Actor, item_id: int, *, text: str, is_kept: bool) -> None:
    """Keeps the actor's note on a file of the agenda, or forgets it when it is empty; ``is_kept``: after the minutes too."""
    with transaction():
        item = db.session.get_one(AgendaItem, item_id)
        require_reader(actor, item)
        mine = (actor.person_id, item.project_id)
        note = db.session.get(MemberNote, mine, with_for_update=True)
        if not text.strip():
            db.session.execute(delete(MemberNote).where(MemberNote.person_id == mine[0], MemberNote.project_id == mine[1]))
            return
        note = note or MemberNote(person_id=mine[0], project_id=mine[1])
        note.text, note.is_kept, note.changed_at = text.strip(), is_kept, clock.now()
        db.session.add(note)


def forget(project_ids: Iterable[int]) -> None:
    """Erases the notes on these files that nobody chose to keep; part of the signing of the minutes."""
    db.session.execute(delete(MemberNote).where(MemberNote.project_id.in_(list(project_ids)), MemberNote.is_kept.is_(False)))


def of(actor: Actor, project_ids: Iterable[int]) -> dict[int, MemberNote]:
    """The actor's own notes on these files."""
    query = select(MemberNote).where(MemberNote.person_id == actor.person_id, MemberNote.project_id.in_(list(project_ids)))
    return {note.project_id: note for note in db.session.scalars(query)}
