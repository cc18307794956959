"""The commune's workbench: nothing before the closing, the number of a draw, the rules compared, an envelope supposed."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots import queries, services
from citizen.ballots.models import Poll
from citizen.ballots.rules import RULES
from citizen.db import db
from citizen.ftu.models import Campaign
from citizen.kernel.access import Role
from citizen.people.models import Person
from tests.factories import actor, login, person
from tests.works import announced_poll, campaign, ftu_studied, works_officer

COSTS = [12_000_00, 11_000_00, 9_000_00, 8_000_00]


def officer_of_loos(code: str = "59360") -> Person:
    return person(duties=[(Role.COMMUNE_OFFICER, f"commune:{code}")])


def voted(poll: Poll, ballots: list[list[int]]) -> None:
    options = [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        for chosen in ballots:
            services.vote(actor(person()), poll.id, [options[place] for place in chosen], is_eligible=True)


@pytest.fixture
def poll(app: Flask) -> Poll:
    made = announced_poll(works_officer(), COSTS, terms={"compared": list(RULES)})
    voted(made, [[0, 1]] * 7 + [[2, 3]] * 5)
    return made


def test_before_the_closing_nothing_is_computed_then_the_rules_are_side_by_side(client: FlaskClient, poll: Poll) -> None:
    keeper = officer_of_loos()
    address, poll_id, opens_at, closes_at = (
        f"/ftu/campagnes/{poll.call_id}/depouillement",
        poll.id,
        poll.opens_at,
        poll.closes_at,
    )
    with clock.at(opens_at):
        login(client, keeper)
        for asked in (address, f"{address}?enveloppe=10000&regle=greedy:cost"):
            page = client.get(asked).text
            assert "Rien n’est compté avant la fermeture" in page
            assert "12 personnes ont voté" in page
            assert "côte à côte" not in page
            assert "Il resterait" not in page
    with clock.at(closes_at):
        login(client, keeper)
        assert "Il resterait" not in client.get(f"{address}?enveloppe=10000&regle=greedy:cost").text
        answer = client.post(address.replace("depouillement", "depouiller"))
        assert (answer.status_code, answer.location) == (303, f"/resultats/{poll_id}")
        again = client.post(address.replace("depouillement", "depouiller"))
        assert (again.status_code, "déjà dépouillé" in again.text) == (422, True)
        page = client.get(address).text
        assert "côte à côte" in page
        for rule in RULES.values():
            assert rule.title in page
        assert page.count("(décide)") == 1
        supposed = client.get(f"{address}?enveloppe=11000&regle=greedy:cost").text
        assert "Il resterait 0" in supposed
        assert "7 personnes verraient" in supposed
        for wrong in (
            "enveloppe=beaucoup&regle=greedy:cost",
            "enveloppe=&regle=",
            "enveloppe=12000&regle=mes:borda",
            "enveloppe=-1",
        ):
            page = client.get(f"{address}?{wrong}").text
            assert "Il resterait" not in page
    assert [row.option.number for row in queries.results(poll_id) if row.is_selected] == [2, 1], "supposing changes nothing"


def test_the_number_of_the_draw_is_asked_beside_its_field_and_kept(app: Flask, client: FlaskClient) -> None:
    keeper = officer_of_loos()
    call = campaign(works_officer(), terms={"ties": "draw"})
    made = [ftu_studied(call, actor(keeper), cost_cents=cents, title=f"Projet {cents}").id for cents in (1_00, 2_00)]
    number, first, last = call.id, call.vote_opens_on, call.vote_closes_on
    days = {"opens_on": str(first), "closes_on": str(last)}
    with clock.at(clock.now() + timedelta(days=30)):
        login(client, keeper)
        assert "Le nombre public du tirage" in client.get(f"/ftu/campagnes/{number}/vote").text
        refused = client.post(f"/ftu/campagnes/{number}/vote", data=days)
        assert (refused.status_code, "Annoncez le nombre public" in refused.text) == (422, True)
        alone = {**days, "draw_text": "Loto du 12 juin", f"rival_{made[0]}": "B"}
        refused = client.post(f"/ftu/campagnes/{number}/vote", data=alone)
        assert (refused.status_code, "deux projets au moins" in refused.text) == (422, True)
        assert "Loto du 12 juin" in refused.text, "what was typed is kept"
        whole = alone | {f"rival_{made[1]}": "B"}
        assert client.post(f"/ftu/campagnes/{number}/vote", data=whole).status_code == 303
    poll = queries.poll_of(number)
    assert poll
    assert [one.rival_group for one in poll.options] == ["B", "B"]
    voted(poll, [[0], [1]])
    poll_id, closes_at = poll.id, poll.closes_at
    with clock.at(closes_at):
        login(client, keeper)
        assert "Annoncé avant le vote : Loto du 12 juin" in client.get(f"/ftu/campagnes/{number}/depouillement").text
        refused = client.post(f"/ftu/campagnes/{number}/depouiller", data={"draw_number": " "})
        assert (refused.status_code, "Écrivez le nombre du tirage" in refused.text) == (422, True)
        assert client.post(f"/ftu/campagnes/{number}/depouiller", data={"draw_number": "7 12"}).status_code == 303
    assert db.session.get_one(Poll, poll_id).draw_number == "7 12"
    assert len([row for row in queries.results(poll_id) if row.is_selected]) == 1, "one of the two"


def test_the_vote_takes_what_decides_it_from_the_rules_of_the_fund(app: Flask) -> None:
    terms = {"rule": "greedy:card", "compared": ["mes_greedy:cost"], "ties": "lodged", "min_votes": 4, "has_each_sector": True}
    poll = announced_poll(works_officer(), COSTS[:1], terms=terms)
    assert (poll.rules, poll.ties, poll.min_votes, poll.has_each_sector) == (
        ["greedy:card", "mes_greedy:cost"], "lodged", 4, True,
    )  # fmt: skip
    assert [one.sector for one in poll.options] == ["Les Oliveaux"]


def test_with_few_ballots_the_workbench_shows_the_outcome_alone(client: FlaskClient, app: Flask) -> None:
    poll = announced_poll(works_officer(), COSTS, terms={"compared": list(RULES)})
    voted(poll, [[0]] * 10)
    with clock.at(poll.closes_at):
        services.tally(works_officer(), poll.id)
        login(client, officer_of_loos())
        page = client.get(f"/ftu/campagnes/{poll.call_id}/depouillement?enveloppe=1000&regle=greedy:cost").text
    assert "Avec moins de 11 bulletins" in page
    assert "Il resterait" not in page


def test_the_workbench_is_for_who_keeps_the_fund(client: FlaskClient, poll: Poll) -> None:
    address = f"/ftu/campagnes/{poll.call_id}/depouillement"
    for who, status in ((officer_of_loos("59350"), 403), (person(), 403), (officer_of_loos(), 200)):
        login(client, who)
        assert client.get(address).status_code == status
    empty: Campaign = campaign(works_officer())
    assert client.get(f"/ftu/campagnes/{empty.id}/depouillement").status_code == 404
