"""Counting what a page asks of the database, so that no page asks more when there is more to show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from citizen.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside; those of the connection itself (BEGIN, PRAGMA) are left out."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def queries(app: Flask) -> Callable[[str], int]:
    """``queries(address)``: how many statements a visitor's GET of it sends, the page read to its end.

    The module that uses it imports it: ``from tests.counting import queries``.
    """

    def count(address: str) -> int:
        with counted() as statements:
            response = app.test_client().get(address)
            response.get_data()
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return len(statements)

    return count
