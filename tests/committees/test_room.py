"""What the room says to each: who represents whom, what somebody recused may not read, one's own notes, what to do now."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.committees import convening, notes, preparation, presence, seats, sitting
from citizen.committees.models import Seat
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import Forbidden
from citizen.people.models import Person
from tests import factories, rooms
from tests.committees.test_sitting import before, proposed


def sign_in(client: FlaskClient, who: Actor) -> None:
    factories.login(client, db.session.get_one(Person, who.person_id))


def test_proxies_announced_before_hold_at_the_opening_if_the_rules_still_allow_them(app: Flask) -> None:
    project, people, manager = before(6)
    session = rooms.item_of(project).session
    convening.convene(manager, session.id)
    mine = {who: presence.room_of(session).seat_of(who) for who in people}
    asked = {one.seat_id: one.id for one in preparation.invitations(session.id) if one.seat_id}

    def gives(giver: int, holder: int) -> None:
        convening.answer(asked[seat(giver).id], answer="proxy", proxy_seat_id=seat(holder).id)

    def seat(rank: int) -> Seat:
        found = mine[people[rank]]
        assert found is not None
        return found

    gives(1, 0)
    gives(3, 2)
    gives(5, 4)
    seats.change(manager, seat(3).id, college="Élus", office="member", ends_on=None)  # no longer of the holder's college
    seats.end(manager, seat(4).id)
    with factories.in_session(project):
        sitting.open_session(manager, session.id)
        sitting.arrive(manager, session.id, [seat(0).id, seat(2).id])
        room = presence.room_of(session)
        assert room.holders == {seat(1).id: seat(0).id}
        assert room.voters() == {seat(0).id: None, seat(1).id: seat(0).id, seat(2).id: None}


def test_a_proxy_noted_in_the_room_counts_when_another_is_announced(app: Flask) -> None:
    project, _people, manager = before(3)
    session = rooms.item_of(project).session
    convening.convene(manager, session.id)
    first, second, third = presence.room_of(session).seats
    sitting.give_proxy(manager, session.id, first.id, third.id)
    invited = next(one for one in preparation.invitations(session.id) if one.seat_id == second.id)
    assert [one.id for one in preparation.proxies_for(invited)] == [first.id], "the rules allow one for each member"


def test_somebody_recused_reads_nothing_more_of_the_file(app: Flask, client: FlaskClient) -> None:
    project, people, _manager = before(4)
    item, who = rooms.item_of(project), people[1]
    quote = project.attachments[0].id
    pages = (
        f"/comites/passages/{item.id}", f"/comites/passages/{item.id}/note", f"/projets/{project.id}/documents/{quote}",
        f"/projets/{project.id}/dossier.pdf",
    )  # fmt: skip
    with factories.in_session(project):
        rooms.opened(item.session)
        sign_in(client, who)
        read = {page: client.get(page).status_code for page in pages}
        lecture = f"/comites/seances/{item.session_id}/lecture"
        assert project.description in client.get(lecture).text
        mine = presence.room_of(item.session).seat_of(who)
        assert mine is not None
        sitting.recuse(who, item.id, mine.id, "other")
        refused = {page: client.get(page).status_code for page in pages}
        for path in (lecture, f"{lecture}/imprimer", f"/comites/seances/{item.session_id}"):
            answer = client.get(path)
            assert answer.status_code == 200 and project.description not in answer.text, path
        with pytest.raises(Forbidden):
            notes.write(who, item.id, text="Je lis encore.", is_kept=False)
    assert set(read.values()) == {200}, read
    assert set(refused.values()) <= {403, 404}, refused


def test_a_member_writes_a_note_beside_the_vote_and_stays_there(app: Flask, client: FlaskClient) -> None:
    project, people, _manager = before()
    item_id = rooms.item_of(project).id
    with factories.in_session(project):
        rooms.opened(rooms.item_of(project).session)
        sign_in(client, people[0])
        answer = client.post(f"/comites/passages/{item_id}/note", data={f"note{item_id}-text": "Demander le devis."})
        assert answer.headers["Location"] == f"/comites/passages/{item_id}#notes"
        assert "Demander le devis." in client.get(f"/comites/passages/{item_id}").text
        sign_in(client, people[1])
        assert "Demander le devis." not in client.get(f"/comites/passages/{item_id}").text


def test_the_room_lists_the_files_to_admit_for_the_manager_and_the_vote_that_is_open(app: Flask, client: FlaskClient) -> None:
    project, people, manager = before()
    lodged, path = factories.pic_lodged(project.call, title="Un rucher"), f"/comites/{project.call.fund_id}"
    with factories.in_session(project):
        sign_in(client, manager)
        assert lodged.title in client.get(path).text
        sign_in(client, people[0])
        page = client.get(path).text
        assert lodged.title not in page and "Vote ouvert maintenant" not in page
        proposed(project)
        assert "Vote ouvert maintenant" in client.get(path).text
        mine = presence.room_of(rooms.item_of(project).session).seat_of(people[0])
        assert mine is not None
        sitting.recuse(manager, rooms.item_of(project).id, mine.id, "other")
        assert "Vote ouvert maintenant" not in client.get(path).text
