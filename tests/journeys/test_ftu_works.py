"""Samia's benches after the vote: the committee says no, the commune says yes and why, the works are late, people sit down."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from citizen import cli
from citizen.ballots.models import Poll
from citizen.committees.models import Session
from citizen.db import db, transaction
from citizen.ftu.models import Campaign, FtuProject
from citizen.kernel.access import Role
from citizen.mail.models import Letter
from citizen.payments import figures
from tests import councils, factories, works
from tests.factories import PASSWORD
from tests.journeys.site import Clock, HttpSite, Site, sees, sign_in
from tests.journeys.test_ftu import BENCHES, CAMPAIGN, propose_works

OFFICER, BEARER, NEIGHBOUR, MEMBER = "urbanisme@exemple.fr", "samia@exemple.fr", "jules@exemple.fr", "odile@exemple.fr"


def test_from_the_opinion_to_the_use_of_the_place(app: Flask, time: Clock) -> None:
    site = HttpSite(app, time)
    call_id, fund_id = founded(time)
    sign_in(site, BEARER, PASSWORD)
    propose_works(site)
    time.moment = datetime(2027, 3, 15, 9, tzinfo=UTC)
    studied(site)
    voted(site, time, call_id)
    heard(site, time, fund_id)
    validated(site)
    built(site, time)
    used(site, time)
    with time.running():
        assert figures.differences() == []


def founded(time: Clock) -> tuple[int, int]:
    """The commune, its committee of four with one account, and a campaign."""
    with time.running():
        keeper = factories.person(OFFICER, "Inès", duties=[(Role.COMMUNE_OFFICER, "commune:59360")])
        for email, name in ((BEARER, "Samia"), (NEIGHBOUR, "Jules")):
            factories.person(email, name)
        officer, member = factories.actor(keeper), factories.actor(factories.person(MEMBER, "Odile"))
        call: Campaign = works.campaign(officer, envelope_cents=10_000_00, terms={"committee_role": "after"})
        with transaction():
            db.session.get_one(Campaign, call.id).title = CAMPAIGN
        councils.seated(officer, call.fund)
        seat = councils.seats.add(officer, call.fund_id, name="Odile", college="Habitants", email=MEMBER)
        councils.seats.accept(member, seat.id)
        found = call.id, call.fund_id
        db.session.rollback()
        return found


def studied(site: HttpSite) -> None:
    sign_in(site, OFFICER, PASSWORD)
    project_page(site)
    site.follow("Étudier : faisabilité et coût")
    site.choose("Oui", group="Est-ce réalisable")
    site.fill("Pourquoi", "Le sol est bon et aucun câble ne passe dessous.")
    site.fill("Coût étudié", "6 500")
    for group in ("women", "disabled", "seniors"):
        site._type(site.page.find("input", {"name": f"{group}_verdict", "value": "ok"}), ["ok"])
    site.fill("Qui entretiendra", "La régie de quartier, une fois par an.")
    site.fill("Sécurité", "Bords arrondis, à deux mètres de la route.")
    site.press("Publier l’étude")
    sees(site, "Réalisable", "Le sol est bon")


def voted(site: Site, time: Clock, call_id: int) -> None:
    time.moment = datetime(2027, 4, 2, 9, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    site.open(f"/ftu/campagnes/{call_id}/vote")
    site.press("Annoncer le vote")
    poll = db.session.scalars(select(Poll)).one()
    time.moment, closes_at = poll.opens_at, poll.closes_at
    title = poll.title
    db.session.rollback()
    sign_in(site, NEIGHBOUR, PASSWORD)
    site.open("/voter")
    site.follow(title)
    site.choose(BENCHES)
    site.press("Continuer")
    site.fill("Je le déclare", True)
    site.press("Confirmer mon vote")
    time.moment = closes_at
    sign_in(site, OFFICER, PASSWORD)
    site.open("/commune/59360")
    site.follow("Dépouiller le vote")
    site.press("Dépouiller et publier")
    sees(site, BENCHES, "Retenu")


def heard(site: Site, time: Clock, fund_id: int) -> None:
    """The committee meets; Odile has a link and steps aside; the others are against."""
    site.open("/mon-espace")
    site.follow("Le bureau de la commune")
    site.follow("La salle du comité")
    sees(site, "Projets qui attendent une séance", BENCHES)
    held = time.moment + timedelta(days=10)
    site.fill("Jour de la séance", held.date().isoformat())
    site.fill("Heure", "18:00")
    site.fill("Lieu", "Mairie annexe")
    site.press("Fixer la séance")
    site.open(f"/comites/{fund_id}")
    site.follow(f"Inscrire {BENCHES}")
    site.choose(f"{held.day} mai", group="À quelle séance")
    site.press("Inscrire le projet")
    session = db.session.scalars(select(Session)).one()
    session_id, item_id, time.moment = session.id, session.items[0].id, session.held_at
    db.session.rollback()
    sign_in(site, OFFICER, PASSWORD)
    site.open(f"/comites/seances/{session_id}/lecture")
    sees(site, "Coût étudié 6 500 €", "Vote des habitants (consultatif) : retenu")
    site.open(f"/comites/seances/{session_id}/salle")
    site.press("Ouvrir la séance")
    for name in ("Odile", "Membre 1", "Membre 2", "Membre 3", "Membre 4"):
        site.fill(name, True)
    site.press("Noter présents")
    sign_in(site, MEMBER, PASSWORD)
    site.open(f"/comites/passages/{item_id}")
    site.press("Je me retire de ce point")
    assert "Coût étudié" not in site.text()
    sign_in(site, OFFICER, PASSWORD)
    site.open(f"/comites/passages/{item_id}")
    sees(site, "Odile a un autre lien avec le projet : ni quorum, ni lecture, ni vote sur ce point.")
    site.choose("Avis défavorable", group="La décision proposée")
    site.fill("L’avis, en une phrase", "Le square sera refait dans deux ans.")
    site.press("Mettre la proposition au vote")
    site.choose("Pour", group="Les mains levées")
    site.press("Noter et compter")
    sees(site, "4 pour, 0 contre")
    site.press("Inscrire la décision")
    site.open(f"/comites/seances/{session_id}")
    site.press("Clore la séance")
    site.open(f"/comites/seances/{session_id}/proces-verbal")
    sees(site, "Avis défavorable", "Odile n’a participé ni à la lecture")
    site.press("Signer le procès-verbal")
    sees(site, "Le procès-verbal est signé et publié")


def validated(site: Site) -> None:
    """The commune follows the vote, not the committee, and says why."""
    project_page(site)
    sees(site, "Avis défavorable", "Le square sera refait dans deux ans.")
    site.follow("Valider et financer")
    sees(site, "Le vote des habitants : retenu.", "Avis défavorable")
    site.choose("Valider et financer les travaux", group="Que décide la commune")
    site.fill("Montant financé", "6 400")
    site.fill("Pourquoi", "Deux ans sans banc, c’est trop long ; ils seront déplacés.")
    site.fill("Référence de l’acte", "n° 2027-45")
    site.fill("Ligne du budget", "chapitre 21")
    site.press("Publier la décision")
    sees(
        site, "Travaux validés", "Le comité avait donné un avis défavorable ; la commune valide ce projet, parce que :",
        "Deux ans sans banc", "Ligne du budget : chapitre 21", "De la proposition à l’usage", "C’est à la commune.",
    )  # fmt: skip


def project_page(site: Site) -> None:
    number = db.session.scalars(select(FtuProject.id)).one()
    db.session.rollback()
    site.open(f"/projets/{number}")


def built(site: Site, time: Clock) -> None:
    """Promised for July, opened in September, with the cause."""
    site.follow("Suivre les travaux")
    for label, when in (("Cahier des charges", "2027-06-10"), ("Début du chantier", "2027-07-01"), ("Ouverture", "2027-07-20")):
        site.fill(f"Prévu le ({label})", when)
    site.press("Publier")
    time.moment = datetime(2027, 7, 2, 9, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    project_page(site)
    sees(site, "22 jours de retard", "la cause n’est pas encore dite")
    site.follow("Suivre les travaux")
    site.fill("Fait le (Cahier des charges)", "2027-06-10")
    site.fill("Prévu le (Début du chantier)", "2027-08-20")
    site.fill("Prévu le (Ouverture)", "2027-09-01")
    site.press("Publier")
    sees(site, "C’est plus tard que promis : dites pourquoi")
    site.fill("Si c’est plus tard que promis, pourquoi (Début du chantier)", "Les bancs ne sont pas livrés.")
    site.fill("Si c’est plus tard que promis, pourquoi (Ouverture)", "Le chantier a commencé plus tard.")
    site.press("Publier")
    sees(site, "50 jours de retard sur le 1er juillet 2027 promis · Les bancs ne sont pas livrés.")
    reminded(time)
    told = [one.body for one in mailed("les travaux avancent")]
    assert told
    assert all("Les bancs ne sont pas livrés." in one for one in told)
    time.moment = datetime(2027, 9, 1, 9, tzinfo=UTC)
    sign_in(site, OFFICER, PASSWORD)
    project_page(site)
    site.follow("Suivre les travaux")
    site.fill("Fait le (Début du chantier)", "2027-08-20")
    site.fill("Fait le (Ouverture)", "2027-09-01")
    site.press("Publier")
    sees(site, "Le lieu est ouvert à tous, le 1er septembre 2027.")


def used(site: Site, time: Clock) -> None:
    """Six months later, who followed says how it goes; the commune answers."""
    time.moment = datetime(2028, 3, 1, 9, tzinfo=UTC)
    reminded(time)
    (letter,) = mailed("6 mois après")
    link = re.findall(r"/ftu/usage/\S+", letter.body)[0]
    visitor = HttpSite(site.client.application, time)  # type: ignore[attr-defined]
    visitor.open(link)
    visitor.choose("Oui, souvent", group="Utilisez-vous ce lieu")
    visitor.choose("En partie", group="Est-ce que cela marche bien")
    visitor.fill("Que faudrait-il réparer", "Une planche bouge.")
    visitor.press("Envoyer ma réponse")
    sees(visitor, "Merci")
    sign_in(site, OFFICER, PASSWORD)
    project_page(site)
    site.follow("Lire ce que disent les habitants de l’usage")
    sees(site, "Une planche bouge.")
    site.fill("La réponse de la commune", "La planche est revissée.")
    site.press("Répondre et clore")
    visitor.open(site.path)
    sees(visitor, "La planche est revissée.", "Quelques personnes ont répondu, trop peu pour publier des chiffres.")
    assert "Une planche bouge." not in visitor.text()


def reminded(time: Clock) -> None:
    with time.running():
        cli._remind_all()
        db.session.rollback()


def mailed(subject: str) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.subject.contains(subject))))
