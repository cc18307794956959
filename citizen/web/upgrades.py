"""Migrations: where they are, bringing a database up to date, and knowing whether it is."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection

from citizen.db import db

PACKAGE = Path(__file__).resolve().parent.parent


def data_dir(name: str) -> Path:
    """A folder that travels with the code: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def install(app: Flask) -> None:
    """Attaches the migrations to the application."""
    Migrate(app, db, directory=str(data_dir("migrations")), render_as_batch=True, compare_type=True)


def bring_up_to_date() -> None:
    """Runs every migration the database lacks, then puts its guards back."""
    upgrade()


def is_up_to_date(connection: Connection) -> bool:
    """Whether the database is at the newest migration."""
    newest = ScriptDirectory(str(data_dir("migrations"))).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(newest)
