"""The count: the same as on real elections, and every « with so many votes more » true to the vote."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citizen.ballots.counting import Entry, Method, count, missed_by, reasons

ELECTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "elections"
REFERENCE = json.loads((ELECTIONS / "reference.json").read_text())["results"]
OUTCOMES = {run["file"]: run["winners"] for run in REFERENCE if run["rule"] == "greedy:cost" and "winners" in run}


def read_election(file: str) -> tuple[dict[str, str], dict[str, int], dict[str, int]]:
    """META, costs in cents and votes by project of an approval file of Pabulib."""
    sections: dict[str, list[list[str]]] = {}
    with (ELECTIONS / file).open(newline="") as opened:
        for row in csv.reader(opened, delimiter=";"):
            if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
                rows = sections.setdefault(row[0], [])
            elif row:
                rows.append(row)
    meta = {row[0]: row[1] for row in sections["META"]}
    titles, *projects = sections["PROJECTS"]
    costs = {row[titles.index("project_id")]: round(float(row[titles.index("cost")]) * 100) for row in projects}
    heads, *ballots = sections["VOTES"]
    votes = dict.fromkeys(costs, 0)
    for row in ballots:
        for project in filter(None, row[heads.index("vote")].split(",")):
            votes[project] += 1
    return meta, costs, votes


@pytest.mark.parametrize("file", sorted(OUTCOMES))
def test_the_count_agrees_with_the_reference_on_real_elections(file: str) -> None:
    meta, costs, votes = read_election(file)
    assert meta["vote_type"] in ("approval", "choose-1")
    ids = sorted(costs)  # the reference settles equal votes by the project's number, as text
    entries = [Entry(place, number, costs[number], votes[number], place) for place, number in enumerate(ids)]
    method = Method(round(float(meta["budget"]) * 100), min_votes=0, is_cheaper_first=False)
    assert [turn.entry.title for turn in count(entries, method) if turn.is_selected] == OUTCOMES[file]


ENTRIES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 6)), min_size=1, max_size=8).map(
    lambda rows: [Entry(i, f"P{i}", cost, votes, i) for i, (cost, votes) in enumerate(rows)]
)
METHODS = st.builds(
    Method,
    envelope_cents=st.integers(0, 120),
    min_votes=st.integers(0, 4),
    is_cheaper_first=st.booleans(),
    is_skipping=st.booleans(),
)


def is_selected(entry: Entry, others: list[Entry], method: Method) -> bool:
    return next(turn.is_selected for turn in count([*others, entry], method) if turn.entry.id == entry.id)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(ENTRIES, METHODS)
@example([Entry(0, "a", 60, 3, 0), Entry(1, "b", 80, 3, 1)], Method(100))
@example([Entry(0, "a", 10, 0, 0)], Method(100, min_votes=2))
@example([Entry(0, "a", 90, 3, 0), Entry(1, "b", 20, 2, 1), Entry(2, "c", 5, 1, 2)], Method(100, is_skipping=False))
def test_what_would_have_been_enough_is_enough_and_one_less_is_not(entries: list[Entry], method: Method) -> None:
    for turn in count(entries, method):
        if turn.is_selected:
            continue
        entry, others = turn.entry, [other for other in entries if other.id != turn.entry.id]
        missed = missed_by(entry, entries, method)
        winning = [more for more in range(1, 20) if is_selected(replace(entry, votes=entry.votes + more), others, method)]
        assert missed.more_votes == (winning[0] if winning else None)
        assert winning in ([], list(range(winning[0] if winning else 0, 20))), "more votes never harm"
        cheaper = [
            less
            for less in range(1, entry.cost_cents)
            if is_selected(replace(entry, cost_cents=entry.cost_cents - less), others, method)
        ]
        assert missed.less_cents == (cheaper[0] if cheaper else None)
        if missed.overtaken:
            assert missed.more_votes
            moved = [*others, replace(entry, votes=entry.votes + missed.more_votes)]
            before = [one.entry.id for one in count(entries, method)]
            after = [one.entry.title for one in count(moved, method)]
            passed = next(other for other in others if other.title == missed.overtaken)
            assert before.index(passed.id) < before.index(entry.id)
            assert after.index(entry.title) < after.index(missed.overtaken)


@given(ENTRIES, METHODS)
def test_the_envelope_is_never_passed_and_each_step_says_what_is_left(entries: list[Entry], method: Method) -> None:
    turns = count(entries, method)
    left = method.envelope_cents
    for turn in turns:
        assert turn.remaining_cents == left
        left -= turn.entry.cost_cents if turn.is_selected else 0
    assert left >= 0
    assert sorted(turn.entry.id for turn in turns) == sorted(entry.id for entry in entries)
    assert all(turn.entry.votes >= method.min_votes for turn in turns if turn.is_selected)


@given(ENTRIES, METHODS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(entries: list[Entry], method: Method, chance) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert count(shuffled, method) == count(entries, method)


A, B, C = Entry(1, "Le banc", 9_000_00, 40, 1), Entry(2, "Le terrain", 8_000_00, 24, 2), Entry(3, "Le jardin", 4_000_00, 20, 3)


def said(entries: list[Entry], method: Method, shows_votes: bool = True) -> dict[str, str]:
    return {
        turn.entry.title: " ".join(reasons(turn, entries, method, shows_votes=shows_votes)).replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )
        for turn in count(entries, method)
    }


def test_one_sentence_says_why_with_true_figures() -> None:
    assert said([A, B, C], Method(15_000_00)) == {
        "Le banc": "Il restait 15 000 €, il en coûte 9 000 €.",
        "Le terrain": "Quand son tour est venu, il restait 6 000 € pour 8 000 €. "
        "Avec 16 voix de plus, il passait avant « Le banc ». Avec 2 000 € de moins, il était retenu.",
        "Le jardin": "Il restait 6 000 €, il en coûte 4 000 €.",
    }


def test_equal_votes_are_settled_by_the_announced_rule() -> None:
    dear, cheap = replace(A, votes=5), replace(C, votes=5)
    assert [turn.entry.title for turn in count([dear, cheap], Method(10_000_00))] == ["Le jardin", "Le banc"]
    assert [turn.entry.title for turn in count([dear, cheap], Method(10_000_00, is_cheaper_first=False))] == [
        "Le banc",
        "Le jardin",
    ]
    same = replace(cheap, id=9, title="Le four", seniority=0)
    assert [turn.entry.title for turn in count([cheap, same], Method(10_000_00))] == ["Le four", "Le jardin"]


def test_the_count_stops_where_a_project_no_longer_fits_when_so_announced() -> None:
    method = Method(15_000_00, is_skipping=False)
    assert [turn.is_selected for turn in count([A, B, C], method)] == [True, False, False]
    assert "s’est arrêté avant lui" in said([A, B, C], method)["Le jardin"]


def test_a_project_above_the_whole_envelope_says_so_and_promises_nothing() -> None:
    words = said([A], Method(5_000_00))["Le banc"]
    assert words == "Il coûte 9 000 €, plus que toute l’enveloppe : 5 000 €. Avec 4 000 € de moins, il était retenu."


def test_too_few_votes_are_said_with_what_was_missing() -> None:
    assert (
        said([C], Method(5_000_00, min_votes=25))["Le jardin"]
        == "Il a 20 voix, il en faut au moins 25. Avec 5 voix de plus, il était retenu."
    )


def test_with_few_ballots_nothing_of_the_votes_is_said() -> None:
    words = said([A, B, replace(C, votes=0)], Method(15_000_00), shows_votes=False)
    assert words["Le banc"] == "Il en coûte 9 000 €, et l’enveloppe le permet."
    assert words["Le terrain"] == words["Le jardin"] == "Les voix reçues et l’argent de l’enveloppe n’ont pas suffi."
