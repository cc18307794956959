"""From the home page to a written idea with Tab, Space, arrows and Enter only, the focus always in sight."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from citizen.db import db
from citizen.projects.models import Project
from tests import factories
from tests.journeys.keyboard import tab_to

pytestmark = pytest.mark.browser


def test_an_idea_is_written_with_the_keyboard_alone(app: Flask, address: str, chromium: Browser) -> None:
    who = factories.person("awa@exemple.fr", "Awa")
    db.session.rollback()
    page = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address + "/connexion")
    tab_to(page, "Adresse")
    page.keyboard.type(who.email)
    tab_to(page, "Mot de passe")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-espace")
    tab_to(page, "Proposer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposer")
    for answer in ("Un moment ensemble", "Des habitantes", "Bientôt", "Des dépenses"):
        tab_to(page, answer)
        page.keyboard.press("Space")
    tab_to(page, "Voir l’aide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposer?*")
    tab_to(page, "Écrire mon idée")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposer/idee?*")
    tab_to(page, "Votre idée")
    page.keyboard.type("La fête du square")
    tab_to(page, "Racontez-la")
    page.keyboard.type("Un goûter pour tous.")
    tab_to(page, "Enregistrer mon idée")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orientation*")
    db.session.rollback()  # read anew
    assert db.session.query(Project).one().title == "La fête du square"
    page.context.close()
