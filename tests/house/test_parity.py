"""Every public thing in every form, as anybody reads it: the same everywhere, and nowhere what is a draft, hidden or withdrawn."""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from citizen.ballots.models import Poll, PollOption
from citizen.db import db, transaction
from citizen.kernel.money import euros
from citizen.nqe.models import ProgrammeEvent
from citizen.projects import hiding
from citizen.projects.models import Project
from citizen.region import hive
from citizen.region.hive_models import Publication
from citizen.region.queries import published
from citizen.web.access import access_of
from citizen.web.filters import day
from tests.house.conftest import Restore
from tests.house.samples import address, values_for
from tests.house.street import Street

pytestmark = pytest.mark.slow
# The journal and the ballots' file of a vote are sealed by digests that were posted: what was announced stays in them, or nobody
# could verify them any more.
SEALED = ("/journal.jsonl", ".pb")
BINARY = {"image/png", "image/webp", "image/jpeg", "font/woff2"}


@dataclass
class Taken:
    """What was taken back: titles that nobody reads any more, and the initiative that the Region no longer shows."""

    titles: dict[str, int]
    hidden: list[int]
    events: list[int]
    withdrawn: int


def words(data: bytes) -> str:
    """What is read of an answer, be it a paper, without tags, its spaces ordinary."""
    if data.startswith(b"%PDF"):
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    text = re.sub(r"<[^>]+>", " ", data.decode("utf-8", "replace"))
    return " ".join(unescape(text).replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def site(street: Street, restore: Restore) -> Iterator[Taken]:
    """The street once something of each kind was hidden, withdrawn or never lodged."""
    with street.app.app_context():
        taken = _take_back(street)
    yield taken
    restore()


def _take_back(street: Street) -> Taken:
    administrator, region = street.actor("administrator"), street.actor("region")
    shown = select(Project.id).where(published()).order_by(Project.id)
    withdrawn = db.session.scalars(shown).all()[-1]
    dated = db.session.scalars(shown.where(Project.id.in_(select(ProgrammeEvent.project_id)), Project.id != withdrawn)).first()
    counted = select(PollOption.project_id).join(Poll).where(Poll.tallied_at.is_not(None))
    voted = db.session.scalars(
        select(Project.id).where(Project.is_public, Project.id.in_(counted)).order_by(Project.id)
    ).first()
    hidden = [number for number in (dated, voted) if number]
    assert len(hidden) == 2
    for number in hidden:
        hiding.hide(administrator, number, "project", "Des propos injurieux.")
    hive.withdraw(region, withdrawn, "À relire.")
    with transaction():
        for number in (withdrawn,):
            db.session.get_one(Project, number).title = f"Reprise par la Région {number}"
        for project in db.session.scalars(select(Project).where(Project.is_public.is_(False), Project.id.not_in(hidden[1:]))):
            project.title = f"Titre tenu secret {project.id}"
    secret = {project.title: project.id for project in db.session.scalars(select(Project).where(~Project.is_public))}
    events = list(db.session.scalars(select(ProgrammeEvent.id).where(ProgrammeEvent.project_id == dated)))
    db.session.remove()
    return Taken(secret, hidden, events, withdrawn)


@pytest.fixture
def visitor(street: Street, site: Taken) -> FlaskClient:
    """Anybody's browser, new."""
    return street.app.test_client()


def read(visitor: FlaskClient, path: str) -> bytes:
    answer = visitor.get(path, follow_redirects=True, buffered=True)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return answer.data


def every_row(visitor: FlaskClient, name: str) -> dict[Any, dict[str, Any]]:
    """A whole list of the API, page by page, by number or code."""
    found, path = [], f"/api/v1/{name}?limite=40"
    while path:
        page = json.loads(read(visitor, path))
        found += page["donnees"]
        path = (page["suivant"] or "").removeprefix("http://localhost:8000")
    return {row.get("numero") or row.get("code") or row.get("siren"): row for row in found}


def table(visitor: FlaskClient, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(visitor, f"/donnees/{name}.csv").decode(), newline="")))


def open_pages(street: Street) -> list[str]:
    """Every address that anybody may ask for, with every thing it may name; a link that was mailed is somebody's."""
    with street.app.app_context():
        rules = [
            rule
            for rule in street.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "web.vendor") and "token" not in rule.arguments
        ]
        rules = [rule for rule in rules if (mark := access_of(street.app, rule.endpoint)) and mark.is_open]
        return sorted({address(street, rule, values) for rule in rules for values in values_for(street, rule)})


def test_nobody_reads_a_draft_nor_what_is_hidden_in_any_form(street: Street, site: Taken, visitor: FlaskClient) -> None:
    wrong = []
    for path in [*open_pages(street), *(f"/api/v1/{name}?limite=100" for name in ("projets", "votes", "resultats", "saison"))]:
        answer = visitor.get(path, follow_redirects=True, buffered=True)
        if answer.mimetype not in BINARY and not path.endswith(SEALED):
            text = words(answer.data) + ("" if answer.mimetype == "application/pdf" else answer.data.decode("utf-8", "replace"))
            wrong += [f"{path}: {title}" for title in site.titles if title in text]
    assert not wrong, "\n".join(wrong)


def test_what_is_hidden_has_no_form_at_all(street: Street, site: Taken, visitor: FlaskClient) -> None:
    named = {"project_id": site.hidden, "event_id": site.events}
    with street.app.app_context():
        rules = [rule for rule in street.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        build = street.app.url_map.bind("localhost").build
        paths = [
            build(rule.endpoint, {name: number})
            for rule in rules
            for name in named
            if rule.arguments == {name}
            for number in named[name]
        ]
    answers = {path: visitor.get(path, buffered=True) for path in paths}
    assert {path: answer.status for path, answer in answers.items() if answer.status_code not in (303, 404, 410)} == {}
    assert [path for path, answer in answers.items() if answer.status_code == 303 and "/connexion" not in answer.location] == []
    assert len(paths) > 40


def test_what_the_region_takes_back_is_no_longer_among_the_initiatives(site: Taken, visitor: FlaskClient) -> None:
    number, title = site.withdrawn, f"Reprise par la Région {site.withdrawn}"
    assert title in words(read(visitor, f"/projets/{number}"))
    for path in (
        f"/initiatives/{number}",
        f"/initiatives/{number}/fiche",
        f"/initiatives/{number}/image.png",
        f"/api/v1/projets/{number}",
    ):
        assert visitor.get(path).status_code == 404, path
    for path in (
        "/initiatives",
        "/initiatives/carte",
        "/initiatives.atom",
        "/integrer/initiatives",
        "/api/v1/projets?limite=100",
        "/",
    ):
        assert title.encode() not in read(visitor, path), path


def test_an_initiative_is_the_same_in_every_form(street: Street, site: Taken, visitor: FlaskClient, tmp_path: Path) -> None:
    told = every_row(visitor, "projets")
    with street.app.app_context():
        projects = {
            one.id: (one.title, one.granted_cents, one.decided_on)
            for one in db.session.scalars(select(Project).where(published()))
        }
    assert set(told) == set(projects)
    cells = {int(row["numero"]): row for row in table(visitor, "projets")}
    features = {
        one["properties"]["numero"]: one["properties"]
        for one in json.loads(read(visitor, "/donnees/projets.geojson"))["features"]
    }
    kept = tmp_path / "citizen.sqlite"
    kept.write_bytes(read(visitor, "/donnees/citizen.sqlite"))
    lines = _lines(kept)
    feed, frame = words(read(visitor, "/initiatives.atom")), words(read(visitor, "/integrer/initiatives"))
    gallery = words(b"".join(read(visitor, f"/initiatives?page={number}") for number in range(1, len(told) // 24 + 2)))
    newest = sorted(told, key=lambda number: (_published_at(street, number), number), reverse=True)
    for number, one in told.items():
        title, cents, decided_on = projects[number]
        assert (one["titre"], one["montant_accorde"], one["date_decision"]) == (title, cents / 100, decided_on.isoformat())
        for form in (cells[number], features[number], lines[number]):
            assert (form["titre"], form["etat"], form["date_decision"]) == (one["titre"], one["etat"], one["date_decision"])
            assert float(form["montant_accorde"]) == one["montant_accorde"]
        page, story, sheet = (
            words(read(visitor, path))
            for path in (f"/projets/{number}", f"/initiatives/{number}", f"/initiatives/{number}/fiche")
        )
        assert all(title in form for form in (page, story, sheet, gallery)), title
        assert all(
            euros(cents).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") in form
            for form in (page, story)
        ), title
        with street.app.test_request_context():
            assert day(date.fromisoformat(one["date_decision"])) in page, title
        assert read(visitor, f"/initiatives/{number}/image.png").startswith(b"\x89PNG")
        assert (title in feed) == (number in newest[:50])
        assert (title in frame) == (number in newest[:20]) or [one["titre"] for one in told.values()].count(title) > 1


def _lines(path: Path) -> dict[int, dict[str, Any]]:
    """The projects of the SQLite file."""
    with sqlite3.connect(path) as base:
        base.row_factory = sqlite3.Row
        return {row["numero"]: dict(row) for row in base.execute("SELECT * FROM projets")}


def _published_at(street: Street, number: int) -> Any:
    with street.app.app_context():
        return db.session.scalar(
            select(Publication.published_at).where(Publication.project_id == number, Publication.withdrawn_at.is_(None))
        )


STATES = {"planned": "", "moved": "Déplacé", "cancelled": "Annulé"}


def test_a_date_is_the_same_in_every_form(site: Taken, visitor: FlaskClient) -> None:
    told = every_row(visitor, "saison")
    cells = {int(row["numero"]): row for row in table(visitor, "agenda")}
    assert set(told) == set(cells)
    news, calendar = read(visitor, "/agenda.rss").decode(), read(visitor, "/agenda.ics").decode()
    numbers = {int(number) for number in re.findall(r">date-(\d+)-\d+@", news)}
    assert numbers == {int(number) for number in re.findall(r"UID:date-(\d+)@", calendar)} <= set(told)
    for number, one in list(told.items())[::5]:
        row = cells[number]
        assert (row["titre"], row["date"], row["debut"], row["etat"]) == (one["titre"], one["jour"], one["debut"], one["etat"])
        assert int(row["projet"]) == one["projet"]
        page, alone = words(read(visitor, f"/agenda/{number}")), read(visitor, f"/agenda/{number}.ics")
        assert one["titre"] in page
        assert STATES[one["etat"]] in page
        assert one["jour"].replace("-", "").encode() in alone
        assert read(visitor, f"/agenda/{number}.png").startswith(b"\x89PNG")


def test_a_result_is_the_same_in_every_form(site: Taken, visitor: FlaskClient) -> None:
    told, files = every_row(visitor, "resultats"), {}
    for row in table(visitor, "resultats"):
        files[int(row["scrutin"]), int(row["numero"])] = row
    assert told
    assert set(told) == {poll for poll, _number in files}
    for number, one in told.items():
        whole = json.loads(read(visitor, f"/api/v1/resultats/{number}"))
        page, sheet, printed = (words(read(visitor, f"/resultats/{number}{form}")) for form in ("", ".csv", "/papier"))
        assert one["titre"] in page
        assert len(whole["projets"]) == sum(poll == number for poll, _number in files)
        for outcome in whole["projets"]:
            row = files[number, outcome["numero"]]
            said = words(outcome["titre"].encode())
            assert row["retenu"] == ("oui" if outcome["retenu"] else "non")
            assert (row["voix"] or None) == (None if outcome["voix"] is None else str(outcome["voix"]))
            assert row["titre"] == (outcome["titre"] if row["projet"] else "")
            for form in (page, sheet, printed):
                assert said in form


def test_a_fund_and_its_calls_are_the_same_in_every_form(site: Taken, visitor: FlaskClient) -> None:
    calls, cells = every_row(visitor, "campagnes"), {int(row["numero"]): row for row in table(visitor, "appels")}
    assert set(calls) == set(cells)
    for number, one in calls.items():
        row = cells[number]
        assert (row["titre"], row["ouvre_le"], row["ferme_le"]) == (one["titre"], one["ouvre_le"], one["ferme_le"])
        assert (float(row["enveloppe"]), float(row["engage"])) == (one["enveloppe"], one["promis"])
    for number, fund in every_row(visitor, "fonds").items():
        page = words(read(visitor, f"/fonds/{number}"))
        assert fund["titre"] in page
        assert fund["tenu_par"] in page
        assert all(call["titre"] in page for call in calls.values() if call["fonds"] == number)
        read(visitor, f"/fonds/{number}.atom")


@pytest.mark.parametrize(("name", "path"), [("communes", "/communes/{}"), ("quartiers", "/quartiers/{}")])
def test_a_place_is_the_same_in_every_form(site: Taken, visitor: FlaskClient, name: str, path: str) -> None:
    cells = {row["code"]: row for row in table(visitor, name)}
    for code, one in list(every_row(visitor, name).items())[::9]:
        assert one["nom"] in words(read(visitor, path.format(code)))
        assert cells[code]["nom"] == one["nom"]
        read(visitor, path.format(code) + ".atom")
