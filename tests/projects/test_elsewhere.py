"""Not this one, but that one; and what the same people asked elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.journal.queries import events_of
from citizen.kernel.lifecycle import Forbidden
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import reporting, services
from citizen.projects.demarcation import BOUNDARIES, PLACES, proposals
from citizen.projects.doubles import doubles_of
from citizen.projects.models import BudgetLine, Project
from tests import factories, rooms
from tests.counting import counted
from tests.projects.test_budget_pages import words

CASES: list[tuple[str, str, list[str], list[str], list[str]]] = [
    ("pic", "Un banc au soleil", ["21"], [], ["durable"]),
    ("pic", "Un goûter", ["601"], [], []),
    ("pic", "Un goûter", ["601"], ["pic-cap"], ["too-big"]),
    ("ftu", "Une fête", [], ["ftu-investment"], ["moment"]),
    ("pic", "Aider les jeunes à passer le permis de conduire", [], [], ["driving"]),
    ("nqe", "Concerts tout l’été", [], [], []),
    ("pic", "Concerts tout l’été", [], [], ["season"]),
    (
        "pic",
        "Une formation qualifiante avec du mobilier urbain",
        ["641"],
        ["place-eligible"],
        ["structure", "elsewhere", "durable", "training"],
    ),
]


@pytest.mark.parametrize(("scheme", "text", "accounts", "failed", "slugs"), CASES)
def test_a_file_that_does_not_fit_is_sent_where_it_does(
    scheme: str, text: str, accounts: list[str], failed: list[str], slugs: list[str]
) -> None:
    assert [one.slug for one in proposals(scheme, text, accounts, failed)] == slugs


def test_each_line_says_where_why_and_after_what_text() -> None:
    assert {one.fits for one in BOUNDARIES} == set(PLACES)
    assert all(one.message.endswith(".") and one.name and one.source for one in BOUNDARIES)
    assert all(one.hints or one.accounts or one.failed for one in BOUNDARIES)
    assert len({one.slug for one in BOUNDARIES}) == len(BOUNDARIES)


def sign_in(client: FlaskClient, person_id: int) -> None:
    factories.login(client, db.session.get_one(Person, person_id))


def test_while_writing_what_lasts_leads_to_the_works_fund(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_draft()
    sign_in(client, project.bearer_id)
    assert "Pas ici, mais ailleurs" not in words(client.get(f"/projets/{project.id}/budget"))
    client.post(f"/projets/{project.id}/budget", data={"account": "21", "label": "Un banc", "amount": "300"})
    page = words(client.get(f"/projets/{project.id}/budget"))
    assert "Plutôt le fonds de travaux urbains" in page and "Qui contacter sur FTU" in page


def test_the_reviewer_chooses_and_the_reason_is_written(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_lodged()
    assert project.call is not None
    manager = factories.manager_of(project.call.fund)
    assert manager.person_id is not None
    sign_in(client, manager.person_id)
    path = f"/projets/{project.id}/non-recevable"
    assert "relève de l’aide régionale à la création d’entreprise" in words(client.get(f"{path}?vers=business"))
    assert client.get(f"{path}?vers=nimporte").status_code == 200
    assert client.post(path, data={"better": "", "reason": ""}).status_code == 422
    assert client.post(path, data={"better": "x", "reason": "Non."}).status_code == 422
    assert client.post(path, data={"better": "business", "reason": ""}).status_code == 303
    told = next(event.reason for event in events_of(project.on) if event.action == "not_admit")
    assert told.startswith("Créer son entreprise relève") and "STARTER" in told
    sign_in(client, project.bearer_id)
    assert "Plutôt l’aide régionale à la création d’entreprise (STARTER)" in words(
        client.get(f"/projets/{project.id}", follow_redirects=True)
    )


def rejected() -> PicProject:
    project = factories.pic_heard()
    assert project.call is not None
    rooms.decide(project, "reject", local_need="not_met")
    db.session.expire_all()
    return db.session.get_one(PicProject, project.id)


def test_a_refused_file_is_carried_over_with_one_button(app: Flask, client: FlaskClient) -> None:
    """Refused, then taken to another fund: same row, same address, everything written is there; the decision stays."""
    project = rejected()
    assert project.call is not None
    fund = factories.pic_fund()
    fund_call = factories.pic_call(fund)
    held, number = project.decisions[0].id, project.id
    before = {"lines": len(project.lines), "team": len(project.team), "attachments": len(project.attachments)}
    bearer = factories.actor(db.session.get_one(Person, project.bearer_id))
    with pytest.raises(Forbidden):
        services.orient(factories.actor(factories.person()), number, PicProject, fund_call.id)
    services.orient(bearer, number, PicProject, fund_call.id)
    again = db.session.get_one(PicProject, number)
    assert (again.state, again.call_id, again.lodged_at, again.granted_cents) == ("draft", fund_call.id, None, None)
    assert {name: len(getattr(again, name)) for name in before} == before
    assert [one.id for one in again.decisions] == [held]
    sign_in(client, again.bearer_id)
    assert client.get(f"/projets/{number}/budget").status_code == 200


def test_the_button_after_a_refusal_posts_the_call(app: Flask, client: FlaskClient) -> None:
    project = factories.pic_lodged()
    assert project.call is not None
    reporting.not_admit(factories.manager_of(project.call.fund), project.id, better="moment", reason="Un autre fonds convient.")
    sign_in(client, project.bearer_id)
    page = client.get(f"/projets/{project.id}", follow_redirects=True)
    assert f'name="call" value="{project.call_id}"' in page.text
    answer = client.post(f"/projets/{project.id}/orientation", data={"call": str(project.call_id)})
    assert answer.status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Project, project.id).state == "draft"


def twin(project: PicProject, bearer: Any, *, days: int = 0, title: str = "", cents: int = 300_00) -> PicProject:
    """A file lodged in the quarter of the other, in another fund, so many days later."""
    made = factories.pic_draft(factories.pic_call(), bearer, cents=cents)

    def near(kept: Project) -> None:
        kept.title = title or project.title
        assert project.starts_on is not None
        kept.starts_on = kept.ends_on = project.starts_on + timedelta(days=days)

    services.edit(bearer, made.id, near)
    services.lodge(bearer, made.id)

    def move(kept: Project) -> None:
        kept.perimeter_id = project.perimeter_id

    with clock.at(clock.now()):
        services.take(factories.manager_of(made.call.fund), made.id, "ask_completion", reason="Le lieu.", effect=move)
    return db.session.get_one(PicProject, made.id)


def test_the_same_action_and_the_same_bearer_are_seen(app: Flask, client: FlaskClient) -> None:
    bearer = factories.actor(factories.person())
    project = factories.pic_lodged(bearer=bearer)
    same = twin(project, factories.actor(factories.person()))
    twin(project, factories.actor(factories.person()), days=90)
    twin(project, factories.actor(factories.person()), title="Un tournoi d’échecs")
    mine = twin(project, bearer, title="Un concert de printemps")
    found = doubles_of(project)
    assert {(one.project.id, one.is_of_bearer, one.is_same_action) for one in found.found} == {
        (same.id, False, True), (mine.id, True, False),
    }  # fmt: skip
    assert found.public_cents == 900_00
    assert project.call is not None
    manager = factories.manager_of(project.call.fund)
    assert manager.person_id is not None
    sign_in(client, manager.person_id)
    page = words(client.get(f"/projets/{project.id}", follow_redirects=True))
    assert "tout compris : 900 €, pour un coût de 600 €." in page and "Plus que le coût" in page
    sign_in(client, project.bearer_id)
    page = words(client.get(f"/projets/{project.id}", follow_redirects=True))
    assert "Vous avez aussi demandé… " in page and "Un concert de printemps" in page


def test_looking_for_doubles_asks_three_questions_whatever_there_is(app: Flask) -> None:
    project = factories.pic_lodged()
    asked = []
    for _more in range(2):
        twin(project, factories.actor(factories.person()))
        assert project.lines and project.title
        with counted() as statements:
            doubles_of(project)
        asked.append(len(statements))
    assert asked == [asked[0]] * 2 and asked[0] <= 3


def test_public_money_of_the_budget_counts(app: Flask) -> None:
    project = factories.pic_draft()
    bearer = factories.actor(db.session.get_one(Person, project.bearer_id))
    services.edit(
        bearer, project.id,
        lambda kept: kept.lines.extend(
            [BudgetLine(account="74com", label="La commune", amount_cents=100_00), BudgetLine(account="758", label="Dons", amount_cents=1)]
        ),
    )  # fmt: skip
    assert doubles_of(db.session.get_one(PicProject, project.id)).public_cents == 700_00
