"""The aid of a summer: signed for, paid in two instalments by the Region's fund, its balance after the report."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe.models import NqeProject
from citizen.nqe.terms import Terms, faults
from citizen.payments import banking, queries
from citizen.people.models import Person
from citizen.projects import services as projects
from tests import factories, purse, reports
from tests.nqe.answers import stored


def dues(project: NqeProject) -> list[tuple[str, int]]:
    """(what triggers it, cents) of what is due now."""
    found = queries.dues_of(queries.money_of([stored(project)]))
    return [(due.instalment.trigger, due.instalment.due) for due in found]


def test_a_summer_is_signed_for_then_paid_in_two_instalments(granted: NqeProject, bearer: Actor, officer: Actor) -> None:
    assert granted.call is not None
    fund = granted.call.fund
    treasurer = purse.treasurer_of(fund)
    assert dues(granted) == [], "nothing before the commitment"
    banking.sign(bearer, granted.id, name=bearer.name)
    banking.give(bearer, granted.id, holder="Les Voisins", iban=purse.IBANS[0])
    assert dues(granted) == [("agreement", 4_000_00)]
    purse.paid(treasurer, fund)
    assert dues(granted) == []
    with clock.at(datetime(2027, 10, 4, 9, tzinfo=clock.LOCAL)):
        reports.sent(stored(granted), 9_000_00)
        projects.take(officer, granted.id, "close")
        assert dues(granted) == [("report", 1_000_00)]
        purse.paid(treasurer, fund, reference="Solde")
        assert dues(granted) == []
    call = stored(granted).call
    assert call is not None and (call.committed_cents, call.paid_cents) == (5_000_00, 5_000_00)


def test_the_pages_of_the_money_open_to_the_team_and_the_purse(
    team: FlaskClient, granted: NqeProject, bearer: Actor, client: FlaskClient
) -> None:
    for page in ("engagement", "rib"):
        assert team.get(f"/projets/{granted.id}/{page}").status_code == 200
    assert team.post(f"/projets/{granted.id}/engagement", data={"is_read": "y", "name": bearer.name}).status_code == 303
    assert granted.call is not None
    treasurer = purse.treasurer_of(granted.call.fund)
    factories.login(client, db.session.get_one(Person, treasurer.person_id))
    assert granted.title in client.get(f"/tresorerie/{granted.call.fund_id}").text


@pytest.mark.parametrize(
    ("parts", "triggers", "wrong"),
    [
        ([80, 20], ["agreement", "report"], []),
        ([100], ["decision"], []),
        ([100, 0], ["decision", "report"], ["instalments"]),
        ([80, 20], ["report"], ["instalment_triggers"]),
        ([80, 20], ["report", "decision"], ["instalment_triggers"]),
    ],
)
def test_instalments_that_contradict_themselves_are_not_adopted(
    parts: list[int], triggers: list[str], wrong: list[str]
) -> None:
    terms = vars(Terms()) | {"instalments": parts, "instalment_triggers": triggers}
    assert [name for name, _why in faults(terms)] == wrong


def test_the_statements_of_the_regions_fund_open(region: FlaskClient, granted: NqeProject) -> None:
    assert granted.call is not None
    rules = [
        rule
        for rule in region.application.url_map.iter_rules()
        if rule.endpoint in ("statements.statement", "statements.yearly")
    ]
    addresses = region.application.url_map.bind("localhost")
    known = {"fund_id": granted.call.fund_id, "year": 2027, "suffix": "csv"}
    for rule in rules:
        values = {name: known[name] for name in rule.arguments}
        assert region.get(addresses.build(rule.endpoint, values)).status_code == 200
