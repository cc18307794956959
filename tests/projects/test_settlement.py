"""What is due, as a table and for any numbers; what a report must say; which reminder leaves on which day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen.projects import reminders, settlement
from citizen.projects.reminders import Calendar
from citizen.projects.settlement import ReportFacts, Settlement, Spent, final_due
from citizen.projects.steps import S

CENTS = st.integers(0, 20_000_00)
WHOLE = ReportFacts(
    today=date(2027, 6, 1), held_on=date(2027, 5, 20), place="Le square", participants=40, parts=(10, 20), bands=(10, 30),
    story="Une belle fête.", lines=(Spent("expense", "operating", "Jeux", 100_00, 90_00, 1),), marks=(4, 3, 4),
    due_on=date(2027, 7, 19), late_reminders=0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("granted", "eligible", "rate", "due"),
    [
        (500_00, 600_00, 100, 500_00),  # the grant is the most
        (500_00, 438_20, 100, 438_20),  # less was spent
        (500_00, 500_00, 90, 450_00),  # a share of the cost
        (500_00, 33_33, 90, 29_99),  # 29,997 €: never rounded up
        (500_00, 0, 100, 0),
        (500_00, 600_00, 0, 0),
    ],
)
def test_what_is_due(granted: int, eligible: int, rate: int, due: int) -> None:
    assert final_due(granted, eligible, rate) == due


@given(granted=CENTS, eligible=CENTS, rate=st.integers(0, 100), data=st.data())
def test_the_account_always_adds_up(granted: int, eligible: int, rate: int, data: st.DataObject) -> None:
    account = Settlement(granted, eligible, rate, data.draw(st.integers(0, granted)))
    assert 0 <= account.due <= min(granted, eligible)
    assert min(account.balance, account.refund) == 0
    assert account.paid + account.balance + account.released == granted, "what is paid, to pay and free again is the grant"
    assert account.paid + account.balance - account.refund == account.due


def test_only_kept_expenses_of_the_scheme_are_eligible() -> None:
    lines = (
        Spent("expense", "operating", "Jeux", 100_00, 90_00),
        Spent("expense", "capital", "Barnum", 0, 300_00),
        Spent("expense", "operating", "Alcool", 0, 50_00, set_aside_reason="Hors règlement"),
        Spent("expense", "operating", "Affiches", 20_00, None),
        Spent("income", "own", "Caisse", 10_00, 10_00),
    )
    assert settlement.eligible(lines, frozenset({"operating"})) == 90_00
    assert settlement.eligible(lines, frozenset({"operating", "capital"})) == 390_00
    assert settlement.total(lines) == 440_00
    assert settlement.total(lines, "income") == 10_00


@pytest.mark.parametrize(
    ("planned", "spent", "is_far"),
    [
        (100_00, 120_00, False),
        (100_00, 120_01, True),
        (100_00, 79_99, True),
        (0, 5_00, True),
        (0, 0, False),
        (50_00, None, False),
    ],
)
def test_a_line_far_from_the_plan_is_marked(planned: int, spent: int | None, is_far: bool) -> None:
    assert Spent("expense", "operating", "Jeux", planned, spent).is_far is is_far


SILENT = (Spent("expense", "operating", "Jeux", 100_00, None),)


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"held_on": None}, "report-held"),
        ({"held_on": date(2027, 6, 2)}, "report-held"),  # tomorrow
        ({"place": ""}, "report-held"),
        ({"participants": None}, "report-people"),
        ({"participants": 19}, "report-people"),  # fewer than one of its parts
        ({"bands": (30, 11)}, "report-people"),
        ({"lines": SILENT}, "report-spending"),
        ({"lines": ()}, "report-spending"),
        ({"story": ""}, "report-story"),
    ],
)
def test_what_a_report_lacks_is_named(change: dict[str, object], slug: str) -> None:
    assert all(check(WHOLE, None).is_met for check in settlement.TO_REPORT)
    lacking = replace(WHOLE, **change)
    assert [found.slug for check in settlement.TO_REPORT if not (found := check(lacking, None)).is_met] == [slug]


@pytest.mark.parametrize(
    ("today", "reminded", "is_met"),
    [(date(2027, 7, 19), 1, False), (date(2027, 7, 20), 0, False), (date(2027, 7, 20), 1, True)],
)
def test_one_closes_without_report_only_late_and_after_a_reminder(today: date, reminded: int, is_met: bool) -> None:
    facts = replace(WHOLE, today=today, late_reminders=reminded)
    assert settlement.delay_passed(facts, None).is_met is is_met


ACTION = date(2027, 5, 20)
CALENDAR = Calendar(S.GRANTED, ACTION, ACTION, ACTION + timedelta(days=60))


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (-8, []), (-7, ["action-soon"]), (0, ["action-soon"]), (1, ["action-over"]), (44, ["action-over"]), (45, ["report-soon"]),
        (60, ["report-soon"]), (61, []), (66, []), (67, ["report-late-7"]), (89, ["report-late-7"]),
        (90, ["report-late-30", "report-late-told"]), (400, ["report-late-30", "report-late-told"]),
    ],
)  # fmt: skip
def test_each_reminder_has_its_days(days: int, kinds: list[str]) -> None:
    assert [one.kind for one in reminders.due(CALENDAR, ACTION + timedelta(days=days), ())] == kinds


def test_no_reminder_twice_nor_to_who_has_done_it_nor_without_a_date() -> None:
    day = ACTION + timedelta(days=67)
    assert reminders.due(CALENDAR, day, {"report-late-7"}) == []
    assert reminders.due(replace(CALENDAR, state=S.REPORT_SUBMITTED), day, ()) == []
    assert reminders.due(replace(CALENDAR, is_returned=True), day, ()) == []
    assert reminders.due(replace(CALENDAR, starts_on=None, ends_on=None, report_due_on=None), day, ()) == []
