"""A season as families live it: found, followed, booked, moved on the day; then told, reviewed and compared."""

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from citizen.db import db
from citizen.kernel.access import REGION, Role
from citizen.mail.models import Letter
from citizen.nqe.models import Edition, NqeProject
from citizen.nqe.season_models import Booking, EventDay
from tests import factories, summers
from tests.factories import PASSWORD
from tests.journeys.site import Clock, Site, sees, sign_in
from tests.journeys.telling import accept_report, report, take_up

SUMMER, PARTY, GAME = "Un été à Étouvie", "La fête de l’eau", "Le tournoi des voisins"
OFFICER, LEAD = "region@exemple.fr", "mariam@exemple.fr"


def build(time: Clock) -> NqeProject:
    """What stands before the story: an edition, a programme of two dates, the Region's yes."""
    with time.running():
        officer = factories.actor(factories.person(OFFICER, "Hélène", duties=[(Role.REGION_OFFICER, REGION)]))
        bearer = factories.actor(factories.person(LEAD, "Mariam"))
        quarters = [
            summers.priority_quarter("QN08001M", "Étouvie", "80021", "248000531"),
            summers.priority_quarter("QN08002M", "Pigeonnier", "80021", "248000531"),
        ]
        summers.priority_quarter("QN08003M", "Les Oubliés", "80021", "248000531")
        draft = summers.nqe_draft(summers.edition(officer), bearer, quarters=quarters, title=SUMMER)
        day = datetime(2027, 7, 10).date()
        summers.nqe_date(
            bearer, draft.id, title=GAME, kind="sport", on=day, perimeter_id=quarters[1].id, fallback="Au gymnase."
        )
        return summers.nqe_granted(draft, officer)


def links_of(email: str) -> list[str]:
    """The last link of each letter to this address, oldest first."""
    db.session.rollback()
    bodies = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id))
    return [re.findall(r"https?://[^/\s]+(/\S+)", body)[-1] for body in bodies]


def newest(email: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).all()[0]


def test_a_date_booked_and_followed_then_moved_on_the_day(app: Flask, site: Site, time: Clock) -> None:
    project = build(time)
    time.moment = datetime(2027, 6, 28, 9, tzinfo=UTC)
    open_bookings(site)
    book_and_wait(site)
    follow(site)

    time.moment = datetime(2027, 7, 3, 7, tzinfo=UTC)
    rain_on_the_day(site)
    assert "il pleut, on passe au plan B" in newest("awa@exemple.fr")
    assert "il pleut, on passe au plan B" in newest("nour@exemple.fr")
    move(site)
    for email in ("awa@exemple.fr", "nour@exemple.fr"):
        assert "est déplacé" in newest(email) and "L’orage reste jusqu’au soir" in newest(email)

    site.open(links_of("awa@exemple.fr")[-1])
    sees(site, "Ma réservation", "Déplacé", "2 places vous attendent")
    site.press("Annuler ma réservation")
    sees(site, "la place est rendue")
    assert "C’est réservé" in newest("luc@exemple.fr")
    site.open(links_of("nour@exemple.fr")[-1])
    site.press("Ne plus suivre cette date")
    sees(site, "Vous ne recevrez plus rien")
    db.session.rollback()
    assert [(one.name, one.is_held) for one in db.session.scalars(select(Booking))] == [("Luc", True)]
    assert db.session.get_one(EventDay, project.programme[0].id).booked == 2


def open_bookings(site: Site) -> None:
    sign_in(site, LEAD, PASSWORD)
    site.open("/mon-espace")
    site.follow(SUMMER)
    site.follow("Tenir le jour J")
    site.follow(PARTY)
    site.fill("On réserve sa place", True)
    site.fill("Nombre de places", "2")
    site.press("Enregistrer")
    sees(site, "C’est enregistré")
    site.press("Se déconnecter")


def book_and_wait(site: Site) -> None:
    """Awa takes both places without an account; Luc waits."""
    site.open("/agenda")
    sees(site, "sur réservation")
    site.follow(PARTY)
    sees(site, "Il reste 2 places", "Comment y aller")
    for name, words in (("Awa", "C’est réservé"), ("Luc", "Sur la liste d’attente")):
        site.open("/agenda?jour=2027-07-03")
        site.follow(PARTY)
        site.follow("Réserver" if name == "Awa" else "Liste d’attente")
        site.fill("Votre nom", name)
        site.fill("Votre adresse e-mail ou", f"{name.lower()}@exemple.fr")
        site.fill("Combien de personnes", "2")
        site.press("Réserver" if name == "Awa" else "M’inscrire sur la liste d’attente")
        sees(site, words)


def follow(site: Site) -> None:
    site.open("/agenda?vue=semaine&jour=2027-07-03")
    site.follow(PARTY)
    site.press("Ça m’intéresse")
    sees(site, "1 personne intéressée")
    site.follow("Être prévenu·e si la date change")
    site.fill("Votre adresse e-mail", "nour@exemple.fr")
    site.press("Me prévenir")
    sees(site, "Ouvrez le courriel")
    site.open(links_of("nour@exemple.fr")[0])
    site.press("Oui, prévenez-moi")
    sees(site, "vous serez prévenu·e")


def rain_on_the_day(site: Site) -> None:
    sign_in(site, LEAD, PASSWORD)
    site.open("/mon-espace")
    site.follow(SUMMER)
    site.follow("Tenir le jour J")
    sees(site, "Aujourd’hui", PARTY, "2 places réservées sur 2")
    site.follow(PARTY)
    sees(site, "Awa", "awa@exemple.fr", "Luc", "liste d’attente")
    site.press("Il pleut : plan B")
    sees(site, "Le plan B est en place")


def move(site: Site) -> None:
    site.follow("Déplacer")
    site.fill("Jour", "2027-07-04")
    site.fill("Pourquoi", "L’orage reste jusqu’au soir.")
    site.press("Déplacer et prévenir")
    sees(site, "Déplacé", "C’était prévu le 3 juillet 2027")
    site.press("Se déconnecter")


def test_a_season_lived_reviewed_and_compared(app: Flask, site: Site, time: Clock) -> None:
    project = build(time)
    site.open("/agenda?vue=carte&quand=saison")
    sees(site, "Agenda de l’été")
    site.open(f"/nqe/{project.id}/affiches")
    sees(site, "Affiche A3", "Tract A6")
    site.open("/nqe/editions/2027")
    sees(site, SUMMER)

    time.moment = datetime(2027, 7, 10, 19, tzinfo=UTC)
    sign_in(site, LEAD, PASSWORD)
    count(site, PARTY, "120")
    count(site, GAME, "45")

    time.moment = datetime(2027, 10, 4, 9, tzinfo=UTC)
    tell(site)
    review(site)
    assert "Le bilan de Nos quartiers d’été 2027 est en ligne" in newest(LEAD)
    site.press("Se déconnecter")
    site.open("/nqe/editions/2027")
    site.follow("Le bilan de l’été")
    sees(site, "165", "dates tenues sur 2", "33 kg", "80 %", "Je sais nager !", "une élève de CM2", "Un été pour tout le monde")
    site.follow("Nos quartiers d’été")
    site.follow("Comparer les étés")
    sees(site, "1 quartier prioritaire n’a jamais eu de date", "Les Oubliés", "200")
    db.session.rollback()
    assert db.session.scalars(select(Edition.year)).all() == [2027]


def count(site: Site, title: str, people: str) -> None:
    site.open("/mon-espace")
    site.follow(SUMMER)
    site.follow("Tenir le jour J")
    site.follow(title)
    site.fill("Combien de personnes", people)
    site.press("Enregistrer")
    sees(site, "C’est compté")


def tell(site: Site) -> None:
    """What the summer's own page asks, then the usual report, which knows who came."""
    sign_in(site, LEAD, PASSWORD)
    take_up(site, SUMMER, "Écrire le bilan")
    site.follow("Écrire le bilan")
    site.follow("L’été en chiffres et en paroles")
    sees(site, "2 sur 2", "165")
    site.follow("Ajouter une parole")
    site.fill("Une parole entendue", "Je sais nager !")
    site.fill("Qui l’a dite", "une élève de CM2")
    site.fill("Cette personne a donné son accord", True)
    site.fill("Qui garde son accord", "le centre social")
    site.press("Garder cette parole")
    site.follow("Revenir au bilan")
    site.fill("Combien de kilos de déchets", "33")
    site.fill("Quelle part du matériel", "80")
    site.press("Enregistrer et continuer")
    take_up(site, SUMMER, "Écrire le bilan")
    report(site, "Deux dates, un quartier réuni. " * 3, people="165", costs={"Scène": "9 000", "Association": "2 000"})
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, SUMMER, "Lire le bilan et l’accepter")
    accept_report(site)


def review(site: Site) -> None:
    site.open("/nqe/editions/2027")
    site.follow("Le jour du bilan")
    sees(site, "Pas encore publié")
    site.follow("Écrire et publier")
    site.fill("Jour de la rencontre", "2027-10-10")
    site.fill("Lieu de la rencontre", "Lille")
    site.fill("Ce que la Région retient", "Un été pour tout le monde.")
    site.fill("Publier cette page", True)
    site.press("Enregistrer")
    sees(site, "C’est enregistré")
