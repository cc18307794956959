"""A thousand voters pressing ten times at once: a thousand ballots, no double; with threads, then over HTTP."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.cookiejar import CookieJar
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from citizen import clock
from citizen.ballots import services
from citizen.ballots.models import Ballot, BallotChoice, Participation, Poll
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow
from citizen.people.models import Person
from tests.factories import PASSWORD, actor, person
from tests.works import announced_poll, works_officer

pytestmark = pytest.mark.slow
TRIES = 10


def many_people(how_many: int) -> list[Actor]:
    """Verified accounts, written at once: signing up a thousand people is not what is tested."""
    model = person()
    rows = [
        {
            "email": f"v{n}@exemple.fr",
            "name": f"V{n}",
            "password_hash": model.password_hash,
            "verified_at": clock.now(),
            "created_at": clock.now(),
        }
        for n in range(how_many)
    ]
    with transaction():
        db.session.execute(insert(Person), rows)
    return [Actor(number) for number in db.session.scalars(select(Person.id).where(Person.email.like("v%@exemple.fr")))]


def at_once(app: Flask, moment: object, acts: list[Callable[[], object]], threads: int = 16) -> list[object]:
    """Each act in a thread with its own context and session; what each gave, or the error it met."""

    def run(act: Callable[[], object]) -> object:
        with app.app_context(), clock.at(moment):  # type: ignore[arg-type]
            try:
                return act()
            except Exception as error:
                return error
            finally:
                db.session.remove()

    db.session.rollback()  # what this thread has read holds nothing while the others write
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, acts))


def box() -> tuple[int, int, int]:
    """Ballots, people who took part, people with more than one ballot."""
    db.session.rollback()
    ballots = db.session.scalar(select(func.count()).select_from(Ballot))
    people = db.session.scalar(select(func.count()).select_from(Participation))
    linked = db.session.scalar(
        select(func.count(func.distinct(Participation.receipt))).where(Participation.receipt.is_not(None))
    )
    return ballots, people, linked


@pytest.mark.parametrize(
    ("people", "is_same"), [(1_000, True), (200, False)], ids=["the same choice", "a different choice each time"]
)
def test_people_voting_ten_times_at_once_leave_one_ballot_each(app: Flask, people: int, is_same: bool) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00])
    poll_id, moment, options = poll.id, poll.opens_at, [option.id for option in poll.options]
    voters = many_people(people)

    def act(voter: Actor, attempt: int) -> Callable[[], object]:
        chosen = options[:1] if is_same else [options[attempt % 3]]
        return lambda: services.vote(voter, poll_id, chosen, is_eligible=True)

    answers = at_once(app, moment, [act(voter, attempt) for voter in voters for attempt in range(TRIES)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert box() == (people, people, people)
    assert db.session.scalar(select(func.count()).select_from(BallotChoice)) == people
    if is_same:
        each = [set(answers[i : i + TRIES]) for i in range(0, len(answers), TRIES)]
        assert all(len(receipts) == 1 for receipts in each)
        assert len(set(chain.from_iterable(each))) == people


def test_votes_that_race_the_count_are_in_it_or_refused(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [1_000_00, 2_000_00])
    poll_id, closes_at, option = poll.id, poll.closes_at, poll.options[0].id
    voters = many_people(60)
    ticking, step = threading.Lock(), [0]

    def vote(voter: Actor) -> object:
        with ticking:  # the clock passes the closing in the middle of the crowd
            step[0] += 1
            moment = closes_at + timedelta(seconds=step[0] - 30)
        with clock.at(moment):
            return services.vote(voter, poll_id, [option], is_eligible=True)

    def count() -> object:
        with clock.at(closes_at):
            return len(services.tally(officer, poll_id))

    acts: list[Callable[[], object]] = [lambda voter=voter: vote(voter) for voter in voters]
    acts.insert(30, count)
    answers = at_once(app, closes_at, acts)
    accepted = [answer for answer in answers if isinstance(answer, str)]
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(error, NotNow) for error in refused), refused
    assert len(accepted) + len(refused) == 60
    db.session.rollback()
    counted = db.session.get_one(Poll, poll_id)
    assert counted.ballot_count == len(accepted) == box()[0] == box()[1]


SERVER = """
import logging, sys, waitress
from datetime import datetime
from citizen import clock, config
from citizen.app import create_app
settings = config.read({}, data=sys.argv[1], database_url=sys.argv[2], secret_key="test")
app = create_app(settings, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, TESTING=True)
moment = datetime.fromisoformat(sys.argv[4])
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
def dated(environ, start_response):
    with clock.at(moment):
        return list(app(environ, start_response))
waitress.serve(dated, listen=f"127.0.0.1:{sys.argv[3]}", threads=8)
"""


@contextmanager
def served(url: str, folder: Path, moment: object) -> Iterator[str]:
    """The application in a process of its own, where it is always ``moment``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(folder), url, str(port), moment.isoformat()]  # type: ignore[attr-defined]
    server = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONWARNINGS": "ignore"})
    try:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def browser(address: str, email: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.open(f"{address}/connexion", urllib.parse.urlencode({"email": email, "password": PASSWORD}).encode()).close()
    return opener


def test_people_who_press_ten_times_over_http_have_one_ballot(app: Flask, tmp_path: Path) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00])
    poll_id, options, moment = poll.id, [option.id for option in poll.options], poll.opens_at
    emails = [actor(person(f"http{n}@exemple.fr")) and f"http{n}@exemple.fr" for n in range(12)]
    url = db.engine.url.render_as_string(hide_password=False)
    with served(url, tmp_path, moment) as address:
        browsers = [browser(address, email) for email in emails]

        def press(number: int) -> str:
            opener = browsers[number % len(browsers)]
            form = urllib.parse.urlencode({"choices": options[number % 3], "is_eligible": "y"}).encode()
            with opener.open(f"{address}/voter/{poll_id}/confirmer", form) as answer:
                assert answer.url.endswith(f"/voter/{poll_id}/recu"), answer.url
                return re.findall(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", answer.read().decode())[0]

        with ThreadPoolExecutor(24) as pool:
            receipts = list(pool.map(press, range(len(emails) * 10)))
    assert len(receipts) == 120
    assert box() == (12, 12, 12)
