"""The files of the open data while they change: whole at any moment, without what was withdrawn, public by construction."""

import threading
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.db import db, transaction
from citizen.nqe.models import NqeProject
from citizen.people.models import Organisation
from citizen.places import contracts
from citizen.projects import hiding
from citizen.projects.models import Project
from citizen.region import classification, columns, exporting, hive, tables
from citizen.region.commands import data
from citizen.region.queries import stream
from tests import factories, summers
from tests.ballots.test_workbench import BALLOTS, counted_poll
from tests.region import seeding
from tests.region.seeding import Region
from tests.region.test_files import numbered, rows


@pytest.mark.parametrize("name", ["projets.csv", "projets.geojson", "citizen.sqlite", "subventions.csv"])
def test_what_is_hidden_leaves_every_file_at_the_next_request(client: FlaskClient, place: Region, name: str) -> None:
    """Even where a file may lag behind what is new."""
    numbered(place)
    kept, hidden = place.project("Reste là"), place.project("Part aussitôt")
    exporting.publish()
    former = client.get(f"/donnees/{name}")
    assert b"Part auss" in former.data
    officer = factories.actor(summers.region_officer())
    hiding.hide(officer, hidden.id, "project", "Des propos injurieux.")
    again = client.get(f"/donnees/{name}", headers={"If-None-Match": former.headers["ETag"]})
    assert again.status_code == 200
    assert b"Part auss" not in again.data
    assert b"Reste l" in again.data
    assert not [path for path in exporting.folder().iterdir() if path.name.startswith(name.split(".")[0] + "-") and b"Part auss" in path.read_bytes() and path.suffix == "." + name.split(".")[1]], "nor stays on the disk"  # fmt: skip
    assert kept.is_public


def test_what_the_region_takes_back_leaves_with_its_text(client: FlaskClient, place: Region) -> None:
    project = place.project("Fanfare", summary="Un résumé relu.")
    assert rows(client, "projets.csv")[0]["resume"] == "Un résumé relu."
    hive.withdraw(factories.actor(summers.region_officer()), project.id, reason="À relire.")
    (row,) = rows(client, "projets.csv")
    assert (row["titre"], row["resume"], row["publie_le"]) == ("Fanfare", "", "")


def test_a_contract_taken_back_leaves_every_file_at_the_next_request(client: FlaskClient, place: Region) -> None:
    """Even the one that may lag behind what is new; and while it is written no draft enters."""
    officer, kept = factories.actor(summers.region_officer()), seeding.contract("Contrat qui reste")
    gone = seeding.contract("Contrat repris", "QN08001M")
    seeding.contract("Contrat en projet", state="draft")
    exporting.publish()
    names = ("contrats.csv", "contrats_quartiers.csv", "citizen.sqlite")
    former = {name: client.get(f"/donnees/{name}").data for name in names}
    assert b"Contrat repris" in former["contrats.csv"]
    assert b"Contrat repris" in former["citizen.sqlite"]
    assert b"QN08001M" in former["contrats_quartiers.csv"]
    contracts.publish(officer, gone.id, is_public=False)
    again = {name: client.get(f"/donnees/{name}").data for name in names}
    assert not [name for name in names if b"Contrat repris" in again[name] or b"Contrat en projet" in again[name]]
    assert b"QN08001M" not in again["contrats_quartiers.csv"]
    assert f"\r\n{kept.id},".encode() in again["contrats.csv"]


def test_a_reader_never_sees_a_half(app: Flask, place: Region) -> None:
    """Somebody reads without pause while the file is written again and again: it is whole each time."""
    with transaction():
        list(seeding.many(place, 40))
    exporting.write("projets.csv")
    seen: list[bytes] = []
    stop = threading.Event()

    def read() -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    seen.append(exporting.kept("projets.csv").path.read_bytes())  # type: ignore[union-attr]
                except FileNotFoundError:
                    continue  # the note was read just before the former file went: the page asks again

    reader = threading.Thread(target=read)
    reader.start()
    for _turn in range(15):
        exporting.write("projets.csv")
    stop.set()
    reader.join()
    assert len(seen) > 15
    assert set(map(len, seen)) == {len(seen[0])}


def test_a_file_that_fails_leaves_the_former_one_and_nothing_beside(
    app: Flask, place: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.project()
    former = exporting.write("projets.csv")

    def broken() -> Any:
        yield tables.Row(None, ("une",) * len(columns.PROJECTS.names))
        raise OSError("no space left")

    monkeypatch.setitem(tables.ROWS, "projets", broken)
    before = sorted(exporting.folder().iterdir())
    with pytest.raises(OSError, match="no space"):
        exporting.write("projets.csv")
    assert sorted(exporting.folder().iterdir()) == before
    assert exporting.kept("projets.csv") == former


def test_while_a_withdrawn_project_is_taken_out_the_former_file_is_not_read(client: FlaskClient, place: Region) -> None:
    one = place.project()
    exporting.write("projets.csv")
    with transaction():
        db.session.get_one(Project, one.id).is_public = False
    with exporting._alone("projets.csv"):
        answer = client.get("/donnees/projets.csv")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_an_export_cannot_read_what_is_not_public(app: Flask) -> None:
    for column in (
        NqeProject.design,
        Project.bearer_id,
        Organisation.name,
        db.func.lower(Project.description),
        db.text("email"),
    ):
        with pytest.raises(classification.NotPublic):
            next(stream(select(column)), None)  # type: ignore[call-overload]
    below = select(db.func.max(Project.description).label("x")).subquery()
    with pytest.raises(classification.NotPublic):
        next(stream(select(below.c.x)), None)


def test_every_table_reads_through_the_classification(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing public any more, no table gives a row."""
    monkeypatch.setattr(classification, "kind_of", lambda _table, _column: "internal")
    for name, read in tables.ROWS.items():
        with pytest.raises(classification.NotPublic):
            list(read())
        assert name in columns.TABLES


def test_the_command_says_how_far_it_is(app: Flask, place: Region) -> None:
    place.project()
    said = CliRunner().invoke(data, ["publish"])
    assert said.exit_code == 0
    assert said.stdout == ""
    assert "projets.csv : 1 lignes" in said.stderr
    assert {path.name for path in exporting.folder().glob("*.json")} == {f"{name}.json" for name in exporting.FILES}


@pytest.mark.parametrize("ballots", [10, 11])
def test_a_vote_of_few_ballots_publishes_its_outcome_alone(client: FlaskClient, ballots: int) -> None:
    poll = counted_poll({}, (BALLOTS * 2)[:ballots])
    (vote,), results = rows(client, "scrutins.csv"), rows(client, "resultats.csv")
    told = [vote["bulletins"], vote["bulletins_pb"], *(row[name] for row in results for name in ("voix", "rang"))]
    assert all(told) if ballots == 11 else not any(told)
    assert "oui" in {row["retenu"] for row in results}
    with transaction():
        db.session.get_one(Project, poll.options[0].project_id).is_public = False
    (gone,) = [row for row in rows(client, "resultats.csv") if row["numero"] == "1"]
    assert (gone["projet"], gone["titre"]) == ("", "")
    assert [row["titre"] for row in rows(client, "resultats.csv")][1:] == [row["titre"] for row in results][1:]
