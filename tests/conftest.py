"""A database made once by the migrations, and a fresh copy of it for every test."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
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


@pytest.fixture(scope="session")
def empty(house: Flask) -> Iterator[Callable[[], None]]:
    """Removes every row at once, past the append-only guards."""
    with house.app_context():
        engine, tables = db.engine, list(db.metadata.tables)
    if engine.dialect.name == "sqlite":
        path = str(engine.url.database)
        with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(":memory:")) as blank:
            live.backup(blank)
            yield lambda: blank.backup(live)
        return
    # TRUNCATE of every table takes ten times as long. Vacuumed, an emptied table forgets its places too: rows keep the order they come in.
    filled = " UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables)
    counters = "SELECT setval(pg_get_serial_sequence(quote_ident(name), 'id'), 1, false) FROM unnest(%s::text[]) AS name"
    with_number = {name for name, table in db.metadata.tables.items() if "id" in table.c}
    with closing(engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        connection.autocommit = True
        connection.execute("SET session_replication_role = replica")

        def delete() -> None:
            names = [name for (name,) in connection.execute(filled)]
            if names:
                connection.execute("; ".join(f'DELETE FROM "{name}"' for name in names))
                connection.execute("VACUUM (INDEX_CLEANUP ON) " + ", ".join(f'"{name}"' for name in names))
                connection.execute(counters, [[name for name in names if name in with_number]])

        yield delete
        pooled.detach()


@pytest.fixture
def app(house: Flask, empty: Callable[[], None]) -> Iterator[Flask]:
    """The application inside its context, at noon on 10 March 2027; the database is emptied afterwards."""
    with clock.at(NOON), house.app_context():
        yield house
        db.session.remove()
        empty()
        index.forget()
        shutil.rmtree(house.config["SETTINGS"].data / "donnees", ignore_errors=True)


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
