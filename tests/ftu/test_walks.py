"""Walks: opened by the commune or an association, filled on a phone, public once closed; ideas find a bearer, upkeep its answer."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from citizen.clock import at as at_moment
from citizen.clock import now
from citizen.db import db
from citizen.ftu import walks
from citizen.ftu.idea_models import Walk, WalkPoint
from citizen.ftu.models import FtuProject
from citizen.ftu.walks import Seen
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.people.links import INVITATION
from citizen.people.models import Person
from tests.counting import counted
from tests.factories import actor, login, organisation, person
from tests.works import campaign, works_officer, works_quarter

IDEA = Seen("idea", "Un banc manque à l’arrêt de bus.", "l’arrêt du marché", 3.017, 50.617)
UPKEEP = Seen("upkeep", "=La grille est cassée.", "le square")


def photo() -> io.BytesIO:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(body, "JPEG")
    body.seek(0)
    return body


def opened(officer: Actor | None = None, *seen: Seen, is_closed: bool = True, **more: Any) -> Walk:
    """A walk of the commune with these points."""
    officer = officer or works_officer()
    fund_id = campaign(officer).fund_id
    walk = walks.open_walk(
        officer,
        fund_id,
        perimeter_id=works_quarter().id,
        title="Marche du soir",
        held_on=now().date(),
        people="Huit habitantes",
        **more,
    )
    for one in seen:
        walks.add_point(officer, walk.id, one, photo=photo(), filename="vu.jpg")
    if seen and is_closed:
        walks.close(officer, walk.id)
    return walk


def officer() -> Person:
    return person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")])


def test_a_walk_from_its_opening_to_its_answers_by_the_pages(client: FlaskClient) -> None:
    keeper = officer()
    fund_id, quarter = campaign(actor(keeper)).fund_id, works_quarter()
    login(client, keeper)
    told = {"title": "Marche du soir", "quarter": str(quarter.id), "held_on": "2027-03-10", "people": "Huit habitantes"}
    assert client.post(f"/ftu/fonds/{fund_id}/marches/ouvrir", data=told | {"title": ""}).status_code == 422
    answer = client.post(f"/ftu/fonds/{fund_id}/marches/ouvrir", data=told)
    number = db.session.scalars(db.select(Walk.id)).one()
    assert answer.location == f"/ftu/marches/{number}/point"
    assert client.post(f"/ftu/marches/{number}/clore").status_code == 409
    first = {
        "sentence": "Un banc manque.",
        "kind": "idea",
        "place": "l’arrêt",
        "lat": "50.617",
        "lon": "3.017",
        "photo": (photo(), "vu.jpg"),
    }
    assert client.post(f"/ftu/marches/{number}/point", data=first).status_code == 303
    second = {"sentence": "La grille est cassée.", "kind": "upkeep", "place": "le square", "once": "abc"}
    for _press in range(2):
        assert client.post(f"/ftu/marches/{number}/point", data=second).status_code == 303
    bad = client.post(f"/ftu/marches/{number}/point", data=second | {"kind": "", "once": "abd"})
    assert bad.status_code == 422
    assert "La grille est cassée." in bad.text
    client.post("/deconnexion")
    for path in ("", "/imprimer", "/points.csv", "/points.geojson", "/points/1/photo"):
        assert client.get(f"/ftu/marches/{number}{path}").status_code == 404, "not before it is closed"
    login(client, keeper)
    assert client.post(f"/ftu/marches/{number}/clore").status_code == 303
    assert "Voirie" in client.get(f"/ftu/marches/{number}/points/2").text
    sent = {"service": "Voirie", "email": "voirie@exemple.fr"}
    assert client.post(f"/ftu/marches/{number}/points/2", data=sent).status_code == 303
    letter = db.session.scalars(db.select(Letter).where(Letter.to == "voirie@exemple.fr")).one()
    assert "La grille est cassée." in letter.body
    done = {"answer": "Réparée le 12.", "is_done": "y"}
    assert client.post(f"/ftu/marches/{number}/points/2", data=done).status_code == 303
    assert client.post(f"/ftu/marches/{number}/points/1", data={"email": ""}).status_code == 303
    made = db.session.scalars(db.select(FtuProject)).one()
    assert (made.state, made.bearer_id, made.need, [one.kind for one in made.attachments]) == (
        "draft", keeper.id, "Un banc manque.", ["photo"],
    )  # fmt: skip
    client.post("/deconnexion")
    page = client.get(f"/ftu/marches/{number}").text
    assert "Réparée le 12." in page
    assert "voirie@exemple.fr" not in page
    assert f"/projets/{made.id}" not in page, "a draft is not shown"
    assert client.get(f"/ftu/marches/{number}/imprimer").status_code == 200
    assert client.get(f"/ftu/marches/{number}/points/1/photo?vignette=1").status_code == 200
    assert client.get(f"/ftu/marches/{number}/points.geojson").json["features"][0]["geometry"]["coordinates"] == [3.017, 50.617]
    assert "Marche du soir" in client.get(f"/ftu/fonds/{fund_id}/marches").text


def test_the_table_never_runs_a_formula(client: FlaskClient) -> None:
    walk = opened(None, UPKEEP)
    assert "'=La grille" in client.get(f"/ftu/marches/{walk.id}/points.csv").text


def test_an_idea_is_offered_by_a_letter_and_taken_once(client: FlaskClient) -> None:
    keeper, taker = works_officer(), person()
    walk = opened(keeper, IDEA)
    number = walk.id
    with pytest.raises(Invalid):
        walks.offer(keeper, number, 1, email="personne")
    walks.offer(keeper, number, 1, email=taker.email)
    letter = db.session.scalars(db.select(Letter).where(Letter.to == taker.email)).one()
    address = re.findall(r"/ftu/marches/idee/\S+", letter.body)[0]
    assert client.get(address).status_code == 303, "one signs in first"
    login(client, taker)
    assert "Je porte cette idée" in client.get(address).text
    with at_moment(now() + INVITATION * 1.1):
        login(client, taker)
        assert client.get(address).status_code == 410
    login(client, taker)
    assert client.post(address).status_code == 303
    made = db.session.scalars(db.select(FtuProject)).one()
    assert (made.bearer_id, made.place, made.lon) == (taker.id, "l’arrêt du marché", 3.017)
    assert client.post(address).status_code == 410
    assert db.session.get_one(WalkPoint, (number, 1)).project_id == made.id
    with pytest.raises(NotNow):
        walks.offer(keeper, number, 1)
    assert client.get("/ftu/marches/idee/nimporte").status_code == 410


def test_an_association_walks_too_and_strangers_do_not(app: Flask) -> None:
    walker = actor(person())
    association = organisation(walker, kind="association")
    walker = actor(db.session.get_one(Person, walker.person_id))
    fund_id, quarter = campaign().fund_id, works_quarter()
    walk = walks.open_walk(
        walker,
        fund_id,
        perimeter_id=quarter.id,
        title="Marche",
        held_on=now().date(),
        people="",
        organisation_id=association.id,
    )
    walks.add_point(walker, walk.id, UPKEEP)
    stranger = actor(person())
    with pytest.raises(Forbidden):
        walks.add_point(stranger, walk.id, IDEA)
    with pytest.raises(Forbidden):
        walks.open_walk(stranger, fund_id, perimeter_id=quarter.id, title="Marche", held_on=now().date(), people="")
    assert walks.of_fund(stranger, walk.fund) == []
    walks.add_point(walker, walk.id, IDEA)
    walks.remove_point(walker, walk.id, 2)
    walks.close(walker, walk.id)
    assert [one.number for one in walk.points] == [1]
    with pytest.raises(NotNow):
        walks.add_point(walker, walk.id, IDEA)
    with pytest.raises(Forbidden):
        walks.send(walker, walk.id, 1, service="Voirie")
    with pytest.raises(NotNow):
        walks.settle(works_officer(), walk.id, 1, answer="Fait.", is_done=True)
    walks.send(works_officer(), walk.id, 1, service="Voirie")
    assert walks.settle(works_officer(), walk.id, 1, answer="Fait.", is_done=True).done_at


def test_a_longer_walk_asks_no_more_questions(client: FlaskClient) -> None:
    asked = []
    for points in ((IDEA, UPKEEP), (IDEA, UPKEEP) * 3):
        walk = opened(None, *points)
        for point in walk.points:
            if point.kind == "idea":
                walks.offer(actor(officer()), walk.id, point.number)
        address = f"/ftu/marches/{walk.id}"
        db.session.expunge_all()
        with counted() as statements:
            assert client.get(address).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
