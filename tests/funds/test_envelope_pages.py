"""The pages of the envelopes: the Region's tree, its forms, and transfers that each side answers."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.db import db
from citizen.funds import envelopes
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer
from citizen.funds.envelopes import key_of
from citizen.funds.models import Call
from citizen.kernel.access import REGION, Role
from citizen.people.models import Person
from tests import factories
from tests.envelopes import part, region_officer, regional, under

ACT = {"act_reference": "CP 2027.00400", "adopted_on": "2027-03-01"}


def browser(client: FlaskClient, *duties: tuple[Role, str]) -> FlaskClient:
    made = client.application.test_client()
    factories.login(made, factories.person(duties=list(duties)))
    return made


def test_the_region_builds_its_tree_page_by_page(client: FlaskClient) -> None:
    region, call = browser(client, (Role.REGION_OFFICER, REGION)), factories.pic_call()
    assert "Aucune enveloppe cette année" in region.get("/region/enveloppes").text
    opened = ACT | {"scheme": "pic", "year": "2027", "title": "PIC 2027, Région", "amount": "100 000"}
    assert region.post("/region/enveloppes/nouvelle", data=opened).status_code == 303
    again = region.post("/region/enveloppes/nouvelle", data=opened)
    assert again.status_code == 422 and "existe déjà" in again.text and "PIC 2027, Région" in again.text
    root = db.session.scalars(select(Envelope)).one().id
    here = f"/region/enveloppes/{root}"
    assert region.post(f"{here}/ouvrir", data=ACT | {"title": "Lille", "amount": "40 000"}).status_code == 303
    assert region.post(f"{here}/doter", data=ACT | {"amount": "1 000"}).status_code == 303
    assert region.post(f"{here}/rattacher", data={"call": str(call.id)}).status_code == 303
    assert region.post(f"{here}/repartir", data=ACT | {"to": f"c{call.id}", "amount": "500"}).status_code == 303
    short = region.post(f"{here}/repartir", data=ACT | {"to": f"c{call.id}", "amount": "90 000"})
    assert short.status_code == 422 and "Il ne reste que" in short.text
    page = region.get("/region/enveloppes").text
    assert "111\u202f000" in page and "Lille" in page, "100,000 + 1,000 and the call's own 10,000"
    assert not re.search(r"\bDM\b", page)
    moved = region.get(here).text
    assert all(words in moved for words in ("mis dans l’enveloppe", "réparti", "CP 2027.00400", "Lille"))
    assert region.get(f"/region/enveloppes/periodes/{call.id}").status_code == 200


def test_a_past_day_is_in_the_address_of_the_page_and_of_the_sheets(client: FlaskClient) -> None:
    region = browser(client, (Role.REGION_OFFICER, REGION))
    call = under(root := regional(100_000_00), 5_000_00)
    assert "5\u202f000" in region.get(f"/region/enveloppes/{root.id}").text
    before = region.get(f"/region/enveloppes/{root.id}?au=2027-02-01").text
    assert "5\u202f000" not in before and "1er février 2027" in before
    sheet = region.get("/region/enveloppes?annee=2027&au=2027-02-01&format=csv").text
    assert "100000,00" in sheet and "5000,00" not in sheet
    assert (
        "5000,00" in region.get("/region/enveloppes?annee=2027&format=csv").text
        or "15000,00" in region.get("/region/enveloppes?format=csv").text
    )
    assert region.get(f"/region/enveloppes/periodes/{call.id}?format=csv").text.count("\n") == 3
    for odd in ("?au=hier", "?annee=x", "?page=0", "?au=9999-99-99", "?format=pdf"):
        assert region.get("/region/enveloppes" + odd).status_code == 200
    assert region.get("/region/enveloppes?format=xlsx").mimetype.endswith("sheet")


def test_the_other_side_sees_what_awaits_it_and_answers(client: FlaskClient) -> None:
    root, call = regional(10_000_00), factories.pic_call()
    manager, region = browser(client, (Role.FUND_MANAGER, call.fund.on)), browser(client, (Role.REGION_OFFICER, REGION))
    sent = {
        "giver": key_of(root),
        "taker": key_of(call),
        "amount": "2 000",
        "act_reference": "AG",
        "reason": "Trop de demandes.",
    }
    assert manager.post("/enveloppes/virements/nouveau", data=sent).status_code == 303
    number = db.session.scalars(select(EnvelopeTransfer.id)).one()
    page = f"/enveloppes/virements/{number}"
    assert "attend votre réponse" not in manager.get("/enveloppes/virements").text
    assert "Votre réponse" not in manager.get(page).text
    assert manager.post(page, data={"reponse": "oui"}).status_code == 403
    assert "Répondre à 1 virement entre enveloppes" in region.get("/mon-espace").text
    assert "attend votre réponse" in region.get("/enveloppes/virements").text
    assert region.post(page, data={"reponse": "non"}).status_code == 422
    assert region.post(page, data={"reponse": "oui"}).status_code == 303
    assert region.post(page, data={"reponse": "oui"}).status_code == 422, "it has its answer already"
    assert db.session.get_one(Call, call.id).envelope_cents == 12_000_00


def test_a_commune_officer_answers_for_no_other_and_names_are_nowhere(client: FlaskClient) -> None:
    root, call, officer = regional(10_000_00), factories.pic_call(), region_officer()
    asked = envelopes.propose(officer, key_of(root), key_of(call), 1_00, act_reference="CP", reason="Pour l’été.")
    commune = browser(client, (Role.COMMUNE_OFFICER, f"commune:{call.fund.commune_code}"))
    for path in (f"/enveloppes/virements/{asked.id}", "/region/enveloppes", f"/region/enveloppes/{root.id}"):
        assert commune.get(path).status_code == 403
    assert commune.post(f"/enveloppes/virements/{asked.id}", data={"reponse": "oui"}).status_code == 403
    assert commune.post(f"/enveloppes/virements/{asked.id}/retirer").status_code == 403
    assert "Pour l’été" not in commune.get("/enveloppes/virements").text
    for path in ("/region/enveloppes", "/enveloppes/virements"):
        assert client.get(path).status_code == 303
    name = db.session.get_one(Person, officer.person_id).name
    region = browser(client, (Role.REGION_OFFICER, REGION))
    for path in (f"/enveloppes/virements/{asked.id}", f"/region/enveloppes/{root.id}", "/enveloppes/virements"):
        assert name not in region.get(path).text


def test_an_offer_is_withdrawn(client: FlaskClient) -> None:
    root = regional(10_000_00)
    lille = part(root, 1_000_00)
    asked = envelopes.propose(region_officer(), key_of(lille), key_of(root), 1_00, act_reference="CP", reason="Trop.")
    region = browser(client, (Role.REGION_OFFICER, REGION))
    assert region.post(f"/enveloppes/virements/{asked.id}/retirer").status_code == 303
    assert "retiré" in region.get("/enveloppes/virements").text
