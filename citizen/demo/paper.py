"""A voting place of the demonstration: neighbours who sign, a box read twice and settled; the evening digest of a vote that is open."""

import random

from citizen.ballots import paper, recounting, reminding
from citizen.ballots.models import Poll, Voter
from citizen.db import db, transaction
from citizen.demo import names
from citizen.demo.dossier import Stage
from citizen.demo.ftu_towns import Round
from citizen.kernel.access import Actor, Role
from citizen.kernel.words import plain
from citizen.people import passwords
from citizen.people import services as people

SIGNED = 18  # one of them kept the ballot
KEPT = "Une personne a signé, puis est repartie avec son bulletin."
READERS = ("Marwan Dassonval", "Colette Ruyssen")


def play(stage: Stage, officer: Actor, poll: Poll, round_: Round) -> None:
    """What the day of this vote allows."""
    if round_.is_counted:
        _vote_on_paper(stage, officer, poll, round_)
    elif round_.voters:
        with stage.days.at(-1, 23):
            reminding.post(poll.id)


def _vote_on_paper(stage: Stage, officer: Actor, poll: Poll, round_: Round) -> None:
    dice, day = random.Random(poll.id), round_.vote_closes
    lines = _neighbours(poll, dice)
    with stage.days.at(day, 17):
        box = paper.add_box(officer, poll.id, place="Mairie, salle des mariages", held_on=stage.days.on(day))
        for line in lines:
            paper.sign(officer, poll.id, line)
    ballots = [_ballot(poll, dice) for _one in lines[2:]] + ["blanc"]
    with stage.days.at(day + 1, 10):
        paper.fill_sheet(officer, box.id, supplied=40, unused=21, spoiled=1, found=len(ballots), blank=1, void=0)
        paper.explain(officer, poll.id, KEPT)
        second, third = _readers(stage, poll)
        for number, typed in enumerate(ballots, start=1):
            recounting.enter(officer, box.id, number, typed)
            recounting.enter(second, box.id, number, "nul" if number == 7 else typed)
        recounting.enter(third, box.id, 7, ballots[6])


def _neighbours(poll: Poll, dice: random.Random) -> list[int]:
    """People whom the desk wrote on the roll when they came."""
    found = [full.split(" ", 1) for full, _one in zip(names.invented(dice), range(SIGNED), strict=False)]
    lines = [
        Voter(poll_id=poll.id, origin="desk", first_name=first, last_name=last, search_name=plain(f"{last} {first}"))
        for first, last in found
    ]
    with transaction():
        db.session.add_all(lines)
        db.session.flush()
    return [line.id for line in lines]


def _ballot(poll: Poll, dice: random.Random) -> str:
    numbers = [option.number for option in poll.options]
    return " ".join(map(str, sorted(dice.sample(numbers, dice.randint(1, min(poll.max_choices, len(numbers)))))))


def _readers(stage: Stage, poll: Poll) -> list[Actor]:
    """Two more people of the commune's services."""
    on = f"commune:{poll.call.fund.commune_code}"
    found = []
    for name in READERS:
        email = f"lecture.{plain(name).replace(' ', '.')}.{poll.id}@demonstration.example"
        person = people.create_person(email, name, is_verified=True, password_hash=passwords.NONE)
        found.append(stage.cast.serve(Actor(person.id, name), Role.COMMUNE_OFFICER, on))
    return found
