"""citizen places: what an operator types and reads."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from citizen.places import index
from citizen.places.commands import places
from tests.places.shapes import collection, quarter


def run(*words: object) -> Result:
    return CliRunner().invoke(places, [str(word) for word in words])


def test_import_then_summary_in_json(app: Flask, territory: Path) -> None:
    done = run("import", territory / "qpv_2024_hdf.geojson", territory / "qpv_2014_hdf.geojson")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        "qpv_2024_hdf.geojson : 204 nouveaux, 0 mis à jour, 0 inchangés.",
    )
    found = json.loads(run("summary", "--json").stdout)
    assert {row["version"]: (row["count"], row["residents"]) for row in found["versions"]} == {
        "2014": (199, 0),
        "2024": (204, 753_115),
    }
    assert {"kind": "priority", "version": "2024", "departement": "80", "count": 10, "residents": 38_122} in found["perimeters"]


def test_a_second_import_says_that_nothing_changed(app: Flask, territory: Path) -> None:
    run("import", territory / "qpv_2024_hdf.csv")
    assert run("import", territory / "qpv_2024_hdf.csv").stdout == "qpv_2024_hdf.csv : rien à changer, 204 déjà à jour.\n"


def test_summary_is_readable_without_json(app: Flask, territory: Path) -> None:
    run("import", territory / "qpv_2024_hdf.csv")
    lines = run("summary").stdout.splitlines()
    assert "quartier prioritaire, version 2024 : 204 périmètres, 753115 habitants." in lines
    assert "  59 : 94 (432926)" in lines


def test_a_bad_file_lists_its_rows_imports_nothing_and_fails(app: Flask, territory: Path, write: Callable[..., Path]) -> None:
    lines = (territory / "qpv_2024_hdf.csv").read_text(encoding="utf-8").splitlines()
    lines[99] = lines[99].replace(";59;", ";5;")
    done = run("import", territory / "communes_hdf_2026.json", write("\n".join(lines), "abime.csv"))
    assert done.exit_code == 1
    assert "abime.csv, ligne 100 : département illisible : « 5 »." in done.stderr
    assert done.stderr.rstrip().endswith("Rien n’a été importé.")
    assert index.stamp() == ""


def test_a_thousand_bad_rows_do_not_flood_the_screen(app: Flask, write: Callable[..., Path]) -> None:
    bad = write(collection(*(quarter("?") for _ in range(1000))), "mille")
    lines = run("import", bad).stderr.splitlines()
    assert len(lines) < 60
    assert "… et 950 autres." in lines


def test_the_progress_bar_is_not_in_the_answer(app: Flask, territory: Path) -> None:
    done = run("import", territory / "qpv_2024_hdf.csv")
    assert done.stdout.count("\n") == 1


def test_version_and_first_day_are_options(app: Flask, write: Callable[..., Path]) -> None:
    path = write(collection(quarter()), "local")
    assert run("import", path).exit_code == 1
    assert run("import", path, "--version", "local", "--valid-from", "2026-01-01").exit_code == 0
    [version] = json.loads(run("summary", "--json").stdout)["versions"]
    assert (version["version"], version["valid_from"]) == ("local", "2026-01-01")


def test_locate_answers_for_one_point(app: Flask, territory: Path) -> None:
    run("import", territory / "qpv_2024_hdf.geojson")
    inside = json.loads(run("locate", "3.29886", "49.86133", "--json").stdout)
    assert {name: inside[name] for name in ("status", "code", "name", "kind", "version")} == {
        "status": "inside", "code": "QN00201M", "name": "Europe", "kind": "priority", "version": "2024",
    }  # fmt: skip
    near = run("locate", "2.332334", "49.876029").stdout
    assert near.startswith("près de la limite : Marcel Paul - Salamandre (QN08004M, quartier prioritaire) est à ")
    assert run("locate", "3.29886", "49.86133").stdout == "dans le quartier : Europe (QN00201M, quartier prioritaire)\n"


def test_a_western_point_is_not_an_option(app: Flask) -> None:
    assert json.loads(run("locate", "-1.5", "48.0", "--json").stdout)["status"] == "outside"
    assert run("locate", "-1.5", "48.0").stdout == "hors des quartiers\n"


def test_a_bad_number_is_told_plainly(app: Flask) -> None:
    for typed in ("nan", "inf", "1e999", "ici"):
        done = run("locate", typed, "49")
        assert (done.exit_code, "écrivez un nombre" in done.stderr) == (1, True)
