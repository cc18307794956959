"""Whose day it was, over plain states and days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen.projects.clocks import HOLDERS, Holder, days_of, this_life, waits

START = date(2027, 3, 1)
A, B, C = Holder.ASSOCIATION, Holder.BEARER, Holder.COMMITTEE


def turns(*told: tuple[str, int]) -> list[tuple[str, date]]:
    return [(state, START + timedelta(days)) for state, days in told]


@pytest.mark.parametrize(
    ("told", "today", "days"),
    [
        ((("submitted", 0),), 4, {A: 4}),
        ((("submitted", 0), ("admissible", 3), ("granted", 12)), 40, {A: 3, C: 9}),
        ((("submitted", 0), ("incomplete", 5), ("submitted", 8), ("admissible", 8), ("rejected", 12)), 30, {A: 5, B: 3, C: 4}),
        (
            (("submitted", 0), ("admissible", 1), ("deferred", 10), ("submitted", 14), ("admissible", 15)),
            20,
            {A: 2, C: 14, B: 4},
        ),
        ((("submitted", 0), ("admissible", 1), ("deferred", 10), ("admissible", 16)), 16, {A: 1, C: 9, B: 6}),
        ((("submitted", 0), ("inadmissible", 2), ("draft", 9), ("submitted", 20)), 21, {A: 1}),
        ((("submitted", 0), ("withdrawn", 2)), 30, {A: 2}),
        ((), 30, {}),
    ],
)
def test_each_day_of_waiting_has_its_holder(told: tuple[tuple[str, int], ...], today: int, days: dict[Holder, int]) -> None:
    assert days_of(waits(this_life(turns(*told)), START + timedelta(today))) == days


@given(st.lists(st.tuples(st.sampled_from(sorted(HOLDERS)), st.integers(0, 60)), max_size=12), st.integers(0, 60))
def test_every_day_is_given_once(steps: list[tuple[str, int]], left: int) -> None:
    """Whatever the steps, the days given make the days elapsed; same day or many days apart."""
    day, told = START, [("submitted", START)]
    for state, days in steps:
        day += timedelta(days)
        told.append((state, day))
    today = day + timedelta(left)
    assert sum(days_of(waits(told, today)).values()) == (today - START).days


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(0, 60))
def test_nothing_is_counted_after_the_answer(days: list[int], left: int) -> None:
    end = START + timedelta(sum(days))
    told = [("submitted", START), ("admissible", START + timedelta(days[0])), ("granted", end)]
    assert sum(days_of(waits(told, end + timedelta(left))).values()) == (end - START).days
