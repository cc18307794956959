"""The pages of a vote: choosing, confirming, the receipt, the result; what each visitor reads and when."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen import clock
from citizen.ballots import services
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.projects import hiding
from citizen.web.typography import NBSP
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import announced_poll, works_officer

RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}")


@pytest.fixture
def poll(app: Flask) -> Poll:
    return announced_poll(works_officer(), [12_000_00, 11_000_00, 9_000_00])


def post(client: FlaskClient, address: str, **data: object) -> TestResponse:
    return client.post(address, data=data)


def voted(poll: Poll, *ballots: list[int]) -> None:
    """As many people as ``ballots``, each choosing these positions."""
    options = [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        for chosen in ballots:
            services.vote(actor(person()), poll.id, [options[position] for position in chosen], is_eligible=True)


def count(poll: Poll) -> None:
    with clock.at(poll.closes_at):
        ftu.count_poll(works_officer(), poll.id)


def test_from_the_list_to_the_receipt(client: FlaskClient, poll: Poll) -> None:
    number, options = poll.id, [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        login(client, person())
        assert f'href="/voter/{number}"' in client.get("/voter").text
        page = client.get(f"/voter/{number}").text
        assert "Rien n’est compté avant votre confirmation." in page
        assert "Choisissez jusqu’à 3 projets" in page
        assert "Un administrateur du site pourrait techniquement le lire" in page
        answer = post(client, f"/voter/{number}", choices=[options[0], options[2]])
        assert (answer.status_code, answer.location) == (303, f"/voter/{number}/confirmer")
        page = client.get(answer.location).text
        assert "Projet 1" in page
        assert "Projet 2" not in page
        assert re.findall(r'name="choices" value="(\d+)"', page) == [str(options[0]), str(options[2])]
        answer = post(client, f"/voter/{number}/confirmer", choices=[options[0], options[2]], is_eligible="y")
        assert (answer.status_code, answer.location) == (303, f"/voter/{number}/recu")
        page = client.get(answer.location).text
        assert len(RECEIPT.findall(page)) == 1
        assert "Projet 3" in page
        assert page.count(" checked") == 0
        assert client.get(f"/voter/{number}").text.count(" checked") == 2


def test_the_declaration_is_asked_next_to_its_box_and_the_choices_stay(client: FlaskClient, poll: Poll) -> None:
    number, option = poll.id, poll.options[1].id
    with clock.at(poll.opens_at):
        login(client, person())
        answer = post(client, f"/voter/{number}/confirmer", choices=[option])
        assert answer.status_code == 422
        assert "Cochez cette case" in answer.text
        assert f'name="choices" value="{option}"' in answer.text


def test_a_sending_that_comes_late_undoes_no_later_choice(client: FlaskClient, poll: Poll) -> None:
    address, (first, second, third) = f"/voter/{poll.id}/confirmer", [option.id for option in poll.options]

    def chosen(option: int) -> dict[str, object]:
        """What the page's button sends."""
        post(client, f"/voter/{poll.id}", choices=[option])
        page = client.get(address).text
        return dict(re.findall(r'name="(choices|replaces)" value="([^"]*)"', page)) | {"is_eligible": "y"}

    def in_box() -> str:
        return re.sub(r'name="csrf_token" value="[^"]*"', "", client.get(f"/voter/{poll.id}/recu").text)

    with clock.at(poll.opens_at):
        login(client, person())
        one = chosen(first)
        assert post(client, address, **one).status_code == 303
        kept = in_box()
        assert post(client, address, **one).status_code == 303
        assert in_box() == kept  # the answer was lost: the same receipt
        two = chosen(second)
        assert post(client, address, **two).status_code == 303
        kept = in_box()
        late = post(client, address, **one)
        assert (late.status_code, in_box()) == (422, kept)
        assert "Votre bulletin a changé" in late.text
        assert f'name="replaces" value="{RECEIPT.findall(kept)[0]}"' in late.text  # read again, it can be confirmed
        post(client, f"/voter/{poll.id}", choices=[third])
        assert post(client, address, **two).status_code == 303
        assert re.search(rf'value="{third}"[^>]* checked', client.get(f"/voter/{poll.id}").text)  # nor what is being chosen


@pytest.mark.parametrize("typed", [[], ["999999"], ["x"], ["99999999999999999999"], ["-1"], [""], ["٣"]])
@pytest.mark.parametrize("page", ["", "/confirmer"])
def test_wrong_choices_are_refused_with_a_sentence(client: FlaskClient, poll: Poll, typed: list[str], page: str) -> None:
    number = poll.id
    with clock.at(poll.opens_at):
        login(client, person())
        answer = post(client, f"/voter/{number}{page}", choices=typed, is_eligible="y")
    assert answer.status_code == 422
    assert ("au moins un projet" if not typed else "n’est pas dans ce vote") in answer.text


def test_the_same_project_twice_is_said_twice(client: FlaskClient, poll: Poll) -> None:
    number, option = poll.id, poll.options[0].id
    with clock.at(poll.opens_at):
        login(client, person())
        assert "deux fois" in post(client, f"/voter/{number}", choices=[option, option]).text


def test_choices_not_confirmed_are_found_again(client: FlaskClient, poll: Poll) -> None:
    number, option = poll.id, poll.options[1].id
    with clock.at(poll.opens_at):
        login(client, person())
        post(client, f"/voter/{number}", choices=[option])
        page = client.get(f"/voter/{number}").text
        assert re.search(rf'value="{option}"[^>]* checked', page)
        assert "Votre vote est enregistré" not in page


def test_a_vote_that_is_not_open_cannot_be_cast(client: FlaskClient, poll: Poll) -> None:
    number, option = poll.id, poll.options[1].id
    login(client, person())
    for moment, words in (
        (poll.opens_at - timedelta(seconds=1), "Le vote ouvre le"),
        (poll.closes_at, "Le vote est fermé depuis"),
    ):
        with clock.at(moment):
            login(client, person())
            answer = post(client, f"/voter/{number}/confirmer", choices=[option], is_eligible="y")
            assert answer.status_code == 422
            assert words in answer.text
            assert 'name="choices"' not in client.get(f"/voter/{number}").text
            assert client.get(f"/voter/{number}/confirmer").status_code == 303


def test_a_visitor_reads_the_projects_and_is_asked_to_sign_in(client: FlaskClient, poll: Poll) -> None:
    number = poll.id
    with clock.at(poll.opens_at):
        page = client.get(f"/voter/{number}").text
    assert "Connectez-vous pour voter" in page
    assert "Projet 2" in page
    assert 'name="choices"' not in page


def test_an_address_not_verified_does_not_vote(client: FlaskClient, poll: Poll) -> None:
    number, option = poll.id, poll.options[0].id
    with clock.at(poll.opens_at):
        voter = person(verified=False)
        client.post("/connexion", data={"email": voter.email, "password": "le pain de la ducasse"})
        assert post(client, f"/voter/{number}/confirmer", choices=[option], is_eligible="y").status_code in (303, 403)
    assert db.session.execute(db.text("SELECT count(*) FROM ballot")).scalar() == 0


def test_while_it_is_open_only_the_turnout_is_known(client: FlaskClient, poll: Poll) -> None:
    voted(poll, [0], [0], [1, 2])
    number = poll.id
    with clock.at(poll.opens_at):
        assert "0 personne<" in client.get(f"/voter/{number}").text, "the day is told once it is over"
    with clock.at(poll.opens_at + timedelta(days=1)):
        page = client.get(f"/voter/{number}").text
        assert "3 personnes" in page
        assert not RECEIPT.search(page)
        assert not re.search(r"\d\W*voix", page)
        assert client.get(f"/resultats/{number}").status_code == 302
        login(client, person())
        assert client.get(f"/voter/{number}/recu").status_code == 303
    with clock.at(poll.closes_at):
        assert client.get(f"/resultats/{number}").status_code == 302
        assert "Le dépouillement est attendu" in client.get(f"/voter/{number}").text


def test_the_result_shows_votes_reasons_money_and_every_receipt(client: FlaskClient, poll: Poll) -> None:
    voted(poll, *[[0, 2]] * 10, [1], [1])
    count(poll)
    page = client.get(f"/resultats/{poll.id}").text
    assert page.count('class="votes num"') == 3
    assert len(set(RECEIPT.findall(page))) == 12
    found = RECEIPT.findall(page)
    assert found == sorted(found)
    assert "12 bulletins pour 12 personnes" in page
    assert "Quand son tour est venu, il restait" in page
    assert "8 voix de plus, devant « Projet 1 », ou" in page
    assert page.index("Projet 3") < page.index("Projet 1") < page.index("Projet 2"), "equal votes: the cheaper first"


def test_with_fewer_than_eleven_ballots_no_votes_are_shown(client: FlaskClient, poll: Poll) -> None:
    voted(poll, *[[0]] * 8, [1], [1])
    count(poll)
    page = client.get(f"/resultats/{poll.id}").text
    assert "Moins de 11 bulletins" in page
    assert 'class="votes' not in page
    assert "voix de plus" not in page
    assert "8 voix" not in page
    assert "Retenu" in page
    assert "Non retenu" in page
    for option in poll.options:
        told = client.get(f"/projets/{option.project_id}", follow_redirects=True).text
        found = re.search(r"\d voix|Il restait", told)
        assert not found, told[found.start() - 200 : found.end() + 100]


def test_a_project_on_every_ballot_is_said(client: FlaskClient, poll: Poll) -> None:
    voted(poll, *[[0]] * 11)
    count(poll)
    assert "Un projet est sur tous les bulletins" in client.get(f"/resultats/{poll.id}").text


def test_after_the_count_the_receipt_page_no_longer_knows_the_ballot(client: FlaskClient, poll: Poll) -> None:
    number, option, opens_at = poll.id, poll.options[0].id, poll.opens_at
    voter = person()
    with clock.at(opens_at):
        services.vote(actor(voter), number, [option], is_eligible=True)
    count(poll)
    with clock.at(opens_at + timedelta(days=12)):
        login(client, voter)
        page = client.get(f"/voter/{number}/recu").text
    assert not RECEIPT.search(page)
    assert "plus rien ne relie votre nom" in page


@pytest.mark.parametrize("address", ["/voter/999", "/resultats/999", "/voter/2147483648", "/voter/0", "/voter/x"])
def test_a_vote_that_does_not_exist_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_pages_ask_no_more_when_there_are_more_projects(app: Flask, client: FlaskClient) -> None:
    def asked(poll: Poll) -> list[int]:
        found = []
        for moment, address in (
            (poll.opens_at, f"/voter/{poll.id}"),
            (poll.closes_at, f"/resultats/{poll.id}"),
            (poll.closes_at, "/voter"),
        ):
            with clock.at(moment), counted() as statements:
                assert client.get(address).status_code == 200
            found.append(len(statements))
        return found

    polls = [announced_poll(works_officer(), [100 * (n + 1) for n in range(size)]) for size in (2, 9)]
    for one in polls:
        count(one)
    small, large = asked(polls[0]), asked(polls[1])
    assert small == large


def test_a_hidden_project_keeps_its_votes_and_loses_its_name(client: FlaskClient, poll: Poll) -> None:
    hidden, other = poll.options[0], poll.options[1]
    watcher, title, number = works_officer(), hidden.title, poll.id
    with clock.at(poll.opens_at):
        login(client, person())
        hiding.hide(watcher, hidden.project_id, "project", "Injure.")
        pages = [client.get(f"/voter/{number}")]
        post(client, f"/voter/{number}", choices=[hidden.id])
        pages.append(client.get(f"/voter/{number}/confirmer"))
    voted(poll, *[[0]] * 7, *[[1]] * 8)
    count(poll)
    pages += [client.get(f"/resultats/{number}{kind}") for kind in ("", ".csv")]
    pages.append(client.get(f"/ftu/campagnes/{poll.call_id}"))
    shown = [page.text.replace(NBSP, " ") for page in pages]
    assert all("Projet 1 : contenu masqué" in page for page in shown)
    assert [page for page in shown if title in page.replace("Projet 1 : contenu masqué", "")] == []
    assert other.title in shown[2] and "7 voix" in shown[2]
