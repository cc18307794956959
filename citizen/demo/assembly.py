"""The Region's committee of the demonstration: it decided a week ago on the summer to come, and meets again soon."""

from datetime import timedelta
from typing import Any

from citizen import clock
from citizen.committees import agenda, seats, services
from citizen.db import db
from citizen.demo import sitting
from citizen.demo.nqe import Summer, ToDecide
from citizen.demo.summer_shared import read
from citizen.nqe.models import NqeProject
from citizen.projects.steps import S

# (college, office) of each seat; nobody has an account: the Region's service keeps the minutes.
SEATS = (
    ("Élus de la Région", "president"), ("Élus de la Région", "member"), ("Élus de la Région", "member"),
    ("Élus de la Région", "member"), ("Habitants", "member"), ("Techniciens", "member"),
)  # fmt: skip
PLACE = "Siège de Région, Lille, salle des commissions"
SAID = {
    S.REJECTED: (
        "reject",
        "Le programme ne relie pas encore les quartiers : la Région propose de le préparer ensemble pour l’été suivant.",
    ),
    S.DEFERRED: ("defer", "Dites avec quels habitants le programme a été écrit, et ce qu’ils feront de l’été."),
}


def meet(summer: Summer) -> None:
    """The session that decides on what waits, and the minutes that tell everybody; what follows comes after."""
    if not summer.agenda:
        return
    officer, fund_id = summer.officer, summer.edition.fund_id
    with summer.stage.days.at(summer.decided - 4, 10):
        for college, office in SEATS:
            seats.add(officer, fund_id, name=summer.stage.cast.name(), college=college, office=office)
        session = services.schedule(officer, fund_id, held_at=clock.now() + timedelta(days=4, hours=4), place=PLACE)
        for one in summer.agenda:
            read(officer, db.session.get_one(NqeProject, one.project_id))
        agenda.inscribe_all(officer, session.id, [one.project_id for one in summer.agenda])
    proposed = {one.project_id: _proposed(rank, one) for rank, one in enumerate(summer.agenda)}
    sitting.hold(officer, session.id, proposed, heard="phone")
    for one in summer.agenda:
        one.follow()


def _proposed(rank: int, one: ToDecide) -> dict[str, Any]:
    if one.goal in SAID:
        return dict(zip(("action", "asked"), SAID[one.goal], strict=True))
    return {
        "action": "grant",
        "amount_cents": one.asked * (80 if rank == 2 else 100),
    }  # the third receives a part of what it asked


def convene(summer: Summer) -> None:
    """The next session, with what is ready for it."""
    if summer.agenda is None:
        return
    with summer.stage.days.at(-1, 11):
        held_at = clock.now() + timedelta(days=15, hours=3)
        session = services.schedule(summer.officer, summer.edition.fund_id, held_at=held_at, place=PLACE)
        ready = [one.project.id for one in agenda.candidates(session) if one.is_proposed]
        agenda.inscribe_all(summer.officer, session.id, ready)
