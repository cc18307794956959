"""The committee's room in each of its states: nothing that axe finds, nothing wider than a small phone."""

import os

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from citizen.committees import presence, sitting, voting
from citizen.committees import review as room
from citizen.committees.models import AgendaItem
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.people.models import Person
from citizen.pic import sitting as conditions
from tests import factories, rooms
from tests.committees.test_sitting import before, proposed
from tests.house.test_axe import faults_on
from tests.journeys.site import Clock

pytestmark = pytest.mark.browser


def window(app: Flask, chromium: Browser, address: str, time: Clock, who: Actor) -> BrowserContext:
    client = app.test_client()
    with app.app_context(), time.running():  # a session opened weeks before would be over
        factories.login(client, db.session.get_one(Person, who.person_id))
    context = chromium.new_context(locale="fr-FR", reduced_motion="reduce")
    context.add_cookies([{"name": "citizen", "value": client.get_cookie("citizen").value, "url": address}])
    return context


def test_no_state_of_the_room_has_a_barrier(app: Flask, time: Clock, address: str, chromium: Browser) -> None:
    project, people, manager = before(4, ballot="secret")
    other = factories.pic_inscribed(project.call, rooms.item_of(project).session)
    item, session = rooms.item_of(project), rooms.item_of(project).session
    item_id, other_id, session_id, time.moment = item.id, rooms.item_of(other).id, session.id, session.held_at
    seat = presence.room_of(session).seat_of(people[3])
    assert seat is not None
    seat_id, salle, dossier = seat.id, f"/comites/seances/{session_id}/salle", f"/comites/passages/{item_id}"
    windows = {
        name: window(app, chromium, address, time, who).new_page()
        for name, who in (("membre", people[1]), ("conduite", manager), ("récusé", people[3]))
    }
    wrong: list[str] = []

    def look(state: str, *paths: str, who: tuple[str, ...] = ("membre", "conduite")) -> None:
        db.session.remove()
        for name in who:
            page: Page = windows[name]
            for path in paths:
                page.goto(address + path)
                assert page.url == address + path, f"{state}, {name}: {page.url}"
                wrong.extend(f"{state}, {name} {path}: {fault}" for fault in faults_on(page))
                if folder := os.environ.get("CITIZEN_TEST_PICTURES"):
                    for width in (360, 1280):
                        page.set_viewport_size({"width": width, "height": 900})
                        page.screenshot(path=f"{folder}/{state}-{name}-{path.split('/')[-1]}-{width}.png", full_page=True)

    look("avant", salle, f"/comites/seances/{session_id}", f"/comites/seances/{session_id}/lecture")
    with time.running():
        question = proposed(project)
    look("vote ouvert", salle, dossier)
    with time.running():
        for who, choice in zip(people, ("for", "against", "for", "against"), strict=True):
            voting.cast(who, question, choice)
        room.count(manager, question)
    look("égalité", dossier)
    with time.running():
        room.untie(people[0], question, "for")
    look("à inscrire", dossier, who=("conduite",))
    with time.running():
        room.settle(manager, item_id)
        sitting.recuse(people[3], other_id, seat_id, "household")
        sitting.pause(manager, session_id)
    look("décidé, en pause", salle, dossier)
    look("récusé", salle, f"/comites/passages/{other_id}", f"/comites/seances/{session_id}/lecture", who=("récusé",))
    with time.running():
        sitting.open_session(manager, session_id)
        sitting.hear(manager, other_id, "present")
        conditions.note(manager, other_id, rooms.judged())
        papers = room.propose(manager, other_id, "grant", amount_cents=500_00).id
        for who in people[:3]:
            voting.cast(who, papers, "for")
        room.count(manager, papers)
        room.settle(manager, other_id)
        rooms.closed(db.session.get_one(AgendaItem, item_id).session)
    look("close", salle, dossier, f"/comites/seances/{session_id}/proces-verbal")
    look("membres", f"/comites/{project.call.fund_id}/membres", f"/comites/sieges/{seat_id}", who=("conduite",))
    for page in windows.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)
