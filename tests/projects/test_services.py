"""The life every project shares, where it could go wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db
from citizen.files.models import Document
from citizen.funds import services as funds
from citizen.journal.queries import events_of
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid, Status
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.pic.models import PicProject
from citizen.projects import queries, reporting, services
from citizen.projects.models import Project
from citizen.projects.rules import place_eligible
from tests import factories, summers
from tests.factories import actor, manager_of, person, pic_call, pic_draft, pic_lodged


def bearer_of(project: Project) -> Actor:
    return actor(project.bearer)


def test_a_draft_is_read_by_its_team_and_by_who_has_a_step_to_take(app: Flask) -> None:
    project = pic_draft()
    fund = project.call.fund
    officer = actor(person(duties=[(Role.COMMUNE_OFFICER, f"commune:{project.commune_code}")]))
    assert queries.may_see(bearer_of(project), project)
    assert queries.may_see(manager_of(fund), project), "a place near the limit waits for the manager's word"
    for stranger in (actor(person()), factories.committee_member_of(fund), officer, actor(summers.region_officer())):
        assert not queries.may_see(stranger, project)
        assert not queries.may_read_papers(stranger, project)


def test_papers_of_a_lodged_file_are_for_its_team_and_its_judges(app: Flask, client: FlaskClient) -> None:
    project = pic_lodged()
    fund = project.call.fund
    officer = actor(person(duties=[(Role.COMMUNE_OFFICER, f"commune:{project.commune_code}")]))
    assert queries.may_read_papers(manager_of(fund), project)
    assert queries.may_read_papers(factories.committee_member_of(fund), project)
    assert not queries.may_read_papers(officer, project)
    assert client.get(f"/projets/{project.id}/documents/{project.attachments[0].id}").status_code == 404


def test_a_document_taken_away_leaves_nothing(app: Flask) -> None:
    project = pic_draft()
    kept = project.attachments[0]
    reporting.detach(bearer_of(project), project.id, kept.id)
    assert db.session.scalar(select(func.count()).select_from(Document)) == 0


def test_an_idea_needs_an_address_that_answered(app: Flask) -> None:
    with pytest.raises(NotNow, match="adresse"):
        services.propose(actor(person(verified=False)), title="Un banc", summary="Au soleil.")


def test_new_rules_judge_what_is_not_lodged_yet_and_spare_what_is(app: Flask) -> None:
    call = pic_call()
    lodged, draft = pic_lodged(call), pic_draft(call)
    keeper = manager_of(call.fund)
    terms = call.fund.rulesets[-1].terms | {"max_amount_cents": [100_00]}
    funds.adopt_ruleset(keeper, call.fund_id, terms=terms, adopted_on=clock.today(), act_reference="AG")
    db.session.expire_all()
    assert draft.terms.max_amount_cents == [100_00]
    assert lodged.terms.max_amount_cents == [100_000]
    with pytest.raises(NotReady):
        services.lodge(bearer_of(draft), draft.id)


def test_rules_are_adopted_by_an_act_already_taken(app: Flask) -> None:
    call = pic_call()
    with pytest.raises(Invalid):
        funds.adopt_ruleset(
            manager_of(call.fund), call.fund_id, terms={}, adopted_on=clock.today() + timedelta(days=1), act_reference="AG"
        )


def test_a_place_near_the_limit_is_lodged_and_waits_for_a_word(app: Flask) -> None:
    project = pic_draft()
    facts = replace(queries.common_facts(project), location="near", is_location_confirmed=None)
    waiting = place_eligible(facts, project.terms)
    assert (waiting.status, waiting.is_awaited) == (Status.UNKNOWN, True)
    assert not place_eligible(replace(facts, is_location_confirmed=False), project.terms).is_awaited


def test_a_word_on_the_place_does_not_follow_to_another_scheme(app: Flask) -> None:
    project = pic_draft()
    bearer, call_id = bearer_of(project), project.call_id
    reporting.confirm_place(manager_of(project.call.fund), project.id, is_accepted=True, reason="Vu.")
    services.orient(bearer, project.id, PicProject, call_id)
    assert db.session.get_one(Project, project.id).is_location_confirmed is None


def test_the_quarter_of_the_idea_counts_from_the_start(app: Flask) -> None:
    quarter = factories.pic_quarter()
    idea = services.propose(
        actor(person()), title="Un banc", summary="Au soleil.", commune_code=quarter.communes[0].code, perimeter_id=quarter.id
    )
    assert idea.location == "inside"


def test_what_fits_better_is_told_with_the_reason(app: Flask) -> None:
    project = pic_lodged()
    reporting.not_admit(manager_of(project.call.fund), project.id, reason="Ce sont des travaux.", better="durable")
    told = [event.reason for event in events_of(project.on) if event.action == "not_admit"]
    assert "Ce sont des travaux." in told[0]
    assert "travaux urbains" in told[0]
