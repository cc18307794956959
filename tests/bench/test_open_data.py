"""The open data of a region of full size: every file written by a process that stays small, and says how far it is."""

import subprocess
import sys

import pytest
from flask import Flask

from tests.bench.region import region_size

pytestmark = [pytest.mark.bench, pytest.mark.long]
GROWTH_MB, SECONDS = 150, 90  # of this process alone, whatever else the machine does
ALONE = """
import resource, sys, time
from pathlib import Path
from citizen import config
from citizen.app import create_app
app = create_app(config.read({}, data=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="x"))
with app.app_context():
    from citizen.region import exporting
    from citizen.region.queries import published_version
    published_version()
    most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    before, started, seen = most(), time.process_time(), []
    rows = sum(kept.rows for kept in exporting.publish(lambda name, rows: seen.append(name)))
    print(rows, len(seen), most() - before, time.process_time() - started)
"""


def test_everything_is_written_in_bounded_memory_with_progress(app: Flask) -> None:
    region_size()
    settings = app.config["SETTINGS"]
    asked = [sys.executable, "-c", ALONE, str(settings.data), settings.database_url]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    rows, told, grown, seconds = int(said[0]), int(said[1]), int(said[2]), float(said[3])
    print(f"\n{rows} lignes, {told} nouvelles, {grown} Mo de plus, {seconds:.1f} s de calcul")
    assert rows > 200_000
    assert told > rows // 1_000
    assert grown < GROWTH_MB
    assert seconds < SECONDS
