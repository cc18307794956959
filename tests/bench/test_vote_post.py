"""Votes confirmed through the whole application, against the same rows written by a bare Flask application, turn by turn."""

import itertools
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen import config
from citizen.app import create_app
from citizen.ballots.models import Ballot, Participation
from citizen.db import db
from citizen.web import upgrades
from tests.ballots.serving import WHOLE, Browser, free_port, many_voters, served
from tests.works import announced_poll, works_officer

pytestmark = pytest.mark.bench
TURNS, VOTES, HANDS, LEAST = 6, 80, 8, 0.6
CONNECTIONS, SECONDS = 16, 60
# The same rows (line of the roll, ballot, participation, letter, line of the journal), the same server, the same database
# settings; no session, no page, no rule.
BARE = """
import hashlib, logging, secrets, sys
from datetime import date
from flask import Flask, redirect, request
from sqlalchemy import create_engine, event, text
from waitress import serve
from citizen.cli import SLOW_CLIENTS
from citizen.db import SQLITE_PRAGMAS
url, port = sys.argv[1:]
app, engine = Flask("bare"), create_engine(url, pool_size=10, max_overflow=20)
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
LOCK = "" if engine.dialect.name == "sqlite" else "FOR UPDATE"
if engine.dialect.name == "sqlite":
    @event.listens_for(engine, "connect")
    def prepare(connection, _record):
        connection.isolation_level = None
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

@app.post("/voter/<int:poll_id>/confirmer")
def vote(poll_id):
    receipt, voter = secrets.token_hex(10), secrets.randbits(52)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO voter (id, poll_id, last_name, first_name, search_name, origin, added_reason, struck_reason)"
            " VALUES (:voter, :poll, '', '', '', 'code', '', '')"), {"voter": voter, "poll": poll_id})
        connection.execute(text("INSERT INTO ballot (receipt, poll_id) VALUES (:receipt, :poll)"), {"receipt": receipt, "poll": poll_id})
        connection.execute(text("INSERT INTO ballot_choice (receipt, poll_id, option_id, rank) VALUES (:receipt, :poll, :option, :rank)"),
            [{"receipt": receipt, "poll": poll_id, "option": int(option), "rank": rank}
             for rank, option in enumerate(request.form.getlist("choices"), 1)])
        connection.execute(text("INSERT INTO participation (voter_id, poll_id, channel, voted_on, receipt)"
            " VALUES (:voter, :poll, 'online', :day, :receipt)"),
            {"voter": voter, "poll": poll_id, "day": date.today().isoformat(), "receipt": receipt})
        now, day = f"{date.today()} 00:00:00", date.today().isoformat()
        connection.execute(text('INSERT INTO outbox_letter ("to", subject, body, written_at, tries, next_try_at, is_untraced)'
            " VALUES ('voter@exemple.fr', 'Votre vote', :body, :now, 0, :now, true)"), {"body": receipt * 40, "now": now})
        number, last = connection.execute(text(f"SELECT number, hash FROM poll_head WHERE poll_id = :poll {LOCK}"), {"poll": poll_id}).one()
        line = {"poll": poll_id, "number": number + 1, "day": day, "content": receipt, "hash": hashlib.sha256(f"{last}{receipt}".encode()).hexdigest()}
        connection.execute(text("INSERT INTO poll_line (poll_id, number, day, kind, content, hash)"
            " VALUES (:poll, :number, :day, 'ballot', :content, :hash)"), line)
        connection.execute(text("UPDATE poll_head SET number = :number, day = :day, hash = :hash WHERE poll_id = :poll"), line)
    return redirect(f"/voter/{poll_id}/recu", 303)

serve(app, listen=f"127.0.0.1:{port}", ident=None, **SLOW_CLIENTS)
"""


@pytest.fixture
def on_disk(app: Flask) -> Iterator[tuple[Flask, str, Path]]:
    """The application on a database that a real disk keeps: in memory nothing is waited for."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        url = os.environ.get("CITIZEN_BENCH_DATABASE_URL", f"sqlite:///{folder}/citizen.sqlite3")
        kept = create_app(config.read({}, data=Path(folder), database_url=url, secret_key="test"))
        with kept.app_context():
            upgrades.bring_up_to_date()
            yield kept, url, Path(folder)
            db.session.remove()
            db.engine.dispose()


def test_a_vote_costs_little_more_than_its_rows(on_disk: tuple[Flask, str, Path]) -> None:
    app, url, folder = on_disk
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00, 4_000_00])
    poll_id, options, moment = poll.id, [option.id for option in poll.options][:3], poll.opens_at
    path, ports = f"/voter/{poll_id}/confirmer", (free_port(), free_port())
    voters = itertools.cycle(many_voters(app, TURNS * VOTES + 2 * HANDS, moment))
    db.session.remove()

    def hand(port: int, share: list[tuple[int, str, str]]) -> int:
        with Browser(port) as browser:
            for _person, browser.cookie, browser.csrf in share:
                status, where = browser.post(path, {"choices": options, "is_eligible": "y"})
                assert (status, where) == (303, f"/voter/{poll_id}/recu")
        return len(share)

    def rate(port: int, votes: int) -> float:
        shares = [[next(voters) for _vote in range(votes // HANDS)] for _hand in range(HANDS)]
        with ThreadPoolExecutor(HANDS) as pool:
            began = time.perf_counter()
            done = sum(pool.map(lambda share: hand(port, share), shares))
            return done / (time.perf_counter() - began)

    with served(WHOLE, folder, url, ports[0], moment.isoformat(), port=ports[0]), served(BARE, url, ports[1], port=ports[1]):
        rate(ports[0], 2 * HANDS), rate(ports[1], 2 * HANDS)
        rates = [(rate(ports[0], VOTES), rate(ports[1], VOTES)) for _turn in range(TURNS)]
    whole, bare = (TURNS / sum(1 / turn[side] for turn in rates) for side in (0, 1))
    assert count(Ballot) == count(Participation)
    print(f"\nvote : {whole:.0f} par seconde, {bare:.0f} pour les seules lignes : {whole / bare:.0%}")
    assert whole >= LEAST * bare


@pytest.mark.long
def test_sixteen_connections_for_a_minute_meet_no_error(on_disk: tuple[Flask, str, Path]) -> None:
    app, url, folder = on_disk
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00, 4_000_00])
    poll_id, options, moment, port = poll.id, [option.id for option in poll.options][:3], poll.opens_at, free_port()
    voters = iter(many_voters(app, 40_000, moment))
    answers: Counter[tuple[int, str]] = Counter()
    db.session.remove()

    def hand(until: float) -> None:
        with Browser(port) as browser:
            while time.perf_counter() < until:
                _person, browser.cookie, browser.csrf = next(voters)
                answers[browser.post(f"/voter/{poll_id}/confirmer", {"choices": options, "is_eligible": "y"})] += 1

    with served(WHOLE, folder, url, port, moment.isoformat(), port=port), ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(hand, [time.perf_counter() + SECONDS] * CONNECTIONS))
    assert set(answers) == {(303, f"/voter/{poll_id}/recu")}, answers
    assert count(Ballot) == count(Participation) == answers.total()
    print(f"\n{CONNECTIONS} connexions pendant {SECONDS} s : {answers.total()} votes, aucune erreur")


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
