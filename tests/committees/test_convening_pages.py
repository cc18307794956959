"""The pages that prepare a session: asking, the agenda, invitations answered by link, the pack, notes."""

from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from icalendar import Calendar
from pypdf import PdfReader

from citizen import clock
from citizen.committees import convening, letters, notes, preparation, queries
from citizen.committees.models import Session
from citizen.committees.records import Convocation, ExtraordinaryRequest, MemberNote
from citizen.db import db, transaction
from citizen.kernel.access import Role
from citizen.people import personal_data
from citizen.projects.models import TeamMember
from tests.convened import letters_to, member_of
from tests.factories import actor, login, manager_of, person, pic_admissible, pic_call, pic_inscribed, pic_session


def manager_in(client: FlaskClient, fund: object) -> None:
    login(client, person(duties=[(Role.FUND_MANAGER, fund.on)]))


def test_a_bearer_asks_and_the_manager_answers_on_one_page(client: FlaskClient) -> None:
    call, who = pic_call(), person()
    pic_admissible(call, bearer=actor(who))
    login(client, who)
    ask = f"/comites/{call.fund_id}/demander"
    assert client.post(ask, data={"reason": ""}).status_code == 422
    assert client.post(ask, data={"reason": "Le tournoi est dans cinq semaines."}).status_code == 303
    assert "attend une réponse" in client.get(ask).text
    request_id = db.session.query(ExtraordinaryRequest).one().id
    assert client.get(f"/comites/demandes/{request_id}").status_code == 403
    manager_in(client, call.fund)
    assert who.name in client.get(f"/comites/{call.fund_id}").text
    page = f"/comites/demandes/{request_id}"
    assert client.post(page, data={"answer": "oui"}).status_code == 422
    answer = client.post(page, data={"answer": "non", "reason": "La séance de mai suffit."})
    assert answer.status_code == 303
    assert "La séance de mai suffit." in client.get(page).text


def test_the_agenda_is_proposed_ordered_and_timed_without_script(client: FlaskClient) -> None:
    call = pic_call()
    first, second = pic_admissible(call), pic_admissible(call)
    with clock.at(clock.now() + timedelta(days=10)):
        late = pic_admissible(call)
    session = pic_session(call.fund)
    manager_in(client, call.fund)
    page = f"/comites/seances/{session.id}/preparer"
    text = client.get(page).text
    assert text.count(" checked") == 2 and "15 jours entre le dépôt" in text
    assert client.post(page, data={}).status_code == 422
    assert client.post(page, data={"projects": [str(late.id)]}).status_code == 422
    assert client.post(page, data={"projects": [str(first.id), str(second.id)]}).status_code == 303
    items = [item.id for item in queries.session_with_agenda(session.id).items]
    assert client.post(f"/comites/passages/{items[1]}/deplacer", data={"sens": "haut"}).status_code == 303
    assert [item.id for item in queries.session_with_agenda(session.id).items] == items[::-1]
    assert client.post(f"/comites/seances/{session.id}/cadence", data={"minutes_each": "0"}).status_code == 422
    assert client.post(f"/comites/seances/{session.id}/cadence", data={"minutes_each": "25"}).status_code == 303
    assert "18:25" in client.get(page).text
    assert client.post(f"/comites/passages/{items[0]}/retirer", data={"reason": "Trop long."}).status_code == 303
    assert len(queries.session_with_agenda(session.id).items) == 1


def convened() -> tuple[Session, Convocation, object]:
    project = pic_inscribed()
    session = project.waiting.session
    seat, who = member_of(session.fund)
    member_of(session.fund)
    convening.convene(manager_of(session.fund), session.id)
    return session, next(one for one in preparation.invitations(session.id) if one.seat_id == seat.id), who


def test_a_member_answers_by_the_link_without_signing_in(client: FlaskClient) -> None:
    session, invitation, who = convened()
    url = next(line for line in letters_to(who.email)[-1].body.splitlines() if "/comites/invitations/" in line)
    page = url.removeprefix("http://localhost:8000")
    assert "Maison de quartier" in client.get(page).text
    assert client.post(page, data={"answer": "peut-être"}).status_code == 422
    assert client.post(page, data={"answer": "proxy", "proxy": "0"}).status_code == 422
    assert client.post(page, data={"answer": "absent", "proxy": "0"}).status_code == 303
    assert db.session.get_one(Convocation, invitation.id).answer == "absent"
    assert client.get("/comites/invitations/n-importe-quoi").status_code == 404
    (event,) = Calendar.from_ical(client.get(f"{page}/comite.ics").data).walk("VEVENT")
    assert event["dtstart"].dt == session.held_at
    manager_in(client, session.fund)
    assert "absence excusée" in client.get(f"/comites/seances/{session.id}/preparer").text


def test_moving_and_cancelling_say_why(client: FlaskClient) -> None:
    session, _invitation, who = convened()
    manager_in(client, session.fund)
    move = f"/comites/seances/{session.id}/changer"
    assert "Maison de quartier" in client.get(move).text
    values = {"held_on": "2027-04-02", "held_time": "17:00", "place": "Salle Allende", "reason": ""}
    assert client.post(move, data=values).status_code == 422
    assert client.post(move, data=values | {"reason": "La salle est prise."}).status_code == 303
    assert "La salle est prise." in letters_to(who.email)[-1].body
    assert client.post(f"/comites/seances/{session.id}/annuler", data={"reason": "Il neige."}).status_code == 303
    assert "annulée" in client.get(f"/comites/{session.fund_id}").text
    login(client, who)
    assert client.get(move).status_code == 403


def test_the_calendar_of_a_fund_tells_everybody_days_and_places_only(client: FlaskClient) -> None:
    session, _invitation, _who = convened()
    title = session.items[0].project.title
    answer = client.get(f"/comites/{session.fund_id}/seances.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (event["dtstart"].dt, str(event["location"])) == (session.held_at, "Maison de quartier")
    assert title not in answer.text


# --- the pack ---


def test_the_pack_is_one_tagged_file_in_french_that_reads_as_text(client: FlaskClient) -> None:
    session, _invitation, who = convened()
    login(client, who)
    answer = client.get(f"/comites/seances/{session.id}/lecture.pdf")
    found = PdfReader(BytesIO(answer.data))
    root = found.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "fr")
    assert found.metadata.title == "Dossier de lecture, séance du 30 mars 2027"
    text = " ".join("\n".join(page.extract_text() for page in found.pages).split())
    for words in (
        "Quarante voisins sur cinquante",
        "Agir en citoyens",
        "devis.pdf",
        "demande numéro 1",
        "Location de jeux",
        "· p. 2",
    ):
        assert words in text, words
    assert "Mes notes" in client.get(f"/comites/seances/{session.id}/lecture/imprimer").text


def test_a_member_of_the_team_does_not_get_the_pages_of_their_project(client: FlaskClient) -> None:
    session, _invitation, who = convened()
    other = pic_inscribed(session.items[0].project.call, session, need_evidence="Une autre preuve, de trente voisins.")
    with transaction():
        db.session.add(TeamMember(project_id=session.items[0].project_id, name="Moi", household=9, person_id=who.id))
    login(client, who)
    for page in ("lecture", "lecture/imprimer"):
        text = client.get(f"/comites/seances/{session.id}/{page}").text
        assert "vous êtes du projet" in text and "Une autre preuve" in text
        assert "Quarante voisins sur cinquante" not in text
    body = client.get(f"/comites/seances/{session.id}/lecture.pdf").data
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())
    assert "vous êtes du projet" in text and "Quarante voisins" not in text
    item = next(one for one in session.items if one.project_id != other.id)
    assert client.post(f"/comites/passages/{item.id}/note", data={f"note{item.id}-text": "x"}).status_code == 403


def test_notes_are_read_by_who_wrote_them_alone_and_handed_over(client: FlaskClient) -> None:
    session, _invitation, who = convened()
    item = session.items[0]
    page, field = f"/comites/passages/{item.id}/note", f"note{item.id}-text"
    login(client, who)
    assert client.post(page, data={field: "é" * 6000}).status_code == 422
    assert client.post(page, data={field: "Demander le prix des jeux."}).status_code == 303
    assert "Demander le prix des jeux." in client.get(f"/comites/seances/{session.id}/lecture").text
    assert "Demander le prix des jeux." in str(personal_data.export(actor(who))["member_note"])
    _seat, neighbour = member_of(session.fund)
    login(client, neighbour)
    assert "Demander le prix" not in client.get(f"/comites/seances/{session.id}/lecture").text
    assert "member_note" not in personal_data.export(actor(neighbour))
    notes.write(actor(who), item.id, text=" ", is_kept=False)
    assert db.session.query(MemberNote).count() == 0


def test_each_role_reads_what_is_next(client: FlaskClient) -> None:
    session, invitation, who = convened()
    login(client, who)
    for page in (f"/comites/{session.fund_id}", "/mon-espace"):
        text = client.get(page).text
        assert letters.token_of(invitation.id) in text and "Lire le dossier" in text
    convening.answer(invitation.id, answer="present")
    assert letters.token_of(invitation.id) not in client.get("/mon-espace").text
    manager_in(client, session.fund)
    assert "Envoyer" not in client.get("/mon-espace").text
    member_of(session.fund)
    assert "Envoyer 1 invitation" in client.get("/mon-espace").text
