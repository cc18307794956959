"""Opinions asked by a mailed link: of an owner and of the services, once, in time, and without an account."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.ftu import letters, opinions
from citizen.ftu import services as ftu
from citizen.ftu.idea_models import Opinion
from citizen.ftu.models import FtuProject
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.projects import reporting
from citizen.projects import services as projects
from tests.factories import QUOTE, actor, login, person
from tests.works import JUDGED, campaign, ftu_draft, ftu_lodged, works_officer

OWNER = "bailleur@exemple.fr"
STUDIED = {
    "is_feasible": True,
    "reason": "Oui.",
    "cost_cents": 100_00,
    "upkeep": "Nous.",
    "safety": "Rien.",
    "inclusion": JUDGED,
}


def due(days: int = 15) -> dict:
    return {"due_on": clock.today() + timedelta(days=days)}


def link_in(letter: Letter) -> str:
    return re.findall(r"/ftu/avis/\S+", letter.body)[0]


def letter_to(email: str) -> Letter:
    return db.session.scalars(db.select(Letter).where(Letter.to == email).order_by(Letter.id.desc())).first()


def ask_owner(who: object, project: FtuProject, **more: object) -> Opinion:
    told = {"name": "Office du logement", "email": OWNER} | due() | more
    return opinions.ask(who, project.id, kind="owner", **told)


def test_the_owner_says_yes_by_the_link_and_the_finding_follows(client: FlaskClient) -> None:
    bearer, officer = person(), works_officer()
    made = ftu_draft(campaign(officer), actor(bearer), land="private")
    with pytest.raises(NotReady):
        projects.lodge(actor(bearer), made.id)
    login(client, bearer)
    assert client.get(f"/ftu/{made.id}/proprietaire").status_code == 200
    asked = {"name": "Office du logement", "email": OWNER, "due_on": "2027-03-25", "words": "Un banc devant le bloc."}
    assert client.post(f"/ftu/{made.id}/proprietaire", data=asked | {"due_on": "2027-03-10"}).status_code == 422
    assert client.post(f"/ftu/{made.id}/proprietaire", data=asked).status_code == 303
    projects.lodge(actor(bearer), made.id)  # the answer is awaited: who writes may go on
    with pytest.raises(NotReady) as refused:
        ftu.study(officer, made.id, **STUDIED)
    assert [found.slug for found in refused.value.findings] == ["ftu-owner"]
    client.post("/deconnexion")
    address = link_in(letter_to(OWNER))
    page = client.get(address)
    assert page.status_code == 200
    assert "Un banc devant le bloc." in page.text
    assert "Oui, le propriétaire est d’accord" in page.text
    bare = client.post(address, data={"verdict": "conditional", "signature": "Mme Ruez"})
    assert bare.status_code == 422
    assert "Mme Ruez" in bare.text
    answered = {"verdict": "conditional", "reason": "Sans percer la dalle.", "signature": "Mme Ruez, gérante"}
    assert client.post(address, data=answered).status_code == 303
    again = client.post(address, data=answered | {"verdict": "unfavourable"})
    assert again.status_code == 422
    assert "Elle ne change plus" in again.text
    kept = db.session.scalars(db.select(Opinion)).one()
    assert (kept.verdict, kept.signature, kept.email) == ("conditional", "Mme Ruez, gérante", "")
    assert ftu.study(officer, made.id, **STUDIED).state == "admissible"
    page = client.get(f"/projets/{made.id}", follow_redirects=True).text
    assert "Sans percer la dalle." in page
    assert "Mme Ruez" not in page
    assert "Office du logement" not in page
    assert any(
        "Sans percer la dalle." in one.body for one in db.session.scalars(db.select(Letter).where(Letter.to == bearer.email))
    )


def test_a_refusal_stands_even_with_a_paper(app: Flask) -> None:
    officer, bearer = works_officer(), actor(person())
    made = ftu_draft(campaign(officer), bearer, land="private")
    asked = ask_owner(bearer, made)
    reporting.attach(bearer, made.id, kind="agreement", caption="", stream=io.BytesIO(QUOTE), filename="accord.pdf")
    projects.lodge(bearer, made.id)
    opinions.answer(asked.id, verdict="unfavourable", reason="Le terrain est vendu.", signature="M. Blin")
    with pytest.raises(NotReady):
        ftu.study(officer, made.id, **STUDIED)
    second = ask_owner(officer, made, email="autre@exemple.fr", name="Nouveau propriétaire")
    opinions.answer(second.id, verdict="favourable", reason="", signature="Mme Roy")
    assert ftu.study(officer, made.id, **STUDIED).state == "admissible"


def test_a_link_serves_once_in_time_and_for_nothing_else(client: FlaskClient) -> None:
    bearer = actor(person())
    made = ftu_draft(campaign(), bearer, land="private")
    asked = ask_owner(bearer, made)
    address, number = link_in(letter_to(OWNER)), asked.id
    assert client.get(address[:-2] + "xx").status_code == 404
    assert client.get(f"/ftu/avis/{letters.token_of(number, 'walk')}").status_code == 404
    with clock.at(clock.now() + timedelta(days=16)):
        assert client.get(address).status_code == 410
        with pytest.raises(NotNow):
            opinions.answer(number, verdict="favourable", reason="", signature="Moi")
    opinions.cancel(bearer, made.id, number)
    assert client.get(address).status_code == 410
    with pytest.raises(NotNow):
        opinions.answer(number, verdict="favourable", reason="", signature="Moi")


def test_one_reminder_leaves_three_days_before_the_end(app: Flask) -> None:
    bearer = actor(person())
    ask_owner(bearer, ftu_draft(campaign(), bearer, land="private"))
    sent = []
    for days in (5, 12, 13, 16):
        with clock.at(clock.now() + timedelta(days=days)):
            sent.append(opinions.remind_all())
    assert sent == [0, 1, 0, 0]
    assert len(db.session.scalars(db.select(Letter).where(Letter.to == OWNER)).all()) == 2
    assert db.session.scalars(db.select(Opinion.email)).one() == "", "who did not answer is forgotten"


def test_services_are_asked_by_the_commune_alone_and_their_word_is_public(client: FlaskClient) -> None:
    keeper = person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")])
    made = ftu_lodged(campaign(actor(keeper)))
    asked = {"name": "Voirie", "email": "voirie@exemple.fr", "due_on": "2027-03-25"}
    login(client, person())
    assert client.post(f"/ftu/{made.id}/avis", data=asked).status_code == 403
    with pytest.raises(Forbidden):
        opinions.ask(works_officer("59350"), made.id, kind="service", name="Voirie", email="a@exemple.fr", **due())
    login(client, keeper)
    assert "Espaces verts" in client.get(f"/ftu/{made.id}/avis").text
    assert client.post(f"/ftu/{made.id}/avis", data=asked | {"name": "Magie"}).status_code == 422
    assert client.post(f"/ftu/{made.id}/avis", data=asked | {"email": "voirie"}).status_code == 422
    assert client.post(f"/ftu/{made.id}/avis", data=asked).status_code == 303
    assert "attendu le 25 mars 2027" in client.get(f"/projets/{made.id}", follow_redirects=True).text
    client.post("/deconnexion")
    assert "attendu le 25 mars 2027" not in client.get(f"/projets/{made.id}", follow_redirects=True).text
    answered = {"verdict": "unfavourable", "reason": "Une conduite de gaz passe dessous.", "signature": "Service voirie"}
    assert client.post(link_in(letter_to("voirie@exemple.fr")), data=answered).status_code == 303
    page = client.get(f"/projets/{made.id}", follow_redirects=True).text
    assert "Avis défavorable" in page
    assert "Une conduite de gaz passe dessous." in page
    assert "Une conduite de gaz" in letter_to(keeper.email).body


def test_the_same_address_is_not_written_to_again_and_again(app: Flask) -> None:
    bearer = actor(person())
    made = ftu_draft(campaign(), bearer, land="private")
    ask_owner(bearer, made)
    with pytest.raises(Invalid, match="attendez"), clock.at(clock.now()):
        [ask_owner(bearer, made) for _press in range(20)]
