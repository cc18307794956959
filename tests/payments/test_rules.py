"""What is due: exact to the cent, never more than what is kept, the rest with the last instalment."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen.payments.rules import instalments

DAY = date(2027, 3, 10)
TRIGGERS = ("decision", "agreement", "report")
DECIDED, SIGNED, REPORTED = {"decision": DAY}, {"agreement": DAY + timedelta(days=2)}, {"report": DAY + timedelta(days=90)}


def dues(percents: list[int], triggers: list[str], reached: dict[str, date], **sums: int) -> list[int]:
    granted = sums.get("granted", 1_000_00)
    found = instalments(
        percents, triggers, granted=granted, kept=sums.get("kept", granted), paid=sums.get("paid", 0), reached=reached
    )
    return [one.due for one in found]


@pytest.mark.parametrize(
    ("reached", "sums", "wanted"),
    [
        ({}, {}, [0, 0]),
        (DECIDED, {}, [800_00, 0]),
        (DECIDED, {"paid": 800_00}, [0, 0]),
        (DECIDED, {"paid": 300_00}, [500_00, 0]),
        (DECIDED, {"granted": 333_33}, [266_66, 0]),
        (DECIDED | REPORTED, {"granted": 333_33, "paid": 266_66}, [0, 66_67]),
        (DECIDED | REPORTED, {"paid": 800_00, "kept": 900_00}, [0, 100_00]),  # it cost less: the balance is less
        (DECIDED | REPORTED, {"paid": 800_00, "kept": 500_00}, [0, 0]),  # a refund is due, nothing is paid
        (DECIDED, {"kept": 0}, [0, 0]),  # cancelled
    ],
)
def test_eighty_percent_at_the_decision_the_rest_on_the_report(
    reached: dict[str, date], sums: dict[str, int], wanted: list[int]
) -> None:
    assert dues([80, 20], ["decision", "report"], reached, **sums) == wanted


def test_the_engagement_may_be_awaited() -> None:
    assert dues([50, 50], ["agreement", "report"], DECIDED) == [0, 0]
    assert dues([50, 50], ["agreement", "report"], DECIDED | SIGNED) == [500_00, 0]


def test_a_report_accepted_makes_everything_due_even_what_nobody_signed() -> None:
    assert dues([50, 50], ["agreement", "decision"], DECIDED | REPORTED, paid=500_00) == [0, 500_00]


def test_a_payment_is_late_after_the_days_the_fund_promised() -> None:
    first = instalments([80, 20], ["decision", "report"], granted=100, kept=100, paid=0, reached=DECIDED)[0]
    assert (first.since, first.due_by(8)) == (DAY, DAY + timedelta(days=8))


@given(
    percents=st.lists(st.integers(1, 100), min_size=1, max_size=5),
    triggers=st.lists(st.sampled_from(TRIGGERS), max_size=5),
    granted=st.integers(1, 10**8),
    data=st.data(),
    reached=st.dictionaries(st.sampled_from(TRIGGERS), st.dates(), max_size=3),
)
def test_nothing_is_lost_nor_due_twice(
    percents: list[int], triggers: list[str], granted: int, data: st.DataObject, reached: dict[str, date]
) -> None:
    kept = data.draw(st.integers(0, granted))
    paid = data.draw(st.integers(0, granted))
    found = instalments(percents, triggers, granted=granted, kept=kept, paid=paid, reached=reached)
    assert sum(one.cents for one in found) == kept
    assert all(0 <= one.paid <= one.cents and one.due >= 0 for one in found)
    assert sum(one.due for one in found) + min(paid, kept) <= kept
    if "report" in reached:
        assert sum(one.due for one in found) == max(kept - paid, 0), "the balance"
