"""Awa has an idea for the square: from sign-up to the closed file."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from citizen.db import db
from citizen.kernel.access import Role
from citizen.mail.models import Letter
from tests import factories
from tests.factories import PASSWORD
from tests.journeys.site import Clock, Site, sees, sign_in


@pytest.fixture
def quote(tmp_path: Path) -> Path:
    path = tmp_path / "devis.pdf"
    path.write_bytes(factories.QUOTE)
    return path


def letter_to(email: str) -> str:
    """The link of the newest letter to this address."""
    db.session.rollback()
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first()
    assert body is not None
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found is not None
    return found[1]


def test_from_an_idea_to_a_closed_file(app: Flask, site: Site, time: Clock, quote: Path) -> None:
    with time.running():
        call = factories.pic_call()
        fund = call.fund
        factories.person("gestion@exemple.fr", "Gaëlle", duties=[(Role.FUND_MANAGER, fund.on)])
        factories.person("comite@exemple.fr", "Rachid", duties=[(Role.COMMITTEE_MEMBER, fund.on)])
        held = factories.pic_session(fund, days=25).held_at
        commune, quarter = fund.perimeters[0].communes[0].name, fund.perimeters[0].name
        fund_id = fund.id
        db.session.rollback()

    sign_up(site)
    propose(site, f"{quarter}")
    write_the_file(site, quote, held + timedelta(days=20))
    number = lodge(site)

    sign_in(site, "gestion@exemple.fr", PASSWORD)
    site.open("/mon-espace")
    sees(site, "La fête du square", "Déclarer recevable")
    site.open(f"/projets/{number}")
    site.press("Déclarer recevable")
    sees(site, "Recevable")
    site.open(f"/projets/{number}")
    site.follow("Inscrire à une séance")
    site.choose("", group="À quelle séance ?")
    site.press("Inscrire le projet")

    time.moment = held
    sign_in(site, "comite@exemple.fr", PASSWORD)
    site.open(f"/comites/{fund_id}")
    site.follow("4 avril 2027 à 18:00")
    sees(site, "La fête du square")
    site.press("Noter : équipe entendue")
    decide(site, number)

    time.moment = held + timedelta(days=22)
    site.open("/")
    sign_in(site, "awa@exemple.fr", "la braderie de septembre")
    finish(site, number)
    sign_in(site, "gestion@exemple.fr", PASSWORD)
    site.open(f"/projets/{number}")
    site.press("Accepter le bilan et clore")
    sees(site, "Terminé", "Le bilan", "120", commune)
    db.session.rollback()
    assert db.session.scalar(db.text("SELECT committed_cents FROM funding_call")) == 450_00


def sign_up(site: Site) -> None:
    site.open("/inscription")
    site.fill("Nom affiché", "Awa")
    site.fill("Adresse", "awa@exemple.fr")
    site.fill("Mot de passe", "la braderie de septembre")
    site.press("Créer mon compte")
    site.open(letter_to("awa@exemple.fr"))
    site.press("Oui, c’est bien mon adresse")
    sign_in(site, "awa@exemple.fr", "la braderie de septembre")


def propose(site: Site, quarter: str) -> None:
    site.open("/proposer")
    site.choose("Un moment ensemble", group="Que voulez-vous faire")
    site.choose("Des habitantes et des habitants", group="Qui porte")
    site.choose("Bientôt", group="C’est pour quand")
    site.choose("Des dépenses du moment", group="À quoi sert")
    site.press("Voir l’aide qui convient")
    sees(site, "Un groupe d’habitants peut porter un PIC")
    site.follow("Écrire mon idée")
    site.fill("Votre idée en quelques mots", "La fête du square")
    site.fill("Racontez-la", "Un goûter, des jeux et de la musique pour tous les voisins.")
    site.fill("Commune et quartier", quarter)
    site.press("Enregistrer mon idée")
    site.choose("Année 2027")
    site.press("Choisir et continuer")


def write_the_file(site: Site, quote: Path, day: datetime) -> None:
    site.fill("Racontez le projet", "Les habitants de la résidence installent des jeux, une petite scène et un grand goûter sur le square.")
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
    site.follow("Le budget")
    for kind, label, amount in (("Dépense : location", "Location de jeux", "450"), ("Recette : aide demandée", "Aide du fonds", "450,00")):
        site.fill("Quel genre", kind)
        site.fill("Pour quoi", label)
        site.fill("Montant", amount)
        site.press("Ajouter")
    sees(site, "Budget à l’équilibre")
    site.follow("Les trois conditions")
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


def lodge(site: Site) -> int:
    site.follow("Relire et déposer")
    sees(site, "Tout y est")
    site.press("Déposer le dossier")
    sees(site, "Votre dossier est déposé", "Déposé")
    found = re.search(r"/projets/(\d+)", site.path)
    assert found is not None
    return int(found[1])


def decide(site: Site, number: int) -> None:
    site.open(f"/projets/{number}")
    site.follow("Accorder")
    for condition in (1, 2, 3):
        site.fill(f"Pourquoi, en une phrase (condition {condition})", "Le comité l’a vu et entendu.")
    for title in ("Agir en citoyens", "L’intérêt de tous", "Un besoin du quartier"):
        site.choose("Remplie", group=title)
    site.choose("Accorder", group="La décision du comité")
    site.fill("Montant accordé", "450")
    site.fill("La raison", "Une fête attendue, bien préparée.")
    site.press("Enregistrer la décision")


def finish(site: Site, number: int) -> None:
    site.open(f"/projets/{number}")
    sees(site, "Accordé", "450")
    site.follow("Donner des nouvelles")
    site.fill("Les nouvelles", "Le soleil était là !")
    site.press("Publier")
    sees(site, "Le soleil était là !")
    site.follow("Écrire le bilan")
    site.fill("Qu’avez-vous fait", "Une belle après-midi, des jeux et un goûter partagé.")
    site.fill("Combien de personnes", "120")
    site.fill("Combien le projet", "438,20")
    site.press("Déposer le bilan")
    sees(site, "Bilan déposé", "438,20")


