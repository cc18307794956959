"""The group: invited by a link that serves once, gone at once, and its place handed over when both agree."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.journal.queries import events_of
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import queries, services, team
from tests import factories, groups


@pytest.fixture
def draft(app: Flask) -> PicProject:
    return factories.pic_draft()


def again(project: PicProject) -> PicProject:
    db.session.rollback()
    return db.session.get_one(PicProject, project.id)


def invited(draft: PicProject, email: str = "luc@exemple.fr") -> str:
    team.invite(groups.bearer_of(draft), draft.id, draft.team[1].id, email)
    return groups.mailed_token(email)


def test_who_accepts_is_of_the_team_and_may_write(draft: PicProject) -> None:
    mate = groups.accepted(draft)
    project = again(draft)
    assert mate.person_id in project.team_ids
    assert Role.TEAM in queries.roles_on(mate, project)
    services.edit(mate, project.id, lambda kept: setattr(kept, "place", "Le grand square"))
    assert "member_joined" in [event.action for event in events_of(project.on)]


def test_a_link_serves_once_and_not_too_late(draft: PicProject) -> None:
    token = invited(draft)
    luc = factories.actor(factories.person("luc@exemple.fr"))
    with clock.at(clock.now() + timedelta(days=16)), pytest.raises(NotNow):
        team.accept(luc, token)
    team.accept(luc, token)
    with pytest.raises(NotNow):
        team.accept(luc, token)


def test_a_stranger_to_the_address_is_refused(draft: PicProject) -> None:
    token = invited(draft)
    with pytest.raises(Forbidden):
        team.accept(factories.actor(factories.person("autre@exemple.fr")), token)
    with pytest.raises(Forbidden):
        team.accept(Actor(), token)
    with pytest.raises(NotNow):
        team.accept(factories.actor(factories.person("luc@exemple.fr", verified=False)), token)
    assert again(draft).team[1].person_id is None


def test_sent_again_or_cancelled_the_former_link_is_dead(draft: PicProject) -> None:
    first = invited(draft)
    second = invited(draft)
    assert team.open_invitation(first) is None
    found = team.open_invitation(second)
    assert found
    team.cancel_invitation(groups.bearer_of(draft), draft.id, found.id)
    assert team.open_invitation(second) is None


def test_who_was_removed_cannot_come_back(draft: PicProject) -> None:
    mate = groups.accepted(draft)
    number = next(one.id for one in again(draft).team if one.person_id == mate.person_id)
    team.remove(groups.bearer_of(draft), draft.id, number)
    mate = groups.actor_again(mate)
    assert not queries.may_see(mate, again(draft))
    assert mate.duties == frozenset()
    token = invited(draft, "nour@exemple.fr")
    team.remove(groups.bearer_of(draft), draft.id, again(draft).team[1].id)
    with pytest.raises(NotNow):
        team.accept(factories.actor(factories.person("nour@exemple.fr")), token)


def test_only_the_bearer_invites_and_removes_who_accepted(draft: PicProject) -> None:
    mate, other = groups.accepted(draft), groups.accepted(again(draft), "Nour")
    number = next(one.id for one in again(draft).team if one.person_id == other.person_id)
    with pytest.raises(Forbidden):
        team.remove(mate, draft.id, number)
    with pytest.raises(Forbidden):
        team.add(mate, draft.id, email="x@exemple.fr", name="Inès", household=4, role="", task="", is_presenter=False)
    assert len(again(draft).team) == 3


def test_what_is_no_address_is_refused_and_nothing_is_kept(draft: PicProject) -> None:
    with pytest.raises(Invalid):
        team.invite(groups.bearer_of(draft), draft.id, draft.team[1].id, "pas une adresse")
    assert again(draft).team[1].invitation is None


def test_declining_takes_the_name_off_the_list_and_tells_the_bearer(draft: PicProject) -> None:
    team.decline(invited(draft))
    assert [one.name for one in again(draft).team] == ["Awa", "Nour"]
    bearer = db.session.get_one(Person, draft.bearer_id)
    told = db.session.scalars(db.select(Letter.body).where(Letter.to == bearer.email).order_by(Letter.id.desc())).first()
    assert told and "Luc a décliné" in told


def test_leaving_is_always_possible_but_for_the_bearer(draft: PicProject) -> None:
    mate, bearer = groups.accepted(draft), groups.bearer_of(draft)
    services.lodge(bearer, draft.id)
    with pytest.raises(NotNow):
        team.leave(bearer, draft.id)
    team.leave(mate, draft.id)
    assert mate.person_id not in again(draft).team_ids
    assert groups.actor_again(mate).duties == frozenset()


def test_the_bearer_s_place_changes_hands_when_both_agree(draft: PicProject) -> None:
    mate, bearer = groups.accepted(draft), groups.bearer_of(draft)
    number = next(one.id for one in again(draft).team if one.person_id == mate.person_id)
    with pytest.raises(Forbidden):
        team.answer_place(mate, draft.id, is_accepted=True)
    team.offer_place(bearer, draft.id, number)
    with pytest.raises(Forbidden):
        team.answer_place(bearer, draft.id, is_accepted=True)
    team.answer_place(mate, draft.id, is_accepted=True)
    project, heir, former = again(draft), groups.actor_again(mate), groups.actor_again(bearer)
    assert project.bearer_id == mate.person_id
    assert heir.holds(Role.BEARER, project.on) and not heir.holds(Role.TEAM, project.on)
    assert former.holds(Role.TEAM, project.on) and not former.holds(Role.BEARER, project.on)
    with pytest.raises(Forbidden):
        services.lodge(former, project.id)
    services.lodge(heir, project.id)


def test_a_stranger_s_page_says_so_and_shows_no_address(draft: PicProject, client: FlaskClient) -> None:
    token = invited(draft)
    page = client.get(f"/invitations/{token}")
    assert page.status_code == 200 and "luc@" not in page.text
    assert f"/inscription?suite=/invitations/{token}" in page.text
    factories.login(client, factories.person("autre@exemple.fr"))
    page = client.get(f"/invitations/{token}")
    assert "pour une autre adresse" in page.text and "luc@" not in page.text
    assert client.post(f"/invitations/{token}", data={"reponse": "oui"}).status_code == 403
    assert client.get("/invitations/inconnu").status_code == 410


def test_the_group_page_never_shows_an_address_nor_a_household(draft: PicProject, client: FlaskClient) -> None:
    invited(draft)
    bearer = db.session.get_one(Person, draft.bearer_id)
    factories.login(client, bearer)
    page = client.get(f"/projets/{draft.id}/groupe").text
    assert "invitation envoyée" in page and "par son nom seulement" in page
    assert "luc@" not in page and "oyer" not in page.split("<main")[1]


def test_tasks_are_shared_and_done(draft: PicProject, client: FlaskClient) -> None:
    factories.login(client, db.session.get_one(Person, draft.bearer_id))
    address = f"/projets/{draft.id}/groupe"
    assert client.post(address, data={"label": "Coller les affiches", "member": str(draft.team[1].id)}).status_code == 303
    task = again(draft).tasks[0]
    assert task.member and task.member.name == "Luc"
    client.post(f"{address}/taches/{task.id}/faite")
    assert again(draft).tasks[0].is_done
    other = factories.pic_draft(draft.call)
    client.post(f"{address}/taches/{task.id + 99}/retirer")
    assert client.post(f"/projets/{other.id}/groupe/taches/{task.id}/retirer").status_code == 404
    client.post(f"{address}/taches/{task.id}/retirer")
    assert again(draft).tasks == []
