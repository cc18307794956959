"""The commune's pages for paper ballots: printed, signed, entered by the keyboard, counted."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots import paper, services
from citizen.ballots.models import Poll, Voter
from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.people.models import Person
from tests.ballots.papers import a_box, on_the_roll, pile, read, read_twice, signed
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import announced_poll, works_officer

TWELVE = ("1",) * 11 + ("blanc",)


@pytest.fixture
def officer(app: Flask) -> Person:
    return person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")])


@pytest.fixture
def poll(officer: Person) -> Poll:
    return announced_poll(actor(officer), [12_000_00, 11_000_00, 9_000_00])


def signed_in(app: Flask, who: Person) -> FlaskClient:
    browser = app.test_client()
    login(browser, who)
    return browser


def test_from_the_box_to_the_result_by_two_keyboards(app: Flask, client: FlaskClient, poll: Poll, officer: Person) -> None:
    here, people = (
        f"/voter/{poll.id}/papier",
        [officer, *(person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]) for _one in "ab")],
    )
    with clock.at(poll.opens_at):
        signed(poll, actor(officer), 12)
        first, second, third = (signed_in(app, who) for who in people)
        assert f'href="{here}"' in first.get(f"/voter/{poll.id}").text
        assert "À imprimer" in first.get(here).text
        assert first.post(here, data={"place": "Mairie", "held_on": str(clock.today())}).status_code == 303
    with clock.at(poll.closes_at):
        first, second, third = (signed_in(app, who) for who in people)
        box = re.search(rf"{here}/urnes/\d+", first.get(here).text).group()  # type: ignore[union-attr]
        wrong = first.post(box, data={"supplied": 20, "unused": 5, "spoiled": 0, "found": 16, "blank": 0, "void": 0})
        assert wrong.status_code == 422
        assert "16 bulletins dans l’urne, mais 15 ont été remis" in wrong.text
        assert (
            first.post(box, data={"supplied": 20, "unused": 8, "spoiled": 0, "found": 12, "blank": 1, "void": 0}).status_code
            == 303
        )
        for browser, ballots in ((first, TWELVE), (second, ("1",) * 10 + ("2", "blanc"))):
            for number, typed in enumerate(ballots, start=1):
                page = browser.get(f"{box}/lire").text
                assert f"<h2>Bulletin {number}</h2>" in page
                assert "autofocus" in page
                assert browser.post(f"{box}/lire", data={"number": number, "typed": typed}).status_code == 303
        assert "1 bulletin lu de deux façons" in third.get(box).text
        page = third.get(f"{box}/lire").text
        assert "<h2>Bulletin 11</h2>" in page
        refused = third.post(f"{box}/lire", data={"number": 11, "typed": "1 9"})
        assert refused.status_code == 422
        assert "Il n’y a pas de projet 9" in refused.text.replace("\xa0", " ")
        assert 'value="1 9"' in refused.text
        assert third.post(f"{box}/lire", data={"number": 11, "typed": "1"}).status_code == 303
        assert "Le papier est prêt" in first.get(here).text
        services.tally(actor(officer), poll.id)
        page = client.get(f"/resultats/{poll.id}").text
    assert "12 bulletins papier, lus par deux personnes" in page
    assert "blancs : 1, nuls : 0" in page


def test_a_reader_never_sees_what_the_other_read(app: Flask, poll: Poll, officer: Person) -> None:
    with clock.at(poll.closes_at):
        number = a_box(poll, actor(officer), *["1"] * 12)
        read(works_officer(), number, "2 3", *["1"] * 10)
        browser = signed_in(app, officer)
        for page in (
            f"/voter/{poll.id}/papier",
            f"/voter/{poll.id}/papier/urnes/{number}",
            f"/voter/{poll.id}/papier/urnes/{number}/lire",
        ):
            found = BeautifulSoup(browser.get(page).text, "html.parser")
            assert "2 3" not in found.get_text(" "), page
            assert not found.find_all(attrs={"value": "2 3"}), page


def test_signatures_are_found_by_name_entered_and_taken_back(app: Flask, poll: Poll, officer: Person) -> None:
    [line] = on_the_roll(poll)
    voter, name = person(name="Zélie Dupont"), db.session.get_one(Voter, line).last_name
    with clock.at(poll.opens_at):
        services.vote(actor(voter), poll.id, [poll.options[0].id], is_eligible=True)
        browser = signed_in(app, officer)
        here = f"/voter/{poll.id}/papier/signatures"
        assert f"{name} Zoé a signé" in browser.get(f"{here}?q={name}").text
        assert "Personne de ce nom" in browser.get(f"{here}?q=zzz").text
        page = browser.get(f"{here}?q=dupont zelie").text
        action = re.search(rf'action="({here}/\d+)"', page).group(1)  # type: ignore[union-attr]
        assert browser.post(action).status_code == 303
        assert "Son vote en ligne est retiré" in browser.get(here).text
        assert "Annuler la signature" in browser.get(f"{here}?q=dupont").text
        assert browser.post(f"{action}/annuler").status_code == 303
        assert "0 signature entrée" in browser.get(here).text


@pytest.mark.parametrize("page", ["bulletin", "bulletin?grand=1", "emargement"])
def test_papers_are_printed_for_the_commune_alone(
    app: Flask, client: FlaskClient, poll: Poll, officer: Person, page: str
) -> None:
    on_the_roll(poll, 3)
    address = f"/voter/{poll.id}/papier/{page}"
    assert client.get(address).status_code == 303
    assert signed_in(app, person()).get(address).status_code == 403
    assert signed_in(app, officer).get(address).status_code == 200


def test_the_ballot_says_how_many_to_tick_in_one_order_for_all(app: Flask, poll: Poll) -> None:
    with app.test_request_context():
        from flask import render_template

        page = render_template("ballots/paper_ballot.html", title=poll.title, poll=poll, keeper=poll.call.fund, is_large=False)
    assert "Cochez 3 projets au plus" in page
    assert page.index("Projet 1") < page.index("Projet 2") < page.index("Projet 3")
    assert "ordre de leur dépôt" in page
    assert "jamais avant" in page, "the number of a ballot is written when the box is opened"


def test_a_box_of_another_vote_is_not_there_and_an_unused_one_can_go(app: Flask, poll: Poll, officer: Person) -> None:
    other = announced_poll(actor(officer), [1_000_00])
    with clock.at(poll.opens_at):
        box = paper.add_box(actor(officer), poll.id, place="Mairie", held_on=clock.today())
        browser = signed_in(app, officer)
        assert browser.get(f"/voter/{other.id}/papier/urnes/{box.id}").status_code == 404
        assert browser.post(f"/voter/{poll.id}/papier/urnes/{box.id}/retirer").status_code == 303
        assert "Aucune urne" in browser.get(f"/voter/{poll.id}/papier").text


def test_small_boxes_are_mixed_and_differences_explained_on_their_pages(app: Flask, poll: Poll, officer: Person) -> None:
    who: Actor = actor(officer)
    with clock.at(poll.closes_at):
        signed(poll, who, 15)
        small, large = a_box(poll, who, "1", "2"), a_box(poll, who, *TWELVE)
        browser, here = signed_in(app, officer), f"/voter/{poll.id}/papier"
        assert "Moins de 11 bulletins" in browser.get(f"{here}/urnes/{small}").text
        assert browser.get(f"{here}/urnes/{small}/lire").status_code == 409
        assert browser.post(f"{here}/urnes/{small}/melanger", data={"into": "abc"}).status_code == 303, "none: read apart"
        assert browser.post(f"{here}/urnes/{small}/melanger", data={"into": small}).status_code == 422
        assert browser.post(f"{here}/urnes/{small}/melanger", data={"into": large}).status_code == 303
        assert "mélangés avec ceux de l’urne 2" in browser.get(f"{here}/urnes/{small}").text
        read_twice(large, *TWELVE, "1", "2")
        assert pile(large).is_read_twice
        assert "15 signatures et 14 bulletins papier" in browser.get(here).text.replace("\xa0", " ")
        assert browser.post(f"{here}/difference", data={"reason": ""}).status_code == 422
        assert (
            browser.post(f"{here}/difference", data={"reason": "Une personne est partie avec son bulletin."}).status_code == 303
        )
        assert "Le papier est prêt" in browser.get(here).text
        services.tally(who, poll.id)
        assert "est partie avec son bulletin" in app.test_client().get(f"/resultats/{poll.id}").text


def test_the_page_asks_as_much_of_the_database_whatever_the_boxes(app: Flask, poll: Poll, officer: Person) -> None:
    asked = []
    with clock.at(poll.closes_at):
        browser = signed_in(app, officer)
        for _more in range(2):
            read_twice(a_box(poll, actor(officer), *TWELVE), *TWELVE)
            browser.get(f"/voter/{poll.id}/papier")
            with counted() as statements:
                browser.get(f"/voter/{poll.id}/papier")
            asked.append(len(statements))
    assert asked[0] == asked[1]
