"""The region at its full size: what its filling holds, then how long its pages take."""

import time

import pytest
from flask import Flask
from sqlalchemy import text

from citizen.db import db
from tests.bench.region import region_size
from tests.bench.region_ground import QUARTERS, WATCHED, YEARS

pytestmark = pytest.mark.bench


def one(sql: str) -> int:
    return db.session.execute(text(sql)).scalar_one()


def test_a_twentieth_of_the_region_holds_together(app: Flask) -> None:
    region_size(0.05)
    assert one("SELECT count(*) FROM perimeter") == QUARTERS + WATCHED
    assert one("SELECT count(*) FROM project") == YEARS * (171 + 240 + 6)
    assert one("SELECT count(*) FROM ballot_choice") == 3 * 35_000
    assert one(
        "SELECT count(*) FROM search_project WHERE search_text MATCH 'compost'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT 1"
    )
    if db.engine.dialect.name == "sqlite":
        assert not db.session.execute(text("PRAGMA foreign_key_check")).all()


@pytest.mark.long
def test_the_whole_region(app: Flask) -> None:
    started = time.perf_counter()
    region_size()
    print(f"\nremplie en {time.perf_counter() - started:.1f} s")
