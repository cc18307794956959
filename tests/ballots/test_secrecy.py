"""Nothing kept says who chose what, at what time, from where; and the clock of a vote, on the days when it jumps."""

import logging
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from citizen import clock
from citizen.ballots import codes, desk, services, signing
from citizen.ballots.models import Ballot, Participation, Poll
from citizen.ballots.rules import AtDesk, Channel, WithCode
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.journal.models import Event
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow
from citizen.mail import services as mail
from tests.factories import actor, login, person
from tests.works import announced_poll, works_officer

ODD = timedelta(hours=9, minutes=41, seconds=27)  # a time of day that nothing else has
SECOND = timedelta(seconds=1)


def everything() -> dict[str, str]:
    """Every row of every table, in words."""
    db.session.rollback()
    return {
        table.name: "\n".join(map(repr, db.session.execute(text(f'SELECT * FROM "{table.name}"'))))
        for table in db.metadata.sorted_tables
    }


def voted_by_every_way(client: FlaskClient, officer: Actor, poll: Poll) -> list[str]:
    """An account over HTTP, a code, somebody at the desk: one of each, who changes once; their receipts."""
    number, options = poll.id, [option.id for option in poll.options]
    letter = codes.make(officer, number, number=1)[0]
    voter = person()
    with clock.at(poll.opens_at):
        login(client, voter)
        added = desk.add_person(officer, number, last_name="Petit", first_name="Luc", is_sure=False)
    with clock.at(poll.opens_at + ODD):
        ticket = desk.check_in(officer, number, added, Channel.DESK)
        elector = desk.open_ballot(number, ticket)
        services.vote(elector, number, options[:1], is_eligible=True)
        with_code = WithCode(signing.hashed(letter.code))
        services.keep_draft(with_code, number, options)
        services.vote(with_code, number, options[1:], is_eligible=True)
        for chosen in (options[:1], options[1:]):
            client.post(f"/voter/{number}", data={"choices": chosen})
            client.post(f"/voter/{number}/confirmer", data={"choices": chosen, "is_eligible": "y"})
        for _other in range(9):
            services.vote(actor(person()), number, options[:2], is_eligible=True)
    with clock.at(poll.opens_at + 2 * ODD):
        mail.send_waiting(client.application.config["SETTINGS"])
        return list(db.session.scalars(select(Participation.receipt).where(Participation.poll_id == number)))  # type: ignore[arg-type]


def test_no_log_journal_nor_table_tells_the_time_or_the_address_and_the_link_ends_with_the_count(
    client: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    officer = works_officer()
    poll = announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])
    number, moment, closes_at = poll.id, poll.opens_at + ODD, poll.closes_at
    receipts = voted_by_every_way(client, officer, poll)
    assert len(receipts) == 12
    said = everything() | {"log": caplog.text}
    told = moment.astimezone(UTC).strftime(r"%H:%M:%S|%-H, %-M, %-S")
    local = moment.astimezone(clock.LOCAL).strftime(r"%H:%M:%S|%-H, %-M, %-S")
    # Signing up and in are acts of their own, whose moment says nothing of a vote.
    watched = {
        name: rows for name, rows in said.items() if name not in ("person", "sign_in", "mailed_link", "attempt", "event")
    }
    assert {name for name, rows in watched.items() if re.search(f"{told}|{local}", rows)} == set()
    events = db.session.scalars(select(Event).where(Event.subject == f"poll:{number}")).all()
    assert all(
        event.at.astimezone(UTC).replace(microsecond=0) != moment.astimezone(UTC).replace(microsecond=0) for event in events
    )
    assert {name for name, rows in said.items() if "127.0.0.1" in rows} == set()
    assert not any(receipt in said["log"] or receipt in said["event"] for receipt in receipts)
    with clock.at(closes_at):
        ftu.count_poll(officer, number)
    after = everything()
    assert {name for name, rows in after.items() if any(receipt in rows for receipt in receipts)} == {"ballot", "ballot_choice"}
    assert not after["draft_ballot"] and not after["desk_ticket"]


def move(poll: Poll, opens_at: datetime, closes_at: datetime) -> None:
    with transaction():
        kept = db.session.get_one(Poll, poll.id)
        kept.opens_at, kept.closes_at = opens_at, closes_at


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2028, 2, 29)], ids=["longer", "shorter", "leap"])
def test_a_vote_opens_and_closes_at_the_quarter_s_midnight_whatever_the_clock_does(app: Flask, day: date) -> None:
    poll = announced_poll(works_officer(), [1_000_00])
    midnight, end = (datetime.combine(one, time.min, clock.LOCAL) for one in (day, day + timedelta(days=1)))
    assert (midnight, end) == (ftu.midnight(day), ftu.midnight(day + timedelta(days=1)))
    move(poll, midnight, end)
    number, option = poll.id, poll.options[0].id
    hours = (end.astimezone(UTC) - midnight.astimezone(UTC)) / timedelta(hours=1)
    assert hours == {10: 25, 3: 23, 2: 24}[day.month]
    began, over = midnight.astimezone(UTC), end.astimezone(UTC)
    for moment in (began - SECOND, over, over + SECOND):
        with clock.at(moment), pytest.raises(NotNow):
            services.vote(actor(person()), number, [option], is_eligible=True)
    moments = [began, *(began + timedelta(minutes=30 * step) for step in range(1, int(hours * 2))), over - SECOND]
    for moment in moments:
        with clock.at(moment):
            services.vote(actor(person()), number, [option], is_eligible=True)
    assert set(db.session.scalars(select(Participation.voted_on))) == {day}
    db.session.expire_all()
    assert db.session.get_one(Poll, number).last_minute.astimezone(clock.LOCAL).time() == time(23, 59)


def test_at_the_desk_too_the_last_second_counts_and_the_next_does_not(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [1_000_00])
    number, option, closes_at = poll.id, poll.options[0].id, poll.closes_at
    with clock.at(closes_at - SECOND):
        lines = [desk.add_person(officer, number, last_name=f"Nom {n}", first_name="Luc", is_sure=False) for n in range(2)]
        services.vote(AtDesk(lines[0]), number, [option], is_eligible=True)
        ticket = desk.check_in(officer, number, lines[1], Channel.DESK)
    with clock.at(closes_at):
        elector = desk.open_ballot(number, ticket)
        with pytest.raises(NotNow):
            services.vote(elector, number, [option], is_eligible=True)
        with pytest.raises(NotNow):
            desk.check_in(officer, number, lines[1], Channel.DESK)


def test_after_the_count_nothing_is_left_of_the_order_in_which_people_came(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [1_000_00, 2_000_00])
    poll_id, options, is_postgresql = poll.id, [option.id for option in poll.options], db.engine.dialect.name == "postgresql"
    with clock.at(poll.opens_at):
        arrival = [services.vote(actor(person()), poll_id, options[rank % 2 :], is_eligible=True) for rank in range(14)]
    nonces = [str(one) for one in db.session.scalars(select(Ballot.nonce))]
    voters = list(db.session.scalars(select(Participation.voter_id)))
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll_id)
    stored = " ORDER BY ctid" if is_postgresql else ""
    for table, key, keys in (
        ("ballot", "receipt", arrival),
        ("ballot_choice", "receipt", arrival),
        ("participation", "voter_id", voters),
    ):
        rows = list(db.session.scalars(text(f"SELECT {key}, {table}.* FROM {table}{stored}")))
        assert sorted(set(rows)) == sorted(keys) != arrival
        assert rows == sorted(rows), table
        if is_postgresql:  # nor is a ballot still joined to its voter by the transaction that stored both
            assert db.session.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}")) == 1
    db.session.rollback()
    if not is_postgresql:
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        assert [one for one in nonces if one.encode() in Path(str(db.engine.url.database)).read_bytes()] == []
