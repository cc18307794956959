"""A person's own data: all of it handed over, or erased while what was done together stays.

Any table that points to a person is found by itself; one that does so through another names it, ``info={"person": "voter"}``.
A column that copies words about the person, such as a name on a team list, says so with ``mapped_column(info={"erased": value})``:
it takes that value. A column that holds the address of somebody who has not answered yet, and whom no key names, says
``"address"``: « erased » does the same to its row, « gone » takes the row away.
"""

import enum
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, delete, or_, select, update

from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.mail.models import Letter
from citizen.people import attempts, passwords, rules, services
from citizen.people.models import Duty, Link, Membership, Person, SignIn

SECRETS = frozenset({"password_hash", "token_hash", "iban"})  # a bank number is shown masked, where it was given
GONE = (SignIn, Link, Duty, Membership)
ACTS = ("sign_in", "sign_up", "verify", "reset")


def tables_of_people() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table that points to a person, with the columns that do."""
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if any(key.target_fullname == "person.id" for key in column.foreign_keys)]
        if columns:
            yield table, columns


def export(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """All that is kept about the actor, by table; secrets (hashes) excepted."""
    person = db.session.get_one(Person, actor.person_id)
    found = {
        "person": _rows(Person.__table__, Person.id == person.id),
        "outbox_letter": _rows(Letter.__table__, Letter.to == person.email),
    }
    for table, columns in tables_of_people():
        found[table.name] = _rows(table, or_(*(column == person.id for column in columns)))
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if through := column.info.get("person"):
                theirs = db.metadata.tables[through].c
                found[table.name] = _rows(table, column.in_(select(theirs.id).where(theirs.person_id == person.id)))
    return {name: rows for name, rows in found.items() if rows}


def _rows(table: Any, condition: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if column.name not in SECRETS]
    rows = db.session.execute(select(*columns).where(condition).order_by(*table.primary_key.columns))
    return [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]


def _plain(value: Any) -> Any:
    """What JSON can say."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date):  # and moments, which are dates too
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def erase(actor: Actor, password: str) -> None:
    """Forgets who the actor is: name, address, sessions, duties and memberships go; what they did stays, by « habitant·e »."""
    services.confirm(actor, password)
    with transaction():
        person = db.session.get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
        _erase_copies(person.id)
        _erase_addresses(person.email)
        _erase_letters(person.email)
        for act in ACTS:
            attempts.forget(act, person.email)
        for model in GONE:
            db.session.execute(delete(model).where(model.person_id == person.id))
        person.email, person.name = f"efface-{person.id}@citizen.invalid", rules.ANONYMOUS
        person.password_hash, person.is_suspended = passwords.NONE, True
        person.verified_at = person.demo_role = None
        journal.record(actor, f"person:{person.id}", "erased")


def _erase_copies(person_id: int) -> None:
    for table, keys in tables_of_people():
        if copies := _copies(table):
            db.session.execute(update(table).where(or_(*(key == person_id for key in keys))).values(copies))


def _copies(table: Table) -> dict[str, Any]:
    return {column.name: column.info["erased"] for column in table.columns if "erased" in column.info}


def _erase_addresses(email: str) -> None:
    """Invitations that wait for an answer know the person by their address alone."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("address") == "gone":
                db.session.execute(delete(table).where(column == email))
            elif column.info.get("address") == "erased":
                db.session.execute(update(table).where(column == email).values(_copies(table)))


def _erase_letters(email: str) -> None:
    """Letters that wait never leave; those that left lose their address."""
    db.session.execute(delete(Letter).where(Letter.to == email, Letter.sent_at.is_(None)))
    db.session.execute(update(Letter).where(Letter.to == email).values(to=""))
