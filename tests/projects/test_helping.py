"""A helper writes with the group's recorded consent, says so, never owns the file, and judges nothing of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.committees.queries import has_part
from citizen.db import db
from citizen.journal.queries import events_of
from citizen.kernel.access import NOBODY, Role
from citizen.kernel.lifecycle import Forbidden
from citizen.people import services as people
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import helping, queries, services, team, versions
from tests import factories, groups


@pytest.fixture
def draft(app: Flask) -> PicProject:
    return factories.pic_draft()


def again(project: PicProject) -> PicProject:
    db.session.rollback()
    return db.session.get_one(PicProject, project.id)


def test_a_helper_writes_and_does_nothing_else(draft: PicProject) -> None:
    karim = groups.helper(draft)
    services.edit(karim, draft.id, lambda kept: setattr(kept, "place", "Le petit square"))
    for step in draft.rules.lifecycle.steps:
        if step.action not in ("edit", "write_report"):
            with pytest.raises(Forbidden):
                services.judge(karim, again(draft), step.action)
    with pytest.raises(Forbidden):
        team.invite(karim, draft.id, draft.team[1].id, "luc@exemple.fr")
    with pytest.raises(Forbidden):
        team.leave(karim, draft.id)


def test_what_a_helper_writes_says_so_once_a_day(draft: PicProject) -> None:
    karim = groups.helper(draft)
    for place in ("Ici", "Là"):
        services.edit(karim, draft.id, lambda kept, place=place: setattr(kept, "place", place))
    assert [event.action for event in events_of(draft.on)].count("written_with_help") == 1
    assert versions.days_of_writing(again(draft))[karim.person_id] == 1


def test_consent_is_kept_in_its_words_and_its_end_closes_the_file_at_once(draft: PicProject) -> None:
    karim, bearer = groups.helper(draft), groups.bearer_of(draft)
    kept = again(draft).helpers[0]
    assert (kept.consented_by, kept.words) == (bearer.person_id, "Nous en avons parlé, nous sommes d’accord.")
    with pytest.raises(Forbidden):
        helping.stop(factories.actor(factories.person()), draft.id, kept.id)
    helping.stop(bearer, draft.id, kept.id)
    karim = groups.actor_again(karim)
    assert not queries.may_see(karim, again(draft))
    with pytest.raises(Forbidden):
        services.edit(karim, draft.id, lambda _kept: None)
    assert again(draft).helpers[0].words, "the record stays"


def test_an_offer_opens_nothing_before_the_group_says_yes(draft: PicProject) -> None:
    who = factories.actor(factories.person())
    groups.helping_offer(draft, who)
    assert not queries.may_see(groups.actor_again(who), again(draft))
    assert who.person_id not in again(draft).team_ids


def test_a_helper_of_the_committee_has_a_part(app: Flask) -> None:
    project = factories.pic_admissible()
    karim = groups.helper(project)
    assert project.call
    people.give_duty(NOBODY, karim.person_id or 0, Role.FUND_MANAGER, project.call.fund.on)
    karim = groups.actor_again(karim)
    assert has_part(karim, again(project))
    assert karim.person_id in again(project).team_ids
    with pytest.raises(Forbidden):
        services.judge(karim, again(project), "inscribe")


def test_an_invited_helper_accepts_by_the_link(draft: PicProject) -> None:
    bearer, email = groups.bearer_of(draft), "karim@centre.example"
    helping.invite(bearer, draft.id, name="Karim", quality="du centre social", words="Oui, tous ensemble.", email=email)
    karim = factories.actor(factories.person(email, "Karim"))
    team.accept(karim, groups.mailed_token(email))
    assert Role.HELPER in queries.roles_on(groups.actor_again(karim), again(draft))
    assert again(draft).helpers[0].words == "Oui, tous ensemble."


def test_the_public_reads_that_somebody_helped_and_reviewers_read_who(app: Flask, client: FlaskClient) -> None:
    draft = factories.pic_draft()
    karim = groups.helper(draft)
    services.edit(karim, draft.id, lambda kept: setattr(kept, "place", "Le petit square"))
    services.lodge(groups.bearer_of(draft), draft.id)
    page = client.get(f"/projets/{draft.id}", follow_redirects=True).text
    assert "Une personne qui aide l’équipe a écrit dans le dossier" in page
    assert "Karim" not in page
    assert draft.call
    manager = factories.person(duties=[(Role.FUND_MANAGER, draft.call.fund.on)])
    factories.login(client, manager)
    page = client.get(f"/projets/{draft.id}", follow_redirects=True).text
    assert "Écrit avec l’aide de Karim, du centre social" in page
    assert "Karim, du centre social, pour l’équipe" in page
    assert "1 jour(s) d’écriture sur" in page


def test_somebody_offers_help_from_the_page_of_a_public_project(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_lodged()
    who = factories.person(name="Inès")
    factories.login(client, who)
    assert "Proposer d’aider l’équipe" in client.get(f"/projets/{project.id}", follow_redirects=True).text
    assert client.post(f"/projets/{project.id}/aider", data={"quality": ""}).status_code == 422
    assert client.post(f"/projets/{project.id}/aider", data={"quality": "voisine"}).status_code == 303
    assert client.get(f"/projets/{project.id}/aider").status_code == 403
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    number = again(project).helpers[0].id
    address = f"/projets/{project.id}/groupe/aides/{number}"
    assert client.post(f"{address}/accord", data={"words": " "}).status_code == 422
    assert client.post(f"{address}/accord", data={"words": "Oui."}).status_code == 303
    assert client.post(f"{address}/arreter").status_code == 303
    assert again(project).helping == []
