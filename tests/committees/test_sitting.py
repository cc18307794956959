"""A session as it goes: quorum, links, votes sent twice, secret ballots, ties, what is settled and released."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from citizen import clock
from citizen.committees import presence, sitting, voting
from citizen.committees import review as room
from citizen.committees.models import Recusal
from citizen.committees.questions import Outcome, SecretBallot, Vote
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.people.models import Person
from citizen.pic import sitting as conditions
from citizen.pic.models import PicProject
from citizen.projects import services as life
from tests import factories, rooms
from tests.counting import counted


def before(number: int = 3, **terms: object) -> tuple[PicProject, list[Actor], Actor]:
    """A file inscribed before a committee of members with accounts; its manager."""
    fund = factories.pic_fund(**terms)
    people = rooms.members(fund, number)
    return factories.pic_inscribed(factories.pic_call(fund)), people, factories.manager_of(fund)


def proposed(project: PicProject, cents: int = 500_00) -> int:
    """A grant put to the vote: its question."""
    item = rooms.item_of(project)
    manager = rooms.opened(item.session)
    sitting.hear(manager, item.id, "present")
    conditions.note(manager, item.id, rooms.judged())
    return room.propose(manager, item.id, "grant", amount_cents=cents).id


def test_nobody_decides_without_quorum(app: Flask) -> None:
    project, _people, manager = before(4, quorum_percent=75)
    item = rooms.item_of(project)
    with factories.in_session(project):
        question = proposed(project)
        for seat in presence.room_of(item.session).seats[:2]:
            sitting.leave(manager, item.session_id, seat.id)
        with pytest.raises(NotReady):
            room.count(manager, question)
        assert db.session.scalar(select(func.count()).select_from(Outcome)) == 0


def test_a_vote_sent_again_counts_once_and_an_open_one_may_change(app: Flask) -> None:
    project, people, manager = before()
    with factories.in_session(project):
        question = proposed(project)
        for choice in ("for", "for", "against", "for"):
            voting.cast(people[0], question, choice)
        voting.cast(people[1], question, "for")
        counted_question = room.count(manager, question)
        assert (counted_question.votes_for, counted_question.votes_against) == (2, 0)
        assert voting.cast(people[0], question, "for").result == "adopted", "sent again once counted, it had arrived"
        with pytest.raises(NotNow, match="clos"):
            voting.cast(people[0], question, "against")


def test_a_secret_vote_never_changes_and_nothing_says_whose_it_is(app: Flask) -> None:
    project, people, manager = before(ballot="secret")
    with factories.in_session(project):
        question = proposed(project)
        for who, choice in zip(people, ("for", "against", "for"), strict=True):
            voting.cast(who, question, choice)
            voting.cast(who, question, "abstain")
        assert room.count(manager, question).votes_for == 2
        assert set(db.session.scalars(select(Vote.choice))) == {None}
        assert db.session.scalar(select(func.count()).select_from(SecretBallot)) == 3


def test_the_papers_of_the_box_are_as_many_as_the_members(app: Flask) -> None:
    project, people, manager = before(4, ballot="secret")
    with factories.in_session(project):
        question = proposed(project)
        voting.cast(people[0], question, "for")
        voted = db.session.scalars(select(Vote.seat_id)).one()
        left = [one.id for one in presence.room_of(rooms.item_of(project).session).seats if one.id != voted]
        with pytest.raises(Invalid, match="autant de papiers"):
            voting.count_urn(manager, question, left, votes_for=1, votes_against=0, abstentions=0)
        with pytest.raises(Invalid, match="qui a voté quoi"):
            voting.count_urn(manager, question, left[:1], votes_for=1, votes_against=0, abstentions=0)
        voting.count_urn(manager, question, left, votes_for=1, votes_against=1, abstentions=1)
        assert room.count(manager, question).votes_for == 2


def test_a_secret_vote_is_not_counted_before_it_is_one(app: Flask) -> None:
    """Two ballots, or three from two people, would tell whose they are."""
    project, people, manager = before(4, ballot="secret")
    session = rooms.item_of(project).session
    with factories.in_session(project):
        question = proposed(project)
        room_now = presence.room_of(session)
        giver, holder = (room_now.seat_of(who) for who in people[2:])
        assert giver and holder
        sitting.leave(manager, session.id, giver.id)
        sitting.give_proxy(manager, session.id, giver.id, holder.id)
        for seat_id in (holder.id, giver.id):
            voting.cast(people[3], question, "for", seat_id)
        voting.cast(people[0], question, "against")
        with pytest.raises(NotNow, match="qui a voté quoi"):
            room.count(manager, question)
        voting.cast(people[1], question, "for")
        assert room.count(manager, question).votes_for == 3


def test_where_too_few_vote_for_a_secret_the_room_says_so_before_and_hands_are_raised(app: Flask, client: FlaskClient) -> None:
    project, people, manager = before(3, ballot="secret")
    item = rooms.item_of(project)
    page = f"/comites/passages/{item.id}"
    with factories.in_session(project):
        question = proposed(project)
        voting.cast(people[0], question, "for")
        factories.login(client, db.session.get_one(Person, manager.person_id))
        assert "à main levée" not in client.get(page).text
        for who in people[1:2]:
            seat = presence.room_of(item.session).seat_of(who)
            assert seat
            sitting.leave(manager, item.session_id, seat.id)
        assert "Dites-le à tous : le vote se fait à main levée" in client.get(page).text.replace("\xa0", " ")
        assert room.count(manager, question).result == "void"
        assert not db.session.scalars(select(SecretBallot)).all()
        fresh = room.propose(manager, item.id, "grant", amount_cents=500_00)
        assert not fresh.is_secret
        rooms.everybody(manager, fresh.id)
        assert room.settle(manager, item.id).amount_cents == 500_00


def test_who_says_a_link_leaves_and_what_they_voted_is_void(app: Flask) -> None:
    project, people, manager = before(4)
    item = rooms.item_of(project)
    with factories.in_session(project):
        question = proposed(project)
        voting.cast(people[1], question, "for")
        mine = presence.room_of(item.session).seat_of(people[1])
        assert mine is not None
        sitting.recuse(people[1], item.id, mine.id, "other")
        assert db.session.get_one(voting.Question, question).result == "void"
        fresh = room.propose(manager, item.id, "grant", amount_cents=500_00).id
        with pytest.raises(Forbidden):
            voting.cast(people[1], fresh, "for")
        with pytest.raises(DBAPIError, match="recused"), transaction():
            db.session.add(Vote(question_id=fresh, seat_id=mine.id, choice="for"))
        rooms.everybody(manager, fresh)
        assert room.settle(manager, item.id).amount_cents == 500_00


def test_a_member_who_bears_the_project_is_apart_by_itself(app: Flask, client: FlaskClient) -> None:
    project, _people, _manager = before()
    bearer = factories.actor(db.session.get_one(Person, project.bearer_id))
    with factories.in_session(project):
        rooms.seat(project.call.fund, bearer)
        rooms.opened(rooms.item_of(project).session)
        assert db.session.scalars(select(Recusal.ground)).all() == ["bearer"]
        factories.login(client, db.session.get_one(Person, project.bearer_id))
        assert client.get(f"/comites/passages/{rooms.item_of(project).id}").status_code == 403


@pytest.mark.parametrize(("word", "result"), [("for", "adopted"), ("against", "rejected")])
def test_the_president_breaks_a_tie(app: Flask, word: str, result: str) -> None:
    project, people, manager = before(2)
    with factories.in_session(project):
        question = proposed(project)
        voting.cast(people[0], question, word)
        voting.cast(people[1], question, "against" if word == "for" else "for")
        assert room.count(manager, question).result == result


def test_a_secret_tie_waits_for_the_president(app: Flask) -> None:
    project, people, manager = before(4, ballot="secret")
    with factories.in_session(project):
        question = proposed(project)
        for who, choice in zip(people, ("for", "against", "for", "against"), strict=True):
            voting.cast(who, question, choice)
        assert room.count(manager, question).result == "tied"
        assert room.untie(people[0], question, "for").result == "adopted"


def test_what_is_settled_is_reserved_and_nothing_leaves_the_room_before_the_release(app: Flask) -> None:
    project, _people, _manager = before()
    item_id, held_at = rooms.item_of(project).id, rooms.item_of(project).session.held_at
    outcome = rooms.settled(project, cents=400_00)
    assert (project.state, project.call.reserved_cents, project.call.committed_cents) == ("admissible", 400_00, 0)
    assert "sur 600" in outcome.sentence
    with clock.at(held_at):
        room.release(rooms.committee(project.call.fund), item_id)
    assert (project.state, project.call.reserved_cents, project.call.committed_cents) == ("granted", 0, 400_00)


def test_settled_twice_it_is_settled_once_and_reopened_it_is_free_again(app: Flask) -> None:
    project, _people, manager = before()
    first = rooms.settled(project)
    with factories.in_session(project):
        assert room.settle(manager, rooms.item_of(project).id).id == first.id
        room.reopen(manager, rooms.item_of(project).id, "Erreur de montant.")
        assert project.call.reserved_cents == 0
        with pytest.raises(NotNow):
            room.settle(manager, rooms.item_of(project).id)


def test_a_project_withdrawn_in_between_is_released_to_nobody(app: Flask) -> None:
    project, _people, _manager = before()
    item_id = rooms.item_of(project).id
    rooms.settled(project)
    life.take(Actor(project.bearer_id), project.id, "withdraw", reason="Nous partons.")
    assert (project.call.reserved_cents, project.state) == (0, "withdrawn")
    assert room.release(rooms.committee(project.call.fund), item_id) is None


def test_a_paused_session_takes_no_vote_until_somebody_resumes(app: Flask) -> None:
    project, people, manager = before()
    session_id = rooms.item_of(project).session_id
    with factories.in_session(project):
        question = proposed(project)
        sitting.pause(manager, session_id)
        with pytest.raises(NotNow, match="pause"):
            voting.cast(people[0], question, "for")
        sitting.open_session(factories.manager_of(project.call.fund), session_id)
        voting.cast(people[0], question, "for")


def test_the_pages_of_a_session_ask_the_database_as_much_for_one_file_as_for_many(app: Flask, client: FlaskClient) -> None:
    project, people, _manager = before(6)
    session = rooms.item_of(project).session
    paths, counts = [f"/comites/seances/{session.id}{page}" for page in ("", "/salle", "/lecture", "/lecture/imprimer")], []
    factories.login(client, db.session.get_one(Person, people[0].person_id))
    for _more in range(2):
        with factories.in_session(project):
            factories.login(client, db.session.get_one(Person, people[0].person_id))
            client.get(paths[0])
            asked = []
            for path in paths:
                db.session.expire_all()
                with counted() as queries:
                    assert client.get(path).status_code == 200
                asked.append(len(queries))
            counts.append(asked)
        for _one in range(3):
            factories.pic_inscribed(project.call, session)
    assert counts[0] == counts[1]
