"""The urban management committee (CGU): before the vote, after it, or in its place; its opinion grants nothing."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen import clock
from citizen.committees import queries, review, showing, sitting
from citizen.db import db
from citizen.ftu import services as ftu
from citizen.ftu.models import FtuProject
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.projects import services as projects
from tests import councils, counting
from tests.factories import actor, login, person
from tests.ftu.test_vote import counted
from tests.works import campaign, ftu_lodged, ftu_studied, granted, refused, works_officer


def soup(page: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(page.text, "html.parser")


def selected(officer: Actor, **terms: object) -> FtuProject:
    """Works that the vote selected, in a commune whose committee speaks after it."""
    return counted(officer, [6_000_00], [[0]], terms={"committee_role": "after", **terms})["Projet 1"]


def test_after_the_vote_the_commune_waits_for_the_opinion(app: Flask) -> None:
    officer = works_officer()
    works = selected(officer)
    with clock.at(clock.now() + timedelta(days=60)):
        for act in (lambda: granted(officer, works.id, 6_000_00), lambda: refused(officer, works.id)):
            with pytest.raises(NotReady) as missing:
                act()
            assert [one.slug for one in missing.value.findings] == ["ftu-reviewed"]
        assert [one.id for one in queries.awaiting(works.call.fund_id)] == [works.id]
        works = councils.heard(officer, works, "conditional", "Prévoir un banc à l’ombre.")
        assert (works.state, works.granted_cents) == ("selected", None), "an opinion grants nothing"
        assert works.opinion.outcome == "conditional"
        assert "Prévoir un banc à l’ombre." in works.opinion.reason
        assert not queries.awaiting(works.call.fund_id), "it is heard once"
        assert db.session.scalars(db.select(Letter).where(Letter.subject.contains("réponse du comité"))).first()
        assert granted(officer, works.id, 6_000_00).state == "granted"


def test_the_commune_reads_that_the_opinion_comes_first(app: Flask, client: FlaskClient) -> None:
    officer = works_officer()
    works = selected(officer)
    login(client, db.session.get_one(Person, officer.person_id))
    told = "donne d’abord son avis"
    page = client.get(f"/projets/{works.id}", follow_redirects=True)
    assert told in page.text and f"/ftu/{works.id}/valider" not in page.text
    with clock.at(clock.now() + timedelta(days=60)):
        councils.heard(officer, works, "favourable", "Oui.")
        login(client, db.session.get_one(Person, officer.person_id))
        page = client.get(f"/projets/{works.id}", follow_redirects=True)
        assert told not in page.text and f"/ftu/{works.id}/valider" in page.text


def test_before_the_vote_an_unfavourable_opinion_stops_a_project(app: Flask) -> None:
    officer, call = works_officer(), campaign(terms={"committee_role": "before"})
    good, bad = (ftu_studied(call, officer, title=title) for title in ("Un banc", "Un mur"))
    days = {"opens_on": call.vote_opens_on, "closes_on": call.vote_closes_on, "announcement": "Choisissez."}
    with clock.at(clock.now() + timedelta(days=30)):
        with pytest.raises(Invalid, match="Un banc"):
            ftu.announce_poll(officer, call.id, **days)
        session = councils.convened(officer, [good, bad])
    with clock.at(session.held_at):
        councils.opened(officer, session)
        for item, action in zip(session.items, ("favourable", "unfavourable"), strict=True):
            councils.settled(officer, item, action)
        councils.signed(officer, session)
        assert [db.session.get_one(FtuProject, one.id).state for one in (good, bad)] == ["admissible", "not_selected"]
        poll = ftu.announce_poll(officer, call.id, **days)
        assert [option.project_id for option in poll.options] == [good.id]


def test_where_the_committee_chooses_there_is_no_vote(app: Flask) -> None:
    officer, call = works_officer(), campaign(terms={"committee_role": "decides"})
    good, bad = (ftu_studied(call, officer, title=title) for title in ("Un banc", "Un mur"))
    with clock.at(clock.now() + timedelta(days=30)):
        with pytest.raises(NotNow, match="comité"):
            ftu.announce_poll(
                officer, call.id, opens_on=call.vote_opens_on, closes_on=call.vote_closes_on, announcement="Choisissez."
            )
        assert councils.heard(officer, good, "favourable").state == "selected"
    with clock.at(clock.now() + timedelta(days=40)):
        assert councils.heard(officer, bad, "unfavourable").state == "not_selected"
        assert granted(officer, good.id, 6_500_00).state == "granted"


def test_a_deferred_opinion_comes_back_to_another_session(app: Flask) -> None:
    officer = works_officer()
    works = selected(officer)
    with clock.at(clock.now() + timedelta(days=60)):
        works = councils.heard(officer, works, "defer", "Montrez un plan.")
        assert (works.state, works.opinion) == ("selected", None)
        assert [one.id for one in queries.awaiting(works.call.fund_id)] == [works.id]
    with clock.at(clock.now() + timedelta(days=70)):
        assert councils.heard(officer, works, "favourable").opinion.outcome == "favourable"


def test_without_a_committee_in_the_rules_there_is_no_room(app: Flask, client: FlaskClient) -> None:
    officer = person(duties=[("commune_officer", "commune:59360")])
    works = counted(works_officer(), [6_000_00], [[0]])["Projet 1"]
    login(client, officer)
    assert client.get(f"/comites/{works.call.fund_id}").status_code == 404
    assert "Inscrire à une séance" not in client.get(f"/projets/{works.id}", follow_redirects=True).text
    with pytest.raises(NotReady):
        projects.take(actor(officer), works.id, "inscribe")


def test_a_member_with_a_link_neither_reads_nor_votes(app: Flask) -> None:
    officer = works_officer()
    works = selected(officer)
    with clock.at(clock.now() + timedelta(days=60)):
        session = councils.convened(officer, [works])
    with clock.at(session.held_at):
        councils.opened(officer, session)
        item = session.items[0]
        linked = next(seat for seat in sitting.room(session.id).seats if seat.college == "Bailleurs")
        sitting.recuse(officer, item.id, linked.id, "other")
        question = review.propose(officer, item.id, "favourable", asked="Utile.")
        with pytest.raises(Invalid):
            review.raise_hands(officer, question.id, {linked.id: "for"}, is_counted=False)
        councils.rooms.everybody(officer, question.id)
        assert question.votes_for == 3


def test_who_bears_the_works_takes_no_part(app: Flask) -> None:
    officer = works_officer()
    works = selected(officer)
    with clock.at(clock.now() + timedelta(days=60)), pytest.raises(Forbidden):
        projects.take(Actor(works.bearer_id, "", officer.duties), works.id, "inscribe")


def test_an_opinion_needs_its_sentence_and_the_team_when_the_rules_say(app: Flask) -> None:
    officer = works_officer()
    works = selected(officer, bearer_presence_required=True)
    with clock.at(clock.now() + timedelta(days=60)):
        session = councils.convened(officer, [works])
    with clock.at(session.held_at):
        councils.opened(officer, session)
        item = session.items[0]
        with pytest.raises(Invalid, match="une phrase"):
            review.propose(officer, item.id, "unfavourable", asked=" ")
        with pytest.raises(Invalid, match="entendue"):
            review.propose(officer, item.id, "favourable", asked="Utile.")
        with pytest.raises(Invalid, match="Choisissez"):
            review.propose(officer, item.id, "grant", amount_cents=1_00)
        sitting.hear(officer, item.id, "phone")
        assert review.propose(officer, item.id, "favourable", asked="Utile.").action == "favourable"


def test_a_lodged_idea_is_not_yet_for_the_committee(app: Flask) -> None:
    call = campaign(terms={"committee_role": "decides"})
    ftu_lodged(call)
    assert not queries.awaiting(call.fund_id)


def test_the_officer_leads_the_whole_session_on_pages(app: Flask, client: FlaskClient) -> None:
    who = person(duties=[("commune_officer", "commune:59360")])
    officer = actor(who)
    works = selected(officer)
    fund_id, number = works.call.fund_id, works.id
    with clock.at(clock.now() + timedelta(days=60)):
        login(client, who)
        councils.seated(officer, works.call.fund)
        assert "Projets qui attendent une séance" in client.get(f"/comites/{fund_id}").text
        session = councils.convened(officer, [works])
        session_id, item_id = session.id, session.items[0].id
        pack = client.get(f"/comites/seances/{session_id}/lecture").text
        assert "Vote des habitants (consultatif) : retenu" in pack
        assert "Coût étudié" in pack
    with clock.at(session.held_at):
        login(client, who)
        councils.opened(officer, session)
        page = client.get(f"/comites/passages/{item_id}")
        assert [one["value"] for one in soup(page).find_all("input", attrs={"name": "action"})] == [
            "favourable", "conditional", "unfavourable", "defer",
        ]  # fmt: skip
        assert not soup(page).find("input", attrs={"name": "amount"})
        put = client.post(f"/comites/passages/{item_id}/proposition", data={"action": "conditional", "asked": "À l’ombre."})
        assert put.status_code == 303
        assert "Avis favorable, à ces conditions : À l’ombre." in client.get(f"/comites/passages/{item_id}").text
        question = db.session.scalars(db.select(review.Question)).one().id
        client.post(f"/comites/votes/{question}/mains", data={"rest": "for", "count": "1"})
        assert client.post(f"/comites/passages/{item_id}/decision", data={}).status_code == 303
        assert "sous conditions" in client.get(f"/comites/seances/{session_id}/salle").text
        client.post(f"/comites/seances/{session_id}/clore")
        shown = soup(client.get(f"/comites/seances/{session_id}/proces-verbal"))
        seen = shown.find("input", attrs={"name": "empreinte"})["value"]
        assert client.post(f"/comites/seances/{session_id}/signer", data={"empreinte": seen}).status_code == 303
        assert client.get(f"/comites/seances/{session_id}/proces-verbal.pdf").status_code == 200
        assert client.get(f"/comites/passages/{item_id}/courrier.pdf").status_code == 200
    public = client.get(f"/projets/{number}", follow_redirects=True).text
    assert "Avis favorable sous conditions" in public
    extract = client.get(f"/comites/{fund_id}/seances/{session_id}/extrait").text
    assert "Avis favorable sous conditions" in extract
    with app.test_request_context():
        assert not showing.tasks(officer) or "procès-verbal" not in str(showing.tasks(officer))


def test_what_waits_is_read_at_once(app: Flask) -> None:
    officer = works_officer()
    call = campaign(terms={"committee_role": "decides"})
    read, call_id = [], call.id
    for number in (2, 8):
        for rank in range(number):
            ftu_studied(db.session.get_one(type(call), call_id), officer, title=f"Projet {number}-{rank}")
        db.session.expunge_all()
        fund_id = db.session.get_one(type(call), call_id).fund_id
        db.session.expunge_all()
        with counting.counted() as statements:
            queries.awaiting(fund_id)
        read.append(len(statements))
    assert read[0] == read[1]
