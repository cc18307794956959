"""The règlement of a PIC, article by article, over plain facts."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from citizen.kernel.findings import Status
from citizen.pic import conditions, rules
from citizen.pic.conditions import CONDITIONS
from citizen.pic.rules import TO_GRANT, TO_LODGE, largest_grant_cents, promises
from citizen.pic.steps import PIC
from citizen.pic.terms import THEMES_2024_2030, Facts, Terms
from citizen.projects.rules import Budget, Line, Member

TODAY = date(2027, 3, 10)
LONG = "Une réponse assez longue pour être comprise."
TERMS = Terms()
WHOLE = Facts(
    today=TODAY, title="Fête", summary="Des jeux.", description="x" * 80, themes=(THEMES_2024_2030[0],),
    team=(Member("Awa", 1, True), Member("Luc", 2), Member("Nour", 3)), budget=Budget(operating=600_00, grant=600_00),
    quotes=1, photos=0, location="inside", is_location_confirmed=None, place="Le square", starts_on=TODAY + timedelta(60),
    ends_on=TODAY + timedelta(60), bearer_kind="person", call_is_open=True, call_closes_on=date(2027, 12, 31),
    envelope_left=5_000_00, requests_this_year=0, task_sharing=LONG, learning=LONG, is_open_to_all=True, price_cents=0,
    publicity=LONG, accessibility=LONG, is_anyone_paid=False, need_spotted=LONG, need_evidence=LONG, why_now=LONG,
    lodged_on=None, session_on=TODAY + timedelta(20), is_on_agenda=True, is_heard=True,
    verdicts=tuple((one.slug, "met") for one in CONDITIONS),
)  # fmt: skip
MET, MISSING, UNKNOWN = Status.MET, Status.MISSING, Status.UNKNOWN
ALONE = (Member("Awa", 1, True),)
ONE_HOME = (Member("Awa", 1, True), Member("Luc", 1), Member("Nour", 1))
TWICE = (Member("Awa", 1, True), Member("awa ", 2), Member("Luc", 3))
BEER = Line(1, "601", "Bière du soir", 100_00)

CASES: list[tuple[str, dict[str, Any], dict[str, Any], Status]] = [
    # who may ask, and for what
    ("bearer_allowed", {}, {}, MET),
    ("bearer_allowed", {"team": ALONE}, {}, MISSING),
    ("bearer_allowed", {"team": ALONE}, {"individual_allowed": True}, MET),
    ("bearer_allowed", {"team": ALONE, "bearer_kind": "association"}, {}, MET),
    ("bearer_allowed", {"bearer_kind": "commune"}, {}, MISSING),
    ("running_costs_only", {"budget": Budget(operating=500_00, capital=1, grant=500_01)}, {}, MISSING),
    ("running_costs_only", {"budget": Budget()}, {}, UNKNOWN),
    ("theme_of_period", {"themes": ()}, {}, MISSING),
    ("theme_of_period", {"themes": ("Circuits courts",)}, {}, MISSING),
    ("theme_of_period", {"themes": ("Circuits courts",)}, {"themes": ["Circuits courts"]}, MET),
    ("within_cap", {"budget": Budget(operating=1_000_00, grant=1_000_00)}, {}, MET),
    ("within_cap", {"budget": Budget(operating=1_000_01, grant=1_000_01)}, {}, MISSING),
    ("within_cap", {"budget": Budget(operating=100_00, own=100_00)}, {}, MISSING),
    ("within_cap", {"budget": Budget(operating=900_00, grant=900_00)}, {"max_amount_cents": [900_00, 400_00]}, MET),
    (
        "within_cap",
        {"budget": Budget(operating=900_00, grant=900_00), "requests_this_year": 1},
        {"max_amount_cents": [900_00, 400_00]},
        MISSING,
    ),
    (
        "within_cap",
        {"budget": Budget(operating=400_00, grant=400_00), "requests_this_year": 5},
        {"max_amount_cents": [900_00, 400_00]},
        MET,
    ),
    ("within_cap", {"budget": Budget(operating=50_00, grant=50_00)}, {"min_amount_cents": 100_00}, MISSING),
    ("within_rate", {"budget": Budget(operating=1_000_00, grant=900_00, own=100_00)}, {"max_rate_percent": 90}, MET),
    ("within_rate", {"budget": Budget(operating=1_000_00, grant=900_01, own=99_99)}, {"max_rate_percent": 90}, MISSING),
    ("within_rate", {"budget": Budget()}, {}, UNKNOWN),
    ("within_rate", {"budget": Budget(operating=600_00, grant=501_00, own=99_00, lines=(BEER,))}, {}, MET),
    ("within_rate", {"budget": Budget(operating=600_00, grant=501_00, lines=(BEER,))}, {"excluded_items": ["Bière"]}, MISSING),
    ("within_rate", {"budget": Budget(operating=600_00, grant=500_00, lines=(BEER,))}, {"excluded_items": ["Bière"]}, MET),
    ("documents_joined", {}, {}, MET),
    ("documents_joined", {"pieces": ("RIB",)}, {"required_documents": ["RIB", "Assurance"]}, MISSING),
    ("documents_joined", {"pieces": ("RIB", "Assurance")}, {"required_documents": ["RIB", "Assurance"]}, MET),
    ("requests_left", {"requests_this_year": 1}, {}, MET),
    ("requests_left", {"requests_this_year": 2}, {}, MISSING),
    ("not_finished", {"starts_on": TODAY - timedelta(9), "ends_on": TODAY}, {}, MET),
    ("not_finished", {"starts_on": TODAY - timedelta(9), "ends_on": TODAY - timedelta(1)}, {}, MISSING),
    ("not_finished", {"starts_on": TODAY - timedelta(1), "ends_on": None}, {}, MISSING),
    ("not_finished", {"starts_on": None, "ends_on": None}, {}, UNKNOWN),
    # first condition
    ("tasks_shared", {"task_sharing": ""}, {}, MISSING),
    ("tasks_shared", {"task_sharing": "x" * 19}, {}, MISSING),
    ("tasks_shared", {"task_sharing": "x" * 20}, {}, MET),
    ("learning_said", {"learning": "rien"}, {}, MISSING),
    ("presenter_named", {"team": (Member("Luc", 2),)}, {}, MISSING),
    ("presenter_named", {"team": (Member("Luc", 2),)}, {"bearer_presence_required": False}, MET),
    ("quotes_present", {"quotes": 0}, {}, MISSING),
    ("quotes_present", {"quotes": 0}, {"quotes_required": False}, MET),
    ("budget_balanced", {"budget": Budget(operating=600_00, grant=500_00)}, {}, MISSING),
    ("budget_balanced", {"budget": Budget(operating=600_00, grant=600_00, valued=900_00)}, {}, MET),
    # second condition
    ("bearers_named", {"team": WHOLE.team[:2]}, {}, MISSING),
    ("bearers_named", {"team": ONE_HOME}, {}, MISSING),
    ("bearers_named", {"team": TWICE}, {}, MISSING),
    ("bearers_named", {"team": WHOLE.team[:2]}, {"min_bearers": 2}, MET),
    ("bearers_named", {"team": ALONE}, {"individual_allowed": True}, MET),
    ("bearers_named", {"team": ALONE, "bearer_kind": "association"}, {"individual_allowed": True}, MISSING),
    ("open_to_all", {"is_open_to_all": False}, {}, MISSING),
    ("open_to_all", {"is_open_to_all": None}, {}, UNKNOWN),
    ("price_low", {"price_cents": 5_00}, {}, MET),
    ("price_low", {"price_cents": 5_01}, {}, MISSING),
    ("price_low", {"price_cents": 5_01}, {"max_price_cents": None}, MET),
    ("price_low", {"price_cents": None}, {}, UNKNOWN),
    ("advertised", {"publicity": ""}, {}, MISSING),
    ("accessible", {"accessibility": ""}, {}, MISSING),
    ("nobody_paid", {"is_anyone_paid": True}, {}, MISSING),
    ("nobody_paid", {"is_anyone_paid": None}, {}, UNKNOWN),
    # third condition
    ("need_told", {"need_spotted": ""}, {}, MISSING),
    ("need_shown", {"need_evidence": ""}, {}, MISSING),
    ("cannot_wait", {"why_now": ""}, {}, MISSING),
    ("heard_in_time", {"starts_on": TODAY + timedelta(20)}, {}, MET),
    ("heard_in_time", {"starts_on": TODAY + timedelta(19)}, {}, MISSING),
    ("heard_in_time", {"starts_on": None}, {}, UNKNOWN),
    ("heard_in_time", {"session_on": None, "starts_on": TODAY + timedelta(30)}, {}, MET),
    ("heard_in_time", {"session_on": None, "starts_on": TODAY + timedelta(29)}, {}, MISSING),
    ("heard_in_time", {"session_on": None, "starts_on": TODAY + timedelta(29), "lodged_on": TODAY - timedelta(1)}, {}, MET),
    ("place_eligible", {"location": "outside"}, {}, MISSING),
    ("place_eligible", {"location": "outside", "is_location_confirmed": True}, {"outside_allowed": True}, MET),
    ("place_eligible", {"location": "near"}, {}, UNKNOWN),
    ("place_eligible", {"location": ""}, {}, UNKNOWN),
    # the decision
    ("on_agenda", {"is_on_agenda": False}, {}, MISSING),
    ("bearer_heard", {"is_heard": False}, {}, MISSING),
    ("bearer_heard", {"is_heard": False}, {"bearer_presence_required": False}, MET),
]


@pytest.mark.parametrize(("article", "facts", "terms", "status"), CASES)
def test_an_article(article: str, facts: dict[str, Any], terms: dict[str, Any], status: Status) -> None:
    check = getattr(rules, article, None) or getattr(conditions, article)
    found = check(replace(WHOLE, **facts), replace(TERMS, **terms))
    assert found.status is status
    assert bool(found.todo) == (status is not MET), "what is not met says what to do"
    assert all((found.rule, found.source, found.fact))


def test_a_whole_file_meets_everything() -> None:
    assert [check(WHOLE, TERMS).slug for check in (*TO_LODGE, *TO_GRANT) if not check(WHOLE, TERMS).is_met] == []


def test_an_empty_file_raises_nothing_and_says_all_that_is_missing() -> None:
    nothing = {name: type(value)() if isinstance(value, str | tuple | int) else None for name, value in vars(WHOLE).items()}
    empty = Facts(**nothing | {"today": TODAY, "budget": Budget(), "is_open_to_all": None, "is_anyone_paid": None})
    found = [check(empty, TERMS) for check in TO_LODGE]
    assert all(one.todo for one in found if not one.is_met)
    assert len([one for one in found if not one.is_met]) > 15


def test_slugs_are_each_their_own() -> None:
    slugs = [check(WHOLE, TERMS).slug for check in (*TO_LODGE, *TO_GRANT)]
    assert len(slugs) == len(set(slugs))


def test_every_article_cites_its_source() -> None:
    for check in (*TO_LODGE, *TO_GRANT):
        told = check.__doc__ or getattr(rules, check.__name__, rules.judged_met).__doc__
        assert re.search(r"Source: ", told or ""), check


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.slug)
def test_a_condition_holds_only_when_each_of_its_points_does(condition: conditions.Condition) -> None:
    assert condition.finding(WHOLE, TERMS).status is MET
    breaks = {
        "active-citizenship": {"quotes": 0}, "collective-interest": {"is_open_to_all": False}, "local-need": {"why_now": ""},
    }  # fmt: skip
    assert condition.finding(replace(WHOLE, **breaks[condition.slug]), TERMS).status is MISSING


def test_a_condition_that_nothing_contradicts_cannot_be_told_yet() -> None:
    unanswered = replace(WHOLE, is_open_to_all=None)
    assert CONDITIONS[1].finding(unanswered, TERMS).status is UNKNOWN
    assert CONDITIONS[1].finding(replace(unanswered, price_cents=99_00), TERMS).status is MISSING


@pytest.mark.parametrize("verdict", ["partly", "not_met", None])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.slug)
def test_granting_needs_each_condition_judged_met(condition: conditions.Condition, verdict: str | None) -> None:
    words = dict(WHOLE.verdicts) | {condition.slug: verdict}
    facts = replace(WHOLE, verdicts=tuple((slug, word) for slug, word in words.items() if word))
    assert [check(facts, TERMS).slug for check in TO_GRANT if not check(facts, TERMS).is_met] == [f"judged-{condition.slug}"]


@pytest.mark.parametrize(
    ("facts", "terms", "most"),
    [
        ({}, {}, 600_00),
        ({}, {"max_amount_cents": [400_00]}, 400_00),
        ({"requests_this_year": 1}, {"max_amount_cents": [900_00, 300_00]}, 300_00),
        ({}, {"max_rate_percent": 50}, 300_00),
        ({"envelope_left": 120_00}, {}, 120_00),
    ],
)
def test_the_largest_grant_is_the_smallest_of_the_limits(facts: dict[str, Any], terms: dict[str, Any], most: int) -> None:
    assert largest_grant_cents(replace(WHOLE, **facts), replace(TERMS, **terms)) == most


def test_the_promise_calendar_follows_the_rules() -> None:
    found = {one.slug: one.due_on for one in promises(TERMS, TODAY, session_on=date(2027, 3, 26), ends_on=date(2027, 5, 1))}
    assert found == {
        "lodged": None, "heard": date(2027, 3, 26), "answered": date(2027, 4, 9), "paid": date(2027, 4, 17),
        "reported": date(2027, 6, 30),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("decided_on", "today", "state"),
    [
        (None, date(2027, 4, 9), "waiting"),
        (None, date(2027, 4, 10), "late"),
        (date(2027, 4, 9), date(2027, 9, 1), "kept"),
        (date(2027, 4, 10), date(2027, 4, 10), "late"),
    ],
)
def test_a_promise_is_kept_late_or_still_waiting(decided_on: date | None, today: date, state: str) -> None:
    answered = next(one for one in promises(TERMS, TODAY, answered_on=decided_on) if one.slug == "answered")
    assert answered.state(today) == state


def test_the_days_the_team_takes_to_complete_move_the_day_of_the_answer() -> None:
    moved = {one.slug: one for one in promises(TERMS, TODAY, stopped_days=7)}
    assert moved["answered"].due_on == TODAY + timedelta(37)
    assert moved["answered"].state(TODAY + timedelta(37)) == "waiting"
    assert moved["answered"].state(TODAY + timedelta(38)) == "late"


@pytest.mark.parametrize(
    ("terms", "answered", "paid", "state"),
    [
        ({}, None, None, "waiting"),
        ({}, TODAY, None, "late"),
        ({}, TODAY, TODAY + timedelta(8), "kept"),
        ({}, TODAY, TODAY + timedelta(9), "late"),
        ({"instalment_triggers": ["agreement", "report"]}, TODAY, None, "waiting"),
    ],
)
def test_a_payment_is_promised_from_the_decision(
    terms: dict[str, Any], answered: date | None, paid: date | None, state: str
) -> None:
    found = promises(replace(TERMS, **terms), TODAY, answered_on=answered, paid_on=paid)
    assert next(one for one in found if one.slug == "paid").state(TODAY + timedelta(90)) == state


def test_a_payment_that_waits_for_the_agreement_is_promised_from_its_signature() -> None:
    terms = replace(TERMS, instalment_triggers=["agreement", "report"])
    signed = next(
        one for one in promises(terms, TODAY, answered_on=TODAY, agreed_on=TODAY + timedelta(5)) if one.slug == "paid"
    )
    assert signed.due_on == TODAY + timedelta(5 + TERMS.payment_delay_days)
    waiting = next(one for one in promises(terms, TODAY, answered_on=TODAY) if one.slug == "paid")
    assert (waiting.due_on, waiting.after) == (None, "après l’engagement signé")


def test_nobody_of_the_team_nor_of_its_organisation_ever_judges() -> None:
    for action in ("inscribe", "grant", "reject", "defer", "admit", "not_admit", "confirm_place", "close"):
        step = PIC.lifecycle.step(action)
        assert step is not None
        for role in ("bearer", "team", "organisation_member"):
            assert not step.allows({"fund_manager", "committee_member", role})


@pytest.mark.parametrize(
    ("account", "label", "excluded", "status"),
    [
        ("613", "Location", [], MET), ("21", "Un banc", [], MISSING), ("641", "Paie", [], MISSING), ("65", "Sacem", [], MET),
        ("601", "Alcools", ["alcool"], MISSING), ("601", "Cocktail sans alcool", ["Alcool"], MET), ("601", "Eau", ["alcool"], MET),
    ],
)  # fmt: skip
def test_the_fund_says_of_each_line_whether_it_pays_it(account: str, label: str, excluded: list[str], status: Status) -> None:
    found = rules.line_paid(Line(7, account, label, 1), Terms(excluded_items=excluded))
    assert (found.status, found.slug) == (status, "pic-line-7")
    assert found.source and found.rule and bool(found.todo) == (status is MISSING)


def test_the_most_that_may_be_granted_bears_on_what_the_fund_pays() -> None:
    facts = replace(WHOLE, budget=Budget(operating=600_00, grant=600_00, lines=(BEER,)))
    assert largest_grant_cents(facts, Terms(excluded_items=["bière"])) == 500_00
