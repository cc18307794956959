"""A PIC from its file to the committee's decision, through the services, and the schema underneath."""

from datetime import date, timedelta

import pytest
from flask import Flask

from citizen import clock
from citizen.committees import services as committees
from citizen.db import db
from citizen.funds import services as funds
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.pic import queries, services
from citizen.pic.models import PicJudgement
from citizen.projects import services as projects
from citizen.projects.models import Decision
from tests.factories import (
    actor,
    manager_of,
    person,
    pic_call,
    pic_draft,
    pic_fund,
    pic_heard,
    pic_inscribed,
    pic_lodged,
    pic_quarter,
    pic_session,
)  # fmt: skip
from tests.rooms import decide, settled


def test_a_whole_file_is_granted_by_its_committee(app: Flask) -> None:
    project = pic_heard()
    decide(project)
    assert (project.state, project.granted_cents, project.call.committed_cents) == ("granted", 500_00, 500_00)
    assert {one.verdict for one in project.last_judgements.values()} == {"met"}
    assert project.passage.decision.outcome == "granted"
    assert project.passage.decision.evidence["budget-balanced"]["status"] == "met"


@pytest.mark.parametrize("verdict", ["partly", "not_met"])
@pytest.mark.parametrize("condition", ["active_citizenship", "collective_interest", "local_need"])
def test_granting_is_refused_when_one_condition_is_not_met_and_nothing_is_kept(
    app: Flask, condition: str, verdict: str
) -> None:
    project = pic_heard()
    with pytest.raises(NotReady) as refused:
        decide(project, **{condition: verdict})
    assert [one.slug for one in refused.value.findings] == [f"judged-{condition.replace('_', '-')}"]
    assert db.session.query(PicJudgement).count() == 0
    assert (project.state, project.call.committed_cents) == ("admissible", 0)


@pytest.mark.parametrize(
    ("terms", "envelope", "asked", "granted", "is_refused"),
    [
        ({}, 10_000_00, 600_00, 600_00, False),
        ({}, 10_000_00, 600_00, 600_01, True),
        ({}, 300_00, 600_00, 300_01, True),
        ({}, 300_00, 600_00, 300_00, False),
        ({"max_amount_cents": [700_00]}, 10_000_00, 700_00, 700_00, False),
        ({}, 10_000_00, 600_00, None, True),
        ({}, 10_000_00, 600_00, 0, True),
        ({}, 10_000_00, 600_00, -5, True),
    ],
)
def test_the_amount_stays_under_request_cap_and_envelope(
    app: Flask, terms: dict[str, object], envelope: int, asked: int, granted: int | None, is_refused: bool
) -> None:
    project = pic_heard(pic_call(pic_fund(**terms), envelope_cents=envelope), cents=asked)
    if is_refused:
        with pytest.raises(Invalid) as refused:
            decide(project, cents=granted)
        assert refused.value.field == "amount"
        assert project.call.committed_cents == 0
    else:
        decide(project, cents=granted)
        assert project.call.committed_cents == granted


def test_a_second_request_of_the_year_has_its_own_cap(app: Flask) -> None:
    call, bearer = pic_call(pic_fund(max_amount_cents=[900_00, 400_00])), actor(person())
    pic_lodged(call, bearer, cents=900_00)
    with pytest.raises(NotReady) as refused:
        pic_lodged(call, bearer, cents=401_00)
    assert [one.slug for one in refused.value.findings] == ["pic-cap"]
    assert pic_lodged(call, bearer, cents=400_00).state == "submitted"


def test_a_file_keeps_the_rules_it_was_lodged_under(app: Flask) -> None:
    project = pic_lodged()
    fund = project.call.fund
    funds.adopt_ruleset(
        manager_of(fund),
        fund.id,
        terms={"max_amount_cents": [100_00]},
        adopted_on=date(2027, 3, 9),
        act_reference="AG du 9 mars",
    )
    projects.take(manager_of(fund), project.id, "admit")
    assert project.terms.max_amount_cents == [1_000_00]
    assert queries.terms_in_force(queries.fund_at(fund.slug)).max_amount_cents == [100_00]


def test_granting_waits_for_the_hearing_where_presence_is_compulsory(app: Flask) -> None:
    project = pic_inscribed()
    with pytest.raises(NotReady) as refused:
        settled(project, hearing="absent")
    assert [one.slug for one in refused.value.findings] == ["pic-heard"]
    free = pic_inscribed(pic_call(pic_fund(bearer_presence_required=False)))
    assert settled(free, hearing="absent").amount_cents == 500_00


def test_a_refusal_names_the_condition_that_fails(app: Flask) -> None:
    project = pic_heard()
    with pytest.raises(Invalid, match="nomme la condition"):
        decide(project, "reject", cents=None)
    decide(project, "reject", cents=None, local_need="not_met")
    assert project.state == "rejected"
    assert project.last_judgements["local-need"].verdict == "not_met"
    assert project.call.committed_cents == 0


def test_a_deferred_file_is_completed_and_granted_at_a_later_session(app: Flask) -> None:
    bearer = actor(person())
    project = pic_heard(bearer=bearer)
    decide(project, "defer", cents=None, active_citizenship="partly")
    assert (project.state, project.call.committed_cents) == ("deferred", 0)
    services.answer(bearer, project.id, learning="Apprendre à tenir un budget, à deux, sans aide.")
    later = pic_session(project.call.fund, days=40)
    committees.inscribe(manager_of(project.call.fund), later.id, project.id)
    with pytest.raises(NotNow):
        services.answer(bearer, project.id, learning="Trop tard.")
    decide(project)
    assert project.state == "granted"
    assert [one.outcome for one in db.session.query(Decision).order_by(Decision.id)] == ["deferred", "granted"]
    assert len(project.judgements) == 6


def test_a_project_in_a_quarter_of_another_fund_cannot_be_lodged(app: Flask) -> None:
    bearer, elsewhere = actor(person()), pic_quarter("Ailleurs")
    project = pic_draft(bearer=bearer)
    projects.edit(
        bearer,
        project.id,
        lambda kept: projects.put(kept, elsewhere.communes[0].code, elsewhere.id, place="Ailleurs", lon=None, lat=None),
    )
    with pytest.raises(NotReady) as refused:
        projects.lodge(bearer, project.id)
    assert [one.slug for one in refused.value.findings] == ["place-eligible"]


def test_a_project_whose_day_comes_before_any_session_cannot_be_lodged(app: Flask) -> None:
    bearer = actor(person())
    project = pic_draft(bearer=bearer, starts_on=clock.today() + timedelta(18), ends_on=clock.today() + timedelta(18))
    pic_session(project.call.fund, days=10)  # too soon: fifteen days of notice
    pic_session(project.call.fund, days=20)
    with pytest.raises(NotReady) as refused:
        projects.lodge(bearer, project.id)
    assert [one.slug for one in refused.value.findings] == ["pic-in-time"]
    pic_session(project.call.fund, days=16)
    projects.lodge(bearer, project.id)
