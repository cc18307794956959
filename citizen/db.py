"""The database: engines set up for SQLite and PostgreSQL, and transaction(), the one door that writes."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, CursorResult, DateTime, Engine, Executable, MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL loses acknowledged votes in a power cut
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,  # what is erased leaves the file
    "temp_store": 2,  # in memory
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on both sides, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON},
    )


db = SQLAlchemy(model_class=Base)
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_held: ContextVar[Connection] = ContextVar("held")


class WriteOutsideTransaction(Exception):
    """Something tried to write without the door: a service forgot ``with transaction():``."""


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens or nothing does, judged under the write lock; an inner one joins the outer."""
    if _writing.get():
        yield
        return
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise WriteOutsideTransaction(f"{[*session.new, *session.dirty, *session.deleted]}")
    session.rollback()  # a read begun earlier ends here: what is judged is read under the lock
    token = _writing.set(True)
    try:
        with _turn(db.engine):
            try:
                _held.set(session.connection())  # takes the write lock now, not at the first write
                yield
                session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        _writing.reset(token)


def run(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> CursorResult[Any]:
    """The shortest way, inside a transaction, for rows that no object of the session stands for."""
    if not _writing.get():
        raise WriteOutsideTransaction(str(statement))
    return _held.get().execute(statement, values)


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """SQLite serves waiting writers unfairly: a file lock taken first makes them queue."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    queue = os.open(path + "-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
    finally:
        os.close(queue)


def configure(app: Flask, url: str) -> None:
    """Attaches the database to the application."""
    options: dict[str, Any] = {"hide_parameters": True}  # no value in a log, only the statement
    if make_url(url).database not in (None, "", ":memory:"):
        options |= {"pool_size": 10, "max_overflow": 20}  # more than the server has threads: opening reads the whole schema
    if make_url(url).get_backend_name() == "postgresql":
        options["pool_pre_ping"] = True
        options["connect_args"] = {"options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"}
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            # Not by a listener to « begin »: with one, each statement of each request looks for listeners of its own.
            db.engine.dialect.do_begin = _begin_sqlite  # type: ignore[assignment, method-assign]


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we write BEGIN ourselves, below
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin_sqlite(connection: Any) -> None:
    connection.cursor().execute("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_flush(session: Session, _context: object, _instances: object) -> None:
    if not _writing.get():
        raise WriteOutsideTransaction(f"{[*session.new, *session.dirty, *session.deleted]}")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not _writing.get():
        raise WriteOutsideTransaction(str(state.statement))


# Guards: triggers and indexes that a table definition cannot hold. They are put back after every migration,
# because SQLite drops a table's triggers each time a migration rebuilds it.
_guards: list[tuple[str, str, str]] = []


def guard(name: str, *, sqlite: str, postgresql: str) -> None:
    """Registers statements to (re)create ``name``, several separated by a line « -- ; »; each must be repeatable."""
    _guards.append((name, sqlite, postgresql))


def install_guards(connection: Connection) -> None:
    """(Re)creates every guard on this connection."""
    for _name, sqlite, postgresql in _guards:
        statements = sqlite if connection.dialect.name == "sqlite" else postgresql
        for statement in filter(None, map(str.strip, statements.split("-- ;"))):
            connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)


def trigger(name: str, table: str, when: str, condition: str, message: str) -> None:
    """A guard that refuses a row: ``when`` is « INSERT », « UPDATE » or « UPDATE OF column »; ``condition`` is SQL over NEW/OLD.

    The condition holds on both databases; where it is true the statement fails with ``message``.
    """
    row = "OLD" if when == "DELETE" else "NEW"
    guard(
        name,
        sqlite=f"""DROP TRIGGER IF EXISTS {name}
-- ;
CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{message}'); END""",
        postgresql=f"""CREATE OR REPLACE FUNCTION {name}_guard() RETURNS trigger AS $$
BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$ LANGUAGE plpgsql
-- ;
DROP TRIGGER IF EXISTS {name} ON {table}
-- ;
CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_guard()""",
    )


def append_only(table: str) -> None:
    """Rows of ``table`` can be added, never changed nor removed."""
    for verb in ("UPDATE", "DELETE"):
        trigger(f"{table}_no_{verb.lower()}", table, verb, "true", f"{table} is append-only")


def wrong_settings(connection: Connection) -> list[str]:
    """What a live connection says that is not as it must be; empty when all is well."""
    if connection.dialect.name == "sqlite":
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in SQLITE_PRAGMAS}
        return [f"{name}={found[name]} ({value} attendu)" for name, value in SQLITE_PRAGMAS.items() if found[name] != value]
    wanted = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    shown = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in wanted}
    return [f"{name}={shown[name]} ({value} attendu)" for name, value in wanted.items() if shown[name] != value]
