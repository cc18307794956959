"""Over HTTP: the keeper's list and letters, a code without an account, the desk and its tablet."""

import io
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen import clock
from citizen.ballots import codes, roll, services
from citizen.ballots.models import Ballot, Participation, Poll, Voter
from citizen.ballots.rules import RollKind
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.mail.models import Letter
from citizen.people import personal_data
from citizen.people.models import Person
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import announced_poll, works_officer

LIST = "numero;nom;prenom\n1;Lefebvre;Anne\n2;Ben Salem;Karim\n"
RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}")
CODE = re.compile(r"\b(?:[2-9A-Z]{5}-){2}[2-9A-Z]{5}\b")
TICKET = re.compile(r'class="num receipt">([2-9A-Z]{3}-[2-9A-Z]{3})<')


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])


def account(who: Actor) -> Person:
    return db.session.get_one(Person, who.person_id)


def load(officer: Actor, poll: Poll) -> None:
    roll.set_kind(officer, poll.id, RollKind.LISTED)
    roll.keep_list(officer, poll.id, LIST.encode())
    roll.confirm_list(officer, poll.id)


def vote(client: FlaskClient, number: int, *options: int) -> str:
    """Chooses then confirms as the pages lead; gives the last page."""
    answer = client.post(f"/voter/{number}", data={"choices": list(options), "suite": "confirmer"})
    assert answer.status_code == 303, answer.text
    chosen = re.findall(r'name="choices" value="(\d+)"', client.get(answer.location).text)
    answer = client.post(f"/voter/{number}/confirmer", data={"choices": chosen, "is_eligible": "y"})
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def test_a_list_is_read_shown_confirmed_and_its_letters_printed(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    number, base = poll.id, f"/voter/{poll.id}/liste"
    login(client, account(officer))
    assert client.post(f"{base}/genre", data={"kind": "listed"}).status_code == 303
    assert "numero;nom;prenom" in client.get(f"{base}/modele.csv").text
    wrong = client.post(f"{base}/lire", data={"file": (io.BytesIO(LIST.encode() + b"2;;X\n"), "liste.csv")})
    assert wrong.status_code == 422
    assert "Ligne 4, colonne nom : Cette case est vide." in wrong.text
    assert "Ligne 4, colonne numero : Le numéro 2 est déjà à la ligne 3." in wrong.text
    assert db.session.scalar(select(func.count()).select_from(Voter)) == 0
    read = client.post(f"{base}/lire", data={"file": (io.BytesIO(LIST.encode("cp1252")), "liste.csv")})
    assert "2 lignes lues, pas encore chargées" in client.get(read.location).text
    assert client.post(f"{base}/confirmer").status_code == 303
    assert client.post(f"{base}/confirmer").status_code == 409
    letters = client.post(f"/voter/{number}/codes", data={"of": "list", "paper": "csv"})
    assert len(set(CODE.findall(letters.text))) == 2
    assert f"/voter/{number}" in letters.text
    page = client.get(base).text
    assert "Lot 1" in page
    assert not CODE.search(page), "no page shows a code again"
    paper = client.post(f"/voter/{number}/codes", data={"of": "nameless", "number": "3", "paper": "letters"})
    assert paper.status_code == 200
    assert paper.mimetype in ("application/pdf", "text/html")
    assert (
        client.post(f"/voter/{number}/codes", data={"of": "nameless", "number": "201", "paper": "letters"}).status_code == 422
    )


def test_a_letter_is_voted_without_account_and_the_receipt_is_mailed_without_trace(
    client: FlaskClient, officer: Actor, poll: Poll
) -> None:
    load(officer, poll)
    number, option = poll.id, poll.options[1].id
    letter = codes.make(officer, number, for_list=True)[0]
    with clock.at(poll.opens_at):
        page = client.get(f"/voter/{number}").text
        assert "J’ai reçu une lettre avec un code" in page
        assert 'name="choices"' not in page
        wrong = client.post(f"/voter/{number}/code", data={"code": "ABCDE-FGHJK-LMNPQ"})
        assert wrong.status_code == 422
        assert "Ce code n’ouvre pas ce vote" in wrong.text
        assert client.post(f"/voter/{number}/code", data={"code": letter.code.lower()}).status_code == 303
        opened = client.get(f"/voter/{number}")
        assert opened.headers["Cache-Control"] == "no-store"
        assert "Lefebvre" not in opened.text
        receipt = vote(client, number, option)
        assert len(RECEIPT.findall(receipt)) == 1
        assert client.post(f"/voter/{number}/recu", data={"email": "pas une adresse"}).status_code == 422
        assert client.post(f"/voter/{number}/recu", data={"email": "awa@exemple.fr"}).status_code == 303
        assert client.post(f"/voter/{number}/rendre").status_code == 303
        assert 'name="choices"' not in client.get(f"/voter/{number}").text
        gone = client.post(f"/voter/{number}/confirmer", data={"choices": [option], "is_eligible": "y"})
        assert (gone.status_code, gone.location) == (303, f"/voter/{number}")
    assert db.session.scalars(select(Letter.is_untraced).where(Letter.to == "awa@exemple.fr")).one()


def test_a_short_session_of_a_code_ends_by_itself_and_with_its_cancelling(
    client: FlaskClient, officer: Actor, poll: Poll
) -> None:
    number, option, opens_at = poll.id, poll.options[0].id, poll.opens_at
    letter = codes.make(officer, number, number=1)[0]
    with clock.at(opens_at):
        client.post(f"/voter/{number}/code", data={"code": letter.code})
        assert 'name="choices"' in client.get(f"/voter/{number}").text
    with clock.at(opens_at + timedelta(minutes=31)):
        assert 'name="choices"' not in client.get(f"/voter/{number}").text
        client.post(f"/voter/{number}/code", data={"code": letter.code})
        codes.cancel(officer, letter.batch, reason="Volée")
        assert client.post(f"/voter/{number}/confirmer", data={"choices": [option]}).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 0


def test_who_is_signed_in_binds_the_code_to_the_account(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    load(officer, poll)
    number, option = poll.id, poll.options[1].id
    letter = codes.make(officer, number, for_list=True)[0]
    with clock.at(poll.opens_at):
        login(client, person())
        assert "Ce vote se fait avec un code" in client.get(f"/voter/{number}").text
        assert client.post(f"/voter/{number}", data={"choices": [option]}).status_code == 403
        client.post(f"/voter/{number}/code", data={"code": letter.code})
        first = RECEIPT.findall(vote(client, number, option))
        other = client.application.test_client()
        other.post(f"/voter/{number}/code", data={"code": letter.code})
        assert RECEIPT.findall(other.get(f"/voter/{number}/recu").text) == first


def test_the_banner_stays_on_each_page_until_the_vote_is_confirmed(client: FlaskClient, poll: Poll) -> None:
    number, options = poll.id, [option.id for option in poll.options]
    banner = "Votre vote n’est pas encore compté"
    with clock.at(poll.opens_at):
        login(client, person())
        assert banner not in client.get(f"/voter/{number}").text
        kept = client.post(f"/voter/{number}", data={"choices": options[:2], "suite": "garder"})
        assert kept.location == f"/voter/{number}#choices"
        page = client.get(f"/voter/{number}").text
        assert banner in page
        assert "23 000 €" in BeautifulSoup(page, "html.parser").find(id="sums").get_text().replace("\u202f", " ")  # type: ignore[union-attr]
        assert banner in client.get(f"/voter/{number}/confirmer").text
        vote(client, number, *options[:2])
        for path in ("", "/recu"):
            assert banner not in client.get(f"/voter/{number}{path}").text
        client.post(f"/voter/{number}", data={"choices": options[2:], "suite": "garder"})
        for path in ("", "/recu", "/confirmer"):
            page = client.get(f"/voter/{number}{path}").text
            assert banner in page
            assert "c’est votre vote d’avant qui compte" in page


def test_from_the_desk_to_the_tablet_and_back(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    load(officer, poll)
    number, option, tablet = poll.id, poll.options[0].id, client.application.test_client()
    voter = db.session.scalars(select(Voter.id).where(Voter.list_number == "2")).one()
    with clock.at(poll.opens_at):
        login(client, account(officer))
        assert "Ben Salem" in client.get(f"/voter/{number}/bureau?q=karim").text
        given = client.post(f"/voter/{number}/bureau/{voter}/tablette").text
        ticket = TICKET.findall(given)[0]
        assert tablet.post(f"/voter/{number}/tablette", data={"number": "ABC-DEF"}).status_code == 422
        assert tablet.post(f"/voter/{number}/tablette", data={"number": ticket}).status_code == 303
        page = vote(tablet, number, option)
        assert "Merci, rendez la tablette" in page
        assert len(RECEIPT.findall(page)) == 1
        assert "Projet 1" not in page
        assert 'name="choices"' not in tablet.get(f"/voter/{number}").text
        assert tablet.post(f"/voter/{number}/rendre").location == f"/voter/{number}/tablette"
        assert tablet.get(f"/voter/{number}/tablette/recu").status_code == 303
        assert "A déjà participé" in client.get(f"/voter/{number}/bureau?q=2").text
        again = client.post(f"/voter/{number}/bureau/{voter}/tablette", follow_redirects=True)
        assert "Cette personne a déjà participé." in again.text
    assert db.session.scalars(select(Participation.channel)).all() == ["desk"]


def test_on_one_device_opening_a_ballot_signs_the_officer_out(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    number = poll.id
    with clock.at(poll.opens_at):
        login(client, account(officer))
        added = client.post(f"/voter/{number}/bureau", data={"last_name": "Petit", "first_name": "Luc"})
        ticket = TICKET.findall(added.text)[0]
        client.post(f"/voter/{number}/tablette", data={"number": ticket})
        assert client.get(f"/voter/{number}/bureau").status_code == 303
        assert "Rendre la tablette sans voter" in client.get(f"/voter/{number}").text
        assert "Petit" not in client.get(f"/voter/{number}").text


def test_the_desk_and_the_roll_ask_no_more_when_there_are_more_people(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    number, base = poll.id, f"/voter/{poll.id}/liste"

    def asked() -> list[int]:
        found = []
        for path in (f"{base}?q=nom", f"/voter/{number}/bureau?q=nom", f"/voter/{number}"):
            with clock.at(poll.opens_at + timedelta(days=1)), counted() as statements:
                assert client.get(path).status_code == 200
            found.append(len(statements))
        return found

    with clock.at(poll.opens_at + timedelta(days=1)):
        login(client, account(officer))
    sizes = []
    for size in (2, 30):
        lines = "\n".join(f"{size}-{n};Nom{n};Prénom" for n in range(size))
        roll.keep_list(officer, number, f"numero;nom;prenom\n{lines}".encode())
        roll.confirm_list(officer, number)
        codes.make(officer, number, for_list=True)
        sizes.append(asked())
    assert sizes[0] == sizes[1]


def test_a_stranger_reads_nothing_of_the_roll(client: FlaskClient, officer: Actor, poll: Poll) -> None:
    load(officer, poll)
    number = poll.id
    for who in (None, person(), account(works_officer("80021"))):
        browser = client.application.test_client()
        if who:
            login(browser, who)
        for path in ("liste", "bureau", "liste/modele.csv"):
            assert browser.get(f"/voter/{number}/{path}").status_code in (303, 403)
        assert "Lefebvre" not in browser.get(f"/voter/{number}").text


def test_a_person_s_own_data_hold_their_participation(client: FlaskClient, poll: Poll) -> None:
    voter = actor(person())
    with clock.at(poll.opens_at):
        services.vote(voter, poll.id, [poll.options[0].id], is_eligible=True)
    own = personal_data.export(voter)
    assert [row["voted_on"] for row in own["participation"]] == ["2027-04-19"]
