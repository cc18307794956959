"""A counted vote as it is published: every rule recounted from the downloaded file gives the page again."""

from datetime import date

from citizen import clock
from citizen.ballots import services
from citizen.ballots.models import Poll
from citizen.ballots.rules import RULES
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.places.models import Commune, Perimeter
from tests.factories import actor, person
from tests.works import campaign, ftu_studied, works_officer, works_quarter

COSTS = [12_000_00, 9_500_50, 9_500_50, 7_000_00, 4_000_00, 4_000_00, 3_250_00]
# positions in COSTS; the second and third are equal, so are the fifth and the sixth
BALLOTS = [[0, 1, 2]] * 5 + [[1, 2]] * 3 + [[0, 4]] * 2 + [[3, 4, 5], [3, 5], [3, 5], [6, 5], [6, 4], [6]]
LOTTERY = "Tirage du Loto du 12 juin, cinq boules dans l’ordre « croissant »"


def second_quarter() -> Perimeter:
    with transaction():
        made = Perimeter(
            code="QN05937M", name="Clémenceau-Kiener", search_name="clemenceau", kind="priority", version="2024",
            valid_from=date(2024, 1, 1), departement="59", communes=[db.session.get_one(Commune, "59360")],
        )  # fmt: skip
        db.session.add(made)
    return made


def counted_poll(
    terms: dict[str, object], ballots: list[list[int]] = BALLOTS, *, rivals: bool = False, number: str = ""
) -> Poll:
    """A vote in two quarters, counted by every rule."""
    officer = works_officer()
    call = campaign(officer, envelope_cents=25_000_00, terms={"compared": list(RULES), **terms})
    quarters = [works_quarter().id, second_quarter().id]
    made = [
        ftu_studied(call, officer, cost_cents=cents, title=f"Projet {n} ; l’allée", perimeter_id=quarters[n > 4])
        for n, cents in enumerate(COSTS, start=1)
    ]
    with clock.at(clock.midday(30)):
        poll = ftu.announce_poll(
            officer, call.id, opens_on=call.vote_opens_on, closes_on=call.vote_closes_on, announcement="", draw_text=LOTTERY,
            rivals={made[3].id: "A", made[0].id: "A"} if rivals else {},
        )  # fmt: skip
    options = [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        for chosen in ballots:
            services.vote(actor(person()), poll.id, [options[place] for place in chosen], is_eligible=True)
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll.id, draw_number=number)
    return poll
