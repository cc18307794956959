"""Servers of ours in processes of their own, and voters' browsers that are already signed in."""

import hashlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select

from citizen import clock
from citizen.db import db, transaction
from citizen.people.models import Person, SignIn
from citizen.people.signing import hashed

ROOT = Path(__file__).parents[2]
# The whole application, as « citizen run » serves it, at one moment.
WHOLE = """
import logging, sys
from contextlib import ExitStack
from datetime import datetime
from citizen import clock, config
from citizen.app import create_app
from citizen.cli import listen
data, url, port, moment = sys.argv[1:]
app = create_app(config.read({}, data=data, database_url=url, secret_key="test"))
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
at = datetime.fromisoformat(moment)
def dated(environ, start_response):
    with clock.at(at):
        return app(environ, start_response)
listen(dated, listen=f"127.0.0.1:{port}")
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def start(program: str, *arguments: object, port: int) -> subprocess.Popen[bytes]:
    """A server on this port, answering."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    log = open(os.environ.get("CITIZEN_TEST_SERVER_LOG", os.devnull), "ab")  # noqa: SIM115, PTH123  the server keeps it
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=log)
    log.close()
    for _try in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        assert server.poll() is None, "the server stopped"
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextmanager
def served(program: str, *arguments: object, port: int) -> Iterator[int]:
    server = start(program, *arguments, port=port)
    try:
        yield port
    finally:
        server.terminate()
        server.wait(20)


class Browser:
    """A connection that stays open, with its cookie."""

    def __init__(self, port: int, cookie: str = "", csrf: str = "") -> None:
        self.port, self.cookie, self.csrf = port, cookie, csrf
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        """(status, where it sends), keeping the cookie that it gives."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"citizen={self.cookie}"}
        self.connection.request("POST", path, urlencode(data | {"csrf_token": self.csrf}, doseq=True), headers)
        return self._answer()

    def get(self, path: str) -> str:
        self.connection.request("GET", path, headers={"Cookie": f"citizen={self.cookie}"})
        answer = self.connection.getresponse()
        return answer.read().decode()

    def _answer(self) -> tuple[int, str]:
        answer = self.connection.getresponse()
        answer.read()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("citizen="):
                self.cookie = value.split(";")[0].removeprefix("citizen=")
        return answer.status, answer.getheader("Location") or ""


def signed(app: Flask, **session: object) -> tuple[str, str]:
    """(cookie, form's token) of a browser with this session, under the key « test »."""
    raw = hashlib.sha1(secrets.token_bytes(8)).hexdigest()  # noqa: S324  what flask-wtf keeps
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return serializer.dumps(session | {"csrf_token": raw}), URLSafeTimedSerializer("test", salt="wtf-csrf-token").dumps(raw)


def many_voters(app: Flask, how_many: int, moment: datetime) -> list[tuple[int, str, str]]:
    """(person, cookie, form's token) of verified accounts, signed in: signing up a thousand people is not what is tested."""
    prefix = secrets.token_hex(3)
    values = {"name": "V", "password_hash": "x", "verified_at": clock.now(), "created_at": clock.now(), "is_suspended": False}
    with transaction():
        db.session.execute(insert(Person), [values | {"email": f"{prefix}{n}@exemple.fr"} for n in range(how_many)])
        people = list(db.session.scalars(select(Person.id).where(Person.email.like(f"{prefix}%"))))
        tokens = [secrets.token_urlsafe(16) for _person in people]
        ends = moment + timedelta(days=30)
        db.session.execute(insert(SignIn), [
            {"token_hash": hashed(token), "person_id": who, "opened_at": clock.now(), "expires_at": ends}
            for who, token in zip(people, tokens, strict=True)
        ])  # fmt: skip
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        browser = app.login_manager._session_identifier_generator()  # type: ignore[attr-defined]
    return [(who, *signed(app, _user_id=token, _fresh=True, _id=browser)) for who, token in zip(people, tokens, strict=True)]
