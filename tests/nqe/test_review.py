"""After the summer: a report that knows much already, the review day, summers compared."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.nqe import figures, live, review, services
from citizen.nqe.models import Edition, NqeProject
from citizen.places import contracts
from citizen.places.models import Perimeter
from citizen.projects import ending, recounting
from tests import factories, summers
from tests.nqe.conftest import who

AUTUMN = datetime(2027, 10, 4, 9, tzinfo=UTC)
OCTOBER = {"held_on": date(2027, 10, 10), "place": "Lille", "words": "Un bel été.", "is_published": True}


@pytest.fixture
def lived(draft: NqeProject, bearer: Actor, officer: Actor, quarters: list[Perimeter]) -> NqeProject:
    """Three dates: 120 people on the first, 45 on the second under plan B, the third cancelled."""
    summers.nqe_date(bearer, draft.id, title="Tournoi", on=date(2027, 7, 4), perimeter_id=quarters[1].id)
    summers.nqe_date(bearer, draft.id, title="Cinéma", on=date(2027, 7, 10))
    project = summers.nqe_granted(draft, officer)
    feast, game, film = project.programme
    with clock.at(datetime(2027, 7, 12, 9, tzinfo=UTC)):
        live.count(bearer, project.id, feast.id, 120)
        live.shelter(bearer, project.id, game.id, "rain")
        live.count(bearer, project.id, game.id, 45)
        services.cancel_date(bearer, project.id, film.id, note="Orage.")
    return project


def report(project: NqeProject, bearer: Actor, officer: Actor) -> None:
    review.tell_summer(bearer, project.id, waste_kg=33, reused_percent=80)
    review.add_quote(bearer, project.id, words="Quel été !", said_by="une voisine", consent_kept_by="le centre social")
    recounting.write(
        bearer, project.id, held_on=date(2027, 7, 3), place="Étouvie", participants=165, volunteers=20, story="Deux fêtes. " * 5
    )
    db.session.expire_all()
    recounting.tell_spending(
        bearer, project.id, {f"p{line.id}": line.amount_cents for line in project.lines if line.nature != "grant"}
    )
    recounting.send(bearer, project.id)
    ending.close(officer, project.id)


def test_the_report_knows_what_the_days_told(client: FlaskClient, lived: NqeProject, bearer: Actor) -> None:
    with clock.at(AUTUMN):
        factories.login(client, who(bearer))
        assert 'value="165"' in client.get(f"/projets/{lived.id}/bilan/personnes").text
        page = client.get(f"/nqe/{lived.id}/bilan/ete").text
        assert "2 sur 3" in page and "165" in page
        recounting.write(bearer, lived.id, participants=170)
        assert 'value="170"' in client.get(f"/projets/{lived.id}/bilan/personnes").text
        assert client.post(f"/nqe/{lived.id}/bilan/ete", data={"waste_kg": "12", "reused_percent": "101"}).status_code == 422
        assert client.post(f"/nqe/{lived.id}/bilan/ete", data={"waste_kg": "12", "reused_percent": "90"}).status_code == 303
        words = {"words": "Quel été !", "said_by": "une voisine", "consent_kept_by": "le centre"}
        assert client.post(f"/nqe/{lived.id}/bilan/paroles", data=words).status_code == 422, "not without an agreement"
        assert client.post(f"/nqe/{lived.id}/bilan/paroles", data=words | {"has_agreed": "y"}).status_code == 303
        assert "Quel été !" in client.get(f"/nqe/{lived.id}/bilan/paroles").text


def test_the_figures_of_a_summer(lived: NqeProject, bearer: Actor, officer: Actor) -> None:
    with clock.at(AUTUMN):
        (summer,) = figures.summers()
        assert (summer.projects, summer.dates, summer.held, summer.cancelled, summer.sheltered) == (1, 3, 2, 1, 1)
        assert (summer.participants, summer.quarters, summer.waste_grams) == (165, 2, None)
        report(lived, bearer, officer)
        (summer,) = figures.summers()
    assert (summer.participants, summer.volunteers, summer.waste_kg, summer.waste_grams, summer.reused_percent) == (
        165,
        20,
        33,
        200,
        80,
    )


def test_the_review_is_the_regions_until_it_is_published(
    client: FlaskClient, lived: NqeProject, bearer: Actor, officer: Actor, summer: Edition
) -> None:
    assert client.get("/nqe/editions/2027/bilan").status_code == 404
    with clock.at(AUTUMN):
        report(lived, bearer, officer)
        review.write_review(officer, summer.id, **OCTOBER | {"is_published": False})
        assert client.get("/nqe/editions/2027/bilan").status_code == 404
        review.write_review(officer, summer.id, **OCTOBER)
        review.write_review(officer, summer.id, **OCTOBER)
        page = client.get("/nqe/editions/2027/bilan").text
    for words in ("165", "2 sur 3", "33 kg", "200 g par personne", "80 %", "Quel été !", "une voisine", "Un bel été.", "Lille"):
        assert words.replace("2 sur 3", "dates tenues sur 3") in page, words
    assert "centre social" not in page, "who keeps the agreement is not published"
    invited = db.session.scalars(select(Letter).where(Letter.subject.contains("bilan"), Letter.body.contains("Lille"))).all()
    assert [letter.to for letter in invited] == [who(bearer).email], "once"
    assert "Le bilan de l’été" in client.get("/nqe/editions/2027").text


def test_words_of_a_report_that_is_not_accepted_stay_in_it(lived: NqeProject, bearer: Actor, summer: Edition) -> None:
    review.add_quote(bearer, lived.id, words="Pas encore.", said_by="x", consent_kept_by="y")
    assert figures.quotes_of(summer) == []


def test_a_review_before_the_season_is_refused(summer: Edition, officer: Actor) -> None:
    with pytest.raises(Invalid):
        review.write_review(officer, summer.id, **OCTOBER)


def test_only_the_team_tells_the_summer(lived: NqeProject, officer: Actor, bearer: Actor) -> None:
    with pytest.raises(Forbidden):
        review.tell_summer(officer, lived.id, waste_kg=1, reused_percent=None)
    with clock.at(AUTUMN):
        report(lived, bearer, officer)
        with pytest.raises(NotNow):
            review.add_quote(bearer, lived.id, words="Trop tard", said_by="x", consent_kept_by="y")


def test_the_quarters_that_are_never_reached(client: FlaskClient, lived: NqeProject, officer: Actor) -> None:
    summers.priority_quarter("QN08003M", "Les Oubliés", "80021", "248000531")
    (contract,) = figures.contracts(date(2027, 10, 4))
    assert ([one.name for one in contract.never], contract.reached(2027)) == (["Les Oubliés"], 2)
    page = client.get("/nqe/comparer").text
    assert "1 quartier prioritaire n’a jamais eu de date." in page and "Les Oubliés" in page
    book = load_workbook(io.BytesIO(client.get("/nqe/comparer.xlsx").data))
    rows = {row[2]: row[4] for row in book["Quartiers"].iter_rows(min_row=2, values_only=True)}
    assert rows == {"Étouvie": 1, "Pigeonnier": 1, "Les Oubliés": 0}


def test_quarters_are_gathered_by_contract_where_one_is_described(
    client: FlaskClient, lived: NqeProject, officer: Actor
) -> None:
    forgotten = summers.priority_quarter("QN08003M", "Les Oubliés", "80021", "248000531")
    for title, days in (("Ancien contrat", (2015, 2026)), ("Contrat d’Amiens", (2027, 2030))):
        contract = contracts.open_contract(officer, title=title, sirens=["248000531"])
        contracts.change(
            officer, contract.id, title=title, sirens=["248000531"], communes=[], perimeter_ids=[forgotten.id],
            starts_on=date(days[0], 1, 1), ends_on=date(days[1], 12, 31),
        )  # fmt: skip
        contracts.publish(officer, contract.id, is_public=True)
    found = {one.name: [quarter.name for quarter in one.quarters] for one in figures.contracts(date(2027, 10, 4))}
    assert found.pop("Contrat d’Amiens") == ["Les Oubliés"]
    assert [sorted(names) for names in found.values()] == [["Pigeonnier", "Étouvie"]], (
        "the others stay with their intermunicipality"
    )
    assert 'href="/contrats/contrat-d-amiens"' in client.get("/nqe/comparer").text
    contracts.publish(officer, contract.id, is_public=False)
    assert "Contrat d’Amiens" not in {one.name for one in figures.contracts(date(2027, 10, 4))}


def test_comparing_asks_the_same_whatever_the_summers(lived: NqeProject, officer: Actor, queries: Callable[[str], int]) -> None:
    few = queries("/nqe/comparer")
    for year in (2028, 2029):
        summers.edition(officer, year=year)
    for number in range(10):
        summers.priority_quarter(f"QN0810{number}M", f"Quartier {number}", "80021", "248000531")
    assert queries("/nqe/comparer") == few <= 6
