"""Three registrations: three partners and twelve dates; the only quarter of its intermunicipality; excluded, then derogated."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from citizen.committees.models import Session
from citizen.db import db
from citizen.kernel.access import REGION, Role
from citizen.nqe import services as nqe
from citizen.nqe.models import NqeProject
from citizen.nqe.terms import DEFAULT_READING
from citizen.places.models import Perimeter
from tests import factories, rooms, summers
from tests.factories import PASSWORD
from tests.journeys.committee import count, put_to_vote
from tests.journeys.site import Clock, Site, sees, sign_in
from tests.journeys.telling import letter_to, lodge, take_up

OFFICER, LEAD = "region@exemple.fr", "mariam@exemple.fr"
PARTNERS = (
    ("Centre social", "Prête la cuisine", "1 200"),
    ("Club de foot", "Anime les jeux", ""),
    ("Bailleur", "Ouvre ses cours", "800"),
)
SHEET = "Titre;Jour;Début;Fin;Lieu;Quartier;Genre;Temps fort\n"
DATES = "".join(f"Atelier {day};{day}/08/2027;14h;17h;Jardin;Pigeonnier;Développement durable;non\n" for day in range(2, 8))


def begin(time: Clock, *, quarters: int = 2, sits: bool = False) -> NqeProject:
    """An open edition, an officer, and Mariam's draft with nothing but its quarters, one date and the four answers."""
    with time.running():
        officer = factories.person(OFFICER, "Hélène", duties=[(Role.REGION_OFFICER, REGION)])
        lead = factories.person(LEAD, "Mariam")
        names = ("Étouvie", "Pigeonnier")[:quarters]
        places = [summers.priority_quarter(f"QN0800{rank}M", name, "80021", "248000531") for rank, name in enumerate(names)]
        summer = summers.edition(factories.actor(officer), is_decided_by_committee=sits, voting_colleges=["Habitants"])
        if sits:
            rooms.seat(summer.fund, office="president", name="La présidente")
            rooms.seat(summer.fund, name="Un élu")
        return summers.nqe_draft(summer, factories.actor(lead), quarters=places)


def writes(time: Clock, project: NqeProject, **values: object) -> None:
    """Mariam writes these columns."""
    with time.running():
        bearer = factories.actor(project.bearer)
        nqe.write(bearer, project.id, lambda kept: [setattr(kept, name, value) for name, value in values.items()])


def kept(project: NqeProject) -> NqeProject:
    db.session.rollback()
    return db.session.get_one(NqeProject, project.id, populate_existing=True)


def test_three_partners_by_link_and_twelve_dates(app: Flask, site: Site, time: Clock, tmp_path: Path) -> None:
    project = begin(time, sits=True)
    writes(time, project, partners=[], steering_residents=None)
    sign_in(site, LEAD, PASSWORD)
    site.open(f"/nqe/{project.id}/pilotage")
    sees(site, "Il manque l’accord de 2 partenaire(s), 2 habitant(s) au groupe de pilotage.")
    site.fill("Combien d’habitants", "9")
    site.choose("Personnes isolées", group="Pour qui")
    site.press("Enregistrer et continuer")
    for name, role, share in PARTNERS:
        site.fill("Nom du partenaire", name)
        site.fill("Ce qu’il fait", role)
        site.fill("Ce qu’il apporte", share)
        site.fill("Son adresse", f"{name.split()[0].lower()}@exemple.fr")
        site.press("Ajouter")
    sees(site, "0 partenaire(s) d’accord sur 3", "lien envoyé, réponse attendue")
    answer(site, "club@exemple.fr", "Yanis, président", says="Oui, nous participons")
    answer(site, "centre@exemple.fr", "Lucie, directrice", says="Oui, nous participons")
    answer(site, "bailleur@exemple.fr", "Paul, chargé de site", says="Non")

    sign_in(site, LEAD, PASSWORD)
    site.open(f"/nqe/{project.id}/partenaires")
    sees(site, "2 partenaire(s) d’accord sur 3", "a dit non", "Lucie, directrice", "apportent 1 200 €")
    twelve_dates(site, project, tmp_path)
    site.open(f"/nqe/{project.id}/programme")
    lodge(site)
    instructed_and_granted(site, time, project)
    assert len(kept(project).programme) == 12
    site.open("/agenda?quand=saison")
    sees(site, "12 dates")


def answer(site: Site, email: str, name: str, *, says: str) -> None:
    """A partner opens its letter, without an account."""
    site.open(letter_to(email))
    sees(site, "Faire l’été ensemble ?", "Votre rôle")
    site.fill("Votre nom et votre fonction", name)
    site.press(says)
    sees(site, "Merci, c’est noté")


def twelve_dates(site: Site, project: NqeProject, folder: Path) -> None:
    """One typed, four more every Wednesday, six from a sheet corrected once, one copied."""
    site.open(f"/nqe/{project.id}/programme")
    site.follow("Répéter")
    site.fill("Elle revient", "Chaque semaine")
    site.fill("Jusqu’au", "2027-07-31")
    site.press("Ajouter ces dates")
    assert len(kept(project).programme) == 5
    site.follow("Prendre un fichier")
    sheet = folder / "ete.csv"
    for line, said in (("Bal;32/08/2027;20h;;Place;;;\n", "Ligne 8"), ("", "6 dates, sans erreur")):
        sheet.write_text(SHEET + DATES + line)
        site.attach("Fichier XLSX, ODS", sheet)
        site.press("Lire le fichier")
        sees(site, said)
        assert len(kept(project).programme) == 5, "nothing is added before it is asked"
    site.press("Tout ajouter au programme")
    sees(site, "Toutes les dates du fichier", "Atelier 7")
    site.follow("Copier Atelier 7")
    site.press("Enregistrer")
    assert len(kept(project).programme) == 12


def instructed_and_granted(site: Site, time: Clock, project: NqeProject) -> None:
    """The officer takes the file, asks the commune, which answers by its link; the committee grants a part in session."""
    sign_in(site, OFFICER, PASSWORD)
    site.open("/nqe/editions/2027")
    site.follow("Les dossiers à instruire")
    site.follow("Un été à Étouvie")
    site.fill("Qui instruit", "Hélène")
    for line in DEFAULT_READING:
        site.choose("Convaincant", group=line)
    site.fill("Ce qu’il faut retenir", "Trois partenaires, un programme tenu.")
    site.press("Enregistrer l’instruction")
    site.fill("Commune, intercommunalité ou partenaire", "Amiens")
    site.fill("Adresse", "mairie@exemple.fr")
    site.press("Demander l’avis")
    sees(site, "La demande d’avis part", "attendu jusqu’au")
    site.open(letter_to("mairie@exemple.fr"))
    sees(site, "Votre avis sur un projet", "Le programme : 12 dates")
    site.choose("Favorable", group="Votre avis")
    site.fill("Votre nom", "L’adjointe à la jeunesse")
    site.press("Donner cet avis")
    sees(site, "Merci, c’est noté")
    take_up(site, "Un été à Étouvie", "Déclarer recevable")
    site.press("Déclarer recevable")
    set_the_session(site)
    time.moment = datetime(2027, 5, 20, 8, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    decide_in_session(site)
    site.open(f"/projets/{project.id}")
    sees(site, "Accordé", "6 000 €", "sur 7 000 € demandés")
    sign_in(site, LEAD, PASSWORD)
    site.open(letter_to(LEAD))
    sees(site, "6 000 €")


def set_the_session(site: Site) -> None:
    """From the desk of the edition: the committee's room, a session, who sits, the file on its agenda, what they will read."""
    site.open("/nqe/editions/2027/instruction")
    site.follow("La salle du comité")
    site.fill("Jour", "2027-05-20")
    site.fill("Heure", "10:00")
    site.fill("Lieu", "Siège de Région")
    site.press("Fixer la séance")
    site.open("/nqe/editions/2027/instruction")
    site.follow("Un été à Étouvie")
    sees(site, "Avant la séance")
    site.follow("Inscrire à une séance")
    site.choose("20 mai 2027")
    site.press("Inscrire le projet")
    sees(site, "Un été à Étouvie")
    site.open("/nqe/editions/2027/instruction")
    site.follow("Un été à Étouvie")
    site.follow("Inscrit à la séance")
    site.follow("Le dossier de lecture")
    sees(site, "Trois partenaires, un programme tenu.", "Convaincant", "favorable", "L’adjointe à la jeunesse", "Zéro jetable")


def decide_in_session(site: Site) -> None:
    take_up(site, "Un été à Étouvie", "Décider")
    site.follow("Décider")
    db.session.rollback()  # what a browser wrote is read anew
    room = db.session.scalars(select(Session)).one()
    site.open(f"/comites/seances/{room.id}/salle")
    site.press("Ouvrir la séance")
    for name in ("La présidente", "Un élu"):
        site.choose(name, group="Membres")
    site.press("Noter présents")
    site.follow("Un été à Étouvie")
    put_to_vote(site, "Accorder, en entier ou en partie", amount="6 000")
    count(site)
    site.press("Inscrire la décision")
    sees(site, "Ce point est décidé", "Le comité accorde 6 000 €")
    site.open(f"/comites/seances/{room.id}")
    site.press("Clore la séance")
    site.follow("Le procès-verbal")
    site.press("Signer le procès-verbal")
    sees(site, "signé et publié")


def test_the_only_quarter_of_its_intermunicipality(app: Flask, site: Site, time: Clock) -> None:
    project = begin(time, quarters=1)
    sign_in(site, LEAD, PASSWORD)
    site.open(f"/nqe/{project.id}/partenaires")
    sees(site, "Étouvie est le seul quartier prioritaire de son intercommunalité")
    lodge(site)
    assert kept(project).state == "submitted"


def test_a_second_quarter_next_door_is_then_asked_for(app: Flask, site: Site, time: Clock) -> None:
    project = begin(time, quarters=1)
    with time.running():
        summers.priority_quarter("QN08009M", "Le Marais", "80021", "248000531")
    assert db.session.scalars(select(Perimeter.name)).all() == ["Étouvie", "Le Marais"]
    sign_in(site, LEAD, PASSWORD)
    site.open(f"/nqe/{project.id}/partenaires")
    sees(site, "Ajoutez des quartiers : il en faut 2.")


def test_excluded_then_derogated(app: Flask, site: Site, time: Clock) -> None:
    project = begin(time)
    sign_in(site, LEAD, PASSWORD)
    site.open(f"/nqe/{project.id}/principes")
    site.choose("Oui", group="La Région aide-t-elle déjà")
    site.press("Enregistrer et continuer")
    site.follow("Relire et déposer")
    sees(site, "La Région finance déjà vos activités.")
    assert "Déposer le dossier" not in site.text()
    site.open(f"/nqe/{project.id}/principes")
    site.fill("Si oui, quel besoin", "L’aide paie l’année scolaire ; l’été, rien n’existe ici.")
    site.press("Enregistrer et continuer")
    lodge(site)
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, "Un été à Étouvie", "Déclarer recevable")
    site.follow("Répondre à la demande de dérogation")
    sees(site, "l’été, rien n’existe ici")
    site.choose("Oui", group="La dérogation est-elle accordée")
    site.fill("Pourquoi", "L’été n’est pas couvert par l’aide de l’année.")
    site.press("Confirmer")
    take_up(site, "Un été à Étouvie", "Déclarer recevable")
    site.press("Déclarer recevable")
    assert (kept(project).state, kept(project).is_derogation_granted) == ("admissible", True)
