"""The pages of the works fund, as a resident, a team and the commune's officer open them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots import services as ballots
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.kernel.access import Role
from citizen.people.models import Person
from citizen.projects import services as projects
from tests.counting import counted
from tests.factories import actor, login, person
from tests.works import JUDGED, announced_poll, campaign, ftu_draft, ftu_lodged, ftu_studied, works_officer, works_quarter

STUDY = {"is_feasible": "yes", "reason": "Le sol est bon.", "cost": "6 500", "upkeep": "Nous.", "safety": "Bords ronds."} | {
    f"{group}_verdict": "ok" for group in JUDGED
}


def officer(code: str = "59360") -> Person:
    return person(duties=[(Role.COMMUNE_OFFICER, f"commune:{code}")])


def test_the_page_of_the_scheme_tells_who_decides_and_lists_campaigns(client: FlaskClient) -> None:
    assert "Aucune campagne pour l’instant" in client.get("/ftu").text
    call = campaign()
    page = client.get("/ftu").text
    assert call.title in page
    assert "Étudier : faisabilité et coût" in page
    assert "Personne ne juge son propre projet" in page


def test_a_campaign_shows_its_calendar_its_money_and_its_projects(client: FlaskClient) -> None:
    call = campaign()
    ftu_lodged(call, title="Un préau")
    ftu_draft(call, title="Un brouillon")
    page = client.get(f"/ftu/campagnes/{call.id}").text
    assert "Un préau" in page
    assert "Un brouillon" not in page
    assert "Les habitants proposent" in page
    assert "Pour la commune" not in page
    assert client.get(f"/ftu/campagnes/{call.id + 99}").status_code == 404


def test_from_opening_a_campaign_to_validating_works_by_the_pages(app: Flask, client: FlaskClient) -> None:
    quarter, keeper, resident = works_quarter(), officer(), person()
    fund_id, fund = campaign().fund_id, None
    login(client, keeper)
    assert client.get(f"/ftu/fonds/{fund_id}/ouvrir").status_code == 200
    days = {"opens_on": "2027-03-10", "closes_on": "2027-03-31", "vote_opens_on": "2027-05-01", "vote_closes_on": "2027-05-10"}
    answer = client.post(
        f"/ftu/fonds/{fund_id}/ouvrir", data=days | {"title": "Oliveaux", "envelope": "20 000", "perimeters": [quarter.id]}
    )
    assert answer.status_code == 303
    call = db.session.scalars(db.select(Campaign).order_by(Campaign.id.desc())).first()
    number = call.id
    assert [one.id for one in call.perimeters] == [quarter.id]
    made = ftu_lodged(call, actor(resident)).id
    assert f'href="/projets/{made}' in client.get("/commune/59360").text
    assert client.post(f"/ftu/{made}/etude", data=STUDY).status_code == 303
    with clock.at(clock.now() + timedelta(days=30)):
        login(client, keeper)
        assert "6\N{NARROW NO-BREAK SPACE}500" in client.get(f"/ftu/campagnes/{number}/vote").text
        vote = {"opens_on": "2027-05-01", "closes_on": "2027-05-10", "announcement": "À vous !"}
        assert client.post(f"/ftu/campagnes/{number}/vote", data=vote).status_code == 303
    poll = db.session.scalars(db.select(Poll)).one()
    number_of_poll, closes_at = poll.id, poll.closes_at
    with clock.at(poll.opens_at):
        ballots.vote(actor(resident), poll.id, [poll.options[0].id], is_eligible=True)
        login(client, keeper)
        refused = client.post(f"/ftu/campagnes/{number}/depouiller")
        assert (refused.status_code, "rien ne se compte avant" in refused.text) == (422, True)
    with clock.at(closes_at):
        login(client, keeper)
        assert f'href="/ftu/campagnes/{number}/depouillement"' in client.get(f"/ftu/campagnes/{number}").text
        assert "Dépouiller et publier" in client.get(f"/ftu/campagnes/{number}/depouillement").text
        assert client.post(f"/ftu/campagnes/{number}/depouiller").location == f"/resultats/{number_of_poll}"
        assert "Il reste" in client.get(f"/ftu/{made}/valider").text
        act = {
            "decision": "grant", "amount": "6 400", "kind": "deliberation", "reference": "DEL 2027-45", "acted_on": clock.today(),
            "reason": "Comme le vote.",
        }  # fmt: skip
        assert client.post(f"/ftu/{made}/valider", data=act).status_code == 303
        page = client.get(f"/projets/{made}", follow_redirects=True).text
    assert "DEL 2027-45" in page
    assert "Le sol est bon." in page
    assert db.session.get_one(FtuProject, made).granted_cents == 6_400_00
    assert fund is None


def test_a_study_in_error_keeps_what_was_typed(client: FlaskClient) -> None:
    made = ftu_lodged(campaign()).id
    login(client, officer())
    answer = client.post(
        f"/ftu/{made}/etude",
        data={"is_feasible": "yes", "reason": "Le sol est bon.", "cost": "beaucoup", "upkeep": "La régie."},
    )
    assert answer.status_code == 422
    assert "La régie." in answer.text
    assert "Écrivez un montant en euros" in answer.text
    assert client.post(f"/ftu/{made}/etude", data={"is_feasible": "yes", "reason": "Oui.", "cost": "12"}).status_code == 422


@pytest.mark.parametrize("missing", ["upkeep", "safety"])
def test_a_study_that_is_not_whole_says_what_is_missing_and_keeps_every_word(client: FlaskClient, missing: str) -> None:
    made = ftu_lodged(campaign()).id
    login(client, officer())
    answer = client.post(f"/ftu/{made}/etude", data=STUDY | {missing: ""})
    assert answer.status_code == 422
    assert "Complétez l’étude : raison, coût, entretien, sécurité." in answer.text
    assert all(words in answer.text for name, words in STUDY.items() if name not in ("is_feasible", missing) and words != "ok")
    assert db.session.get_one(FtuProject, made).studied_at is None


def test_a_study_of_a_file_being_completed_says_no_or_keeps_every_word(client: FlaskClient) -> None:
    keeper, made = officer(), ftu_lodged(campaign()).id
    projects.take(actor(keeper), made, "ask_completion", reason="Où, précisément ?")
    login(client, keeper)
    answer = client.post(f"/ftu/{made}/etude", data=STUDY)
    assert answer.status_code == 422
    assert "le projet est « À compléter »" in answer.text
    assert "Bords ronds." in answer.text
    assert client.post(f"/ftu/{made}/etude", data={"is_feasible": "no", "reason": "Sans réponse."}).status_code == 303


def test_the_home_page_tells_the_last_minute_of_a_vote(client: FlaskClient) -> None:
    poll = announced_poll(works_officer(), [5_000_00])
    with clock.at(poll.opens_at):
        page = client.get("/").text
    assert "Vous pouvez voter jusqu’au 29 avril 2027 à 23:59" in page


def test_an_amount_above_the_vote_is_refused_next_to_its_field(client: FlaskClient) -> None:
    keeper = officer()
    poll = announced_poll(actor(keeper), [5_000_00])
    made, closes_at = poll.options[0].project_id, poll.closes_at
    with clock.at(poll.opens_at):
        ballots.vote(actor(person()), poll.id, [poll.options[0].id], is_eligible=True)
    with clock.at(closes_at):
        ftu.count_poll(actor(keeper), poll.id)
        login(client, keeper)
        act = {
            "decision": "grant", "amount": "5 000,01", "kind": "order", "reference": "DEL 2027-45", "acted_on": clock.today(),
            "reason": "Comme le vote.",
        }  # fmt: skip
        answer = client.post(f"/ftu/{made}/valider", data=act)
    assert answer.status_code == 422
    assert "ne financez pas plus" in answer.text
    assert "DEL 2027-45" in answer.text


def test_a_study_that_says_no_is_published_with_another_way(client: FlaskClient) -> None:
    made = ftu_lodged(campaign()).id
    login(client, officer())
    client.post(f"/ftu/{made}/etude", data={"is_feasible": "no", "reason": "Des câbles.", "better_exit": "upkeep"})
    page = client.get(f"/projets/{made}", follow_redirects=True).text
    assert "Non réalisable" in page
    assert "gestion urbaine de proximité" in page


def test_the_team_writes_its_works_and_an_error_keeps_every_word(client: FlaskClient) -> None:
    bearer = person()
    made = ftu_draft(campaign(), actor(bearer)).id
    login(client, bearer)
    page = client.get(f"/ftu/{made}/travaux").text
    assert "Personne ne peut plus s’asseoir." in page
    typed = {"need": "Il fait noir.", "solution": "Deux lampes.", "is_lasting": "no", "land": "private", "estimate": "1 200,50"}
    assert client.post(f"/ftu/{made}/travaux", data=typed).status_code == 303
    works = db.session.get_one(FtuProject, made)
    assert (works.need, works.is_lasting, works.land, works.estimate_cents) == ("Il fait noir.", False, "private", 1_200_50)
    answer = client.post(f"/ftu/{made}/travaux", data=typed | {"need": "Il fait très noir.", "estimate": "cher"})
    assert answer.status_code == 422
    assert "Il fait très noir." in answer.text
    assert db.session.get_one(FtuProject, made).need == "Il fait noir."


def test_bad_input_never_breaks_the_pages(client: FlaskClient) -> None:
    bearer, call = person(), campaign()
    made, draft = ftu_lodged(call).id, ftu_draft(call, actor(bearer)).id
    addresses = [
        (officer(), f"/ftu/{made}/etude"), (officer(), f"/ftu/fonds/{call.fund_id}/ouvrir"),
        (officer(), f"/ftu/campagnes/{call.id}/vote"),
        (bearer, f"/ftu/{draft}/travaux"),
    ]  # fmt: skip
    for who, address in addresses:
        login(client, who)
        fields = (
            "title",
            "envelope",
            "opens_on",
            "closes_on",
            "is_feasible",
            "reason",
            "cost",
            "land",
            "perimeters",
            "estimate",
            "need",
        )
        for value in (
            "",
            "x" * 200_000,
            "\x00\ud800".encode("utf-8", "surrogatepass"),
            "-1",
            "99999999999999999999",
            "<script>",
            "0001-01-01",
        ):
            assert client.post(address, data=dict.fromkeys(fields, value)).status_code in (200, 303, 409, 413, 422), (
                address,
                value,
            )


@pytest.mark.parametrize("who", ["visitor", "resident", "bearer", "officer elsewhere", "officer"])
def test_each_page_opens_to_whom_it_belongs(client: FlaskClient, who: str) -> None:
    bearer, call = person(), campaign()
    made, draft = ftu_lodged(call, actor(bearer)).id, ftu_draft(call, actor(bearer)).id
    fund_id, number = db.session.scalars(db.select(FtuFund.id)).one(), call.id
    people = {"resident": person(), "bearer": bearer, "officer elsewhere": officer("59350"), "officer": officer()}
    if who != "visitor":
        login(client, people[who])
    inside = {"officer": 200, "visitor": 303}.get(who, 403)
    assert client.get(f"/ftu/{made}/etude").status_code == inside
    assert client.get(f"/ftu/fonds/{fund_id}/ouvrir").status_code == inside
    assert client.get(f"/ftu/campagnes/{number}/vote").status_code == inside
    assert client.get("/commune/59360").status_code == inside
    assert client.get(f"/ftu/{made}/valider").status_code == {200: 409}.get(inside, inside)
    assert client.post(f"/ftu/campagnes/{number}/depouiller").status_code == {200: 404}.get(inside, inside)
    assert client.get(f"/ftu/{draft}/travaux").status_code == {"visitor": 303, "bearer": 200, "officer": 403}.get(who, 404)
    assert client.get(f"/ftu/{made}/campagne").location == f"/ftu/campagnes/{number}"


def test_an_officer_cannot_take_a_step_of_the_vote_by_its_button(client: FlaskClient) -> None:
    keeper = officer()
    made = ftu_studied(campaign(), actor(keeper)).id
    login(client, keeper)
    for action in ("put_on_ballot", "select", "not_select", "grant"):
        assert client.post(f"/projets/{made}/etape/{action}").status_code == 404


def test_a_counted_vote_tells_each_team_why(client: FlaskClient) -> None:
    keeper = works_officer()
    poll = announced_poll(keeper, [20_000_00, 15_000_00])
    with clock.at(poll.opens_at):
        for _voter in range(11):
            ballots.vote(actor(person()), poll.id, [poll.options[0].id], is_eligible=True)
    with clock.at(poll.closes_at):
        ftu.count_poll(keeper, poll.id)
    page = client.get(f"/projets/{poll.options[1].project_id}", follow_redirects=True).text
    assert "Il a 0 voix, il en faut au moins 1." in page


def test_lists_ask_no_more_when_there_are_more_projects(app: Flask, client: FlaskClient) -> None:
    keeper = officer()
    login(client, keeper)
    call = campaign(actor(keeper))

    def asked() -> list[int]:
        found = []
        for address in ("/ftu", f"/ftu/campagnes/{call.id}", "/commune/59360"):
            with counted() as statements:
                assert client.get(address).status_code == 200
            found.append(len(statements))
        return found

    ftu_lodged(call)
    before = asked()
    for number in range(6):
        ftu_lodged(call, title=f"Projet {number}")
    assert asked() == before
