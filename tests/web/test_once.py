"""A form that adds a row, sent twice at once, adds one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.people.models import Person
from citizen.projects.models import Project
from tests import factories
from tests.conftest import NOON
from tests.pages import CheckedClient


def key_on(client: FlaskClient, address: str) -> str:
    field = BeautifulSoup(client.get(address).text, "html.parser").find("input", {"name": "once"})
    assert field is not None
    return str(field["value"])


def test_sent_twice_it_adds_once_and_a_refusal_uses_nothing_up(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_draft()
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    address = f"/projets/{project.id}/equipe"
    person = {"once": key_on(client, address), "name": "", "household": "4"}
    assert client.post(address, data=person).status_code == 422
    for _time in range(2):
        assert client.post(address, data=person | {"name": "Inès"}).status_code == 303
    assert [one.name for one in db.session.get_one(Project, project.id).team].count("Inès") == 1


@pytest.mark.slow
def test_two_posts_at_the_same_moment_add_one_row(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_draft()
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    address, cookie = f"/projets/{project.id}/groupe", client.get_cookie("citizen")
    assert cookie
    sent = {"once": key_on(client, address), "label": "Coller les affiches", "member": ""}

    def post(_rank: int) -> int:
        browser = CheckedClient(app)
        browser.set_cookie("citizen", cookie.value)
        with clock.at(NOON), app.app_context():
            return browser.post(address, data=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, range(4))) == {303}
    assert len(db.session.get_one(Project, project.id).tasks) == 1
