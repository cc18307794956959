"""Pabulib files: read exactly, written back the same, and every fault named by its line."""

import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen.tally import pabulib
from citizen.tally.pabulib import BadFile, said
from citizen.tally.profile import Kind, Profile
from tests.tally.elections import elections

GOOD = """META
key;value
description;Essai
budget;100,50
vote_type;approval
num_projects;2
num_votes;4
PROJECTS
project_id;cost;name;category
a;10.0;"Un banc; deux";nature
b;0.1;Un arbre;
VOTES
voter_id;vote;age
1;a,b;30
2;b,a;
3;;41
4;a;12
"""


def parse(text: str) -> Profile:
    return pabulib.parse(io.StringIO(text))


def test_a_file_is_read_exactly_and_identical_ballots_are_held_once() -> None:
    profile = parse(GOOD)
    assert profile.budget == Fraction(201, 2)
    assert [(one.id, one.cost, one.title, one.sector) for one in profile.projects] == [
        ("a", 10, "Un banc; deux", "nature"),
        ("b", Fraction(1, 10), "Un arbre", ""),
    ]
    assert profile.ballots == {(0, 1): 2, (): 1, (0,): 1}
    assert (profile.turnout, profile.votes) == (4, [3, 2])
    assert profile.meta["description"] == "Essai"


def test_points_and_rankings_keep_what_they_say() -> None:
    points = parse(
        GOOD.replace("approval", "cumulative").replace("vote;age", "vote;points").replace("a,b;30", "b,a;3,1")
        .replace("b,a;\n", "b,a;2,0.5\n").replace(";;41", ";;").replace("4;a;12", "4;a;12")
    )  # fmt: skip
    assert points.kind is Kind.POINTS
    assert points.ballots == {((0, 1), (1, 3)): 1, ((0, Fraction(1, 2)), (1, 2)): 1, (): 1, ((0, 12),): 1}
    ranked = parse(GOOD.replace("approval", "ordinal"))
    assert ranked.ballots == {(0, 1): 1, (1, 0): 1, (): 1, (0,): 1}


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("META\n", "", 1, "commence par"),
        ("budget;100,50", "budget;cent", 0, "budget : « cent »"),
        ("budget;100,50", "budget;1e999999999", 0, "n’est pas un montant"),
        ("budget;100,50", "budget;-5", 0, "n’est pas un montant"),
        ("budget;100,50", "budget;NaN", 0, "n’est pas un montant"),
        ("budget;100,50\n", "", 0, "budget : «  »"),
        ("approval", "telepathy", 0, "« telepathy »"),
        ("description;Essai", "description", 3, "pas de valeur"),
        ("cost;", "price;", 9, "« cost » manque"),
        ("10.0", "10.0.0", 10, "coût du projet « a »"),
        ("b;0.1", "a;0.1", 11, "déjà dans la liste"),
        ("b;0.1", ";0.1", 11, "sans numéro"),
        ("voter_id;vote", "voter_id;choice", 13, "« vote » manque"),
        ("4;a;12", "4;zz;12", 17, "« zz » n’est pas dans la liste"),
        ("4;a;12", "4", 17, "toutes ses colonnes"),
        ("4;a;12\n", "", 0, "num_votes annonce 4, le fichier en contient 3"),
        ("num_projects;2", "num_projects;3", 0, "num_projects annonce 3"),
        ("approval", "scoring", 13, "« points » manque"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_with_its_line(before: str, after: str, line: int, words: str) -> None:
    assert before in GOOD
    with pytest.raises(BadFile, match=words) as refused:
        parse(GOOD.replace(before, after, 1))
    assert refused.value.line == line


@pytest.mark.parametrize(("cut", "words"), [("PROJECTS", "PROJECTS"), ("VOTES", "VOTES"), ("META", "commence par")])
def test_a_file_cut_short_is_refused(cut: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        parse(GOOD[: GOOD.index(cut)])


def test_points_without_a_project_or_given_twice_are_refused() -> None:
    cumulative = GOOD.replace("approval", "cumulative").replace("vote;age", "vote;points")
    with pytest.raises(BadFile, match="2 projets mais 1 notes"):
        parse(cumulative)
    with pytest.raises(BadFile, match="noté deux fois"):
        parse(cumulative.replace("1;a,b;30", "1;a,a;3,1"))
    with pytest.raises(BadFile, match="« x » n’est pas une note"):
        parse(cumulative.replace("1;a,b;30", "1;a,b;3,x"))


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.pb"
    path.write_bytes(b"META\nkey;value\n" + bytes([0xFF, 0xFE, 0x80]))
    with pytest.raises(BadFile, match="UTF-8"):
        pabulib.read(path)


@settings(deadline=None)
@given(elections())
def test_what_is_written_is_read_back_the_same(profile: Profile) -> None:
    out = io.StringIO()
    pabulib.write(profile, {"description": "x;y", "unit": 'a "b"'}, out)
    again = parse(out.getvalue())
    assert (again.budget, again.kind, dict(again.ballots)) == (profile.budget, profile.kind, dict(profile.ballots))
    assert [(one.id, one.cost) for one in again.projects] == [(one.id, one.cost) for one in profile.projects]


@given(st.fractions())
def test_an_amount_is_said_exactly(amount: Fraction) -> None:
    assert Fraction(said(amount)) == amount


def test_reading_tells_how_far_it_is() -> None:
    told: list[tuple[int, int | None]] = []
    votes = "".join(f"{n};a;20\n" for n in range(25_000))
    text = GOOD[: GOOD.index("1;a,b")].replace("num_votes;4", "num_votes;25000") + votes
    profile = pabulib.parse(io.StringIO(text), lambda *seen: told.append(seen))
    assert told == [(10_000, 25_000), (20_000, 25_000)]
    assert profile.ballots == {(0,): 25_000}
