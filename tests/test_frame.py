"""The frame: transactions, guards, marks, clock."""

import pytest
from flask import Flask
from sqlalchemy import text, update

from citizen import clock
from citizen.db import WriteOutsideTransaction, db, transaction, wrong_settings
from citizen.journal import services as journal
from citizen.journal.models import Event
from citizen.kernel.access import NOBODY
from citizen.web.access import UnmarkedPage, refuse_unmarked


def test_a_live_connection_is_durable(app: Flask) -> None:
    assert wrong_settings(db.session.connection()) == []


def test_writing_outside_the_door_is_refused(app: Flask) -> None:
    db.session.add(Event(subject="x:1", action="made", at=clock.now()))
    with pytest.raises(WriteOutsideTransaction):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(WriteOutsideTransaction):
        db.session.execute(update(Event).values(reason="x"))


def test_an_inner_transaction_joins_the_outer(app: Flask) -> None:
    def write_then_fail() -> None:
        with transaction():
            with transaction():
                journal.record(NOBODY, "x:1", "made")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_then_fail()
    assert db.session.query(Event).count() == 0


@pytest.mark.parametrize("statement", ["UPDATE event SET reason='x'", "DELETE FROM event"])
def test_the_journal_only_grows(app: Flask, statement: str) -> None:
    with transaction():
        journal.record(NOBODY, "x:1", "made")
    with pytest.raises(Exception, match="append-only"), transaction():
        db.session.execute(text(statement))
    assert db.session.query(Event).count() == 1


def test_an_unmarked_page_stops_the_start(app: Flask) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/oubliee", view_func=lambda: "x", endpoint="oubliee")
    with pytest.raises(UnmarkedPage, match="/oubliee"):
        refuse_unmarked(bare)
