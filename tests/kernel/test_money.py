"""Amounts as people type them, and as French writes them."""

from fractions import Fraction

import pytest

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
