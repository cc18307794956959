"""Who chose and did not confirm is told once, and again on the last day; nobody else is."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select

from citizen import clock
from citizen.ballots import codes, reminding, services, signing
from citizen.ballots.rules import WithCode
from citizen.db import db, transaction
from citizen.mail import services as mail
from citizen.mail.models import Letter
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

DAY = timedelta(days=1)


def test_what_waits_is_told_once_and_again_on_the_last_day(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [1_000_00, 2_000_00])
    option, letter = poll.options[0].id, codes.make(officer, poll.id, number=1)[0]
    chose, voted, late = person(), person(), person()
    with clock.at(poll.opens_at):
        for elector in (actor(chose), actor(voted), WithCode(signing.hashed(letter.code))):
            services.keep_draft(elector, poll.id, [option])
        services.vote(actor(voted), poll.id, [option], is_eligible=True)
        assert reminding.remind_all() == 0, "who is still choosing is left in peace"
    with transaction():
        db.session.execute(delete(Letter))
    last_day = poll.closes_at - timedelta(hours=15)
    sent = []
    for moment in (poll.opens_at + DAY, poll.opens_at + 2 * DAY, last_day, last_day + timedelta(hours=1), poll.closes_at):
        with clock.at(moment):
            if moment == last_day:
                services.keep_draft(actor(late), poll.id, [option])
            sent.append(reminding.remind_all())
    assert sent == [1, 0, 2, 0, 0]
    letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert sorted(letter.to for letter in letters) == sorted([chose.email, chose.email, late.email])
    assert "C’est le dernier jour" in letters[-1].body
    assert all("Projet" not in letter.body and letter.is_untraced for letter in letters)


def test_a_letter_of_the_vote_leaves_no_trace_once_sent(app: Flask) -> None:
    poll, voter = announced_poll(works_officer(), [1_000_00]), person()
    with clock.at(poll.opens_at + timedelta(hours=9, minutes=41)):
        services.vote(actor(voter), poll.id, [poll.options[0].id], is_eligible=True)
        kept = db.session.scalars(select(Letter).where(Letter.to == voter.email, Letter.is_untraced)).one()
        assert (kept.written_at.minute, kept.next_try_at.minute) == (0, 0)
        mail.send_waiting(app.config["SETTINGS"])
    assert not db.session.scalars(select(Letter.id).where(Letter.is_untraced)).all()
