"""Counting a box of 700,000 ballots of three choices from the database: identical ballots grouped there, then the rule."""

import time

import pytest
from flask import Flask

from citizen.ballots import box, workbench
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.tally.electorate import Electorate
from citizen.tally.profile import Measure
from citizen.tally.shares import buy
from tests.works import announced_poll, works_officer

BALLOTS, OPTIONS, GAP = 700_000, 30, 14  # choices n, n + 1 to 14 further, and as much again: always three different projects

pytestmark = pytest.mark.bench


def fill(poll: Poll) -> None:
    """The ballots at once, past what guards and checks each of them: they would take minutes and are not what is measured."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    poll_id, options = poll.id, sorted(option.id for option in poll.options)
    first = options[0]
    assert options == list(range(first, first + OPTIONS))
    db.session.rollback()  # nothing stays open while the box is filled
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {BALLOTS - 1})"
    receipt = "'R' || (1000000 + i)"
    chance = "(CAST(i AS BIGINT) * 2654435761) % 4294967296"  # looks like chance, and is the same on each run
    second = f"1 + ({chance} / 977) % {GAP}"
    place = (
        f"({chance} / 31 + CASE r.rank WHEN 1 THEN 0 WHEN 2 THEN {second} ELSE {second} + 1 + ({chance} / 13999) % {GAP} END)"
    )
    choices = f"SELECT {receipt}, {first} + {place} % {OPTIONS}, {poll_id}, r.rank FROM n CROSS JOIN ranks r"
    ranks = ", ranks(rank) AS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)"
    connection = db.engine.raw_connection()
    run = connection.cursor().execute
    guards = []
    if is_postgresql:
        run("SET session_replication_role = replica")
        run("SET statement_timeout = 0")
    else:
        run("PRAGMA foreign_keys = OFF")
        guards = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ballot%'").fetchall()
    for name, _sql in guards:
        run(f"DROP TRIGGER {name}")
    run(f"INSERT INTO ballot (receipt, poll_id) {numbers} SELECT {receipt}, {poll_id} FROM n")
    run(f"INSERT INTO ballot_choice (receipt, option_id, poll_id, rank) {numbers}{ranks} {choices}")
    for _name, sql in guards:
        run(sql)
    run("ANALYZE ballot_choice")
    connection.commit()
    connection.invalidate()  # its settings end with it
    connection.close()


def test_seven_hundred_thousand_ballots_are_counted_in_two_seconds(app: Flask) -> None:
    poll = announced_poll(works_officer(), [3_000_00 + number * 100_00 for number in range(OPTIONS)])
    poll_id = poll.id
    fill(poll)
    taken = []
    for _try in range(3):
        db.session.rollback()
        poll = db.session.get_one(Poll, poll_id)
        started = time.perf_counter()
        profile = box.ballots(poll)
        read = time.perf_counter()
        said = workbench.counted(poll, profile, poll.rule).why
        counted = time.perf_counter()
        buy(Electorate(profile, Measure.COST), 0)
        taken.append((counted - started, read - started, time.perf_counter() - counted))
    assert profile.turnout == BALLOTS
    assert sum(profile.votes) == 3 * BALLOTS
    assert len(said) == OPTIONS
    total, read, shared = min(taken)
    print(f"\n700 000 bulletins ({len(profile.ballots)} différents) : lus et groupés {read:.2f} s, comptés {total:.2f} s, ")
    print(f"parts égales en plus {shared:.2f} s")
    assert total < 2
