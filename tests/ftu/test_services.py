"""The life of works until the vote: proposed, studied; and the doors that stay shut."""

from datetime import timedelta

import pytest
from flask import Flask

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.ftu.models import FtuProject
from citizen.ftu.rules import FTU
from citizen.ftu.terms import THEMES
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotReady
from citizen.places.models import Commune, Perimeter
from citizen.projects import queries, reporting
from citizen.projects import services as projects
from tests.factories import actor, actor_of, organisation, person
from tests.works import (
    JUDGED,
    announced_poll,
    campaign,
    ftu_draft,
    ftu_lodged,
    ftu_studied,
    works_officer,
    works_quarter,
    works_written,
)


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"is_lasting": False}, "ftu-investment"), ({"is_lasting": None}, "ftu-investment"), ({"need": ""}, "ftu-light"),
        ({"inclusion_women": ""}, "ftu-inclusive"), ({"inclusion_disabled": " "}, "ftu-inclusive"),
        ({"inclusion_seniors": "oui"}, "ftu-inclusive"),
        ({"land": ""}, "ftu-owner"), ({"land": "private"}, "ftu-owner"), ({"themes": ["Autre"]}, "ftu-theme"),
        ({"location": "outside"}, "ftu-place"), ({"description": "court"}, "described"),
    ],
)  # fmt: skip
def test_what_is_missing_keeps_the_proposal_from_being_lodged(app: Flask, change: dict, slug: str) -> None:
    bearer = actor(person())
    made = ftu_draft(campaign(), bearer, **change)
    with pytest.raises(NotReady) as refused:
        projects.lodge(bearer, made.id)
    assert [finding.slug for finding in refused.value.findings] == [slug]
    assert all(finding.source and finding.rule and finding.todo for finding in refused.value.findings)


def test_works_near_the_limit_are_lodged_and_wait_for_a_word_before_the_vote(app: Flask) -> None:
    officer, call = works_officer(), campaign()
    with pytest.raises(NotReady) as refused:
        ftu_studied(call, officer, location="near")
    assert [finding.slug for finding in refused.value.findings] == ["ftu-place"]
    waiting = db.session.scalars(db.select(FtuProject)).one()
    told = {"reason": "Le sol est bon.", "cost_cents": 1_00, "upkeep": "Nous.", "safety": "Bords ronds.", "inclusion": JUDGED}
    reporting.confirm_place(officer, waiting.id, is_accepted=False, reason="Trop loin.")
    with pytest.raises(NotReady):
        ftu.study(officer, waiting.id, is_feasible=True, **told)
    reporting.confirm_place(officer, waiting.id, is_accepted=True, reason="Les habitants y passent.")
    assert ftu.study(officer, waiting.id, is_feasible=True, **told).state == "admissible"


def test_nothing_is_lodged_once_the_proposals_are_closed(app: Flask) -> None:
    bearer, call = actor(person()), campaign()
    made = ftu_draft(call, bearer)
    with clock.at(clock.now() + timedelta(days=21)), pytest.raises(NotReady) as refused:
        projects.lodge(bearer, made.id)
    assert [finding.slug for finding in refused.value.findings] == ["call-open"]


def test_a_place_outside_the_quarters_of_the_campaign_is_refused(app: Flask) -> None:
    wanted = works_quarter()
    with transaction():
        other = Perimeter(
            code="QN05937M", name="Ailleurs", search_name="ailleurs", kind="priority", version="2024",
            valid_from=wanted.valid_from,
            departement="59", communes=list(wanted.communes),
        )  # fmt: skip
        db.session.add(other)
    call, bearer = campaign(perimeter_ids=(wanted.id,)), actor(person())
    made = ftu_draft(call, bearer, perimeter_id=other.id)
    assert [finding.slug for finding in queries.findings_for(made, "lodge") if not finding.is_met] == ["ftu-place"]
    projects.edit(bearer, made.id, lambda project: works_written(project))
    projects.lodge(bearer, made.id)


def test_a_study_that_says_no_gives_the_reason_and_another_way(app: Flask) -> None:
    officer, call = works_officer(), campaign()
    made = ftu.study(
        officer, ftu_lodged(call).id, is_feasible=False, reason="Des câbles passent dessous.", better_exit="upkeep"
    )
    assert (made.state, made.study_reason, made.better_exit) == ("inadmissible", "Des câbles passent dessous.", "upkeep")


def test_a_study_above_the_cap_does_not_admit(app: Flask) -> None:
    officer, call = works_officer(), campaign(terms={"max_cost_cents": 6_000_00})
    with pytest.raises(NotReady) as refused:
        ftu_studied(call, officer, cost_cents=6_000_01)
    assert [finding.slug for finding in refused.value.findings] == ["ftu-cap"]
    assert ftu_studied(call, officer, cost_cents=6_000_00).state == "admissible"


def test_a_study_without_its_words_does_not_admit(app: Flask) -> None:
    officer, made = works_officer(), ftu_lodged(campaign())
    with pytest.raises(NotReady):
        ftu.study(officer, made.id, is_feasible=True, reason="Oui.", cost_cents=1_00, upkeep="", safety="Sans risque.")
    with pytest.raises(Invalid):
        ftu.study(officer, made.id, is_feasible=True, reason="Oui.", upkeep="Nous.", safety="Sans risque.")
    assert db.session.get_one(FtuProject, made.id, populate_existing=True).studied_at is None


@pytest.mark.parametrize("who", ["resident", "officer elsewhere", "officer of the team"])
def test_nobody_else_studies(app: Flask, who: str) -> None:
    officer = works_officer("59350" if who == "officer elsewhere" else "59360") if "officer" in who else actor(person())
    made = ftu_lodged(campaign(), officer if who == "officer of the team" else None)
    with pytest.raises(Forbidden):
        ftu.study(officer, made.id, is_feasible=False, reason="Non.")


OF_THE_VOTE = {"put_on_ballot", "select", "not_select"}  # they follow the vote of the whole campaign


def test_who_is_of_the_bearing_association_never_judges_its_works(app: Flask) -> None:
    judging = {step.action for step in FTU.lifecycle.steps if Role.COMMUNE_OFFICER in step.who} - OF_THE_VOTE
    assert {action for action in judging if Role.ORGANISATION_MEMBER not in FTU.lifecycle.step(action).never} == set()
    member = actor(person())
    group = organisation(member, kind="association")
    bearer = actor(person())
    made = ftu_draft(campaign(), bearer, organisation_id=group.id)
    projects.lodge(bearer, made.id)
    both = Actor(member.person_id, member.name, actor_of(member.person_id).duties | works_officer().duties)
    with pytest.raises(Forbidden):
        ftu.study(both, made.id, is_feasible=False, reason="Non.")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("envelope", {"envelope_cents": 0}),
        ("closes_on", {"closes": -1}),
        ("vote_opens_on", {"vote_opens": 5}),
        ("vote_closes_on", {"vote_closes": 7}),
    ],
)
def test_a_campaign_with_days_that_do_not_follow_is_refused(app: Flask, field: str, values: dict) -> None:
    officer = works_officer()
    known, today = campaign(officer), clock.today()
    days = {"closes": 5, "vote_opens": 8, "vote_closes": 9} | values
    with pytest.raises(Invalid) as refused:
        ftu.open_campaign(
            officer, known.fund_id, title="x", opens_on=today, closes_on=today + timedelta(days=days["closes"]),
            envelope_cents=values.get("envelope_cents", 1_00), vote_opens_on=today + timedelta(days=days["vote_opens"]),
            vote_closes_on=today + timedelta(days=days["vote_closes"]),
        )  # fmt: skip
    assert refused.value.field == field


def test_only_the_commune_of_the_fund_opens_campaigns_announces_and_counts(app: Flask) -> None:
    stranger = works_officer("59350")
    with pytest.raises(Forbidden):
        campaign(stranger)
    officer, call = works_officer(), campaign()
    ftu_studied(call, officer)
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(Forbidden):
        ftu.announce_poll(stranger, call.id, opens_on=call.vote_opens_on, closes_on=call.vote_closes_on, announcement="")
    poll = announced_poll(officer, [5_000_00])
    with clock.at(poll.closes_at), pytest.raises(Forbidden):
        ftu.count_poll(stranger, poll.id)


def test_the_commune_of_the_campaign_studies_even_where_the_quarter_passes_its_limit(app: Flask) -> None:
    with transaction():
        works_quarter().communes.append(Commune(code="59350", name="Lille", search_name="lille", departement="59"))
    made = ftu_lodged(campaign(perimeter_ids=(works_quarter().id,)), commune_code="59350")
    told = {"is_feasible": False, "reason": "Non."}
    with pytest.raises(Forbidden):
        ftu.study(works_officer("59350"), made.id, **told)
    assert ftu.study(works_officer(), made.id, **told).state == "inadmissible"


def test_themes_of_the_fund_come_from_its_rules(app: Flask) -> None:
    call, bearer = campaign(terms={"themes": ["Ombre"]}), actor(person())
    made = ftu_draft(call, bearer, themes=[THEMES[0]])
    with pytest.raises(NotReady):
        projects.lodge(bearer, made.id)
