"""Five hundred households at once on forty places, through two servers: forty held, the rest waits in order."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe import booking, live
from citizen.nqe.models import NqeProject
from citizen.nqe.season_models import Booking, EventDay
from tests.servers import serving

pytestmark = pytest.mark.slow
PLACES, CROWD = 40, 500
SERVER = """
import sys
from pathlib import Path
from waitress import serve
from citizen import clock, config
from citizen.app import create_app
from citizen.cli import SLOW_CLIENTS
from tests.conftest import NOON

data, url, port = sys.argv[1:]
app = create_app(config.read({}, data=Path(data), database_url=url, secret_key="test", is_development=True), TESTING=True, WTF_CSRF_ENABLED=False)

def at_noon(environ, start):
    with clock.at(NOON):
        return app(environ, start)

serve(at_noon, host="127.0.0.1", port=int(port), **SLOW_CLIENTS)
"""


@pytest.fixture
def ports(app: Flask, database_url: str, tmp_path: Path) -> Iterator[list[int]]:
    """Two servers of the whole site."""
    with serving(SERVER, tmp_path, database_url) as found:
        yield found


def test_five_hundred_households_on_forty_places(app: Flask, ports: list[int], granted: NqeProject, bearer: Actor) -> None:
    event_id = granted.programme[0].id
    live.open_bookings(bearer, granted.id, event_id, takes_bookings=True, capacity=PLACES)
    db.session.remove()

    def press(rank: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", ports[rank % 2], timeout=300)
        body = f"name=Famille+{rank}&contact=famille{rank}@exemple.fr&people=1&once=k{rank}"
        connection.request("POST", f"/agenda/{event_id}/reserver", body, {"Content-Type": "application/x-www-form-urlencoded"})
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(press, range(CROWD)))
    assert set(answers) == {303}
    rows = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    assert [row.is_held for row in rows] == [True] * PLACES + [False] * (CROWD - PLACES)
    assert db.session.get_one(EventDay, event_id).booked == PLACES
    assert [booking.turn_of(row) for row in rows[PLACES:]] == list(range(1, CROWD - PLACES + 1))
    numbers = [row.id for row in rows]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda number: _cancel(app, number), numbers[:5]))
    db.session.rollback()
    held = db.session.scalars(select(Booking.id).where(Booking.is_held).order_by(Booking.id)).all()
    assert held == numbers[5 : PLACES + 5]
    assert db.session.scalar(select(func.count()).select_from(Booking)) == CROWD - 5


def _cancel(app: Flask, number: int) -> None:
    with app.app_context():
        booking.cancel(number)
        db.session.remove()
