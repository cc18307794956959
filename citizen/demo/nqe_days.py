"""What the demonstration lives on the days of its summers: places booked, people interested, people counted."""

import random

from citizen import clock
from citizen.db import db
from citizen.demo.days import Days
from citizen.demo.names import FIRST
from citizen.kernel.access import Actor
from citizen.kernel.words import slug
from citizen.nqe import booking, live
from citizen.nqe.models import NqeProject

FAMILIES, PLACES = 9, 12


def book_ahead(days: Days, bearer: Actor, project_id: int) -> None:
    """Summer is coming: one date of the programme is booked until it is full, and others please."""
    dice = random.Random(project_id)
    programme = db.session.get_one(NqeProject, project_id).programme
    with days.at(-3, 17):
        live.open_bookings(bearer, project_id, programme[0].id, takes_bookings=True, capacity=PLACES)
        for rank, name in enumerate(dice.sample(FIRST, FAMILIES)):
            contact = f"06000000{rank:02d}" if rank % 4 == 0 else f"{slug(name)}@famille.example"
            booking.book(programme[0].id, name=name, contact=contact, people=1 + rank % 3)
        for event in programme[:4]:
            for _one in range(dice.randint(1, 6)):
                booking.show_interest(event.id, is_interested=True)


def count_everybody(days: Days, bearer: Actor, project_id: int, people: int) -> None:
    """Summer is over: the team counted who came, date by date; one evening it rained."""
    dice = random.Random(project_id)
    programme = db.session.get_one(NqeProject, project_id).programme
    for event in programme:
        share = people * (3 if event.is_highlight else 1) // (len(programme) + 2)
        with days.at(days.offset(event.on), 22):
            live.count(bearer, project_id, event.id, max(8, round(share * dice.uniform(0.6, 1.3))))
    wet = programme[len(programme) // 2]
    with days.at(days.offset(wet.on), 12):
        live.shelter(bearer, project_id, wet.id, "rain")
        assert clock.today() == wet.on
