"""An urban management committee (CGU) at work, made by calling the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from citizen import clock
from citizen.committees import minutes, presence, recording, review, seats, services, sitting
from citizen.committees.models import AgendaItem, Session
from citizen.committees.rules import proof
from citizen.db import db
from citizen.ftu.models import FtuProject
from citizen.funds.models import Fund
from citizen.kernel.access import Actor
from tests import rooms

COLLEGES = ("Habitants", "Élus", "Services de la commune", "Bailleurs")


def seated(officer: Actor, fund: Fund) -> None:
    """One member of each college, without an account; the first presides."""
    for rank, college in enumerate(COLLEGES):
        office = "president" if rank == 0 else "member"
        seats.add(officer, fund.id, name=f"Membre {rank + 1}", college=college, office=office)


def convened(officer: Actor, projects: Sequence[FtuProject], held_at: datetime | None = None) -> Session:
    """A session tomorrow with these works on its agenda."""
    fund = projects[0].call.fund
    if not presence.queries.seats_of(fund.id):
        seated(officer, fund)
    session = services.schedule(officer, fund.id, held_at=held_at or clock.now() + timedelta(days=1), place="Mairie")
    for project in projects:
        services.inscribe(officer, session.id, project.id)
    return session


def opened(officer: Actor, session: Session) -> None:
    sitting.open_session(officer, session.id)
    sitting.arrive(officer, session.id, [seat.id for seat in presence.room_of(session).seats])


def settled(officer: Actor, item: AgendaItem, action: str, words: str = "C’est utile au quartier.") -> None:
    """Everybody votes for this opinion."""
    rooms.everybody(officer, review.propose(officer, item.id, action, asked=words).id)
    review.settle(officer, item.id)


def signed(officer: Actor, session: Session) -> None:
    """The session over, its minutes signed for both offices: nobody of the committee has an account."""
    services.close(officer, session.id)
    found = recording.session_for_minutes(session.id)
    assert found is not None
    assert minutes.sign(officer, session.id, seen=proof(recording.content(found)))


def heard(officer: Actor, project: FtuProject, action: str, words: str = "C’est utile au quartier.") -> FtuProject:
    """The whole passage of one project, the day after; its opinion is released."""
    session = convened(officer, [project])
    with clock.at(session.held_at):
        opened(officer, session)
        settled(officer, session.items[0], action, words)
        signed(officer, session)
    return db.session.get_one(FtuProject, project.id)
