"""What happens to a file between its session and its last euro, told by labels: less than asked, deferred, withdrawn, refunded."""

from datetime import timedelta

import pytest

from tests import convened, factories, works
from tests.journeys.committee import IBAN, Town, decide, pay, see_afterwards, sign_off
from tests.journeys.site import HttpSite, sees
from tests.journeys.telling import report, take_up

TITLE = "La fête des voisins du square"


def give_bank(site: HttpSite, number: int) -> None:
    site.open(f"/projets/{number}")
    site.follow("Donner un RIB")
    site.fill("Titulaire du compte", "Awa Dubois")
    site.fill("IBAN", IBAN)
    site.press("Enregistrer ce RIB")


def granted(town: Town, amount: str) -> int:
    """A file of 600 € to which its committee gave this, told to its team, who said where to pay."""
    town.founded()
    number = town.inscribed()
    manager = town.conduct()
    decide(manager, town, TITLE, "Accorder", amount=amount)
    sign_off(manager, town)
    give_bank(town.browser("awa@exemple.fr"), number)
    return number


def told(town: Town, number: int, cost: str) -> HttpSite:
    """The action is over: its bearer's report says what it cost. Gives the manager's browser, the report accepted."""
    town.time.moment = town.held + timedelta(days=45)
    bearer = town.browser("awa@exemple.fr")
    take_up(bearer, TITLE, "Écrire le bilan")
    report(bearer, "Une belle après-midi.", people="80", costs={"Location de jeux": cost}, seen=see_afterwards)
    manager = town.browser("gestion@exemple.fr")
    take_up(manager, TITLE, "Lire le bilan et l’accepter")
    manager.follow("Lire le bilan et l’accepter")
    return manager


def test_less_than_asked_paid_in_two_and_the_rest_goes_back(town: Town) -> None:
    number = granted(town, "500")
    bearer, treasurer = town.browser("awa@exemple.fr"), town.browser("caisse@exemple.fr")
    bearer.open(f"/projets/{number}")
    sees(bearer, "Accordé : 500 €", "sur 600 € demandés", "400 € à la décision", "100 € au bilan accepté")
    pay(treasurer, town, "400", "Virement 12")
    bearer.open(f"/projets/{number}")
    sees(bearer, "versé")

    manager = told(town, number, "438,20")
    sees(manager, "Il reste 38,20 € à verser au groupe", "61,80 € retournent dans l’enveloppe")
    manager.press("Accepter le bilan et clore")
    sees(manager, "Terminé")
    pay(town.browser("caisse@exemple.fr"), town, "38,20", "Virement 13")
    treasurer = town.browser("caisse@exemple.fr")
    treasurer.open(f"/tresorerie/{town.fund_id}")
    sees(treasurer, "Rien n’est dû", "reste 9 561,80 €")
    bearer = town.browser("awa@exemple.fr")
    bearer.open(f"/projets/{number}")
    sees(bearer, "Terminé", "400 € à la décision versé", "38,20 € au bilan accepté versé")
    assert town.left() == 9_561_80


def test_a_deferred_file_answers_and_is_granted_at_the_next_session(town: Town) -> None:
    town.founded()
    number = town.inscribed()
    manager = town.conduct()
    decide(manager, town, TITLE, "Ajourner", asked="Apportez un deuxième devis.")
    sign_off(manager, town)
    town.next_session()

    bearer = town.browser("awa@exemple.fr")
    take_up(bearer, TITLE, "Ajourné")
    bearer.follow("Répondre à ce qui est demandé")
    sees(bearer, "Apportez un deuxième devis.")
    bearer.fill("Votre réponse", "Il est joint, et moins cher.")
    bearer.fill("C’est fait", True)
    bearer.press("Garder cette réponse")
    bearer.press("J’ai répondu")
    sees(bearer, "Votre dossier complété est renvoyé", "Déposé")

    take_up(manager, TITLE, "Déclarer recevable")
    manager.follow("Ce qui est demandé et répondu")
    sees(manager, "Il est joint, et moins cher.")
    manager.press("Cette réponse convient")
    manager.open(f"/projets/{number}")
    manager.press("Déclarer recevable")
    manager.follow("Inscrire à une séance")
    manager.choose("", group="À quelle séance ?")
    manager.press("Inscrire le projet")
    manager = town.conduct()
    decide(manager, town, TITLE, "Accorder", amount="600")
    sign_off(manager, town)
    bearer.open(f"/projets/{number}")
    sees(bearer, "Ajourné", "Accordé : 600 €", "Décidé le 29 avril 2027")
    assert "Répondre à ce qui est demandé" not in bearer.text()


def test_a_refused_file_goes_to_the_works_fund_and_nothing_is_typed_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factories, "pic_quarter", works.works_quarter)
    town.founded()
    number = town.inscribed(description="Les habitants installent du mobilier urbain, deux bancs et une table, sur le square.")
    manager = town.conduct()
    decide(manager, town, TITLE, "Refuser", asked="Voyez le fonds de travaux urbains.", failing="Un besoin du quartier")
    sign_off(manager, town)
    with town.time.running():
        works.campaign()

    bearer = town.browser("awa@exemple.fr")
    bearer.open(f"/projets/{number}")
    sees(bearer, "Refusé", "Condition non remplie : Un besoin du quartier", "Plutôt le fonds de travaux urbains")
    button = next(one.get_text(" ").strip() for one in bearer.page.find_all("button") if "Tout reporter dans" in one.text)
    bearer.press(button)
    bearer.open(f"/projets/{number}")
    sees(bearer, "FTU", "En préparation", "deux bancs et une table", "Refusé", "devis.pdf")
    bearer.open(f"/projets/{number}/budget")
    sees(bearer, "Location de jeux", "600")
    bearer.open(f"/projets/{number}/groupe")
    sees(bearer, "Awa", "Luc", "Nour")


def test_withdrawn_before_the_minutes_its_money_is_free_and_no_answer_is_sent(town: Town) -> None:
    town.founded()
    number = town.inscribed()
    manager = town.conduct()
    decide(manager, town, TITLE, "Accorder", amount="600")
    assert town.left() == 9_400_00

    bearer = town.browser("awa@exemple.fr")
    bearer.open(f"/projets/{number}")
    bearer.fill("Pourquoi ?", "La salle n’est plus libre.")
    bearer.press("Confirmer")
    sees(bearer, "Retiré")
    assert town.left() == 10_000_00
    manager.open(town.room)
    sees(manager, "retiré")
    sign_off(manager, town)
    sees(manager, "L’équipe a retiré son projet depuis : cette décision est sans effet.")
    assert not [one for one in convened.letters_to("awa@exemple.fr") if "La réponse du comité" in one.subject]
    assert town.left() == 10_000_00


def test_a_refund_is_asked_received_and_then_nothing_is_due(town: Town) -> None:
    number = granted(town, "500")
    pay(town.browser("caisse@exemple.fr"), town, "400", "Virement 12")
    manager = told(town, number, "250")
    sees(manager, "150 € seront demandés au groupe")
    manager.press("Accepter le bilan et clore")

    bearer, treasurer = town.browser("awa@exemple.fr"), town.browser("caisse@exemple.fr")
    bearer.open(f"/projets/{number}")
    sees(bearer, "À rendre au fonds : 150 €")
    treasurer.open(f"/tresorerie/{town.fund_id}")
    sees(treasurer, "À rendre au fonds", "150 €")
    treasurer.follow("Noter un remboursement reçu")
    treasurer.fill("Projet", TITLE)
    treasurer.fill("Montant rendu", "150")
    treasurer.fill("Référence", "Chèque 77")
    treasurer.press("Noter ce remboursement")
    sees(treasurer, "cet argent est de nouveau disponible", "Rien n’est dû", "reste 9 750 €")
    assert "À rendre au fonds" not in treasurer.text()
    bearer.open(f"/projets/{number}")
    sees(bearer, "L’argent du projet")
    assert "À rendre" not in bearer.text()
    assert town.left() == 9_750_00
