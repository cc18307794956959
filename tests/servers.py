"""Two servers of ours on one database, and hands that press at once."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

# Serves acts by HTTP with the services as the site calls them; waitress as « citizen run » starts it.
SERVER = """
import sys
from pathlib import Path
from waitress import serve
from citizen import config
from citizen.app import create_app
from citizen.cli import SLOW_CLIENTS
from citizen.funds import envelopes, ledger
from citizen.kernel.access import NOBODY
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.people.signing import actor_of
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

@app.post("/essai/accepter/<int:person_id>/<int:transfer_id>")
@public
def accept(person_id, transfer_id):
    try:
        envelopes.decide(actor_of(person_id), transfer_id, is_approved=True)
    except (Invalid, NotNow):
        return "", 422
    return "", 201

serve(app, host="127.0.0.1", port=int(port), **SLOW_CLIENTS)
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(source: str, folder: Path, database_url: str) -> Iterator[list[int]]:
    """The ports of two processes of this program, ready."""
    program, root = folder / "server.py", str(Path(__file__).parents[1])
    program.write_text(source)
    ports = [free_port(), free_port()]
    servers = [
        subprocess.Popen(
            [sys.executable, str(program), str(folder), database_url, str(port)],
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


@pytest.fixture
def ports(app: Flask, database_url: str, tmp_path: Path) -> Iterator[list[int]]:
    """Two servers of the acts above."""
    with serving(SERVER, tmp_path, database_url) as found:
        yield found


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
