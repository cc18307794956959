"""One lively site for all the tests of this folder, in a database of its own, and the means to put it back as it was."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from citizen import clock, config
from citizen.app import create_app
from citizen.db import db
from citizen.web import upgrades
from tests.conftest import NOON
from tests.house import street as streets
from tests.house.street import Street

Restore = Callable[[], None]


def server_runs(*orders: str) -> None:
    """Runs these on the PostgreSQL server of the tests, outside any transaction."""
    admin = create_engine(config._with_driver(os.environ["CITIZEN_TEST_DATABASE_URL"]), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for order in orders:
            connection.execute(text(order))
    admin.dispose()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Street]:
    """The site as a demonstration serves it."""
    folder, server = tmp_path_factory.mktemp("street"), os.environ.get("CITIZEN_TEST_DATABASE_URL")
    name = f"citizen_street_{os.getpid()}_{worker_id}"
    if server:
        server_runs(f"CREATE DATABASE {name}")
    url = server.rsplit("/", 1)[0] + f"/{name}" if server else f"sqlite:///{folder}/citizen.sqlite3"
    app = create_app(
        config.read({}, data=folder, database_url=config._with_driver(url), secret_key="test", is_demo=True),
        TESTING=True, WTF_CSRF_ENABLED=False,
    )  # fmt: skip
    with clock.at(NOON), app.app_context():
        upgrades.bring_up_to_date()
        made = streets.build(app)
        db.session.remove()
    yield made
    with app.app_context():
        db.engine.dispose()
    if server:
        server_runs(f"DROP DATABASE IF EXISTS {name}_kept WITH (FORCE)", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """It is noon on 10 March 2027, as when the site was filled."""
    with clock.at(NOON):
        yield


@pytest.fixture(scope="session")
def restore(street: Street, tmp_path_factory: pytest.TempPathFactory) -> Restore:
    """Puts every row back as it was when the tests began."""
    app: Flask = street.app
    with app.app_context():
        url = db.engine.url
        db.engine.dispose()
    if url.get_backend_name() == "postgresql":
        server_runs(f"CREATE DATABASE {url.database}_kept TEMPLATE {url.database}")

        def put_back() -> None:
            with app.app_context():
                db.engine.dispose()
            server_runs(
                f"DROP DATABASE {url.database} WITH (FORCE)", f"CREATE DATABASE {url.database} TEMPLATE {url.database}_kept"
            )

        return put_back
    kept = tmp_path_factory.mktemp("kept") / "citizen.sqlite3"
    _copy(Path(str(url.database)), kept)
    return lambda: _copy(kept, Path(str(url.database)))


def _copy(origin: Path, target: Path) -> None:
    with closing(sqlite3.connect(origin)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
