"""The same winners in the same order as the reference outcomes of real elections, for every file and rule given there."""

import json
from functools import cache
from pathlib import Path

import pytest

from citizen.tally import pabulib
from citizen.tally.profile import Profile
from citizen.tally.rule import tally

ELECTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "elections"
RUNS = json.loads((ELECTIONS / "reference.json").read_text())["results"]
WINNERS = {(run["file"], run["rule"]): run["winners"] for run in RUNS if "winners" in run}
TIMED_OUT = sorted({(run["file"], run["rule"]) for run in RUNS} - WINNERS.keys())
SMALL = 60_000  # bytes of a file


def is_small(file: str, rule: str) -> bool:
    return (ELECTIONS / file).stat().st_size < SMALL and "add1" not in rule


FAST = sorted(run for run in WINNERS if is_small(*run))
SLOW = sorted(WINNERS.keys() - set(FAST))


@cache
def election(file: str) -> Profile:
    return pabulib.read(ELECTIONS / file)


def outcome_is_the_same(file: str, rule: str) -> None:
    profile = election(file)
    votes = dict(zip((project.id for project in profile.projects), profile.votes, strict=True))
    expected = [winner for winner in WINNERS[file, rule] if votes[winner]]
    outcome = tally(profile, rule)
    assert outcome.winners == expected
    assert outcome.left == profile.budget - sum(one.cost for one in profile.projects if one.id in set(expected))
    assert outcome.left >= 0


@pytest.mark.parametrize(("file", "rule"), FAST)
def test_a_small_election_agrees_with_the_reference(file: str, rule: str) -> None:
    outcome_is_the_same(file, rule)


@pytest.mark.slow
@pytest.mark.parametrize(("file", "rule"), SLOW)
def test_an_election_agrees_with_the_reference(file: str, rule: str) -> None:
    outcome_is_the_same(file, rule)


@pytest.mark.slow
@pytest.mark.parametrize(("file", "rule"), TIMED_OUT)
def test_what_the_reference_could_not_end_ends(file: str, rule: str) -> None:
    outcome = tally(election(file), rule)
    assert outcome.winners
    assert outcome.left >= 0
