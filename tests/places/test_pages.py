"""The public pages of places: outlines for maps, search, where a point stands."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.places import geocoding
from citizen.places.services import import_file
from tests.places.shapes import collection, quarter

JSON = {"Accept": "application/json"}


@pytest.fixture
def quarters(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.geojson")


def test_the_outlines_in_force_are_light_geojson(client: FlaskClient, quarters: None, territory: Path) -> None:
    import_file(territory / "qpv_2014_hdf.geojson")
    answer = client.get("/lieux/contours.geojson", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.mimetype, answer.headers["Content-Encoding"]) == (200, "application/geo+json", "br")
    assert len(answer.data) < 45_000
    features = json.loads(client.get("/lieux/contours.geojson").data)["features"]
    assert len(features) == 204
    europe = next(each for each in features if each["properties"]["code"] == "QN00201M")
    assert europe["properties"] == {
        "code": "QN00201M", "name": "Europe", "kind": "priority", "version": "2024", "url": "/quartiers/QN00201M",
    }  # fmt: skip
    assert europe["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
def test_outlines_already_known_are_not_sent_again(client: FlaskClient, quarters: None, encoding: str) -> None:
    asked = {"Accept-Encoding": encoding}
    first = client.get("/lieux/contours.geojson", headers=asked)
    again = client.get("/lieux/contours.geojson", headers=asked | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_new_outlines_are_sent(client: FlaskClient, quarters: None, write: Callable[..., Path]) -> None:
    known = client.get("/lieux/contours.geojson").headers["ETag"]
    import_file(write(collection(quarter())), version="essai", valid_from=date(2027, 1, 1))
    assert client.get("/lieux/contours.geojson", headers={"If-None-Match": known}).status_code == 200


def test_one_commune_has_its_own_outlines(client: FlaskClient, quarters: None) -> None:
    whole, one = client.get("/lieux/contours.geojson"), client.get("/lieux/contours.geojson?commune=80021")
    codes = {each["properties"]["code"] for each in json.loads(one.data)["features"]}
    assert codes >= {"QN08004M"}
    assert len(codes) < 10
    assert one.headers["ETag"] != whole.headers["ETag"]


@pytest.mark.parametrize("code", ["99999", "x", "%00", "80021%00'"])
def test_an_unknown_commune_has_no_outlines(client: FlaskClient, quarters: None, code: str) -> None:
    assert client.get(f"/lieux/contours.geojson?commune={code}").status_code == 404


def test_a_commune_and_a_quarter_are_found_by_name(client: FlaskClient, quarters: None) -> None:
    page = client.get("/lieux/chercher?q=saint quentin").text
    assert 'href="/communes/02691"' in page
    assert 'href="/quartiers/QN08001M"' in client.get("/lieux/chercher?q=ÉTOUVIE").text


def test_nothing_found_says_what_to_do(client: FlaskClient, quarters: None) -> None:
    page = client.get("/lieux/chercher?q=<script>").text
    assert "Aucun lieu de ce nom" in page
    assert "<script>&" not in page
    assert "&lt;script&gt;" in page


def test_addresses_are_offered_only_with_a_geocoder(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "adresse" not in client.get("/lieux/chercher?q=loos").text.split("<main")[1].split("</main")[0]
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], geocoder_url="http://127.0.0.1:1"))
    found = geocoding.Answer((geocoding.Candidate("1 rue de la Paix, Loos", 3.01, 50.61, "59360"),))
    monkeypatch.setattr(geocoding, "search", lambda _text: found)
    page = client.get("/lieux/chercher?q=1 rue de la paix").text
    assert 'href="/lieux/situer?lon=3.01&amp;lat=50.61"' in page
    assert "1 rue de la Paix, Loos" in page
    monkeypatch.setattr(geocoding, "search", lambda _text: geocoding.Answer(message=geocoding.ASLEEP))
    assert "La recherche d’adresse ne répond pas." in client.get("/lieux/chercher?q=ici").text


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        ("3.29886", "49.86133", ["Dans le quartier", "Europe", "/quartiers/QN00201M"]),
        ("2.332334", "49.876029", ["Près de la limite", "une personne de la commune ou de la Région décidera"]),
        ("2,30", "49,70", ["Hors des quartiers", "Le quartier le plus proche"]),
    ],
)
def test_a_point_is_answered_in_plain_words(client: FlaskClient, quarters: None, lon: str, lat: str, words: list[str]) -> None:
    answer = client.get(f"/lieux/situer?lon={lon}&lat={lat}")
    assert answer.status_code == 200
    assert [word for word in words if word not in answer.text] == []


def test_the_same_in_json(client: FlaskClient, quarters: None) -> None:
    answer = client.get("/lieux/situer?lon=2.332334&lat=49.876029", headers=JSON)
    assert {name: answer.json[name] for name in ("status", "code", "name")} == {  # type: ignore[index]
        "status": "near", "code": "QN08004M", "name": "Marcel Paul - Salamandre",
    }  # fmt: skip


def test_without_outlines_a_point_is_outside(client: FlaskClient) -> None:
    assert "Aucun contour de quartier n’est connu ici." in client.get("/lieux/situer?lon=3&lat=50").text


def test_the_form_waits_for_a_point(client: FlaskClient) -> None:
    answer = client.get("/lieux/situer")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text


@pytest.mark.parametrize(
    "typed", ["nan", "inf", "-inf", "1e999", "abc", "181", "", "%00", "%ED%A0%80", "3" * 5000, "٣", "[]", "<b>"]
)
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "json"])
def test_a_bad_number_is_refused_with_a_sentence(client: FlaskClient, typed: str, headers: dict[str, str]) -> None:
    answer = client.get(f"/lieux/situer?lon={typed}&lat=50", headers=headers)
    assert answer.status_code == 422
    assert "écrivez un nombre entre -180 et 180" in (answer.json["error"] if headers else answer.text)  # type: ignore[index]


def test_json_without_a_point_is_refused(client: FlaskClient) -> None:
    assert client.get("/lieux/situer", headers=JSON).status_code == 422
