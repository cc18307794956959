"""The rules of a fund: what holds together, the draft, its comparison, its adoption; who may, and what the pages say."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.funds import drafting, queries, services
from citizen.funds.models import Fund
from citizen.funds.term_fields import changes
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.pic.steps import PIC
from citizen.pic.terms import THEMES_2024_2030, faults
from tests.factories import actor, login, manager_of, person, pic_fund, pic_lodged
from tests.house.posting import fields_of
from tests.works import works_fund

ACT = {"adopted_on": date(2027, 3, 9), "act_reference": "AG du 9 mars 2027"}
DEFAULTS = PIC.default_terms()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"instalments": [100], "instalment_triggers": ["decision"]}, None),
        ({"instalments": [50, 30, 20]}, "instalment_triggers"),
        ({"instalment_triggers": ["report", "decision"]}, "instalment_triggers"),
        ({"instalment_triggers": ["decision", "agreement"]}, "instalment_triggers"),
        ({"instalments": [100, 0]}, "instalments"),
        ({"max_amount_cents": [900_00, 400_00, 100_00]}, "max_amount_cents"),
        ({"max_amount_cents": [0]}, "max_amount_cents"),
        ({"max_amount_cents": [900_00, 400_00], "min_amount_cents": 500_00}, "min_amount_cents"),
        ({"max_rate_percent": 0}, "max_rate_percent"),
        ({"max_requests_per_year": 0}, "max_requests_per_year"),
        ({"themes": []}, "themes"),
        ({"themes": ["Culture", "Culture"]}, "themes"),
        ({"min_bearers": 1}, "min_bearers"),
        ({"decision_delay_days": 14}, "decision_delay_days"),
        ({"voting_colleges": []}, "voting_colleges"),
        ({"advisory_colleges": ["Habitants"]}, "advisory_colleges"),
    ],
)
def test_rules_that_contradict_themselves_are_named(changed: dict[str, Any], field: str | None) -> None:
    found = [name for name, _sentence in faults(DEFAULTS | changed)]
    assert field in found if field else found == []


def test_only_what_changes_is_compared_in_words(app: Flask) -> None:
    after = DEFAULTS | {"max_amount_cents": [900_00, 400_00], "themes": [THEMES_2024_2030[0]], "min_amount_cents": 50_00}
    with app.test_request_context():
        told = {one.spec.name: (one.before, one.after) for one in changes(PIC, DEFAULTS, after)}
    assert set(told) == {"max_amount_cents", "themes", "min_amount_cents"}
    assert told["min_amount_cents"] == ("non fixé", "50\u202f€")


def test_a_draft_changes_nothing_until_it_is_adopted(app: Flask) -> None:
    project = pic_lodged()
    fund = project.call.fund
    keeper = manager_of(fund)
    drafting.save(keeper, fund.id, DEFAULTS | {"max_amount_cents": [300_00]})
    draft = drafting.save(keeper, fund.id, DEFAULTS | {"max_amount_cents": [200_00]})
    assert fund.ruleset_on(clock.today()).version == 1
    ruleset = drafting.adopt(keeper, fund.id, seen=drafting.stamp(draft), **ACT)
    assert (ruleset.version, ruleset.terms["max_amount_cents"]) == (2, [200_00])
    assert queries.draft_of(fund.id) is None
    db.session.expire_all()
    assert project.terms.max_amount_cents == [1_000_00], "a lodged file keeps its version"


def test_what_was_not_read_is_not_adopted(app: Flask) -> None:
    fund = pic_fund()
    keeper = manager_of(fund)
    seen = drafting.stamp(drafting.save(keeper, fund.id, DEFAULTS | {"max_amount_cents": [300_00]}))
    with clock.at(clock.now() + timedelta(minutes=1)):
        drafting.save(manager_of(fund), fund.id, DEFAULTS | {"max_amount_cents": [900_00]})
    with pytest.raises(NotNow):
        drafting.adopt(keeper, fund.id, seen=seen, **ACT)
    drafting.give_up(keeper, fund.id)
    with pytest.raises(NotNow):
        drafting.adopt(keeper, fund.id, seen=seen, **ACT)
    assert len(fund.rulesets) == 1


@pytest.mark.parametrize("day", [date(2027, 3, 11), date(2027, 1, 3)])
def test_an_act_is_taken_and_follows_the_one_before(app: Flask, day: date) -> None:
    fund = pic_fund()
    with pytest.raises(Invalid) as refused:
        services.adopt_ruleset(manager_of(fund), fund.id, terms={}, adopted_on=day, act_reference="AG")
    assert refused.value.field == "adopted_on"


def test_only_who_keeps_the_fund_writes_its_rules(app: Flask) -> None:
    fund = pic_fund()
    administrator = actor(person(duties=[(Role.ADMINISTRATOR, "platform")]))
    for somebody in (actor(person()), manager_of(pic_fund()), administrator):
        with pytest.raises(Forbidden):
            drafting.save(somebody, fund.id, DEFAULTS)
        with pytest.raises(Forbidden):
            drafting.give_up(somebody, fund.id)


def editor(client: FlaskClient, fund: Fund) -> dict[str, Any]:
    """The form as its keeper finds it."""
    from bs4 import BeautifulSoup

    page = client.get(f"/fonds/{fund.id}/regles").text
    forms = BeautifulSoup(page, "html.parser").find_all("form", method="post")
    return {name: list(values) for name, (_kind, values) in fields_of(forms[-1]).items()}


def test_rules_are_written_compared_and_adopted_on_screen(client: FlaskClient) -> None:
    fund = pic_fund()
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))
    filled = editor(client, fund)
    assert "Qui peut demander" in client.get(f"/fonds/{fund.id}/regles").text
    answer = client.post(f"/fonds/{fund.id}/regles", data=filled | {"term_max_amount_cents": "900\n400"}, follow_redirects=True)
    assert "1 règle change" in answer.text
    assert "900\u202f€, puis 400\u202f€" in answer.text
    seen = drafting.stamp(queries.draft_of(fund.id))
    act = {"seen": seen, "adopted_on": "2027-03-09", "act_reference": ""}
    assert client.post(f"/fonds/{fund.id}/regles/projet", data=act).status_code == 422
    answer = client.post(f"/fonds/{fund.id}/regles/projet", data=act | {"act_reference": "AG n° 2"}, follow_redirects=True)
    assert "La nouvelle version est en vigueur" in answer.text
    page = client.get(f"/fonds/{fund.id}/regles/2").text
    assert "AG n° 2" in page
    assert "Depuis la version 1" in page
    assert client.get(f"/fonds/{fund.id}/regles/3").status_code == 404


def test_a_contradiction_is_said_next_to_its_field_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    fund = pic_fund()
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))
    filled = editor(client, fund) | {"term_instalments": "50\n30\n20", "term_max_rate_percent": "85"}
    answer = client.post(f"/fonds/{fund.id}/regles", data=filled)
    assert answer.status_code == 422
    assert 'id="term_instalment_triggers-erreur"' in answer.text
    assert "écrivez un déclencheur par versement" in answer.text
    assert 'value="85"' in answer.text
    assert queries.draft_of(fund.id) is None


def test_a_draft_given_up_leaves_the_rules_in_force(client: FlaskClient) -> None:
    fund = pic_fund()
    drafting.save(manager_of(fund), fund.id, DEFAULTS | {"max_rate_percent": 50})
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))
    assert "Reprendre le projet" in client.get(f"/fonds/{fund.id}").text
    client.post(f"/fonds/{fund.id}/regles/abandonner")
    assert queries.draft_of(fund.id) is None
    assert "Reprendre le projet" not in client.get(f"/fonds/{fund.id}").text


def test_a_file_says_which_version_judges_it(client: FlaskClient) -> None:
    project = pic_lodged()
    page = client.get(f"/projets/{project.id}", follow_redirects=True).text
    assert f"/fonds/{project.call.fund_id}/regles/1" in page


def test_the_rule_of_a_vote_and_those_compared_are_chosen_on_screen(client: FlaskClient) -> None:
    fund = works_fund()
    login(client, person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]))
    chosen = {"term_rule": "mes_greedy:cost", "term_compared": ["greedy:cost", "greedy:card"], "term_ties": "draw"}
    filled = editor(client, fund) | chosen
    answer = client.post(f"/fonds/{fund.id}/regles", data=filled, follow_redirects=True)
    assert "3 règles changent" in answer.text
    assert "Le plus de voix d’abord, Le plus de voix pour chaque euro" in answer.text
    terms = queries.draft_of(fund.id).terms
    assert (terms["rule"], terms["compared"], terms["ties"]) == ("mes_greedy:cost", ["greedy:cost", "greedy:card"], "draw")
    assert editor(client, fund)["term_compared"] == ["greedy:cost", "greedy:card"]
    for wrong in ({"term_rule": "mes:borda"}, {"term_compared": ["greedy:cost", "x"]}, {"term_ties": "hasard"}):
        assert client.post(f"/fonds/{fund.id}/regles", data=filled | wrong).status_code == 422
    assert queries.draft_of(fund.id).terms["compared"] == ["greedy:cost", "greedy:card"]
