"""« At least one project per quarter » replayed on counted votes, against what a hand counts; nothing changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots import services
from citizen.ballots.models import Poll
from citizen.db import db, transaction
from citizen.journal.models import Event
from citizen.kernel.access import REGION, Role
from citizen.places.models import Perimeter
from citizen.places.rules import Kind
from citizen.projects import services as projects
from citizen.projects.models import Project
from citizen.region import simulation
from tests.factories import actor, login, person
from tests.works import campaign, works_officer, works_quarter

DAY = timedelta(days=1)
COSTS = [6_000_00, 5_000_00, 4_000_00, 3_000_00, 2_000_00]
# by votes: the first 9, the second 7, the third 5, the fourth 3, the fifth 2
BALLOTS = [[0, 1, 2]] * 3 + [[0, 1]] * 4 + [[0, 2]] * 2 + [[3]] * 3 + [[4]] * 2


def perimeter(code: str, kind: str) -> int:
    town = works_quarter().communes
    with transaction():
        made = Perimeter(code=code, name=f"Quartier {code}", search_name=code.lower(), kind=kind, version="2024",
                         valid_from=date(2024, 1, 1), departement="59", communes=list(town))  # fmt: skip
        db.session.add(made)
    return made.id


def voted(ballots: list[list[int]] = BALLOTS, **rules: Any) -> Poll:
    """Five projects for 11,000 euros: the third and the fourth in a quarter under watch, the fifth in another."""
    officer, bearer = works_officer(), actor(person())
    call = campaign(officer, envelope_cents=11_000_00)
    watched, other, first = perimeter("QV1", "watch"), perimeter("QV2", "watch"), works_quarter().id
    made = [projects.propose(bearer, title=f"Projet {n}", summary="Pour le quartier.").id for n in range(1, 6)]
    with transaction():
        for number, place in zip(made, (first, first, watched, watched, other), strict=True):
            db.session.get_one(Project, number).perimeter_id = place
    poll = services.announce(
        officer, call.id, title=call.title, electorate="J’habite Loos.", max_choices=3, opens_at=clock.now() + DAY,
        closes_at=clock.now() + 3 * DAY, costs=dict(zip(made, COSTS, strict=True)), **rules,
    )  # fmt: skip
    options = [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        for chosen in ballots:
            services.vote(actor(person()), poll.id, [options[place] for place in chosen], is_eligible=True)
    with clock.at(poll.closes_at):
        services.tally(officer, poll.id, draw_number="")
    return poll


def titles(places: list[simulation.Place]) -> list[str]:
    return [place.option.title for place in places]


def test_the_best_placed_of_each_watched_quarter_is_taken_first(app: Flask) -> None:
    """Counted: 6,000 and 5,000 fill the envelope. With the rule: 4,000 (watched), 2,000 (other), then what fits of the rest: 5,000."""
    found = simulation.replay(voted(), simulation.WATCH)
    assert titles([one for one in found.places if one.was]) == ["Projet 1", "Projet 2"]
    assert sorted(titles([one for one in found.places if one.would])) == ["Projet 2", "Projet 3", "Projet 5"]
    assert titles(found.gains) == ["Projet 3", "Projet 5"]
    assert titles(found.losses) == ["Projet 1"]
    assert (found.cost_cents(would=False), found.cost_cents(would=True)) == (11_000_00, 11_000_00)
    assert (found.votes(would=False), found.votes(would=True)) == (16, 14)
    assert (found.served(would=False), found.served(would=True), found.quarters) == (0, 2, 2)


def test_every_quarter_may_be_asked_for(app: Flask) -> None:
    """The first quarter takes 6,000, the watched one 4,000, and the other one no longer fits its 2,000."""
    found = simulation.replay(voted(), simulation.EVERY)
    assert sorted(titles([one for one in found.places if one.would])) == ["Projet 1", "Projet 3"]
    assert found.served(would=True) == 2
    assert found.quarters == 3


def test_a_vote_without_such_a_quarter_is_as_it_was(app: Flask) -> None:
    found = simulation.replay(voted(), (Kind.LIVED_IN,))
    assert found.quarters == 0
    assert not found.gains and not found.losses


def test_equal_shares_are_replayed_too(app: Flask) -> None:
    found = simulation.replay(voted(rule="mes_greedy:cost"), simulation.WATCH)
    assert {"Projet 3", "Projet 5"} <= set(titles([one for one in found.places if one.would]))


def test_nothing_changes(client: FlaskClient) -> None:
    poll = voted()
    login(client, person(duties=[(Role.REGION_OFFICER, REGION)]))
    before = (db.session.query(Event).count(), poll.box_digest, [option.sector for option in poll.options])
    page = client.get("/tableau-de-bord/simulation").text
    assert "Gagne sa place" in page and "Perd sa place" in page
    db.session.expire_all()
    assert (db.session.query(Event).count(), poll.box_digest, [option.sector for option in poll.options]) == before


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("de=2026&a=2026", False),
        ("territoire=commune:59360", True),
        ("territoire=departement:80", False),
        ("page=9", False),
    ],
)
def test_each_campaign_of_the_period_and_of_the_territory_is_replayed(client: FlaskClient, query: str, shown: bool) -> None:
    poll = voted()
    login(client, person(duties=[(Role.REGION_OFFICER, REGION)]))
    assert (f'id="vote-{poll.id}"' in client.get(f"/tableau-de-bord/simulation?{query}").text) is shown


def test_a_vote_of_few_ballots_is_not_replayed(client: FlaskClient) -> None:
    voted(BALLOTS[:10])
    login(client, person(duties=[(Role.REGION_OFFICER, REGION)]))
    assert "Aucun vote à rejouer" in client.get("/tableau-de-bord/simulation").text


@pytest.mark.parametrize(("town", "shown"), [("59360", True), ("80021", False)])
def test_an_officer_replays_the_votes_of_the_commune_alone(client: FlaskClient, town: str, shown: bool) -> None:
    poll = voted()
    login(client, person(duties=[(Role.COMMUNE_OFFICER, f"commune:{town}")]))
    assert (f'id="vote-{poll.id}"' in client.get("/tableau-de-bord/simulation").text) is shown


def test_others_do_not(client: FlaskClient) -> None:
    assert client.get("/tableau-de-bord/simulation").status_code == 303
    login(client, person())
    assert client.get("/tableau-de-bord/simulation").status_code == 403
