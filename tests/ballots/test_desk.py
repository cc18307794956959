"""Codes and the desk: one ballot, however one comes to it."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from citizen import clock
from citizen.ballots import codes, desk, listing, polling, queries, services, signing
from citizen.ballots.models import DraftBallot, Participation, Poll
from citizen.ballots.roll_models import DeskTicket, VoterCode
from citizen.ballots.rules import AtDesk, Channel
from citizen.db import db
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.web import sheets
from tests.ballots.rolls import box, cast, line, listed, with_code
from tests.factories import actor, person
from tests.works import announced_poll, chosen_by, works_officer


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])


def test_a_code_is_random_kept_hashed_and_opens_one_ballot(officer: Actor, poll: Poll) -> None:
    letters = codes.make(officer, poll.id, number=200)
    assert len({letter.code for letter in letters}) == 200
    assert all(len(signing.typed(letter.code)) * 5 >= 60 for letter in letters)
    kept = set(db.session.scalars(select(VoterCode.code_hash)))
    assert not kept & {letter.code for letter in letters}
    with clock.at(poll.opens_at):
        spoken = letters[0].code.lower().replace("-", " ")
        elector = polling.enter(NOBODY, poll.id, f" {spoken} ")
        first = cast(poll, elector, 0, 1)
        assert cast(poll, elector, 1, 0) == first
        assert cast(poll, elector, 2) != first
        for wrong in ("", "AAAAA-AAAAA-AAAAA", letters[0].code[:-1]):
            with pytest.raises(Invalid):
                polling.enter(NOBODY, poll.id, wrong)
    assert box() == (1, 1)
    state = listing.batches(poll.id)[0]
    assert (state.batch.size, state.used, state.void, state.waiting) == (200, 1, 0, 199)


def test_a_code_of_another_poll_opens_nothing(officer: Actor, poll: Poll) -> None:
    other = announced_poll(officer, [1_000_00])
    letter = codes.make(officer, other.id, number=1)[0]
    with clock.at(poll.opens_at), pytest.raises(Invalid):
        polling.enter(NOBODY, poll.id, letter.code)
    with clock.at(poll.opens_at), pytest.raises(Forbidden):
        cast(poll, with_code(letter), 0)


def test_a_cancelled_code_opens_nothing_and_the_line_gets_another(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    letters = codes.make(officer, poll.id, for_list=True)
    assert [(one.list_number, one.last_name) for one in letters] == [("1", "Lefebvre"), ("2", "Ben Salem"), ("3", "Ducasse")]
    with pytest.raises(Invalid):
        codes.make(officer, poll.id, for_list=True)
    batch_id = listing.batches(poll.id)[0].batch.id
    with pytest.raises(Invalid):
        codes.cancel(officer, batch_id, reason="")
    assert codes.cancel(officer, batch_id, reason="Lettre perdue", serial=2) == 1
    with pytest.raises(Invalid):
        codes.cancel(officer, batch_id, reason="Lettre perdue", serial=2)
    new = codes.make(officer, poll.id, for_list=True)
    assert [one.list_number for one in new] == ["2"]
    with clock.at(poll.opens_at):
        with pytest.raises(Forbidden):
            cast(poll, with_code(letters[1]), 0)
        cast(poll, with_code(new[0]), 0)
        cast(poll, with_code(letters[0]), 0)
        assert codes.cancel(officer, batch_id, reason="Lot perdu") == 2
        with pytest.raises(Forbidden):
            cast(poll, with_code(letters[0]), 1)
    assert box() == (2, 2), "a ballot already cast stays"


def test_an_account_and_the_code_of_one_line_have_one_ballot(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    letters, voter = codes.make(officer, poll.id, for_list=True), actor(person())
    with clock.at(poll.opens_at):
        with pytest.raises(Forbidden):
            cast(poll, voter, 0)
        by_code = cast(poll, with_code(letters[0]), 0)
        assert polling.enter(voter, poll.id, letters[0].code) == voter
        assert cast(poll, voter, 0) == by_code
        changed = cast(poll, voter, 1)
        assert cast(poll, with_code(letters[0]), 1) == changed
        with pytest.raises(Invalid, match="autre compte"):
            polling.enter(actor(person()), poll.id, letters[0].code)
        with pytest.raises(Invalid, match="pas les deux"):
            polling.enter(voter, poll.id, letters[1].code)
    assert box() == (1, 1)


def test_on_a_declared_roll_who_voted_by_account_uses_no_code(officer: Actor, poll: Poll) -> None:
    letters = codes.make(officer, poll.id, number=2)
    voted, chose = actor(person()), actor(person())
    with clock.at(poll.opens_at):
        cast(poll, voted, 0)
        with pytest.raises(Invalid, match="pas les deux"):
            polling.enter(voted, poll.id, letters[0].code)
        services.keep_draft(chose, poll.id, [poll.options[0].id])
        assert polling.enter(chose, poll.id, letters[0].code) == chose
        receipt = cast(poll, chose, 2)
        assert cast(poll, with_code(letters[0]), 2) == receipt
        with pytest.raises(Invalid):
            polling.enter(actor(person(verified=False)), poll.id, letters[1].code)
    assert box() == (2, 2)
    assert db.session.scalar(select(func.count()).select_from(DraftBallot)) == 0


def test_a_code_is_of_no_use_before_nor_after_the_vote(officer: Actor, poll: Poll) -> None:
    letter = codes.make(officer, poll.id, number=1)[0]
    for moment in (poll.opens_at - timedelta(seconds=1), poll.closes_at):
        with clock.at(moment), pytest.raises(NotNow):
            polling.enter(NOBODY, poll.id, letter.code)
    with clock.at(poll.closes_at), pytest.raises(NotNow):
        codes.make(officer, poll.id, number=1)


def test_at_the_desk_a_number_opens_one_ballot_once(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    voter = line(poll, "2")
    with clock.at(poll.opens_at):
        old = desk.check_in(officer, poll.id, voter.id, Channel.DESK)
        ticket = desk.check_in(officer, poll.id, voter.id, Channel.DESK)
        with pytest.raises(Invalid):
            desk.open_ballot(poll.id, old)
        elector = desk.open_ballot(poll.id, ticket.lower())
        with pytest.raises(Invalid):
            desk.open_ballot(poll.id, ticket)
        cast(poll, elector, 0)
        with pytest.raises(NotNow, match="déjà participé"):
            desk.check_in(officer, poll.id, voter.id, Channel.DESK)
        with pytest.raises(NotNow, match="déjà participé"):
            desk.check_in(officer, poll.id, voter.id, Channel.PAPER)
    assert db.session.scalars(select(Participation.channel)).one() == "desk"
    assert db.session.scalar(select(func.count()).select_from(DeskTicket)) == 0


def test_a_number_of_the_desk_is_short_lived(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    with clock.at(poll.opens_at):
        ticket = desk.check_in(officer, poll.id, line(poll, "2").id, Channel.DESK)
    with clock.at(poll.opens_at + desk.TICKET_LASTS), pytest.raises(Invalid):
        desk.open_ballot(poll.id, ticket)


def test_who_voted_online_does_not_vote_at_the_desk_nor_on_paper(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    letters = codes.make(officer, poll.id, for_list=True)
    voter = line(poll, "1")
    with clock.at(poll.opens_at):
        elector = desk.open_ballot(poll.id, desk.check_in(officer, poll.id, voter.id, Channel.DESK))
        cast(poll, with_code(letters[0]), 0)
        with pytest.raises(NotNow, match="déjà participé"):
            cast(poll, elector, 1)
        on_paper = line(poll, "3")
        desk.check_in(officer, poll.id, on_paper.id, Channel.PAPER)
        with pytest.raises(NotNow, match="déjà participé"):
            cast(poll, with_code(letters[2]), 1)
    assert box() == (1, 2)


def test_somebody_declared_at_the_desk_and_a_namesake_is_told(officer: Actor, poll: Poll) -> None:
    with clock.at(poll.opens_at):
        added = desk.add_person(officer, poll.id, last_name="Petit", first_name="Luc", is_sure=False)
        cast(poll, AtDesk(added), 0)
        for last_name, first_name in (("PETIT", "luc"), ("Luc", "Petit")):
            with pytest.raises(Invalid, match="déjà participé"):
                desk.add_person(officer, poll.id, last_name=last_name, first_name=first_name, is_sure=False)
        desk.add_person(officer, poll.id, last_name="Petit", first_name="Luc", is_sure=True)
        cast(poll, actor(person(name="Awa Diop")), 0)
        with pytest.raises(Invalid, match="déjà participé"):
            desk.add_person(officer, poll.id, last_name="Diop", first_name="Awa", is_sure=False)
    assert box() == (2, 2)


def test_on_a_listed_roll_the_desk_adds_nobody(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    with clock.at(poll.opens_at), pytest.raises(NotNow):
        desk.add_person(officer, poll.id, last_name="Petit", first_name="Luc", is_sure=True)


def test_a_search_finds_by_number_and_by_any_part_of_the_name(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    for words, found in (("2", ["2"]), ("salem kar", ["2"]), ("ZOE", ["3"]), ("%", []), ("", []), ("e", ["2", "3", "1"])):
        assert [one.voter.list_number for one in listing.search(poll.id, words)] == found


def test_the_printer_s_table_cannot_become_a_formula() -> None:
    letters = [codes.Letter(1, 1, "ABCDE-FGHJK-LMNPQ", "=1", "+x", "y")]
    table = sheets.lines_of(codes.HEAD, codes.rows(letters, "https://x/voter/1"))
    rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff")), delimiter=";"))
    assert rows[1] == ["1", "1", "ABCDE-FGHJK-LMNPQ", "https://x/voter/1", "'=1", "'+x", "y"]


def test_what_waits_follows_the_voter_whatever_the_way(officer: Actor, poll: Poll) -> None:
    letter, option = codes.make(officer, poll.id, number=1)[0], poll.options[1].id
    with clock.at(poll.opens_at):
        services.keep_draft(with_code(letter), poll.id, [option])
    assert chosen_by(poll.id, with_code(letter)) == [option]
    assert queries.turnout(poll.id) == 0
    assert db.session.scalar(text("SELECT count(*) FROM ballot")) == 0
