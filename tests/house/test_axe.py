"""Every page in a real browser: nothing that axe finds, nothing wider than a small phone, nothing heavier than promised."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from citizen import clock
from tests.conftest import NOON
from tests.house.conftest import Restore
from tests.house.posting import every_sheet
from tests.house.samples import readable
from tests.house.street import Street

pytestmark = [pytest.mark.browser, pytest.mark.long]  # every page, for every role: some minutes
WIDE, PHONE, SMALL = {"width": 1280, "height": 900}, {"width": 360, "height": 780}, {"width": 320, "height": 640}
HEAVIEST, MOST_REQUESTS = 100_000, 12
ONLY_COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
ALL = {"resultTypes": ["violations"]}
AXE = Axe()


@pytest.fixture(scope="module")
def site(street: Street) -> Iterator[str]:
    """The street on a port of this machine, always at noon."""

    def at_noon(environ: Any, start_response: Any) -> Any:
        with clock.at(NOON):
            return street.app(environ, start_response)

    server = make_server("127.0.0.1", 0, at_noon, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def pages(street: Street, site: str, chromium: Browser) -> Iterator[dict[str, Page]]:
    """One window for each role, signed in."""
    contexts: dict[str, BrowserContext] = {}
    for role, client in street.browsers.items():
        contexts[role] = chromium.new_context(locale="fr-FR", reduced_motion="reduce", viewport=WIDE)
        cookie = client.get_cookie("citizen")
        if cookie:
            contexts[role].add_cookies([{"name": "citizen", "value": cookie.value, "url": site}])
    yield {role: context.new_page() for role, context in contexts.items()}
    for context in contexts.values():
        context.close()


def faults_on(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open: in both sizes, in the colours of the night, and at the smallest width."""
    for size, light, options in ((WIDE, "light", ALL), (PHONE, "light", ALL), (PHONE, "dark", ONLY_COLOURS)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=light)
        yield from (f"{size['width']} {light} {found}" for found in violations(page, options))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SMALL)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > SMALL["width"]:
        yield f"{width} px wide on a phone of {SMALL['width']} px: {page.evaluate(WIDEST)}"


WIDEST = """[...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map(one => one.outerHTML.slice(0, 120))"""


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


def test_no_page_has_a_barrier(street: Street, site: str, pages: dict[str, Page]) -> None:
    wrong, seen = [], 0
    for role, path in readable(street):
        if not is_page(street, role, path):
            continue
        seen += 1
        pages[role].goto(site + path)
        wrong += [f"{role} {path} {fault}" for fault in faults_on(pages[role])]
    assert not wrong, "\n".join(wrong)
    assert seen > 90


def test_no_refused_form_has_a_barrier(street: Street, site: str, pages: dict[str, Page], restore: Restore) -> None:
    """The page that a form sent empty comes back on, served again to the browser at an address of its own."""
    wrong, seen = [], 0
    sheets = [sheet for sheet in every_sheet(street).values() if sheet.fields]
    for number, sheet in enumerate(sheets):
        answer = sheet.post(street, data=dict.fromkeys(sheet.fields, ""))
        if answer.status_code == 422:
            seen += 1
            page, address = pages[sheet.role], f"{site}/refuse/{number}"
            page.route(address, lambda route, _request, body=answer.text: route.fulfill(body=body, content_type="text/html"))
            page.goto(address)
            wrong += [f"{sheet.role} {sheet.action} {fault}" for fault in faults_on(page)]
        else:
            restore()
    assert not wrong, "\n".join(wrong)
    assert seen > 25


def is_page(street: Street, role: str, path: str) -> bool:
    return street.browsers[role].get(path, buffered=True).mimetype == "text/html"


def test_a_first_visit_stays_light(street: Street, site: str, chromium: Browser) -> None:
    """At most 100 kB and 12 requests for each public page, with nothing kept from before."""
    context = chromium.new_context(locale="fr-FR", viewport=PHONE)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    heavy = []
    for role, path in readable(street):
        if role == "visitor" and is_page(street, role, path):
            sizes.clear()
            page.goto(site + path, wait_until="networkidle")
            if sum(sizes) > HEAVIEST or len(sizes) > MOST_REQUESTS:
                heavy.append(f"{path}: {sum(sizes)} bytes, {len(sizes)} requests")
    context.close()
    assert not heavy, "\n".join(heavy)
