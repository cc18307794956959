"""The files of the open data: whole, valid for those who will read them, and without what was withdrawn."""

import asyncio
import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import rdflib
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.db import db, transaction
from citizen.ftu.models import FtuProject
from citizen.people import organisations
from citizen.people.models import Organisation
from citizen.region import columns, exporting, grants
from citizen.region.commands import data
from tests import envelopes
from tests.region import seeding
from tests.region.seeding import Region

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "schemas" / "scdl" / "subventions.schema.json"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")


def rows(client: FlaskClient, name: str) -> list[dict[str, str]]:
    text = client.get(f"/donnees/{name}").data.decode("utf-8", "strict")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def numbered(place: Region) -> None:
    """Who gives and who receives have the numbers that the national schema asks for."""
    with transaction():
        for number, kind in enumerate(("region", "association", "commune")):
            found = db.session.scalars(select(Organisation).where(Organisation.kind == kind)).one()
            found.siret = ("20005374200017", "80295478500027", "21590360900018")[number]


def test_every_file_opens_on_an_empty_site_and_on_a_full_one(client: FlaskClient, place: Region) -> None:
    for count in (0, 7):
        with transaction():
            list(seeding.many(place, count))
        exporting.publish()
        for name in exporting.FILES:
            answer = client.get(f"/donnees/{name}")
            assert answer.status_code == 200, name
            assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_each_table_has_the_columns_that_the_page_explains(client: FlaskClient, place: Region) -> None:
    place.project()
    for name, table in columns.TABLES.items():
        answer = client.get(f"/donnees/{name}.csv")
        assert answer.text.splitlines()[0] == ",".join(table.names)
        assert all(len(row) == len(table.names) and None not in row for row in rows(client, f"{name}.csv")), name


def test_the_grants_are_valid_against_the_national_schema(client: FlaskClient, place: Region, tmp_path: Path) -> None:
    from frictionless import Checklist, Resource, Schema, checks, system

    numbered(place)
    place.project("=Fanfare, « à vélo »\n" + "x" * 300)
    place.project("Groupe", organisation_id=place.group)
    place.project("Personne", organisation_id=None)
    written = tmp_path / "subventions.csv"
    written.write_bytes(client.get("/donnees/subventions.csv").data)
    with system.use_context(trusted=True, onerror="ignore"):
        schema = Schema.from_descriptor(str(SCHEMA))
        resource = Resource(path=str(written), schema=schema)
        report = resource.validate(Checklist(checks=[checks.table_dimensions(num_rows=1)]))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    (row,) = rows(client, "subventions.csv")
    assert (row["nomBeneficiaire"], row["idBeneficiaire"], row["montant"]) == ("Les Cuivres", "80295478500027", "800.50")
    assert row["objet"].startswith("'=")
    assert exporting.left_out() == {"group": 2}


def test_the_share_of_the_region_in_works_is_a_grant_to_the_commune(app: Flask, place: Region) -> None:
    from citizen.clock import today
    from citizen.ftu.works_models import WorksMoney

    numbered(place)
    works = place.project("Un banc", FtuProject, organisation_id=None)
    with transaction():
        db.session.add(
            WorksMoney(project_id=works.id, asked_cents=90000, asked_on=today(), agreed_cents=50000, answered_on=today(), reference="CP 12")
        )  # fmt: skip
    (one,) = grants.grants()
    assert (one.giver[1], one.taker[1], one.cents, one.reference, one.lacks) == (
        "La Région",
        "Ville de Loos",
        50000,
        "CP 12",
        "",
    )


def test_what_the_region_gives_to_a_fund_of_residents_is_a_grant_to_its_association(app: Flask) -> None:
    call = envelopes.under(envelopes.part(envelopes.regional(100_000_00), 40_000_00), 5_000_00)
    (one,) = grants.grants()
    assert one.project is None
    assert (one.title, one.cents, one.taker[1]) == (f"{call.fund.title}, Année 2027", 5_000_00, call.fund.organisation.name)
    assert one.reference
    assert one.days == "2027-03-10/2027-12-31"


def test_who_gives_without_a_siret_is_said_and_not_invented(client: FlaskClient, place: Region) -> None:
    place.project()
    with transaction():
        db.session.get_one(Organisation, place.association).rna = "W595000001"
    assert rows(client, "subventions.csv") == []
    assert "1 aide dont celui qui attribue n’a pas de SIRET connu" in client.get("/donnees").text
    region = db.session.scalars(select(Organisation.id).where(Organisation.kind == "region")).one()
    assert CliRunner().invoke(data, ["siret", str(region), "123"]).exit_code == 1
    organisations.identify(region, "200 053 742 00017")
    assert [row["rnaBeneficiaire"] for row in rows(client, "subventions.csv")] == ["W595000001"]


def members(value: Any) -> Any:
    """Every position of a geometry."""
    return [value] if isinstance(value[0], int | float) else [one for part in value for one in members(part)]


@pytest.mark.parametrize("name", ["projets.geojson", "quartiers.geojson"])
def test_maps_are_geojson(client: FlaskClient, place: Region, name: str) -> None:
    """Source: RFC 7946."""
    place.project(lon=3.0061234, lat=50.6151234)
    collection = json.loads(client.get(f"/donnees/{name}").data)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for one in collection["features"]:
        assert set(one) == {"type", "geometry", "properties"}
        assert one["geometry"]["type"] in ("Point", "MultiPolygon")
        assert all(2 < lon < 4 and 49 < lat < 51 for lon, lat in members(one["geometry"]["coordinates"]))
        for polygon in one["geometry"]["coordinates"] if one["geometry"]["type"] == "MultiPolygon" else []:
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)


def test_the_quarters_carry_their_figures(client: FlaskClient, place: Region) -> None:
    tour = place.project("La fanfare", granted_cents=620000)
    seeding.visits(tour, "QN08001M")
    place.project("Un banc", FtuProject, granted_cents=10000)
    told = {row["code"]: row for row in rows(client, "quartiers.csv")}
    figures = ("projets_pic", "projets_ftu", "projets_nqe", "montant_accorde", "euros_par_habitant")
    assert [told["QN05946M"][name] for name in figures] == ["0", "1", "1", "6300.00", "1.02"]
    assert [told["QN08001M"][name] for name in figures] == ["0", "0", "1", "0.00", "0.00"]


def test_a_contract_is_a_row_with_who_signed_and_one_for_each_of_its_quarters(client: FlaskClient, place: Region) -> None:
    seeding.contract("En projet", "QP059061", state="draft")
    number = str(seeding.contract("Métropole", "QN05946M", "QN08001M").id)
    (told,) = rows(client, "contrats.csv")
    assert (told["numero"], told["adresse"]) == (number, "http://localhost:8000/contrats/metropole")
    assert (told["commence_le"], told["finit_le"]) == ("2024-01-01", "")
    assert (told["communes"], told["signataires"], told["sites"]) == (
        "59360 ; 80021",
        "Préfecture ; Bailleur du Nord",
        "Grand Sud",
    )
    held = [(row["contrat"], row["quartier_code"], row["sites"]) for row in rows(client, "contrats_quartiers.csv")]
    assert held == [(number, "QN05946M", "Grand Sud"), (number, "QN08001M", "")]


def opened(client: FlaskClient, tmp_path: Path) -> sqlite3.Connection:
    path = tmp_path / "citizen.sqlite"
    path.write_bytes(client.get("/donnees/citizen.sqlite").data)
    return sqlite3.connect(path)


def test_the_sqlite_file_is_whole_and_its_keys_hold(client: FlaskClient, place: Region, tmp_path: Path) -> None:
    list(seeding.many(place, 9))
    base = opened(client, tmp_path)
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("SELECT count(*) FROM projets").fetchone() == (9,)
    assert base.execute("SELECT typeof(montant_accorde), typeof(participants) FROM projets").fetchone() == ("real", "null")
    explained = {(table.name, one.name) for table in columns.TABLES.values() for one in table.fields}
    assert set(base.execute("SELECT fichier, colonne FROM colonnes")) == explained
    for view in columns.VIEWS:
        base.execute(f"SELECT * FROM {view}").fetchall()
    assert base.execute("SELECT projets, euros FROM aides_par_annee WHERE dispositif = 'NQE'").fetchall() == [(5, 4002.5)]
    base.close()


def test_datasette_serves_the_sqlite_file_as_it_is(client: FlaskClient, place: Region, tmp_path: Path) -> None:
    from datasette.app import Datasette

    place.project("Un été en fanfare")
    opened(client, tmp_path).close()
    metadata = client.get("/donnees/datasette.json").get_json()

    async def visit() -> tuple[Any, Any, Any]:
        served = Datasette([str(tmp_path / "citizen.sqlite")], metadata=metadata, settings={"num_sql_threads": 1})
        await served.invoke_startup()
        page = await served.client.get("/citizen/projets")
        search = await served.client.get("/citizen/projets.json?_search=ete&_shape=array")
        view = await served.client.get("/citizen/aides_par_commune.json?_shape=array")
        served.executor.shutdown()
        for base in served.databases.values():
            base.close()
        return page, search, view

    page, search, view = asyncio.run(visit())
    assert page.status_code == 200
    assert "Titre donné par l’équipe du projet." in page.text, "what a column means stands in Datasette"
    assert [row["titre"] for row in search.json()] == ["Un été en fanfare"]
    assert view.json()[0]["euros"] == 800.5


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_the_catalogue_is_dcat(client: FlaskClient, place: Region) -> None:
    place.project()
    exporting.publish()
    answer = client.get("/donnees/catalogue.jsonld")
    assert answer.mimetype == "application/ld+json"
    graph = rdflib.Graph().parse(data=answer.data, format="json-ld")
    (catalogue,) = graph.subjects(rdflib.RDF.type, DCAT.Catalog)
    assert next(graph.objects(catalogue, DCT.publisher))
    datasets = set(graph.objects(catalogue, DCAT.dataset))
    assert {str(graph.value(one, DCT.identifier)) for one in datasets} == {*columns.TABLES, "citizen"}
    urls = set()
    for dataset in datasets:
        assert graph.value(dataset, DCT.title), dataset
        assert graph.value(dataset, DCT.spatial), dataset
        assert str(graph.value(dataset, DCT.license)) == "https://spdx.org/licenses/etalab-2.0.html"
        for file in graph.objects(dataset, DCAT.distribution):
            urls.add(str(graph.value(file, DCAT.downloadURL)))
            assert graph.value(file, DCAT.mediaType), file
    assert {url.rpartition("/")[2] for url in urls} == {*exporting.FILES, "agenda.ics"}
    assert all(client.get(url).status_code == 200 for url in urls)
    period = graph.value(rdflib.URIRef("http://localhost:8000/donnees#projets"), DCT.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2027-03-10"


def test_a_file_is_read_in_parts_and_its_head_alone(client: FlaskClient, place: Region) -> None:
    place.project()
    whole = client.get("/donnees/citizen.sqlite")
    part = client.get("/donnees/citizen.sqlite", headers={"Range": "bytes=0-14"})
    assert (part.status_code, part.data) == (206, b"SQLite format 3")
    assert client.head("/donnees/citizen.sqlite").headers["Content-Length"] == str(len(whole.data))
    assert client.get("/donnees/inconnu.csv").status_code == 404
