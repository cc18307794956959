"""Who makes a committee able to decide, and what its votes decide: pure, whatever the numbers."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen.committees.quorum import Member, quorum, verdict


@dataclass(frozen=True)
class Rules:
    voting_colleges: list[str] = field(default_factory=lambda: ["Habitants", "Associations"])
    advisory_colleges: list[str] = field(default_factory=lambda: ["Élus"])
    min_resident_members: int = 0
    quorum_members: int = 0
    quorum_percent: int = 50


FLAGS = st.tuples(
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["Habitants", "Associations", "Élus"])
)


def member(number: int, flags: tuple[bool, bool, bool, bool, str]) -> Member:
    votes, present, represented, recused, college = flags
    return Member(
        number, "X", college, votes and college != "Élus", is_present=present, is_represented=represented, is_recused=recused
    )


@given(st.lists(FLAGS, max_size=15), st.integers(0, 100), st.integers(0, 8))
def test_nobody_decides_with_less_than_the_rules_ask(
    people: list[tuple[bool, bool, bool, bool, str]], part: int, least: int
) -> None:
    members = [member(number, flags) for number, flags in enumerate(people)]
    found = quorum(members, Rules(quorum_percent=part, quorum_members=least))
    voters = [one for one in members if one.is_voting and not one.is_recused]
    there = [one for one in voters if one.is_present or one.is_represented]
    assert found.is_met == (len(there) >= max(1, least) and len(there) * 100 >= part * len(voters))


@given(st.lists(FLAGS, min_size=1, max_size=15))
def test_somebody_recused_counts_neither_among_members_nor_among_those_there(
    people: list[tuple[bool, bool, bool, bool, str]],
) -> None:
    members = [member(number, flags) for number, flags in enumerate(people)]
    others = [one for one in members if not one.is_recused]
    assert quorum(members, Rules()).counted == quorum(others, Rules()).counted
    assert quorum(members, Rules()).needed == quorum(others, Rules()).needed


def test_residents_are_there_in_person() -> None:
    members = [Member(1, "A", "Habitants", True, is_represented=True), Member(2, "B", "Associations", True, is_present=True)]
    found = quorum(members, Rules(min_resident_members=1))
    assert [one.slug for one in found.findings if not one.is_met] == ["committee-residents"]


@pytest.mark.parametrize(
    ("votes", "majority", "result"),
    [
        ((3, 2, 5), "simple", "adopted"), ((2, 2, 0), "simple", "tied"), ((0, 0, 3), "simple", "tied"), ((1, 2, 0), "simple", "rejected"),
        ((3, 2, 1), "absolute", "rejected"), ((4, 2, 1), "absolute", "adopted"), ((2, 2, 0), "absolute", "tied"),
        ((2, 2, 1), "absolute", "rejected"), ((2, 1, 9), "two_thirds", "adopted"), ((3, 2, 0), "two_thirds", "rejected"),
        ((0, 0, 4), "two_thirds", "rejected"),
    ],
)  # fmt: skip
def test_what_a_count_decides(votes: tuple[int, int, int], majority: str, result: str) -> None:
    assert verdict(*votes, majority) == result


VOTES = st.integers(0, 15)


@given(VOTES, VOTES, VOTES, st.sampled_from(["simple", "absolute", "two_thirds"]))
def test_one_more_vote_for_never_makes_it_worse(pour: int, contre: int, blanc: int, majority: str) -> None:
    order = ["rejected", "tied", "adopted"]
    assert order.index(verdict(pour + 1, contre, blanc, majority)) >= order.index(verdict(pour, contre, blanc, majority))
    assert verdict(pour, contre, blanc, majority) != "adopted" or pour > contre
