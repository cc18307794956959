"""`citizen ballot tally`: from a file alone, without the site."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from citizen.ballots.commands import ballot
from citizen.kernel.money import NBSP
from tests.tally.test_pabulib import GOOD

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vote.pb"
    path.write_text(GOOD)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(ballot, ["tally", *map(str, arguments)])


def test_the_outcome_in_json_says_winners_steps_money_left_and_reasons(file: Path) -> None:
    done = run(file, "--rule", "greedy:cost", "--json")
    assert done.exit_code == 0
    assert "4 bulletins lus, dont 3 différents" in done.stderr
    told = json.loads(done.stdout)
    assert told["winners"] == ["a", "b"]
    assert told["steps"][1] == {"project": "b", "cost": "0.1", "left": "90.4", "price": None}
    assert (told["budget"], told["total_cost"], told["left"]) == ("100.5", "10.1", "90.4")
    assert told["reasons"]["a"] == "Il restait 100,50 €, il en coûte 10 €.".replace(" €", f"{NBSP}€")


def test_in_words_each_project_has_its_sentence(file: Path) -> None:
    file.write_text(GOOD.replace("10.0", "101"))
    words = run(file, "--rule", "mes_greedy:cost").stdout
    assert "Retenus, dans l’ordre :\n  b  Un arbre — 0.1." in words
    assert "Non retenus :\n  a  Un banc; deux — 101." in words
    assert "Il reste 100.4 sur 100.5." in words


def test_the_tie_order_is_chosen_and_a_draw_needs_its_number_and_its_text(file: Path) -> None:
    file.write_text(GOOD.replace("b;0.1", "b;9").replace("4;a;12", "4;;12").replace("100,50", "10"))
    assert json.loads(run(file, "--rule", "greedy:cost", "--json").stdout)["winners"] == ["a"]
    cheaper = json.loads(run(file, "--rule", "greedy:cost", "--json", "--tie", "cheaper").stdout)
    assert (cheaper["winners"], cheaper["ties"]) == (["b"], ["cheaper"])
    assert run(file, "--rule", "greedy:cost", "--tie", "draw").exit_code == 2
    drawn = run(file, "--rule", "greedy:cost", "--json", "--tie", "draw", "--draw-number", "4", "--draw-text", "Loto")
    assert len(json.loads(drawn.stdout)["winners"]) == 1


def test_what_cannot_be_counted_says_why_and_fails(file: Path, tmp_path: Path) -> None:
    for rule in ("mes:nothing", "mes:borda"):
        done = run(file, "--rule", rule)
        assert done.exit_code == 2
        assert rule in done.stderr
    file.write_text(GOOD.replace("4;a;12", "4;zz;12"))
    done = run(file, "--rule", "greedy:cost", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "ligne 17 : le projet « zz » n’est pas dans la liste" in done.stderr
    assert run(tmp_path / "absent.pb", "--rule", "greedy:cost").exit_code == 2


def test_it_starts_without_the_site(file: Path) -> None:
    code = (
        "import sys; from citizen.__main__ import main; sys.argv[1:] = sys.argv[2:]\n"
        "try: main()\nexcept SystemExit as done: assert not done.code\n"
        "assert not {'flask', 'sqlalchemy'} & sys.modules.keys()"
    )
    arguments = ["-", "ballot", "tally", str(file), "--rule", "mes:cost", "--json"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert json.loads(done.stdout)["winners"]
