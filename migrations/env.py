"""Runs the migrations on SQLite and PostgreSQL alike, then puts the guards back."""

from alembic import context
from flask import current_app

from citizen.db import db, install_guards


def include_object(thing: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:
    """Full-text tables and the indexes of guards are made by guards, not by migrations."""
    return not (reflected and kind in ("table", "index") and (name or "").startswith(("search_", "guard_")))


def process_revision_directives(_context: object, _revision: object, directives: list) -> None:
    """An empty difference writes no file."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives.clear()


with db.engine.connect() as connection:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=include_object,
        process_revision_directives=process_revision_directives,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
        install_guards(connection)
    connection.commit()
