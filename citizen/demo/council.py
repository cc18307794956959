"""The urban management committee of a town of the demonstration: it meets after the vote, and once more soon."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from citizen import clock
from citizen.committees import presence, seats, services
from citizen.committees.models import Session
from citizen.db import db
from citizen.demo import sitting
from citizen.demo.dossier import Stage
from citizen.ftu.models import FtuFund
from citizen.kernel.access import Actor
from citizen.projects.steps import S

# (college, office) of each seat; nobody has an account: the commune keeps the minutes.
SEATS = (
    ("Habitants", "president"), ("Habitants", "member"), ("Élus", "member"), ("Services de la commune", "member"),
    ("Bailleurs", "member"),
)  # fmt: skip
WORDS = {
    "favourable": "Le lieu est passant et l’entretien est prévu.",
    "conditional": "À condition de garder le passage des secours libre.",
    "unfavourable": "Le sol n’a pas encore été sondé à cet endroit.",
}
PLACE = "Maison du projet, salle du rez-de-chaussée"


def hear(stage: Stage, fund: FtuFund, officer: Actor, day: int, goals: Mapping[int, S]) -> None:
    """The committee's opinion on what goes on; what waits is on the agenda of its next session."""
    said = {S.REJECTED: "unfavourable", S.GRANTED: "conditional"}
    opinions = {number: said.get(goal, "favourable") for number, goal in goals.items() if goal is not S.SELECTED}
    _meet(stage, fund, officer, day, opinions)
    if waiting := [number for number in goals if number not in opinions]:
        with stage.days.at(-3, 11):
            _convened(officer, fund, waiting, days=12)


def _meet(stage: Stage, fund: FtuFund, officer: Actor, day: int, opinions: Mapping[int, str]) -> None:
    """The committee sits two days later and says its opinion on each of these projects; the minutes are signed at once."""
    with stage.days.at(day, 11):
        if not presence.queries.seats_of(fund.id):
            for college, office in SEATS:
                seats.add(officer, fund.id, name=stage.cast.name(), college=college, office=office)
        session = _convened(officer, fund, opinions, days=2)
    proposed = {number: {"action": action, "asked": WORDS[action]} for number, action in opinions.items()}
    sitting.hold(officer, session.id, proposed, heard="present")


def _convened(officer: Actor, fund: FtuFund, projects: Iterable[int], *, days: int) -> Session:
    session = services.schedule(officer, fund.id, held_at=clock.now() + timedelta(days=days, hours=7), place=PLACE)
    for project_id in projects:
        services.inscribe(officer, session.id, project_id)
    return db.session.get_one(Session, session.id)
