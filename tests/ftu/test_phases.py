"""The calendar of a campaign: its order, what may still be moved, and what its days open."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.ftu.models import Campaign
from citizen.ftu.phases import Days, Phase, faults, moves, supported_on
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotReady
from citizen.mail.models import Letter
from citizen.projects import services as projects
from tests.factories import actor, login, person
from tests.works import announced_poll, campaign, ftu_idea, works_officer

START = date(2027, 3, 10)


def days(first: int, last: int) -> Days:
    return Days(START + timedelta(days=first), START + timedelta(days=last))


WHOLE = {
    Phase.PROPOSE: days(0, 20), Phase.SUPPORT: days(5, 30), Phase.STUDY: days(21, 39), Phase.VOTE: days(40, 50),
    Phase.COMMITTEE: days(55, 55), Phase.VALIDATION: days(60, 70), Phase.WORKS: days(80, 200),
}  # fmt: skip


def test_a_calendar_in_order_has_no_fault() -> None:
    assert list(faults(WHOLE)) == []
    assert list(faults({Phase.PROPOSE: days(0, 20), Phase.VOTE: days(21, 21)})) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({Phase.STUDY: days(30, 21)}, "study_last"), ({Phase.SUPPORT: days(-1, 30)}, "support_first"),
        ({Phase.STUDY: days(21, 40)}, "vote_first"), ({Phase.SUPPORT: days(5, 45)}, "vote_first"),
        ({Phase.PROPOSE: days(0, 40)}, "vote_first"), ({Phase.COMMITTEE: days(50, 51)}, "committee_first"),
        ({Phase.WORKS: days(59, 99)}, "works_first"), ({Phase.VOTE: None}, "vote_first"),
    ],
)  # fmt: skip
def test_a_calendar_out_of_order_is_told_at_its_field(change: dict[Phase, Days | None], field: str) -> None:
    calendar = {phase: found for phase, found in (WHOLE | change).items() if found}
    assert field in [one for one, _sentence in faults(calendar)]


@pytest.mark.parametrize(
    ("today", "change", "field"),
    [
        (-5, {Phase.PROPOSE: days(1, 20)}, None),  # nothing began: all may move
        (10, {Phase.PROPOSE: days(0, 25)}, None),  # longer
        (10, {Phase.PROPOSE: days(0, 15)}, "propose_last"),  # shorter
        (10, {Phase.PROPOSE: days(1, 20)}, "propose_first"),
        (25, {Phase.PROPOSE: days(0, 26)}, "propose_last"),  # over
        (10, {Phase.STUDY: None}, None), (22, {Phase.STUDY: None}, "study_first"),
        (10, {Phase.COMMITTEE: days(9, 9)}, "committee_first"),  # not in the past
    ],
)  # fmt: skip
def test_what_began_only_lasts_longer(today: int, change: dict[Phase, Days | None], field: str | None) -> None:
    after = {phase: found for phase, found in (WHOLE | change).items() if found}
    found = [one for one, _sentence in moves(WHOLE, after, START + timedelta(days=today))]
    assert found == ([field] if field else [])


def test_supports_follow_their_phase_or_else_the_time_before_the_vote() -> None:
    assert "15 mars" in supported_on(WHOLE, START)
    assert supported_on(WHOLE, START + timedelta(days=30)) == ""
    assert supported_on(WHOLE, START + timedelta(days=31))
    short = {Phase.PROPOSE: WHOLE[Phase.PROPOSE], Phase.VOTE: WHOLE[Phase.VOTE]}
    assert supported_on(short, START + timedelta(days=39)) == ""
    assert supported_on(short, START + timedelta(days=40))


def test_the_commune_moves_a_phase_with_its_reason_and_followers_are_told(client: FlaskClient) -> None:
    keeper, follower = person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]), person()
    call = campaign(actor(keeper))
    idea = ftu_idea(call)
    projects.follow(actor(follower), idea.id, is_following=True)
    number, address = call.id, follower.email
    login(client, keeper)
    page = client.get(f"/ftu/campagnes/{number}/calendrier").text
    assert 'value="2027-04-19"' in page
    wanted = {
        "propose_first": "2027-03-10", "propose_last": "2027-03-30", "support_first": "2027-03-15", "support_last": "2027-04-10",
        "vote_first": "2027-05-01", "vote_last": "2027-05-10",
    }  # fmt: skip
    refused = client.post(f"/ftu/campagnes/{number}/calendrier", data=wanted)
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.text
    answer = client.post(f"/ftu/campagnes/{number}/calendrier", data=wanted | {"reason": "La salle est prise en avril."})
    assert answer.status_code == 303
    changed = db.session.get_one(Campaign, number)
    assert changed.vote_opens_on == date(2027, 5, 1)
    assert changed.calendar[Phase.SUPPORT] == Days(date(2027, 3, 15), date(2027, 4, 10))
    page = client.get(f"/ftu/campagnes/{number}").text
    assert "La salle est prise en avril." in page
    assert "Les habitants soutiennent les idées" in page
    letter = db.session.scalars(db.select(Letter).where(Letter.to == address)).one()
    assert "1er mai 2027" in letter.body
    assert "La salle est prise en avril." in letter.body


def test_an_announced_vote_keeps_its_days_and_other_communes_stay_out(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [5_000_00])
    call = db.session.get_one(Campaign, poll.call_id)
    later = call.calendar | {Phase.VOTE: days(45, 55)}
    with clock.at(clock.now() + timedelta(days=30)):
        with pytest.raises(Invalid, match="annoncé"):
            ftu.change_calendar(officer, call.id, later, reason="Parce que.")
        with pytest.raises(Forbidden):
            ftu.change_calendar(works_officer("59350"), call.id, later, reason="Parce que.")


def test_an_idea_proposed_in_time_is_completed_until_the_study(app: Flask) -> None:
    bearer, call = actor(person()), campaign()
    first, second = ftu_idea(call, bearer), ftu_idea(call, bearer, title="Un banc")
    with clock.at(clock.now() + timedelta(days=25)):
        assert projects.lodge(bearer, first.id).state == "submitted"
    with clock.at(clock.now() + timedelta(days=40)), pytest.raises(NotReady):
        projects.lodge(bearer, second.id)
