"""A session of thirty files before fifteen members, in the middle of its work: each page against a bare page."""

import time

import pytest
from flask import Flask, Response, render_template_string
from flask.testing import FlaskClient

from citizen import clock
from citizen.committees import review as room
from citizen.committees import sitting, voting
from citizen.committees.models import Session
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.people.models import Person
from citizen.pic import sitting as conditions
from citizen.pic.models import PicProject
from citizen.web.access import public
from tests import factories, rooms
from tests.counting import counted

pytestmark = pytest.mark.bench
BARE = "/banc/nue"
# How many bare pages each may cost: twice to three times what is measured; a query for each file or member would pass it.
MOST = {"salle": 20, "projet, membre": 20, "projet, conduite": 25, "ordre du jour": 40, "lecture": 60, "procès-verbal": 40}


def busy(files: int, members: int) -> tuple[Session, list[PicProject], list[Actor], Actor]:
    """A third of the files settled, one being voted by half of the members, the others to come."""
    fund = factories.pic_fund()
    people, call = rooms.members(fund, members), factories.pic_call(fund, envelope_cents=100_000_00)
    session = factories.pic_session(fund)
    projects = [factories.pic_inscribed(call, session) for _file in range(files)]
    with clock.at(session.held_at):
        manager = rooms.opened(session)
        for project in projects[: files // 3]:
            settle(project, manager)
        question = put(projects[files // 3], manager)
        for who in people[: members // 2]:
            voting.cast(who, question, "for")
    return session, projects, people, manager


def put(project: PicProject, manager: Actor) -> int:
    """A grant put to the vote."""
    item_id = rooms.item_of(project).id
    sitting.hear(manager, item_id, "present")
    conditions.note(manager, item_id, rooms.judged())
    return room.propose(manager, item_id, "grant", amount_cents=500_00).id


def settle(project: PicProject, manager: Actor) -> None:
    question = voting.open_question(rooms.item_of(project))
    rooms.everybody(manager, question.id if question else put(project, manager))
    room.settle(manager, rooms.item_of(project).id)


def signed_in(app: Flask, who: Actor) -> FlaskClient:
    client = FlaskClient(app, Response)
    with app.app_context():
        factories.login(client, db.session.get_one(Person, who.person_id))
    return client


def test_each_page_of_a_full_session_stays_close_to_a_bare_page(app: Flask) -> None:
    session, projects, people, manager = busy(30, 15)
    session_id, item_id = session.id, rooms.item_of(projects[10]).id
    app.view_functions["bare"] = public(lambda: render_template_string('{% extends "base.html" %}'))
    app._got_first_request = False
    app.add_url_rule(BARE, "bare", app.view_functions["bare"])
    with clock.at(session.held_at):
        member, leading = signed_in(app, people[-1]), signed_in(app, manager)
        pages = {
            "salle": (member, f"/comites/seances/{session_id}/salle"), "projet, membre": (member, f"/comites/passages/{item_id}"),
            "projet, conduite": (leading, f"/comites/passages/{item_id}"), "ordre du jour": (leading, f"/comites/seances/{session_id}"),
            "lecture": (member, f"/comites/seances/{session_id}/lecture"),
        }  # fmt: skip
        taken = {name: measured(app, *page) for name, page in pages.items()}
        for project in projects[10:]:
            settle(project, manager)
        rooms.closed(session)
        taken["procès-verbal"] = measured(app, member, f"/comites/seances/{session_id}/proces-verbal")
    print("\n" + ", ".join(f"{name} {page:.1f} ms ({page / bare:.1f} pages nues)" for name, (page, bare) in taken.items()))
    over = {name for name, (page, bare) in taken.items() if page / bare > MOST[name]}
    assert not over


def measured(app: Flask, client: FlaskClient, path: str) -> tuple[float, float]:
    """The page and the bare page, for the same person, as a request finds the database."""

    def milliseconds(address: str) -> float:
        started = time.perf_counter()
        with app.app_context():
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status)
        return (time.perf_counter() - started) * 1000

    rounds = [(milliseconds(path), milliseconds(BARE)) for _round in range(12)]
    return min(page for page, _bare in rounds), min(bare for _page, bare in rounds)


def test_each_page_asks_the_database_as_much_for_many_as_for_few(app: Flask) -> None:
    counts = []
    for files, members in ((3, 4), (9, 15)):
        session, projects, people, manager = busy(files, members)
        item_id, asked = rooms.item_of(projects[files // 3]).id, {}
        with clock.at(session.held_at):
            for name, who in (("member", people[-1]), ("manager", manager)):
                client = signed_in(app, who)
                seen = f"/comites/seances/{session.id}"
                for path in (
                    seen,
                    f"{seen}/salle",
                    f"{seen}/lecture",
                    f"{seen}/lecture/imprimer",
                    f"/comites/passages/{item_id}",
                ):
                    with app.app_context(), counted() as statements:
                        assert client.get(path).status_code == 200
                    asked[name, path.replace(str(session.id), "").replace(str(item_id), "")] = len(statements)
        counts.append(asked)
    assert counts[0] == counts[1]
