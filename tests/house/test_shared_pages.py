"""Pages kept for everybody, asked for by every role before and after the visitor: each is given its own."""

import re
from collections.abc import Iterator

import pytest

from citizen.api.caching import BLUEPRINTS, SHARED
from tests.house.samples import READERS, address, values_for
from tests.house.street import Street


def read(street: Street, role: str, path: str) -> str:
    """The page as this role sees it, without its token, which changes with time."""
    browser = street.app.test_client() if role == "visitor" else street.browsers[role]
    answer = browser.get(path, buffered=True)
    return f"{answer.status} {answer.headers.get('Location', '')} " + re.sub(r'value="[^"]{60,}"', "", answer.text)


@pytest.fixture
def kept(street: Street) -> Iterator[dict[tuple[str, ...], object]]:
    """The memory of the pages, long enough for the test."""
    shared = street.app.extensions["shared_pages"]
    shared.seconds = 3_600
    yield shared.kept
    shared.seconds = 0
    shared.kept.clear()


def paths(street: Street) -> list[str]:
    """Every page that is shared, once."""
    with street.app.app_context():
        rules = [rule for rule in street.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        rules = [rule for rule in rules if rule.endpoint in SHARED or rule.endpoint.split(".")[0] in BLUEPRINTS]
        found = [address(street, rule, values_for(street, rule)[0]) for rule in rules]
    return [street.app.test_client().get(path, buffered=True, follow_redirects=True).request.path for path in found]


@pytest.mark.slow
@pytest.mark.parametrize("is_visitor_first", [True, False])
def test_each_role_is_given_its_own_page_in_both_orders(
    street: Street, kept: dict[tuple[str, ...], object], is_visitor_first: bool
) -> None:
    wrong, somebody = [], [role for role in READERS if role != "visitor"]
    for path in paths(street):
        street.app.extensions["shared_pages"].seconds = 0
        alone = {role: read(street, role, path) for role in READERS}
        street.app.extensions["shared_pages"].seconds = 3_600
        order = ["visitor", *somebody, "visitor"] if is_visitor_first else [*somebody, "visitor", *somebody, "visitor"]
        wrong += [f"{role} {path}" for role in order if read(street, role, path) != alone[role]]
    assert wrong == []
    assert len(kept) > len(SHARED) / 2, "the visitor's pages were kept"
