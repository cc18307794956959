"""Two servers of ours on one database, two hundred hands on one envelope: never a euro too many, and no payment twice."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.funds import ledger
from citizen.funds.models import Call, LedgerEntry
from citizen.payments import figures
from citizen.projects.models import Project
from tests import factories
from tests.bench.filling import fill

pytestmark = pytest.mark.slow
ENVELOPE, EACH, HANDS = 10_000_00, 400_00, 200
# Serves the two acts by HTTP with the services as the site calls them; waitress as « citizen run » starts it.
SERVER = """
import sys
from pathlib import Path
from waitress import serve
from citizen import config
from citizen.app import create_app
from citizen.cli import SLOW_CLIENTS
from citizen.funds import ledger
from citizen.kernel.access import NOBODY
from citizen.kernel.findings import Invalid
from citizen.web.access import public

data, url, port = sys.argv[1:]
app = create_app(config.read({}, data=Path(data), database_url=url, secret_key="test", is_development=True), WTF_CSRF_ENABLED=False)

@app.post("/essai/<act>/<int:call_id>/<int:project_id>/<int:cents>")
@public
def act(act, call_id, project_id, cents):
    try:
        ledger.pay(NOBODY, call_id, project_id, cents, reference="x") if act == "pay" else ledger.promise(NOBODY, call_id, project_id, cents)
    except Invalid:
        return "", 422
    return "", 201

serve(app, host="127.0.0.1", port=int(port), **SLOW_CLIENTS)
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def ports(app: Flask, database_url: str, tmp_path: Path) -> Iterator[list[int]]:
    """Two server processes, ready."""
    program = tmp_path / "server.py"
    program.write_text(SERVER)
    ports = [free_port(), free_port()]
    root = str(Path(__file__).parents[2])
    servers = [
        subprocess.Popen(
            [sys.executable, str(program), str(tmp_path), database_url, str(port)],
            env=os.environ | {"PYTHONPATH": root}, cwd=root, stderr=subprocess.PIPE,
        )
        for port in ports
    ]  # fmt: skip
    try:
        for port, server in zip(ports, servers, strict=True):
            _wait(port, server)
        yield ports
    finally:
        for server in servers:
            server.terminate()
            server.communicate()


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _try in range(300):
        if server.poll() is not None:
            raise AssertionError(server.communicate()[1].decode()[-2000:])
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server never answered")


def fire(ports: list[int], requests: list[str]) -> list[int]:
    """All these posts at once, shared between the servers; the answers."""

    def post(rank: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", ports[rank % len(ports)], timeout=120)
        connection.request("POST", requests[rank])
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(100) as pool:
        return list(pool.map(post, range(len(requests))))


def test_two_hundred_grants_through_two_servers_never_exceed_the_envelope(app: Flask, ports: list[int]) -> None:
    call_id = factories.pic_call(envelope_cents=ENVELOPE).id
    fill(HANDS)
    projects = db.session.scalars(select(Project.id)).all()
    db.session.remove()
    answers = fire(ports, [f"/essai/promise/{call_id}/{number}/{EACH}" for number in projects])
    assert set(answers) == {201, 422}
    assert answers.count(201) == ENVELOPE // EACH
    call = db.session.get_one(Call, call_id)
    promised = db.session.scalar(select(func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.kind == "commitment"))
    assert call.committed_cents == promised == ENVELOPE
    assert not [line for line in figures.differences() if line.startswith("période")]


def test_forty_presses_pay_once(app: Flask, ports: list[int]) -> None:
    project = factories.pic_granted(amount_cents=500_00)
    call_id, number = project.call_id, project.id
    db.session.remove()
    answers = fire(ports, [f"/essai/pay/{call_id}/{number}/{500_00}"] * 40)
    assert answers.count(201) == 1 and answers.count(422) == 39
    assert ledger.of_project(number).paid == 500_00
