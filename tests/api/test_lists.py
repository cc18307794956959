"""The read API: what its lists hold, how they go on, what they refuse, and what it costs."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from citizen import config
from citizen.api.pages import PER_MINUTE
from citizen.api.showing import RESOURCES
from citizen.app import create_app
from citizen.db import db
from citizen.ftu.models import FtuProject
from citizen.web.security import limiter
from tests.region import seeding
from tests.region.seeding import Region

LISTS = [resource.name for resource in RESOURCES]
PLACED = {"projets": "commune=59360", "communes": "departement=59", "quartiers": "type=priority", "campagnes": "ouverte=oui"}


def asked(client: FlaskClient, address: str) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def refusal(client: FlaskClient, address: str, status: int = 422) -> str:
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), address
    return answer.get_json()["detail"]


@pytest.mark.parametrize("name", LISTS)
def test_each_list_and_what_it_holds_can_be_read(client: FlaskClient, place: Region, name: str) -> None:
    place.project()
    resource = next(one for one in RESOURCES if one.name == name)
    for row in asked(client, name)["donnees"]:
        whole = asked(client, f"{name}/{row[resource.identifier]}")
        assert whole.items() >= row.items()


def test_a_project_is_told_as_the_open_data_tell_it(client: FlaskClient, place: Region) -> None:
    number = place.project("Un banc", FtuProject, lon=3.0061234, lat=50.6151234).id
    told = asked(client, f"projets/{number}")
    collection = json.loads(client.get("/donnees/projets.geojson").data)
    (feature,) = collection["features"]
    assert {name: told[name] for name in feature["properties"]} == feature["properties"]
    assert [told["longitude"], told["latitude"]] == feature["geometry"]["coordinates"]


def test_a_contract_is_told_with_its_quarters_and_a_draft_is_not(client: FlaskClient, place: Region) -> None:
    draft, number = seeding.contract("En projet", "QP059061", state="draft").id, seeding.contract("Lille", "QN05946M").id
    (told,) = asked(client, "contrats")["donnees"]
    assert (told["numero"], told["communes"], told["quartiers"]) == (number, ["59360"], ["QN05946M"])
    whole = asked(client, f"contrats/{number}")
    assert [(one["nom"], one["signe_le"]) for one in whole["signataires"]] == [
        ("Préfecture", "2024-03-01"),
        ("Bailleur du Nord", None),
    ]
    assert whole["sites"] == [{"nom": "Grand Sud", "interet": "national", "quartiers": ["QN05946M"]}]
    refusal(client, f"contrats/{draft}", 404)
    for given, found in (("quartier=QN05946M", 1), ("quartier=QP059061", 0), ("commune=59360", 1), ("commune=80021", 0)):
        assert len(asked(client, f"contrats?{given}")["donnees"]) == found, given


@pytest.mark.parametrize("state", ["draft", "withdrawn", "submitted", "rejected"])
def test_what_is_not_supported_is_not_there(client: FlaskClient, place: Region, state: str) -> None:
    number = place.project("Projet caché", state=state).id
    assert asked(client, "projets")["donnees"] == []
    refusal(client, f"projets/{number}", 404)


def test_the_filters_hold(client: FlaskClient, place: Region) -> None:
    here = place.project("Ici").id
    place.project("Là", FtuProject, commune_code="80021", perimeter_id=None, decided_on=date(2026, 5, 1))
    for given in ("dispositif=nqe", "commune=59360", "departement=59", "annee=2027", "quartier=QN05946M"):
        assert [row["numero"] for row in asked(client, f"projets?{given}")["donnees"]] == [here], given
    assert [row["code"] for row in asked(client, "quartiers?en_vigueur=non")["donnees"]] == ["QP059061"]
    assert [row["code"] for row in asked(client, "quartiers?commune=80021")["donnees"]] == ["QN08001M"]
    assert len(asked(client, "campagnes?dispositif=ftu&ouverte=oui")["donnees"]) == 1


def test_a_list_is_read_to_its_end_while_projects_are_added(client: FlaskClient, place: Region) -> None:
    numbers = [project.id for project in seeding.many(place, 7)]
    seen, page = [], asked(client, "projets?limite=3&dispositif=nqe")
    while True:
        seen += [row["numero"] for row in page["donnees"]]
        place.project("Arrivé entre deux pages")
        if not page["suivant"]:
            break
        assert "dispositif=nqe" in page["suivant"]
        page = client.get(page["suivant"]).get_json()
    assert seen == sorted(numbers[::2], reverse=True)


@pytest.mark.parametrize("name", LISTS)
def test_one_by_one_is_the_same_as_all_at_once(client: FlaskClient, place: Region, name: str) -> None:
    list(seeding.many(place, 3))
    whole, cursor, seen = asked(client, name), "", []
    while cursor is not None:
        page = asked(client, f"{name}?limite=1" + (f"&curseur={cursor}" if cursor else ""))
        seen += page["donnees"]
        cursor = page["curseur_suivant"]
    assert seen == whole["donnees"]


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_filter_is_refused_with_those_that_are_known(client: FlaskClient, app: object, name: str) -> None:
    told = refusal(client, f"{name}?couleur=bleu")
    assert "« couleur » : Ce filtre n’existe pas ici. Filtres connus : " in told
    assert "limite, curseur." in told
    assert "Aucun filtre ici." in refusal(client, f"{name}/1?limite=5") or "404" in refusal(client, f"{name}/1?limite=5", 404)


REFUSED = {
    "projets?dispositif=autre": "Valeurs connues : pic, ftu, nqe.", "projets?departement=75": "02, 59, 60, 62, 80",
    "projets?annee=deux": "nombre entier", "projets?annee=20277": "de 2015 à 2100", "projets?limite=0": "de 1 à 100",
    "projets?limite=101": "de 1 à 100", "projets?limite=²": "nombre entier", "projets?limite=1&limite=2": "une fois",
    "projets?curseur=zz": "écrit comme attendu", "projets?commune=a%00b": "signe invisible", "projets?commune=%FF%FE": "comme attendu",
    "projets?%00=1": "signe invisible", "saison?du=31/02/2027": "2027-06-21", "saison?du=2027-02-31": "2027-06-21",
    "projets?dispositif=" + "x" * 50_000: "Valeurs connues", "projets?dispositif=": "Valeurs connues",
}  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_a_wrong_value_is_refused_with_a_sentence(client: FlaskClient, app: object, address: str) -> None:
    assert REFUSED[address] in refusal(client, address)


def test_a_place_that_nobody_knows_is_not_found(client: FlaskClient, place: Region) -> None:
    assert "59999 n’est le code d’aucun lieu" in refusal(client, "projets?commune=59999", 404)
    for path in (
        "projets/0",
        "projets/9999999999999",
        "projets/x",
        "communes/%00",
        "communes/%FF",
        "quartiers/2",
        "rien",
        "fonds/1/2",
    ):
        refusal(client, path, 404)


def test_only_reading_is_allowed(client: FlaskClient, app: object) -> None:
    answer = client.post("/api/v1/projets", json={})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_the_pages_of_other_sites_may_read_it_without_credentials(client: FlaskClient, place: Region) -> None:
    for address in ("projets", "projets?x=1", "rien", "openapi.json"):
        answer = client.get(f"/api/v1/{address}", headers={"Origin": "https://ailleurs.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    before = client.options(
        "/api/v1/projets", headers={"Origin": "https://ailleurs.example", "Access-Control-Request-Method": "GET"}
    )
    assert before.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "Access-Control-Allow-Origin" not in client.get("/initiatives").headers


@pytest.mark.parametrize("address", ["projets", "communes/59360", "openapi.json"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, place: Region, address: str) -> None:
    first = client.get(f"/api/v1/{address}")
    again = client.get(f"/api/v1/{address}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_what_has_changed_is_sent(client: FlaskClient, place: Region) -> None:
    tag = client.get("/api/v1/projets").headers["ETag"]
    place.project()
    assert client.get("/api/v1/projets", headers={"If-None-Match": tag}).status_code == 200


def test_a_list_asks_the_database_the_same_for_three_and_for_thirty(place: Region, queries: Callable[[str], int]) -> None:
    list(seeding.many(place, 3))
    seeding.contract("Lille", "QN05946M")
    few = {name: queries(f"/api/v1/{name}") for name in LISTS}
    list(seeding.many(place, 27))
    seeding.contract("Amiens", "QN08001M", "QP059061")
    assert {name: queries(f"/api/v1/{name}") for name in LISTS} == few
    assert max(few.values()) <= 5, few


def test_the_description_is_a_page_too(client: FlaskClient, app: object) -> None:
    page = client.get("/api/v1")
    assert page.status_code == 200
    assert all(f'id="{name}"' in page.text for name in LISTS)
    assert "Retry-After" in page.text


def test_one_machine_that_asks_too_much_is_told_when_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)  # put back afterwards
    site = create_app(config.read({}, data=tmp_path))
    with site.app_context():
        answers = [site.test_client().get("/api/v1/projets?x=1") for _ in range(PER_MINUTE + 3)]
        db.engine.dispose()
    assert [answer.status_code for answer in answers] == [422] * PER_MINUTE + [429] * 3
    assert answers[-1].mimetype == "application/problem+json"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"
