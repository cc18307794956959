"""A vote with Tab, Space, Enter and arrows only, on a phone of 320 pixels where no script runs: at home, at the desk, on paper."""

import re

import pytest
from flask import Flask

from citizen.ballots import queries, recounting
from citizen.ballots.models import Poll
from citizen.ballots.paper_models import PaperBox
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.people.models import Person
from tests.ballots.papers import a_box, on_the_roll, read, signed
from tests.factories import PASSWORD, person
from tests.journeys.keyboard import KeyboardSite, Look
from tests.journeys.site import Clock, sees, sign_in
from tests.works import announced_poll, works_officer

pytestmark = pytest.mark.browser
RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}")
TICKET = re.compile(r"\b[2-9A-Z]{3}-[2-9A-Z]{3}\b")


@pytest.fixture
def poll(app: Flask, time: Clock) -> Poll:
    made = announced_poll(works_officer(), [12_000_00, 11_000_00, 9_000_00])
    time.moment = made.opens_at
    return made


def chosen(site: KeyboardSite, poll_id: int, *titles: str) -> str:
    """Chooses and confirms as the pages lead; gives the receipt."""
    site.open(f"/voter/{poll_id}")
    for title in site.page.locator("label.choice b").all_inner_texts():  # in the page's order, as Tab goes
        site.fill(title, title in titles)
    site.press("Continuer")
    sees(site, "Votre vote n’est pas encore compté", *titles)
    if "Je le déclare" in site.text():
        site.fill("Je le déclare", True)
    site.press("Confirmer mon vote")
    return RECEIPT.findall(site.text())[0]


def test_somebody_chooses_waits_confirms_and_changes(poll: Poll, phone: KeyboardSite, look: Look) -> None:
    email, number = person("awa@exemple.fr", "Awa").email, poll.id
    db.session.remove()
    sign_in(phone, email, PASSWORD)
    phone.open(f"/voter/{number}")
    phone.choose("Projet 2")
    phone.press("Garder et recompter")
    sees(phone, "1 choix sur 3")
    look(phone, "bulletin")
    phone.press("Continuer")
    phone.press("Confirmer mon vote")  # nothing is declared yet
    sees(phone, "Cochez cette case")
    phone.open(f"/voter/{number}/confirmer")
    look(phone, "confirmer")
    first = chosen(phone, number, "Projet 2")
    look(phone, "recu")
    second = chosen(phone, number, "Projet 1", "Projet 3")
    assert second != first
    db.session.remove()
    assert queries.turnout(number) == 1


def test_an_officer_gives_a_number_and_the_tablet_votes(poll: Poll, phone: KeyboardSite, look: Look) -> None:
    number, officer = poll.id, works_officer()
    on_the_roll(poll)
    email = db.session.get_one(Person, officer.person_id).email
    db.session.remove()
    sign_in(phone, email, PASSWORD)
    phone.open(f"/voter/{number}/bureau")
    phone.fill("Nom ou numéro", "zoe")
    phone.press("Chercher")
    look(phone, "chercher")
    phone.press("Donner un numéro")
    ticket = TICKET.findall(phone.text())[0]
    look(phone, "bureau")
    phone.open(f"/voter/{number}/tablette")
    look(phone, "tablette")
    phone.fill("Numéro donné par l’agent", ticket)
    phone.press("Ouvrir le bulletin")
    look(phone, "bulletin-tablette")
    chosen(phone, number, "Projet 3")
    sees(phone, "rendez la tablette")
    look(phone, "merci")
    phone.press("Rendre la tablette")
    db.session.remove()
    assert queries.turnout(number) == 1


def test_a_box_is_filled_read_and_settled(poll: Poll, time: Clock, phone: KeyboardSite, look: Look) -> None:
    number, officer, other = poll.id, works_officer(), works_officer()
    ballots = ["1 3", "2", "blanc", *["1"] * 9]
    with time.running():
        signed(poll, officer, len(ballots))
    time.moment = poll.closes_at
    with time.running():
        box_id = a_box(poll, officer, *ballots)
        read(officer, box_id, *ballots)
    email, third = (db.session.get_one(Person, one.person_id).email for one in (other, works_officer()))
    db.session.remove()
    sign_in(phone, email, PASSWORD)
    phone.open(f"/voter/{number}/papier")
    look(phone, "papier")
    phone.follow("Ouvrir l’urne 1")
    phone.fill("Parmi eux, bulletins nuls", "0")
    phone.press("Enregistrer la feuille")
    look(phone, "urne")
    phone.follow("Lire les bulletins")
    look(phone, "lecture")
    for typed in ("1 3", "3", *ballots[2:]):
        phone.fill("Ce qui est coché", typed)
        phone.press("Bulletin suivant")
    sees(phone, "Tout est lu")
    sign_in(phone, third, PASSWORD)
    phone.open(f"/voter/{number}/papier")
    phone.follow("Ouvrir l’urne 1")
    look(phone, "differences")
    phone.follow("Régler les différences")
    phone.fill("Ce qui est coché", "2")
    phone.press("Bulletin suivant")
    sees(phone, "Tout est lu")
    with time.running():
        db.session.remove()
        assert not recounting.preparation.pile_of(db.session.get_one(PaperBox, box_id)).unsettled
        ftu.count_poll(officer, number)
    phone.open(f"/resultats/{number}")
    look(phone, "resultat")
