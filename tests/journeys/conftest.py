"""The same stories over plain requests, in a browser, and in a browser without script."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.conftest import NOON
from tests.journeys.committee import Town
from tests.journeys.site import BrowserSite, Clock, HttpSite, Site


@pytest.fixture
def time() -> Clock:
    """Noon on 10 March 2027, until the story moves it."""
    return Clock(NOON)


@pytest.fixture
def address(app: Flask, time: Clock) -> Iterator[str]:
    """The application on a port of this machine, at the story's time."""

    def at_its_time(environ: Any, start_response: Any) -> Any:
        with time.running():
            return app(environ, start_response)

    server = make_server("127.0.0.1", 0, at_its_time, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


WAYS = [
    "http",
    pytest.param("browser", marks=pytest.mark.browser),
    pytest.param("browser without script", marks=pytest.mark.browser),
]


@pytest.fixture(params=WAYS)
def site(request: pytest.FixtureRequest, app: Flask, time: Clock) -> Iterator[Site]:
    """Each story is told three times."""
    if request.param == "http":
        yield HttpSite(app, time)
        return
    browser: Browser = request.getfixturevalue("chromium")
    address: str = request.getfixturevalue("address")
    context = browser.new_context(
        java_script_enabled=request.param == "browser", locale="fr-FR", viewport={"width": 360, "height": 780}
    )
    context.set_default_timeout(10_000)
    yield BrowserSite(context.new_page(), address)
    context.close()


@pytest.fixture
def town(app: Flask, time: Clock) -> Town:
    """A place where a committee sits, told over plain requests."""
    return Town(app, time)
