"""What every form and every list refuse, whatever the page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen.db import db
from citizen.projects.models import Project
from citizen.web.forms import clean
from tests import factories


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u200b", "\x00"])
def test_blanks_fill_nothing(app: Flask, client: FlaskClient, blank: str) -> None:
    factories.login(client, factories.person())
    answer = client.post("/proposer/idee", data={"title": blank, "summary": "Un banc au soleil.", "quarter": ""})
    assert answer.status_code == 422
    assert "Un banc au soleil." in answer.text
    assert db.session.scalar(select(func.count()).select_from(Project)) == 0


@pytest.mark.parametrize("quarter", ["59360:abc", "59360:" + "9" * 5000, "::", "x"])
def test_a_place_that_is_not_in_the_list_is_refused(client: FlaskClient, quarter: str) -> None:
    factories.login(client, factories.person())
    answer = client.post(
        "/proposer/idee?project_id=1&_external=1", data={"title": "Un banc", "summary": "Ici.", "quarter": quarter}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["endpoint=x", "_external=1&_scheme=javascript", "_method=POST", "page=" + "9" * 5000])
def test_odd_names_in_the_address_change_nothing(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/projets?{query}")
    assert answer.status_code == 200
    assert "javascript:" not in answer.text


def test_marks_that_turn_the_reading_round_are_dropped() -> None:
    assert clean("x\u202ey\u2066z\x00\r\nfin") == "xyz\nfin"


def test_who_lost_the_session_comes_back_to_the_page(client: FlaskClient) -> None:
    answer = client.post("/proposer/idee", data={"title": "Un banc"})
    assert answer.status_code == 303
    assert answer.location.endswith("suite=/proposer/idee")
