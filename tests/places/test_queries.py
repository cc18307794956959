"""Finding a point, a commune, a quarter."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from citizen.db import db
from citizen.places import queries
from citizen.places.rules import Kind, Status
from citizen.places.services import import_file, import_files
from tests.places.shapes import collection, quarter

RENE_BOILEAU = (2.332334, 49.876029)  # 69 rue René Boileau, Amiens: outside QN08004M, but not far


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*seen: Any) -> None:
        if seen[2].startswith("SELECT"):
            asked.append(seen[2])

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def quarters(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.geojson")


@pytest.fixture
def region(quarters: None, territory: Path) -> None:
    import_file(territory / "communes_hdf_2026.json")


def test_a_point_in_the_quarter_is_inside(quarters: None) -> None:
    found = queries.locate(3.29886, 49.86133)
    assert (found.status, found.code, found.name, found.kind, found.version) == (
        "inside",
        "QN00201M",
        "Europe",
        "priority",
        "2024",
    )
    place = queries.perimeter_by_code("QN00201M")
    assert place is not None
    assert found.perimeter_id == place.id


def test_an_address_just_outside_is_for_an_officer_to_decide(quarters: None) -> None:
    found = queries.locate(*RENE_BOILEAU)  # the site's setting is 100 metres
    assert (found.status, found.code) == (Status.NEAR, "QN08004M")
    assert found.metres == pytest.approx(80, abs=5)


def test_the_same_address_is_outside_when_the_setting_is_50_metres(quarters: None) -> None:
    found = queries.locate(*RENE_BOILEAU, near_metres=50)
    assert (found.status, found.perimeter_id, found.code) == (Status.OUTSIDE, None, "QN08004M")


def test_every_official_inner_point_is_in_its_own_quarter(quarters: None) -> None:
    for place in queries.perimeters_in_force():
        assert place.lon is not None
        assert place.lat is not None
        assert queries.locate(place.lon, place.lat).code == place.code


def test_the_day_decides_which_version_answers(quarters: None, territory: Path) -> None:
    import_file(territory / "qpv_2014_hdf.geojson")
    assert queries.locate(3.29886, 49.86133, date(2020, 6, 1)).code == "QP002001"
    assert queries.locate(3.29886, 49.86133, date(2026, 6, 1)).code == "QN00201M"
    assert queries.locate(3.29886, 49.86133, date(2010, 6, 1)).status is Status.OUTSIDE


def test_an_import_is_seen_at_once_by_whoever_holds_outlines_in_memory(app: Flask, write: Callable[..., Path]) -> None:
    first = date(2026, 1, 1)
    import_file(write(collection(quarter("QD1", lon=3.0))), version="essai", valid_from=first)
    assert queries.locate(3.2, 50.0).status is Status.OUTSIDE
    import_file(write(collection(quarter("QD2", lon=3.2))), version="essai", valid_from=first)
    assert queries.locate(3.2, 50.0).code == "QD2"
    import_file(write(collection(quarter("QD2", lon=3.4))), version="essai", valid_from=first)
    assert queries.locate(3.2, 50.0).status is Status.OUTSIDE


def test_outlines_are_read_once(quarters: None) -> None:
    queries.locate(*RENE_BOILEAU)
    with statements() as asked:
        queries.locate(*RENE_BOILEAU)
    assert len(asked) == 1, asked  # the stamp, nothing else
    assert "territory_stamp" in asked[0]


def test_a_whole_commune_is_asked_for_expressly(quarters: None, write: Callable[..., Path]) -> None:
    far = quarter("QD1", kind="commune", lon=2.0, lat=50.5)
    import_file(write(collection(far)), version="essai", valid_from=date(2026, 1, 1))
    assert queries.locate(2.0, 50.5).status is Status.OUTSIDE
    assert queries.locate(2.0, 50.5, kinds=[Kind.COMMUNE]).code == "QD1"


def test_communes_come_exact_then_beginning_then_holding(region: None) -> None:
    names = [commune.name for commune in queries.communes_matching("saint quentin", limit=20)]
    assert names[0] == "Saint-Quentin"
    assert names[1] == "Saint-Quentin-la-Motte-Croix-au-Bailly"
    assert names.index("Saint-Quentin-en-Tourmont") < names.index("Écourt-Saint-Quentin")


def test_a_commune_is_found_as_people_type_it(region: None) -> None:
    typed = ["ETAPLES", "st-omer", "noeux", "59120", "80021", " loos "]
    names = ["Étaples", "Saint-Omer", "Nœux-les-Mines", "Loos", "Amiens", "Loos"]
    assert [queries.communes_matching(text)[0].name for text in typed] == names


def test_nothing_is_found_for_what_names_nothing(region: None) -> None:
    for typed in ["", "   ", "%", "_", "'", "zzzz", "\x00", "🙂", "a" * 5000]:
        assert queries.communes_matching(typed) == []
        assert queries.perimeters_matching(typed) == []


def test_a_quarter_is_found_without_its_accents_or_by_its_code(region: None) -> None:
    assert [found.name for found in queries.perimeters_matching("étouvie")] == ["Etouvie"]
    assert [found.code for found in queries.perimeters_matching("qn08004m")] == ["QN08004M"]


def test_only_quarters_in_force_are_found(region: None, territory: Path) -> None:
    import_file(territory / "qpv_2014_hdf.geojson")
    assert {found.version for found in queries.perimeters_matching("europe")} == {"2024"}
    assert [found.version for found in queries.perimeters_matching("abords du parc", on=date(2020, 1, 1))] == ["2014"]
    assert queries.perimeters_matching("abords du parc") == []  # Liancourt left in 2024


def test_a_code_gives_the_version_in_force_else_the_latest(app: Flask, write: Callable[..., Path]) -> None:
    for version, first in [("a", date(2020, 1, 1)), ("b", date(2024, 1, 1)), ("c", date(2030, 1, 1))]:
        import_file(write(collection(quarter())), version=version, valid_from=first)
    for day, version in [(None, "b"), (date(2021, 5, 5), "a"), (date(2031, 1, 1), "c"), (date(2000, 1, 1), "c")]:
        found = queries.perimeter_by_code("QD9001", day)
        assert found is not None
        assert found.version == version
    assert queries.perimeter_by_code("QD0000") is None


def test_a_commune_knows_its_quarters_even_those_it_shares(region: None) -> None:
    assert {found.code for found in queries.perimeters_of("59491")} >= {"QN05920M", "QN05921M"}
    assert queries.perimeters_of("59999") == []


def test_the_lists_of_a_form_ask_few_questions(region: None) -> None:
    with statements() as asked:
        quarters, towns = queries.quarter_choices(), queries.commune_choices(with_quarters=True)
    assert (len(quarters), len(asked)) == (204, 3), asked
    assert ("59360", "Loos (59)") in towns
    assert any(label.startswith("Etouvie, Amiens") for _id, label in quarters)
    assert len(queries.commune_choices()) == 3782
    assert len(towns) < 200


def test_the_outlines_of_one_commune_hold_its_whole_perimeter_too(region: None, write: Callable[..., Path]) -> None:
    whole = quarter("QD1", kind="commune", insee_com=["80021"], lib_com=["Amiens"])
    import_files([write(collection(whole))], version="essai", valid_from=date(2026, 1, 1))
    codes = {found.code for found in queries.drawn("80021")}
    assert {"QD1", "QN08004M"} <= codes
    assert "QN00201M" not in codes
    assert len(queries.drawn()) == 204
