"""The articles of Nos quartiers d'été, case by case."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from citizen.kernel.access import Role
from citizen.kernel.findings import Finding, Status
from citizen.kernel.lifecycle import Forbidden
from citizen.nqe import rules
from citizen.nqe.eco_grid import DEFAULT_GRID, eco_lines, eco_score
from citizen.nqe.rules import NQE
from citizen.nqe.terms import Date, Facts, Terms
from citizen.projects.rules import Budget
from citizen.projects.steps import S

TERMS = Terms(**NQE.default_terms())  # type: ignore[arg-type]
LINES = eco_lines(DEFAULT_GRID)
FULL = {line.title: 1 for line in LINES}
MET, MISSING, UNKNOWN = Status.MET, Status.MISSING, Status.UNKNOWN

WHOLE = Facts(
    today=date(2027, 2, 1), title="Un été à Étouvie", summary="Dix rendez-vous.", description="x" * 100, themes=(), team=(),
    budget=Budget(operating=9_000_00, grant=7_000_00, own=2_000_00), quotes=0, photos=0,
    location="", is_location_confirmed=None, place="", starts_on=None, ends_on=None, bearer_kind="association",
    call_is_open=True, call_closes_on=date(2027, 2, 3), envelope_left=1_000_000_00, requests_this_year=0,
    axes=("Sport pour tous", "Eau"), theme_links={"Eau": "Des jeux d’eau sans gaspiller."},
    design="Un comité d’habitants.", delivery="Des bénévoles.", evaluation="Un questionnaire.",
    partners_agreed=2, partners_asked=3, steering_residents=5, quarters=("Étouvie", "Pigeonnier"), has_lone_quarter=False,
    dates=(Date("Ouverture", date(2027, 6, 21), is_highlight=True),),
    season_starts_on=date(2027, 6, 21), season_ends_on=date(2027, 9, 20), eco_scores=FULL, is_free=True,
    is_already_funded=False, derogation="", is_derogation_granted=None,
    is_instructed=True, awaited=(), is_on_agenda=True, is_heard=False,
)  # fmt: skip


def judged(check: Any, terms: Terms = TERMS, **changed: Any) -> Finding:
    return check(replace(WHOLE, **changed), terms)


def test_a_whole_file_passes_every_article() -> None:
    assert [(found.slug, found.status) for check in rules.TO_GRANT if not (found := check(WHOLE, TERMS)).is_met] == []


def test_every_article_cites_its_source_and_says_what_to_do() -> None:
    empty = replace(
        WHOLE, theme_links={}, design="", partners_agreed=0, quarters=(), dates=(), eco_scores={}, is_free=None,
        is_already_funded=None, bearer_kind="person", budget=Budget(), description="", call_is_open=False,
    )  # fmt: skip
    for check in rules.TO_LODGE:
        found = check(empty, TERMS)
        assert found.source, check
        assert found.rule, check
        assert not found.is_met, check
        assert found.todo, check
        assert "Source:" in (check.__doc__ or ""), check
    assert len({check(empty, TERMS).slug for check in rules.TO_LODGE}) == len(rules.TO_LODGE)


@pytest.mark.parametrize(
    ("links", "axes", "status"),
    [
        ({"Eau": "Des jeux d’eau."}, ("Eau",), MET),
        ({"Eau": "  "}, ("Eau",), MISSING),
        ({}, ("Eau",), MISSING),
        ({"Feu": "Un axe d’un autre été."}, ("Eau",), MISSING),
        ({"Eau": "Des jeux d’eau."}, (), UNKNOWN),
    ],
)
def test_n1_theme(links: dict[str, str], axes: tuple[str, ...], status: Status) -> None:
    assert judged(rules.theme_linked, theme_links=links, axes=axes).status is status


@pytest.mark.parametrize(
    ("count", "least", "status"), [(0, 1, MISSING), (1, 1, MET), (1, 2, MISSING), (3, 2, MET), (0, 0, MET)]
)
def test_n2_highlights(count: int, least: int, status: Status) -> None:
    dates = tuple(Date(f"Fête {number}", date(2027, 7, 1 + number), is_highlight=True) for number in range(count))
    plain = (Date("Atelier", date(2027, 7, 20)),)
    assert judged(rules.has_highlight, replace(TERMS, min_highlights=least), dates=dates + plain).status is status


@pytest.mark.parametrize(
    ("agreed", "design", "delivery", "evaluation", "status"),
    [
        (2, "a", "b", "c", MET),
        (1, "a", "b", "c", MISSING),
        (2, "", "b", "c", MISSING),
        (2, "a", " ", "c", MISSING),
        (2, "a", "b", "", MISSING),
    ],
)
def test_n3_n6_collective(agreed: int, design: str, delivery: str, evaluation: str, status: Status) -> None:
    found = judged(rules.collective, partners_agreed=agreed, design=design, delivery=delivery, evaluation=evaluation)
    assert found.status is status


def test_n6_the_missing_answer_is_named() -> None:
    assert "la réalisation" in judged(rules.collective, delivery="").todo
    assert "1 partenaire" in judged(rules.collective, partners_agreed=1).todo


@pytest.mark.parametrize(
    ("names", "is_lone", "status"),
    [
        (("A", "B"), False, MET),
        (("A",), False, MISSING),
        (("A",), True, MET),
        ((), True, MISSING),
        ((), False, MISSING),
    ],
)
def test_n4_quarters(names: tuple[str, ...], is_lone: bool, status: Status) -> None:
    assert judged(rules.several_quarters, quarters=names, has_lone_quarter=is_lone).status is status


@pytest.mark.parametrize(
    ("is_funded", "asked", "excludes", "status"),
    [
        (None, "", True, UNKNOWN),
        (False, "", True, MET),
        (True, "", True, MISSING),
        (True, "  ", True, MISSING),
        (True, "Rien n’existe au Pigeonnier.", True, MET),
        (True, "", False, MET),
        (None, "", False, MET),
    ],
)
def test_n5_already_funded(is_funded: bool | None, asked: str, excludes: bool, status: Status) -> None:
    terms = replace(TERMS, excludes_funded=excludes)
    assert judged(rules.not_already_funded, terms, is_already_funded=is_funded, derogation=asked).status is status


@pytest.mark.parametrize(
    ("is_funded", "answer", "excludes", "status"),
    [
        (False, None, True, MET),
        (True, None, True, UNKNOWN),
        (True, False, True, MISSING),
        (True, True, True, MET),
        (True, None, False, MET),
    ],
)
def test_n5_the_derogation_is_answered_before_the_grant(
    is_funded: bool, answer: bool | None, excludes: bool, status: Status
) -> None:
    terms = replace(TERMS, excludes_funded=excludes)
    found = judged(rules.derogation_settled, terms, is_already_funded=is_funded, is_derogation_granted=answer)
    assert found.status is status


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ([], UNKNOWN),
        ([date(2027, 6, 21)], MET),
        ([date(2027, 9, 20)], MET),
        ([date(2027, 6, 20)], MISSING),
        ([date(2027, 7, 1), date(2027, 9, 21)], MISSING),
    ],
)
def test_n7_season(days: list[date], status: Status) -> None:
    found = judged(rules.in_season, dates=tuple(Date("Fête", day) for day in days))
    assert found.status is status


def test_n7_no_edition_tells_nothing_yet() -> None:
    assert judged(rules.in_season, season_starts_on=None, season_ends_on=None).status is UNKNOWN


@pytest.mark.parametrize(("is_open", "status"), [(True, MET), (False, MISSING)])
def test_n8_lodging(is_open: bool, status: Status) -> None:
    assert judged(rules.call_open, call_is_open=is_open).status is status


@pytest.mark.parametrize(
    ("is_free", "is_required", "status"),
    [(True, True, MET), (False, True, MISSING), (None, True, UNKNOWN), (False, False, MET)],
)
def test_n9_free(is_free: bool | None, is_required: bool, status: Status) -> None:
    assert judged(rules.free_of_charge, replace(TERMS, is_free_required=is_required), is_free=is_free).status is status


@pytest.mark.parametrize(
    ("scores", "threshold", "status"),
    [
        ({}, 11, UNKNOWN),
        (FULL, 11, MET),
        (FULL | {LINES[0].title: 0}, 11, MISSING),
        ({LINES[0].title: 2}, 2, MET),
        ({LINES[0].title: 99}, 3, MISSING),
        ({"Une ligne d’une autre grille": 2}, 1, MISSING),
        ({line.title: 2 for line in LINES}, 40, MET),
    ],
)
def test_n10_eco_responsible(scores: dict[str, int], threshold: int, status: Status) -> None:
    assert judged(rules.eco_responsible, replace(TERMS, eco_threshold=threshold), eco_scores=scores).status is status


def test_n10_the_grid_has_eleven_lines_with_advice_and_missing_ones_are_advised() -> None:
    assert len(LINES) == 11
    assert all(line.advice for line in LINES)
    assert eco_score({line.title: 2 for line in LINES}, LINES) == 22
    found = judged(rules.eco_responsible, eco_scores={LINES[0].title: 2})
    assert LINES[1].advice in found.todo
    assert LINES[0].advice not in found.todo


@pytest.mark.parametrize(
    ("kind", "status"), [("association", MET), ("group", MISSING), ("person", MISSING), ("commune", MISSING)]
)
def test_n3_one_association_is_the_legal_lead(kind: str, status: Status) -> None:
    assert judged(rules.carried_by_association, bearer_kind=kind).status is status


@pytest.mark.parametrize(
    ("asked", "cap", "status"),
    [(7_000_00, None, MET), (0, None, MISSING), (7_000_00, 7_000_00, MET), (7_000_01, 7_000_00, MISSING)],
)
def test_the_request_stays_under_the_cap(asked: int, cap: int | None, status: Status) -> None:
    assert (
        judged(rules.within_cap, replace(TERMS, max_amount_cents=cap), budget=Budget(operating=asked, grant=asked)).status
        is status
    )


@pytest.mark.parametrize(("year", "number"), [(1990, 1), (2016, 27), (2022, 33), (2024, 35), (2026, 37)])
def test_the_number_of_an_edition(year: int, number: int) -> None:
    assert rules.edition_number(year) == number


@pytest.mark.parametrize(
    ("starts", "ends", "is_wrong"),
    [
        (time(14), None, False),
        (time(14), time(16), False),
        (time(14), time(14), True),
        (time(14), time(13), True),
        (time(22), time(0, 30), False),
        (time(22), time(6), False),
        (time(22), time(6, 1), True),
    ],
)
def test_an_evening_may_end_after_midnight_but_hours_are_not_upside_down(
    starts: time, ends: time | None, is_wrong: bool
) -> None:
    assert rules.is_upside_down(starts, ends) is is_wrong


@pytest.mark.parametrize("own", [Role.BEARER, Role.TEAM, Role.ORGANISATION_MEMBER])
@pytest.mark.parametrize("action", ["admit", "not_admit", "grant", "reject", "answer_derogation", "close", "cancel"])
def test_the_region_never_decides_on_its_own_project(action: str, own: Role) -> None:
    state = next(iter(NQE.lifecycle.step(action).before))  # type: ignore[union-attr]
    assert NQE.lifecycle.judge(action, state, {Role.REGION_OFFICER}).action == action
    with pytest.raises(Forbidden):
        NQE.lifecycle.judge(action, state, {Role.REGION_OFFICER, own})


def test_only_the_region_decides() -> None:
    for role in set(Role) - {Role.REGION_OFFICER, Role.COMMITTEE_MEMBER}:
        with pytest.raises(Forbidden):
            NQE.lifecycle.judge("grant", S.ADMISSIBLE, {role})
