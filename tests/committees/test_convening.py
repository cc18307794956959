"""Convening: asked for, scheduled, proposed, put in order, told once and again when it changes."""

from datetime import datetime, time, timedelta

import pytest
from flask import Flask

from citizen import clock
from citizen.committees import agenda, asking, convening, letters, preparation, queries, services
from citizen.committees.models import AgendaItem, Proxy, Session
from citizen.committees.records import Convocation
from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.projects import services as life
from tests.convened import calendar_in, letters_to, member_of
from tests.factories import (
    actor,
    committee_member_of,
    manager_of,
    person,
    pic_admissible,
    pic_call,
    pic_fund,
    pic_inscribed,
    pic_session,
)  # fmt: skip


def in_days(days: int, hour: int = 18) -> datetime:
    return datetime.combine(clock.today() + timedelta(days=days), time(hour), clock.LOCAL)


# --- asking ---


def test_the_committee_the_officers_and_whoever_waits_may_ask_once(app: Flask) -> None:
    call, bearer = pic_call(), actor(person())
    fund = call.fund
    officer = actor(person(duties=[(Role.COMMUNE_OFFICER, f"commune:{fund.commune_code}")]))
    for stranger in (
        bearer,
        actor(person()),
        manager_of(fund),
        actor(person(duties=[(Role.COMMUNE_OFFICER, "commune:00000")])),
    ):
        with pytest.raises(Forbidden):
            asking.ask(stranger, fund.id, reason="Vite.")
    pic_admissible(call, bearer=bearer)
    for somebody in (bearer, officer, committee_member_of(fund)):
        asking.ask(somebody, fund.id, reason="La fête est dans un mois.")
        with pytest.raises(NotNow):
            asking.ask(somebody, fund.id, reason="Encore.")
    assert len(preparation.open_requests(fund.id)) == 3


def test_where_the_rules_know_no_extraordinary_session_nobody_asks(app: Flask) -> None:
    fund = pic_fund(extraordinary_allowed=False)
    with pytest.raises(NotNow):
        asking.ask(committee_member_of(fund), fund.id, reason="Vite.")


def test_a_request_is_answered_once_by_the_manager_and_whoever_asked_is_told(app: Flask) -> None:
    fund = pic_fund()
    who = person(duties=[(Role.COMMITTEE_MEMBER, fund.on)])
    manager = manager_of(fund)
    first = asking.ask(actor(who), fund.id, reason="Le match est le 3.")
    with pytest.raises(Forbidden):
        asking.accept(actor(who), first.id, held_at=in_days(20), place="Salle")
    with pytest.raises(Invalid):
        asking.refuse(manager, first.id, reason=" ")
    session = asking.accept(manager, first.id, held_at=in_days(20), place="Salle des fêtes")
    assert (session.kind, "Salle des fêtes" in letters_to(who.email)[-1].body) == ("extraordinary", True)
    with pytest.raises(NotNow):
        asking.refuse(manager, first.id, reason="Trop tard.")
    second = asking.ask(actor(who), fund.id, reason="Un autre.")
    asking.refuse(manager, second.id, reason="La séance de mai suffit.")
    assert "La séance de mai suffit." in letters_to(who.email)[-1].body


def test_the_rhythm_promised_counts_ordinary_sessions_of_the_year(app: Flask) -> None:
    fund = pic_fund(sessions_per_year=4)
    manager = manager_of(fund)
    pic_session(fund, days=20)
    cancelled = pic_session(fund, days=30)
    convening.cancel(manager, cancelled.id, reason="La salle est prise.")
    services.schedule(manager, fund.id, held_at=in_days(40), place="Salle", kind="extraordinary")
    services.schedule(manager, fund.id, held_at=in_days(330), place="Salle")
    rhythm = preparation.rhythm(fund)
    assert (rhythm.held, rhythm.coming, rhythm.missing) == (0, 1, 3)


# --- the agenda ---


def test_the_agenda_proposed_keeps_the_notice_and_says_why_others_wait(app: Flask) -> None:
    call = pic_call()
    early = pic_admissible(call)
    with clock.at(clock.now() + timedelta(days=10)):
        late = pic_admissible(call)
    session = pic_session(call.fund, days=20)
    found = {one.project.id: one for one in agenda.candidates(session)}
    assert (found[early.id].is_proposed, found[early.id].obstacle) == (True, "")
    assert (found[late.id].is_proposed, "15 jours" in found[late.id].obstacle) == (False, True)
    manager = manager_of(call.fund)
    with pytest.raises(Invalid):
        agenda.inscribe_all(manager, session.id, [early.id, late.id])
    assert db.session.query(AgendaItem).count() == 0, "all of them or none"
    with pytest.raises(Forbidden):
        agenda.inscribe_all(committee_member_of(call.fund), session.id, [early.id])
    assert agenda.inscribe_all(manager, session.id, [early.id]) == 1


def three(call: object = None) -> tuple[Session, list[int]]:
    call = call or pic_call()
    session = pic_session(call.fund, days=20)
    items = [pic_inscribed(call, session).waiting.id for _rank in range(3)]
    return session, items


def test_the_order_changes_and_the_hours_follow(app: Flask) -> None:
    session, (first, second, third) = three()
    manager = manager_of(session.fund)
    agenda.pace(manager, session.id, minutes_each=20)
    agenda.move_item(manager, third, is_up=True)
    agenda.move_item(manager, first, is_up=True)
    found = queries.session_with_agenda(session.id)
    assert [(one.id, one.position) for one in found.items] == [(first, 1), (third, 2), (second, 3)]
    hours = convening.hours(found)
    assert [(hours[one] - session.held_at).seconds // 60 for one in (first, third, second)] == [0, 20, 40]


def test_a_file_removed_waits_again_and_its_team_reads_why(app: Flask) -> None:
    who = person()
    project = pic_inscribed(bearer=actor(who))
    manager, item = manager_of(project.call.fund), project.waiting
    with pytest.raises(Invalid):
        agenda.remove_item(manager, item.id, reason="")
    agenda.remove_item(manager, item.id, reason="L’ordre du jour est plein.")
    assert [one.id for one in queries.awaiting(project.call.fund_id)] == [project.id]
    assert "L’ordre du jour est plein." in letters_to(who.email)[-1].body


# --- invitations ---


def test_each_is_told_once_with_the_hour_and_a_calendar_file(app: Flask) -> None:
    bearer = person()
    session, _items = three()
    project = pic_inscribed(session.items[0].project.call, session, bearer=actor(bearer))
    _seat, who = member_of(session.fund)
    manager = manager_of(session.fund)
    assert convening.convene(manager, session.id) == 5
    assert convening.convene(manager, session.id) == 0, "nobody is told twice"
    (event,) = calendar_in(letters_to(who.email)[-1]).walk("VEVENT")
    assert (event["dtstart"].dt, str(event["location"])) == (session.held_at, "Maison de quartier")
    letter = letters_to(bearer.email)[-1]
    assert "18:45" in letter.body and "cinq minutes" in letter.body
    calendar = calendar_in(letter)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["sequence"], str(event["attendee"])) == ("REQUEST", 0, f"mailto:{bearer.email}")
    assert event["dtstart"].dt == session.held_at + timedelta(minutes=45)
    assert project.title in event["summary"]


def test_a_new_order_tells_again_only_those_whose_hour_changed(app: Flask) -> None:
    session, (_first, _second, third) = three()
    manager = manager_of(session.fund)
    convening.convene(manager, session.id)
    agenda.move_item(manager, third, is_up=True)
    assert len(convening.untold(queries.session_with_agenda(session.id))) == 2
    assert convening.convene(manager, session.id) == 2
    assert sorted(one.changes for one in preparation.invitations(session.id)) == [0, 1, 1]


def test_a_session_moved_tells_everybody_with_a_new_sequence_and_asks_again(app: Flask) -> None:
    session, _items = three()
    seat, who = member_of(session.fund)
    manager = manager_of(session.fund)
    convening.convene(manager, session.id)
    invitation = next(one for one in preparation.invitations(session.id) if one.seat_id == seat.id)
    convening.answer(invitation.id, answer="present")
    before = calendar_in(letters_to(who.email)[-1])
    with pytest.raises(Invalid):
        convening.move(manager, session.id, held_at=session.held_at, place=session.place, reason="Pour rien.")
    convening.move(manager, session.id, held_at=in_days(22), place="Salle Allende", reason="La salle est prise.")
    letter = letters_to(who.email)[-1]
    (old,), (new,) = before.walk("VEVENT"), calendar_in(letter).walk("VEVENT")
    assert (new["uid"], new["sequence"], new["dtstart"].dt) == (old["uid"], 1, in_days(22))
    assert "La salle est prise." in letter.body
    assert invitation.answer == "", "the answer was about another day"


def test_files_that_a_new_date_does_not_suit_wait_again(app: Flask) -> None:
    session, _items = three()
    convening.move(manager_of(session.fund), session.id, held_at=in_days(5), place="Salle", reason="C’est pressé.")
    assert len(queries.awaiting(session.fund_id)) == 3
    assert queries.session_with_agenda(session.id).items == []


def test_a_session_cancelled_takes_invitations_back_and_its_files_wait(app: Flask) -> None:
    session, _items = three()
    _seat, who = member_of(session.fund)
    manager = manager_of(session.fund)
    convening.convene(manager, session.id)
    convening.cancel(manager, session.id, reason="Il neige.")
    calendar = calendar_in(letters_to(who.email)[-1])
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert len(queries.awaiting(session.fund_id)) == 3
    assert queries.coming_sessions(session.fund_id) == []
    with pytest.raises(NotNow):
        convening.convene(manager, session.id)
    services.schedule(manager, session.fund_id, held_at=session.held_at, place="Ailleurs")


def in_force() -> list[Proxy]:
    return db.session.query(Proxy).where(Proxy.ended_at.is_(None)).all()


def test_an_answer_changes_until_the_hour_and_a_proxy_goes_to_who_may_hold_it(app: Flask) -> None:
    session, _items = three()
    (giver, _), (holder, _), (third, _) = (member_of(session.fund) for _rank in range(3))
    advisor, _ = member_of(session.fund, college="Élus")
    convening.convene(manager_of(session.fund), session.id)
    mine = {one.seat_id: one for one in preparation.invitations(session.id) if one.seat_id}
    for wrong in (None, giver.id, advisor.id, 999):
        with pytest.raises(Invalid):
            convening.answer(mine[giver.id].id, answer="proxy", proxy_seat_id=wrong)
    convening.answer(mine[giver.id].id, answer="proxy", proxy_seat_id=holder.id)
    assert [(one.giver_id, one.holder_id) for one in in_force()] == [(giver.id, holder.id)], "the room knows it"
    with pytest.raises(Invalid):
        convening.answer(mine[third.id].id, answer="proxy", proxy_seat_id=holder.id)  # one proxy a member
    with pytest.raises(Invalid):
        convening.answer(mine[advisor.id].id, answer="proxy", proxy_seat_id=third.id)
    convening.answer(mine[giver.id].id, answer="present")
    assert in_force() == []
    with clock.at(session.held_at), pytest.raises(NotNow):
        convening.answer(mine[giver.id].id, answer="absent")


def test_the_link_of_a_letter_cannot_be_guessed(app: Flask) -> None:
    session, _items = three()
    convening.convene(manager_of(session.fund), session.id)
    invitation = db.session.query(Convocation).first()
    token = letters.token_of(invitation.id)
    assert letters.invitation_of(token) == invitation.id
    assert [letters.invitation_of(wrong) for wrong in (str(invitation.id), token[:-1], token + "x", "")] == [None] * 4


def test_a_project_withdrawn_leaves_the_agenda_of_a_convened_session(app: Flask) -> None:
    bearer = actor(person())
    project = pic_inscribed(bearer=bearer)
    session, manager = project.waiting.session, manager_of(project.call.fund)
    convening.convene(manager, session.id)
    life.take(bearer, project.id, "withdraw", reason="Nous partons.")
    assert convening.convene(manager, session.id) == 0
