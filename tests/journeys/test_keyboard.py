"""From the home page to a written idea with Tab, Space, arrows and Enter only, the focus always in sight."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from citizen.db import db
from citizen.projects.models import Project
from tests import factories

pytestmark = pytest.mark.browser
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const label = one.labels?.[0]?.innerText || one.innerText || one.getAttribute('aria-label') || '';
  const outlined = look.outlineStyle !== 'none' || one.closest('label, .link-card') !== null;
  return [label.trim(), outlined && box.bottom > 0 && box.top < innerHeight];
}"""


def tab_to(page: Page, words: str) -> None:
    """Presses Tab until what has the focus begins with ``words``; each stop must be visible."""
    for _ in range(80):
        page.keyboard.press("Tab")
        label, is_in_sight = page.evaluate(FOCUS)
        assert is_in_sight or not label, f"« {label} » a le focus sans qu’on le voie"
        if label.startswith(words):
            return
    raise AssertionError(f"« {words} » n’est pas atteint au clavier sur {page.url}")


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
