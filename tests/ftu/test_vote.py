"""The vote of a campaign and what follows: announced, counted, validated by an act."""

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
from citizen.funds import ledger
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.projects import services as projects
from tests.factories import actor, person
from tests.works import (
    announced_poll,
    campaign,
    ftu_draft,
    ftu_lodged,
    ftu_studied,
    granted,
    works_officer,
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
    works = granted(officer, found["Projet 1"].id, 20_000_00)
    assert (works.state, works.granted_cents, works.call.committed_cents) == ("granted", 20_000_00, 20_000_00)
    assert works.decisions[0].act_reference.startswith("délibération n° 2027-45 du ")


def promised_elsewhere(officer: Actor, works: FtuProject, cents: int) -> None:
    """Money of the same envelope promised since the vote."""
    call_id = works.call_id
    with transaction():
        ledger.promise(officer, call_id, ftu_draft(db.session.get_one(Campaign, call_id)).id, cents)


def test_the_works_are_not_financed_above_the_cost_that_was_voted(app: Flask) -> None:
    officer = works_officer()
    number = counted(officer, [20_000_00], [[0]])["Projet 1"].id
    with pytest.raises(Invalid, match="pas plus") as refused:
        granted(officer, number, 20_000_01)
    assert refused.value.field == "amount"
    kept = db.session.get_one(FtuProject, number, populate_existing=True)
    assert (kept.state, kept.call.committed_cents, kept.decisions) == ("selected", 0, [])
    assert granted(officer, number, 20_000_00).state == "granted"


def test_the_second_works_cannot_pass_the_envelope(app: Flask) -> None:
    officer = works_officer()
    found = counted(officer, [20_000_00, 8_000_00], [[0, 1]])
    promised_elsewhere(officer, found["Projet 2"], 5_000_00)
    granted(officer, found["Projet 1"].id, 20_000_00)
    with pytest.raises(Invalid, match="enveloppe"):
        granted(officer, found["Projet 2"].id, 8_000_00)
    assert db.session.get_one(FtuProject, found["Projet 2"].id, populate_existing=True).state == "selected"


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
