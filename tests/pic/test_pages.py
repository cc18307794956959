"""PIC pages over HTTP: what each shows, to whom, and bad input that loses nothing."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from citizen.db import db
from citizen.kernel.access import Role
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.web.forms import clean
from tests.factories import (
    actor,
    login,
    person,
    pic_call,
    pic_draft,
    pic_fund,
    pic_granted,
    pic_heard,
    pic_lodged,
    pic_session,
)  # fmt: skip
from tests.rooms import decide

ANSWERS = {
    "task_sharing": "Awa fait les devis, Luc les affiches.", "learning": "Parler devant un comité, tenir un budget.",
    "is_first_project": "oui", "help_received": "", "is_open_to_all": "oui", "price": "2,50",
    "publicity": "Des affiches dans les halls.",
    "accessibility": "Le lieu est de plain-pied.", "is_anyone_paid": "non", "need_spotted": "En parlant entre voisins.",
    "need_evidence": "Trente familles l’ont demandé.", "why_now": "La fête se tient au printemps.",
}  # fmt: skip
DECISION = {
    "verdict_1": "met", "reason_1": "Bien partagé.", "verdict_2": "met", "reason_2": "Ouvert à tous.", "verdict_3": "met",
    "reason_3": "Besoin vu.", "outcome": "grant", "amount": "500", "reason": "Un beau projet.", "act_reference": "PV n° 3",
}  # fmt: skip
NASTY = ["", "x" * 100_000, "\x00\ud800é", "<script>alert(1)</script>", "-1", "9" * 400, "oui"]


def bearer_of(project: PicProject) -> Person:
    return db.session.get_one(Person, project.bearer_id)


def seated(project: PicProject, role: Role = Role.COMMITTEE_MEMBER) -> Person:
    return person(duties=[(role, project.call.fund.on)])


def kept(project_id: int) -> PicProject:
    db.session.rollback()
    return db.session.get_one(PicProject, project_id)


def test_the_scheme_says_who_decides_and_how_long_it_takes(client: FlaskClient) -> None:
    call = pic_call()
    pic_session(call.fund)
    text = client.get("/pic").text
    assert call.fund.title in text
    for words in (
        "Qui peut faire quoi",
        "Le comité",
        "30 mars 2027",
        "15 jours avant la séance",
        "10 000 €".replace(" ", "\u202f"),
    ):
        assert words in text


def test_the_scheme_is_shown_before_any_fund_exists(client: FlaskClient) -> None:
    assert "Pas encore de fonds" in client.get("/pic").text


def test_the_page_of_funds_asks_the_database_no_more_when_there_are_more(client: FlaskClient) -> None:
    def count() -> int:
        seen: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get("/pic").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    pic_call()
    one = count()
    for _ in range(4):
        pic_session(pic_call().fund)
    assert count() == one


def test_a_fund_shows_its_money_rules_sessions_projects_and_promises(client: FlaskClient) -> None:
    project = pic_granted(amount_cents=500_00)
    text = client.get(f"/pic/fonds/{project.call.fund.slug}").text
    for words in (
        project.title,
        "9\u202f500\u202f€",
        "Si vous déposez aujourd’hui",
        "avant le 9 avril 2027",
        "Maison de quartier",
    ):
        assert words in text


def test_a_fund_without_call_nor_project_has_a_page_and_an_unknown_one_has_none(client: FlaskClient) -> None:
    assert "Pas encore de projet" in client.get(f"/pic/fonds/{pic_fund().slug}").text
    assert client.get("/pic/fonds/nulle-part").status_code == 404


def test_answers_are_kept_and_the_next_section_opens(client: FlaskClient) -> None:
    project = pic_draft(price_cents=None, task_sharing="")
    login(client, bearer_of(project))
    answer = client.post(f"/pic/{project.id}/conditions", data=ANSWERS)
    assert (answer.status_code, answer.location) == (303, f"/projets/{project.id}/documents")
    project = kept(project.id)
    assert (project.price_cents, project.is_open_to_all, project.is_anyone_paid) == (250, True, False)
    assert project.task_sharing == ANSWERS["task_sharing"]


def test_a_draft_that_saves_itself_answers_with_the_new_verdict(client: FlaskClient) -> None:
    project = pic_draft()
    login(client, bearer_of(project))
    assert "3 conditions remplies sur 3." in client.get(f"/pic/{project.id}/conditions").text
    answer = client.post(f"/pic/{project.id}/conditions", data=ANSWERS | {"is_open_to_all": "non"}, headers={"X-Draft": "1"})
    assert answer.status_code == 200
    assert "2 conditions remplies sur 3." in answer.text
    assert "Ouvrez le projet à tous les habitants du quartier." in answer.text
    assert kept(project.id).is_open_to_all is False


@pytest.mark.parametrize("typed", NASTY)
def test_bad_answers_break_nothing_and_lose_nothing(client: FlaskClient, typed: str) -> None:
    project = pic_draft()
    login(client, bearer_of(project))
    answer = client.post(
        f"/pic/{project.id}/conditions", data={name: typed.encode("utf-8", "surrogatepass") for name in ANSWERS}
    )
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert kept(project.id).learning.startswith("Tenir un budget")
        assert clean(typed)[:40].replace("<", "&lt;").replace(">", "&gt;") in answer.text


def test_an_empty_post_erases_nothing(client: FlaskClient) -> None:
    project = pic_draft()
    login(client, bearer_of(project))
    assert client.post(f"/pic/{project.id}/conditions", data={}).status_code == 303
    assert kept(project.id).is_open_to_all is True
    assert kept(project.id).learning.startswith("Tenir un budget")


@pytest.mark.parametrize("page", ["/pic/{id}/conditions", "/comites/projets/{id}", "/comites/inscrire/{id}"])
def test_nobody_else_opens_the_pages_of_a_file(client: FlaskClient, page: str) -> None:
    project = pic_draft()
    address = page.format(id=project.id)
    assert "/connexion" in client.get(address).location
    login(client, person())
    assert client.get(address).status_code == 404, "a draft is not known to others"
    for number in (99_999, 2**31 - 1, 2**31, 10**30):
        assert client.get(page.format(id=number)).status_code == 404


def test_a_lodged_file_is_no_longer_written(client: FlaskClient) -> None:
    bearer = person()
    project = pic_lodged(bearer=actor(bearer))
    login(client, bearer)
    assert client.post(f"/pic/{project.id}/conditions", data=ANSWERS).status_code == 409


def test_the_public_page_of_a_lodged_file_shows_the_conditions_without_names(client: FlaskClient) -> None:
    project = pic_lodged()
    text = client.get(f"/projets/{project.id}", follow_redirects=True).text
    assert "Les trois conditions" in text
    assert "Ce qui est promis, et quand" in text
    assert not {"Awa", "Luc", "Nour"} & set(re.findall(r"\w+", text)), "the team's names are not published"


def test_judged_words_come_from_the_last_passage(app: Flask) -> None:
    project = pic_heard()
    decide(project, "reject", local_need="not_met")
    assert {one.verdict for one in kept(project.id).last_judgements.values()} == {"met", "not_met"}
