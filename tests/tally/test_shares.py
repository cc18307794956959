"""Equal shares: exact cases, steps skipped like steps taken, and the promises of the method."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen.tally import reasons
from citizen.tally.electorate import Electorate
from citizen.tally.greedy import Method
from citizen.tally.profile import MEASURES, Kind, Measure, Profile
from citizen.tally.rule import RULES, UnknownRule, tally
from citizen.tally.shares import Purchases, add_one, buy
from citizen.tally.ties import Tie, key_of
from tests.tally.elections import METHODS, election, elections


def measure_of(profile: Profile, chance: int = 0) -> Measure:
    measures = sorted(MEASURES[profile.kind])
    return measures[chance % len(measures)]


def places(found: Purchases) -> list[int]:
    return [one.place for one in found.bought]


def test_each_half_of_the_voters_buys_with_its_half_of_the_envelope() -> None:
    profile = election(100, [50, 50, 50], {(0, 1): 6, (2,): 4})
    assert tally(profile, "greedy:cost").winners == ["a", "b"], "the larger group takes everything under the envelope"
    outcome = tally(profile, "mes:cost")
    assert outcome.winners == ["a"]
    assert [step.price for step in outcome.steps] == [Fraction(50, 6)]
    assert outcome.savings == [10, 10, 40]
    assert tally(profile, "mes_add1:cost").winners == ["a", "c"]
    assert tally(profile, "mes_greedy:cost").winners == ["a", "b"]


def test_the_poor_give_all_they_have_and_the_others_the_rest() -> None:
    profile = election(30, [18, 11], {(0,): 1, (0, 1): 1, (1,): 1})
    outcome = tally(profile, "mes:cost")
    assert outcome.winners == ["a", "b"], "equal rates: the project's number decides"
    assert [step.price for step in outcome.steps] == [9, 10], "of the 11, one who has 1 left gives 1"
    assert outcome.savings == [1, 0]


def test_what_a_project_is_worth_changes_who_is_served() -> None:
    profile = election(40, [20, 4], {(0,): 2, (1,): 2})
    assert tally(profile, "mes:cost").winners == ["a", "b"]
    assert tally(profile, "mes:card").winners == ["b", "a"], "for one euro of a voter, the cheap one serves as much"
    ranked = election(40, [20, 20], {(0, 1): 3, (1, 0): 1}, Kind.RANKING)
    assert tally(ranked, "mes:borda").winners == ["a"], "the last named is worth nothing to the voter (Borda)"
    graded = election(40, [20, 20], {((0, 1), (1, 3)): 4}, Kind.POINTS)
    assert tally(graded, "mes:cardinal").winners == ["b", "a"]


def test_equal_rates_are_settled_by_the_announced_rule() -> None:
    profile = election(20, [20, 20], {(0, 1): 2})
    assert tally(profile, "mes:cost").winners == ["a"]
    last = replace(profile, projects=tuple(replace(one, lodged=-one.lodged) for one in profile.projects))
    assert tally(last, "mes:cost", tie=key_of([Tie.LODGED])).winners == ["b"]


def test_too_few_votes_keep_a_project_out_and_a_blank_ballot_keeps_its_share() -> None:
    profile = election(40, [10, 10], {(0,): 1, (1,): 2, (): 1})
    assert tally(profile, "mes:cost").winners == ["b", "a"]
    assert tally(profile, "mes_add1_greedy:cost", Method(0, min_votes=2)).winners == ["b"]
    assert tally(election(40, [10, 10], {}), "mes_add1_greedy:cost").winners == []


@pytest.mark.parametrize("rule", ["mes", "mes:nothing", "phragmen:cost", ""])
def test_a_rule_that_does_not_exist_is_refused_with_those_that_do(rule: str) -> None:
    with pytest.raises(UnknownRule, match="greedy:cost"):
        tally(election(1, [1], {}), rule)


def test_a_rule_that_these_ballots_cannot_feed_is_refused() -> None:
    with pytest.raises(UnknownRule, match="mes:card"):
        tally(election(1, [1], {}), "mes:borda")


def test_sectors_are_served_first_and_the_rest_of_the_envelope_is_divided() -> None:
    profile = election(110, [40, 40, 30, 30], {(0, 1): 6, (2,): 3, (3,): 1}, sectors="nnss")
    each = Method(0, has_each_sector=True)
    assert tally(profile, "mes:cost", each).winners == ["a", "c"], "40 left for ten: six voters have 24, not 40"
    outcome = tally(profile, "mes_add1:cost", each)
    assert outcome.winners == ["a", "c", "b"]
    words = [" ".join(said) for said in reasons.of_outcome(outcome, str)]
    assert words[0] == "Premier de « n », servi d’abord : il restait 110, il en coûte 40."
    assert words[1].startswith("Ceux qui l’ont choisi l’ont payé ensemble, 333/50 au plus")
    assert [step.left for step in outcome.steps] == [70, 40, 0]


@pytest.mark.parametrize("way", ["mes", "mes_greedy", "mes_add1", "mes_add1_greedy"])
def test_a_project_bought_shuts_out_its_rivals(way: str) -> None:
    profile = election(100, [40, 40, 20], {(0,): 6, (1,): 4, (1, 2): 3})
    rivals = Method(0, exclusive=(frozenset("ab"),))
    assert "a" in tally(profile, f"{way}:cost").winners
    outcome = tally(profile, f"{way}:cost", rivals)
    assert outcome.winners[:1] == ["b"]
    assert "a" not in outcome.winners
    assert reasons.of_outcome(outcome, str)[0] == ["Un projet incompatible avec lui est retenu."]
    more = reasons.of_outcome(outcome, str, recounts=True)[0][1]
    assert " bulletins de plus pour lui seul" in more


@settings(deadline=None)
@given(elections(), METHODS, st.sampled_from(RULES))
def test_what_was_announced_holds_whatever_the_rule(profile: Profile, method: Method, rule: str) -> None:
    rule = f"{rule.partition(':')[0]}:{measure_of(profile, len(rule))}"
    outcome = tally(profile, rule, method)
    won = [project for project in profile.projects if project.id in outcome.winners]
    assert len(won) == len(outcome.winners)
    assert outcome.left == profile.budget - sum(project.cost for project in won) >= 0
    for group in method.exclusive:
        assert len(group & {project.id for project in won}) <= 1
    assert all(profile.votes[profile.projects.index(project)] >= method.least for project in won)
    if method.has_each_sector and not method.exclusive:
        cheapest = {p.sector: p for p in sorted(profile.projects, key=lambda p: -p.cost) if p.sector}
        fits = sum(max(p.cost for p in profile.projects if p.sector == sector) for sector in cheapest) <= profile.budget
        chosen = {p.sector for p, votes in zip(profile.projects, profile.votes, strict=True) if votes >= method.least} - {""}
        assert not fits or chosen <= {project.sector for project in won}


def by_hand(profile: Profile, measure: Measure, steps: int) -> list[int]:
    """The method as its definition says it, voter by voter, with fractions."""
    worths: list[dict[int, object]] = []
    for group, number in enumerate(profile.ballots.values()):
        worth = {
            place: next((w for w, groups in by.items() if group in groups), 0)
            for place, by in enumerate(profile.worths(measure))
        }
        worths += [worth] * number
    purses = [Fraction(profile.budget) / max(len(worths), 1) + steps for _voter in worths]
    bought: list[int] = []
    while True:
        rates = []
        for place, project in enumerate(profile.projects):
            backers = [voter for voter, worth in enumerate(worths) if worth[place] > 0]
            if place in bought or sum(purses[voter] for voter in backers) < project.cost or not backers:
                continue
            breaks = sorted(Fraction(purses[voter]) / worths[voter][place] for voter in backers)
            for least in breaks:  # the rate at which they pay the cost together lies between two of these
                paid = [(voter, purses[voter]) for voter in backers if Fraction(purses[voter]) / worths[voter][place] < least]
                rest = sum(worths[voter][place] for voter in backers) - sum(worths[voter][place] for voter, _money in paid)
                rate = Fraction(project.cost - sum(money for _voter, money in paid)) / rest
                if rate <= least:
                    rates.append((rate, project.id, place))
                    break
        if not rates:
            return bought
        rate, _id, place = min(rates)
        bought.append(place)
        purses = [max(Fraction(0), money - rate * worth[place]) for money, worth in zip(purses, worths, strict=True)]


@settings(deadline=None)
@given(elections(), st.integers(0, 3), st.integers(0, 30))
def test_the_method_is_its_definition(profile: Profile, chance: int, steps: int) -> None:
    measure = measure_of(profile, chance)
    assert places(buy(Electorate(profile, measure), steps)) == by_hand(profile, measure, steps)


def step_by_step(electorate: Electorate, profile: Profile) -> tuple[list[int], int]:
    before: list[int] = []
    for steps in range(10_000):
        bought = places(buy(electorate, steps))
        left = profile.budget - sum(profile.projects[place].cost for place in bought)
        if left < 0:
            return before, steps - 1
        if not any(profile.projects[place].cost <= left for place in electorate.rank if place not in bought):
            return bought, steps
        before = bought
    raise AssertionError("never ends")


@settings(deadline=None, max_examples=200)
@given(elections(), st.integers(0, 3))
def test_steps_skipped_change_nothing_to_steps_taken(profile: Profile, chance: int) -> None:
    electorate = Electorate(profile, measure_of(profile, chance))
    bought, last = step_by_step(electorate, profile)
    found = add_one(electorate)
    assert places(found) == bought
    assert found.steps <= last <= found.until


@settings(deadline=None, max_examples=200)
@given(elections(), st.integers(0, 3), st.integers(0, 20), st.lists(st.integers(0, 40), max_size=3))
def test_what_is_said_to_hold_up_to_a_number_of_steps_does(profile: Profile, chance: int, steps: int, more: list[int]) -> None:
    electorate = Electorate(profile, measure_of(profile, chance))
    found = buy(electorate, steps, [steps + one for one in more])
    for between in range(steps, found.until + 1):
        assert sorted(places(buy(electorate, between))) == sorted(places(found))


@settings(deadline=None)
@given(elections(), st.integers(0, 3), st.integers(0, 9))
def test_nobody_pays_more_than_their_share_and_nothing_they_could_buy_is_left(
    profile: Profile, chance: int, steps: int
) -> None:
    """Priceability: the payments make the costs, and the supporters of what is not bought could not pay it."""
    electorate = Electorate(profile, measure_of(profile, chance))
    found = buy(electorate, steps)
    spent = sum(profile.projects[place].cost for place in places(found))
    kept = [found.purses.money[one] for one in found.classes]
    assert all(money >= 0 for money in kept)
    total = Fraction(sum(map(lambda a, b: a * b, kept, electorate.numbers)), found.purses.scale * electorate.unit)
    assert total == (profile.budget + steps * profile.turnout if profile.turnout else 0) - spent
    for place in electorate.rank.keys() - set(places(found)):
        assert found.savings[place] < profile.projects[place].cost


@settings(deadline=None)
@given(elections(), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing_and_the_envelope_holds(profile: Profile, rule: str, chance) -> None:
    rule = f"{rule.partition(':')[0]}:{measure_of(profile, len(rule))}"
    items = list(profile.ballots.items())
    chance.shuffle(items)
    outcome, again = tally(profile, rule), tally(replace(profile, ballots=dict(items)), rule)
    assert outcome.steps == again.steps
    assert outcome.left == profile.budget - sum(profile.projects[step.place].cost for step in outcome.steps) >= 0
    assert all(profile.votes[step.place] for step in outcome.steps)


@settings(deadline=None, max_examples=60)
@given(elections(), METHODS, st.sampled_from(RULES), st.booleans())
def test_what_a_sentence_says_would_have_been_enough_is_enough(
    profile: Profile, method: Method, rule: str, recounts: bool
) -> None:
    rule = f"{rule.partition(':')[0]}:{measure_of(profile, len(rule))}"
    outcome = tally(profile, rule, method)
    for place, words in enumerate(reasons.of_outcome(outcome, lambda amount: amount, recounts=recounts)):
        project = profile.projects[place]
        for sentence in words:
            if less := sentence.values.get("less"):
                cheaper = replace(project, cost=project.cost - less)
                changed = replace(profile, projects=tuple(cheaper if one is project else one for one in profile.projects))
                assert project.id in tally(changed, rule, method).winners
            if "bulletins de plus" in sentence:
                added = {**profile.ballots, (place,): profile.ballots.get((place,), 0) + sentence.values["more"]}
                assert project.id in tally(replace(profile, ballots=added), rule, method).winners
