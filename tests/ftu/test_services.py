"""The life of works: proposed, studied, voted, counted, validated; and the doors that stay shut."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import services as ballots
from citizen.ballots.models import Poll
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.rules import FTU
from citizen.ftu.terms import THEMES
from citizen.funds import services as funds
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.places.models import Commune, Perimeter
from citizen.projects import queries
from citizen.projects import services as projects
from tests.factories import actor, actor_of, organisation, person
from tests.works import (
    announced_poll,
    campaign,
    ftu_draft,
    ftu_lodged,
    ftu_studied,
    works_officer,
    works_quarter,
    works_written,
)


def during(poll: Poll):
    return clock.at(poll.opens_at)


def after(poll: Poll):
    return clock.at(poll.closes_at)


def counted(officer, costs, ballots_cast, **values) -> dict[str, FtuProject]:
    """The projects of a counted vote, by title; ``ballots_cast`` are lists of positions from 0."""
    poll = announced_poll(officer, costs, **values)
    options = [option.id for option in poll.options]
    with during(poll):
        for chosen in ballots_cast:
            ballots.vote(actor(person()), poll.id, [options[i] for i in chosen], is_eligible=True)
    with after(poll):
        ftu.count_poll(officer, poll.id)
    return {project.title: project for project in db.session.scalars(db.select(FtuProject))}


def test_from_the_proposal_to_the_validated_works(app: Flask) -> None:
    officer = works_officer()
    found = counted(officer, [20_000_00, 15_000_00, 8_000_00], [[0], [0], [0, 1], [1], [2]])
    assert {title: project.state for title, project in found.items()} == {
        "Projet 1": "selected", "Projet 2": "not_selected", "Projet 3": "selected",
    }  # fmt: skip
    works = ftu.validate(
        officer, found["Projet 1"].id, amount_cents=20_000_00, reason="Comme le vote.", act_reference="DEL 2027-45"
    )
    assert (works.state, works.granted_cents, works.call.committed_cents) == ("granted", 20_000_00, 20_000_00)
    assert works.decisions[0].act_reference == "DEL 2027-45"


def promised_elsewhere(officer: Actor, works: FtuProject, cents: int) -> None:
    """Money of the same envelope promised since the vote."""
    call_id = works.call_id
    with transaction():
        funds.promise(officer, call_id, ftu_draft(db.session.get_one(Campaign, call_id)).id, cents)


def test_the_works_are_not_financed_above_the_cost_that_was_voted(app: Flask) -> None:
    officer = works_officer()
    number = counted(officer, [20_000_00], [[0]])["Projet 1"].id
    act = {"reason": "Plus cher que prévu.", "act_reference": "DEL 1"}
    with pytest.raises(Invalid, match="pas plus") as refused:
        ftu.validate(officer, number, amount_cents=20_000_01, **act)
    assert refused.value.field == "amount"
    kept = db.session.get_one(FtuProject, number, populate_existing=True)
    assert (kept.state, kept.call.committed_cents, kept.decisions) == ("selected", 0, [])
    assert ftu.validate(officer, number, amount_cents=20_000_00, **act).state == "granted"


def test_the_second_works_cannot_pass_the_envelope(app: Flask) -> None:
    officer = works_officer()
    found = counted(officer, [20_000_00, 8_000_00], [[0, 1]])
    promised_elsewhere(officer, found["Projet 2"], 5_000_00)
    ftu.validate(officer, found["Projet 1"].id, amount_cents=20_000_00, reason="Comme le vote.", act_reference="DEL 1")
    with pytest.raises(Invalid, match="enveloppe"):
        ftu.validate(officer, found["Projet 2"].id, amount_cents=8_000_00, reason="Comme le vote.", act_reference="DEL 2")
    assert db.session.get_one(FtuProject, found["Projet 2"].id, populate_existing=True).state == "selected"


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"is_lasting": False}, "ftu-investment"), ({"is_lasting": None}, "ftu-investment"), ({"need": ""}, "ftu-light"),
        ({"inclusion_women": ""}, "ftu-inclusive"), ({"inclusion_disabled": " "}, "ftu-inclusive"),
        ({"inclusion_seniors": "oui"}, "ftu-inclusive"),
        ({"land": ""}, "ftu-owner"), ({"land": "private"}, "ftu-owner"), ({"themes": ["Autre"]}, "ftu-theme"),
        ({"location": "outside"}, "ftu-place"), ({"location": "near"}, "ftu-place"), ({"description": "court"}, "described"),
    ],
)  # fmt: skip
def test_what_is_missing_keeps_the_proposal_from_being_lodged(app: Flask, change: dict, slug: str) -> None:
    bearer = actor(person())
    made = ftu_draft(campaign(), bearer, **change)
    with pytest.raises(NotReady) as refused:
        projects.lodge(bearer, made.id)
    assert [finding.slug for finding in refused.value.findings] == [slug]
    assert all(finding.source and finding.rule and finding.todo for finding in refused.value.findings)


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


@pytest.mark.parametrize("action", ["put_on_ballot", "select", "not_select"])
def test_no_one_chooses_for_one_project_beside_the_vote(app: Flask, action: str) -> None:
    officer = works_officer()
    if action == "put_on_ballot":
        made = ftu_studied(campaign(), officer)
    else:
        poll = announced_poll(officer, [5_000_00])
        made = db.session.get_one(FtuProject, poll.options[0].project_id)
    with pytest.raises(NotReady):
        projects.take(officer, made.id, action)


def test_the_commune_cannot_finance_what_the_vote_left_out(app: Flask) -> None:
    officer = works_officer()
    found = counted(officer, [20_000_00, 15_000_00], [[0], [0], [1]])
    with pytest.raises(NotNow):
        ftu.validate(officer, found["Projet 2"].id, amount_cents=1_00, reason="Je préfère.", act_reference="DEL 3")


def test_a_decision_needs_its_act(app: Flask) -> None:
    officer = works_officer()
    found = counted(officer, [20_000_00], [[0]])
    with pytest.raises(Invalid) as refused:
        ftu.validate(officer, found["Projet 1"].id, amount_cents=1_00, reason="Oui.", act_reference=" ")
    assert refused.value.field == "act_reference"
    refused_works = ftu.refuse(officer, found["Projet 1"].id, reason="Le budget a changé.", act_reference="DEL 4")
    assert refused_works.state == "rejected"


def test_no_vote_while_a_proposal_waits_for_its_study(app: Flask) -> None:
    officer, call = works_officer(), campaign()
    ftu_studied(call, officer)
    ftu_lodged(call)
    days = {"opens_on": call.vote_opens_on, "closes_on": call.vote_closes_on, "announcement": ""}
    with pytest.raises(NotNow):
        ftu.announce_poll(officer, call.id, **days)
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(Invalid, match="étude"):
        ftu.announce_poll(officer, call.id, **days)


def test_no_vote_while_a_team_completes_its_file(app: Flask) -> None:
    officer, call = works_officer(), campaign()
    ftu_studied(call, officer)
    made = ftu_lodged(call, title="Une fontaine")
    projects.take(officer, made.id, "ask_completion", reason="Où est l’arrivée d’eau ?")
    days = {"opens_on": call.vote_opens_on, "closes_on": call.vote_closes_on, "announcement": ""}
    with clock.at(clock.now() + timedelta(days=30)):
        with pytest.raises(Invalid, match="« Une fontaine »"):
            ftu.announce_poll(officer, call.id, **days)
        ftu.study(officer, made.id, is_feasible=False, reason="La réponse n’est pas venue.")
        assert [option.title for option in ftu.announce_poll(officer, call.id, **days).options] == ["Des bancs place du marché"]


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


def test_a_vote_is_announced_once(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [5_000_00])
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(NotNow):
        ftu.announce_poll(officer, poll.call_id, opens_on=clock.today(), closes_on=clock.today(), announcement="")
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Poll(
                call_id=poll.call_id,
                title="x",
                electorate="x",
                max_choices=1,
                envelope_cents=1,
                opens_at=poll.opens_at,
                closes_at=poll.closes_at,
            )
        )


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
    with after(poll), pytest.raises(Forbidden):
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
