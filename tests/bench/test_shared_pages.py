"""A page kept for everybody against the same page made again."""

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.bench.filling import fill
from tests.bench.test_list import seconds

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("address", ["/projets", "/initiatives", "/tableau-de-bord", "/api/v1/communes"])
def test_a_kept_page_is_served_five_times_as_fast(app: Flask, address: str) -> None:
    fill(10_000)
    shared, client = app.extensions["shared_pages"], FlaskClient(app, Response)  # one that only fetches

    def fetch() -> None:
        assert client.get(address, headers={"Accept-Encoding": "gzip, br"}).status_code == 200

    def make() -> None:
        shared.kept.clear()
        fetch()

    shared.seconds = 3_600
    try:
        seconds_made, seconds_kept = [], []
        for _ in range(60):
            seconds_made.append(seconds(make, 1))
            seconds_kept.append(seconds(fetch, 5))
    finally:
        shared.seconds = 0
        shared.kept.clear()
    kept, made = min(seconds_kept), min(seconds_made)
    print(f"\n{address} : gardée {1 / kept:.0f}/s, refaite {1 / made:.0f}/s, rapport {made / kept:.1f}")
    assert made / kept >= 5
