"""The dashboard against a small region counted by hand: every indicator, filters, comparison, small cells, rights."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.ballots.models import Poll
from citizen.db import db, transaction
from citizen.places.contract_models import CityContract
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.projects.models import Project
from citizen.region.comparison import days_between
from citizen.region.definitions import INDICATORS, part_shown, quantile
from tests.region import seeding
from tests.region.dashboards import Told, told

HAND: dict[str, Told] = {
    "argent": {("", "2026"): "1000,00", ("", "2027"): "3200,00"},
    "argent-dispositif": {("", "PIC"): "0,00", ("", "FTU"): "2000,00", ("", "NQE"): "2200,00"},
    # 12 400 residents in the two priority quarters in force
    "argent-habitant": {("", "2026"): "0,08", ("", "2027"): "0,26"},
    "projets": {("", "2026"): "1", ("", "2027"): "3"},
    "projets-dispositif": {("", "PIC"): "0", ("", "FTU"): "1", ("", "NQE"): "3"},
    "delai-decision": {
        ("FTU", "La moitié en moins de"): "20", ("FTU", "Neuf sur dix en moins de"): "20",
        ("NQE", "La moitié en moins de"): "10", ("NQE", "Neuf sur dix en moins de"): "60",
    },
    "delai-paiement": {("NQE", "La moitié en moins de"): "10", ("NQE", "Neuf sur dix en moins de"): "10"},
    # sent today, 10 March 2027, for an end on 1 August 2026
    "delai-bilan": {("NQE", "La moitié en moins de"): "221", ("NQE", "Neuf sur dix en moins de"): "221"},
    "promesses": {("PIC", "Réponse du comité"): "50", ("PIC", "Premier versement"): "0", ("FTU", "Étapes des travaux"): "100"},
    "votes": {("", "2026"): "", ("", "2027"): "5,00"},
    "refus": {("FTU", "Non réalisable"): "1", ("NQE", "Refusé"): "1"},
    "refus-raisons": {
        ("PIC", "Agir en citoyens"): "0", ("PIC", "L’intérêt de tous"): "0", ("PIC", "Un besoin du quartier"): "0",
        ("FTU", "Une action entre habitants : un projet d’initiative citoyenne (PIC) convient."): "1",
    },
    "porteurs": {("", "Femmes"): "63", ("", "Jeunes"): ""},
    "participants": {
        ("Participations", "2026"): "140", ("Participations", "2027"): "0", ("Bénévoles", "2026"): "12", ("Bénévoles", "2027"): "0",
    },
    "jamais-touches": {("Quartier prioritaire", "jamais touchés"): "1", ("Quartier prioritaire", "en tout"): "2"},
    "chantiers": {("", "2026"): "0", ("", "2027"): "0"},
    "usages": {("", "6 mois"): "75"},
}  # fmt: skip


@pytest.mark.parametrize("indicator", HAND)
def test_each_indicator_says_what_a_hand_counts(client: FlaskClient, counted: seeding.Region, indicator: str) -> None:
    assert told(client, indicator) == HAND[indicator]


def test_the_stages_are_those_of_public_projects_lodged_in_the_period(client: FlaskClient, counted: seeding.Region) -> None:
    found = told(client, "etapes")
    assert found[("NQE", "Terminé")] == "1"
    assert found[("FTU", "Non réalisable")] == "1"
    assert all("préparation" not in label for _group, label in found)
    assert ("NQE", "Terminé") not in told(client, "etapes", "de=2027&a=2027"), "it was lodged the year before"


def test_every_public_indicator_has_its_chart_its_definition_and_its_download(
    client: FlaskClient, counted: seeding.Region
) -> None:
    page = client.get("/tableau-de-bord").text
    for one in INDICATORS:
        assert (f'id="{one.slug}"' in page) is not one.is_internal
        assert (f"/tableau-de-bord/{one.slug}.csv" in page) is not one.is_internal
    assert set(HAND) | {"etapes"} == {one.slug for one in INDICATORS if not one.is_internal}
    assert page.count("<details>") >= len(HAND)


def test_the_years_of_the_address_bound_every_figure(client: FlaskClient, counted: seeding.Region) -> None:
    assert told(client, "argent", "de=2026&a=2026") == {("", "2026"): "1000,00"}
    assert told(client, "refus", "de=2027&a=2027") == {("FTU", "Non réalisable"): "1"}
    assert told(client, "argent", "de=2027&a=2026") == HAND["argent"], "turned the right way round"
    assert told(client, "argent", "de=jamais&a=99999999") == HAND["argent"]
    assert told(client, "argent", "de=1900&a=2026") == {("", "2026"): "1000,00"}


def test_the_last_day_of_a_year_is_of_that_year(client: FlaskClient, place: seeding.Region) -> None:
    place.project("Veille", decided_on=date(2026, 12, 31), granted_cents=1_00)
    place.project("Jour de l’an", decided_on=date(2027, 1, 1), granted_cents=2_00)
    assert told(client, "argent") == {("", "2026"): "1,00", ("", "2027"): "2,00"}


@pytest.mark.parametrize(
    ("place_key", "cents"),
    [
        ("region", "3200,00"), ("departement:80", "700,00"), ("departement:59", "2500,00"), ("commune:59360", "2500,00"),
        ("commune:80021", "700,00"), ("quartier:QN05946M", "2500,00"), ("quartier:QN08001M", "0,00"), ("epci:200000001", "2500,00"),
        ("contrat:metropole", "2500,00"), ("contrat:projet", "3200,00"), ("commune:99999", "3200,00"), ("n’importe:quoi", "3200,00"),
    ],
)  # fmt: skip
def test_any_territory_can_be_looked_at_alone(client: FlaskClient, counted: seeding.Region, place_key: str, cents: str) -> None:
    with transaction():
        group = Intermunicipality(siren="200000001", name="Métropole", kind="METRO")
        db.session.add(group)
        db.session.flush()
        db.session.get_one(Commune, "59360").intermunicipality_siren = group.siren
        quarter = db.session.scalars(db.select(Perimeter).where(Perimeter.code == "QN05946M")).one()
        db.session.add_all([
            CityContract(slug="metropole", title="Métropole", search_name="metropole", state="published", perimeters=[quarter]),
            CityContract(slug="projet", title="En projet", search_name="projet", state="draft", communes=[db.session.get_one(Commune, "80021")]),
        ])  # fmt: skip
    assert told(client, "argent", f"territoire={place_key}&de=2027&a=2027") == {("", "2027"): cents}
    page = client.get(f"/tableau-de-bord?territoire={place_key}")
    assert page.status_code == 200
    assert ("Un territoire n’est pas connu" in page.text) is (
        place_key in ("contrat:projet", "commune:99999", "n’importe:quoi")
    )


def test_a_summer_counts_in_each_quarter_where_it_passes(client: FlaskClient, counted: seeding.Region) -> None:
    tour = db.session.scalars(db.select(Project).where(Project.title == "Nouveau")).one()
    seeding.visits(tour, "QN08001M")
    assert told(client, "argent", "territoire=quartier:QN08001M&de=2027") == {("", "2027"): "500,00"}
    assert told(client, "jamais-touches")[("Quartier prioritaire", "jamais touchés")] == "0"


def test_a_vote_is_of_a_commune_not_of_its_quarters(client: FlaskClient, counted: seeding.Region) -> None:
    assert told(client, "votes", "territoire=commune:59360&de=2027") == {("", "2027"): "5,00"}
    assert told(client, "votes", "territoire=commune:80021&de=2027") == {("", "2027"): ""}
    assert told(client, "votes", "territoire=quartier:QN05946M") == {}


def test_so_few_ballots_are_not_told(client: FlaskClient, counted: seeding.Region) -> None:
    with transaction():
        db.session.scalars(db.select(Poll)).one().ballot_count = 10
    assert told(client, "votes", "de=2027") == {("", "2027"): ""}
    assert "trop peu de personnes" in client.get("/tableau-de-bord?de=2027").text


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(11, 22, 50), (10, 40, None), (30, 40, None), (0, 40, None), (40, 40, None), (14, 33, 42)]
)
def test_a_share_is_hidden_when_either_side_is_small(part: int, whole: int, shown: int | None) -> None:
    assert part_shown(part, whole) == shown


def test_a_quantile_is_a_day_that_really_was() -> None:
    from fractions import Fraction

    assert quantile({1: 1, 5: 1}, Fraction(1, 2)) == 1
    assert quantile({1: 1, 5: 1, 9: 8}, Fraction(9, 10)) == 9
    assert quantile({}, Fraction(1, 2)) is None


def test_two_territories_stand_side_by_side(client: FlaskClient, counted: seeding.Region) -> None:
    query = "territoire=commune:59360&avec=commune:80021&de=2027&a=2027&de2=2027&a2=2027"
    assert told(client, "argent", query) == {("", "2027"): "2500,00"}
    assert told(client, "argent", query, side=1) == {("", "2027"): "700,00"}
    page = client.get(f"/tableau-de-bord?{query}").text
    assert "Loos, 2027" in page and "Amiens, 2027" in page
    assert told(client, "projets-dispositif", query, side=1) == {("", "PIC"): "0", ("", "FTU"): "0", ("", "NQE"): "1"}


def test_two_periods_stand_side_by_side_year_after_year(client: FlaskClient, counted: seeding.Region) -> None:
    query = "de=2026&a=2026&de2=2027&a2=2027"
    assert told(client, "argent", query) == {("", "2026"): "1000,00"}
    assert told(client, "argent", query, side=1) == {("", "2027"): "3200,00"}
    assert "2026 / 2027" in client.get(f"/tableau-de-bord?{query}").text


def test_the_same_thing_is_not_compared_with_itself(client: FlaskClient, counted: seeding.Region) -> None:
    assert "hachurée" not in client.get("/tableau-de-bord?territoire=commune:59360&avec=commune:59360").text


def test_the_condition_that_failed_is_that_of_the_last_passage(client: FlaskClient, app: Flask) -> None:
    from tests.factories import pic_heard
    from tests.rooms import decide

    refused = pic_heard()
    decide(refused, "reject", cents=None, local_need="not_met", active_citizenship="partly")
    found = told(client, "refus-raisons")
    assert [found["PIC", one] for one in ("Agir en citoyens", "L’intérêt de tous")] == ["1", "0"]
    assert sorted(found.values()) == ["0", "1", "1"]


def test_the_former_address_leads_here(client: FlaskClient) -> None:
    answer = client.get("/chiffres")
    assert (answer.status_code, answer.location) == (301, "/tableau-de-bord")


def test_a_page_asks_the_same_for_five_and_for_sixty_projects(place: seeding.Region, queries: Callable[[str], int]) -> None:
    addresses = ["/tableau-de-bord", "/tableau-de-bord?avec=commune:59360", "/tableau-de-bord/tout.csv"]
    list(seeding.many(place, 5))
    few = [queries(address) for address in addresses]
    list(seeding.many(place, 55))
    assert [queries(address) for address in addresses] == few


def test_days_are_counted_alike_on_both_databases(app: Flask, place: seeding.Region) -> None:
    project = place.project("X", decided_on=date(2027, 3, 1), created_at=datetime(2027, 2, 27, 22, 30, tzinfo=UTC))
    query = db.select(days_between(Project.created_at, Project.decided_on)).where(Project.id == project.id)
    assert int(db.session.execute(query).scalar_one()) == 2


def test_the_table_holds_its_bars_and_no_script_is_needed(client: FlaskClient, counted: seeding.Region) -> None:
    section = re.search(
        r'<section class="chart">\s*<h3 id="argent">.*?</section>', client.get("/tableau-de-bord").text, re.DOTALL
    )
    assert section and section[0].count('<svg class="bar"') == 2
    assert "1 000 €" in section[0].replace("\u202f", " ").replace("\xa0", " ")


def test_what_was_cancelled_or_is_hidden_counts_for_nothing(client: FlaskClient, place: seeding.Region) -> None:
    place.project("Annulé", state="cancelled", granted_cents=9_999_00, decided_on=date(2027, 2, 1))
    place.project("Caché", granted_cents=9_999_00, decided_on=date(2027, 2, 1), is_public=False)
    for indicator in ("argent", "projets", "argent-dispositif", "participants"):
        assert set(told(client, indicator).values()) <= {"0", "0,00"}, indicator
    assert told(client, "jamais-touches")[("Quartier prioritaire", "jamais touchés")] == "2"
