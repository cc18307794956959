"""The promises written down for the whole region are those of each file's own calendar; groups tell numbers, never names."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.pic import queries
from citizen.projects import tasks
from citizen.projects.models import Project
from citizen.projects.steering_models import TeamCount
from citizen.region import recounting
from citizen.region.charts import PROMISES
from citizen.region.comparison import Scope
from citizen.region.statistics import Reading
from citizen.region.steering_models import PromiseDay
from citizen.region.territory import Territory
from tests.counting import counted
from tests.factories import actor, login, manager_of, person, pic_granted, pic_heard, pic_lodged, pic_session
from tests.rooms import decide


def read() -> dict[str, tuple[int, int]]:
    db.session.expire_all()
    return Reading(Scope(Territory(), 2026, 2027)).promises


def public(slug: str) -> dict[str, tuple[int, int]]:
    db.session.expire_all()
    fund = queries.fund_at(slug)
    assert fund is not None
    words = {label: name for name, label in PROMISES.items()}
    return {words[one.label]: (one.kept, one.all) for one in queries.promises_kept(fund)}


def test_they_are_those_of_the_fund_s_own_counter_as_days_pass(app: Flask) -> None:
    early = pic_granted()
    slug = early.call.fund.slug
    late = pic_heard(early.call, pic_session(early.call.fund, days=45))
    decide(late, "reject", cents=None, local_need="not_met")
    for days in (0, 27, 50, 200):
        with clock.at(clock.now() + timedelta(days)):
            if days == 27:
                ledger.pay(manager_of(early.call.fund), early.call_id, early.id, 400_00, reference="Virement 1")
            recounting.recount()
            assert read() == public(slug), days
    assert set(read()) == {"answered", "paid"}


def test_a_broken_promise_is_counted_without_counting_again(app: Flask) -> None:
    pic_lodged()
    recounting.recount()
    assert read() == {}
    with clock.at(clock.now() + timedelta(90)):
        assert read() == {"answered": (0, 1)}


def test_only_what_moved_is_looked_at_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "OVERLAP", 0)
    pic_granted()
    recounting.recount()
    with counted() as statements:
        recounting.recount()
    assert not [one for one in statements if "pic_project" in one]
    pic_lodged()
    recounting.recount()
    assert len(set(db.session.scalars(select(PromiseDay.project_id)))) == 2


def told(project: Project) -> tuple[int, int | None, int | None] | None:
    db.session.expire_all()
    found = db.session.get(TeamCount, project.id)
    return found and (found.people, found.women, found.young)


def test_a_group_tells_its_numbers_corrects_them_and_takes_them_back(client: FlaskClient, app: Flask) -> None:
    project = pic_lodged()
    login(client, db.session.get_one(type(project.bearer), project.bearer_id))
    page = f"/projets/{project.id}/groupe/en-nombres"
    assert page in client.get(f"/projets/{project.id}/groupe").text
    assert client.post(page, data={"people": "5", "women": "3", "young": ""}).status_code == 303
    assert told(project) == (5, 3, None)
    assert 'value="3"' in client.get(page).text
    assert client.post(page, data={"people": "5", "women": "0", "young": "2"}).status_code == 303
    assert told(project) == (5, 0, 2)
    client.post(page, data={"people": "5", "women": "", "young": ""})
    assert told(project) is None


@pytest.mark.parametrize(
    ("people", "women", "words"),
    [("2", "3", "plus de monde ici"), ("0", "", "Un nombre entre 1 et"), ("9" * 30, "1", "trop grand"), ("x", "1", ""), ("2", "-1", "Un nombre, ou rien")],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused_beside_the_field(
    client: FlaskClient, app: Flask, people: str, women: str, words: str
) -> None:
    project = pic_lodged()
    login(client, db.session.get_one(type(project.bearer), project.bearer_id))
    answer = client.post(f"/projets/{project.id}/groupe/en-nombres", data={"people": people, "women": women})
    assert answer.status_code == 422
    assert words in answer.text
    assert told(project) is None


def test_nobody_else_tells_them(app: Flask) -> None:
    project = pic_lodged()
    for other in (person(), person(duties=[(Role.FUND_MANAGER, project.call.fund.on)])):
        with pytest.raises(Forbidden):
            tasks.tell_people(actor(other), project.id, people=3, women=1, young=None)
