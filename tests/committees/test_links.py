"""Who had a part in a file before the session still has one: they neither read, conduct, vote nor judge it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.committees import preparation, presence, sitting
from citizen.committees.models import Recusal
from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Forbidden
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import helping, services, team
from tests import factories, groups, rooms


def left(project: PicProject) -> Actor:
    """Somebody of the team who left once it was lodged."""
    mate = groups.accepted(project)
    team.leave(mate, project.id)
    return mate


def handed_over(project: PicProject) -> Actor:
    """Its bearer, who gave the place to another and then left."""
    mate, bearer = groups.accepted(project), groups.bearer_of(project)
    number = next(one.id for one in project.team if one.person_id == mate.person_id)
    team.offer_place(bearer, project.id, number)
    team.answer_place(mate, project.id, is_accepted=True)
    team.leave(groups.actor_again(bearer), project.id)
    return bearer


def helped(project: PicProject) -> Actor:
    """Somebody who helped to write it, and stopped."""
    who = groups.helper(project)
    helping.stop(who, project.id, project.helpers[-1].id)
    return who


@pytest.mark.parametrize("had_part", [left, handed_over, helped])
def test_who_left_the_project_since_its_lodging_is_apart(
    app: Flask, client: FlaskClient, had_part: Callable[[PicProject], Actor]
) -> None:
    project = factories.pic_inscribed()
    who = had_part(project)
    item = rooms.item_of(project)
    with factories.in_session(project):
        seat = rooms.seat(project.call.fund, groups.actor_again(who))
        rooms.opened(item.session)
        assert db.session.scalars(select(Recusal.seat_id)).all() == [seat.id]
        assert seat.id not in presence.room_of(item.session).voters(presence.recused_from(item))
        assert preparation.apart(groups.actor_again(who), item.session) == {item.id}
        factories.login(client, db.session.get_one(Person, who.person_id))
        assert client.get(f"/comites/passages/{item.id}").status_code == 403
        assert project.description not in client.get(f"/comites/seances/{item.session_id}/lecture").text


def test_a_manager_who_left_the_team_does_not_admit_the_file(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_lodged()
    mate = left(project)
    factories.services.give_duty(factories.administrator(), mate.person_id, Role.FUND_MANAGER, project.call.fund.on)
    factories.login(client, db.session.get_one(Person, mate.person_id))
    assert "Déclarer recevable" not in client.get(f"/projets/{project.id}", follow_redirects=True).text
    with pytest.raises(Forbidden):
        services.take(groups.actor_again(mate), project.id, "admit")


def test_who_left_a_draft_had_no_part_in_the_file(app: Flask) -> None:
    project = factories.pic_draft()
    assert not project.had_part(left(project).person_id)


def test_who_was_set_apart_does_not_read_what_was_settled_in_what_is_left(app: Flask, client: FlaskClient) -> None:
    """The envelope of 10 000 euros holds 9 500 once the item is settled: who had a link reads it nowhere."""
    fund = factories.pic_fund()
    people, call = rooms.members(fund, 3), factories.pic_call(fund)
    session = factories.pic_session(fund)
    settled, other = factories.pic_inscribed(call, session), factories.pic_inscribed(call, session)
    with factories.in_session(other):
        manager = rooms.opened(session)
        seat = presence.room_of(session).seat_of(people[0])
        assert seat
        sitting.recuse(people[0], rooms.item_of(settled).id, seat.id, "other")
        rooms.settled(settled)
        page, pack = f"/comites/passages/{rooms.item_of(other).id}", f"/comites/seances/{session.id}/lecture"
        for who, is_told in ((manager, True), (people[0], False)):
            factories.login(client, db.session.get_one(Person, who.person_id))
            told = [client.get(address).text.replace("\u202f", " ").replace("\xa0", " ") for address in (page, pack)]
            assert ("9 500 €" in told[0]) == is_told and "9 500 €" not in told[1]
            assert "10 000 €" in told[1]
