"""What is hidden is nowhere: no list, map, feed, export, search, agenda nor paper; its team knows why and answers; undone, it is back."""

import io
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from citizen.db import db, transaction
from citizen.journal.queries import events_of
from citizen.kernel.access import PLATFORM, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import ending, hiding, reporting
from citizen.projects.models import Project
from tests import factories, groups
from tests.committees.test_minutes import held, signed
from tests.reports import photo

NAME = "Zygomatique"


@pytest.fixture
def project(app: Flask) -> PicProject:
    """A granted project with news and a photo, whose name is like no other."""
    made = factories.pic_granted()
    bearer = groups.bearer_of(made)
    reporting.tell(bearer, made.id, f"{NAME} avance.", photo=photo(), filename="vue.png", caption=f"Vue {NAME}")
    with transaction():
        made.title = f"{NAME} au square"
        made.search_text = "zygomatique au square"
    return made


@pytest.fixture
def watcher(app: Flask) -> Actor:
    return factories.actor(factories.person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))


def signed_in(client: FlaskClient, person_id: int | None) -> None:
    factories.login(client, db.session.get_one(Person, person_id))


def public_addresses(app: Flask, project: PicProject) -> list[str]:
    """Every page open to anybody that needs nothing in its address, and those of the project's place, fund and search."""
    plain = [
        str(rule) for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(("/demo", "/static", "/courrier"))
    ]  # fmt: skip
    assert project.call and project.perimeter
    return [
        *plain, "/projets?q=zygomatique", f"/pic/fonds/{project.call.fund.slug}", f"/communes/{project.commune_code}",
        f"/quartiers/{project.perimeter.code}", f"/projets/{project.id}",
    ]  # fmt: skip


def read(answer: TestResponse) -> str:
    """What a page says, or a paper, or a spreadsheet."""
    if answer.mimetype == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.data.startswith(b"PK"):
        book = ZipFile(io.BytesIO(answer.data))
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return answer.data.decode(errors="replace")


def where_it_shows(app: Flask, project: PicProject) -> list[str]:
    visitor = app.test_client()
    return [path for path in public_addresses(app, project) if NAME in read(visitor.get(path, follow_redirects=True))]


def test_a_hidden_project_is_nowhere_and_comes_back(
    app: Flask, client: FlaskClient, project: PicProject, watcher: Actor
) -> None:
    before = where_it_shows(app, project)
    assert len(before) > 5
    hidden = hiding.hide(watcher, project.id, "project", "Injure envers un voisin.")
    assert where_it_shows(app, project) == []
    page = app.test_client().get(f"/projets/{project.id}")
    assert page.status_code == 410 and "Ce projet est masqué" in page.text
    signed_in(client, project.bearer_id)
    assert "masqué : le public n’en voit rien" in client.get(f"/projets/{project.id}", follow_redirects=True).text
    hiding.show_again(watcher, project.id, hidden.id, "Le texte est corrigé.")
    assert where_it_shows(app, project) == before
    assert {"hidden", "shown_again"} <= {one.action for one in events_of(project.on)}


def test_the_public_extract_of_the_minutes_names_it_no_more(app: Flask, watcher: Actor) -> None:
    decided = held()
    signed(decided)
    fund_id, session_id = decided.call.fund_id, decided.passage.session_id
    address, title = f"/comites/{fund_id}/seances/{session_id}/extrait", decided.title
    assert title in app.test_client().get(address).text
    hiding.hide(watcher, decided.id, "project", "Injure.")
    page, paper = (app.test_client().get(f"{address}{kind}") for kind in ("", ".pdf"))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.data)).pages)
    for shown in (page.text, text):
        assert "Projet masqué" in shown and title not in shown


def test_a_step_taken_meanwhile_shows_nothing_again(project: PicProject, watcher: Actor) -> None:
    hiding.hide(watcher, project.id, "project", "Injure.")
    ending.cancel(factories.manager_of(project.call.fund), project.id, "La salle est fermée.")
    assert not db.session.get_one(Project, project.id).is_public


def test_a_news_and_a_photo_are_hidden_alone(app: Flask, project: PicProject, watcher: Actor) -> None:
    page, picture = f"/projets/{project.id}", project.attachments[-1]
    document = f"/projets/{project.id}/documents/{picture.id}"
    visitor = app.test_client()
    assert visitor.get(document).status_code == 200
    hiding.hide(watcher, project.id, f"news-{project.news[0].id}", "Nomme un mineur.")
    hiding.hide(watcher, project.id, f"photo-{picture.id}", "Montre un mineur.")
    text = visitor.get(page, follow_redirects=True).text
    assert "avance" not in text and f"Vue {NAME}" not in text
    assert "Cette nouvelle est masquée." in text and "Cette photo est masquée." in text and project.title in text
    assert visitor.get(document).status_code in (403, 404)
    team = app.test_client()
    signed_in(team, project.bearer_id)
    told = team.get(f"{page}/masquer").text
    assert f"{NAME} avance." in told and f"Vue {NAME}" in told and "Nomme un mineur." in told


def test_the_team_is_told_why_and_answers(client: FlaskClient, project: PicProject, watcher: Actor) -> None:
    page = f"/projets/{project.id}/masquer"
    signed_in(client, watcher.person_id)
    refused = client.post(page, data={"part": "project", "reason": ""})
    assert refused.status_code == 422
    assert client.post(page, data={"part": "project", "reason": "Injure envers un voisin."}).status_code == 303
    told = db.session.scalars(select(Letter.body).where(Letter.to == project.bearer.email).order_by(Letter.id)).all()
    assert "Injure envers un voisin." in told[-1] and page in told[-1]
    signed_in(client, project.bearer_id)
    assert "Injure envers un voisin." in client.get(page).text
    number = project.hidings[0].id
    assert client.post(f"{page}/repondre", data={"hiding": number, "words": "C’était une citation."}).status_code == 303
    assert client.post(f"{page}/remettre", data={"hiding": number, "words": "x"}).status_code == 403
    email = db.session.get_one(Person, watcher.person_id).email
    assert page in db.session.scalars(select(Letter.body).where(Letter.to == email)).all()[-1]
    signed_in(client, watcher.person_id)
    assert "C’était une citation." in client.get(page).text
    assert client.post(f"{page}/remettre", data={"hiding": number, "words": "C’est une citation."}).status_code == 303
    assert db.session.get_one(Project, project.id).is_public


def test_only_who_watches_hides_and_never_their_own(app: Flask, project: PicProject) -> None:
    for who in (groups.bearer_of(project), factories.actor(factories.person()), factories.manager_of(factories.pic_fund())):
        with pytest.raises(Forbidden):
            hiding.hide(who, project.id, "project", "x")
    for part, reason in (("project", " "), ("news-999", "x"), ("", "x")):
        with pytest.raises(Invalid):
            hiding.hide(factories.manager_of(project.call.fund), project.id, part, reason)
