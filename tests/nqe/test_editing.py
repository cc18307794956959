"""What an association writes: principles, partners, quarters, programme, and what odd answers make of it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe.models import Edition, NqeProject
from citizen.people.models import Person
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from tests import factories, summers
from tests.nqe.answers import ODD, stored

A_DATE = {
    "title": "Cinéma en plein air",
    "on": "2027-07-10",
    "starts_at": "22:00",
    "ends_at": "00:30",
    "place": "Le terril",
    "kind": "culture",
}


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
    assert (
        "changez-la d’abord"
        in team.post(f"/nqe/{draft.id}/quartiers/{draft.quarters[0].id}/retirer", follow_redirects=True).text
    )


def test_odd_partners_and_quarters(team: FlaskClient, draft: NqeProject) -> None:
    for odd in ODD:
        assert team.post(f"/nqe/{draft.id}/partenaires", data={"name": odd, "role": "Gardez."}).status_code in (303, 422)
        assert team.post(f"/nqe/{draft.id}/quartiers", data={"quarter": odd}).status_code == 422


def test_a_date_is_added_copied_a_week_later_edited_and_removed(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/programme"
    answer = team.post(
        f"{page}/nouvelle", data=A_DATE | {"another": "1", "is_accessible": "y", "perimeter_id": str(draft.quarters[0].id)}
    )
    cinema = stored(draft).programme[-1]
    assert answer.location == f"{page}/nouvelle?copie={cinema.id}"
    assert (cinema.is_accessible, cinema.ends_at.isoformat()) == (True, "00:30:00")
    copied = team.get(answer.location).text
    assert "Cinéma en plein air" in copied
    assert 'value="2027-07-17"' in copied
    assert len(stored(draft).programme) == 2, "looking at a copy writes nothing"
    assert (
        team.post(f"{page}/{cinema.id}", data=A_DATE | {"title": "Cinéma sous les étoiles", "starts_at": "21h30"}).status_code
        == 303
    )
    assert stored(draft).programme[-1].starts_at.isoformat() == "21:30:00"
    assert "Cinéma sous les étoiles" in team.get(page).text
    team.post(f"{page}/{cinema.id}/retirer")
    assert len(stored(draft).programme) == 1


@pytest.mark.parametrize(
    "field",
    ["title", "on", "starts_at", "ends_at", "place", "kind", "perimeter_id", "lat", "lon", "capacity", "fallback", "details"],
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
def test_what_is_wrong_with_a_date_is_said_next_to_it(
    team: FlaskClient, draft: NqeProject, changed: dict[str, str], words: str
) -> None:
    answer = team.post(f"/nqe/{draft.id}/programme/nouvelle", data=A_DATE | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_date_outside_the_season_is_kept_and_the_verdict_says_so(team: FlaskClient, draft: NqeProject) -> None:
    assert team.post(f"/nqe/{draft.id}/programme/nouvelle", data=A_DATE | {"on": "2027-12-01"}).status_code == 303
    assert "est hors de la saison" in team.get(f"/nqe/{draft.id}/programme").text


def test_the_dates_of_another_project_are_not_there(
    team: FlaskClient, draft: NqeProject, summer: Edition, quarters: list[Perimeter]
) -> None:
    other = summers.nqe_draft(summer, quarters=quarters, title="Ailleurs")
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
def test_the_pages_of_the_file_are_for_its_team_while_it_is_written(
    client: FlaskClient, draft: NqeProject, bearer: Actor, page: str
) -> None:
    address = f"/nqe/{draft.id}/{page}"
    assert client.get(address).status_code == 303
    factories.login(client, factories.person())
    assert client.get(address).status_code == 404
    assert client.get(f"/nqe/99999/{page}").status_code == 404
    factories.login(client, db.session.get_one(Person, bearer.person_id))
    assert client.get(address).status_code == 200
    projects.lodge(bearer, draft.id)
    assert client.get(address).status_code == 409


def test_the_project_of_another_scheme_has_no_summer_pages(client: FlaskClient, app: Any) -> None:
    bearer = factories.person()
    idea = projects.propose(factories.actor(bearer), title="Un banc", summary="Un banc.")
    factories.login(client, bearer)
    for page in PAGES:
        assert client.get(f"/nqe/{idea.id}/{page}").status_code == 404
