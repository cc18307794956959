"""Sessions and agendas: who sets them, the notice, the hearing, the closing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.committees import queries, services
from citizen.committees.models import AgendaItem
from citizen.db import db, transaction
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.pic.models import PicCall, PicProject
from citizen.projects import services as projects
from tests.factories import (
    actor,
    committee_member_of,
    manager_of,
    person,
    pic_admissible,
    pic_call,
    pic_fund,
    pic_heard,
    pic_inscribed,
    pic_lodged,
    pic_session,
)  # fmt: skip
from tests.rooms import decide, judged, settled


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def test_only_the_manager_of_the_fund_sets_a_session(app: Flask) -> None:
    fund = pic_fund()
    for somebody in (committee_member_of(fund), manager_of(pic_fund()), actor(person())):
        with pytest.raises(Forbidden):
            services.schedule(somebody, fund.id, held_at=in_days(20), place="Salle")
    assert services.schedule(manager_of(fund), fund.id, held_at=in_days(20), place="Salle").fund_id == fund.id


def test_a_session_is_to_come_and_set_once(app: Flask) -> None:
    fund = pic_fund()
    manager = manager_of(fund)
    with pytest.raises(Invalid):
        services.schedule(manager, fund.id, held_at=in_days(-1), place="Salle")
    services.schedule(manager, fund.id, held_at=in_days(20), place="Salle")
    with pytest.raises(Invalid):
        services.schedule(manager, fund.id, held_at=in_days(20), place="Salle")


@pytest.mark.parametrize(("days", "is_refused"), [(14, True), (15, False)])
def test_the_notice_between_lodging_and_session_is_kept(app: Flask, days: int, is_refused: bool) -> None:
    project = pic_admissible()
    session = pic_session(project.call.fund, days=days)
    if is_refused:
        with pytest.raises(Invalid, match="15 jours"):
            services.inscribe(manager_of(project.call.fund), session.id, project.id)
        assert db.session.query(AgendaItem).count() == 0
    else:
        assert services.inscribe(manager_of(project.call.fund), session.id, project.id).position == 1


def test_a_session_after_the_project_or_of_another_fund_is_refused(app: Flask) -> None:
    project = pic_admissible()
    fund = project.call.fund
    pic_session(fund, days=20)
    for session in (pic_session(fund, days=61), pic_session(pic_fund(), days=20)):
        with pytest.raises(Invalid):
            services.inscribe(manager_of(fund), session.id, project.id)


def test_only_a_project_found_admissible_is_inscribed_by_the_manager(app: Flask) -> None:
    project = pic_lodged()
    fund = project.call.fund
    session = pic_session(fund)
    with pytest.raises(NotNow):
        services.inscribe(manager_of(fund), session.id, project.id)
    projects.take(manager_of(fund), project.id, "admit")
    with pytest.raises(Forbidden):
        services.inscribe(committee_member_of(fund), session.id, project.id)


def test_a_file_that_no_longer_holds_is_not_inscribed(app: Flask) -> None:
    project = pic_admissible()
    session = pic_session(project.call.fund)
    with transaction():
        db.session.get_one(PicProject, project.id).is_open_to_all = False
    with pytest.raises(NotReady):
        services.inscribe(manager_of(project.call.fund), session.id, project.id)


def test_a_project_waits_before_one_session_and_moves_to_another(app: Flask) -> None:
    project = pic_inscribed()
    fund = project.call.fund
    later = pic_session(fund, days=30)
    services.inscribe(manager_of(fund), later.id, project.id)
    assert [(item.session_id, item.decision_id) for item in db.session.query(AgendaItem)] == [(later.id, None)]
    twice = AgendaItem(session_id=pic_session(fund, days=31).id, project_id=project.id, position=1)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(twice)


def test_a_decided_project_does_not_come_back_to_the_same_session(app: Flask) -> None:
    project = pic_heard()
    fund, session = project.call.fund, project.waiting.session
    decide(project, "defer")
    with clock.at(session.held_at - timedelta(hours=1)), pytest.raises(Invalid, match="déjà passé"):
        services.inscribe(manager_of(fund), session.id, project.id)


def test_a_session_closes_when_every_project_is_decided_then_nothing_moves(app: Flask) -> None:
    project = pic_heard()
    fund, session = project.call.fund, project.waiting.session
    with pytest.raises(NotNow):
        services.close(manager_of(fund), session.id)
    with clock.at(session.held_at):
        with pytest.raises(NotNow, match="sans décision"):
            services.close(manager_of(fund), session.id)
        settled(project, "reject", words=judged(local_need="not_met"))
        services.close(manager_of(fund), session.id)
        with pytest.raises(NotNow):
            services.close(manager_of(fund), session.id)


def test_a_withdrawn_project_does_not_keep_the_session_open(app: Flask) -> None:
    bearer = actor(person())
    project = pic_inscribed(bearer=bearer)
    session, fund = project.waiting.session, project.call.fund
    projects.take(bearer, project.id, "withdraw", reason="Nous partons.")
    assert session.items == []
    with clock.at(session.held_at):
        assert services.close(manager_of(fund), session.id).closed_at is not None


def two_funds_of_one_place() -> tuple[PicCall, PicCall]:
    """The calls of two funds that keep the same quarter."""
    first, second = pic_call(), pic_call()
    with transaction():
        second.fund.perimeters = list(first.fund.perimeters)
        second.fund.commune_code = first.fund.commune_code
    return first, second


def test_a_file_found_not_admissible_gives_back_its_place_(app: Flask) -> None:
    (first, second), bearer = two_funds_of_one_place(), actor(person())
    project = pic_inscribed(first, bearer=bearer)
    _session, project_id = project.waiting.session, project.id
    projects.take(manager_of(first.fund), project_id, "not_admit", reason="Ce fonds n’est pas le bon.")
    assert db.session.query(AgendaItem).count() == 0
    projects.orient(bearer, project_id, PicProject, second.id)
    projects.lodge(bearer, project_id)
    projects.take(manager_of(second.fund), project_id, "admit")
    assert [one.id for one in queries.awaiting(second.fund_id)] == [project_id]


def test_a_place_in_the_session_of_another_fund_is_worth_nothing(app: Flask) -> None:
    first, second = two_funds_of_one_place()
    project, session = pic_admissible(second), pic_session(first.fund)
    with transaction():
        db.session.add(AgendaItem(session_id=session.id, project_id=project.id, position=1))
    assert project.passage is not None
    assert project.waiting is None
    assert [one.id for one in queries.awaiting(second.fund_id)] == [project.id]
    with clock.at(session.held_at):
        assert services.close(manager_of(first.fund), session.id).closed_at is not None
    own = pic_session(second.fund)
    services.inscribe(manager_of(second.fund), own.id, project.id)
    assert project.waiting.session_id == own.id


def test_what_waits_is_the_fund_s_own_and_inscribed_nowhere(app: Flask) -> None:
    call = pic_call()
    waiting = pic_admissible(call)
    pic_inscribed(call)
    pic_lodged(call)
    pic_admissible()
    assert [project.id for project in queries.awaiting(call.fund_id)] == [waiting.id]
