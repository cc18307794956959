"""The Region's desk of city contracts: who may open it, what it keeps, what it refuses beside the field, what it recalls."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.kernel.access import REGION, Role
from citizen.places.contract_models import CityContract
from tests import factories
from tests.counting import counted
from tests.places.test_contracts import LENS, MEL, Town, town

__all__ = ["town"]
DESK = "/region/contrats"


@pytest.fixture
def region(client: FlaskClient, town: Town) -> FlaskClient:
    factories.login(client, factories.person(duties=[(Role.REGION_OFFICER, REGION)]))
    return client


def opened(region: FlaskClient, title: str = "Contrat de Lille") -> str:
    """The address of the editor of a new contract."""
    answer = region.post(f"{DESK}/nouveau", data={"title": title, "intermunicipality": MEL})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_the_desk_is_for_the_officers_of_the_region(client: FlaskClient, region: FlaskClient) -> None:
    address = opened(region)
    paths = [DESK, f"{DESK}/nouveau", address, f"{address}/signataires", f"{address}/renouvellement"]
    for duties in ([], [(Role.COMMUNE_OFFICER, "commune:59360")], [(Role.ADMINISTRATOR, "platform")]):
        factories.login(client, factories.person(duties=duties))
        assert {client.get(path).status_code for path in paths} == {403}
        assert {client.post(f"{address}/{act}").status_code for act in ("publier", "signatories/1/retirer")} == {403}
    assert db.session.query(CityContract).one().state == "draft"


def test_a_contract_is_written_published_and_taken_back(region: FlaskClient, town: Town) -> None:
    address = opened(region)
    assert "Les Oliveaux, Loos" not in region.get(address).text, "quarters are offered by the intermunicipality"
    told = {
        "title": "Contrat de Lille", "starts_on": "2024-01-01", "ends_on": "31/12/2030", "about": "Un accord.", "review_clause": "À mi-parcours.",
        "intermunicipalities": [MEL], "perimeter_code": "QN05946M",
    }  # fmt: skip
    assert region.post(address, data=told).status_code == 303
    text = region.get(address).text
    assert "Les Oliveaux, Loos · quartier prioritaire · QN05946M" in text
    ticked = BeautifulSoup(text, "html.parser").select("input[checked]")
    assert {box["value"] for box in ticked} == {MEL, str(town["QN05946M"])}, "what is saved again is what is shown"
    for path, data in (
        ("signataires", {"name": "Ville de Loos", "kind": "commune", "signed_on": "2024-06-28"}),
        ("renouvellement", {"name": "Loos sud", "kind": "national", "perimeters": [town["QN05946M"]]}),
    ):
        assert region.post(f"{address}/{path}", data=data).status_code == 303
        again = region.post(f"{address}/{path}", data=data)
        assert again.status_code == 422 and "y est déjà" in again.text
    late = region.post(f"{address}/signataires", data={"name": "Plus tard", "kind": "commune", "signed_on": "2199-01-01"})
    assert late.status_code == 422 and "n’a pas encore eu lieu" in late.text
    assert region.get("/contrats/contrat-de-lille").status_code == 404
    assert region.post(f"{address}/publier").status_code == 303
    shown = region.get("/contrats/contrat-de-lille").text
    assert all(words in shown for words in ("Un accord.", "Ville de Loos", "Loos sud", "Les Oliveaux", "À mi-parcours."))
    region.post(f"{address}/reprendre")
    assert region.get("/contrats/contrat-de-lille").status_code == 404
    signatory = db.session.query(CityContract).one().signatories[0].id
    for _twice in range(2):
        assert region.post(f"{address}/signatories/{signatory}/retirer").status_code == 303
    assert "Aucun signataire n’est encore connu." in region.get(address).text


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(region: FlaskClient, town: Town) -> None:
    first, second = opened(region), opened(region, "Autre contrat")
    told = {"title": "Autre", "about": "Mon texte à moi", "starts_on": "2024-01-01"}
    held = {"title": "Contrat de Lille", "perimeters": [], "perimeter_code": "QN05946M"}
    assert region.post(first, data=held).status_code == 303
    for wrong, words in (
        ({"ends_on": "2023-01-01"}, "La fin vient avant le début."),
        ({"ends_on": "demain"}, "Écrivez une date comme"),
        ({"perimeter_code": "QN99999M"}, "Aucun quartier n’a ce code."),
        ({"perimeter_code": "QN05946M"}, "est déjà dans « Contrat de Lille » aux mêmes dates."),
        ({"perimeter_code": "59360"}, "des quartiers, pas des communes entières"),
        ({"perimeters": ["x", "-1"]}, "Erreur"),
        ({"title": "  "}, "Ce champ est nécessaire."),
        ({"about": "x" * 5001}, "5000 caractères au plus."),
    ):
        answer = region.post(second, data=told | wrong)
        assert answer.status_code == 422 and words in answer.text, wrong
        assert ("x" * 5001 if "about" in wrong else "Mon texte à moi") in answer.text
    twice = region.post(f"{DESK}/nouveau", data={"title": "Contrat de Lille"})
    assert twice.status_code == 422 and "Un contrat a déjà ce nom." in twice.text
    assert region.get(f"{DESK}/999999").status_code == 404


def test_the_same_form_sent_twice_opens_one_contract(region: FlaskClient) -> None:
    data = {"title": "Contrat de Lens", "intermunicipality": LENS, "once": "une-seule-fois"}
    assert [region.post(f"{DESK}/nouveau", data=data).status_code for _twice in range(2)] == [303, 303]
    assert db.session.query(CityContract).count() == 1


def test_a_review_that_comes_is_recalled_at_the_desk_and_in_mon_espace(region: FlaskClient, client: FlaskClient) -> None:
    address = opened(region)
    soon = clock.today() + timedelta(days=60)
    region.post(address, data={"title": "Contrat de Lille", "review_due_on": soon.isoformat()})
    for page in (DESK, "/mon-espace", "/region"):
        assert "à mi-parcours : Contrat de Lille" in region.get(page).text or "1 revue à préparer" in region.get(page).text, (
            page
        )
    held = {"title": "Contrat de Lille", "review_due_on": soon.isoformat(), "review_held_on": clock.today().isoformat()}
    region.post(address, data=held)
    assert "à mi-parcours : Contrat" not in region.get("/mon-espace").text
    region.post(address, data=held | {"review_held_on": ""})
    factories.login(client, factories.person())
    assert "à mi-parcours" not in client.get("/mon-espace").text


def test_the_desk_asks_the_same_for_one_and_for_twenty_contracts(region: FlaskClient, town: Town) -> None:
    address, counts = opened(region), []
    for more in (0, 20):
        for number in range(more):
            opened(region, f"Contrat n° {number}")
        for page in (DESK, address):
            with counted() as statements:
                assert region.get(page).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:] and max(counts) <= 25
