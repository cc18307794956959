"""The summer's pages: what they show, to whom, and what they make of odd answers."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe import services
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.people.models import Person
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from tests import factories

A_DATE = {"title": "Cinéma en plein air", "on": "2027-07-10", "starts_at": "22:00", "ends_at": "00:30", "place": "Le terril", "kind": "culture"}
AN_EDITION = {
    "year": "2028", "theme_title": "Le vent", "theme_text": "", "axes": "Jeux\r\n\r\nArts", "season_starts_on": "2028-06-21",
    "season_ends_on": "20/09/2028", "opens_on": "2028-01-01", "closes_on": "2028-02-03", "envelope": "1 000 000",
}  # fmt: skip
ODD = ["", "x" * 20_000, "\x00é", b"\xed\xa0\x80", "99999999999999999999", "2027-13-45"]


def who(actor: Actor) -> Person:
    return db.session.get_one(Person, actor.person_id)


@pytest.fixture
def team(client: FlaskClient, draft: NqeProject, bearer: Actor) -> FlaskClient:
    factories.login(client, who(bearer))
    return client


@pytest.fixture
def region(client: FlaskClient, officer: Actor) -> FlaskClient:
    factories.login(client, who(officer))
    return client


def stored(project: NqeProject) -> NqeProject:
    db.session.rollback()
    return db.session.get_one(NqeProject, project.id, populate_existing=True)


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
        answer = region.post("/nqe/editions/nouvelle", data=AN_EDITION | {"year": "2027", "theme_text": "Ce que je pensais."} | {field: odd})
        assert answer.status_code in (303, 422), odd
        if answer.status_code == 422 and field != "theme_text":
            assert "Ce que je pensais." in answer.text


def test_others_do_not_open_an_edition(team: FlaskClient) -> None:
    assert team.get("/nqe/editions/nouvelle").status_code == 403
    assert team.post("/nqe/editions/nouvelle", data=AN_EDITION).status_code == 403


# The association writes


def principles(**changed: str) -> dict[str, str]:
    lines = {f"line_{number}": "2" for number in range(11)}
    texts = {"axis_0": "", "axis_1": "Une source.", "design": "A", "delivery": "B", "evaluation": "C", "derogation": ""}
    return lines | texts | {"free": "yes", "funded": "no"} | changed


def test_the_four_principles_are_written_and_judged(team: FlaskClient, draft: NqeProject) -> None:
    address = f"/nqe/{draft.id}/principes"
    assert "Une fontaine de quartier." in team.get(address).text
    answer = team.post(address, data=principles(line_3="0", funded="yes", derogation="Un vrai besoin."))
    assert answer.status_code == 303
    kept = stored(draft)
    assert (kept.theme_links, kept.delivery, kept.is_already_funded) == ({"Partage": "Une source."}, "B", True)
    assert sorted(kept.eco_scores.values()) == [0] + [2] * 10
    assert "20 points sur 22" in team.get(address).text


def test_a_draft_saves_itself_and_answers_with_its_verdict(team: FlaskClient, draft: NqeProject) -> None:
    answer = team.post(f"/nqe/{draft.id}/principes", data=principles(design=""), headers={"X-Draft": "1"})
    assert answer.status_code == 200
    assert 'id="verdict"' in answer.text
    assert "la préparation" in answer.text


@pytest.mark.parametrize("field", ["axis_1", "line_0", "design", "free", "funded", "derogation"])
def test_odd_principles_lose_nothing(team: FlaskClient, draft: NqeProject, field: str) -> None:
    for odd in ODD:
        answer = team.post(f"/nqe/{draft.id}/principes", data=principles(evaluation="Gardez ceci.") | {field: odd})
        assert answer.status_code in (303, 422), odd
        if answer.status_code == 422:
            assert "Gardez ceci." in answer.text
            assert "x" * 20_000 in answer.text or odd != ODD[1] or field in ("line_0", "free", "funded")


def test_partners_and_quarters_are_added_and_removed(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/partenaires"
    assert team.post(page, data={"name": "La Poste", "role": "Prête la cour"}).status_code == 303
    partner = stored(draft).partners[-1]
    assert (partner.name, partner.has_agreed) == ("La Poste", False)
    team.post(f"{page}/{partner.id}/accord")
    assert stored(draft).partners[-1].has_agreed
    team.post(f"{page}/{partner.id}/retirer")
    assert len(stored(draft).partners) == 2
    second = draft.quarters[1].id
    team.post(f"/nqe/{draft.id}/quartiers/{second}/retirer")
    assert len(stored(draft).quarters) == 1
    assert team.post(f"/nqe/{draft.id}/quartiers", data={"quarter": str(second)}).status_code == 303
    assert len(stored(draft).quarters) == 2
    assert "changez-la d’abord" in team.post(f"/nqe/{draft.id}/quartiers/{draft.quarters[0].id}/retirer", follow_redirects=True).text


def test_odd_partners_and_quarters(team: FlaskClient, draft: NqeProject) -> None:
    for odd in ODD:
        assert team.post(f"/nqe/{draft.id}/partenaires", data={"name": odd, "role": "Gardez."}).status_code in (303, 422)
        assert team.post(f"/nqe/{draft.id}/quartiers", data={"quarter": odd}).status_code == 422


def test_a_date_is_added_copied_a_week_later_edited_and_removed(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/programme"
    answer = team.post(f"{page}/nouvelle", data=A_DATE | {"another": "1", "is_accessible": "y", "perimeter_id": str(draft.quarters[0].id)})
    cinema = stored(draft).programme[-1]
    assert answer.location == f"{page}/nouvelle?copie={cinema.id}"
    assert (cinema.is_accessible, cinema.ends_at.isoformat()) == (True, "00:30:00")
    copied = team.get(answer.location).text
    assert "Cinéma en plein air" in copied
    assert 'value="2027-07-17"' in copied
    assert len(stored(draft).programme) == 2, "looking at a copy writes nothing"
    assert team.post(f"{page}/{cinema.id}", data=A_DATE | {"title": "Cinéma sous les étoiles", "starts_at": "21h30"}).status_code == 303
    assert stored(draft).programme[-1].starts_at.isoformat() == "21:30:00"
    assert "Cinéma sous les étoiles" in team.get(page).text
    team.post(f"{page}/{cinema.id}/retirer")
    assert len(stored(draft).programme) == 1


@pytest.mark.parametrize(
    "field", ["title", "on", "starts_at", "ends_at", "place", "kind", "perimeter_id", "lat", "lon", "capacity", "fallback", "details"]
)
def test_an_odd_date_is_never_an_error_of_ours_and_loses_nothing(team: FlaskClient, draft: NqeProject, field: str) -> None:
    for odd in [*ODD, "nan", "1e400"]:
        answer = team.post(f"/nqe/{draft.id}/programme/nouvelle", data=A_DATE | {"details": "Gardez ceci."} | {field: odd})
        assert answer.status_code in (303, 422), odd
        if answer.status_code == 422 and field != "details":
            assert "Gardez ceci." in answer.text, odd


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starts_at": "14:00", "ends_at": "13:00"}, "La fin vient avant le début."),
        ({"lat": "50.6"}, "la latitude et la longitude"),
        ({"capacity": "0"}, "Un nombre de places"),
    ],
)
def test_what_is_wrong_with_a_date_is_said_next_to_it(team: FlaskClient, draft: NqeProject, changed: dict[str, str], words: str) -> None:
    answer = team.post(f"/nqe/{draft.id}/programme/nouvelle", data=A_DATE | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_date_outside_the_season_is_kept_and_the_verdict_says_so(team: FlaskClient, draft: NqeProject) -> None:
    assert team.post(f"/nqe/{draft.id}/programme/nouvelle", data=A_DATE | {"on": "2027-12-01"}).status_code == 303
    assert "est hors de la saison" in team.get(f"/nqe/{draft.id}/programme").text


def test_the_dates_of_another_project_are_not_there(team: FlaskClient, draft: NqeProject, summer: Edition, quarters: list[Perimeter]) -> None:
    other = factories.nqe_draft(summer, quarters=quarters, title="Ailleurs")
    theirs = other.programme[0].id
    assert team.get(f"/nqe/{draft.id}/programme/{theirs}").status_code == 404
    assert team.post(f"/nqe/{draft.id}/programme/{theirs}", data=A_DATE).status_code == 404
    team.post(f"/nqe/{draft.id}/programme/{theirs}/retirer")
    team.post(f"/nqe/{draft.id}/partenaires/{other.partners[0].id}/retirer")
    assert len(stored(other).programme) == 1
    assert len(stored(other).partners) == 2
    assert team.get(f"/nqe/{other.id}/programme").status_code == 404, "a draft of others does not exist for us"


PAGES = ["principes", "partenaires", "programme", "programme/nouvelle"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_the_file_are_for_its_team_while_it_is_written(client: FlaskClient, draft: NqeProject, bearer: Actor, page: str) -> None:
    address = f"/nqe/{draft.id}/{page}"
    assert client.get(address).status_code == 303
    factories.login(client, factories.person())
    assert client.get(address).status_code == 404
    assert client.get(f"/nqe/99999/{page}").status_code == 404
    factories.login(client, who(bearer))
    assert client.get(address).status_code == 200
    projects.lodge(bearer, draft.id)
    assert client.get(address).status_code == 409


def test_the_project_of_another_scheme_has_no_summer_pages(client: FlaskClient, app: Any) -> None:
    bearer = factories.person()
    idea = projects.propose(factories.actor(bearer), title="Un banc", summary="Un banc.")
    factories.login(client, bearer)
    for page in PAGES:
        assert client.get(f"/nqe/{idea.id}/{page}").status_code == 404


# The Region decides


@pytest.fixture
def admissible(draft: NqeProject, bearer: Actor, officer: Actor) -> NqeProject:
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    return draft


def test_the_region_grants(region: FlaskClient, admissible: NqeProject) -> None:
    address = f"/nqe/{admissible.id}/decider"
    assert "7 000 €".replace(" ", "\u202f") in region.get(address).text
    answer = region.post(address, data={"outcome": "grant", "amount": "6 000", "act_reference": "CP 12", "reason": "Un bel été."})
    assert answer.status_code == 303
    assert (stored(admissible).state, stored(admissible).granted_cents) == ("granted", 6_000_00)
    assert region.get(address).status_code == 409
    assert region.post(address, data={"outcome": "reject", "reason": "Trop tard."}).status_code == 409


@pytest.mark.parametrize(
    "changed",
    [{"amount": ""}, {"amount": "9 000 000"}, {"amount": "x"}, {"act_reference": ""}, {"outcome": "sell"}, {"outcome": ""}, {"amount": "-5"}],
)
def test_an_odd_decision_decides_nothing_and_loses_nothing(region: FlaskClient, admissible: NqeProject, changed: dict[str, str]) -> None:
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
    answer = team.post(f"{page}/{event.id}/deplacer", data={"on": "2027-07-04", "starts_at": "15:00", "ends_at": "", "place": "Le gymnase", "note": "Orage."})
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
                answer = team.post(f"/nqe/{granted.id}/programme/{event.id}/deplacer", data=whole | {field: odd} | {"on": "2027-12-01"})
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
