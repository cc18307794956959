"""Partners who answer by a link, the steering group, opinions asked by the Region, its instruction."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.nqe import registration
from citizen.nqe.models import Edition, NqeProject
from citizen.nqe.registration_models import TownOpinion
from citizen.people import personal_data
from citizen.places.models import Perimeter
from citizen.projects import queries as projects_queries
from citizen.projects import services as projects
from tests import factories, summers
from tests.counting import counted
from tests.nqe.answers import ODD, stored
from tests.nqe.conftest import who


def link_to(email: str) -> str:
    """The newest address of this site in a letter to them."""
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first() or ""
    found = re.search(r"(/nqe/(?:avis|partenariat)/\S+)", body)
    assert found, body
    return found[1]


@pytest.fixture
def lodged(draft: NqeProject, bearer: Actor) -> NqeProject:
    projects.lodge(bearer, draft.id)
    return draft


# Partners


def test_a_partner_says_yes_by_its_link_once(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/partenaires"
    values = {"name": "La Poste", "role": "Prête la cour", "share": "350", "email": "poste@exemple.fr"}
    assert team.post(page, data=values).status_code == 303
    assert "réponse attendue" in team.get(page).text
    link = link_to("poste@exemple.fr")
    visitor = team.application.test_client()
    shown = visitor.get(link).text
    assert "Prête la cour" in shown
    assert "350 €" in shown.replace("\u202f", " ")
    assert "poste@exemple.fr" not in shown
    assert visitor.post(link, data={"reponse": "oui", "signed_by": ""}).status_code == 422, "somebody signs"
    assert visitor.post(link, data={"signed_by": "Zoé"}).status_code == 422, "yes or no"
    assert "c’est noté" in visitor.post(link, data={"reponse": "oui", "signed_by": "Zoé, directrice"}).text
    kept = stored(draft).partners[-1]
    assert (kept.has_agreed, kept.signed_by, kept.standing) == (True, "Zoé, directrice", "link")
    assert visitor.get(link).status_code == 410
    assert visitor.post(link, data={"reponse": "non", "signed_by": "X"}).status_code == 410
    assert "Zoé, directrice" in team.get(page).text


def test_no_is_an_answer_and_a_new_link_replaces_the_old(draft: NqeProject, bearer: Actor) -> None:
    partner = draft.partners[0].id
    registration.ask_partner(bearer, draft.id, partner, "a@exemple.fr")
    assert not stored(draft).partners[0].has_agreed, "what was noted on paper no longer stands"
    old = link_to("a@exemple.fr").rpartition("/")[2]
    with clock.at(clock.now() + timedelta(hours=2)):
        registration.ask_partner(bearer, draft.id, partner, "a@exemple.fr")
        with pytest.raises(NotNow):
            registration.answer_partner(old, is_agreed=True, signed_by="Z")
        registration.answer_partner(link_to("a@exemple.fr").rpartition("/")[2], is_agreed=False, signed_by="Z")
    assert stored(draft).partners[0].standing == "declined"


def test_a_link_expires_after_fifteen_days(draft: NqeProject, bearer: Actor) -> None:
    registration.ask_partner(bearer, draft.id, draft.partners[0].id, "a@exemple.fr")
    token = link_to("a@exemple.fr").rpartition("/")[2]
    with clock.at(clock.now() + timedelta(days=16)):
        assert registration.asked_partner(token) is None
        assert stored(draft).partners[0].standing == "late"
        with pytest.raises(NotNow):
            registration.answer_partner(token, is_agreed=True, signed_by="Z")


def test_the_address_of_a_partner_goes_with_its_account(draft: NqeProject, bearer: Actor) -> None:
    gone = factories.person("zoe@exemple.fr")
    registration.ask_partner(bearer, draft.id, draft.partners[0].id, "zoe@exemple.fr")
    registration.answer_partner(link_to("zoe@exemple.fr").rpartition("/")[2], is_agreed=True, signed_by="Zoé")
    personal_data.erase(factories.actor(gone), factories.PASSWORD)
    kept = stored(draft).partners[0]
    assert (kept.email, kept.signed_by, kept.has_agreed) == ("", "habitant·e", True)


def test_odd_words_of_a_partner(team: FlaskClient, draft: NqeProject, bearer: Actor) -> None:
    page = f"/nqe/{draft.id}/partenaires/{draft.partners[0].id}/demander"
    assert team.get(page).status_code == 200
    for odd in ODD:
        assert team.post(page, data={"email": odd}).status_code == 422
        values = {"name": "Club", "role": "Gardez.", "share": odd, "email": odd}
        assert team.post(f"/nqe/{draft.id}/partenaires", data=values).status_code in (303, 422)
    assert team.get(f"/nqe/{draft.id}/partenaires/999999/demander").status_code == 404


# Residents and publics


def test_the_steering_group_counts_in_the_third_principle(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/pilotage"
    assert "3." in team.get(page).text, "the four principles are live cards"
    given = {"steering_residents": "1", "steering": "Le lundi.", "publics": ["isolated", "seniors"], "expected_people": "400"}
    assert team.post(page, data=given).status_code == 303
    assert (stored(draft).publics, stored(draft).expected_people) == (["isolated", "seniors"], 400)
    found = {one.slug: one for one in projects_queries.findings_for(stored(draft), "lodge")}["collective"]
    assert not found.is_met
    assert "1 habitant(s) au groupe de pilotage" in found.todo
    for odd in ODD:
        for field in given:
            assert team.post(page, data=given | {field: odd}).status_code in (303, 422), (field, odd)


def test_one_quarter_is_enough_where_the_intermunicipality_has_one(summer: Edition, bearer: Actor) -> None:
    lone = summers.priority_quarter("QN60001M", "Le Plateau", "60100", "246000001")
    project = summers.nqe_draft(summer, bearer, quarters=[lone])
    projects.lodge(bearer, project.id)
    assert stored(project).state == "submitted"


def test_excluded_then_derogated(draft: NqeProject, bearer: Actor, officer: Actor, quarters: list[Perimeter]) -> None:
    from citizen.nqe import services

    def excluded(project: NqeProject) -> None:
        project.is_already_funded, project.derogation = True, ""

    services.write(bearer, draft.id, excluded)
    with pytest.raises(Exception, match="Pas déjà financé"):
        projects.lodge(bearer, draft.id)
    services.write(bearer, draft.id, lambda project: setattr(project, "derogation", "Rien l’été."))
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    services.answer_derogation(officer, draft.id, is_granted=True, reason="Vrai besoin.")
    services.grant(officer, draft.id, amount_cents=5_000_00, reason="Oui.", act_reference="CP 1")
    assert stored(draft).state == "granted"


# Opinions and instruction


def test_the_region_asks_and_the_commune_answers(region: FlaskClient, lodged: NqeProject, officer: Actor) -> None:
    page = f"/nqe/{lodged.id}/instruction"
    assert "Commune 80021" in region.get(page).text
    asked = {"level": "commune", "body": "Amiens", "email": "mairie@exemple.fr", "due_on": "2027-03-31"}
    assert region.post(f"{page}/avis", data=asked).status_code == 303
    link = link_to("mairie@exemple.fr")
    visitor = region.application.test_client()
    assert "Centre social" in visitor.get(link).text
    reserved = {"outcome": "reserved", "words": "", "signed_by": "L’adjointe"}
    assert visitor.post(link, data=reserved).status_code == 422, "a reserve says why"
    assert "c’est noté" in visitor.post(link, data=reserved | {"words": "Le bruit après 22 h."}).text
    assert visitor.get(link).status_code == 410
    assert "Le bruit après 22 h." in region.get(page).text
    assert region.post(f"{page}/avis", data=asked).status_code == 422, "it is given"
    assert "après 22 h" not in visitor.get(f"/projets/{lodged.id}", follow_redirects=True).text
    factories.login(visitor, lodged.bearer)
    assert "après 22 h" in visitor.get(f"/projets/{lodged.id}", follow_redirects=True).text


def test_who_has_not_answered_is_reminded_once_with_the_same_link_and_the_lead_sees_it(
    lodged: NqeProject, officer: Actor, bearer: Actor, client: FlaskClient
) -> None:
    asked = {"level": "commune", "email": "mairie@exemple.fr", "due_on": clock.today() + timedelta(days=4)}
    registration.ask_opinion(officer, lodged.id, body="Amiens", **asked)
    first = link_to("mairie@exemple.fr")
    assert registration.remind_all() == 0, "the end is far"
    with clock.at(clock.now() + timedelta(days=2)):
        assert [registration.remind_all(), registration.remind_all()] == [1, 0]
        told = db.session.scalars(select(Letter).where(Letter.to == "mairie@exemple.fr").order_by(Letter.id)).all()
        assert [letter.subject.startswith("Rappel") for letter in told] == [False, True]
        assert link_to("mairie@exemple.fr") == first
        page = _seen_by(bearer, client, lodged)
        assert "Amiens" in page and "attendu jusqu’au" in page and "Relancé le" in page
        assert client.application.test_client().get(first).status_code == 200
    with clock.at(clock.now() + timedelta(days=5)):
        assert registration.remind_all() == 0
        assert stored(lodged).opinions[0].email == "", "the address serves no more"
        assert "sans réponse" in _seen_by(bearer, client, lodged)


def _seen_by(bearer: Actor, client: FlaskClient, project: NqeProject) -> str:
    """The project's page, for who signs in then."""
    factories.login(client, who(bearer))
    return client.get(f"/projets/{project.id}", follow_redirects=True).text


def test_a_late_opinion_is_not_taken(lodged: NqeProject, officer: Actor) -> None:
    due = clock.today() + timedelta(days=5)
    registration.ask_opinion(officer, lodged.id, level="commune", body="Amiens", email="m@exemple.fr", due_on=due)
    token = link_to("m@exemple.fr").rpartition("/")[2]
    with clock.at(clock.now() + timedelta(days=6)), pytest.raises(NotNow):
        registration.answer_opinion(token, outcome="favourable", words="", signed_by="M")
    with pytest.raises(Invalid):
        registration.ask_opinion(
            officer, lodged.id, level="commune", body="Lille", email="m@exemple.fr", due_on=clock.today() - timedelta(days=1)
        )


def test_the_officer_is_named_and_marks_the_grid(region: FlaskClient, lodged: NqeProject, officer: Actor) -> None:
    page = f"/nqe/{lodged.id}/instruction"
    given = {"officer": str(officer.person_id), "mark_0": "convincing", "words_0": "Très clair.", "words": "À soutenir."}
    assert region.post(page, data=given).status_code == 303
    assert "Très clair." in region.get(page).text
    late = region.post(page, data=given | {"seen": "", "words": "Écrit par quelqu’un qui n’a pas relu."})
    assert late.status_code == 422
    assert f"{officer.name}). Rouvrez-le avant d’écrire." in html.unescape(late.text)
    projects.take(officer, lodged.id, "admit")
    decide = region.get(f"/nqe/{lodged.id}/decider").text
    assert "À soutenir." in decide
    assert "Convaincant" in decide
    assert officer.name in region.get("/nqe/editions/2027/instruction").text
    for odd in ODD:
        assert region.post(page, data=given | {"officer": odd, "mark_0": odd, "words": odd}).status_code in (303, 422)


def test_the_officer_sees_what_the_association_was_granted_before(
    region: FlaskClient, granted: NqeProject, officer: Actor, bearer: Actor, summer: Edition, quarters: list[Perimeter]
) -> None:
    second = summers.nqe_draft(summer, bearer, quarters=quarters, title="Un second été")
    page = f"/nqe/{second.id}/instruction"
    projects.lodge(bearer, second.id)
    assert "Aucune depuis trois ans" in region.get(page).text
    with transaction():
        stored(second).organisation_id = stored(granted).organisation_id
    assert granted.title in region.get(page).text


def test_others_do_not_instruct(team: FlaskClient, lodged: NqeProject, bearer: Actor) -> None:
    assert team.get(f"/nqe/{lodged.id}/instruction").status_code == 403
    assert team.get("/nqe/editions/2027/instruction").status_code == 403
    with pytest.raises(Forbidden):
        registration.instruct(bearer, lodged.id, seen="", officer_id=None, marks={}, words="")
    with pytest.raises(Forbidden):
        registration.ask_opinion(bearer, lodged.id, level="commune", body="X", email="x@exemple.fr", due_on=clock.today())


def test_the_list_of_files_asks_as_much_for_many(
    region: FlaskClient, lodged: NqeProject, summer: Edition, quarters: list[Perimeter]
) -> None:
    with counted() as few:
        region.get("/nqe/editions/2027/instruction")
    for rank in range(4):
        other = factories.actor(factories.person())
        project = summers.nqe_draft(summer, other, quarters=quarters, title=f"Été {rank}")
        projects.lodge(other, project.id)
        with transaction():
            db.session.add(
                TownOpinion(project_id=project.id, level="commune", body="A", email="a@exemple.fr", token_hash=f"x{rank}",
                        asked_at=clock.now(), due_on=clock.today())
            )  # fmt: skip
    with counted() as many:
        page = region.get("/nqe/editions/2027/instruction").text
    assert "Été 3" in page
    assert "0 sur 1" in page
    assert len(many) == len(few)
