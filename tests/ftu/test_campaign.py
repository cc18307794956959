"""The public page of a campaign: what goes on, who took part, the result, the money, on paper too; always as many questions."""

import io
from datetime import timedelta

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from citizen import clock
from citizen.ballots import services
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.ftu import services as ftu
from tests.counting import counted
from tests.factories import actor, person
from tests.works import announced_poll, campaign, ftu_studied, granted, works_officer


def voted(poll: Poll, people: int, *, day: int = 0, place: int = 0) -> None:
    with clock.at(poll.opens_at + timedelta(days=day)):
        for _voter in range(people):
            services.vote(actor(person()), poll.id, [poll.options[place].id], is_eligible=True)


def test_while_the_vote_is_open_the_page_counts_people_day_by_day_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    poll = announced_poll(works_officer(), [12_000_00, 9_000_00])
    number, opens_at = poll.call_id, poll.opens_at
    with clock.at(opens_at - timedelta(seconds=1)):
        assert "jour par jour" not in client.get(f"/ftu/campagnes/{number}").text
    voted(poll, 3)
    voted(poll, 12, day=2, place=1)
    with clock.at(opens_at + timedelta(days=3)):
        page = client.get(f"/ftu/campagnes/{number}").text
    figures = BeautifulSoup(page, "html.parser").select("#vote ~ details tbody td")
    assert [figure.text for figure in figures] == ["3", "0", "12"]
    assert "15 personnes ont voté jusqu’à hier" in page
    assert f'href="/voter/{poll.id}"' in page
    assert 'class="votes' not in page
    assert 'class="results' not in page


def test_after_the_count_the_page_shows_bars_with_reasons_and_the_paper_says_the_same(app: Flask, client: FlaskClient) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [20_000_00, 19_000_00])
    number = poll.call_id
    voted(poll, 7)
    voted(poll, 4, place=1)
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll.id)
        made = next(option.project_id for option in poll.options if option.result and option.result.is_selected)
        granted(officer, made, 18_500_00)
        page = client.get(f"/ftu/campagnes/{number}").text
        answer = client.get(f"/ftu/campagnes/{number}/papier")
    shown = BeautifulSoup(page, "html.parser")
    assert [row.select_one(".votes").text.split()[0] for row in shown.select(".results li")] == ["7", "4"]
    assert "3 voix de plus" in shown.select(".results li")[1].text
    assert "18\N{NARROW NO-BREAK SPACE}500" in shown.select_one("aside").text
    assert shown.select_one("#chantiers")
    assert shown.select_one("[data-points]")["data-points"] == f"/ftu/campagnes/{number}/idees.geojson"
    found = PdfReader(io.BytesIO(answer.data))
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    told = "".join(page.extract_text() for page in found.pages)
    assert "Projet 1" in told
    assert "Voix" in told


def test_with_few_ballots_the_campaign_shows_the_outcome_alone(app: Flask, client: FlaskClient) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [20_000_00, 19_000_00])
    voted(poll, 10)
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll.id)
        page = client.get(f"/ftu/campagnes/{poll.call_id}").text
        paper = client.get(f"/ftu/campagnes/{poll.call_id}/papier").data
    assert "seule l’issue est publiée" in page
    assert 'class="votes' not in page
    assert "Voix" not in "".join(found.extract_text() for found in PdfReader(io.BytesIO(paper)).pages)


def test_a_campaign_asks_as_much_with_many_projects_and_days(app: Flask, client: FlaskClient) -> None:
    officer, asked = works_officer(), []
    for size in (1, 6):
        poll = announced_poll(officer, [100_00] * size)
        for day in range(size):
            voted(poll, 2, day=day)
        number, closes_at = poll.call_id, poll.closes_at
        with clock.at(closes_at):
            ftu.count_poll(officer, poll.id)
            db.session.remove()
            with counted() as statements:
                assert client.get(f"/ftu/campagnes/{number}").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_the_list_says_what_goes_on_and_asks_as_much_with_many_campaigns(app: Flask, client: FlaskClient) -> None:
    officer, asked = works_officer(), []
    for more in (1, 3):
        for _campaign in range(more):
            ftu_studied(campaign(officer), officer)
        db.session.remove()
        with counted() as statements:
            page = client.get("/ftu").text
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert "Les campagnes en cours" in page
    assert "Les campagnes passées" not in page
    assert page.count("Les habitants proposent") >= 4
