"""City contracts: written by the Region only, one at a time on a quarter, loaded from a file whole or not at all."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from citizen.db import db, transaction
from citizen.journal.models import Event
from citizen.kernel.access import NOBODY, REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.places import contracts
from citizen.places.commands import places
from citizen.places.contract_models import CityContract
from citizen.places.models import Commune, Intermunicipality
from tests import factories
from tests.region.seeding import perimeter

MEL, LENS = "200093201", "246200364"
Town = dict[str, int]


@pytest.fixture
def town(app: Flask) -> Town:
    """Two quarters of Loos, a former one, and the whole commune, by code."""
    with transaction():
        db.session.add_all(Intermunicipality(siren=siren, name=name) for siren, name in ((MEL, "Métropole"), (LENS, "Lens")))
        db.session.flush()
        loos = Commune(code="59360", name="Loos", search_name="loos", departement="59", intermunicipality_siren=MEL)
        former = {"version": "2014", "valid_from": date(2015, 1, 1), "valid_until": date(2023, 12, 31)}
        found = [
            perimeter("QN05946M", "Les Oliveaux", [loos]),
            perimeter("QN05947M", "Clémenceau", [loos], kind="watch"),
            perimeter("QP059046", "Les Oliveaux", [loos], **former),
            perimeter("59360", "Loos", [loos], kind="commune"),
        ]
        db.session.add_all(found)
        db.session.flush()
        return {one.code: one.id for one in found}


@pytest.fixture
def officer(app: Flask) -> Actor:
    return factories.actor(factories.person(duties=[(Role.REGION_OFFICER, REGION)]))


def held(officer: Actor, title: str, *quarters: int, **facts: date) -> CityContract:
    contract = contracts.open_contract(officer, title=title, sirens=[MEL])
    contracts.change(officer, contract.id, title=title, sirens=[MEL], communes=["59360"], perimeter_ids=quarters, **facts)
    return contract


def test_only_the_region_writes_contracts(app: Flask, officer: Actor, town: Town) -> None:
    contract = held(officer, "Lille", town["QN05946M"])
    stranger = factories.actor(factories.person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]))
    for actor in (NOBODY, stranger):
        with pytest.raises(Forbidden):
            contracts.open_contract(actor, title="Autre", sirens=[])
        with pytest.raises(Forbidden):
            contracts.publish(actor, contract.id, is_public=True)
        with pytest.raises(Forbidden):
            contracts.remove(actor, contract.id, "signatories", 1)


def test_each_act_is_in_the_journal(officer: Actor, town: Town) -> None:
    contract = held(officer, "Lille", town["QN05946M"])
    signatory = contracts.add_signatory(officer, contract.id, name="Ville de Loos", kind="commune", signed_on=date(2024, 6, 1))
    contracts.remove(officer, contract.id, "signatories", signatory.id)
    contracts.remove(officer, contract.id, "signatories", signatory.id)  # twice is once
    for is_public in (True, True, False):
        contracts.publish(officer, contract.id, is_public=is_public)
    told = [event.action for event in db.session.query(Event).filter_by(subject=contract.on).order_by(Event.id)]
    assert told == ["opened", "changed", "signatory_added", "removed", "published", "taken_back"]


def test_a_quarter_is_in_one_contract_at_a_time(officer: Actor, town: Town) -> None:
    oliveaux = town["QN05946M"]
    held(officer, "De 2024 à 2030", oliveaux, starts_on=date(2024, 1, 1), ends_on=date(2030, 12, 31))
    held(officer, "D’après", oliveaux, starts_on=date(2031, 1, 1))
    for title, facts in (("Sans dates", {}), ("À cheval", {"starts_on": date(2030, 12, 31), "ends_on": date(2030, 12, 31)})):
        with pytest.raises(Invalid, match="déjà dans"):
            held(officer, title, oliveaux, **facts)
    with pytest.raises(Invalid, match="pas des communes"):
        held(officer, "Trop grand", town["59360"])


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("ends_on", {"starts_on": date(2030, 1, 1), "ends_on": date(2029, 1, 1)}),
        ("review_due_on", {"starts_on": date(2024, 1, 1), "review_due_on": date(2023, 1, 1)}),
        ("review_held_on", {"review_held_on": date(2199, 1, 1)}),
    ],
)
def test_days_that_contradict_are_refused(officer: Actor, town: Town, field: str, facts: dict[str, date]) -> None:
    with pytest.raises(Invalid) as refusal:
        held(officer, "Lille", **facts)
    assert refusal.value.field == field


def test_a_renewal_site_stands_on_quarters_of_its_contract(officer: Actor, town: Town) -> None:
    contract = held(officer, "Lille", town["QN05946M"], town["QN05947M"])
    site = contracts.add_site(officer, contract.id, name="Sud", kind="national", perimeter_ids=town.values())
    assert {one.code for one in site.perimeters} == {"QN05946M", "QN05947M"}
    with pytest.raises(Invalid):
        contracts.add_site(officer, contract.id, name="SUD", kind="regional", perimeter_ids=[])
    contracts.change(officer, contract.id, title="Lille", sirens=[], communes=[], perimeter_ids=[town["QN05947M"]])
    assert {one.code for one in site.perimeters} == {"QN05947M"}


def test_a_review_is_recalled_three_months_before_until_it_is_held() -> None:
    contract = CityContract(review_due_on=date(2027, 6, 30))
    assert [contract.awaits_review(day) for day in (date(2027, 3, 31), date(2027, 4, 1), date(2028, 1, 1))] == [
        False,
        True,
        True,
    ]
    contract.review_held_on = date(2027, 6, 1)
    assert not contract.awaits_review(date(2027, 7, 1))


def run(file: Path) -> Result:
    return CliRunner().invoke(places, ["import-contracts", str(file)])


HEADER = "contrat;intercommunalites;debut;fin;revoyure_prevue;communes;quartiers;signataires;renouvellement\n"
LINE = (
    "Métropole de Lille;200093201;2024-01-01;31/12/2030;2027-06-30;59360;QN05946M|QN05947M;"
    "État : Préfecture|commune : Ville de Loos : 2024-06-30;national : Les Oliveaux : QN05946M\n"
)


def test_a_file_brings_whole_contracts_as_drafts(town: Town, write: Callable[..., Path]) -> None:
    done = run(write(HEADER + LINE, "contrats.csv"))
    assert (done.exit_code, done.stdout) == (0, "contrats.csv : 1 contrats nouveaux, 0 mis à jour.\n")
    contract = db.session.query(CityContract).one()
    assert (contract.slug, contract.state, contract.ends_on) == ("metropole-de-lille", "draft", date(2030, 12, 31))
    assert {(one.kind, one.name, one.signed_on) for one in contract.signatories} == {
        ("state", "Préfecture", None), ("commune", "Ville de Loos", date(2024, 6, 30)),
    }  # fmt: skip
    assert [(one.kind, [place.code for place in one.perimeters]) for one in contract.renewal_sites] == [
        ("national", ["QN05946M"])
    ]


def test_loaded_again_a_file_changes_what_it_tells_and_leaves_the_rest(town: Town, write: Callable[..., Path]) -> None:
    run(write(HEADER + LINE, "contrats.csv"))
    done = run(
        write("contrat,fin,signataires\nMétropole de Lille,2031-12-31,commune : Ville de Loos : 2024-07-01\n", "suite.csv")
    )
    assert done.stdout == "suite.csv : 0 contrats nouveaux, 1 mis à jour.\n"
    contract = db.session.query(CityContract).one()
    assert (contract.starts_on, contract.ends_on, len(contract.perimeters)) == (date(2024, 1, 1), date(2031, 12, 31), 2)
    assert {one.name: one.signed_on for one in contract.signatories} == {"Préfecture": None, "Ville de Loos": date(2024, 7, 1)}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Lens;246200364;31-12;;;;;;", "date illisible : « 31-12 »"),
        ("Lens;246200364;2024-02-30;;;;;;", "date illisible"),
        ("Lens;24620036;;;;;;;", "SIREN illisible"),
        ("Lens;246200364;;;;99999;;;", "code inconnu ici : 99999"),
        ("Lens;999999999;;;;;;;", "code inconnu ici : 999999999"),
        ("Lens;246200364;;;;;QN0XXXXM;;", "code inconnu ici : QN0XXXXM"),
        ("Lens;246200364;;;;;;commune : Ville de Lens : 2199-01-01;", "« Ville de Lens » n’a pas encore signé"),
        ("Lens;246200364;;;;;;ami : Paul;", "« ami » : on attend etat, region"),
        ("Lens;246200364;;;;;;commune;", "écrivez « commune : Ville de Loos : 2024-06-30 »"),
        ("Lens;246200364;;;;;QN05946M;;", "est déjà dans « Métropole de Lille »"),
        ("Lens;246200364;;;;;59360;;", "des quartiers, pas des communes entières"),
        ("Lens;246200364;2030-01-01;2024-01-01;;;;;", "La fin vient avant le début."),
        ("Lens;246200364;;;;;;;national : Sud : QN05947M", "est d’un site mais pas du contrat"),
        (";246200364;;;;;;;", "contrat : un nom est attendu"),
        ("MÉTROPOLE DE LILLE;;;;;;;;", "est déjà au n° 2"),
        ("Lens", "1 colonnes au lieu de 9."),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_loaded(town: Town, write: Callable[..., Path], line: str, told: str) -> None:
    done = run(write(HEADER + LINE + line + "\n", "contrats.csv"))
    assert done.exit_code == 1
    assert done.stderr.startswith("contrats.csv, ligne 3 : ") and told in done.stderr.splitlines()[0]
    assert done.stderr.rstrip().endswith("Rien n’a été importé.")
    assert not db.session.query(CityContract).count() and not db.session.query(Event).filter_by(action="imported").count()


@pytest.mark.parametrize("content", ["", "nom;fin\nLens;2030-01-01\n", "contrat;couleur\nLens;bleu\n"])
def test_a_file_of_another_shape_is_refused(town: Town, write: Callable[..., Path], content: str) -> None:
    done = run(write(content, "autre.csv"))
    assert done.exit_code == 1 and "Rien n’a été importé." in done.stderr
