"""The next rules tried on last year's files, on the facts of the day each was lodged."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import drafting, ledger
from citizen.kernel.access import NOBODY, Role
from citizen.pic.models import PicCall, PicFund
from citizen.pic.steps import PIC
from citizen.pic.trying import Trial, try_on_the_past
from tests.factories import actor, login, manager_of, person, pic_call, pic_draft, pic_fund, pic_lodged, pic_session

DEFAULTS = PIC.default_terms()


def tried(call: PicCall, **changed: Any) -> Trial:
    """What another version than the first would have changed."""
    db.session.expire_all()
    fund = db.session.get_one(PicFund, call.fund_id)
    return try_on_the_past(fund, fund.rulesets[0].terms | changed)


def test_the_same_rules_change_nothing(app: Flask) -> None:
    call = pic_call(pic_fund(max_amount_cents=[900_00, 400_00]))
    bearer = actor(person())
    for cents in (900_00, 400_00):
        pic_lodged(call, bearer, cents=cents)
    assert (tried(call).all, tried(call).changed) == (2, [])


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({"max_amount_cents": [500_00]}, ["pic-cap"]),
        ({"max_rate_percent": 50}, ["pic-rate"]),
        ({"min_bearers": 4}, ["pic-bearers"]),
        ({"themes": ["Culture"]}, ["pic-theme"]),
        ({"required_documents": ["Assurance"]}, ["pic-documents"]),
        ({"decision_delay_days": 90}, ["pic-in-time"]),
    ],
)
def test_what_would_newly_stand_in_the_way_is_named(app: Flask, changed: dict[str, Any], fails: list[str]) -> None:
    project = pic_lodged()
    found = tried(project.call, **changed).changed
    assert [[one.slug for one in file.fails] for file in found] == [fails]
    assert found[0].passes == []


def test_each_request_keeps_its_rank_in_the_year(app: Flask) -> None:
    call, bearer = pic_call(pic_fund(max_amount_cents=[900_00, 400_00])), actor(person())
    pic_lodged(call, bearer, cents=900_00)
    second = pic_lodged(call, bearer, cents=400_00)
    found = tried(call, max_amount_cents=[900_00, 300_00]).changed
    assert [(file.project.id, [one.slug for one in file.fails]) for file in found] == [(second.id, ["pic-cap"])]
    assert (found[0].before.most_cents, found[0].after.most_cents) == (400_00, 300_00)


def test_what_would_not_stand_in_the_way_any_more_is_named(app: Flask) -> None:
    """Its own notice sends a file after its date; a shorter one leaves it an earlier session."""
    project = pic_lodged(pic_call(pic_fund(filing_notice_days=25)))
    for days in (20, 70):
        pic_session(project.call.fund, days=days)
    found = tried(project.call, filing_notice_days=15).changed
    assert [([one.slug for one in file.passes], file.fails) for file in found] == [(["pic-in-time"], [])]


def test_what_was_written_since_the_lodging_does_not_count(app: Flask) -> None:
    """A team that shrank, a budget that grew, a text emptied: the file is judged as it was lodged."""
    project = pic_lodged()
    with transaction():
        db.session.delete(project.team[-1])
        project.title, project.themes, project.learning, project.starts_on = "", [], "", None
        for line in project.lines:
            line.amount_cents *= 10
    assert tried(project.call).changed == []
    assert [file.after.most_cents for file in tried(project.call, max_amount_cents=[500_00]).changed] == [500_00]


def test_only_files_of_the_last_year_are_played_again(app: Flask) -> None:
    project = pic_lodged()
    with clock.at(clock.now() + timedelta(days=364)):
        assert tried(project.call, max_rate_percent=50).all == 1
    with clock.at(clock.now() + timedelta(days=367)):
        assert tried(project.call, max_rate_percent=50).all == 0


def test_the_facts_are_those_of_the_day_of_the_lodging(app: Flask) -> None:
    """Its date is past, its period closed and its envelope spent by now: none of it counts against the file."""
    project = pic_lodged()
    other = pic_draft(project.call)
    with clock.at(clock.now() + timedelta(days=1)):
        ledger.promise(NOBODY, project.call_id, other.id, 9_900_00)
    with clock.at(clock.now() + timedelta(days=330)):
        assert tried(project.call).changed == []
        found = tried(project.call, max_amount_cents=[500_00]).changed
    assert (found[0].before.most_cents, found[0].after.most_cents) == (600_00, 500_00)


def test_a_longer_notice_sends_a_file_to_a_later_session(app: Flask) -> None:
    call = pic_call()
    for days in (20, 70):
        pic_session(call.fund, days=days)
    pic_lodged(call)
    found = tried(call, filing_notice_days=25, decision_delay_days=30).changed
    assert [one.slug for file in found for one in file.fails] == ["pic-in-time"]


def test_trying_asks_the_database_no_more_when_there_are_more_files(app: Flask) -> None:
    call = pic_call()

    def asked() -> int:
        statements: list[str] = []
        listen = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        tried(call, max_rate_percent=50)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    pic_lodged(call)
    once = asked()
    for _more in range(4):
        pic_lodged(call)
    assert asked() == once


def test_the_page_names_the_files_and_what_would_change(client: FlaskClient) -> None:
    project = pic_lodged()
    fund = project.call.fund
    page = f"/fonds/{fund.id}/regles/essai"
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))
    assert client.get(page).headers["Location"].endswith(f"/fonds/{fund.id}/regles")
    drafting.save(manager_of(fund), fund.id, DEFAULTS | {"max_amount_cents": [500_00]})
    text = client.get(page).text
    for words in ("1 dossier sur les 1 déposés depuis un an aurait été jugé autrement", project.title, "ne passerait plus"):
        assert words in text
    assert "600\u202f€ avant, 500\u202f€ après" in text
    drafting.save(manager_of(fund), fund.id, DEFAULTS | {"quorum_percent": 60})
    assert "Le seul dossier déposé depuis un an aurait été jugé de la même façon." in client.get(page).text


def test_only_who_keeps_the_fund_tries(client: FlaskClient) -> None:
    fund = pic_fund()
    login(client, person(duties=[(Role.COMMITTEE_MEMBER, fund.on)]))
    assert client.get(f"/fonds/{fund.id}/regles/essai").status_code == 403
