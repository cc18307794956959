"""Awa has an idea for the square: from sign-up to the closed file."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from citizen.db import db
from citizen.kernel.access import Role
from tests import factories, rooms
from tests.factories import PASSWORD
from tests.journeys.committee import count, put_to_vote, say, see_afterwards
from tests.journeys.site import Clock, Site, sees, sign_in
from tests.journeys.telling import accept_report, give_news, lodge, propose, report, sign_up, take_up, write_budget

OWN_PASSWORD = "la braderie de septembre"


@pytest.fixture
def quote(tmp_path: Path) -> Path:
    path = tmp_path / "devis.pdf"
    path.write_bytes(factories.QUOTE)
    return path


def test_from_an_idea_to_a_closed_file(app: Flask, site: Site, time: Clock, quote: Path) -> None:
    with time.running():
        call = factories.pic_call()
        fund = call.fund
        factories.person("gestion@exemple.fr", "Gaëlle", duties=[(Role.FUND_MANAGER, fund.on)])
        rachid = factories.person("comite@exemple.fr", "Rachid")
        rooms.seat(fund, factories.actor(rachid), office="president")
        rooms.seat(fund, name="Madame Delattre", college="Associations")
        held = factories.pic_session(fund, days=25).held_at
        commune, quarter = fund.perimeters[0].communes[0].name, fund.perimeters[0].name
        fund_id = fund.id
        db.session.rollback()

    sign_up(site, "Awa", "awa@exemple.fr", OWN_PASSWORD)
    propose(
        site, "Un moment ensemble", "Des habitantes et des habitants", "Bientôt", "Des dépenses du moment",
        because="Un groupe d’habitants peut porter un PIC", title="La fête du square",
        story="Un goûter, des jeux et de la musique pour tous les voisins.", quarter=quarter, call="Année 2027",
    )  # fmt: skip
    write_the_file(site, quote, held + timedelta(days=20))
    number = lodge(site)

    sign_in(site, "gestion@exemple.fr", PASSWORD)
    take_up(site, "La fête du square", "Déclarer recevable")
    site.press("Déclarer recevable")
    sees(site, "Recevable")
    site.open(f"/projets/{number}")
    site.follow("Inscrire à une séance")
    site.choose("", group="À quelle séance ?")
    site.press("Inscrire le projet")

    time.moment = held
    sign_in(site, "gestion@exemple.fr", PASSWORD)
    sit(site, fund_id)
    sign_in(site, "comite@exemple.fr", PASSWORD)
    site.open(f"/projets/{number}")
    site.follow("Décider en séance")
    sees(site, "Accorder 450")
    site.press("Pour")
    sees(site, "1 vote reçu sur 2", "Votre vote : pour")
    sign_in(site, "gestion@exemple.fr", PASSWORD)
    settle(site, number)
    sign_off(site, fund_id)

    time.moment = held + timedelta(days=22)
    sign_in(site, "awa@exemple.fr", OWN_PASSWORD)
    take_up(site, "La fête du square", "Écrire le bilan")
    sees(site, "Accordé", "450")
    give_news(site, "Le soleil était là !")
    report(
        site,
        "Une belle après-midi, des jeux et un goûter partagé.",
        people="120",
        costs={"Location de jeux": "438,20"},
        seen=see_afterwards,
    )
    sign_in(site, "gestion@exemple.fr", PASSWORD)
    take_up(site, "La fête du square", "Lire le bilan et l’accepter")
    sees(site, "La fête du square")
    accept_report(site)
    sees(site, "120", "438,20", commune)
    db.session.rollback()
    assert db.session.scalar(db.text("SELECT committed_cents FROM funding_call")) == 438_20, "the rest is free again"


def write_the_file(site: Site, quote: Path, day: datetime) -> None:
    site.fill(
        "Racontez le projet",
        "Les habitants de la résidence installent des jeux, une petite scène et un grand goûter sur le square.",
    )
    site.choose("Vie de quartier", group="Thèmes")
    site.fill("Premier jour", day.date().isoformat())
    site.fill("Dernier jour", day.date().isoformat())
    site.press("Enregistrer et continuer")
    site.fill("Le lieu, en mots", "Le square")
    site.press("Enregistrer et continuer")
    for home, (name, presents) in enumerate((("Awa", True), ("Luc", False), ("Nour", False)), start=1):
        site.fill("Prénom et nom", name)
        site.fill("Foyer numéro", str(home))
        site.fill("Présentera le projet", presents)
        site.press("Ajouter")
    site.follow("Continuer")
    write_budget(site, ("location", "Location de jeux", "450"), ("aide demandée ici", "Aide du fonds", "450,00"))
    site.follow("Continuer")
    answer_the_conditions(site)
    site.follow("Les documents")
    site.fill("Qu’est-ce que c’est", "Devis")
    site.attach("Fichier", quote)
    site.press("Ajouter")
    sees(site, "devis.pdf")


def answer_the_conditions(site: Site) -> None:
    site.fill("Qui fait quoi", "Awa demande les devis, Luc tient le budget, Nour fait les affiches.")
    site.fill("Qu’est-ce que le groupe veut apprendre", "Monter un budget et parler devant un comité.")
    site.choose("Oui", group="Est-ce votre premier projet")
    site.choose("Oui", group="Est-ce que tout le monde peut venir")
    site.fill("Combien paie une personne", "0")
    site.fill("Comment les gens", "Des affiches dans les halls et au marché, en trois langues.")
    site.fill("Comment accueillez-vous", "Le square est de plain-pied et nous prévoyons des sièges.")
    site.choose("Non", group="Est-ce que quelqu’un de l’équipe sera payé")
    site.fill("Comment avez-vous vu", "En faisant du porte-à-porte dans toute la résidence.")
    site.fill("Qu’est-ce qui le montre", "Quarante voisins sur cinquante nous l’ont demandé.")
    site.fill("Pourquoi ne peut-on pas attendre", "Les familles partent en juillet, la fête se tient avant.")
    site.press("Enregistrer et continuer")


def sign_off(site: Site, fund_id: int) -> None:
    """The session is closed; the manager signs as secretary, the president from their own space: then it is told and published."""
    site.open(f"/comites/{fund_id}")
    site.follow("4 avril 2027 à 18:00")
    site.press("Clore la séance")
    site.follow("Le procès-verbal")
    sees(site, "2 pour, 0 contre, 0 abstention", "Rachid", "Personne n’a encore signé")
    site.press("Signer le procès-verbal")
    sees(site, "Il manque celle de l’autre signataire")
    sign_in(site, "comite@exemple.fr", PASSWORD)
    site.open("/mon-espace")
    site.follow("Relire et signer le procès-verbal du 4 avril 2027")
    site.press("Signer le procès-verbal")
    sees(site, "signé et publié")
    site.follow("L’extrait public")
    sees(site, "La fête du square", "Accordé, 450")


def sit(site: Site, fund_id: int) -> None:
    """The manager opens the session, notes who is there, what is said of the project, and puts a grant to the vote."""
    site.open(f"/comites/{fund_id}")
    site.follow("4 avril 2027 à 18:00")
    site.follow("Entrer en séance")
    sees(site, "pas encore ouverte", "pas de quorum")
    site.press("Ouvrir la séance")
    site.choose("Rachid", group="Membres")
    site.choose("Madame Delattre", group="Membres")
    site.press("Noter présents")
    sees(site, "séance ouverte", "quorum atteint")
    site.follow("La fête du square")
    site.press("Présente")
    say(site)
    put_to_vote(site, "Accorder", amount="450")
    sees(site, "Le vote est ouvert")


def settle(site: Site, number: int) -> None:
    """The other hand is noted, the vote counted, the decision written; nobody outside is told."""
    site.open(f"/projets/{number}")
    site.follow("Décider en séance")
    count(site)
    sees(site, "2 pour, 0 contre, 0 abstention", "Bonne nouvelle : votre projet reçoit")
    site.press("Inscrire la décision")
    sees(site, "Réservé dans l’enveloppe")
    site.open(f"/projets/{number}")
    sees(site, "Recevable")
