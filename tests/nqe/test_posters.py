"""Posters, leaflets, pictures to share, the week of a hall; and the list for other sites."""

import io
from datetime import date, time, timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.nqe import posters, services
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.web import printing
from tests.nqe.test_agenda import SATURDAY

MM = 72 / 25.4
PAGES = {"a3": (297, 420), "a4": (210, 297), "a6": (105, 148)}
needs_pango = pytest.mark.skipif(printing._printer() is None, reason="Pango is not there")


@pytest.fixture
def full(granted: NqeProject) -> NqeProject:
    """A programme that no sheet holds whole, under a title as long as they come."""
    with transaction():
        project = db.session.get_one(NqeProject, granted.id)
        project.title = "Un été de rencontres, de musiques et de jeux d’eau au pied des immeubles du Pigeonnier"
        project.programme += [
            ProgrammeEvent(
                title=f"Grande soirée numéro {number} avec toutes les associations", on=date(2027, 7, 4) + timedelta(days=number),
                starts_at=time(18), place="Esplanade du centre commercial, devant la fontaine", kind="culture", changed_at=clock.now(),
            )
            for number in range(40)
        ]  # fmt: skip
    return project


@needs_pango
@pytest.mark.parametrize("size", posters.SIZES)
def test_a_poster_is_one_tagged_page_of_its_size(client: FlaskClient, full: NqeProject, size: str) -> None:
    answer = client.get(f"/nqe/{full.id}/affiches/{size}")
    assert answer.mimetype == "application/pdf"
    book = PdfReader(io.BytesIO(answer.data))
    assert len(book.pages) == 1
    box = book.pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == PAGES[size]
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    text = " ".join(book.pages[0].extract_text().split())
    assert "La fête de l’eau" in text, "a highlight is always there"
    assert "Région Hauts-de-France" in text and "Gratuit" in text and "autres dates" in text
    assert "localhost" in text


@needs_pango
def test_the_week_of_a_hall_fits_a_page(client: FlaskClient, full: NqeProject, bearer: Actor) -> None:
    services.cancel_date(bearer, full.id, full.programme[0].id, note="Canicule.")
    book = PdfReader(io.BytesIO(client.get("/agenda/semaine?jour=2027-07-03&quartier=QN08001M").data))
    assert len(book.pages) == 1
    text = " ".join(book.pages[0].extract_text().split())
    assert "Étouvie" in text and "annulé" in text and "Rien ce jour-là." in text


@pytest.mark.parametrize(
    ("address", "size"), [("/agenda/{event}.png", (1200, 630)), ("/nqe/{project}/affiches/carre.png", (1080, 1080))]
)
def test_pictures_to_share_have_the_size_that_networks_ask(
    client: FlaskClient, full: NqeProject, address: str, size: tuple[int, int]
) -> None:
    path = address.format(event=full.programme[0].id, project=full.id)
    first = client.get(path)
    assert Image.open(io.BytesIO(first.data)).size == size
    assert len(first.data) < 300_000
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_picture_of_a_date_is_drawn_again_when_it_changes(client: FlaskClient, granted: NqeProject, bearer: Actor) -> None:
    event = granted.programme[0]
    before = client.get(f"/agenda/{event.id}.png").headers["ETag"]
    folder = posters._settings().data / "pictures"
    services.cancel_date(bearer, granted.id, event.id, note="Canicule.")
    assert client.get(f"/agenda/{event.id}.png").headers["ETag"] != before
    assert len(list(folder.glob(f"date-{event.id}-*.png"))) == 1
    page = client.get(f"/agenda/{event.id}").text
    assert f'property="og:image" content="http://localhost:8000/agenda/{event.id}.png"' in page


def test_no_poster_of_what_is_not_decided(client: FlaskClient, draft: NqeProject) -> None:
    for path in ("", "/a4", "/carre.png"):
        assert client.get(f"/nqe/{draft.id}/affiches{path}").status_code == 404


def test_the_page_of_posters_offers_each(client: FlaskClient, granted: NqeProject) -> None:
    page = client.get(f"/nqe/{granted.id}/affiches").text
    assert all(f"/nqe/{granted.id}/affiches/{size}" in page for size in posters.SIZES)
    assert "/agenda/semaine?quartier=QN08001M" in page
    assert f"/nqe/{granted.id}/affiches" in client.get(f"/projets/{granted.id}", follow_redirects=True).text


# The list for other sites


def test_the_embedded_list_may_be_framed_and_nothing_else(client: FlaskClient, granted: NqeProject) -> None:
    with clock.at(SATURDAY):
        answer = client.get("/agenda/liste?commune=80021&accent=mer&fond=sombre&taille=grand")
    assert "La fête de l’eau" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers and "<script" not in answer.text
    for other in ("/agenda", "/agenda/integrer", f"/agenda/{granted.programme[0].id}"):
        headers = client.get(other).headers
        assert headers["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in headers["Content-Security-Policy"], other


def test_its_style_is_of_a_closed_list(client: FlaskClient, granted: NqeProject) -> None:
    page = client.get('/agenda/liste?accent="><script>&fond=url(x)&taille=99px').text
    assert 'class="embed brique auto normal"' in page


def test_the_snippet_is_made_from_the_choices(client: FlaskClient, granted: NqeProject) -> None:
    page = client.get("/agenda/integrer?commune=80021&accent=feuille").text
    assert "&lt;iframe src=&#34;http://localhost:8000/agenda/liste?commune=80021&amp;amp;accent=feuille" in page
    assert "Commune 80021" in page
