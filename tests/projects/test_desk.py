"""« Mon espace » leads each to what awaits them, and to every desk of theirs."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Role
from citizen.people.models import Person
from tests import factories, purse


def test_a_treasurer_is_told_what_to_pay_and_where(client: FlaskClient, app: Flask) -> None:
    project = purse.granted_with_bank()
    fund = project.call.fund
    treasurer = purse.treasurer_of(fund)
    with clock.at(clock.now() + timedelta(days=30)):
        factories.login(client, db.session.get_one(Person, treasurer.person_id))
        page = client.get("/mon-espace").text
        assert f"Préparer 1 versement : {fund.title}" in page and f"La trésorerie : {fund.title}" in page
        batch = purse.prepared(treasurer, fund)
        page = client.get("/mon-espace").text
    assert "Préparer 1 versement" not in page and f"/tresorerie/lots/{batch.id}" in page


def test_a_manager_finds_every_desk_of_each_fund_by_its_name(client: FlaskClient, app: Flask) -> None:
    funds = [factories.pic_fund(), factories.pic_fund()]
    factories.login(client, factories.person(duties=[(Role.FUND_MANAGER, fund.on) for fund in funds]))
    page = client.get("/mon-espace").text
    for fund in funds:
        for address in (f"/comites/{fund.id}", f"/fonds/{fund.id}/tenir"):
            assert f'href="{address}"' in page
        assert client.get(f"/fonds/{fund.id}/tenir").status_code == 200
