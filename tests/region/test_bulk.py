"""The Region's desk at work: clocks, filters, one act on several files seen before it is done, opinions, sheets and letters."""

import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu.models import FtuProject
from citizen.kernel.access import REGION, Role
from citizen.mail.models import Letter
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import TownOpinion
from citizen.people.models import Person
from citizen.projects import services as projects
from citizen.projects.listing import lifecycles
from citizen.projects.models import Project
from tests import factories, summers
from tests.region import seeding
from tests.region.seeding import Region


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """The browser of an officer of the Region."""
    factories.login(client, factories.person(duties=[(Role.REGION_OFFICER, REGION)]))
    return client


@pytest.fixture
def files(client: FlaskClient) -> list[int]:
    """Two lodged files with nothing missing, one already admissible, one that lacks nearly everything."""
    summer = summers.edition()
    rules = summer.ruleset_id
    quarters = [summers.priority_quarter("QN08002M", "Étouvie", "80021", "248000531")]
    officer = factories.actor(summers.region_officer())
    made = [summers.nqe_draft(summer, quarters=quarters, title=f"Été {rank}") for rank in range(4)]
    for project in made[:2]:
        projects.lodge(factories.actor(db.session.get_one(Person, project.bearer_id)), project.id)
    summers.nqe_admitted(made[2], officer)
    with transaction():
        bare = db.session.get_one(NqeProject, made[3].id)
        bare.ruleset_id = rules
        bare.state, bare.is_public, bare.lodged_at, bare.description = "submitted", True, clock.now(), ""
    return [project.id for project in made]


def states(numbers: list[int]) -> list[str]:
    db.session.rollback()
    found = dict(db.session.execute(select(Project.id, Project.state).where(Project.id.in_(numbers))).all())
    return [found[number] for number in numbers]


def rows(page: str) -> list[list[str]]:
    body = BeautifulSoup(page, "html.parser").find("table")
    assert body is not None
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in body.find_all("tr")[1:]]


def letters() -> int:
    return db.session.scalar(select(func.count(Letter.id))) or 0


def test_what_is_shown_before_is_what_is_done_after_and_one_that_fails_stops_no_other(
    desk: FlaskClient, files: list[int]
) -> None:
    before = letters()
    sent = {"chosen": [str(number) for number in files], "act": "admit"}
    seen = desk.post("/region/lot", data=sent)
    assert [row[1] for row in rows(seen.text)] == ["oui", "oui", "non", "non"]
    said = {row[2].replace("\u00a0", " ").replace("\u202f", " ") for row in rows(seen.text)}
    assert "« Déposé » devient « Recevable » ; 4 lettres partent" in said
    assert "Il manque" in seen.text and "Ce n’est pas possible maintenant" in seen.text
    assert "Confirmer pour 2 dossiers" in seen.text
    assert states(files) == ["submitted", "submitted", "admissible", "submitted"], "seeing does nothing"
    assert letters() == before
    done = desk.post("/region/lot", data=sent | {"seen": "oui", "confirm": "oui"})
    assert [row[1:] for row in rows(done.text)] == [["fait" if row[1] == "oui" else "non", row[2]] for row in rows(seen.text)]
    assert states(files) == ["admissible", "admissible", "admissible", "submitted"]
    assert letters() == before + 8


def test_a_reason_is_asked_and_reaches_each_team(desk: FlaskClient, files: list[int]) -> None:
    sent = {"chosen": [str(files[0]), str(files[2])], "act": "not_admit"}
    asked = desk.post("/region/lot", data=sent)
    assert "Confirmer" not in asked.text
    assert "Dites pourquoi" in desk.post("/region/lot", data=sent | {"seen": "oui", "reason": ""}).text
    filled = sent | {"seen": "oui", "reason": "Hors de la saison."}
    assert "Confirmer pour 2 dossiers" in desk.post("/region/lot", data=filled).text
    desk.post("/region/lot", data=filled | {"confirm": "oui"})
    assert states([files[0], files[2]]) == ["inadmissible"] * 2
    assert "Hors de la saison." in (db.session.scalars(select(Letter.body).order_by(Letter.id.desc())).first() or "")


def test_an_opinion_is_asked_on_several_files_at_once(desk: FlaskClient, files: list[int]) -> None:
    asked = {"level": "partner", "body": "Le bailleur", "email": "bailleur@exemple.fr", "due_on": "2027-04-01"}
    sent = {"chosen": [str(files[0])], "act": "ask_opinion", "seen": "oui", "confirm": "oui"} | asked
    assert "C’est fait pour 1 dossier." in desk.post("/region/lot", data=sent).text
    opinion = db.session.scalars(select(TownOpinion)).one()
    assert (opinion.body, opinion.due_on, opinion.level) == ("Le bailleur", date(2027, 4, 1), "partner")
    assert "Le bailleur" in desk.get("/region").text
    letter = db.session.scalars(select(Letter.body).where(Letter.to == "bailleur@exemple.fr")).one()
    link = letter[letter.index("/nqe/avis/") :].split()[0]
    visitor = desk.application.test_client()
    answer = {"outcome": "favourable", "words": "", "signed_by": "La directrice"}
    with clock.at(clock.now() + timedelta(days=40)):
        assert visitor.get(link).status_code == 410, "too late"
    assert visitor.get("/nqe/avis/autre").status_code == 410, "not ours"
    assert visitor.post(link, data=answer).status_code == 200
    assert visitor.get(link).status_code == 410, "used"
    assert "Le bailleur" not in desk.get("/region").text


def test_the_region_asks_no_opinion_on_what_others_decide(desk: FlaskClient, place: Region) -> None:
    """The steps say whose an opinion is to ask; no file of another scheme ever waits at the desk."""
    decided = {code for code, table in lifecycles().items() if any(Role.REGION_OFFICER in step.who for step in table.steps)}
    assert decided == {"nqe"}
    mixed = [str(place.project(state="submitted", kind=kind).id) for kind in (FtuProject, NqeProject)]
    asked = {"level": "partner", "body": "Le bailleur", "email": "bailleur@exemple.fr", "due_on": "2027-04-01"}
    seen = desk.post("/region/lot", data={"chosen": mixed, "act": "ask_opinion", "seen": "oui"} | asked)
    assert sorted(row[1] for row in rows(seen.text)) == ["non", "oui"]
    assert "Cette étape n’est pas la vôtre" in seen.text


def test_what_is_badly_chosen_is_told(desk: FlaskClient, files: list[int]) -> None:
    assert "au moins un dossier" in desk.post("/region/lot", data={"act": "admit"}, follow_redirects=True).text
    assert desk.post("/region/lot", data={"act": "grant", "chosen": str(files[0])}).status_code == 400
    assert (
        "Choisissez une séance"
        in desk.post("/region/lot", data={"act": "inscribe", "seen": "oui", "chosen": str(files[0])}).text
    )
    odd = {"act": "ask_opinion", "seen": "oui", "chosen": ["x", "99999", str(files[0])], "due_on": "31/02/2027"}
    assert desk.post("/region/lot", data=odd).status_code == 422


def test_only_the_region_acts(client: FlaskClient, files: list[int]) -> None:
    factories.login(client, factories.person(duties=[(Role.COMMUNE_OFFICER, "commune:80021")]))
    assert client.post("/region/lot", data={"chosen": str(files[0]), "act": "admit", "confirm": "oui"}).status_code == 403
    assert states(files[:1]) == ["submitted"]


def test_letters_are_printed_together(desk: FlaskClient, files: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citizen.web.printing.pdf", lambda _page: None)
    page = desk.application.test_client()
    assert page.post("/region/lot").status_code == 303
    text = desk.post("/region/lot", data={"chosen": [str(number) for number in files], "act": "letters"}).text
    assert [f"Été {rank}" in text for rank in range(4)] == [True] * 4
    assert "Votre dossier : recevable" in text


def test_the_clock_says_what_is_late_and_the_filters_narrow(desk: FlaskClient, place: Region) -> None:
    long_ago = clock.now() - timedelta(days=130)
    place.project("Ancien", state="submitted", lodged_at=long_ago)
    place.project("Récent", state="submitted")
    place.project("Ailleurs", state="submitted", commune_code=None, perimeter_id=None)
    page = desk.get("/region").text
    assert "10 jours de retard" in page and "restent 120 jours" in page
    assert page.index("Ancien") < page.index("Récent")
    here = desk.get(f"/region?territoire=commune:{place.loos}").text
    assert "Récent" in here and "Ailleurs" not in here
    assert "Rien n’attend" in desk.get("/region?dispositif=ftu").text
    for odd in ("?territoire=x:y", "?dispositif=x", "?voir=x", "?format=x", "?territoire=quartier:"):
        assert desk.get("/region" + odd).status_code == 200


def test_the_sheet_holds_what_the_page_shows(desk: FlaskClient, place: Region) -> None:
    place.project("À lire", state="submitted")
    sheet = load_workbook(io.BytesIO(desk.get("/region?format=xlsx").data)).active
    assert sheet is not None
    line = [cell.value for cell in list(sheet.rows)[1]]
    assert (line[2], line[5], line[8]) == ("À lire", "Déposé", 120)
    text = desk.get("/region?format=csv").text
    assert "À lire" in text
    assert not any(secret in text for secret in seeding.SECRETS)
