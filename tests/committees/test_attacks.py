"""What a dishonest member, a careless manager or the holder of an old link would try with a committee."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen import clock
from citizen.committees import convening, letters, presence, recording, seats, services, sitting, voting
from citizen.committees import review as room
from citizen.committees.models import Proxy
from citizen.committees.questions import SecretBallot
from citizen.committees.records import Convocation
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.models import Person
from tests import factories, groups, rooms
from tests.committees.test_sitting import before, proposed


def seat_of(who: Actor, session: object) -> int:
    mine = presence.room_of(session).seat_of(who)  # type: ignore[arg-type]
    assert mine is not None
    return mine.id


def test_a_seat_that_voted_in_secret_does_not_vote_again_by_proxy(app: Flask) -> None:
    """Voted, left, gave a proxy: one ballot."""
    project, people, manager = before(ballot="secret")
    session = rooms.item_of(project).session
    with factories.in_session(project):
        question = proposed(project)
        voting.cast(people[1], question, "for")
        giver, holder = seat_of(people[1], session), seat_of(people[2], session)
        sitting.leave(manager, session.id, giver)
        sitting.give_proxy(people[1], session.id, giver, holder)
        with pytest.raises(NotNow, match="déjà voté"):
            voting.cast(people[2], question, "for", giver)
        assert db.session.scalar(select(func.count()).select_from(SecretBallot)) == 1


def test_a_void_secret_vote_leaves_no_ballot_behind(app: Flask) -> None:
    """Nobody counts them: kept in the order of their writing, they would only tell who chose what."""
    project, people, _manager = before(4, ballot="secret")
    item = rooms.item_of(project)
    with factories.in_session(project):
        question = proposed(project)
        for who in people[:3]:
            voting.cast(who, question, "against")
        sitting.recuse(people[2], item.id, seat_of(people[2], item.session), "other")
        assert db.session.get_one(voting.Question, question).result == "void"
        assert db.session.scalar(select(func.count()).select_from(SecretBallot)) == 0


def test_a_member_set_apart_reads_the_file_on_no_page_of_the_session(app: Flask, client: FlaskClient) -> None:
    project, people, _manager = before(4)
    item = rooms.item_of(project)
    session_id, mine = item.session_id, seat_of(people[1], item.session)
    with factories.in_session(project):
        factories.login(client, db.session.get_one(Person, people[1].person_id))
        page = f"/comites/seances/{session_id}"
        assert "En faisant du porte-à-porte" in client.get(page).text
        sitting.recuse(people[1], item.id, mine, "other")
        for path in (page, f"{page}/lecture", f"{page}/salle"):
            assert "En faisant du porte-à-porte" not in client.get(path).text, path
        assert client.get(f"/comites/passages/{item.id}").status_code == 403


def test_only_who_conducts_closes_a_session(app: Flask, client: FlaskClient) -> None:
    project, people, _manager = before()
    session_id = rooms.item_of(project).session_id
    with factories.in_session(project):
        rooms.settled(project)
        with pytest.raises(Forbidden):
            services.close(people[2], session_id)
        factories.login(client, db.session.get_one(Person, people[2].person_id))
        assert "Clore la séance" not in client.get(f"/comites/seances/{session_id}").text
        assert services.close(people[0], session_id).closed_at, "who presides may"


def test_who_left_the_committee_reads_its_past_files_no_more(app: Flask, client: FlaskClient) -> None:
    project, people, manager = before()
    item = rooms.item_of(project)
    item_id, mine, held_at, session_id = item.id, seat_of(people[2], item.session), item.session.held_at, item.session_id
    rooms.settled(project)
    with clock.at(held_at):
        services.close(manager, session_id)
    with clock.at(held_at + timedelta(days=30)):
        factories.login(client, db.session.get_one(Person, people[2].person_id))
        assert client.get(f"/comites/passages/{item_id}").status_code == 200
        seats.end(manager, mine)
        assert client.get(f"/comites/passages/{item_id}").status_code == 403
        assert client.get(f"/comites/seances/{session_id}/salle").status_code == 403


def test_the_link_of_who_sits_no_more_answers_nothing(app: Flask, client: FlaskClient) -> None:
    project, people, manager = before()
    session = rooms.item_of(project).session
    convening.convene(manager, session.id)
    mine = seat_of(people[1], session)
    invitation = db.session.scalars(select(Convocation).where(Convocation.seat_id == mine)).one()
    link, holder = f"/comites/invitations/{letters.token_of(invitation.id)}", seat_of(people[2], session)
    seats.end(manager, mine)
    assert client.post(link, data={"answer": "proxy", "proxy": str(holder)}).status_code == 422
    page = client.get(link).text
    assert people[2].name not in page and "Envoyer ma réponse" not in page
    assert db.session.scalar(select(func.count()).select_from(Proxy)) == 0


def test_links_and_the_room_give_nobody_more_proxies_than_the_rules(app: Flask) -> None:
    project, people, manager = before(4, proxies_per_member=1)
    session = rooms.item_of(project).session
    convening.convene(manager, session.id)
    first, second, holder = (seat_of(who, session) for who in people[1:])
    sitting.give_proxy(people[1], session.id, first, holder)
    invitation = db.session.scalars(select(Convocation).where(Convocation.seat_id == second)).one()
    with pytest.raises(Invalid, match="peut encore"):
        convening.answer(invitation.id, answer="proxy", proxy_seat_id=holder)


def test_one_person_holds_one_seat_whatever_addresses_were_invited(app: Flask, client: FlaskClient) -> None:
    fund = factories.pic_fund()
    who, manager = factories.person(), factories.manager_of(fund)
    rooms.seat(fund, factories.actor(who))
    other = seats.add(manager, fund.id, name="La même", college="Habitants", email="autre@exemple.fr")
    with transaction():
        who.email = "autre@exemple.fr"
    factories.login(client, who)
    assert client.post(f"/comites/sieges/{other.id}/accepter").status_code == 409


def test_the_extract_names_no_helper(app: Flask) -> None:
    project, _people, _manager = before()
    groups.helper(project, "Karim Benali")
    db.session.expire_all()
    assert "Karim Benali" in recording.names_in(rooms.item_of(project).session)


def test_the_extract_of_one_session_tells_nothing_of_what_another_keeps(app: Flask) -> None:
    """Two sessions closed, one signed: its envelope is not lessened by what the other settled and has not told."""
    project, _people, manager = before()
    session, other = rooms.item_of(project).session, factories.pic_session(project.call.fund, days=19)
    hidden = factories.pic_inscribed(project.call, other)
    rooms.settled(hidden, cents=333_00)
    rooms.settled(project, cents=500_00)
    with clock.at(session.held_at):
        services.close(manager, session.id)
    shown = recording.content(recording.session_for_minutes(session.id))["envelopes"][0]  # type: ignore[arg-type]
    assert (shown["before_cents"], shown["after_cents"]) == (10_000_00, 9_500_00)


def test_who_has_a_part_corrects_nothing_of_it(app: Flask) -> None:
    project, _people, _manager = before()
    fund = project.call.fund
    bearer = factories.actor(db.session.get_one(Person, project.bearer_id))
    conductor = Actor(bearer.person_id, bearer.name, bearer.duties | factories.manager_of(fund).duties)
    rooms.settled(project)
    with factories.in_session(project), pytest.raises(Forbidden):
        room.correct(conductor, rooms.item_of(project).id, sentence="Bravo.", easy="Bravo.", asked="", reason="Plus joli.")
