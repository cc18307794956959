"""What happens in the committee's room, told by labels: no quorum, a member who bears, two managers, other rules, and silence."""

import pytest

from citizen import clock
from citizen.committees.questions import Outcome
from citizen.db import db
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.mail.models import Letter
from citizen.pic.models import PicProject
from tests import convened, factories, rooms
from tests.journeys.committee import Town, count, decide, put_to_vote, say
from tests.journeys.site import HttpSite, sees, spaced

TITLE = "La fête des voisins du square"


def item_path(number: int) -> str:
    db.session.rollback()
    return f"/comites/passages/{rooms.item_of(db.session.get_one(PicProject, number)).id}"


def status(site: HttpSite, path: str) -> int:
    with site.time.running():
        return site.client.get(path, follow_redirects=True).status_code


def test_without_quorum_nobody_decides_until_a_proxy_comes(town: Town) -> None:
    town.founded(("La présidence", "Une voisine", "Un voisin", "Madame Delattre"))
    town.inscribed()
    manager = town.conduct("La présidence")
    sees(manager, "pas de quorum", "Il en manque 1, parmi : Madame Delattre, Un voisin, Une voisine")
    manager.follow(TITLE)
    sees(manager, "Le comité ne peut pas décider de ce point", "Il en manque 1, parmi")
    manager.press("Présente")
    say(manager)
    put_to_vote(manager, "Accorder", amount="600")
    sees(manager, "Aucun vote n’est ouvert", "Membres votants présents ou représentés : 1 sur 4")

    manager.open(town.room)
    manager.fill("Qui est absent ?", "Une voisine")
    manager.fill("À qui donne-t-il sa voix ?", "La présidence")
    manager.press("Noter la procuration")
    sees(manager, "quorum atteint", "Une voisine a donné sa voix à La présidence")
    manager.follow(TITLE)
    put_to_vote(manager, "Accorder", amount="600")
    sees(manager, "Le vote est ouvert")
    count(manager)
    sees(manager, "2 pour, 0 contre")
    manager.press("Inscrire la décision")
    sees(manager, "Ce point est décidé")


def test_a_member_who_bears_a_project_is_apart_for_it_and_votes_on_the_next(town: Town) -> None:
    town.founded()
    own = town.inscribed("rachid@exemple.fr", "Rachid", title="Le jardin partagé")
    other = town.inscribed(title="Le goûter du marché")
    with town.time.running():
        bearer = db.session.get_one(PicProject, own).bearer
        rooms.seat(town.fund, factories.actor(bearer))
    manager = town.conduct("La présidence", "Une voisine", "Rachid")

    member = town.browser("rachid@exemple.fr")
    member.open(town.room)
    sees(member, "Vous avez un lien avec ce projet : vous ne participez pas à ce point.")
    with pytest.raises(AssertionError, match="pas de lien"):
        member.follow("Le jardin partagé")
    assert status(member, item_path(own)) == 403

    manager.open(town.room)
    manager.follow("Le jardin partagé")
    sees(manager, "Rachid porte le projet : ni quorum, ni lecture, ni vote sur ce point.")
    manager.press("Présente")
    say(manager)
    put_to_vote(manager, "Accorder", amount="600")
    member.open(town.room)
    assert "Voter : Le jardin partagé" not in member.text()
    sees(manager, "0 vote reçu sur 2")
    count(manager)
    sees(manager, "2 pour, 0 contre")
    manager.press("Inscrire la décision")
    member.open(town.room)
    sees(member, "sans vous")
    sheet = "Quarante voisins sur cinquante"  # what a team answers
    for path in (town.room, town.room.removesuffix("/salle"), f"/fonds/{town.fund_id}/comptes"):
        member.open(path)
        page = spaced(member.text())
        assert not [word for word in ("réservé", "accordé ", "Gardé pour", "9 400 €") if word in page], (path, page)
    member.open(town.room.replace("salle", "lecture"))
    assert spaced(member.text()).count(sheet) == 1, "of the other project alone"

    manager.open(item_path(other))
    manager.press("Présente")
    say(manager)
    put_to_vote(manager, "Accorder", amount="300")
    member.open(town.room)
    member.follow("Voter : Le goûter du marché")
    member.press("Contre")
    sees(member, "Votre vote : contre", "1 vote reçu sur 3")
    manager.open(item_path(other))
    count(manager)
    sees(manager, "2 pour, 1 contre")
    manager.press("Inscrire la décision")
    manager.open(f"/comites/seances/{town.session_id}")
    manager.press("Clore la séance")
    member.open(f"/comites/seances/{town.session_id}/proces-verbal")
    sees(member, "ce point n’est pas montré avant la signature", "Le comité accorde 300 €")
    assert "9 100" not in spaced(member.text()) and "accorde 600" not in spaced(member.text())


def test_two_managers_at_once_make_one_outcome_and_the_second_is_told(town: Town) -> None:
    town.founded()
    number = town.inscribed()
    town.person("autre@exemple.fr", "Gil", Role.FUND_MANAGER)
    first = town.conduct()
    first.follow(TITLE)
    first.press("Présente")
    say(first)
    second = town.browser("autre@exemple.fr")
    second.open(item_path(number))

    put_to_vote(first, "Accorder", amount="500")
    sees(first, "Le vote est ouvert")
    put_to_vote(second, "Accorder", amount="450")
    sees(second, "Un vote est déjà ouvert sur ce projet : comptez-le d’abord.", "Accorder 500 €")
    count(first)
    count(second)
    sees(second, "Ce vote est clos.")
    second.open(item_path(number))
    first.press("Inscrire la décision")
    sees(first, "Ce point est décidé")
    second.press("Inscrire la décision")
    sees(second, "Quelqu’un a déjà inscrit la décision sur ce point", "Le comité accorde 500 €")
    db.session.rollback()
    assert db.session.query(Outcome).count() == 1
    assert town.left() == 9_500_00


def test_a_file_is_judged_by_its_own_rules_and_a_new_one_by_the_new(town: Town) -> None:
    town.founded()
    number = town.inscribed()
    with town.time.running():
        keeper, today = factories.manager_of(db.session.merge(town.fund)), clock.today()
        lower = {"max_amount_cents": [400_00]}
        funds.adopt_ruleset(keeper, town.fund_id, terms=lower, adopted_on=today, act_reference="AG de mars")
        bearer = factories.actor(factories.person("luc@exemple.fr", "Luc"))
        new = factories.pic_draft(db.session.merge(town.call), bearer).id

    visitor = town.browser()
    visitor.open(f"/projets/{number}")
    sees(visitor, "Jugé par la version 1 des règles")
    writer = town.browser("luc@exemple.fr")
    writer.open(f"/projets/{new}")
    writer.follow("Déposer le dossier")
    sees(writer, "400 €")
    assert "Tout y est" not in writer.text()
    with town.time.running():
        smaller = factories.pic_lodged(db.session.merge(town.call), cents=400_00).id
    visitor.open(f"/projets/{smaller}")
    sees(visitor, "Jugé par la version 2 des règles")

    manager = town.conduct()
    decide(manager, town, TITLE, "Accorder", amount="600")
    sees(manager, "Le comité accorde 600 €")


def test_nothing_of_a_decision_is_seen_before_the_minutes_are_signed(town: Town) -> None:
    town.founded(("Rachid Benali", "Monique Delattre"))
    number = town.inscribed()
    town.person("voisin@exemple.fr", "Un voisin")
    follower = town.browser("voisin@exemple.fr")
    follower.open(f"/projets/{number}")
    follower.press("Suivre ce projet")
    manager = town.conduct("Rachid Benali", "Monique Delattre")
    manager.follow(TITLE)
    manager.press("Présente")
    say(manager, because="Monique Delattre a posé la question, Nour a répondu.")
    put_to_vote(manager, "Accorder", amount="437")
    count(manager)
    manager.press("Inscrire la décision")

    def is_silent() -> None:
        for site in (town.browser("awa@exemple.fr"), follower, town.browser()):
            for path in PUBLIC:
                site.open(path.format(number=number, fund=town.fund_id, slug=slug))
                page = spaced(site.text())
                assert "437" not in page and "9 563" not in page and "Monique" not in page, (path, page)
            assert status(site, extract) == 404
        assert not [one for one in every_letter() if "437" in one]

    db.session.rollback()
    slug, extract = db.session.merge(town.fund).slug, f"/comites/{town.fund_id}/seances/{town.session_id}/extrait"
    is_silent()
    manager.open(f"/comites/seances/{town.session_id}")
    manager.press("Clore la séance")
    is_silent()

    manager.follow("Le procès-verbal")
    manager.press("Signer le procès-verbal")
    sees(manager, "signé et publié")
    letter = convened.letters_to("awa@exemple.fr")[-1].body
    assert "Le comité accorde 437 € au projet" in letter.replace("\xa0", " ").replace("\u202f", " ")
    assert "Votre projet reçoit 437 €. Vous aviez demandé 600 €." in letter.replace("\xa0", " ").replace("\u202f", " ")
    follower.open(f"/projets/{number}")
    sees(follower, "Accordé : 437 €")
    visitor = town.browser()
    visitor.open(f"/projets/{number}")
    sees(visitor, "une personne a posé la question, une personne a répondu.")
    visitor.open(extract)
    sees(visitor, TITLE, "Accordé, 437 €", "2 pour, 0 contre")
    for name in ("Rachid", "Benali", "Monique", "Delattre", "Awa", "Nour", "Luc", "Gaëlle"):
        assert name not in visitor.text(), name


PUBLIC = (
    "/projets/{number}", "/projets", "/pic/fonds/{slug}", "/fonds/{fund}", "/fonds/{fund}/comptes", "/initiatives", "/tableau-de-bord",
    "/donnees/projets.csv", "/",
)  # fmt: skip


def every_letter() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Letter.body)))
