"""A full room at the same instant: votes sent at once, two people settling, a link said while it is settled."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen import clock
from citizen.committees import presence, sitting, voting
from citizen.committees import review as room
from citizen.committees.models import Recusal
from citizen.committees.questions import Outcome, SecretBallot, Vote
from citizen.db import db
from citizen.funds.models import LedgerEntry
from citizen.kernel.access import Actor
from citizen.pic import sitting as conditions
from citizen.pic.models import PicProject
from tests import factories, rooms
from tests.committees.test_sitting import before, proposed
from tests.people.test_races import at_once

pytestmark = pytest.mark.slow
MEMBERS, TIMES = 15, 3


def together(app: Flask, moment: datetime, count: int, act: Callable[[int], object]) -> Counter[str]:
    """How the acts ended, all begun at once, in session."""
    db.session.rollback()

    def then(number: int) -> object:
        with clock.at(moment):
            return act(number)

    return at_once(app, count, then)


@pytest.mark.parametrize("ballot", ["open", "secret"])
def test_fifteen_members_who_each_send_their_vote_three_times_at_once_have_fifteen_votes(app: Flask, ballot: str) -> None:
    project, people, manager = before(MEMBERS, ballot=ballot)
    held_at = rooms.item_of(project).session.held_at
    with clock.at(held_at):
        question = proposed(project)
    choices = ["for"] * 9 + ["against"] * 4 + ["abstain"] * 2

    def vote(rank: int) -> None:
        voting.cast(people[rank % MEMBERS], question, choices[rank % MEMBERS])

    assert together(app, held_at, MEMBERS * TIMES, vote) == Counter(done=MEMBERS * TIMES)
    box = Vote if ballot == "open" else SecretBallot
    assert db.session.scalar(select(func.count()).select_from(Vote)) == MEMBERS
    found = db.session.execute(select(box.choice, func.count()).group_by(box.choice)).all()
    assert dict(map(tuple, found)) == {"for": 9, "against": 4, "abstain": 2}
    with clock.at(held_at):
        counted = room.count(manager, question)
    assert (counted.votes_for, counted.votes_against, counted.abstentions, counted.result) == (9, 4, 2, "adopted")


def test_a_vote_counted_by_two_while_the_last_ones_arrive_is_never_lost(app: Flask) -> None:
    """Who was told that the vote is kept is in the count; who came after it was told that it was closed."""
    project, people, manager = before(MEMBERS)
    held_at = rooms.item_of(project).session.held_at
    with clock.at(held_at):
        question = proposed(project)
        voting.cast(people[0], question, "for")
    kept: list[int] = []

    def act(rank: int) -> None:
        if rank in (0, 8):
            room.count(manager, question)
        else:
            voting.cast(people[rank], question, "for")
            kept.append(rank)

    ends = together(app, held_at, MEMBERS, act)
    assert set(ends) <= {"done", "NotNow"}
    assert db.session.get_one(voting.Question, question).votes_for == 1 + len(kept)


def voted(project: PicProject, manager: Actor) -> None:
    """A grant adopted by everybody, not settled yet; the room is open."""
    item_id = rooms.item_of(project).id
    sitting.hear(manager, item_id, "present")
    conditions.note(manager, item_id, rooms.judged())
    rooms.everybody(manager, room.propose(manager, item_id, "grant", amount_cents=500_00).id)


def test_two_managers_settle_at_once_one_outcome_and_one_reservation(app: Flask) -> None:
    project, _people, first = before()
    item = rooms.item_of(project)
    item_id, held_at, managers = item.id, item.session.held_at, [first, factories.manager_of(project.call.fund)]
    with clock.at(held_at):
        rooms.opened(item.session)
        voted(project, first)
    ends = together(app, held_at, 6, lambda rank: room.settle(managers[rank % 2], item_id))
    assert ends == Counter(done=6)
    assert db.session.scalar(select(func.count()).select_from(Outcome)) == 1
    reserved = db.session.scalars(select(LedgerEntry.amount_cents).where(LedgerEntry.kind == "reservation")).all()
    assert (list(reserved), project.call.reserved_cents) == ([500_00], 500_00)


def test_nothing_is_settled_with_the_vote_of_somebody_who_says_a_link_at_that_instant(app: Flask) -> None:
    project, people, manager = before(4)
    session, projects = rooms.item_of(project).session, [project]
    projects += [factories.pic_inscribed(project.call, session) for _more in range(5)]
    held_at, seat = session.held_at, presence.room_of(session).seat_of(people[1])
    assert seat is not None
    with clock.at(held_at):
        rooms.opened(session)
        for one in projects:
            voted(one, manager)
    seat_id = seat.id
    for item_id in [rooms.item_of(one).id for one in projects]:

        def act(rank: int, item_id: int = item_id) -> None:
            if rank % 2:
                room.settle(manager, item_id)
            else:
                sitting.recuse(people[1], item_id, seat_id, "household")

        ends = together(app, held_at, 4, act)
        assert ends == Counter(done=2, NotNow=2), "one of the two was first, and the other was told"
        settled = db.session.scalar(select(func.count()).select_from(Outcome).where(Outcome.agenda_item_id == item_id))
        recused = db.session.scalar(select(func.count()).select_from(Recusal).where(Recusal.agenda_item_id == item_id))
        assert (settled, recused) in {(1, 0), (0, 1)}
    reserved = db.session.scalar(select(func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.kind == "reservation"))
    assert (reserved or 0) == 500_00 * db.session.scalar(select(func.count()).select_from(Outcome))
