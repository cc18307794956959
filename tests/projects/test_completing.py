"""Points asked at their place, answered one by one, sent back in one press; versions that say what changed."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.cli import main
from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotReady
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import completing, reminding, services, versions
from citizen.projects.completing import Wanted
from citizen.projects.steps import S
from tests import factories, groups

ASKED = [Wanted("pic.conditions#learning", "Que saurez-vous faire après ?"), Wanted("budget.lines", "Détaillez la location.")]


@pytest.fixture
def project(app: Flask) -> PicProject:
    """A file sent back with two points."""
    return ask(factories.pic_lodged(), ASKED)


def ask(project: PicProject, wanted: list[Wanted]) -> PicProject:
    completing.ask(manager(project), project.id, wanted, due_on=clock.today() + timedelta(days=10))
    return again(project)


def manager(project: PicProject) -> Actor:
    assert project.call
    return factories.manager_of(project.call.fund)


def again(project: PicProject) -> PicProject:
    db.session.rollback()
    return db.session.get_one(PicProject, project.id)


def answered(project: PicProject) -> PicProject:
    """Every point answered, and sent back."""
    bearer = groups.bearer_of(project)
    for point in completing.waiting(project):
        completing.answer(bearer, project.id, point.id, words="Voilà.", is_done=True)
    completing.send_back(bearer, project.id)
    return again(project)


def test_nothing_goes_back_while_a_point_waits(project: PicProject) -> None:
    bearer, first = groups.bearer_of(project), project.points[0]
    completing.answer(bearer, project.id, first.id, words="Tenir un budget.", is_done=True)
    completing.answer(bearer, project.id, project.points[1].id, words="J’y pense.", is_done=False)
    with pytest.raises(Invalid, match="1 point sans réponse"):
        completing.send_back(bearer, project.id)
    completing.answer(bearer, project.id, project.points[1].id, words="Trois jeux.", is_done=True)
    completing.send_back(bearer, project.id)
    assert again(project).state == S.SUBMITTED
    assert [point.status for point in project.points] == ["answered", "answered"]


def test_the_checks_are_judged_again(project: PicProject) -> None:
    bearer = groups.bearer_of(project)
    services.edit(bearer, project.id, lambda kept: setattr(kept, "learning", ""))
    for point in project.points:
        completing.answer(bearer, project.id, point.id, words="Voilà.", is_done=True)
    with pytest.raises(NotReady) as refused:
        completing.send_back(bearer, project.id)
    assert [one.slug for one in refused.value.findings] == ["pic-learning"]
    assert again(project).state == S.INCOMPLETE


def test_an_answer_is_accepted_or_asked_again_and_the_past_stays(project: PicProject) -> None:
    project = answered(project)
    first, second = project.points
    completing.accept(manager(project), project.id, first.id)
    with pytest.raises(Forbidden):
        completing.accept(groups.bearer_of(project), project.id, second.id)
    completing.ask(manager(project), project.id, [Wanted(second.target, "Combien de jeux ?", second.id)])
    assert [(one.status, one.words) for one in again(project).points] == [
        ("accepted", ASKED[0].words), ("again", ASKED[1].words), ("asked", "Combien de jeux ?"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        completing.answer(groups.bearer_of(project), project.id, first.id, words="Encore", is_done=True)


def test_a_letter_reminds_before_the_day_once(project: PicProject) -> None:
    bearer = db.session.get_one(Person, project.bearer_id)
    with clock.at(clock.now() + timedelta(days=8)):
        assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)
    told = db.session.scalars(db.select(Letter).where(Letter.to == bearer.email).order_by(Letter.id.desc())).first()
    assert told and f"/projets/{project.id}/complements" in told.body


def test_a_second_request_on_the_same_file_has_its_own_reminder(project: PicProject) -> None:
    with clock.at(clock.now() + timedelta(days=8)):
        assert reminding.remind_all() == 1
        ask(answered(project), ASKED)
        with clock.at(clock.now() + timedelta(days=8)):
            assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)


def test_a_point_of_another_file_is_not_there(project: PicProject) -> None:
    other = ask(factories.pic_lodged(project.call), ASKED)
    with pytest.raises(Forbidden):
        completing.answer(groups.bearer_of(project), project.id, other.points[0].id, words="x", is_done=True)


def test_the_team_meets_each_point_at_its_field_and_answers_on_one_page(project: PicProject, client: FlaskClient) -> None:
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    page = client.get(f"/pic/{project.id}/conditions").text
    assert 'id="learning-demande"' in page and ASKED[0].words in page and ASKED[1].words not in page
    assert ASKED[1].words in client.get(f"/projets/{project.id}/budget").text
    address = f"/projets/{project.id}/complements"
    assert client.get(f"/projets/{project.id}/deposer").location == address
    assert client.post(f"{address}/envoyer").status_code == 422
    for point in project.points:
        assert client.post(f"{address}/{point.id}", data={"answer": "x" * 2000}).status_code == 422
        assert client.post(f"{address}/{point.id}", data={"answer": "Voilà.", "is_done": "y"}).status_code == 303
    assert client.post(f"{address}/envoyer").status_code == 303
    assert again(project).state == S.SUBMITTED


def test_the_reviewer_asks_by_the_page_and_reads_what_changed_since(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_lodged()
    assert project.call
    factories.login(client, factories.person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    address = f"/projets/{project.id}/demander-un-complement"
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"words_1": "Où ?", "due_on": "2020-01-01"}).status_code == 422
    posted = {"target_1": "writing.text#description", "words_1": "Racontez davantage.", "words_2": "Et la date ?"}
    assert client.post(address, data=posted).status_code == 303
    project = again(project)
    bearer = groups.bearer_of(project)
    services.edit(bearer, project.id, lambda kept: setattr(kept, "description", kept.description + " Et une tombola."))
    with clock.at(clock.now() + timedelta(days=1)):
        project = answered(project)
    page = client.get(f"/projets/{project.id}/complements").text
    assert "Ce qui a changé depuis la demande" in page and "Et une tombola." in page.replace("</span>", "")
    assert client.post(f"/projets/{project.id}/complements/{project.points[0].id}/accepter").status_code == 303
    assert "Redemander : Et la date ?" in client.get(address).text


def test_each_lodging_keeps_a_version_without_the_names_of_accounts(project: PicProject) -> None:
    project = answered(project)
    assert [one.number for one in project.versions] == [1, 2]
    bearer = db.session.get_one(Person, project.bearer_id)
    kept = str(project.versions[0].content)
    assert bearer.email not in kept and "household" not in kept
    assert [row["name"] for row in project.versions[0].content["team"]] == ["", "Luc", "Nour"]


def test_differences_are_said_word_by_word(project: PicProject) -> None:
    before = versions.content_of(project)
    bearer = groups.bearer_of(project)

    def write(kept: PicProject) -> None:
        kept.title = "La fête des voisines du square"
        kept.price_cents = 200
        kept.lines[0].amount_cents = 650_00
        kept.team.pop()

    services.edit(bearer, project.id, write)  # type: ignore[arg-type]
    found = {change.label: change for change in versions.differences(project, before, versions.content_of(again(project)))}
    assert [(one.kind, one.text) for one in found["Nom du projet"].pieces if one.kind != "same"] == [
        ("removed", "voisins"), ("added", "voisines"),
    ]  # fmt: skip
    assert found["Nour"].kind == "removed"
    assert {"Le prix pour une personne", "Location de jeux"} <= set(found)
    assert versions.differences(project, before, before) == []


def test_the_versions_are_for_those_near(project: PicProject, client: FlaskClient) -> None:
    project = answered(project)
    address = f"/projets/{project.id}/versions"
    factories.login(client, factories.person())
    assert client.get(address).status_code == 403
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    page = client.get(f"{address}?de=1&a=2").text
    assert "de la version 1 à la version 2" in page
    assert client.get(f"{address}?de=abc&a=99").status_code == 200


def test_reminding_twice_at_the_command_line_sends_once(app: Flask, project: PicProject) -> None:
    with clock.at(clock.now() + timedelta(days=8)):
        counted = [db.session.scalar(db.select(db.func.count(Letter.id)))]
        for said in ("1 rappel(s).", "0 rappel(s)."):
            db.session.rollback()
            answer = CliRunner().invoke(main.commands["remind"], catch_exceptions=False)
            assert answer.exit_code == 0 and said in answer.output
            counted.append(db.session.scalar(db.select(db.func.count(Letter.id))))
    assert counted[2] == counted[1] == counted[0] + 1
