"""Supports of an idea: one each, withdrawn or kept when the text changes; two ideas that become one."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.projects import joining, supports
from citizen.projects import services as projects
from citizen.projects.idea_models import Joining, Support, supports_of
from citizen.projects.models import Follow, Project
from tests.factories import actor, login, person
from tests.works import JUDGED, campaign, ftu_draft, ftu_idea, ftu_lodged, ftu_studied, works_officer


def letters_to(who: Person) -> list[Letter]:
    return list(db.session.scalars(db.select(Letter).where(Letter.to == who.email).order_by(Letter.id)))


def test_one_support_each_that_follows_and_can_be_withdrawn(app: Flask) -> None:
    idea, who = ftu_idea(campaign()), actor(person())
    for _again in range(2):
        supports.support(who, idea.id)
    assert supports_of(idea.id).total == 1
    assert db.session.get(Follow, (idea.id, who.person_id))
    supports.withdraw(who, idea.id)
    assert supports_of(idea.id).total == 0


def test_who_bears_it_a_draft_and_a_time_that_is_over_take_no_support(app: Flask) -> None:
    bearer, who, call = actor(person()), actor(person()), campaign()
    idea, draft = ftu_idea(call, bearer), ftu_draft(call, bearer)
    with pytest.raises(NotNow, match="Vous portez"):
        supports.support(bearer, idea.id)
    with pytest.raises(NotNow):
        supports.support(who, draft.id)
    with pytest.raises(NotNow):
        supports.support(actor(person(verified=False)), idea.id)
    supports.support(who, idea.id)
    with clock.at(clock.now() + timedelta(days=40)):
        with pytest.raises(NotNow, match="fini"):
            supports.support(actor(person()), idea.id)
        supports.withdraw(who, idea.id)


def test_the_number_is_public_and_nobody_reads_who(client: FlaskClient) -> None:
    idea, who = ftu_idea(campaign()), person(name="Zoé Secrète")
    login(client, who)
    assert "Soutenir cette idée" in client.get(f"/projets/{idea.id}", follow_redirects=True).text
    assert client.post(f"/projets/{idea.id}/soutien", data={"soutien": "oui"}).status_code == 303
    page = client.get(f"/projets/{idea.id}", follow_redirects=True).text
    assert "1 soutien" in page
    assert "Retirer mon soutien" in page
    client.post("/deconnexion")
    page = client.get(f"/projets/{idea.id}", follow_redirects=True).text
    assert "1 soutien" in page
    assert "Secrète" not in page


def test_a_changed_text_asks_supporters_to_read_it_once(client: FlaskClient) -> None:
    bearer, who = actor(person()), person()
    idea = ftu_idea(campaign(), bearer)
    supports.support(actor(who), idea.id)
    projects.edit(bearer, idea.id, lambda _project: None)
    assert letters_to(who) == []
    for words in ("Poser quatre bancs solides.", "Poser cinq bancs solides."):
        projects.edit(bearer, idea.id, lambda project, words=words: setattr(project, "solution", words))
    assert [letter.subject for letter in letters_to(who)] == [f"{idea.title} : le texte a changé"]
    assert supports_of(idea.id).to_confirm == 1
    login(client, who)
    assert "dont 1 à confirmer" in client.get(f"/projets/{idea.id}", follow_redirects=True).text
    page = client.get(f"/projets/{idea.id}/soutien").text
    assert "<del>" in page
    assert "cinq" in page
    client.post(f"/projets/{idea.id}/soutien", data={"soutien": "oui"})
    assert supports_of(idea.id) == supports.Supports(1, 0)


def test_an_unfinished_sentence_is_not_a_new_text_and_a_file_sent_whole_is(app: Flask) -> None:
    bearer, who = actor(person()), person()
    idea = ftu_idea(campaign(), bearer)
    supports.support(actor(who), idea.id)
    projects.edit(bearer, idea.id, lambda project: setattr(project, "need", "Personne ne pe"), is_unfinished=True)
    assert letters_to(who) == []
    projects.edit(
        bearer, idea.id, lambda project: setattr(project, "need", "Personne ne peut plus s’asseoir."), is_unfinished=True
    )
    projects.lodge(bearer, idea.id)
    assert supports_of(idea.id).to_confirm == 0, "not a word changed"
    officer = works_officer()
    projects.take(officer, idea.id, "ask_completion", reason="Où ?")
    projects.edit(bearer, idea.id, lambda project: setattr(project, "place", "derrière l’école"))
    assert supports_of(idea.id).to_confirm == 0, "not sent yet"
    projects.lodge(bearer, idea.id)
    assert supports_of(idea.id).to_confirm == 1


def test_a_fund_may_ask_for_supports_before_it_studies(app: Flask) -> None:
    officer = works_officer()
    call = campaign(officer, terms={"min_supports": 1})
    with pytest.raises(NotReady) as refused:
        ftu_studied(call, officer)
    assert [found.slug for found in refused.value.findings] == ["ftu-supports"]
    waiting = db.session.scalars(db.select(Project)).one()
    supports.support(actor(person()), waiting.id)
    told = {"reason": "Le sol est bon.", "cost_cents": 1_00, "upkeep": "Nous.", "safety": "Bords ronds.", "inclusion": JUDGED}
    assert ftu.study(officer, waiting.id, is_feasible=True, **told).state == "admissible"


def test_two_teams_agree_and_supports_do_not_move(client: FlaskClient) -> None:
    one, other, call = person(), person(), campaign()
    going, staying = ftu_idea(call, actor(one), title="Un banc"), ftu_idea(call, actor(other), title="Deux bancs")
    fan, friend = person(), person()
    supports.support(actor(fan), going.id)
    supports.support(actor(friend), staying.id)
    login(client, one)
    assert "Deux bancs" in client.get(f"/projets/{going.id}/unir?avec={staying.id}").text
    answer = client.post(f"/projets/{going.id}/unir", data={"other": staying.id, "way": "mine", "words": "Ensemble ?"})
    assert answer.status_code == 303
    number = db.session.scalars(db.select(Joining.id)).one()
    assert client.post(f"/projets/{staying.id}/unir/{number}", data={"reponse": "oui"}).status_code == 403
    assert "Ensemble ?" in letters_to(other)[-1].body
    login(client, other)
    page = client.get(f"/projets/{staying.id}", follow_redirects=True).text
    assert "Ensemble ?" in page
    assert client.post(f"/projets/{staying.id}/unir/{number}", data={"reponse": "oui"}).status_code == 303
    assert client.post(f"/projets/{staying.id}/unir/{number}", data={"reponse": "oui"}).status_code == 409
    client.post("/deconnexion")
    for shown, named in ((going, "Deux bancs"), (staying, "Un banc")):
        assert named in client.get(f"/projets/{shown.id}", follow_redirects=True).text, "a link both ways"
    assert db.session.get_one(Project, going.id).state == "merged"
    assert one.id in db.session.get_one(Project, staying.id).member_ids
    assert supports_of(staying.id).total == supports_of(going.id).total == 1
    assert {row.project_id for row in db.session.scalars(db.select(Support).where(Support.person_id == fan.id))} == {going.id}
    assert "ne change pas de projet tout seul" in letters_to(fan)[-1].body
    assert "gardez ou retirez" in letters_to(friend)[-1].body


def test_a_team_says_no_or_retires_alone(app: Flask) -> None:
    one, other, call = actor(person()), actor(person()), campaign()
    mine, theirs = ftu_idea(call, one, title="Un banc"), ftu_idea(call, other, title="Deux bancs")
    asked = joining.propose(one, mine.id, theirs.id, way="theirs", words="")
    assert asked.project_id == theirs.id
    with pytest.raises(NotNow):
        joining.propose(other, theirs.id, mine.id, way="mine")
    for is_accepted in (True, False):
        with pytest.raises(Forbidden):
            joining.answer(one, asked.id, is_accepted=is_accepted)
    joining.answer(other, asked.id, is_accepted=False)
    assert (mine.state, theirs.state) == ("idea", "idea")
    joining.propose(one, mine.id, theirs.id, way="alone")
    assert mine.state == "merged"
    assert one.person_id not in theirs.team_ids
    with pytest.raises(Forbidden):
        joining.propose(actor(person()), theirs.id, mine.id, way="alone")


def test_only_ideas_of_the_same_campaign_join(app: Flask) -> None:
    bearer = actor(person())
    mine, elsewhere, draft = ftu_idea(campaign(), bearer), ftu_lodged(campaign()), ftu_draft(campaign())
    for other in (elsewhere.id, draft.id, mine.id, 10**6):
        with pytest.raises(Invalid, match=r"campagne|plus une idée|autre projet"):
            joining.propose(bearer, mine.id, other, way="alone")
