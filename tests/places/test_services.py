"""Importing: the official figures, again and again, all or nothing, versions side by side."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.journal.queries import events_of
from citizen.places import index, queries
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.reading import Refused
from citizen.places.services import import_file, import_files
from tests.places.shapes import collection, quarter

Write = Callable[..., Path]
SOME_DAY = date(2026, 1, 1)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def perimeter(code: str, version: str) -> Perimeter:
    return db.session.scalars(select(Perimeter).where(Perimeter.code == code, Perimeter.version == version)).one()


def test_the_official_file_gives_204_quarters_and_753115_residents(app: Flask, territory: Path) -> None:
    report = import_file(territory / "qpv_2024_hdf.geojson")
    assert (report.version, report.created, report.updated, report.unchanged) == ("2024", 204, 0, 0)
    found = queries.summary()
    [version] = found["versions"]
    assert (version["count"], version["residents"]) == (204, 753_115)
    assert (version["valid_from"], version["valid_until"]) == ("2024-01-01", None)
    counts = {row["departement"]: row["count"] for row in found["perimeters"]}
    assert counts == {"59": 94, "62": 64, "60": 19, "02": 17, "80": 10}


def test_the_csv_gives_the_same_without_outlines(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.csv")
    [version] = queries.summary()["versions"]
    assert (version["count"], version["residents"]) == (204, 753_115)
    assert count(Perimeter) == 204
    assert db.session.scalar(select(func.count()).where(Perimeter.outline.is_not(None))) == 0


def test_a_second_import_changes_nothing_and_says_so(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.geojson")
    before, events = index.stamp(), len(events_of("places"))
    report = import_file(territory / "qpv_2024_hdf.geojson")
    assert (report.created, report.updated, report.unchanged, report.has_changed) == (0, 0, 204, False)
    assert (index.stamp(), len(events_of("places"))) == (before, events) != ("", 0)


def test_a_csv_erases_no_outline(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.geojson")
    report = import_file(territory / "qpv_2024_hdf.csv")
    assert report.unchanged == 204
    assert perimeter("QN08004M", "2024").outline


def test_2014_and_2024_live_side_by_side_each_with_its_days(app: Flask, territory: Path) -> None:
    import_files([territory / "qpv_2024_hdf.geojson", territory / "qpv_2014_hdf.geojson"])
    assert {row["version"]: row["count"] for row in queries.summary()["versions"]} == {"2014": 199, "2024": 204}
    for day, version, number in [(date(2023, 12, 31), "2014", 199), (date(2024, 1, 1), "2024", 204)]:
        in_force = queries.perimeters_in_force(day)
        assert (len(in_force), {found.version for found in in_force}) == (number, {version})
    assert queries.perimeters_in_force(date(2014, 12, 31)) == []


def test_all_the_files_of_the_region_fit_together(app: Flask, territory: Path) -> None:
    files = ["qpv_2014_hdf.geojson", "communes_hdf_2026.json", "qpv_2024_hdf.geojson", "epci_hdf_2026.json"]
    reports = import_files([territory / name for name in files])
    assert [report.file for report in reports] == files
    assert (count(Commune), count(Intermunicipality)) == (3782, 92)
    assert db.session.scalar(select(func.count()).where(Commune.intermunicipality_siren.is_(None))) == 0
    assert [town.name for town in perimeter("QP059007", "2014").communes] == ["Douai", "Sin-le-Noble", "Waziers"]
    assert {group.siren for group in perimeter("QN05920M", "2024").intermunicipalities} == {"200042190", "245901160"}
    assert not any(report.has_changed for report in import_files([territory / name for name in files]))


def test_an_older_name_with_lost_letters_still_finds_its_commune(app: Flask, territory: Path) -> None:
    import_files([territory / "communes_hdf_2026.json", territory / "qpv_2014_hdf.geojson"])
    assert [town.name for town in perimeter("QP062007", "2014").communes] == ["Barlin", "Hersin-Coupigny"]
    assert [town.name for town in perimeter("QP002016", "2014").communes] == ["Château-Thierry"]  # « Ch�teau-Thierry »


def test_communes_that_a_name_does_not_find_are_told(app: Flask, territory: Path) -> None:
    [lost, letters] = import_files([territory / "communes_hdf_2026.json", territory / "qpv_2014_hdf.geojson"])[1].notes
    assert "Ostricourt (62)" in lost  # it is in the Nord
    assert "perdu des lettres" in letters


def test_one_file_alone_brings_its_communes(app: Flask, territory: Path) -> None:
    import_file(territory / "qpv_2024_hdf.geojson")
    loos = queries.commune("59360")
    assert loos is not None
    assert (loos.name, loos.departement, loos.population, loos.intermunicipality_siren) == ("Loos", "59", None, "200093201")
    import_file(territory / "communes_hdf_2026.json")
    assert (loos.population, loos.postal_codes, loos.intermunicipality_siren) == (22_567, ["59120"], "200093201")


def test_whole_communes_are_perimeters_too(app: Flask, territory: Path, write: Write) -> None:
    official = json.loads((territory / "communes_hdf.geojson").read_text(encoding="utf-8"))
    few = write(collection(*(each for each in official["features"] if each["properties"]["dep"] == "59")), "communes")
    report = import_file(few, version="2026", valid_from=SOME_DAY)
    assert report.created == 647
    assert (perimeter("59163", "2026").kind, [town.code for town in perimeter("59163", "2026").communes]) == (
        "commune",
        ["59163"],
    )
    assert not import_file(few, version="2026", valid_from=SOME_DAY).has_changed


def test_one_bad_row_in_the_middle_and_nothing_is_imported(app: Flask, territory: Path, write: Write) -> None:
    official = json.loads((territory / "qpv_2024_hdf.geojson").read_text(encoding="utf-8"))
    official["features"][101]["properties"]["insee_com"] = ["5900"]
    official["features"][150]["geometry"]["coordinates"][0][0].pop()
    with pytest.raises(Refused) as refusal:
        import_files([territory / "communes_hdf_2026.json", write(official, "abime.geojson")])
    assert [str(problem) for problem in refusal.value.problems] == [
        "abime.geojson, objet n° 102 : code de commune illisible : « 5900 » (cinq chiffres, comme 02691).",
        "abime.geojson, objet n° 151 : contour illisible : un anneau a au moins quatre points et finit où il commence.",
    ]
    assert (count(Perimeter), count(Commune), count(Intermunicipality), index.stamp()) == (0, 0, 0, "")


def test_a_fault_found_while_writing_undoes_the_other_files(app: Flask, territory: Path, write: Write) -> None:
    unknown = write(collection(quarter(), quarter("QD9002", insee_com=["59999"], lib_com=[])), "inconnue")
    with pytest.raises(Refused, match="inconnue, objet n° 2 : la commune 59999 n’est pas connue"):
        import_files([territory / "communes_hdf_2026.json", unknown], version="essai", valid_from=SOME_DAY)
    assert (count(Perimeter), count(Commune), index.stamp()) == (0, 0, "")


def test_every_bad_file_is_told_at_once(app: Flask, write: Write, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        import_files([write("", "vide"), tmp_path / "absent", write(collection(quarter()), "sans-version")])
    assert [str(problem) for problem in refusal.value.problems] == [
        "vide, le fichier est vide.",
        "absent, le fichier ne s’ouvre pas (No such file or directory).",
        "sans-version, ce fichier ne dit pas sa version : donnez --version et --valid-from.",
    ]


def test_a_version_of_ones_own_needs_a_first_day(app: Flask, write: Write) -> None:
    with pytest.raises(Refused, match="depuis quand la version « essai » vaut-elle"):
        import_file(write(collection(quarter())), version="essai")


def test_official_codes_of_two_versions_do_not_mix(app: Flask, write: Write) -> None:
    with pytest.raises(Refused, match="objet n° 2 : le code QP059001 n’est pas de la version 2024"):
        import_file(write(collection(quarter("QN05901M"), quarter("QP059001"))))


def test_official_days_can_be_overridden_but_not_turned_over(app: Flask, write: Write) -> None:
    path = write(collection(quarter("QP059001")))
    with pytest.raises(Refused, match="la version 2014 finit le 2023-12-31"):
        import_file(path, valid_from=date(2024, 5, 1))
    import_file(path, valid_from=date(2015, 2, 3))
    assert perimeter("QP059001", "2014").valid_from == date(2015, 2, 3)


def test_what_changed_is_updated_in_place(app: Flask, write: Write) -> None:
    import_file(write(collection(quarter("QD1"), quarter("QD2"))), version="essai", valid_from=SOME_DAY)
    known_id, stamp = perimeter("QD2", "essai").id, index.stamp()
    changed = collection(quarter("QD1"), quarter("QD2", "Les Érables", population=None))
    report = import_file(write(changed), version="essai", valid_from=SOME_DAY)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    found = perimeter("QD2", "essai")
    assert (found.id, found.name, found.search_name, found.population) == (known_id, "Les Érables", "les erables", 1200)
    assert index.stamp() != stamp


@pytest.mark.parametrize("order", [("ancienne", "nouvelle"), ("nouvelle", "ancienne")])
def test_a_version_ends_where_the_next_one_begins_in_whatever_order(app: Flask, write: Write, order: tuple[str, str]) -> None:
    days = {"ancienne": date(2020, 1, 1), "nouvelle": date(2025, 7, 1)}
    for version in order:
        report = import_file(write(collection(quarter())), version=version, valid_from=days[version])
    assert report.closed == 1
    assert perimeter("QD9001", "ancienne").valid_until == date(2025, 6, 30)
    assert perimeter("QD9001", "nouvelle").valid_until is None


def test_priority_quarters_are_replaced_by_departement_and_the_others_by_commune(app: Flask, write: Write) -> None:
    croix = {"insee_com": ["59163"], "lib_com": ["Croix"]}
    oise = {"insee_com": ["60175"], "lib_com": ["Creil"], "insee_dep": "60"}
    old = [quarter("QD1"), quarter("QD2", **croix), quarter("QD3", **oise), quarter("QD4", kind="lived_in")]
    import_file(write(collection(*old, quarter("QD5", kind="lived_in", **croix))), version="2020", valid_from=date(2020, 1, 1))
    new = [quarter("QD6"), quarter("QD7", kind="lived_in")]  # both in Loos
    import_file(write(collection(*new)), version="2025", valid_from=date(2025, 1, 1))
    ended = {code for code in ("QD1", "QD2", "QD3", "QD4", "QD5") if perimeter(code, "2020").valid_until}
    assert ended == {"QD1", "QD2", "QD4"}


def test_a_version_already_over_cannot_begin_later(app: Flask, write: Write) -> None:
    path = write(collection(quarter()))
    import_file(path, version="a", valid_from=date(2020, 1, 1))
    import_file(path, version="b", valid_from=date(2022, 1, 1))
    with pytest.raises(Refused, match="objet n° 1 : ce périmètre finit déjà le 2021-12-31"):
        import_file(path, version="a", valid_from=date(2023, 1, 1))


def test_progress_goes_to_the_end(app: Flask, territory: Path) -> None:
    told: list[tuple[int, int]] = []
    import_files(
        [territory / "qpv_2024_hdf.csv", territory / "epci_hdf_2026.json"],
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(number, 296) for number in range(1, 297)]


def test_the_demonstration_territory_is_imported_as_it_is(app: Flask) -> None:
    path = Path(__file__).resolve().parents[2] / "citizen" / "demo" / "territory.geojson"
    assert import_file(path, version="démonstration", valid_from=date(2024, 1, 1)).created == 19
    kinds = [row["kind"] for row in queries.summary()["versions"]]
    assert kinds == ["commune", "lived_in", "priority", "watch"]
    spanning = db.session.scalars(select(Perimeter).where(Perimeter.code == "QD0104")).one()
    assert [town.name for town in spanning.communes] == ["Tourcoing", "Wattrelos"]
    assert len(queries.quarter_choices("59360")) == 2
    found = queries.perimeters_in_force()
    assert all(place.lon and place.lat and queries.locate(place.lon, place.lat).code == place.code for place in found)
    assert all(not place.code.startswith(("QN", "QP")) for place in found)
