"""The committee's room over HTTP."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.committees.models import AgendaItem, Session
from citizen.db import db, transaction
from citizen.kernel.access import Role
from citizen.projects.models import TeamMember
from tests.factories import in_session, login, person, pic_admissible, pic_fund, pic_heard, pic_inscribed, pic_session

SESSION = {"held_on": "2027-04-02", "held_time": "18:30", "place": "Maison des associations"}


def test_the_manager_sets_a_session_and_inscribes_a_project(client: FlaskClient) -> None:
    project = pic_admissible()
    room = f"/comites/{project.call.fund_id}"
    login(client, person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    assert project.title in client.get(room).text
    answer = client.post(room, data=SESSION)
    assert answer.status_code == 303
    session = db.session.query(Session).one()
    assert session.held_at.isoformat() == "2027-04-02T16:30:00+00:00"
    assert "2 avril 2027 à 18:30" in client.get(f"/comites/inscrire/{project.id}").text
    answer = client.post(f"/comites/inscrire/{project.id}", data={"session": str(session.id)})
    assert answer.location == f"/comites/seances/{session.id}"
    assert project.title in client.get(answer.location).text


def test_a_member_reads_the_room_but_sets_nothing(client: FlaskClient) -> None:
    fund = pic_fund()
    login(client, person(duties=[(Role.COMMITTEE_MEMBER, fund.on)]))
    page = client.get(f"/comites/{fund.id}")
    assert page.status_code == 200
    assert "Fixer une séance" not in page.text
    assert client.post(f"/comites/{fund.id}", data=SESSION).status_code == 403


def test_others_stay_out_of_the_room(client: FlaskClient) -> None:
    project = pic_inscribed()
    session = project.waiting.session_id
    pages = (f"/comites/{project.call.fund_id}", f"/comites/seances/{session}")
    assert all("/connexion" in client.get(page).location for page in pages)
    login(client, person(duties=[(Role.FUND_MANAGER, pic_fund().on)]))
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(f"/comites/seances/{session}/clore").status_code == 403
    assert client.post(f"/comites/passages/{project.waiting.id}/entendu").status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"held_on": ""}, {"held_on": "demain"}, {"held_on": "2020-01-01"}, {"held_on": "9999-12-31"}, {"held_time": "25:00"},
        {"held_time": ""}, {"place": ""}, {"place": "x" * 10_000}, {"held_on": "\x00"},
    ],
)  # fmt: skip
def test_a_bad_session_is_said_and_nothing_is_lost(client: FlaskClient, change: dict[str, str]) -> None:
    fund = pic_fund()
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))
    answer = client.post(f"/comites/{fund.id}", data=SESSION | change)
    assert answer.status_code == 422
    assert "Il reste quelque chose à corriger" in answer.text
    if "place" not in change:
        assert SESSION["place"] in answer.text
    assert db.session.query(Session).count() == 0


@pytest.mark.parametrize("typed", ["", "0", "-1", "999999", "99999999999999999999", "x", "1; DROP TABLE"])
def test_a_session_that_is_not_offered_is_refused(client: FlaskClient, typed: str) -> None:
    project = pic_admissible()
    pic_session(project.call.fund)
    login(client, person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    assert client.post(f"/comites/inscrire/{project.id}", data={"session": typed}).status_code == 422
    assert db.session.query(AgendaItem).count() == 0


def test_a_session_too_soon_is_refused_with_the_reason(client: FlaskClient) -> None:
    project = pic_admissible()
    soon = pic_session(project.call.fund, days=5)
    pic_session(project.call.fund, days=20)
    login(client, person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    answer = client.post(f"/comites/inscrire/{project.id}", data={"session": str(soon.id)})
    assert answer.status_code == 422
    assert "15 jours entre le dépôt et la séance" in answer.text


def test_without_a_session_to_come_the_page_says_where_to_set_one(client: FlaskClient) -> None:
    project = pic_admissible()
    login(client, person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    assert "Fixez d’abord une séance." in client.get(f"/comites/inscrire/{project.id}").text


def test_a_member_of_the_team_sees_that_the_item_is_not_theirs_to_judge(client: FlaskClient) -> None:
    project = pic_heard()
    sitting = person(duties=[(Role.COMMITTEE_MEMBER, project.call.fund.on)])
    with transaction():
        db.session.add(TeamMember(project_id=project.id, name="Moi aussi", household=9, person_id=sitting.id))
    with in_session(project):
        login(client, sitting)
        text = client.get(f"/comites/seances/{project.waiting.session_id}").text
    assert "vous ne participez pas à cette décision" in text
    assert f"/comites/passages/{project.waiting.id}" not in text


def test_addresses_of_nothing_are_not_found(app: Flask, client: FlaskClient) -> None:
    login(client, person(duties=[(Role.FUND_MANAGER, "fund:99999")]))
    for address in (
        "/comites/99999",
        "/comites/seances/99999",
        "/comites/inscrire/99999",
        f"/comites/{2**31}",
        f"/comites/seances/{10**20}",
    ):
        assert client.get(address).status_code == 404
    for address in ("/comites/seances/99999/clore", "/comites/passages/99999/entendu"):
        assert client.post(address).status_code == 404
