"""The promises made to lodged files, written down again for those that moved: some hundreds at a time, so that nobody waits."""

from collections.abc import Collection, Iterator

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.committees.models import AgendaItem
from citizen.db import db, transaction
from citizen.funds.models import LedgerEntry
from citizen.journal.models import Event
from citizen.pic.models import PicProject
from citizen.pic.queries import PUBLISHED, followed
from citizen.projects.steps import S
from citizen.region.steering_models import PromiseDay, PromiseStamp

AT_ONCE = 500
OVERLAP = 1_000  # a slow transaction may write an older number after a newer one


def recount() -> int:
    """Every file that moved since the last time; gives how many promises are written down."""
    with transaction():
        stamp = _stamp()
        stamp.event_id, stamp.entry_id = max(0, stamp.event_id - OVERLAP), max(0, stamp.entry_id - OVERLAP)
    while _some():
        pass
    return db.session.scalar(select(func.count()).select_from(PromiseDay)) or 0


def _stamp() -> PromiseStamp:
    """Held until the transaction ends: two processes take turns."""
    stamp = db.session.get(PromiseStamp, 1, with_for_update=True)
    if stamp is None:
        stamp = PromiseStamp(id=1, event_id=0, entry_id=0, at=clock.now())
        db.session.add(stamp)
    return stamp


def _some() -> bool:
    """What the next events and entries of the ledgers changed; False when there were none."""
    with transaction():
        stamp = _stamp()
        moved = select(Event.id, Event.subject).where(Event.id > stamp.event_id).order_by(Event.id).limit(AT_ONCE)
        paid = select(LedgerEntry.id, LedgerEntry.project_id).where(LedgerEntry.id > stamp.entry_id).order_by(LedgerEntry.id)
        events, entries = db.session.execute(moved).all(), db.session.execute(paid.limit(AT_ONCE)).all()
        numbers = {int(subject.removeprefix("project:")) for _id, subject in events if subject.startswith("project:")}
        if numbers := numbers | {number for _id, number in entries if number}:
            _write_down(numbers)
        stamp.event_id, stamp.entry_id = _last(events, stamp.event_id), _last(entries, stamp.entry_id)
        stamp.at = clock.now()
    return bool(events or entries)


def _last(rows: Collection[object], before: int) -> int:
    return max((row[0] for row in rows), default=before)  # type: ignore[index]


def _write_down(numbers: Collection[int]) -> None:
    db.session.execute(delete(PromiseDay).where(PromiseDay.project_id.in_(numbers)))
    query = (
        select(PicProject)
        .where(PicProject.id.in_(numbers), PicProject.lodged_at.is_not(None), PicProject.state != S.WITHDRAWN)
        .options(joinedload(PicProject.ruleset), selectinload(PicProject.agenda_items).joinedload(AgendaItem.session))
    )
    db.session.add_all(_days(db.session.scalars(query).unique().all()))


def _days(projects: Collection[PicProject]) -> Iterator[PromiseDay]:
    for one in followed(list(projects)):
        for promise in one.promises:
            if promise.slug in PUBLISHED and promise.due_on and (promise.has_begun or promise.done_on):
                yield PromiseDay(project_id=one.project.id, slug=promise.slug, due_on=promise.due_on, done_on=promise.done_on)
