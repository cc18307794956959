"""The region at its full size: what its filling holds, then how long its dashboard, its lists and its search take at the server."""

import time

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import text

from citizen.db import db
from tests.bench.region import region_size
from tests.bench.region_ground import QUARTERS, WATCHED, YEARS, commune_of
from tests.counting import counted

pytestmark = pytest.mark.bench

DASHBOARDS = [
    "/tableau-de-bord",
    "/tableau-de-bord?territoire=departement:59",
    f"/tableau-de-bord?territoire=commune:{commune_of(1)}",
]
LISTS = [
    "/initiatives", "/initiatives?q=compost", "/initiatives?departement=59&dispositif=pic", "/projets", "/projets?q=compost+jardin",
    f"/projets?commune={commune_of(1)}", "/projets?dispositif=ftu&etat=closed",
]  # fmt: skip


def one(sql: str) -> int:
    return db.session.execute(text(sql)).scalar_one()


def taken(app: Flask, pages: list[str], rounds: int = 7) -> dict[str, float]:
    """The best time of each page in milliseconds, of this thread alone where the database works in it; nothing is kept between."""
    clock = time.thread_time if db.engine.dialect.name == "sqlite" else time.perf_counter
    client, found = FlaskClient(app, Response), {}
    for page in pages:
        times = []
        for _round in range(rounds):
            app.extensions["shared_pages"].kept.clear()
            started = clock()
            assert client.get(page).status_code == 200
            times.append(clock() - started)
        found[page] = min(times) * 1000
        print(f"\n{page} : {found[page]:.0f} ms", end="")
    return found


def test_a_twentieth_of_the_region_holds_together(app: Flask) -> None:
    region_size(0.05)
    assert one("SELECT count(*) FROM perimeter") == QUARTERS + WATCHED
    assert one("SELECT count(*) FROM project") == YEARS * (171 + 240 + 6)
    assert one("SELECT count(*) FROM ballot_choice") == 3 * 35_000
    if db.engine.dialect.name == "sqlite":
        assert one("SELECT count(*) FROM search_project WHERE search_text MATCH 'compost'") > 0
        assert not db.session.execute(text("PRAGMA foreign_key_check")).all()


def test_a_fifth_of_the_region_takes_less_than_half_of_the_time_allowed(app: Flask) -> None:
    region_size(0.2)
    assert max(taken(app, DASHBOARDS).values()) < 100
    assert max(taken(app, LISTS).values()) < 30


@pytest.mark.long
def test_the_whole_region_s_dashboard_takes_200_ms_and_its_lists_30(app: Flask) -> None:
    started = time.perf_counter()
    region_size()
    print(f"\nremplie en {time.perf_counter() - started:.1f} s")
    assert one("SELECT count(*) FROM project") == YEARS * 3_800
    with counted() as statements:
        taken(app, DASHBOARDS[:1], 1)
    assert len(statements) < 40
    assert max(taken(app, DASHBOARDS).values()) < 200
    assert max(taken(app, LISTS).values()) < 30
