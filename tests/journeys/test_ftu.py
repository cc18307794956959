"""Samia wants benches in the square: from the commune's campaign to the benches, by way of the residents' vote."""

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select

from citizen.ballots.models import Ballot, Participation, Poll
from citizen.db import db
from citizen.ftu.models import Campaign, FtuProject
from citizen.kernel.access import Role
from tests import factories, works
from tests.factories import PASSWORD
from tests.journeys.site import Clock, Site, sees, sign_in, spaced
from tests.journeys.telling import accept_report, give_news, lodge, propose, report, take_up

CAMPAIGN, BENCHES, TABLE = "Petits travaux aux Oliveaux, 2027", "Des bancs sur le square", "Une table de pique-nique"
OFFICER, BEARER, NEIGHBOUR, OTHER = "urbanisme@exemple.fr", "samia@exemple.fr", "jules@exemple.fr", "odile@exemple.fr"


def test_from_a_campaign_to_works_that_residents_chose(app: Flask, site: Site, time: Clock) -> None:
    with time.running():
        keeper = factories.person(OFFICER, "Inès", duties=[(Role.COMMUNE_OFFICER, "commune:59360")])
        for email, name in ((BEARER, "Samia"), (NEIGHBOUR, "Jules"), (OTHER, "Odile")):
            factories.person(email, name)
        fund = works.works_fund().title
        officer = factories.actor(keeper)
        db.session.rollback()

    open_the_campaign(site, fund)
    sign_in(site, BEARER, PASSWORD)
    propose_works(site)
    with time.running():
        works.ftu_studied(db.session.scalars(select(Campaign)).one(), officer, cost_cents=5_000_00, title=TABLE)
        db.session.rollback()

    time.moment = datetime(2027, 3, 15, 9, tzinfo=UTC)
    study(site)
    time.moment = datetime(2027, 4, 2, 9, tzinfo=UTC)
    announce(site)
    db.session.rollback()
    poll = db.session.scalars(select(Poll)).one()
    opens_at, closes_at = poll.opens_at, poll.closes_at
    db.session.rollback()

    time.moment = opens_at
    receipts = [vote(site, BEARER, BENCHES), vote(site, NEIGHBOUR, TABLE), vote(site, OTHER, TABLE)]
    former, receipts[2] = receipts[2], change_the_vote(site)

    time.moment = closes_at
    tally(site)
    assert all(receipt in site.text() for receipt in receipts)
    assert former not in site.text()
    validate(site)

    time.moment = datetime(2027, 9, 1, 9, tzinfo=UTC)
    sign_in(site, BEARER, PASSWORD)
    take_up(site, BENCHES, "Écrire le bilan")
    give_news(site, "Les bancs sont posés, on s’assoit enfin.")
    report(
        site,
        "Trois bancs posés par la régie, choisis avec les seniors.",
        people="40",
        costs={"Trois bancs": "6 380,50"},
        on="2027-08-28",
    )
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, BENCHES, "Lire le bilan et l’accepter")
    accept_report(site)
    sees(site, "Les bancs sont posés", "délibération n° 2027-45", "6 400 €")
    the_books_are_right()


def open_the_campaign(site: Site, fund: str) -> None:
    sign_in(site, OFFICER, PASSWORD)
    site.open("/mon-espace")
    site.follow("Le bureau de la commune")
    site.follow(f"Ouvrir une campagne : {fund}")
    site.fill("Nom de la campagne", CAMPAIGN)
    site.choose("Les Oliveaux", group="Quartiers de la campagne")
    site.fill("Enveloppe", "10 000")
    site.fill("Propositions : premier jour", "2027-03-10")
    site.fill("Propositions : dernier jour", "2027-03-31")
    site.fill("Vote : premier jour", "2027-05-01")
    site.fill("Vote : dernier jour", "2027-05-10")
    site.press("Ouvrir la campagne")
    sees(site, CAMPAIGN, "La campagne est ouverte", "du 10 mars 2027 au 31 mars 2027", "10 000 €", "Une idée pour mon quartier")


def propose_works(site: Site) -> None:
    propose(
        site, "Améliorer un lieu", "Des habitantes et des habitants", "Pour longtemps", "Des travaux ou du mobilier",
        because="Le fonds de travaux urbains paie des travaux légers", title=BENCHES,
        story="Le vieux banc est cassé, plus personne ne s’assoit.", quarter="Les Oliveaux", call=CAMPAIGN,
    )  # fmt: skip
    site.fill(
        "Racontez le projet",
        "Le vieux banc du square est cassé depuis deux ans. Nous voulons trois bancs, à l’ombre, avec des dossiers.",
    )
    site.choose("Convivialité", group="Thèmes")
    site.press("Enregistrer et continuer")
    site.fill("Le lieu, en mots", "Le square, côté école")
    site.press("Enregistrer et continuer")
    sees(site, "L’équipe", "Commencez par vous")
    site.follow("Continuer")
    sees(site, "Ajouter une ligne")
    site.follow("Continuer")
    site.fill("Qu’est-ce qui ne va pas", "Personne ne peut plus s’asseoir sur le square.")
    site.fill("Que faudrait-il faire", "Poser trois bancs solides, avec des dossiers.")
    site.fill("Que verra-t-on changer", "Des bancs neufs en deux semaines.")
    site.choose("Oui", group="Est-ce que cela reste en place")
    site.choose("un lieu public", group="À qui est le lieu")
    site.fill("Qu’est-ce que cela change pour les femmes", "Elles s’arrêtent sur le square sans se presser.")
    site.fill("Et pour les personnes handicapées", "Une place est gardée à côté de chaque banc.")
    site.fill("Et pour les seniors", "Des dossiers et des accoudoirs pour se relever.")
    site.fill("À votre avis, combien", "6 000")
    site.press("Enregistrer et continuer")
    lodge(site, state="À l’étude")


def study(site: Site) -> None:
    sign_in(site, OFFICER, PASSWORD)
    take_up(site, BENCHES, "Étudier : faisabilité et coût")
    site.follow("Étudier : faisabilité et coût")
    site.choose("Oui", group="Est-ce réalisable")
    site.fill("Pourquoi", "Le sol est bon et aucun câble ne passe dessous.")
    site.fill("Coût étudié", "6 500")
    for group in ("Pour les femmes", "Pour les personnes handicapées", "Pour les seniors"):
        site.choose("bien pensé", group=group)
    site.fill("Qui entretiendra", "La régie de quartier, une fois par an.")
    site.fill("Sécurité", "Bords arrondis, à deux mètres de la route.")
    site.press("Publier l’étude")
    sees(site, "Réalisable", "Le sol est bon", "6 500 €", "La régie de quartier")


def announce(site: Site) -> None:
    sign_in(site, OFFICER, PASSWORD)
    site.open("/mon-espace")
    sees(site, "Aucun projet ne vous attend", "Voir aussi mes bureaux")
    site.follow("Le bureau de la commune")
    site.follow("Annoncer le vote")
    sees(site, BENCHES, "6 500 €", TABLE, "5 000 €", "10 000 €")
    site.fill("Ce qui est en jeu", "Dix mille euros pour vos squares : à vous de choisir.")
    site.press("Annoncer le vote")
    sees(site, "Le vote est annoncé", "Le vote n’est pas encore ouvert", "Dix mille euros")


def vote(site: Site, email: str, choice: str) -> str:
    """The receipt of a ballot for ``choice``."""
    sign_in(site, email, PASSWORD)
    site.open("/voter")
    site.follow(CAMPAIGN)
    site.choose(choice)
    return confirm(site, choice)


def confirm(site: Site, choice: str) -> str:
    site.press("Continuer")
    sees(site, "Votre vote n’est pas encore compté", choice)
    site.fill("Je le déclare", True)
    site.press("Confirmer mon vote")
    sees(site, "Votre vote est dans l’urne", choice)
    found = re.search(r"Votre reçu : (\S+)", spaced(site.text()))
    assert found is not None
    return found[1]


def change_the_vote(site: Site) -> str:
    site.follow("Changer mon vote")
    sees(site, "Vous pouvez encore changer d’avis")
    site.fill(TABLE, False)
    site.fill(BENCHES, True)
    return confirm(site, BENCHES)


def tally(site: Site) -> None:
    sign_in(site, OFFICER, PASSWORD)
    site.open("/mon-espace")
    site.follow("Le bureau de la commune")
    site.follow("Dépouiller le vote")
    site.press("Dépouiller et publier")
    sees(
        site, f"Résultat : {CAMPAIGN}", "Le vote est dépouillé", "Moins de 11 bulletins",
        f"{BENCHES} Retenu Il en coûte 6 500 €, et l’enveloppe le permet.",
        f"{TABLE} Non retenu Les voix reçues et l’argent de l’enveloppe n’ont pas suffi.",
        "3 bulletins pour 3 personnes",
    )  # fmt: skip


def validate(site: Site) -> None:
    take_up(site, BENCHES, "Valider et financer")
    site.follow("Valider et financer")
    sees(site, "Coût étudié : 6 500 €", "Il reste 10 000 €")
    site.choose("Valider et financer les travaux", group="Que décide la commune")
    site.fill("Montant financé", "6 400")
    site.fill("Référence de l’acte", "n° 2027-45")
    site.fill("Pourquoi", "La commune suit le vote des habitants.")
    site.press("Publier la décision")
    sees(site, "Travaux validés", "délibération n° 2027-45", "La commune suit le vote")


def the_books_are_right() -> None:
    db.session.rollback()
    assert db.session.scalars(select(Campaign.committed_cents)).one() == 6_380_50, "what the works did not cost is free again"
    assert dict(db.session.execute(select(FtuProject.title, FtuProject.state)).all()) == {
        BENCHES: "closed",
        TABLE: "not_selected",
    }
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 3
    assert db.session.scalars(select(Participation.receipt)).all() == [None, None, None]
