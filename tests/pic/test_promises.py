"""What a fund promised and kept, each file by its own rules, and whose days its waiting was."""

from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.funds import services as funds
from citizen.pic import queries
from citizen.projects import services as projects
from tests.factories import (
    actor,
    manager_of,
    person,
    pic_admissible,
    pic_call,
    pic_fund,
    pic_granted,
    pic_heard,
    pic_lodged,
    pic_session,
)
from tests.rooms import decide


def later(days: int) -> object:
    return clock.at(clock.now() + timedelta(days))


def counted(slug: str) -> dict[str, tuple[int, int]]:
    db.session.expire_all()
    fund = queries.fund_at(slug)
    assert fund is not None
    return {one.label: (one.kept, one.all) for one in queries.promises_kept(fund)}


def test_answers_payments_and_reports_are_counted_once_their_day_has_come(app: Flask) -> None:
    early = pic_granted()
    slug = early.call.fund.slug
    assert counted(slug) == {"Réponse du comité": (1, 1)}
    late = pic_heard(early.call, pic_session(early.call.fund, days=45))
    decide(late, "reject", cents=None, local_need="not_met")
    with later(50):
        assert counted(slug) == {"Réponse du comité": (1, 2), "Premier versement": (0, 1)}
    with later(27):
        ledger.pay(manager_of(early.call.fund), early.call_id, early.id, 400_00, reference="Virement 1")
    with later(50):
        assert counted(slug)["Premier versement"] == (1, 1)
    with later(200):
        assert counted(slug)["Bilan de l’équipe"] == (0, 1)


def test_a_file_that_nobody_answered_is_a_promise_broken(app: Flask) -> None:
    project = pic_lodged()
    slug = project.call.fund.slug
    assert counted(slug) == {}
    with later(31):
        assert counted(slug) == {"Réponse du comité": (0, 1)}


def test_each_file_is_counted_under_the_rules_it_was_lodged_with(app: Flask) -> None:
    project = pic_lodged()
    fund = project.call.fund
    stricter = {"decision_delay_days": 15}
    funds.adopt_ruleset(manager_of(fund), fund.id, terms=stricter, adopted_on=date(2027, 3, 10), act_reference="AG")
    with later(20):
        assert counted(fund.slug) == {}, "thirty days were promised to it"
    strict = pic_lodged(pic_call(pic_fund(**stricter)))
    with later(20):
        assert counted(strict.call.fund.slug) == {"Réponse du comité": (0, 1)}


def test_days_of_waiting_are_shared_and_a_request_for_pieces_stops_the_answers_clock(client: FlaskClient) -> None:
    bearer = actor(person())
    project = pic_lodged(bearer=bearer)
    keeper = manager_of(project.call.fund)
    with later(5):
        projects.take(keeper, project.id, "ask_completion", reason="Un devis daté, merci.")
    with later(8):
        projects.lodge(bearer, project.id)
        projects.take(keeper, project.id, "admit")
    with later(12):
        found = queries.followed([project])[0]
        answer = next(one for one in found.promises if one.slug == "answered")
        assert (answer.due_on, answer.stopped_days) == (clock.today() - timedelta(12) + timedelta(33), 3)
        page = client.get(f"/projets/{project.id}", follow_redirects=True).text
        assert "12 jours d’attente : 3 pour l’équipe, 5 pour l’association, 4 pour le comité." in page
        assert "3 jours pris par l’équipe pour compléter ne comptent pas" in page


def test_counting_promises_asks_the_database_no_more_when_there_are_more_files(app: Flask) -> None:
    call = pic_call()
    pic_admissible(call)

    def asked() -> int:
        statements: list[str] = []
        db.session.expire_all()
        fund = queries.fund_at(call.fund.slug)
        listen = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        queries.promises_kept(fund)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    once = asked()
    for _more in range(4):
        pic_admissible(call)
    assert asked() == once
