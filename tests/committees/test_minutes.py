"""Minutes: they say what happened, are signed by two, release every decision at one moment, and name nobody outside."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.exc import DatabaseError

from citizen import clock
from citizen.committees import minutes, notes, recording, review
from citizen.committees import sitting as heard
from citizen.committees.models import Session
from citizen.committees.records import MemberNote, Minutes
from citizen.committees.rules import extract, proof, without
from citizen.db import db, transaction
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.pic.models import PicProject
from citizen.projects import services as life
from tests import rooms
from tests.convened import letters_to
from tests.factories import actor, login, manager_of, person, pic_call, pic_inscribed


def held(action: str = "grant", *, bearer: Actor | None = None, **values: object) -> PicProject:
    """A project settled in a session that is closed."""
    call = pic_call()
    project = pic_inscribed(call, bearer=bearer)
    session = project.waiting.session
    with clock.at(session.held_at):
        rooms.settled(project, action, **values)
        rooms.closed(session)
    return project


def session_of(project: PicProject) -> Session:
    found = recording.session_for_minutes(project.passage.session_id)
    assert found is not None
    return found


def seen(project: PicProject) -> str:
    return proof(recording.content(session_of(project)))


def signers(project: PicProject) -> list[Actor]:
    """Who signs, in turn: the desk of the session, else the fund's manager."""
    session = session_of(project)
    desk = [actor(seat.person) for seat in (session.president, session.secretary) if seat and seat.person]
    return [*desk, manager_of(session.fund)] if len(desk) < 2 else desk


def signed(project: PicProject) -> None:
    for who in signers(project):
        if minutes.sign(who, project.passage.session_id, seen=seen(project)):
            return


def test_minutes_say_what_happened(app: Flask) -> None:
    content = recording.content(session_of(held()))
    (item,) = content["items"]
    assert (item["action"], item["amount_cents"], item["hearing"]) == ("grant", 500_00, "present")
    assert item["votes"]["votes_for"] > 0
    assert any(college["present"] for college in content["colleges"])
    (envelope,) = content["envelopes"]
    assert (envelope["before_cents"], envelope["after_cents"]) == (10_000_00, 9_500_00)


def test_the_last_signature_takes_every_decision_and_tells_each_team_once(app: Flask) -> None:
    who = person()
    project = held(bearer=actor(who))
    before = len(letters_to(who.email))
    assert db.session.get_one(PicProject, project.id).state == "admissible"
    signed(project)
    kept = db.session.get_one(PicProject, project.id)
    assert (kept.state, kept.granted_cents, kept.decisions[-1].act_reference) == ("granted", 500_00, "Séance du 30 mars 2027")
    (letter,) = letters_to(who.email)[before:]
    assert "En mots simples" in letter.body and "Vous n’êtes pas d’accord" in letter.body
    assert db.session.query(Minutes).one().content_hash == seen(project)


def test_only_the_desk_signs_and_what_was_read(app: Flask) -> None:
    project = held()
    session_id = project.passage.session_id
    for stranger in (actor(person()), manager_of(pic_call().fund)):
        with pytest.raises(Forbidden):
            minutes.sign(stranger, session_id, seen=seen(project))
    who = signers(project)[0]
    with pytest.raises(NotNow, match="relisez"):
        minutes.sign(who, session_id, seen="0" * 64)
    before = seen(project)
    minutes.remark(manager_of(session_of(project).fund), session_id, text="La salle était froide.", project_id=project.id)
    assert seen(project) != before
    with pytest.raises(NotNow, match="relisez"):
        minutes.sign(who, session_id, seen=before)


def test_what_is_signed_no_longer_moves(app: Flask) -> None:
    project = held()
    session_id = project.passage.session_id
    signed(project)
    manager = manager_of(session_of(project).fund)
    with pytest.raises(NotNow):
        minutes.remark(manager, session_id, text="Trop tard.")
    with pytest.raises(NotNow):
        minutes.sign(manager, session_id, seen=seen(project))
    with pytest.raises(DatabaseError), transaction():
        db.session.query(Minutes).one().content_hash = "autre"


def test_a_release_that_fails_leaves_nothing_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    project = held()
    session_id, letters = project.passage.session_id, db.session.query(Letter).count()

    release = review.release

    def broken(*args: object, **values: object) -> None:
        release(*args, **values)
        raise ZeroDivisionError

    monkeypatch.setattr(review, "release", broken)

    *first, last = signers(project)
    for who in first:
        minutes.sign(who, session_id, seen=seen(project))
    with pytest.raises(ZeroDivisionError):
        minutes.sign(last, session_id, seen=seen(project))
    assert db.session.query(Minutes).count() == 0
    assert db.session.get_one(PicProject, project.id).state == "admissible"
    assert db.session.query(Letter).count() == letters


def test_a_project_withdrawn_before_the_signature_is_not_decided(app: Flask) -> None:
    bearer = actor(person())
    project = held(bearer=bearer)
    life.take(bearer, project.id, "withdraw", reason="Nous partons.")
    content = recording.content(session_of(project))
    assert content["items"][0]["has_left"] is True
    assert content["envelopes"][0]["after_cents"] == 10_000_00
    signed(project)
    assert db.session.get_one(PicProject, project.id).state == "withdrawn"


def test_notes_are_erased_at_the_signature_unless_kept(app: Flask) -> None:
    project = pic_inscribed()
    session = project.waiting.session
    manager = manager_of(session.fund)
    other = actor(person(duties=[(Role.FUND_MANAGER, session.fund.on)]))
    notes.write(manager, project.waiting.id, text="À oublier.", is_kept=False)
    notes.write(other, project.waiting.id, text="À garder.", is_kept=True)
    with clock.at(session.held_at):
        rooms.settled(project, "grant")
        rooms.closed(session)
    signed(project)
    assert [note.text for note in db.session.query(MemberNote)] == ["À garder."]


# --- outside the room ---


def test_nothing_of_a_decision_is_seen_outside_before_the_signature(client: FlaskClient) -> None:
    who, follower = person(), person()
    call = pic_call()
    project = pic_inscribed(call, bearer=actor(who))
    life.follow(actor(follower), project.id, is_following=True)
    session = project.waiting.session
    item_id, title = project.waiting.id, project.title
    pages = [
        f"/projets/{project.id}", "/pic", f"/pic/fonds/{call.fund.slug}", "/projets", "/", "/agenda", "/donnees", "/mon-espace", "/tableau-de-bord",
        f"/comites/{call.fund_id}/seances/{session.id}/extrait", f"/comites/{call.fund_id}/seances.ics",
        f"/comites/passages/{item_id}/courrier.pdf", f"/comites/seances/{session.id}/proces-verbal",
    ]  # fmt: skip

    def read() -> dict[tuple[str, str], tuple[int, str]]:
        found = {}
        for name, reader in (("visitor", None), ("bearer", who), ("follower", follower)):
            browser = client.application.test_client()
            if reader:
                login(browser, reader)
            for page in pages:
                answer = browser.get(page, follow_redirects=True)
                found[name, page] = (answer.status_code, answer.text)
        return found

    with clock.at(session.held_at + timedelta(hours=3)):
        with clock.at(session.held_at):
            heard.hear(rooms.opened(session), item_id, "present")
        before, letters = read(), db.session.query(Letter).count()
        with clock.at(session.held_at):
            rooms.settled(project, "grant")
            rooms.closed(session)
        after = read()
        differing = [
            key for key in before if _plain(before[key][1]) != _plain(after[key][1]) or before[key][0] != after[key][0]
        ]
        assert differing == []
        assert db.session.query(Letter).count() == letters
        signed(project)
        assert "500" in client.get(f"/projets/{project.id}", follow_redirects=True).text
        assert title in client.get(f"/comites/{call.fund_id}/seances/{session.id}/extrait").text


def _plain(text: str) -> str:
    """Without what changes by itself, and that the session is over: everybody may know that it was held."""
    text = text.replace(' <span class="meta">(close)</span>', "")
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def test_the_extract_names_nobody_and_reads_on_paper(client: FlaskClient) -> None:
    who = person(name="Zoé Delannoy")
    call = pic_call()
    project = pic_inscribed(call, bearer=actor(who))
    session = project.waiting.session
    with clock.at(session.held_at):
        rooms.settled(project, "grant")
        said = "Zoé Delannoy et Awa reçoivent 500 €, dit La présidence."
        review.correct(manager_of(call.fund), project.waiting.id, sentence=said, easy="Oui !", asked="", reason="Une coquille.")
        rooms.closed(session)
    names = recording.names_in(session_of(project))
    signed(project)
    address = f"/comites/{call.fund_id}/seances/{session.id}/extrait"
    text = client.get(address).text
    assert project.title in text and "une personne" in text
    text = text[text.index("<main") : text.index("</main>")]
    assert [name for name in names if name in text] == []
    found = PdfReader(BytesIO(client.get(f"{address}.pdf").data))
    paper = " ".join(page.extract_text() for page in found.pages)
    assert [name for name in names if name in paper] == []
    assert bool(found.trailer["/Root"]["/MarkInfo"]["/Marked"])


def test_names_are_hidden_and_places_stay() -> None:
    said = without(
        ["Awa", "Luc Pierre", "Pierre"], "Awa et luc pierre, à Saint-Pierre, rue Pierrette : Awatef.", "une personne"
    )
    assert said == "une personne et une personne, à Saint-Pierre, rue Pierrette : Awatef."
    assert without([" ", ""], "Rien.", "x") == "Rien."


def test_an_extract_keeps_counts_only() -> None:
    content = {
        "fund": "F", "keeper": "K", "scheme": "pic", "kind": "ordinary", "held_at": "x", "place": "Salle", "envelopes": [],
        "president": "Ana", "secretary": "Bob", "remarks": [{"author": "Ana", "text": "Ana"}],
        "colleges": [{"name": "Habitants", "is_voting": True, "present": ["Ana"], "represented": [{"name": "C", "by": "Ana"}]}],
        "items": [
            {
                "position": 1, "project_id": 1, "title": "T", "requested_cents": 1, "action": "grant", "amount_cents": 1, "votes": None,
                "has_left": False, "recusals": [{"name": "Bob", "ground": "team"}], "sentence": "Bob dit oui.", "asked": "",
                "verdicts": {"a": {"verdict": "met", "reason": "Ana l’a vu."}},
            }
        ],
    }  # fmt: skip
    text = str(extract(content, ["Ana", "Bob"], "une personne"))
    assert "Ana" not in text and "Bob" not in text and "'recused': 1" in text


# --- pages ---


def test_the_minutes_are_read_completed_and_signed_on_their_page(client: FlaskClient) -> None:
    project = held()
    session_id = project.passage.session_id
    page = f"/comites/seances/{session_id}/proces-verbal"
    who, *rest = signers(project)
    login(client, db.session.get_one(type(person()), who.person_id))
    text = client.get(page).text
    assert "Signer le procès-verbal" in text and "500" in text
    assert client.post(page, data={"point": "0", "text": ""}).status_code == 422
    assert client.post(page, data={"point": str(project.id), "text": "La salle était froide."}).status_code == 303
    assert "La salle était froide." in client.get(page).text
    sign = f"/comites/seances/{session_id}/signer"
    assert client.post(sign, data={"empreinte": "x"}).status_code == 409
    assert client.post(sign, data={"empreinte": seen(project)}).status_code == 303
    for other in rest:
        login(client, db.session.get_one(type(person()), other.person_id))
        client.post(sign, data={"empreinte": seen(project)})
    assert "signé et publié" in client.get(page).text
    letter = client.get(f"/comites/passages/{project.passage.id}/courrier.pdf")
    assert letter.status_code in (200, 403)
    reading = PdfReader(BytesIO(client.get(f"{page}.pdf").data))
    assert "La salle était froide." in " ".join(" ".join(one.extract_text() for one in reading.pages).split())


def test_a_letter_on_paper_says_the_decision_twice(client: FlaskClient) -> None:
    who = person()
    project = held(bearer=actor(who))
    signed(project)
    login(client, who)
    answer = client.get(f"/comites/passages/{project.passage.id}/courrier.pdf")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())
    assert "En mots simples" in text and "pas d’accord" in text and project.title in text
