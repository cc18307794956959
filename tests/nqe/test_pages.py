"""The summer's public pages, and the Region's: an edition, a decision, a date that changes."""

import re

import pytest
from flask.testing import FlaskClient

from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe import services
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.projects import services as projects
from tests.nqe.answers import ODD, stored

AN_EDITION = {
    "year": "2028", "theme_title": "Le vent", "theme_text": "", "axes": "Jeux\r\n\r\nArts", "season_starts_on": "2028-06-21",
    "season_ends_on": "20/09/2028", "opens_on": "2028-01-01", "closes_on": "2028-02-03", "envelope": "1 000 000",
}  # fmt: skip


# For everybody


def test_the_scheme_is_explained_before_there_is_any_edition(client: FlaskClient) -> None:
    answer = client.get("/nqe")
    assert answer.status_code == 200
    assert "DAUPHIN" in answer.text
    assert "Accorder l’aide" in answer.text, "the table of rights is there"


def test_the_edition_shows_its_theme_its_envelope_and_what_it_supports(client: FlaskClient, granted: NqeProject) -> None:
    assert "L’eau" in client.get("/nqe").text
    answer = client.get("/nqe/editions/2027")
    assert answer.status_code == 200
    assert "la 38e" in answer.text
    assert granted.title in answer.text
    assert "5 000 €".replace(" ", "\u202f") in answer.text
    assert client.get("/nqe/editions/2026").status_code == 404


def test_a_draft_is_not_shown_by_its_edition(client: FlaskClient, draft: NqeProject) -> None:
    assert draft.title not in client.get("/nqe/editions/2027").text


def test_the_project_page_tells_the_season(client: FlaskClient, granted: NqeProject) -> None:
    page = client.get(f"/projets/{granted.id}", follow_redirects=True).text
    for words in ("Les quatre principes", "Une fontaine de quartier.", "Centre social", "Pigeonnier", "La fête de l’eau"):
        assert words in page


# The Region opens an edition


def test_the_region_opens_an_edition(region: FlaskClient, summer: Edition) -> None:
    answer = region.post("/nqe/editions/nouvelle", data=AN_EDITION)
    assert (answer.status_code, answer.location) == (303, "/nqe/editions/2028")
    page = region.get("/nqe/editions/2028").text
    assert "la 39e" in page
    assert "Arts" in page


def test_without_a_fund_the_form_says_what_to_do(region: FlaskClient) -> None:
    assert "crée d’abord le fonds" in region.get("/nqe/editions/nouvelle").text
    assert region.post("/nqe/editions/nouvelle", data=AN_EDITION).status_code == 422


@pytest.mark.parametrize("field", sorted(AN_EDITION))
def test_an_odd_edition_is_never_an_error_of_ours_and_loses_nothing(region: FlaskClient, summer: Edition, field: str) -> None:
    for odd in ODD:
        answer = region.post(
            "/nqe/editions/nouvelle", data=AN_EDITION | {"year": "2027", "theme_text": "Ce que je pensais."} | {field: odd}
        )
        assert answer.status_code in (303, 422), odd
        if answer.status_code == 422 and field != "theme_text":
            assert "Ce que je pensais." in answer.text


def test_others_do_not_open_an_edition(team: FlaskClient) -> None:
    assert team.get("/nqe/editions/nouvelle").status_code == 403
    assert team.post("/nqe/editions/nouvelle", data=AN_EDITION).status_code == 403


# The Region decides


@pytest.fixture
def admissible(draft: NqeProject, bearer: Actor, officer: Actor) -> NqeProject:
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    return draft


def test_the_region_grants(region: FlaskClient, admissible: NqeProject) -> None:
    address = f"/nqe/{admissible.id}/decider"
    assert "7 000 €".replace(" ", "\u202f") in region.get(address).text
    answer = region.post(
        address, data={"outcome": "grant", "amount": "6 000", "act_reference": "CP 12", "reason": "Un bel été."}
    )
    assert answer.status_code == 303
    assert (stored(admissible).state, stored(admissible).granted_cents) == ("granted", 6_000_00)
    assert region.get(address).status_code == 409
    assert region.post(address, data={"outcome": "reject", "reason": "Trop tard."}).status_code == 409


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": ""},
        {"amount": "9 000 000"},
        {"amount": "x"},
        {"act_reference": ""},
        {"outcome": "sell"},
        {"outcome": ""},
        {"amount": "-5"},
    ],
)
def test_an_odd_decision_decides_nothing_and_loses_nothing(
    region: FlaskClient, admissible: NqeProject, changed: dict[str, str]
) -> None:
    given = {"outcome": "grant", "amount": "6 000", "act_reference": "CP 12", "reason": "Ma longue raison."} | changed
    answer = region.post(f"/nqe/{admissible.id}/decider", data=given)
    assert answer.status_code == 422
    assert "Ma longue raison." in answer.text
    assert stored(admissible).state == "admissible"


def test_what_is_missing_for_the_grant_is_said_without_losing_the_reason(
    region: FlaskClient, draft: NqeProject, bearer: Actor, officer: Actor
) -> None:
    def ask(project: NqeProject) -> None:
        project.is_already_funded, project.derogation = True, "Rien l’été au Pigeonnier."

    services.write(bearer, draft.id, ask)
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    given = {"outcome": "grant", "amount": "6 000", "act_reference": "CP 12", "reason": "Ma longue raison."}
    answer = region.post(f"/nqe/{draft.id}/decider", data=given)
    assert answer.status_code == 422
    assert "La dérogation est tranchée" in answer.text
    assert "Ma longue raison." in answer.text
    assert "Rien l’été au Pigeonnier." in region.get(f"/nqe/{draft.id}/derogation").text
    assert region.post(f"/nqe/{draft.id}/derogation", data={"is_granted": "yes", "reason": "Vrai besoin."}).status_code == 303
    assert region.post(f"/nqe/{draft.id}/decider", data=given).status_code == 303


def test_only_the_region_opens_the_decision(team: FlaskClient, admissible: NqeProject) -> None:
    for page in ("decider", "derogation"):
        assert team.get(f"/nqe/{admissible.id}/{page}").status_code == 403
        assert team.post(f"/nqe/{admissible.id}/{page}", data={"outcome": "grant"}).status_code == 403


# The summer has come


def test_the_team_moves_then_cancels_a_date(team: FlaskClient, granted: NqeProject) -> None:
    event = granted.programme[0]
    page = f"/nqe/{granted.id}/programme"
    assert "Déplacer" in team.get(page).text
    answer = team.post(
        f"{page}/{event.id}/deplacer",
        data={"on": "2027-07-04", "starts_at": "15:00", "ends_at": "", "place": "Le gymnase", "note": "Orage."},
    )
    assert (answer.status_code, answer.location) == (303, f"/agenda/{event.id}")
    shown = team.get(answer.location).text
    assert "Orage." in shown
    assert "C’était prévu le 3 juillet 2027 à 14 h." in shown
    assert team.post(f"{page}/{event.id}/annuler", data={"note": ""}).status_code == 422
    team.post(f"{page}/{event.id}/annuler", data={"note": "Canicule."})
    shown = team.get(f"/agenda/{event.id}").text
    assert "Annulé" in shown
    assert "EventCancelled" in shown
    assert team.post(f"{page}/{event.id}/annuler", data={"note": "Encore."}).status_code == 422


def test_an_odd_move_moves_nothing(team: FlaskClient, granted: NqeProject) -> None:
    event = granted.programme[0]
    whole = {"on": "2027-07-04", "starts_at": "15:00", "ends_at": "", "place": "Le gymnase", "note": "Gardez ceci."}
    for field in whole:
        for odd in ODD:
            if odd or field != "ends_at":
                answer = team.post(
                    f"/nqe/{granted.id}/programme/{event.id}/deplacer", data=whole | {field: odd} | {"on": "2027-12-01"}
                )
                assert answer.status_code == 422, (field, odd)
    assert db.session.get_one(ProgrammeEvent, event.id, populate_existing=True).status == "planned"


def test_a_stranger_and_the_region_do_not_change_a_date(region: FlaskClient, granted: NqeProject) -> None:
    event = granted.programme[0]
    for page in ("deplacer", "annuler"):
        assert region.get(f"/nqe/{granted.id}/programme/{event.id}/{page}").status_code == 403
        assert region.post(f"/nqe/{granted.id}/programme/{event.id}/{page}", data={"note": "x"}).status_code == 403


@pytest.mark.parametrize("address", ["/nqe", "/nqe/editions/2027", "/agenda", "/agenda/1"])
def test_a_page_has_one_title_and_no_identifier_twice(client: FlaskClient, granted: NqeProject, address: str) -> None:
    page = client.get(address.replace("/agenda/1", f"/agenda/{granted.programme[0].id}")).text
    assert page.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
