"""What somebody typed stays words on every page and paper of the committee: no script, no file of ours, no address asked."""

import io
from html import escape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from citizen import clock
from citizen.committees import minutes, notes, recording, review
from citizen.committees import sitting as heard
from citizen.committees.rules import proof
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.people.models import Person
from citizen.pic import sitting as room
from citizen.pic.models import PicProject
from citizen.web import printing
from tests import factories, rooms
from tests.convened import letters_to

HOSTILE = (
    "<script>alert(1)</script><img src=file:///etc/passwd onerror=alert(2)>"
    "<style>body{background:url(http://127.0.0.1:9/x)}</style><a href='javascript:alert(3)'>ici</a>{{ 7*7 }}"
)
RUNS = ("<script>alert", "<img src=file", "<style>body", "<a href='javascript", "49")


@pytest.fixture
def written(app: Flask) -> tuple[PicProject, Actor]:
    """The same words wherever a team, a member, a secretary or a manager writes some; its decision is released."""
    fund = factories.pic_fund()
    people = rooms.members(fund, 3)
    project = factories.pic_inscribed(factories.pic_call(fund))
    item, manager = rooms.item_of(project), factories.manager_of(fund)
    with transaction():
        project.title = project.summary = project.description = project.place = project.learning = HOSTILE
        project.team[0].name = project.team[0].task = project.lines[0].label = HOSTILE
        project.attachments[0].caption = HOSTILE
        item.session.place = HOSTILE
    session_id = item.session_id
    with clock.at(item.session.held_at):
        rooms.opened(item.session)
        heard.hear(manager, item.id, "present")
        room.note(manager, item.id, {slug: room.Judged("not_met", HOSTILE) for slug in rooms.judged()})
        rooms.everybody(manager, review.propose(manager, item.id, "reject", asked=HOSTILE).id)
        review.settle(manager, item.id, sentence=HOSTILE, easy=HOSTILE, asked=HOSTILE)
        notes.write(people[1], item.id, text=HOSTILE, is_kept=True)
        rooms.closed(item.session)
        minutes.remark(people[1], session_id, text=HOSTILE)
        for who in (people[0], manager):
            session = recording.session_for_minutes(session_id)
            assert session
            minutes.sign(who, session_id, seen=proof(recording.content(session)))
    return project, people[1]


def pages_of(project: PicProject) -> list[str]:
    item = project.passage
    assert item and project.call
    session = f"/comites/seances/{item.session_id}"
    return [
        session, f"{session}/lecture", f"{session}/lecture/imprimer", f"{session}/proces-verbal", f"/comites/passages/{item.id}/note",
        f"/comites/{project.call.fund_id}/seances/{item.session_id}/extrait", f"/projets/{project.id}",
    ]  # fmt: skip


def test_every_page_shows_the_words_and_runs_nothing(written: tuple[PicProject, Actor], client: FlaskClient) -> None:
    project, member = written
    factories.login(client, db.session.get_one(Person, member.person_id))
    for address in pages_of(project):
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200 and str(escape("<script>alert(1)")) in page.text, address
        assert not [sign for sign in RUNS[:-1] if sign in page.text], address
        assert "{{ 7*7 }}" in page.text, address


def test_letters_keep_the_words_as_they_are(written: tuple[PicProject, Actor]) -> None:
    project, _member = written
    told = letters_to(project.bearer.email)
    assert told and HOSTILE in told[-1].body and "{{ 7*7 }}" in told[-1].body


@pytest.mark.parametrize("paper", ["lecture.pdf", "proces-verbal.pdf", "extrait", "courrier.pdf", "dossier.pdf"])
def test_every_paper_prints_the_words_and_opens_nothing(
    written: tuple[PicProject, Actor], client: FlaskClient, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _member = written
    item, fund = project.passage, project.call.fund
    assert item
    addresses = {
        "lecture.pdf": f"/comites/seances/{item.session_id}/lecture.pdf",
        "proces-verbal.pdf": f"/comites/seances/{item.session_id}/proces-verbal.pdf",
        "extrait": f"/comites/{fund.id}/seances/{item.session_id}/extrait.pdf",
        "courrier.pdf": f"/comites/passages/{item.id}/courrier.pdf",
        "dossier.pdf": f"/projets/{project.id}/dossier.pdf",
    }
    asked = watched(monkeypatch)
    factories.login(client, db.session.get_one(Person, factories.manager_of(fund).person_id))
    answer = client.get(addresses[paper])
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    read = PdfReader(io.BytesIO(answer.data))
    text = "".join(page.extract_text() for page in read.pages)
    assert "file:///etc/passwd" in text.replace("\n", "").replace(" ", "") and "root:" not in text
    assert not [image for page in read.pages for image in page.images]
    assert not [link for page in read.pages for link in page.get("/Annots", []) if "javascript" in str(link.get_object())]
    assert asked and all(url.startswith(f"{printing.ORIGIN}/static/") for url in asked)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a paper asks for."""
    from weasyprint import urls

    asked: list[str] = []
    whole = urls.fetch

    def note(fetcher: object, url: str, *rest: object, **named: object) -> object:
        asked.append(url)
        return whole(fetcher, url, *rest, **named)

    for module in ("weasyprint.urls", "weasyprint.css", "weasyprint.images", "weasyprint.document"):
        monkeypatch.setattr(f"{module}.fetch", note, raising=False)
    return asked


@pytest.mark.parametrize(
    "styled", ['<style>body { background: url("{0}") }</style>', '<p style="background: url({0})">x</p>', '<link rel="stylesheet" href="{0}">',
               '<object data="{0}"></object>', '<embed src="{0}">'],
)  # fmt: skip
@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "http://127.0.0.1:9/x", "/static/%2e%2e/pyproject.toml", "ftp://127.0.0.1/x"]
)
def test_even_markup_of_ours_reaches_no_file_nor_network(app: Flask, styled: str, source: str) -> None:
    """Were a page to let markup through, the printer still has nothing but the static folder to read."""
    page = f'<html lang="fr"><title>x</title><body>{styled.replace("{0}", source)}</body></html>'
    with app.test_request_context(), pytest.raises(BaseException, match="Error fetching"):
        printing.pdf(page)
