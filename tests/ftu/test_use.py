"""How a place is used: asked once at six and twelve months, answered once, counted without names."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.ftu import polling, showing, works
from citizen.ftu.milestones import months_after
from citizen.ftu.models import FtuProject
from citizen.ftu.works import Told
from citizen.ftu.works_models import UseAnswer, UseLink, UsePoll, WorksMove
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow
from citizen.projects import services as projects
from tests.factories import actor, person
from tests.ftu.test_works import DAY, days, letters, site


def opened(answers: int = 0) -> tuple[Actor, FtuProject, date]:
    """A place opened today, followed by so many neighbours."""
    officer, made = site()
    for _rank in range(answers):
        projects.follow(actor(person()), made.id, is_following=True)
    works.follow(officer, made.id, days(opening=Told(clock.today(), clock.today())))
    return officer, made, clock.today()


def links() -> list[str]:
    return [re.findall(r"/ftu/usage/(\S+)", one.body)[0] for one in letters("mois après")]


def test_those_who_follow_are_asked_once_at_six_and_twelve_months(app: Flask) -> None:
    _officer, _made, day = opened(2)
    with clock.at(clock.now() + (months_after(day, 6) - day) - DAY):
        assert polling.ask_all() == 0
    for months in (6, 12):
        with clock.at(clock.now() + (months_after(day, months) - day)):
            assert polling.ask_all() == 3
            assert polling.ask_all() == 0
    assert db.session.query(UsePoll).count() == 2
    assert all(one.is_untraced for one in letters("mois après"))


def test_an_answer_counts_once_and_says_nothing_of_who(app: Flask, client: FlaskClient) -> None:
    _officer, _made, day = opened(1)
    told = {"used": "often", "works": "yes", "mend": "Un banc grince."}
    with clock.at(clock.now() + (months_after(day, 6) - day)):
        polling.ask_all()
        first, second = links()
        assert "Utilisez-vous ce lieu" in client.get(f"/ftu/usage/{first}").text
        assert client.post(f"/ftu/usage/{first}", data={"used": "often"}).status_code == 422
        assert "Merci" in client.post(f"/ftu/usage/{first}", data=told).text
        assert client.post(f"/ftu/usage/{first}", data=told).status_code == 409
        assert client.get(f"/ftu/usage/{first}").status_code == 410
        assert client.get("/ftu/usage/inconnu").status_code == 410
        assert db.session.query(UseAnswer).count() == 1
        assert db.session.query(UseLink).count() == 1, "a link is forgotten with its answer"
    columns = {column.name for column in UseAnswer.__table__.columns} | {column.name for column in UseLink.__table__.columns}
    assert not {name for name in columns if "person" in name or name.endswith("_at")}
    with clock.at(clock.now() + (months_after(day, 6) - day) + 31 * DAY):
        assert client.get(f"/ftu/usage/{second}").status_code == 410
        polling.ask_all()
        assert db.session.query(UseLink).count() == 0


@pytest.mark.parametrize(("count", "has_figures"), [(10, False), (11, True)])
def test_few_answers_give_no_figure(app: Flask, count: int, has_figures: bool) -> None:
    officer, made, day = opened(count - 1)
    with clock.at(clock.now() + (months_after(day, 6) - day)):
        polling.ask_all()
        for rank, token in enumerate(links()):
            polling.answer(token, used="often" if rank else "no", works="yes", mend="")
        use = polling.uses_of(db.session.get_one(FtuProject, made.id, populate_existing=True))[0]
        assert use.used is None, "nothing while it is open"
        polling.reply(officer, made.id, text="Nous réparons le banc.")
        use = polling.uses_of(db.session.get_one(FtuProject, made.id, populate_existing=True))[0]
        assert (use.used is not None) is has_figures
        assert bool(re.search(r"\d", showing.use_words(use))) is has_figures
        with pytest.raises(NotNow):
            polling.reply(officer, made.id, text="Encore.")
    assert "Nous réparons le banc." in db.session.scalars(db.select(WorksMove.text).order_by(WorksMove.id.desc())).first()
