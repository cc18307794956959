"""Feeds and frames: what they tell, to whom, and that they only tell what is public."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db, transaction
from citizen.projects.models import News, Project
from citizen.projects.team_models import Hiding
from tests.region import seeding
from tests.region.seeding import Region

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/initiatives.atom", "/communes/59360.atom", "/quartiers/QN05946M.atom", "/fonds/1.atom"]
FRAMES = ["/integrer/initiatives", "/integrer/carte"]


def entries(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """What a reader finds in each entry."""
    answer = client.get(address)
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  our own
    assert all(feed.findtext(ATOM + name) for name in ("id", "title", "updated"))
    return [
        {name: entry.findtext(ATOM + name) or "" for name in ("id", "title", "updated", "summary")}
        | {"url": entry.find(ATOM + "link").get("href")}  # type: ignore[union-attr]
        for entry in feed.findall(ATOM + "entry")
    ]


def tell(project: Project, text: str) -> int:
    with transaction():
        news = News(project_id=project.id, text=text, author_id=project.bearer_id, at=clock.now())
        db.session.add(news)
    return news.id


def test_a_feed_tells_what_is_published_and_where(client: FlaskClient, place: Region) -> None:
    project = place.project("Fanfare & vélo <1>")
    for address in FEEDS[:3]:
        (told,) = entries(client, address)
        assert told["title"].startswith("Fanfare & vélo <1>")
        assert client.get(told["url"].removeprefix("http://localhost:8000"), follow_redirects=True).status_code == 200
        assert told["id"].startswith("tag:localhost,2024:")
    with transaction():
        project.is_public = False
    assert [entries(client, address) for address in FEEDS[:3]] == [[], [], []]


def test_an_idea_of_the_quarter_is_told_there_and_not_among_what_is_supported(client: FlaskClient, place: Region) -> None:
    place.project("Un dossier déposé", state="submitted")
    assert entries(client, "/initiatives.atom") == []
    assert [one["title"] for one in entries(client, "/quartiers/QN05946M.atom")] == ["Un dossier déposé (Déposé)"]


def test_the_news_of_a_fund_leave_out_what_is_hidden(client: FlaskClient, place: Region) -> None:
    project = place.project()
    tell(project, "On a répété samedi. \x0b")
    hidden = tell(project, "Insultes")
    with transaction():
        values = {"reason": "Insultes.", "hidden_at": clock.now(), "project_id": project.id}
        db.session.add(Hiding(news_id=hidden, **values))
    fund = place.nqe.fund_id
    assert [one["summary"].strip() for one in entries(client, f"/fonds/{fund}.atom")] == ["On a répété samedi."]
    assert entries(client, f"/fonds/{place.ftu.fund_id}.atom") == []


def test_an_unknown_place_has_no_feed(client: FlaskClient, place: Region) -> None:
    for address in ("/communes/99999.atom", "/quartiers/%00.atom", "/quartiers/%FF.atom", "/fonds/999.atom"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", FEEDS)
def test_a_page_names_its_feed(client: FlaskClient, place: Region, address: str) -> None:
    assert f'href="{address}"' in client.get(address.removesuffix(".atom")).text


@pytest.mark.parametrize("address", FEEDS + FRAMES)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, place: Region, address: str) -> None:
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", FEEDS + FRAMES)
def test_nothing_asks_more_of_the_database_for_more_projects(
    place: Region, queries: Callable[[str], int], address: str
) -> None:
    list(seeding.many(place, 3))
    few = queries(address)
    list(seeding.many(place, 30))
    assert queries(address) == few <= 4


@pytest.mark.parametrize("address", FRAMES)
def test_only_the_frames_may_be_framed_and_they_know_nobody(client: FlaskClient, place: Region, address: str) -> None:
    place.project()
    answer = client.get(f"{address}?accent=mer&fond=sombre")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert 'class="embed mer sombre normal"' in answer.text
    assert "<script" not in answer.text
    assert 'class="embed brique auto normal"' in client.get(f'{address}?accent="><script>').text
    for other in ("/integrer", "/initiatives"):
        assert client.get(other).headers["X-Frame-Options"] == "DENY"


def test_a_frame_keeps_the_filters_and_leads_to_the_stories(client: FlaskClient, place: Region) -> None:
    number = place.project("Ici").id
    place.project("Là", commune_code="80021", perimeter_id=None)
    text = client.get("/integrer/initiatives?commune=59360").text
    assert f'href="http://localhost:8000/initiatives/{number}" target="_blank"' in text
    assert "Là" not in text
    drawn = client.get("/integrer/carte").text
    assert "Les Oliveaux" in drawn
    assert "<circle" in drawn


def test_what_is_copied_is_what_was_composed(client: FlaskClient, place: Region) -> None:
    place.project()
    page = client.get("/integrer?forme=carte&commune=59360&accent=feuille&autre=x").text
    assert "http://localhost:8000/integrer/carte?commune=59360&amp;amp;accent=feuille" in page
    assert 'href="/communes/59360.atom"' in page
