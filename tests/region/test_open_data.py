"""The open data: its files, their tags, and nothing in them that is not for everyone."""

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.db import db, transaction
from citizen.ftu.models import FtuProject
from citizen.people.models import Organisation, Person
from citizen.projects.models import TeamMember
from citizen.region import exporting
from citizen.region.rules import COLUMNS
from tests import factories, summers
from tests.region import seeding
from tests.region.seeding import Region

HIDDEN = ("draft", "withdrawn", "submitted", "incomplete", "admissible", "inadmissible", "rejected", "cancelled")


def rows(client: FlaskClient) -> list[dict[str, str]]:
    text = client.get("/donnees/projets.csv").data.decode("utf-8", "strict")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def features(client: FlaskClient, address: str = "/donnees/projets.geojson") -> list[dict[str, Any]]:
    collection = json.loads(client.get(address).data)
    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


def test_the_csv_holds_one_row_by_supported_project_and_nothing_else(client: FlaskClient, place: Region) -> None:
    shown = [place.project(state=state) for state in ("granted", "report_submitted", "closed")]
    for state in HIDDEN:
        place.project(state=state)
    assert [int(row["numero"]) for row in rows(client)] == [project.id for project in reversed(shown)]


def test_the_csv_is_rfc_4180_with_the_columns_documented(client: FlaskClient, place: Region) -> None:
    place.project('Fête, "la vraie"\nsur deux lignes ; et plus')
    answer = client.get("/donnees/projets.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=projets.csv"
    assert answer.data.count(b"\r\n") == 2
    (row,) = rows(client)
    assert list(row) == [column.name for column in COLUMNS]
    assert row["titre"] == 'Fête, "la vraie"\nsur deux lignes ; et plus'
    assert row["adresse"] == f"http://localhost:8000/projets/{row['numero']}"
    assert (row["montant_accorde"], row["date_decision"], row["association"]) == ("800.50", "2027-03-10", "Les Cuivres")


def test_a_title_that_is_a_formula_is_not_run_by_a_spreadsheet(client: FlaskClient, place: Region) -> None:
    place.project('=HYPERLINK("http://mal.test","ici")')
    assert rows(client)[0]["titre"] == '\'=HYPERLINK("http://mal.test","ici")'


@pytest.mark.parametrize("count", [0, 1, 200, 201])
def test_the_files_are_whole_whatever_their_length(client: FlaskClient, place: Region, count: int) -> None:
    with transaction():
        list(seeding.many(place, count))
    assert len(rows(client)) == len(features(client)) == count
    counted = features(client, "/initiatives/points.geojson")
    assert sum(one["properties"]["count"] for one in counted) == count
    assert len(counted) == min(count, 1), "one quarter, one marker"


def test_the_geojson_gives_a_point_and_says_how_precise(client: FlaskClient, place: Region) -> None:
    here = {"lon": 3.0061234, "lat": 50.6151234}
    place.project("Association", **here)
    place.project("Groupe", organisation_id=place.group, **here)
    place.project("Seule", organisation_id=None, **here)
    place.project("Travaux", FtuProject, organisation_id=None, **here)
    place.project("Sans lieu")
    place.project("Nulle part", perimeter_id=None)
    told = {one["properties"]["titre"]: (one["geometry"] and one["geometry"]["coordinates"], one["properties"]["precision"])
            for one in features(client)}  # fmt: skip
    assert told == {
        "Association": ([3.00612, 50.61512], "lieu"),
        "Groupe": ([3.006, 50.615], "environs"),
        "Seule": ([3.006, 50.615], "environs"),
        "Travaux": ([3.00612, 50.61512], "lieu"),
        "Sans lieu": ([3.005, 50.615], "quartier"),
        "Nulle part": (None, None),
    }


FILES = ["/donnees/projets.csv", "/donnees/projets.geojson", "/initiatives/points.geojson"]


@pytest.mark.parametrize("address", FILES)
def test_nothing_is_sent_again_when_nothing_changed(client: FlaskClient, place: Region, address: str) -> None:
    place.project()
    first = client.get(address)
    assert first.headers["Cache-Control"] in ("public, max-age=300", "public, no-cache")
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", FILES)
def test_the_tag_changes_with_a_new_project_and_with_what_is_asked(client: FlaskClient, place: Region, address: str) -> None:
    first = client.get(address).headers["ETag"]
    if "points" in address:
        assert client.get(address + "?dispositif=pic").headers["ETag"] != first
    place.project()
    assert client.get(address, headers={"If-None-Match": first}).status_code == 200


@pytest.mark.parametrize("address", FILES[:2])
def test_the_files_travel_compressed(client: FlaskClient, place: Region, address: str) -> None:
    list(seeding.many(place, 30))
    whole = client.get(address)
    light = client.get(address, headers={"Accept-Encoding": "br"})
    assert light.headers["Content-Encoding"] == "br"
    assert len(light.data) * 4 < len(whole.data)
    assert light.headers["ETag"] == whole.headers["ETag"]


def test_an_officer_signed_in_reads_the_same_file(client: FlaskClient, place: Region) -> None:
    place.project()
    anonymous = client.get("/donnees/projets.csv").data
    factories.login(client, factories.person())
    assert client.get("/donnees/projets.csv").data == anonymous


PUBLIC = [
    "/", "/communes/59360", "/quartiers/QN05946M", "/initiatives", "/initiatives?q=cache", "/initiatives/carte",
    "/initiatives/points.geojson", "/tableau-de-bord", "/donnees", "/donnees/projets.csv", "/donnees/projets.geojson",
]  # fmt: skip


def test_nobody_is_named_and_no_home_is_placed(client: FlaskClient, place: Region) -> None:
    list(seeding.many(place, 3))
    for address in PUBLIC:
        text = client.get(address).text
        assert [secret for secret in seeding.SECRETS if secret in text] == [], address
        assert "3.0061234" not in text, address


def names() -> list[str]:
    """Everybody's name and e-mail address, and the names of groups of residents."""
    groups = select(Organisation.name).where(Organisation.kind == "group")
    asked = (select(Person.name), select(Person.email), select(TeamMember.name), groups)
    found = map(db.session.scalars, asked)
    return [name for some in found for name in some]


def test_projects_granted_in_each_scheme_are_published_and_name_nobody(client: FlaskClient) -> None:
    factories.pic_granted()
    quarters = [
        summers.priority_quarter("QN05946M", "Les Oliveaux", "59361", "200093201"),
        summers.priority_quarter("QN08001M", "Étouvie", "80021", "248000531"),
    ]
    summers.nqe_granted(summers.nqe_draft(summers.edition(), quarters=quarters))
    assert sorted(row["dispositif"] for row in rows(client)) == ["NQE", "PIC"]
    assert len(names()) > 5
    for address in (*PUBLIC, "/communes/80021", "/quartiers/QN08001M"):
        answer = client.get(address)
        assert [name for name in names() if name in answer.text] == [], address


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_draft_and_a_withdrawn_project_are_nowhere(client: FlaskClient, place: Region, state: str) -> None:
    """Source: CVE-2024-27090 of Decidim, where what was not published could be read from the outside."""
    exporting.publish()
    before = {address: client.get(address).text for address in PUBLIC}
    place.project("Projet caché", state=state, lon=3.0061234, lat=50.6151234, themes=["Thème caché"])
    assert {address: client.get(address).text for address in PUBLIC} == before


def test_the_name_of_an_association_is_published_and_that_of_a_group_is_not(client: FlaskClient, place: Region) -> None:
    place.project(organisation_id=place.group)
    assert [row["association"] for row in rows(client)] == [""]
    place.project()
    assert "Les Cuivres" in [row["association"] for row in rows(client)]


def test_a_file_is_read_to_its_end_after_the_request_and_gives_its_connection_back(house: Flask, place: Region) -> None:
    """A server sends the file once the request is over, and a reader may hang up in the middle."""
    with transaction():
        list(seeding.many(place, 450))
    db.session.remove()
    idle = db.engine.pool.checkedout()
    answer = house.test_client().get("/donnees/projets.csv", buffered=False)
    db.session.remove()
    assert b"".join(answer.response).count(b"\r\n") == 451
    answer.close()
    hung_up = house.test_client().get("/donnees/projets.csv", buffered=False)
    next(iter(hung_up.response))
    hung_up.close()
    assert db.engine.pool.checkedout() == idle
