"""Runs the migrations on SQLite and PostgreSQL alike, then puts the guards back."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

from citizen.db import UtcDateTime, db, install_guards


def include_object(_thing: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:
    """Full-text tables and the indexes of guards are made by guards, not by migrations."""
    return not (reflected and kind in ("table", "index") and (name or "").startswith(("search_", "guard_")))


def render_item(kind: str, thing: object, _autogenerate: object) -> str | bool:
    """Revisions know nothing of our own types: they must still run when those have changed."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


def _drop_triggers(connection: Connection) -> None:
    """SQLite changes a table by making another: no trigger may speak of it meanwhile. The guards come back afterwards."""
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


with db.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # a table built again must not take away the rows that point at it
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=include_object,
        render_item=render_item,
        **options,
    )
    with context.begin_transaction():
        if is_sqlite:
            _drop_triggers(connection)
        context.run_migrations()
        if context.get_context().get_current_revision() == context.get_head_revision():  # guards speak of the newest tables
            install_guards(connection)
        if is_sqlite and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows that point at nothing: {astray[:5]}")
    connection.commit()
    connection.invalidate()  # the next one has its settings
