"""What is published, cell by cell."""

import json
from dataclasses import replace
from datetime import date

import pytest

from citizen.region.rules import COLUMNS, Asked, Cluster, Initiative, cell, feature, few, in_euros, limits, marker

FANFARE = Initiative(
    12, "nqe", "Un été en fanfare", "59360", "Loos", "QN05946M", "Les Oliveaux", "59", 3.0061234, 50.6151234, 3.005, 50.615,
    "granted", 80050, date(2027, 3, 10), "association", "Les Cuivres", "Été 2027", 7, 3, ("Culture", "Santé"), date(2027, 6, 21), None, 140, 9, url="https://exemple.test/projets/12",
)  # fmt: skip
OLIVEAUX = Cluster("QN05946M", "Les Oliveaux", "59360", "Loos", 12, 3.0051234, 50.6151234)


def cells(initiative: Initiative) -> list[str]:
    return [cell(column.value(initiative)) for column in COLUMNS]


@pytest.mark.parametrize("typed", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "＠x"])
def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(typed: str) -> None:
    assert cell(typed) == f"'{typed}"


@pytest.mark.parametrize(
    ("value", "shown"), [("Fête", "Fête"), ("1 = 1", "1 = 1"), ("", ""), (None, ""), (3.5, "3.5"), (-3.5, "-3.5")]
)
def test_other_cells_stay_as_they_are(value: object, shown: str) -> None:
    assert cell(value) == shown


@pytest.mark.parametrize(("cents", "shown"), [(80050, "800.50"), (5, "0.05"), (100000000, "1000000.00"), (None, None)])
def test_euros_have_a_point_and_two_decimals(cents: int | None, shown: str | None) -> None:
    assert in_euros(cents) == shown


def test_the_names_of_the_columns_never_change() -> None:
    assert [column.name for column in COLUMNS] == [
        "numero", "adresse", "dispositif", "titre", "commune_code", "commune_nom", "quartier_code", "quartier_nom",
        "departement", "longitude", "latitude", "precision", "etat", "montant_accorde", "date_decision", "association", "appel",
        "appel_numero", "quartier_numero", "themes", "date_debut", "date_fin", "participants", "benevoles", "publie_le", "resume",
    ]  # fmt: skip


def test_a_row_follows_the_columns() -> None:
    assert cells(FANFARE) == [
        "12", "https://exemple.test/projets/12", "NQE", "Un été en fanfare", "59360", "Loos", "QN05946M", "Les Oliveaux", "59",
        "3.00612", "50.61512", "lieu", "accordé", "800.50", "2027-03-10", "Les Cuivres", "Été 2027", "7", "3", "Culture ; Santé", "2027-06-21", "", "140", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["group", "commune", None])
def test_only_an_association_is_named(kind: str | None) -> None:
    assert "Les Cuivres" not in cells(replace(FANFARE, organisation_kind=kind))


@pytest.mark.parametrize("kind", ["group", None])
def test_the_place_of_residents_is_given_to_a_hundred_metres(kind: str | None) -> None:
    assert replace(FANFARE, scheme="pic", organisation_kind=kind).point == (3.006, 50.615, "environs")


def test_the_place_of_works_is_given_as_it_is() -> None:
    assert replace(FANFARE, scheme="ftu", organisation_kind=None).point == (3.00612, 50.61512, "lieu")


def test_without_a_place_the_middle_of_the_quarter_stands_for_it() -> None:
    assert replace(FANFARE, lon=None).point == (3.005, 50.615, "quartier")


def test_without_place_nor_quarter_there_is_no_point() -> None:
    nowhere = replace(FANFARE, lon=None, lat=None, quarter_lon=None, quarter_lat=None)
    assert nowhere.point is None
    assert cells(nowhere)[9:12] == ["", "", ""]
    assert json.loads(feature(nowhere))["geometry"] is None


def test_a_feature_has_every_column_but_the_point_which_is_its_geometry() -> None:
    told = json.loads(feature(FANFARE))
    assert told["geometry"] == {"type": "Point", "coordinates": [3.00612, 50.61512]}
    assert set(told["properties"]) == {column.name for column in COLUMNS} - {"longitude", "latitude"}
    assert told["properties"]["montant_accorde"] == 800.5
    assert told["properties"]["date_decision"] == "2027-03-10"


def test_the_map_needs_a_name_a_number_and_an_address_only() -> None:
    told = json.loads(marker(OLIVEAUX, "/initiatives/carte?quartier=QN05946M"))
    assert told["properties"] == {"title": "Les Oliveaux, Loos", "count": 12, "url": "/initiatives/carte?quartier=QN05946M"}
    assert told["geometry"]["coordinates"] == [3.005, 50.615], "to a hundred metres, whoever is there"


def test_outside_of_quarters_a_commune_is_counted() -> None:
    town = replace(OLIVEAUX, quarter_code=None, quarter=None, lon=None)
    assert (town.name, town.filter) == ("Loos", {"commune": "59360", "quartier": "hors"})
    assert json.loads(marker(town, "/"))["geometry"] is None


def test_an_outline_is_a_multipolygon_or_nothing() -> None:
    assert json.loads(limits("Ici", [[[[0, 0]]]]))["geometry"] == {"type": "MultiPolygon", "coordinates": [[[[0, 0]]]]}
    assert json.loads(limits("Ici", None))["geometry"] is None


@pytest.mark.parametrize(("typed", "year"), [("2027", 2027), ("", None), ("deux", None), ("20271", None), ("²027", None)])
def test_a_year_that_is_not_one_filters_nothing(typed: str, year: int | None) -> None:
    assert Asked(annee=typed).year == year


def test_another_page_keeps_the_filters_that_are_set() -> None:
    assert Asked(q="vélo", commune="59360").given == {"q": "vélo", "commune": "59360"}


@pytest.mark.parametrize(("count", "shown"), [(None, None), (0, None), (10, None), (11, 11), (140, 140)])
def test_a_count_of_so_few_people_that_it_would_name_them_is_not_given(count: int | None, shown: int | None) -> None:
    assert few(count) == shown
