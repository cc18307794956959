"""What everybody sees alike: made once, not sent twice, never somebody's."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.api import caching
from citizen.api.caching import BLUEPRINTS, SHARED, SharedPages
from citizen.db import transaction
from citizen.web.access import access_of
from tests import factories
from tests.counting import counted
from tests.region.seeding import Region

PAGES = [
    "/", "/initiatives", "/initiatives/carte", "/initiatives?dispositif=nqe", "/communes/59360", "/quartiers/QN05946M", "/tableau-de-bord",
    "/projets", "/fonds/1", "/agenda", "/voter", "/resultats", "/aide", "/api/v1", "/api/v1/projets",
]  # fmt: skip


@pytest.fixture
def memory(app: Flask) -> Iterator[SharedPages]:
    """The pages are kept, as on a site, and for longer than the test."""
    shared: SharedPages = app.extensions["shared_pages"]
    shared.seconds = 3_600
    yield shared
    shared.seconds = 0
    shared.kept.clear()


def test_every_page_that_is_shared_exists_and_is_for_everybody(app: Flask) -> None:
    assert {name for name in SHARED if not (mark := access_of(app, name)) or not mark.is_open} == set()
    assert set(app.blueprints) >= BLUEPRINTS


@pytest.mark.parametrize("address", PAGES)
def test_a_second_visit_is_not_sent_the_page_again(client: FlaskClient, place: Region, address: str) -> None:
    place.project()
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(first.headers["Vary"].split(", "))
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    place.project("Une autre")
    assert client.get("/initiatives", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_page_kept_asks_the_database_nothing(client: FlaskClient, place: Region, memory: SharedPages, address: str) -> None:
    first = client.get(address)
    with counted() as statements:
        again = client.get(address)
    assert (statements, again.data) == ([], first.data)
    assert {**again.headers, "Date": ""} == {**first.headers, "Date": ""}
    assert client.head(address).data == b""
    assert client.head(address).headers["ETag"] == first.headers["ETag"]


def test_a_change_shows_at_once(client: FlaskClient, place: Region, memory: SharedPages) -> None:
    project = place.project("Un été en fanfare")
    assert "Un été en fanfare" in client.get("/initiatives").text
    with transaction():
        project.is_public = False
    assert "Un été en fanfare" not in client.get("/initiatives").text


def test_a_page_read_while_something_changed_is_not_kept_for_the_next(
    client: FlaskClient, place: Region, memory: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from citizen.region import figures

    real = figures.totals

    def meanwhile() -> object:
        monkeypatch.setattr(figures, "totals", real)
        found = real()
        place.project("Arrivé pendant la lecture")
        return found

    monkeypatch.setattr(figures, "totals", meanwhile)
    client.get("/")
    with counted() as statements:
        client.get("/")
    assert statements


def test_after_a_few_seconds_what_another_process_did_shows(
    client: FlaskClient, place: Region, memory: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/initiatives")
    now = caching.time.monotonic() + 3_600
    monkeypatch.setattr(caching.time, "monotonic", lambda: now)
    with counted() as statements:
        client.get("/initiatives")
    assert statements


@pytest.mark.parametrize("is_first", [True, False])
def test_a_visitor_is_never_given_the_page_of_somebody_nor_the_contrary(
    app: Flask, place: Region, memory: SharedPages, is_first: bool
) -> None:
    visitor, browser = app.test_client(), app.test_client()
    factories.login(browser, factories.person(name="Amina Secrète"))
    for who in (visitor, browser, visitor, browser) if is_first else (browser, visitor, browser, visitor):
        answer = who.get("/initiatives")
        assert ("Se déconnecter" in answer.text) == (who is browser)
        assert (answer.headers["Cache-Control"] == "no-store") == (who is browser)
        assert ("ETag" in answer.headers) == (who is visitor)


def test_the_etag_of_the_visitor_is_worth_nothing_to_somebody(app: Flask, place: Region, memory: SharedPages) -> None:
    tag, browser = app.test_client().get("/initiatives").headers["ETag"], app.test_client()
    factories.login(browser, factories.person())
    assert browser.get("/initiatives", headers={"If-None-Match": tag}).status_code == 200


def test_a_message_is_read_by_the_one_it_is_for(app: Flask, place: Region, memory: SharedPages) -> None:
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_flashes"] = [("success", "Rien que pour vous")]
    answer = browser.get("/initiatives")
    assert "Rien que pour vous" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Rien que pour vous" not in app.test_client().get("/initiatives").text
    assert "Rien que pour vous" not in browser.get("/initiatives").text


def test_a_page_that_starts_a_session_is_not_shared_even_when_listed(
    app: Flask, client: FlaskClient, place: Region, memory: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setattr(caching, "SHARED", SHARED | {"people.sign_in"})
    answer = client.get("/connexion")
    assert "csrf_token" in answer.text
    assert "Set-Cookie" in answer.headers
    assert "ETag" not in answer.headers
    assert not memory.kept


def test_what_is_not_a_whole_page_is_not_kept(client: FlaskClient, place: Region, memory: SharedPages) -> None:
    for address in (
        "/initiatives/rien",
        "/communes/99999",
        f"/projets/{place.project().id}",
        "/mon-espace",
        "/api/v1/projets?x=1",
    ):
        client.get(address)
    client.post("/initiatives")
    assert not memory.kept


def test_each_language_host_and_encoding_has_its_own(
    client: FlaskClient, place: Region, memory: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "languages", ["fr", "nl"])
    asked = [
        {}, {"Accept-Language": "nl"}, {"Accept-Language": "fr-FR,fr;q=0.9"}, {"Host": "ailleurs.example"}, {"Accept-Encoding": "br"},
    ]  # fmt: skip
    for headers in asked:
        client.get("/initiatives", headers=headers)
    assert len(memory.kept) == 4, "French is French, however it is asked"


def test_what_is_kept_is_bounded(
    client: FlaskClient, place: Region, memory: SharedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "MOST", 3)
    for number in range(9):
        client.get(f"/initiatives?q={number}")
    assert [key[-2] for key in memory.kept] == ["q=6", "q=7", "q=8"]
    monkeypatch.setattr(caching, "LARGEST", 10)
    client.get("/initiatives?q=9")
    assert len(memory.kept) == 3


def test_programs_are_nobody_even_with_a_cookie(client: FlaskClient, place: Region) -> None:
    factories.login(client, factories.person())
    with counted() as statements:
        answer = client.get("/api/v1/projets")
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
    assert not any("sign_in" in statement for statement in statements)
