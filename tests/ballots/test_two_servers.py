"""Two servers of ours on one database: ten thousand attempts to vote twice, and servers killed while people vote."""

import contextlib
import http.client
import os
import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.ballots import codes, roll, signing
from citizen.ballots.models import Ballot, BallotChoice, Participation, Voter
from citizen.ballots.rules import RollKind
from citizen.db import db
from tests.ballots.serving import WHOLE, Browser, free_port, many_voters, signed, start
from tests.works import announced_poll, works_officer

pytestmark = pytest.mark.slow
VOTERS = int(os.environ.get("CITIZEN_TEST_VOTERS", "200"))  # 1 000 for the whole ten thousand attempts
KILLS = int(os.environ.get("CITIZEN_TEST_KILLS", "10"))
ATTEMPTS = 10
RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}")


def box(poll_id: int) -> tuple[int, int, int, int]:
    """Ballots, people who took part, different ballots that they have, ballots with a choice."""
    db.session.rollback()
    one = db.session.scalar
    return (
        one(select(func.count()).where(Ballot.poll_id == poll_id)) or 0,
        one(select(func.count()).where(Participation.poll_id == poll_id)) or 0,
        one(select(func.count(func.distinct(Participation.receipt))).where(Participation.poll_id == poll_id)) or 0,
        one(select(func.count(func.distinct(BallotChoice.receipt))).where(BallotChoice.poll_id == poll_id)) or 0,
    )


def ways(app: Flask, poll_id: int, moment: object) -> list[list[dict[str, object]]]:
    """For each voter the sessions by which they try: their account twice, their code twice, both, the desk and the web."""
    officer = works_officer()
    listing = "\n".join(f"{number};Nom{number};Prénom" for number in range(VOTERS))
    roll.set_kind(officer, poll_id, RollKind.LISTED)
    roll.keep_list(officer, poll_id, f"numero;nom;prenom\n{listing}".encode())
    roll.confirm_list(officer, poll_id)
    letters = {one.list_number: signing.hashed(one.code) for one in codes.make(officer, poll_id, for_list=True)}
    lines = dict(tuple(row) for row in db.session.execute(select(Voter.list_number, Voter.id).where(Voter.poll_id == poll_id)))
    accounts = many_voters(app, VOTERS, moment)  # type: ignore[arg-type]
    until = moment.timestamp() + 1800  # type: ignore[attr-defined]
    found = []
    for rank, (number, line) in enumerate(sorted(lines.items())):
        with db.engine.begin() as connection:
            connection.execute(Voter.__table__.update().where(Voter.id == line).values(person_id=accounts[rank][0]))
        by_account = dict(zip(("cookie", "csrf"), accounts[rank][1:], strict=True))
        by_code, at_desk = (
            dict(zip(("cookie", "csrf"), signed(app, ballot={"poll": poll_id, "until": until} | key), strict=True))
            for key in ({"code": letters[number]}, {"voter": line})
        )
        pairs = ((by_account, by_account), (by_code, by_code), (by_account, by_code), (at_desk, by_account))
        found.append([pairs[rank % 4][attempt % 2] for attempt in range(ATTEMPTS)])
    return found


def test_ten_attempts_each_by_two_servers_leave_one_ballot_each(app: Flask, database_url: str, tmp_path: Path) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00])
    poll_id, options, moment = poll.id, [option.id for option in poll.options], poll.opens_at
    tries = ways(app, poll_id, moment)
    ports = [free_port(), free_port()]
    db.session.remove()
    servers = [start(WHOLE, tmp_path, database_url, port, moment.isoformat(), port=port) for port in ports]
    try:

        def attempt(order: int) -> int:
            session = tries[order // ATTEMPTS][order % ATTEMPTS]
            with Browser(ports[order % 2], **session) as browser:  # type: ignore[arg-type]
                chosen = [options[order % 3]]
                return browser.post(f"/voter/{poll_id}/confirmer", {"choices": chosen, "is_eligible": "y"})[0]

        with ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(attempt, range(VOTERS * ATTEMPTS)))
    finally:
        for server in servers:
            server.terminate()
            server.wait(20)
    assert set(answers) <= {303, 422}, set(answers)  # taken, or told that this person took part
    assert box(poll_id) == (VOTERS,) * 4


class Crowd:
    """Voters who vote one after the other and remember what was acknowledged, whoever dies meanwhile."""

    def __init__(self, poll_id: int, options: list[int], voters: list[tuple[int, str, str]]) -> None:
        self.path, self.options, self.voters = f"/voter/{poll_id}", options, voters
        self.ports: list[int] = []
        self.acknowledged: dict[int, int] = {}
        self.lock, self.rank, self.is_over = threading.Lock(), 0, False

    def turn(self) -> None:
        while not self.is_over:
            with self.lock:
                rank, self.rank = self.rank, self.rank + 1
            who, cookie, csrf = self.voters[rank % len(self.voters)]
            chosen = self.options[rank % len(self.options)]
            try:
                with Browser(random.choice(self.ports), cookie, csrf) as browser:
                    with self.lock:
                        self.acknowledged.pop(who, None)  # from here on either choice may be the one that stays
                    status, _where = browser.post(f"{self.path}/confirmer", {"choices": [chosen], "is_eligible": "y"})
            except (OSError, http.client.HTTPException, IndexError):
                time.sleep(0.02)
                continue
            if status == 303:
                with self.lock:
                    self.acknowledged[who] = chosen


def test_servers_killed_while_people_vote_lose_no_acknowledged_ballot(app: Flask, database_url: str, tmp_path: Path) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00, 3_000_00])
    poll_id, options, moment = poll.id, [option.id for option in poll.options], poll.opens_at
    voters = many_voters(app, 20_000, moment)  # more than one can serve: nobody votes twice at the same time
    db.session.remove()
    crowd, starts = Crowd(poll_id, options, voters), []

    def serve(port: int) -> object:
        began = time.perf_counter()
        server = start(WHOLE, tmp_path, database_url, port, moment.isoformat(), port=port)
        starts.append(time.perf_counter() - began)
        return server

    crowd.ports = [free_port(), free_port()]
    servers = {port: serve(port) for port in crowd.ports}
    hands = [threading.Thread(target=crowd.turn) for _hand in range(16)]
    try:
        for hand in hands:
            hand.start()
        for _kill in range(KILLS):
            time.sleep(random.uniform(0.1, 0.6))
            port = random.choice(list(servers))
            servers[port].kill()  # type: ignore[attr-defined]  # SIGKILL
            servers[port].wait()  # type: ignore[attr-defined]
            servers[port] = serve(port)
    finally:
        crowd.is_over = True
        for hand in hands:
            hand.join()
        for server in servers.values():
            server.terminate()  # type: ignore[attr-defined]
            server.wait(20)  # type: ignore[attr-defined]
    ballots, people, linked, chosen = box(poll_id)
    assert ballots == people == linked == chosen >= len(crowd.acknowledged) > KILLS
    rows = db.session.execute(
        select(Voter.person_id, BallotChoice.option_id).join(Participation, Participation.voter_id == Voter.id)
        .join(BallotChoice, BallotChoice.receipt == Participation.receipt).where(Voter.poll_id == poll_id)
    )  # fmt: skip
    kept = dict(tuple(row) for row in rows)
    lost = {who for who, option in crowd.acknowledged.items() if kept.get(who) != option}
    assert lost == set()
    print(
        f"\n{KILLS} arrêts brutaux, {len(crowd.acknowledged)} votes confirmés, 0 perdu ; reprise en {max(starts):.2f} s au plus"
    )


def test_a_vote_sent_again_after_a_lost_answer_gives_the_same_receipt(app: Flask, database_url: str, tmp_path: Path) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00])
    poll_id, option, moment, port = poll.id, poll.options[0].id, poll.opens_at, free_port()
    voters = many_voters(app, 30, moment)
    db.session.remove()
    form = {"choices": [option], "is_eligible": "y"}
    server = start(WHOLE, tmp_path, database_url, port, moment.isoformat(), port=port)
    read: Callable[[Browser], str] = lambda browser: RECEIPT.findall(browser.get(f"/voter/{poll_id}/recu"))[0]  # noqa: E731
    try:
        for rank, (_who, cookie, csrf) in enumerate(voters):
            with Browser(port, cookie, csrf) as cut:
                cut.connection.timeout = rank / 1000 + 0.001  # the answer comes too late, at every moment of the act
                with contextlib.suppress(OSError):
                    cut.post(f"/voter/{poll_id}/confirmer", form)
            with Browser(port, cookie, csrf) as again:
                assert again.post(f"/voter/{poll_id}/confirmer", form)[0] == 303
                first = read(again)
                assert again.post(f"/voter/{poll_id}/confirmer", form)[0] == 303
                assert read(again) == first
    finally:
        server.terminate()
        server.wait(20)
    assert box(poll_id) == (30,) * 4
