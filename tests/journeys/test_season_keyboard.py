"""The agenda, a date, a booking given back: with Tab, Space, Enter and arrows only, where no script runs."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser

from citizen.nqe import live
from citizen.people.signing import actor_of
from tests.journeys.keyboard import keyboard_site
from tests.journeys.site import Clock, sees
from tests.journeys.test_season import GAME, PARTY, build

pytestmark = pytest.mark.browser


def test_a_family_finds_books_and_gives_back_with_the_keyboard_alone(
    app: Flask, time: Clock, address: str, chromium: Browser
) -> None:
    project = build(time)
    with time.running():
        bearer = actor_of(project.bearer_id)
        assert bearer is not None
        live.open_bookings(bearer, project.id, project.programme[0].id, takes_bookings=True, capacity=3)
    time.moment = datetime(2027, 6, 28, 9, tzinfo=UTC)
    site = keyboard_site(chromium, address)
    site.open("/agenda")
    sees(site, PARTY, GAME)
    site.fill("Genre", "Culture")
    site.press("Filtrer")
    sees(site, PARTY)
    assert GAME not in site.text()
    for view, words in (("Semaine", "Semaine du"), ("Mois", "juin 2027"), ("Carte", "lieu"), ("Liste", PARTY)):
        site.follow(view)
        sees(site, words)
    site.follow(PARTY)
    site.press("Ça m’intéresse")
    sees(site, "1 personne intéressée")
    site.open("/agenda")
    site.follow(PARTY)
    site.follow("Réserver")
    site.fill("Votre nom", "Awa")
    site.fill("Votre adresse", "awa@exemple.fr")
    site.press("Réserver")
    sees(site, "Ma réservation")
    site.press("Annuler ma réservation")
    sees(site, "la place est rendue")
    site.page.context.close()
