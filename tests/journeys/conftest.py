"""The same stories over plain requests, in a browser, and in a browser without script."""

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.conftest import NOON
from tests.house.test_axe import SMALL, faults_on
from tests.journeys.committee import Town
from tests.journeys.keyboard import KeyboardSite, Look, keyboard_site
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


@pytest.fixture
def phone(app: Flask, address: str, chromium: Browser) -> Iterator[KeyboardSite]:
    """320 pixels, no script, driven by the keyboard alone."""
    site = keyboard_site(chromium, address)
    site.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    yield site
    site.page.context.close()


@pytest.fixture
def look(chromium: Browser) -> Iterator[Look]:
    """Opens the page of another window in one with script: nothing that axe finds, nothing wider than the phone."""
    wrong: list[str] = []

    def looked(site: KeyboardSite, name: str) -> None:
        context = chromium.new_context(storage_state=site.page.context.storage_state(), locale="fr-FR", reduced_motion="reduce")
        page, shown = context.new_page(), site.page.content()
        page.route(site.page.url, lambda route: route.fulfill(body=shown, content_type="text/html"))
        page.goto(site.page.url)
        wrong.extend(f"{name}: {fault}" for fault in faults_on(page))
        if folder := os.environ.get("CITIZEN_TEST_PICTURES"):
            for width, light in ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
                page.screenshot(path=f"{folder}/{name}-{width}-{light}.png", full_page=True)
        context.close()

    yield looked
    assert not wrong, "\n".join(wrong)
