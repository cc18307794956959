"""The Region writes an edition: the next one copied and read again line by line, its words, its picture, its documents."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.files.models import Document
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.nqe import edition
from citizen.nqe.models import Edition
from citizen.people.models import Person
from tests import factories
from tests.conftest import NOON
from tests.factories import QUOTE
from tests.nqe.answers import ODD

DRAFT = "/nqe/editions/brouillon"
LATER = {
    "year": "2028", "theme_title": "Le vent", "theme_text": "Il tourne.", "axes": "Jeux\r\nArts", "examples": "Des cerfs-volants.",
    "questions": "Qui souffle ?\r\nPour qui ?", "season_starts_on": "2028-06-21", "season_ends_on": "2028-09-20",
    "opens_on": "2028-01-01", "closes_on": "2028-02-03", "envelope": "900 000",
}  # fmt: skip


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(body, "PNG")
    return body.getvalue()


def all_but(*left: str) -> list[str]:
    return [name for name in edition.REREAD if name not in left]


def test_last_year_is_copied_a_year_later_and_nothing_is_read_again(region: FlaskClient, summer: Edition) -> None:
    assert "Reprendre l’édition 2027" in region.get("/nqe/editions/nouvelle").text
    assert region.post("/nqe/editions/reprendre").location == DRAFT
    page = region.get(DRAFT).text
    for kept in ("L’eau", "2028-06-21", "2028-04-30", "Sport"):
        assert kept in page
    assert "checked" not in page
    assert region.get("/nqe/editions/2028").status_code == 404, "nobody else sees it"
    assert "Continuer l’édition 2028" in region.get("/nqe/editions/nouvelle").text


def test_each_line_is_ticked_before_it_is_published(region: FlaskClient, summer: Edition) -> None:
    region.post("/nqe/editions/reprendre")
    for name in edition.REREAD:
        answer = region.post(DRAFT, data=LATER | {"reread": all_but(name), "publier": "1"})
        assert answer.status_code == 422, name
        assert "Il reste à relire" in answer.text
        assert "Des cerfs-volants." in answer.text, "what was typed stays"
    assert region.post(DRAFT, data=LATER | {"reread": all_but("image")}).location == DRAFT
    assert edition.draft().reread == all_but("image")  # type: ignore[union-attr]
    assert region.post(DRAFT, data=LATER | {"reread": all_but(), "publier": "1"}).location == "/nqe/editions/2028"
    page = region.get("/nqe/editions/2028").text
    for words in ("la 39e", "Le vent", "Arts", "Qui souffle ?", "Des cerfs-volants.", "version 1"):
        assert words in page
    assert edition.draft() is None
    assert "L’eau" in region.get("/nqe/editions/2027").text, "the past one stays as it was"


def test_documents_come_along_and_each_edition_keeps_its_own(region: FlaskClient, summer: Edition, officer: Actor) -> None:
    page = "/nqe/editions/2027/documents"
    sent = {"kind": "kit", "title": "Affiche", "file": (io.BytesIO(QUOTE), "affiche.pdf")}
    assert region.post(page, data=sent, content_type="multipart/form-data").status_code == 303
    assert region.post(page, data={"kind": "kit", "title": "Rien"}).status_code == 422
    number = edition.documents(summer.id)[0].id
    assert region.application.test_client().get(f"{page}/{number}").data.startswith(b"%PDF")
    assert "Affiche" in region.get("/nqe/editions/2027").text
    edition.copy_last(officer)
    region.post(DRAFT, data=LATER | {"reread": all_but(), "publier": "1"})
    assert "Affiche" in region.get("/nqe/editions/2028").text
    region.post(f"{page}/{number}/retirer")
    assert region.get(f"{page}/{number}").status_code == 404
    assert len(db.session.scalars(select(Document)).all()) == 1, "the other edition still shows it"
    later = edition.documents(db.session.scalars(select(Edition.id).where(Edition.year == 2028)).one())[0].id
    region.post(f"/nqe/editions/2028/documents/{later}/retirer")
    assert db.session.scalars(select(Document)).all() == []


def test_the_theme_is_presented_with_a_picture_until_its_summer_is_over(region: FlaskClient, summer: Edition) -> None:
    page = "/nqe/editions/2027/presenter"
    words = {"theme_text": "Bien commun.", "examples": "Une fontaine.", "questions": "Où est l’eau ?"}
    for _turn in range(2):
        given = words | {"image": (io.BytesIO(picture()), "eau.png")}
        assert region.post(page, data=given, content_type="multipart/form-data").status_code == 303
    assert len(db.session.scalars(select(Document)).all()) == 1, "the former picture is gone"
    shown = region.get("/nqe/editions/2027").text
    assert "Où est l’eau ?" in shown
    assert "L’image du thème" in shown
    assert region.get("/nqe/editions/2027/image").mimetype == "image/webp"
    assert region.post(page, data=words | {"image": (io.BytesIO(b"nope"), "x.png")}).status_code == 422
    assert "Bien commun." in shown


def test_past_editions_stay_as_they_were(region: FlaskClient, summer: Edition, officer: Actor) -> None:
    after = {"theme_text": "Autre", "examples": "", "questions": []}
    with clock.at(NOON.replace(month=10)):
        for act in (
            lambda: edition.present(officer, 2027, **after),
            lambda: edition.add_document(officer, 2027, kind="kit", title="x", stream=io.BytesIO(QUOTE), filename="x.pdf"),
            lambda: edition.remove_document(officer, 2027, 1),
        ):
            with pytest.raises(NotNow):
                act()
        factories.login(region, db.session.get_one(Person, officer.person_id))
        for page in ("presenter", "documents"):
            assert "reste comme elle était" in region.get(f"/nqe/editions/2027/{page}").text
    assert "L’eau, bien commun." in region.get("/nqe/editions/2027").text


def test_only_the_region_prepares_an_edition(client: FlaskClient, summer: Edition, bearer: Actor) -> None:
    for act in (edition.copy_last, edition.publish, edition.give_up):
        with pytest.raises(Forbidden):
            act(bearer)
    with pytest.raises(Forbidden):
        edition.present(bearer, 2027, theme_text="", examples="", questions=[])
    assert client.get(DRAFT).location.startswith("/connexion")


def test_two_editions_of_one_year_are_refused_and_a_draft_may_be_forgotten(officer: Actor, summer: Edition) -> None:
    edition.copy_last(officer)
    same = {name: getattr(summer, name) for name in edition.DAYS}
    edition.save(officer, {"year": 2027} | same, all_but())
    with pytest.raises(Invalid, match="existe déjà"):
        edition.publish(officer)
    edition.give_up(officer)
    assert edition.draft() is None
    with pytest.raises(NotNow):
        edition.publish(officer)


@pytest.mark.parametrize("field", sorted(LATER))
def test_odd_words_break_no_draft(region: FlaskClient, summer: Edition, officer: Actor, field: str) -> None:
    edition.copy_last(officer)
    for odd in ODD:
        for more in ({}, {"publier": "1", "reread": ["theme", "x"]}):
            assert region.post(DRAFT, data=LATER | {field: odd} | more).status_code in (303, 422), odd


def test_only_known_summers_are_told(client: FlaskClient, summer: Edition) -> None:
    page = client.get("/nqe").text
    for words in ("terre de jeux", "Rev3", "Bien vivre ensemble", "33e", "28e", "25e", "DAUPHIN"):
        assert words in page
    for year in ("2015", "2018", "2019", "2021", "2023"):
        assert f"<b>{year}</b>" not in page
