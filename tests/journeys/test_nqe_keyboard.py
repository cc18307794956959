"""A summer written and put on its calendar with the keyboard alone, on a phone of 320 pixels where no script runs."""

from datetime import time as hour
from pathlib import Path

import pytest
from flask import Flask

from citizen.db import db
from citizen.nqe.models import NqeProject
from tests import factories, summers
from tests.factories import PASSWORD
from tests.journeys.keyboard import KeyboardSite, Look
from tests.journeys.site import Clock, sees, sign_in
from tests.journeys.telling import lodge
from tests.journeys.test_nqe_registration import DATES, LEAD, SHEET, answer, begin, kept, writes

pytestmark = pytest.mark.browser


def test_a_lead_registers_with_partners_and_quarters(app: Flask, time: Clock, phone: KeyboardSite, look: Look) -> None:
    project = begin(time)
    writes(time, project, partners=[], steering_residents=None, design="", quarters=project.quarters[:1])
    sign_in(phone, LEAD, PASSWORD)
    number = project.id
    phone.open(f"/nqe/{number}/pilotage")
    phone.fill("Combien d’habitants", "9")
    phone.choose("Personnes isolées", group="Pour qui")
    look(phone, "pilotage")
    phone.press("Enregistrer et continuer")
    for name in ("Centre social", "Club de foot"):
        phone.fill("Nom du partenaire", name)
        phone.fill("Ce qu’il fait", "Anime les jeux")
        phone.fill("Son adresse", f"{name.split()[0].lower()}@exemple.fr")
        phone.press("Ajouter")
    phone.fill("Quartier", "Pigeonnier")
    phone.press("Ajouter ce quartier")
    sees(phone, "0 partenaire(s) d’accord sur 2")
    look(phone, "partenaires")
    for address in ("centre@exemple.fr", "club@exemple.fr"):
        answer(phone, address, "Lucie, directrice", says="Oui, nous participons")
    look(phone, "partenaire-merci")
    sign_in(phone, LEAD, PASSWORD)
    phone.open(f"/nqe/{number}/principes")
    sees(phone, "3 principes remplis sur 4")
    look(phone, "principes")
    phone.fill("Comment les habitants préparent-ils", "Un comité de quinze voisins.")
    phone.choose("Prévu", group="Zéro jetable")
    phone.press("Enregistrer et continuer")
    lodge(phone)
    assert kept(project).state == "submitted"


def test_a_programme_is_typed_repeated_copied_loaded_and_met_by_another(
    app: Flask, time: Clock, phone: KeyboardSite, look: Look, tmp_path: Path
) -> None:
    project = begin(time)
    with time.running():
        bearer, other = factories.actor(project.bearer), factories.actor(factories.person())
        near = summers.nqe_draft(project.edition, other, quarters=project.quarters, title="Un été au Pigeonnier")
        for actor, one, start, lat in ((bearer, project, 20, 49.9), (other, near, 22, 49.909)):
            summers.nqe_date(
                actor, one.id, title="Bal", on=project.programme[0].on, starts_at=hour(start), ends_at=None, lon=2.3, lat=lat
            )
    sign_in(phone, LEAD, PASSWORD)
    phone.open(f"/nqe/{project.id}/programme")
    sees(phone, "1 date en rencontre une autre")
    look(phone, "programme")
    phone.follow("Ajouter une date")
    look(phone, "date")
    phone.fill("Qu’est-ce qu’on y fait", "Goûter")
    phone.press("Enregistrer")
    sees(phone, "Il reste")
    look(phone, "date-erreurs")
    dates(project, 2)
    phone.open(f"/nqe/{project.id}/programme")
    phone.follow("Répéter La fête de l’eau")
    look(phone, "repeter")
    phone.fill("Elle revient", "Chaque semaine")
    phone.fill("Jusqu’au", "2027-07-31")
    phone.press("Ajouter ces dates")
    dates(project, 6)
    phone.follow("Copier Bal")
    phone.press("Enregistrer")
    dates(project, 7)
    phone.follow("Prendre un fichier")
    sheet = tmp_path / "ete.csv"
    for line, said in (("Bal;32/08/2027;20h;;Place;;;\n", "Ligne 8"), ("", "6 dates, sans erreur")):
        sheet.write_text(SHEET + DATES + line)
        phone.attach("Fichier XLSX, ODS", sheet)
        phone.press("Lire le fichier")
        sees(phone, said)
        look(phone, f"fichier-{'erreurs' if line else 'lu'}")
    phone.press("Tout ajouter au programme")
    dates(project, 13)
    look(phone, "programme-long")


def dates(project: NqeProject, many: int) -> None:
    """The programme holds as many, and no more."""
    assert len(kept(project).programme) == many
    db.session.remove()
