"""What the demonstration lives on the days of its summers: places booked, people interested, people counted."""

import random
from datetime import date

from citizen import clock
from citizen.db import db
from citizen.demo.days import Days
from citizen.demo.names import FIRST
from citizen.kernel.access import Actor
from citizen.kernel.words import slug
from citizen.nqe import booking, live, review
from citizen.nqe.models import Edition, NqeProject

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


SAID = (
    ("On ne part pas en vacances, mais cette fois les vacances sont venues à nous.", "une maman du quartier"),
    ("J’ai tenu la buvette avec des gens que je croisais depuis dix ans sans leur parler.", "un voisin de 62 ans"),
    ("Maintenant je sais faire du vélo !", "Ilyes, 8 ans"),
    ("Les grands ont monté la scène, les petits ont fait le spectacle.", "une animatrice"),
)


def tell(days: Days, bearer: Actor, project_id: int, day: int, people: int) -> None:
    """What only a summer's report tells."""
    words, who = SAID[project_id % len(SAID)]
    with days.at(day, 8):
        review.tell_summer(bearer, project_id, waste_kg=people // 9 + project_id % 20, reused_percent=40 + project_id * 7 % 55)
        review.add_quote(bearer, project_id, words=words, said_by=who, consent_kept_by="l’association")


def review_day(days: Days, officer: Actor, edition: Edition) -> None:
    """The October after: the Region publishes what the summer was."""
    held_on = date(edition.year, 10, 10)
    if held_on < days.today:
        with days.at(days.offset(held_on) - 4, 10):
            review.write_review(
                officer, edition.id, held_on=held_on, place="Hôtel de Région, Lille", is_published=True,
                words="Un été où l’on s’est retrouvé au pied de chez soi. Merci à celles et ceux qui ont tout porté, chaises comprises.",
            )  # fmt: skip


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
