"""What reviewers of a PIC read and the public never does: answers, team, contact."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.kernel.access import Role
from tests.factories import login, person, pic_draft, pic_fund, pic_heard, pic_lodged
from tests.rooms import decide


@pytest.mark.parametrize("role", [Role.FUND_MANAGER, Role.COMMITTEE_MEMBER])
def test_who_reviews_a_file_reads_its_answers_team_and_contact(client: FlaskClient, role: Role) -> None:
    project = pic_lodged()
    login(client, person(duties=[(role, project.call.fund.on)]))
    text = client.get(f"/projets/{project.id}", follow_redirects=True).text
    email = project.bearer.email
    for words in ("Pour l’instruction", "Awa", "Nour", "Quarante voisins sur cinquante", f"mailto:{email}"):
        assert words in text


def test_nobody_else_reads_the_answers_the_team_nor_the_contact(app: Flask) -> None:
    project = pic_lodged()
    elsewhere = person(duties=[(Role.FUND_MANAGER, pic_fund().on), (Role.COMMITTEE_MEMBER, pic_fund().on)])
    for visitor in (None, person(), elsewhere, project.bearer, person(duties=[(Role.REGION_OFFICER, "region")])):
        browser = app.test_client()
        if visitor:
            login(browser, visitor)
        text = browser.get(f"/projets/{project.id}", follow_redirects=True).text
        assert project.title in text
        for words in ("Pour l’instruction", "Awa", "Quarante voisins sur cinquante", "mailto:" + project.bearer.email):
            assert words not in text


def test_a_draft_shows_its_reviewers_neither_answers_nor_contact(client: FlaskClient) -> None:
    project = pic_draft()
    login(client, person(duties=[(Role.FUND_MANAGER, project.call.fund.on)]))
    answer = client.get(f"/projets/{project.id}", follow_redirects=True)
    assert answer.status_code == 200
    assert project.bearer.email not in answer.text


def test_what_is_kept_for_ever_with_a_decision_holds_no_name(app: Flask) -> None:
    project = pic_heard()
    decide(project)
    kept = project.passage.decision.evidence
    assert kept["pic-presenter"]["fact"] == "Personnes désignées : 1."
    assert not [member.name for member in project.team if member.name in str(kept)]
