"""The feasibility sheet: prices of past works or of the fund, a total as an interval, inclusion judged, an exit with its letter."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.db import db, transaction
from citizen.ftu import bench, feasibility
from citizen.ftu import services as ftu
from citizen.ftu.bench import Price, price_of
from citizen.ftu.idea_models import CostLine
from citizen.ftu.models import FtuProject
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotReady
from citizen.mail.models import Letter
from citizen.projects.prices import ENOUGH
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import JUDGED, campaign, ftu_lodged, works_fund, works_officer

BENCH = ["Banc ; pièce ; 400 ; 900", "Chemin ; m² ; 60", "Arbre ; pièce"]
TOLD = {"is_feasible": True, "reason": "Oui.", "cost_cents": 100_00, "upkeep": "Nous.", "safety": "Rien."}


@pytest.mark.parametrize(
    ("line", "price"),
    [
        ("Banc ; pièce ; 400 ; 900", Price("Banc", "pièce", 400_00, 900_00)),
        ("Banc ; pièce ; 900 ; 400,50", Price("Banc", "pièce", 400_50, 900_00)),
        ("Chemin ; m² ; 60", Price("Chemin", "m²", 60_00, 60_00)), ("Arbre ; pièce", Price("Arbre", "pièce")),
        ("Borne", Price("Borne")), ("Banc ; pièce ; cher", None), ("; pièce ; 4", None), ("Banc ; pièce ; 1 ; 2 ; 3", None),
        ("Banc ; pièce ; 0", None),
    ],
)  # fmt: skip
def test_a_line_of_the_bench_is_read_or_refused(line: str, price: Price | None) -> None:
    assert price_of(line) == price


def test_a_bench_that_cannot_be_read_is_not_adopted(app: Flask) -> None:
    assert dict(bench.faults({"prices": ["Banc ; pièce ; cher"]}))
    with pytest.raises(Invalid, match="ne se lit pas"):
        works_fund({"prices": ["Banc ; pièce ; cher"]})


def test_the_fund_says_the_price_until_enough_works_do(app: Flask) -> None:
    officer = works_officer()
    call = campaign(officer, terms={"prices": BENCH})
    made = ftu_lodged(call)
    line = feasibility.add(officer, made.id, label="banc", quantity=3_00, price_cents=None)
    assert (line.label, line.unit, line.source, line.low, line.high, line.chosen) == (
        "Banc", "pièce", "fund", 1_200_00, 2_700_00, 2_700_00,
    )  # fmt: skip
    feasibility.add(officer, made.id, label="Chemin", quantity=12_50, price_cents=50_00)
    assert feasibility.total(made) == feasibility.Total(1_200_00 + 750_00, 2_700_00 + 750_00, 2_700_00 + 625_00)
    with pytest.raises(Invalid, match="Aucun prix"):
        feasibility.add(officer, made.id, label="Arbre", quantity=1_00, price_cents=None)
    assert feasibility.add(officer, made.id, label="Arbre", quantity=1_00, price_cents=150_00).source == "study"
    for number in range(ENOUGH - 1):
        _financed(call, 500_00 + number * 100_00)
    assert next(one for one in feasibility.known_prices(made) if one.price.label == "Banc").source == "fund"
    _financed(call, 900_00)
    known = next(one for one in feasibility.known_prices(made) if one.price.label == "Banc")
    assert (known.source, known.count, known.price.low_cents, known.price.high_cents) == ("works", ENOUGH, 600_00, 800_00)


def _financed(call: object, cents: int) -> None:
    """Works of the past that kept this price for a bench."""
    made = ftu_lodged(call)
    line = {"label": "Banc", "unit": "pièce", "quantity": 1_00, "source": "fund"}
    with transaction():
        made.costs.append(CostLine(**line, low_cents=cents, high_cents=cents, chosen_cents=cents))
        made.state, made.granted_cents, made.decided_on = "granted", cents, made.lodged_at.date()


def test_known_prices_ask_one_question_however_many_works(app: Flask) -> None:
    call = campaign(terms={"prices": BENCH})
    made = ftu_lodged(call)
    asked = []
    for _turn in range(2):
        with counted() as statements:
            feasibility.known_prices(made)
        asked.append(len(statements))
        _financed(call, 500_00)
        db.session.refresh(made)
        assert made.terms
    assert asked[1] <= asked[0]


def test_the_commune_costs_studies_and_publishes_the_sheet(client: FlaskClient) -> None:
    keeper = person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")])
    made = ftu_lodged(campaign(actor(keeper), terms={"prices": BENCH})).id
    assert client.get(f"/ftu/{made}/fiche").status_code == 404
    login(client, keeper)
    assert "barème du fonds" in client.get(f"/ftu/{made}/chiffrage").text
    wrong = client.post(f"/ftu/{made}/chiffrage", data={"label": "Banc", "quantity": "beaucoup", "price": ""})
    assert wrong.status_code == 422
    assert "Écrivez un nombre" in wrong.text and "montant en euros" not in wrong.text
    assert client.post(f"/ftu/{made}/chiffrage", data={"label": "Banc", "quantity": "2", "price": ""}).status_code == 303
    assert client.post(f"/ftu/{made}/chiffrage", data={"label": "Dalle", "quantity": "1", "price": ""}).status_code == 422
    assert client.post(f"/ftu/{made}/chiffrage", data={"label": "Dalle", "quantity": "1", "price": "80"}).status_code == 303
    number = db.session.scalars(db.select(CostLine.id).order_by(CostLine.id.desc())).first()
    assert client.post(f"/ftu/{made}/chiffrage/{number}/retirer").status_code == 303
    page = client.get(f"/ftu/{made}/etude").text
    assert 'value="1800"' in page
    study = {"is_feasible": "yes", "reason": "Le sol est bon.", "cost": "1 700", "upkeep": "Nous.", "safety": "Bords ronds."}
    judged = {f"{group}_verdict": "ok" for group in JUDGED}
    bare = client.post(f"/ftu/{made}/etude", data=study)
    assert bare.status_code == 422
    assert "femmes" in bare.text
    unsaid = client.post(f"/ftu/{made}/etude", data=study | judged | {"seniors_verdict": "improve"})
    assert unsaid.status_code == 422
    improved = {"seniors_verdict": "improve", "seniors_words": "Ajouter des accoudoirs."}
    assert client.post(f"/ftu/{made}/etude", data=study | judged | improved).status_code == 303
    client.post("/deconnexion")
    page = client.get(f"/ftu/{made}/fiche").text
    for words in ("Le sol est bon.", "Ajouter des accoudoirs.", "de 800", "Banc", "Bords ronds."):
        assert words in page
    assert client.get(f"/ftu/{made}/fiche/imprimer").status_code == 200
    with pytest.raises(Forbidden):
        feasibility.add(actor(person()), made, label="Banc", quantity=1_00, price_cents=1_00)


def test_a_study_without_its_word_on_each_group_is_not_whole(app: Flask) -> None:
    officer = works_officer()
    made = ftu_lodged(campaign(officer))
    for inclusion in ({}, JUDGED | {"women": ("improve", " ")}, JUDGED | {"women": ("perhaps", "Oui.")}):
        with pytest.raises(NotReady) as refused:
            ftu.study(officer, made.id, **TOLD, inclusion=inclusion)
        assert [found.slug for found in refused.value.findings] == ["ftu-study-inclusive"]
    ftu.study(officer, made.id, **TOLD, inclusion=JUDGED)
    assert db.session.get_one(FtuProject, made.id).inclusion_found["women"] == ["ok", ""]


def test_what_cannot_be_done_leaves_with_a_letter_to_the_right_service(app: Flask) -> None:
    officer, bearer = works_officer(), person()
    made = ftu_lodged(campaign(officer), actor(bearer))
    with pytest.raises(Invalid, match="adresse"):
        ftu.study(officer, made.id, is_feasible=False, reason="Du gaz.", better_exit="upkeep", exit_email="gusp")
    ftu.study(officer, made.id, is_feasible=False, reason="Du gaz.", better_exit="upkeep", exit_email="gusp@exemple.fr")
    sent = {letter.to: letter.body for letter in db.session.scalars(db.select(Letter))}
    assert "Du gaz." in sent["gusp@exemple.fr"]
    assert "gestion urbaine de proximité" in sent[bearer.email]
    assert bearer.email not in sent["gusp@exemple.fr"]
