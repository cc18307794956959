"""The treasurer's desk as people see it, and the files for the bank."""

import re
from importlib.resources import files

import pytest
import xmlschema
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.kernel.access import NOBODY, Role
from citizen.payments import queries, sepa
from citizen.people.models import Person
from citizen.pic.models import PicProject
from tests import factories, purse
from tests.counting import counted
from tests.payments.test_paying import AFTER


@pytest.fixture
def project(app: Flask) -> PicProject:
    return purse.granted_with_bank()


@pytest.fixture
def desk(project: PicProject, client: FlaskClient) -> FlaskClient:
    """The treasurer's browser."""
    holder = purse.treasurer_of(project.call.fund)
    with clock.at(AFTER):
        factories.login(client, db.session.get_one(Person, holder.person_id))
    return client


def address(project: PicProject, rest: str = "") -> str:
    return f"/tresorerie/{project.call.fund_id}{rest}"


def test_from_what_is_due_to_the_banks_statement(desk: FlaskClient, project: PicProject) -> None:
    with clock.at(AFTER):
        page = desk.get(address(project)).text
        assert "400" in page and "FR•• •••• 0189" in page and purse.IBANS[0] not in page
        answer = desk.post(address(project), data={"chosen": f"{project.id}-1"})
        assert answer.status_code == 303
        batch = answer.headers["Location"]
        again = desk.post(address(project), data={"chosen": f"{project.id}-1"})
        assert again.status_code == 422, "it waits in a batch already"
        order = queries.batches_of(project.call.fund_id)[0].orders[0].id
        paid = {"chosen": str(order), "paid_on": "2027-04-02", "reference": "VIR 1"}
        assert desk.post(batch, data=paid).status_code == 303
        assert desk.post(batch, data=paid).status_code == 422
        assert "VIR 1" in desk.get(batch).text
    assert "versé" in desk.get(f"/projets/{project.id}", follow_redirects=True).text


@pytest.mark.parametrize("version", sepa.VERSIONS)
def test_the_file_for_the_bank_obeys_its_schema(desk: FlaskClient, project: PicProject, version: str) -> None:
    with clock.at(AFTER):
        desk.post(address(project), data={"chosen": f"{project.id}-1"})
        number = queries.batches_of(project.call.fund_id)[0].id
        answer = desk.post(f"/tresorerie/lots/{number}/fichier", data={"version": version})
    assert answer.mimetype == "application/xml"
    schema = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"{version}.xsd"))
    schema.validate(answer.text)
    assert purse.IBANS[0] in answer.text and purse.OWN in answer.text and ">400.00<" in answer.text


def test_the_list_for_a_spreadsheet_carries_no_formula(desk: FlaskClient, project: PicProject) -> None:
    with clock.at(AFTER):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE bank_details SET holder = '=1+1'")
        desk.post(address(project), data={"chosen": f"{project.id}-1"})
        number = queries.batches_of(project.call.fund_id)[0].id
        text = desk.post(f"/tresorerie/lots/{number}/fichier", data={"version": "csv"}).text
    assert "'=1+1;" in text and "400,00" in text


def test_without_the_funds_account_there_is_no_file_and_a_reason(client: FlaskClient, project: PicProject) -> None:
    fund = project.call.fund
    holder = factories.person(duties=[(Role.TREASURER, fund.on)])
    with clock.at(AFTER):
        factories.login(client, holder)
        batch = purse.prepared(factories.actor(holder), fund)
        answer = client.post(f"/tresorerie/lots/{batch.id}/fichier", data={"version": "x"}, follow_redirects=True)
    assert "le compte du fonds" in answer.text


def test_a_wrong_number_never_reaches_the_bank() -> None:
    payer = sepa.Account("Association", purse.OWN)
    with pytest.raises(sepa.BadFile):
        sepa.transfer_file(payer, [sepa.Transfer(sepa.Account("Awa", "FR76"), 100, "PIC", "1")], clock.today())


def test_names_are_written_with_the_signs_that_banks_take() -> None:
    payer = sepa.Account("L’Été « & » Cie_", purse.OWN)
    to = sepa.Account("Zoë O’Brien <script>", purse.IBANS[0])
    body = sepa.transfer_file(payer, [sepa.Transfer(to, 1, "PIC – fête n° 1 %", "1")], clock.today()).decode()
    written = re.findall(r"<(?:Nm|Ustrd)>(.*?)</", body)
    assert written and all(re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]+", one) for one in written), written


def test_the_bearer_gives_bank_details_and_sees_them_masked(client: FlaskClient, app: Flask) -> None:
    project = factories.pic_granted()
    factories.login(client, project.bearer)
    page = f"/projets/{project.id}/rib"
    refused = client.post(page, data={"holder": "Awa", "iban": "FR76 3000", "bic": ""})
    assert refused.status_code == 422 and "FR76 3000" in refused.text and "signe par signe" in refused.text
    assert client.post(page, data={"holder": "Awa", "iban": purse.IBANS[0], "bic": ""}).status_code == 303
    shown = client.get(page).text + client.get(f"/projets/{project.id}", follow_redirects=True).text
    assert "0189" in shown and purse.IBANS[0] not in shown


def test_the_bearer_signs_with_a_tick_and_a_name(client: FlaskClient, app: Flask) -> None:
    project = factories.pic_granted()
    factories.login(client, project.bearer)
    page = f"/projets/{project.id}/engagement"
    assert client.post(page, data={"name": project.bearer.name}).status_code == 422
    assert client.post(page, data={"name": project.bearer.name, "is_read": "y"}).status_code == 303
    assert "Engagement signé" in client.get(f"/projets/{project.id}", follow_redirects=True).text


def test_the_accounts_of_a_fund_are_public_on_any_day_and_keep_the_committees_secret(
    client: FlaskClient, project: PicProject
) -> None:
    page = f"/fonds/{project.call.fund_id}/comptes"
    with clock.at(AFTER):
        draft = factories.pic_draft(project.call)
        ledger.reserve(NOBODY, project.call_id, draft.id, 700_00)
        text = client.get(page).text.replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert "9 500 €" in text and "8 800 €" not in text and "700 €" not in text
        assert "10 000 €" in client.get(f"{page}?au=2027-03-20").text.replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert client.get(f"{page}?au=demain").status_code == 200


def test_the_desk_asks_no_more_for_many_payments_than_for_few(desk: FlaskClient, project: PicProject) -> None:
    call_id, page = project.call_id, address(project)
    with clock.at(AFTER):
        with counted() as few:
            assert "400" in desk.get(page).text
        others = [purse.granted_with_bank().id for _more in range(3)]
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE project SET call_id = {call_id} WHERE id IN ({', '.join(map(str, others))})")
        with counted() as many:
            assert desk.get(page).text.count("La fête des voisins") >= 4
    assert len(many) <= len(few)
