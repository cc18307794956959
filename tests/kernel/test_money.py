"""Amounts as people type them, and as French writes them."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen.kernel import money


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("120", 120_00), ("120,5", 120_50), ("1 200,50 €", 1_200_50), ("1.200", 1_200_00), ("12.5 €", 12_50), ("0", 0)],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, cents: int) -> None:
    assert money.parse(typed) == cents
    assert money.parse(money.plain(cents)) == cents


@pytest.mark.parametrize("typed", ["", "abc", "-5", "0.001", "1.2345", "1..5", "1 20", "٣", "1e3", "20000001", "9" * 5000])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert money.parse(typed) is None


def test_a_share_never_exceeds_its_cap_by_rounding() -> None:
    assert money.share(100, Fraction(1, 3)) == 33
    assert money.euros(1_234_50).replace("\u202f", " ") == "1 234,50 €"


@pytest.mark.parametrize(
    ("cents", "percents", "shares"),
    [
        (101, [50, 50], [51, 50]),
        (1_000_01, [70, 30], [700_01, 300_00]),
        (100, [34, 33, 33], [34, 33, 33]),
        (1, [60, 30, 10], [1, 0, 0]),
        (5, [30, 30, 40], [2, 1, 2]),
        (0, [100], [0]),
    ],
)
def test_an_amount_is_shared_to_the_cent(cents: int, percents: list[int], shares: list[int]) -> None:
    assert money.split(cents, percents) == shares


@given(st.integers(0, money.MAX_CENTS), st.lists(st.integers(0, 100), max_size=6))
def test_no_cent_is_lost_or_made_by_sharing(cents: int, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 100]
    percents = [after - before for before, after in pairwise(edges)]
    shares = money.split(cents, percents)
    assert sum(shares) == cents
    assert all(abs(share * 100 - cents * percent) < 100 for share, percent in zip(shares, percents, strict=True))


def test_shares_that_do_not_make_the_whole_are_refused() -> None:
    for wrong in ([50, 49], [120, -20], []):
        with pytest.raises(ValueError, match="100"):
            money.split(100, wrong)
