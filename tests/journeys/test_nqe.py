"""Mariam's association makes a summer: from the Region's edition to the last date, moved for the heat, and the report."""

from datetime import UTC, datetime

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from citizen.db import db
from citizen.kernel.access import REGION, Role
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from tests import factories, summers
from tests.factories import PASSWORD
from tests.journeys.site import Clock, Site, sees, sign_in
from tests.journeys.telling import accept_report, letter_to, lodge, propose, report, take_up, write_budget

SUMMER, PARTY, FILM = "L’été au pied des tours", "La fête de l’eau", "Le cinéma sous les étoiles"
OFFICER, LEAD, NEIGHBOUR = "region@exemple.fr", "mariam@exemple.fr", "paul@exemple.fr"
GREEN = ("Venir sans voiture", "Manger local", "Zéro jetable", "Moins de papier", "Réemploi", "Pour tous")


def test_from_an_edition_to_the_end_of_the_summer(app: Flask, site: Site, time: Clock) -> None:
    with time.running():
        summers.summer_fund()
        factories.person(OFFICER, "Hélène", duties=[(Role.REGION_OFFICER, REGION)])
        factories.person(LEAD, "Mariam")
        factories.person(NEIGHBOUR, "Paul")
        summers.priority_quarter("QN08001M", "Étouvie", "80021", "248000531")
        summers.priority_quarter("QN08002M", "Pigeonnier", "80021", "248000531")

    open_the_edition(site)
    sign_in(site, LEAD, PASSWORD)
    create_the_association(site)
    write_the_file(site)
    lodge(site)
    grant(site, time)

    time.moment = datetime(2027, 6, 25, 9, tzinfo=UTC)
    find_the_party(site)
    assert calendar(app, time) == {PARTY: ("CONFIRMED", "2027-07-03 14:00"), FILM: ("CONFIRMED", "2027-07-10 22:00")}
    change_the_dates(site)
    assert calendar(app, time) == {
        f"DÉPLACÉ : {PARTY}": ("CONFIRMED", "2027-07-04 10:00"), f"ANNULÉ : {FILM}": ("CANCELLED", "2027-07-10 22:00"),
    }  # fmt: skip
    site.open(letter_to(NEIGHBOUR))
    sees(site, SUMMER, "Le projecteur est en panne")

    time.moment = datetime(2027, 10, 4, 9, tzinfo=UTC)
    finish(site)
    the_books_are_right()


def open_the_edition(site: Site) -> None:
    sign_in(site, OFFICER, PASSWORD)
    site.open("/mon-espace")
    site.follow("Le bureau de la Région")
    site.follow("Nos Quartiers d’Été : règles et éditions")
    site.follow("Ouvrir une édition")
    site.fill("Année", "2027")
    site.fill("Thème de l’année", "L’eau")
    site.fill("Ce que le thème veut dire", "L’eau qui rafraîchit, l’eau à partager.")
    site.fill("Axes du thème", "Se rafraîchir\nPartager")
    site.fill("Premier jour de la saison", "2027-06-21")
    site.fill("Dernier jour de la saison", "2027-09-19")
    site.fill("Premier jour pour déposer", "2027-03-01")
    site.fill("Dernier jour pour déposer", "2027-04-30")
    site.fill("Enveloppe", "400 000")
    site.press("Ouvrir l’édition")
    sees(site, "Nos quartiers d’été 2027", "la 38e", "Se rafraîchir", "du 21 juin 2027 au 19 septembre 2027", "400 000 €")


def create_the_association(site: Site) -> None:
    site.open("/mon-espace")
    site.follow("Mes organisations")
    site.follow("Créer une organisation")
    site.choose("Association", group="Vous êtes")
    site.fill("Nom de l’organisation", "Les Voisins d’Étouvie")
    site.fill("Numéro RNA", "W80200123")
    site.press("Créer l’organisation")
    sees(site, "Il reste quelque chose à corriger")
    site.fill("Numéro RNA", "W802001234")
    site.press("Créer l’organisation")
    sees(site, "Les Voisins d’Étouvie", "W802001234")


def write_the_file(site: Site) -> None:
    propose(
        site, "Un été de rendez-vous", "Plusieurs associations ensemble", "L’été", "Une programmation gratuite",
        because="Nos Quartiers d’Été réunit plusieurs partenaires", title=SUMMER,
        story="Des jeux d’eau, des repas et du cinéma au pied des tours.", quarter="Étouvie", call="Nos quartiers d’été 2027",
    )  # fmt: skip
    site.fill(
        "Racontez le projet",
        "Tout l’été, les habitants de deux quartiers préparent des jeux d’eau, un grand repas et un cinéma en plein air.",
    )
    site.fill("Qui porte le projet", "Les Voisins d’Étouvie")
    site.press("Enregistrer et continuer")
    site.fill("Le lieu, en mots", "Au pied des tours")
    site.press("Enregistrer et continuer")
    site.follow("Continuer")
    write_budget(
        site, ("location", "Scène et écran", "9 000"), ("aide demandée ici", "Région", "7 000"),
        ("argent du groupe", "L’association", "2 000"),
    )  # fmt: skip
    site.follow("Continuer")
    answer_the_principles(site)
    steer(site)
    gather_partners(site)
    write_the_programme(site)


def steer(site: Site) -> None:
    site.fill("Combien d’habitants au groupe", "15")
    site.fill("Quand se réunit-il", "Chaque premier lundi ; il choisit les dates.")
    site.press("Enregistrer et continuer")


def answer_the_principles(site: Site) -> None:
    sees(site, "L’eau qui rafraîchit")
    site.fill("Se rafraîchir", "Des brumisateurs faits avec les jeunes.")
    site.fill("Comment les habitants préparent", "Un comité de quinze voisins se réunit chaque mois.")
    site.fill("Comment le font-ils vivre", "Ils cuisinent, accueillent et tiennent les jeux.")
    site.fill("Comment diront-ils", "Par un mur d’avis et une réunion en septembre.")
    for line in GREEN:
        site.choose("Prévu", group=line)
    site.choose("Oui", group="Tout est-il gratuit")
    site.choose("Non", group="La Région aide-t-elle déjà")
    site.press("Enregistrer et continuer")


def gather_partners(site: Site) -> None:
    for name, role, has_agreed in (("Centre social", "Prête la cuisine", True), ("Club de foot", "Anime les jeux", False)):
        site.fill("Nom du partenaire", name)
        site.fill("Ce qu’il fait", role)
        site.fill("Nous avons sa lettre d’accord", has_agreed)
        site.press("Ajouter")
    sees(site, "1 partenaire(s) d’accord sur 2")
    site.press("Club de foot a signé sur papier")
    for quarter in ("Étouvie", "Pigeonnier"):
        site.fill("Quartier", quarter)
        site.press("Ajouter ce quartier")
    sees(site, "2 partenaire(s) d’accord sur 2", "Quartiers : Étouvie, Pigeonnier")


def write_the_programme(site: Site) -> None:
    site.follow("Continuer")
    site.follow("Ajouter une date")
    site.fill("Qu’est-ce qu’on y fait", PARTY)
    site.fill("Jour", "2027-07-03")
    site.fill("Début", "14:00")
    site.fill("Fin", "18:00")
    site.fill("Genre", "Culture")
    site.fill("C’est un temps fort", True)
    site.fill("Le lieu, en mots", "Place du Pays d’Auge")
    site.fill("Quartier", "Étouvie")
    site.press("Enregistrer et en copier une autre")
    site.fill("Qu’est-ce qu’on y fait", FILM)
    site.fill("Début", "22:00")
    site.fill("Fin", "00:30")
    site.fill("C’est un temps fort", False)
    site.fill("Quartier", "Pigeonnier")
    site.press("Enregistrer")
    sees(site, PARTY, "Temps fort", "3 juillet 2027, de 14 h à 18 h", FILM, "10 juillet 2027, de 22 h à 0 h 30")


def grant(site: Site, time: Clock) -> None:
    time.moment = datetime(2027, 4, 12, 9, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, SUMMER, "Déclarer recevable")
    site.press("Déclarer recevable")
    time.moment = datetime(2027, 5, 20, 9, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, SUMMER, "Décider")
    site.follow("Décider")
    sees(site, "demande : 7 000 €")
    site.choose("Accorder l’aide", group="Décision")
    site.fill("Montant accordé", "6 500")
    site.fill("La raison", "Un été entier, préparé avec les habitants de deux quartiers.")
    site.press("Publier la décision")
    sees(site, "Écrivez la référence de la délibération")
    site.fill("Référence de la délibération", "Délibération 2027.00118")
    site.press("Publier la décision")
    sees(site, "Accordé", "6 500 €", "Délibération 2027.00118", "préparé avec les habitants")


def find_the_party(site: Site) -> None:
    """Anyone finds it in the agenda; Paul, a neighbour, signs in to be told of changes."""
    site.open("/agenda")
    sees(site, "Se connecter", "2 dates", "Calendrier de ces dates")
    sees(site, "samedi 3 juillet 2027", PARTY, "Temps fort", "Place du Pays d’Auge")
    site.follow(PARTY)
    sees(site, PARTY, "de 14 h à 18 h", "Étouvie", "Une date du projet", "Ajouter à mon calendrier")
    site.follow(SUMMER)
    sees(site, "Les Voisins d’Étouvie", "Centre social", "Des brumisateurs", "Zéro jetable")
    sign_in(site, NEIGHBOUR, PASSWORD)
    site.open("/projets")
    site.follow(SUMMER)
    site.press("Suivre ce projet")
    sees(site, "Vous recevrez les nouvelles")


def change_the_dates(site: Site) -> None:
    sign_in(site, LEAD, PASSWORD)
    site.open("/mon-espace")
    site.follow(SUMMER)
    site.follow("Déplacer ou annuler une date")
    site.follow(f"Déplacer {PARTY}")
    site.fill("Jour", "2027-07-04")
    site.fill("Début", "10:00")
    site.fill("Fin", "13:00")
    site.fill("Pourquoi", "Il fera trop chaud le samedi après-midi.")
    site.press("Déplacer et prévenir")
    sees(site, "Déplacé", "dimanche 4 juillet 2027", "C’était prévu le 3 juillet 2027 à 14 h", "trop chaud le samedi")
    site.follow(SUMMER)
    site.follow("Déplacer ou annuler une date")
    site.follow(f"Annuler {FILM}")
    site.fill("Pourquoi", "Le projecteur est en panne.")
    site.press("Annuler et prévenir")
    sees(site, "Annulé", "Le projecteur est en panne")


def calendar(app: Flask, time: Clock) -> dict[str, tuple[str, str]]:
    """Status and start, in the quarter, of each date of the calendar file, by title."""
    with time.running():
        answer = app.test_client().get("/agenda.ics")
    assert answer.mimetype == "text/calendar"
    entries = Calendar.from_ical(answer.data).walk("VEVENT")
    return {
        str(one["SUMMARY"]).replace("\N{NO-BREAK SPACE}", " "): (str(one["STATUS"]), f"{one.decoded('DTSTART'):%Y-%m-%d %H:%M}")
        for one in entries
    }


def finish(site: Site) -> None:
    sign_in(site, LEAD, PASSWORD)
    take_up(site, SUMMER, "Écrire le bilan")
    report(
        site,
        "Une fête de l’eau sous les arbres, avec tout le quartier.",
        people="350",
        costs={"Scène et écran": "8 742,90", "L’association": "2 242,90"},
    )
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, SUMMER, "Lire le bilan et l’accepter")
    accept_report(site)
    sees(site, "350", "8 742,90")
    site.open("/nqe/editions/2027")
    sees(site, SUMMER, "6 500 € sur 400 000 €", "1 projet soutenu")


def the_books_are_right() -> None:
    db.session.rollback()
    assert db.session.scalars(select(Edition.committed_cents)).one() == 6_500_00
    summer = db.session.scalars(select(NqeProject)).one()
    assert (summer.state, summer.granted_cents) == ("closed", 6_500_00)
    assert summer.organisation is not None and summer.organisation.rna == "W802001234"
    assert db.session.scalars(select(ProgrammeEvent.status).order_by(ProgrammeEvent.on)).all() == ["moved", "cancelled"]
