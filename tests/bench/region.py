"""A region at its full size, written straight into the tables: 204 quarters, seven years of 3,800 projects, 700,000 ballots."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, insert, text

from citizen.db import db, install_guards
from tests.bench import region_ground as ground
from tests.bench import region_projects as projects
from tests.bench import region_votes as votes
from tests.bench.region_ground import BALLOTS, Rows


def region_size(share: float = 1.0) -> None:
    """The whole region, or a ``share`` of its projects and ballots over the same quarters, communes, funds and years."""
    rows: Rows = defaultdict(list)
    ground.places(rows)
    ground.bearers(rows)
    ground.calls(rows)
    for number, (scheme, year, rank) in enumerate(projects.numbered(share), start=1):
        projects.project(rows, number, scheme, year, rank)
    projects.envelopes(rows)
    votes.polls(rows)
    db.session.rollback()
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw: Any = connection.connection.driver_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")
        _write(connection, rows, int(BALLOTS * share), is_sqlite=is_sqlite)
        connection.commit()
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("ANALYZE")
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _write(connection: Connection, rows: Rows, ballots: int, *, is_sqlite: bool) -> None:
    """Everything in one transaction, past the guards, which are put back."""
    run = connection.exec_driver_sql
    if is_sqlite:
        for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            run(f"DROP TRIGGER {name}")
    else:
        run("SET LOCAL session_replication_role = replica")
        run("SET LOCAL statement_timeout = 0")
    for one in db.metadata.sorted_tables:
        if rows[one]:
            connection.execute(insert(one), rows[one])
    votes.box(connection, ballots)
    votes.count(connection)
    if is_sqlite:
        run("INSERT INTO search_project(search_project) VALUES ('rebuild')")
        install_guards(connection)
    else:
        for one in db.metadata.sorted_tables:
            if "id" in one.c and one.c.id.autoincrement is not False and one.c.id.type.python_type is int:
                run(f"SELECT setval(pg_get_serial_sequence('{one.name}', 'id'), coalesce(max(id), 1)) FROM {one.name}")
