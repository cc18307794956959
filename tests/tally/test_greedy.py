"""The count under the envelope: exact cases of each rule, and every « with so many votes more » true to the vote."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citizen.kernel.money import euros
from citizen.tally.greedy import Entry, Method, Obstacle, Recounts, count
from citizen.tally.profile import Measure, Project
from citizen.tally.reasons import of_turns
from citizen.tally.ties import Tie, key_of

CHEAPER, LODGED = key_of([Tie.CHEAPER, Tie.LODGED]), key_of([Tie.LODGED])


def entry(number: int, title: str, cost: int, votes: int, lodged: int = -1, sector: str = "", score: int = -1) -> Entry:
    project = Project(str(number), cost, title, sector, lodged if lodged >= 0 else number)
    return Entry(project, votes, score if score >= 0 else votes)


def method(envelope: int, **terms: object) -> Method:
    return Method(envelope, **({"tie": CHEAPER} | terms))


def with_votes(one: Entry, votes: int) -> Entry:
    return replace(one, votes=votes, score=votes)


def costing(one: Entry, cost: int) -> Entry:
    return replace(one, project=replace(one.project, cost=cost))


def taken(entries: list[Entry], method: Method) -> list[str]:
    return [turn.entry.project.title for turn in count(entries, method) if turn.is_selected]


ENTRIES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 6), st.sampled_from(["", "a", "b"])), min_size=1, max_size=8
).map(lambda rows: [entry(i, f"P{i}", cost, votes, sector=sector) for i, (cost, votes, sector) in enumerate(rows)])
METHODS = st.builds(
    Method,
    envelope=st.integers(0, 120),
    min_votes=st.integers(0, 4),
    measure=st.sampled_from([Measure.COST, Measure.CARD]),
    tie=st.sampled_from([CHEAPER, LODGED]),
    is_skipping=st.booleans(),
    has_each_sector=st.booleans(),
    exclusive=st.sampled_from([(), (frozenset({"0", "1"}), frozenset({"1", "2", "4"}))]),
)


def is_selected(one: Entry, others: list[Entry], method: Method) -> bool:
    return next(turn.is_selected for turn in count([*others, one], method) if turn.entry is one)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(ENTRIES, METHODS)
@example([entry(0, "a", 60, 3), entry(1, "b", 80, 3)], method(100))
@example([entry(0, "a", 10, 0)], method(100, min_votes=2))
@example([entry(0, "a", 90, 3), entry(1, "b", 20, 2), entry(2, "c", 5, 1)], method(100, is_skipping=False))
def test_what_would_have_been_enough_is_enough_and_one_less_is_not(entries: list[Entry], method: Method) -> None:
    turns = count(entries, method)
    for one in [turn.entry for turn in turns if not turn.is_selected]:
        others = [other for other in entries if other is not one]
        missed = Recounts(turns, method).missed_by(one)
        most = 400 if method.measure is Measure.CARD else 20
        winning = [more for more in range(1, most) if is_selected(with_votes(one, one.votes + more), others, method)]
        assert missed.more == (winning[0] if winning else None)
        assert winning in ([], list(range(winning[0] if winning else 0, most))), "more votes never harm"
        cost = int(one.project.cost)
        cheaper = [less for less in range(1, cost) if is_selected(costing(one, cost - less), others, method)]
        assert missed.less == (cheaper[0] if cheaper else None)
        assert cheaper in ([], list(range(cheaper[0] if cheaper else 0, cost))), "a lower cost never harms"
        if missed.overtaken:
            assert missed.more
            before = [turn.entry.project.title for turn in turns]
            after = [turn.entry.project.title for turn in count([*others, with_votes(one, one.votes + missed.more)], method)]
            own, passed = one.project.title, missed.overtaken
            assert before.index(passed) < before.index(own)
            assert after.index(own) < after.index(passed)


@given(ENTRIES, METHODS)
def test_the_envelope_is_never_passed_and_each_step_says_what_is_left(entries: list[Entry], method: Method) -> None:
    turns = count(entries, method)
    left = method.envelope
    for turn in turns:
        assert turn.remaining == left
        left -= turn.entry.project.cost if turn.is_selected else 0
    assert left >= 0
    assert sorted(turn.entry.project.id for turn in turns) == sorted(one.project.id for one in entries)
    won = [turn.entry for turn in turns if turn.is_selected]
    assert all(one.votes >= max(1, method.min_votes) for one in won), "nothing that nobody chose is taken"
    for group in method.exclusive:
        assert len([one for one in won if one.project.id in group]) <= 1


@given(ENTRIES, METHODS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(entries: list[Entry], method: Method, chance) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert count(shuffled, method) == count(entries, method)


A, B, C = entry(1, "Le banc", 9_000_00, 40), entry(2, "Le terrain", 8_000_00, 24), entry(3, "Le jardin", 4_000_00, 20)


def said(entries: list[Entry], method: Method, shows_votes: bool = True) -> dict[str, str]:
    turns = count(entries, method)
    why = of_turns(turns, method, euros, shows_votes=shows_votes)
    return {
        turn.entry.project.title: " ".join(words).replace("\N{NARROW NO-BREAK SPACE}", " ")
        for turn, words in zip(turns, why, strict=True)
    }


def test_one_sentence_says_why_with_true_figures() -> None:
    assert said([A, B, C], method(15_000_00)) == {
        "Le banc": "Il restait 15 000 €, il en coûte 9 000 €.",
        "Le terrain": "Quand son tour est venu, il restait 6 000 € pour 8 000 €. "
        "16 voix de plus, devant « Le banc », ou 2 000 € de moins, et il était retenu.",
        "Le jardin": "Il restait 6 000 €, il en coûte 4 000 €.",
    }


def test_equal_votes_are_settled_by_the_announced_rule() -> None:
    dear, cheap = with_votes(A, 5), with_votes(C, 5)
    assert taken([dear, cheap], method(10_000_00)) == ["Le jardin"]
    assert taken([dear, cheap], method(10_000_00, tie=LODGED)) == ["Le banc"]
    same = entry(9, "Le four", 4_000_00, 5, lodged=0)
    assert taken([cheap, same], method(10_000_00)) == ["Le four", "Le jardin"]


def test_the_count_stops_where_a_project_no_longer_fits_when_so_announced() -> None:
    stopping = method(15_000_00, is_skipping=False)
    assert taken([A, B, C], stopping) == ["Le banc"]
    assert "s’est arrêté avant lui" in said([A, B, C], stopping)["Le jardin"]


def test_a_project_above_the_whole_envelope_says_so_and_promises_nothing() -> None:
    words = said([A], method(5_000_00))["Le banc"]
    assert words == "Il coûte 9 000 €, plus que toute l’enveloppe : 5 000 €. 4 000 € de moins, et il était retenu."


def test_too_few_votes_are_said_with_what_was_missing() -> None:
    assert (
        said([C], method(5_000_00, min_votes=25))["Le jardin"]
        == "Il a 20 voix, il en faut au moins 25. 5 voix de plus, et il était retenu."
    )


def test_with_few_ballots_nothing_of_the_votes_is_said() -> None:
    words = said([A, B, with_votes(C, 0)], method(15_000_00), shows_votes=False)
    assert words["Le banc"] == "Il en coûte 9 000 €, et l’enveloppe le permet."
    assert words["Le terrain"] == words["Le jardin"] == "Les voix reçues et l’argent de l’enveloppe n’ont pas suffi."


def test_votes_for_each_euro_put_a_cheap_project_before_a_dear_one() -> None:
    assert taken([A, C], method(15_000_00)) == ["Le banc", "Le jardin"]
    assert taken([A, C], method(15_000_00, measure=Measure.CARD)) == ["Le jardin", "Le banc"]
    thirds = [entry(1, "un tiers", 3, 1), entry(2, "deux sixièmes", 6, 2)]
    assert taken(thirds, Method(9, measure=Measure.CARD)) == ["un tiers", "deux sixièmes"], "equal exactly: the tie decides"


def test_points_are_said_as_points() -> None:
    few, many = entry(1, "Peu", 10, 5, score=9), entry(2, "Beaucoup", 10, 4, score=12)
    words = said([few, many], method(10, measure=Measure.CARDINAL))["Peu"]
    assert "3 points de plus, devant « Beaucoup », ou 0,03 € de moins, et il était retenu." in words


def test_each_sector_has_its_best_placed_first_when_so_announced() -> None:
    north = [entry(1, "Nord 1", 6, 90, sector="nord"), entry(2, "Nord 2", 6, 80, sector="nord")]
    south = [entry(3, "Sud 1", 20, 9, sector="sud"), entry(4, "Sud 2", 5, 3, sector="sud")]
    assert taken(north + south, method(12)) == ["Nord 1", "Nord 2"]
    each = method(12, has_each_sector=True)
    assert taken(north + south, each) == ["Nord 1", "Sud 2"], "the best placed that fits"
    assert said(north + south, each)["Sud 2"] == "Premier de « sud », servi d’abord : il restait 0,06 €, il en coûte 0,05 €."


def test_of_two_incompatible_projects_the_best_placed_is_taken_and_the_other_told() -> None:
    rivals = method(25_000_00, exclusive=(frozenset({"1", "2"}),))
    assert taken([A, B, C], rivals) == ["Le banc", "Le jardin"]
    assert next(turn.obstacle for turn in count([A, B, C], rivals) if turn.entry is B) is Obstacle.RIVAL
    assert said([A, B, C], rivals)["Le terrain"].startswith("Un projet incompatible avec lui était mieux placé. 16 voix")


def test_nothing_that_nobody_chose_is_taken_even_without_a_minimum() -> None:
    assert taken([A, with_votes(C, 0)], method(20_000_00, min_votes=0)) == ["Le banc"]


def test_amounts_that_decimals_cannot_say_stay_exact() -> None:
    third = Fraction(1, 3)
    three = [replace(one, project=replace(one.project, cost=third)) for one in (A, B, C)]
    assert count(three, Method(1))[-1].remaining == third
