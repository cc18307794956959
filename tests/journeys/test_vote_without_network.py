"""A member votes on a phone whose network goes away: the vote is kept once, and the page says it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from citizen.committees.questions import Vote
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.people.models import Person
from tests import factories, rooms
from tests.committees.test_sitting import before, proposed
from tests.journeys.keyboard import tab_to
from tests.journeys.site import Clock

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def voting(app: Flask, time: Clock) -> tuple[str, Actor]:
    """A vote is open: the page of its file, and a member of the committee."""
    project, people, _manager = before()
    with factories.in_session(project):
        proposed(project)
    time.moment = rooms.item_of(project).session.held_at
    path = f"/comites/passages/{rooms.item_of(project).id}"
    db.session.remove()
    return path, people[1]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(java_script_enabled=request.param, locale="fr-FR", viewport=PHONE)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def signed_in(context: BrowserContext, address: str, who: Actor) -> Page:
    page = context.new_page()
    page.goto(address + "/connexion")
    page.get_by_label("Adresse").fill(email_of(who))
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/mon-espace")
    return page


def email_of(who: Actor) -> str:
    email = db.session.get_one(Person, who.person_id).email
    db.session.remove()
    return email


def kept() -> list[str | None]:
    db.session.remove()
    found = list(db.session.scalars(select(Vote.choice)))
    db.session.remove()
    return found


@pytest.mark.parametrize("phone", [True], indirect=True)
def test_a_vote_pressed_without_network_leaves_by_itself_when_it_is_back(
    voting: tuple[str, Actor], address: str, phone: BrowserContext
) -> None:
    page = signed_in(phone, address, voting[1])
    page.goto(address + voting[0])
    phone.set_offline(True)
    page.get_by_role("button", name="Pour", exact=True).click()
    expect(page.get_by_text("votre vote partira tout seul")).to_be_visible()
    assert kept() == []
    phone.set_offline(False)
    expect(page.get_by_text("Votre vote est noté : pour.")).to_be_visible()
    assert kept() == ["for"]


def test_a_vote_whose_answer_was_lost_is_sent_again_and_counts_once(
    voting: tuple[str, Actor], address: str, phone: BrowserContext, request: pytest.FixtureRequest
) -> None:
    """It arrived, its answer did not: by itself with script, by the member's hand without, it is sent again."""
    page, lost, is_scripted = signed_in(phone, address, voting[1]), [], "no script" not in request.node.name

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")

    page.goto(address + voting[0])
    page.route("**/comites/votes/*", lose_first)
    page.get_by_role("button", name="Pour", exact=True).click(no_wait_after=True)
    if not is_scripted:
        page.wait_for_timeout(1000)
        assert kept() == ["for"]
        page.goto(address + voting[0])
        page.get_by_role("button", name="Pour", exact=True).click()
    expect(page.get_by_text("Votre vote était bien arrivé : pour.")).to_be_visible()
    assert (lost, kept()) == ([303], ["for"])


@pytest.mark.parametrize("phone", [True], indirect=True)
def test_a_vote_is_cast_with_the_keyboard_alone(voting: tuple[str, Actor], address: str, phone: BrowserContext) -> None:
    page = signed_in(phone, address, voting[1])
    page.goto(address + voting[0])
    tab_to(page, "Contre")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre vote est noté : contre.")).to_be_visible()
    assert kept() == ["against"]
