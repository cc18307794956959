"""A database made once by the migrations, and a fresh copy of it for every test."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from citizen import clock, config
from citizen.app import create_app
from citizen.db import db, install_guards
from citizen.nqe import index
from citizen.web import upgrades
from tests.pages import CheckedClient

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a disk that forgets: tests write much and keep nothing
CHROMIUM = os.environ.get("CITIZEN_TEST_BROWSER", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NOON = datetime(2027, 3, 10, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database of this worker's own: SQLite, or PostgreSQL when CITIZEN_TEST_DATABASE_URL names a server."""
    server = os.environ.get("CITIZEN_TEST_DATABASE_URL")
    if not server:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            yield f"sqlite:///{folder}/citizen.sqlite3"
        return
    url = config._with_driver(server)
    name = f"citizen_test_{os.getpid()}_{worker_id}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, on an empty database at the newest migration."""
    settings = config.read(
        {}, data=tmp_path_factory.mktemp("data"), database_url=database_url, secret_key="test", is_development=True
    )
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = CheckedClient
    with app.app_context():
        if os.environ.get("CITIZEN_TEST_CREATE_ALL"):
            with db.engine.begin() as connection:
                db.metadata.create_all(connection)
                install_guards(connection)
        else:
            upgrades.bring_up_to_date()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The application inside its context, at noon on 10 March 2027; the database is emptied afterwards."""
    with clock.at(NOON), house.app_context():
        yield house
        db.session.remove()
        _empty()
        index.forget()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser, not signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def _empty() -> None:
    """Removes every row, past the append-only guards."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    try:
        if db.engine.dialect.name == "postgresql":
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " RESTART IDENTITY CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE '%_no_delete'")
            locks = cursor.fetchall()
            for name, _sql in locks:
                cursor.execute(f"DROP TRIGGER {name}")
            for name in tables:
                cursor.execute(f'DELETE FROM "{name}"')
            for _name, sql in locks:
                cursor.execute(sql)
            cursor.execute("PRAGMA foreign_keys=ON")
        connection.commit()
    finally:
        connection.close()
