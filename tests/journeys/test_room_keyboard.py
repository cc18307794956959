"""A whole session with Tab, Space, Enter and arrows only, on screens of a phone's width where no script runs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from citizen.db import db
from citizen.pic.models import PicProject
from tests import factories, rooms
from tests.journeys.committee import Town, count, put_to_vote, say
from tests.journeys.keyboard import KeyboardSite, keyboard_site
from tests.journeys.site import Clock, sees

pytestmark = pytest.mark.browser
FIRST, SECOND = "La fête des voisins du square", "Le jardin partagé"


@pytest.fixture
def town(app: Flask, time: Clock, address: str, chromium: Browser) -> Iterator[Town]:
    """A town whose people all come with a keyboard."""
    windows: list[KeyboardSite] = []

    def window() -> KeyboardSite:
        windows.append(keyboard_site(chromium, address))
        return windows[-1]

    yield Town(app, time, window)
    for one in windows:
        one.page.context.close()


def test_a_session_is_held_with_the_keyboard_alone(town: Town) -> None:
    town.founded(("La présidence", "Une voisine", "Madame Delattre"))
    number = town.inscribed()
    town.inscribed("rachid@exemple.fr", "Rachid", title=SECOND)
    with town.time.running():
        rooms.seat(town.fund, factories.actor(factories.person("luc@exemple.fr", "Luc")))

    manager = town.conduct("La présidence", "Luc")
    manager.fill("Qui est absent ?", "Une voisine")
    manager.fill("À qui donne-t-il sa voix ?", "La présidence")
    manager.press("Noter la procuration")
    sees(manager, "quorum atteint", "Une voisine a donné sa voix à La présidence")

    manager.follow(FIRST)
    manager.press("Présente")
    say(manager, because="Dit et entendu.")
    put_to_vote(manager, "Accorder", amount="500")
    sees(manager, "Le vote est ouvert")
    member = town.browser("luc@exemple.fr")
    member.open(town.room)
    member.follow(f"Voter : {FIRST}")
    member.press("Contre")
    sees(member, "Votre vote : contre")
    manager.follow("Actualiser")
    count(manager)
    sees(manager, "1 contre")
    manager.press("Inscrire la décision")
    sees(manager, "Le comité accorde 500 €", "Ce point est décidé")

    manager.open(town.room)
    manager.follow(SECOND)
    manager.fill("Qui ?", "Luc")
    manager.press("Noter ce lien")
    sees(manager, "Luc")
    manager.press("Absente")
    say(manager, "Un besoin du quartier", because="Nous ne l’avons pas vu.")
    put_to_vote(manager, "Ajourner", asked="Venez le présenter.")
    count(manager)
    manager.press("Inscrire la décision")
    sees(manager, "Venez le présenter.")
    manager.open(town.room)
    manager.press("Mettre en pause")
    manager.press("Reprendre la séance")
    manager.follow("Clore la séance et lire le procès-verbal")
    manager.press("Clore la séance")
    manager.follow("Le procès-verbal")
    manager.press("Signer le procès-verbal")
    sees(manager, "signé et publié")
    db.session.rollback()
    assert db.session.get_one(PicProject, number).granted_cents == 500_00
