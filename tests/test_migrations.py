"""Migrations and models say the same, guards are in force, and going back leaves nothing behind."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import inspect, text

from citizen.db import db
from citizen.web import upgrades


def ours(_thing: object, name: str, kind: str, reflected: bool, _other: object) -> bool:
    """Full-text tables belong to guards."""
    return not (reflected and kind in ("table", "index") and name.startswith("search_"))


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        return compare_metadata(context, db.metadata)


def triggers() -> set[str]:
    where = "sqlite_master WHERE type = 'trigger'" if db.engine.dialect.name == "sqlite" else "information_schema.triggers"
    column = "name" if db.engine.dialect.name == "sqlite" else "trigger_name"
    with db.engine.connect() as connection:
        return set(connection.scalars(text(f"SELECT {column} FROM {where}")))


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    assert differences() == []


def test_every_guard_is_in_force_after_the_migrations(app: Flask) -> None:
    wanted = {
        "event_no_update",
        "event_no_delete",
        "ruleset_no_update",
        "ledger_entry_no_delete",
        "ledger_entry_counts",
        "decision_no_update",
    }
    assert wanted <= triggers()


def test_one_can_go_back_to_nothing_and_come_again(app: Flask) -> None:
    downgrade(revision="base")
    left = {name for name in inspect(db.engine).get_table_names() if not name.startswith("search_")}
    assert left == {"alembic_version"}
    upgrades.bring_up_to_date()
    assert differences() == []
    assert "event_no_delete" in triggers()
