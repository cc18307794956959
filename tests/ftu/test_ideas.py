"""« Une idée pour mon quartier »: proposed in a minute on a phone, compared with those near it, listed and mapped."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from citizen import clock
from citizen.db import db
from citizen.ftu import listing
from citizen.ftu.models import Campaign, FtuProject
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.projects import supports
from citizen.projects.models import Attachment
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import campaign, ftu_draft, ftu_idea, works_quarter

WHERE = {"lat": "50.6170", "lon": "3.0170"}
TOLD = {"title": "Un banc à l’ombre", "summary": "Pour que les anciens se reposent.", "place": "devant l’école"}
SEND = {"etape": "envoyer", "link": "lives", "is_declared": "y"}


def photo() -> tuple[io.BytesIO, str]:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(body, "JPEG")
    body.seek(0)
    return body, "banc.jpg"


@pytest.fixture
def who(client: FlaskClient) -> Person:
    found = person()
    login(client, found)
    return found


def told(call: Campaign, **more: Any) -> dict[str, Any]:
    return TOLD | {"quarter": str(works_quarter().id)} | more


def test_two_short_pages_make_a_public_idea_at_one_address(client: FlaskClient, who: Person) -> None:
    call = campaign()
    address = f"/ftu/campagnes/{call.id}/idee"
    assert "Une minute suffit" in client.get(address).text
    page = client.post(address, data=told(call))
    assert page.status_code == 200
    assert "Jusqu’à trois photos" in page.text
    assert "Des idées proches" not in page.text
    answer = client.post(address, data=told(call, **SEND, photos=[photo(), photo()]))
    assert answer.status_code == 303
    made = db.session.scalars(db.select(FtuProject)).one()
    assert (made.state, made.is_public, made.bearer_link, made.call_id) == ("idea", True, "lives", call.id)
    assert [one.kind for one in made.attachments] == ["photo", "photo"]
    assert made.location == "inside"
    client.post("/deconnexion")
    page = client.get(f"/projets/{made.id}", follow_redirects=True).text
    assert "J’habite le quartier" in page
    assert "Pour que les anciens se reposent." in page
    assert who.name not in page


def test_an_error_keeps_every_word_on_the_page_where_it_was_typed(client: FlaskClient, who: Person) -> None:
    call = campaign()
    address = f"/ftu/campagnes/{call.id}/idee"
    refused = client.post(address, data=told(call, title=""))
    assert refused.status_code == 422
    assert "devant l’école" in refused.text
    undeclared = client.post(address, data=told(call, etape="envoyer", link="lives"))
    assert undeclared.status_code == 422
    assert "Jusqu’à trois photos" in undeclared.text
    assert "devant l’école" in undeclared.text
    unknown = client.post(address, data=told(call, **SEND | {"link": "owns"}))
    assert unknown.status_code == 422
    bad = client.post(address, data=told(call, **SEND, photos=[(io.BytesIO(b"%PDF-1.4"), "a.pdf")]))
    assert bad.status_code == 422
    many = client.post(address, data=told(call, **SEND, photos=[photo() for _rank in range(4)]))
    assert "3 photos au plus" in many.text
    back = client.post(address, data=told(call, **SEND, corriger="oui"))
    assert back.status_code == 200
    assert "Une minute suffit" in back.text
    assert "Un banc à l’ombre" in back.text
    assert db.session.scalar(db.select(db.func.count(FtuProject.id))) == 0
    assert db.session.scalar(db.select(db.func.count(Attachment.id))) == 0


def test_sent_twice_it_is_there_once(client: FlaskClient, who: Person) -> None:
    call = campaign()
    for _press in range(2):
        assert client.post(f"/ftu/campagnes/{call.id}/idee", data=told(call, **SEND, once="abc")).status_code == 303
    assert db.session.scalar(db.select(db.func.count(FtuProject.id))) == 1


def test_a_place_out_of_the_campaign_is_told_beside_the_quarter(client: FlaskClient, who: Person) -> None:
    here, there = works_quarter(), works_quarter("59350", "Lille", "QN05935M")
    call = campaign(perimeter_ids=(here.id,))
    answer = client.post(f"/ftu/campagnes/{call.id}/idee", data=told(call, **SEND | {"quarter": str(there.id)}))
    assert answer.status_code == 422
    assert db.session.scalar(db.select(db.func.count(FtuProject.id))) == 0


def test_a_closed_campaign_takes_no_idea_and_an_unverified_person_proposes_none(client: FlaskClient) -> None:
    call = campaign()
    login(client, person(verified=False))
    assert client.post(f"/ftu/campagnes/{call.id}/idee", data=told(call, **SEND)).status_code == 422
    with clock.at(clock.now() + timedelta(days=21)):
        login(client, person())
        assert client.get(f"/ftu/campagnes/{call.id}/idee").status_code == 409


def test_ideas_near_or_with_the_same_words_show_before_sending(client: FlaskClient, who: Person) -> None:
    call = campaign()
    near = ftu_idea(call, title="Une fontaine", lon=3.0171, lat=50.6171)
    far = ftu_idea(call, title="Des lampes", lon=3.0300, lat=50.6300)
    same = ftu_idea(call, title="Trois bancs au soleil", lon=3.0300, lat=50.6300)
    ftu_draft(call, title="Un banc caché", lon=3.0170, lat=50.6170)
    found = listing.similar(call.id, title="Un banc à l’ombre", lon=3.0170, lat=50.6170)
    assert [(one.idea.id, one.has_same_words) for one in found] == [(near.id, False), (same.id, True)]
    assert found[0].metres is not None
    assert 5 < found[0].metres < 20
    page = client.post(f"/ftu/campagnes/{call.id}/idee", data=told(call, **WHERE)).text
    assert "Des idées proches existent déjà" in page
    assert f"/projets/{near.id}/soutien" in page
    assert f"/projets/{same.id}/rejoindre" in page
    assert "Des lampes" not in page
    assert far.title not in client.get(f"/ftu/campagnes/{call.id}/semblables?titre=banc&lon=3.0170&lat=50.6170").text
    assert client.get(f"/ftu/campagnes/{call.id}/semblables?lon=abc&lat=").status_code == 200


def test_one_asks_to_join_and_the_bearer_reads_who(client: FlaskClient, who: Person) -> None:
    bearer = person()
    idea = ftu_idea(campaign(), actor(bearer))
    assert client.post(f"/projets/{idea.id}/rejoindre", data={"words": ""}).status_code == 422
    assert client.post(f"/projets/{idea.id}/rejoindre", data={"words": "Je sais peindre."}).status_code == 303
    letter = db.session.scalars(db.select(Letter).where(Letter.to == bearer.email)).one()
    assert "Je sais peindre." in letter.body
    assert who.email in letter.body


def test_the_list_and_its_map_say_the_same_under_the_same_filters(client: FlaskClient) -> None:
    call = campaign()
    first = ftu_idea(call, title="Un banc", lon=3.01, lat=50.61)
    second = ftu_idea(call, title="Une lampe", themes=["Sécurité des lieux"], lon=3.02, lat=50.62)
    ftu_draft(call, title="Un secret")
    supports.support(actor(person()), first.id)
    page = client.get(f"/ftu/campagnes/{call.id}/idees?tri=soutiens").text
    assert page.index("Un banc") < page.index("Une lampe")
    assert "1 soutien" in page
    assert "Un secret" not in page
    for asked, shown in (
        ("theme=S%C3%A9curit%C3%A9+des+lieux", {second.title}), (f"quartier={first.perimeter_id}", {first.title, second.title}),
        ("etat=idea", {first.title, second.title}), ("etat=granted", set()), ("quartier=x", set()),
    ):  # fmt: skip
        features = client.get(f"/ftu/campagnes/{call.id}/idees.geojson?{asked}").json["features"]
        assert {one["properties"]["title"] for one in features} == shown
        listed = client.get(f"/ftu/campagnes/{call.id}/idees?{asked}").text
        assert {title for title in (first.title, second.title) if f">{title}</a>" in listed} == shown


def test_more_ideas_ask_no_more_questions(app: Flask, client: FlaskClient) -> None:
    call = campaign()

    def asked() -> list[int]:
        found = []
        for path in ("idees", "idees.geojson", "semblables?titre=banc"):
            with counted() as statements:
                assert client.get(f"/ftu/campagnes/{call.id}/{path}").status_code == 200
            found.append(len(statements))
        return found

    ftu_idea(call, title="Un banc")
    before = asked()
    for number in range(4):
        supports.support(actor(person()), ftu_idea(call, title=f"Un banc {number}").id)
    assert asked() == before
