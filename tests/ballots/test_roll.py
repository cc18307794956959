"""Who is on the roll: a list read line by line, single acts with a reason, codes, and one ballot however one comes."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import codes, desk, listing, polling, queries, reading, roll, services, signing
from citizen.ballots.models import Ballot, DraftBallot, Participation, Poll, Voter
from citizen.ballots.roll_models import DeskTicket, VoterCode
from citizen.ballots.rules import AtDesk, Channel, RollKind, WithCode
from citizen.db import db, transaction
from citizen.journal.models import Event
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.web import sheets
from tests.factories import actor, person
from tests.works import announced_poll, chosen_by, works_officer

LIST = "numero;nom;prenom\n1;Lefebvre;Anne\n2;Ben Salem;Karim\n3;Ducasse;Zoé\n"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])


def listed(officer: Actor, poll: Poll) -> Poll:
    """The poll on the commune's list of three people."""
    with clock.at(poll.opens_at - timedelta(days=1)):
        roll.set_kind(officer, poll.id, RollKind.LISTED)
        assert not roll.keep_list(officer, poll.id, LIST.encode()).faults
        assert roll.confirm_list(officer, poll.id) == 3
    return poll


def line(poll: Poll, number: str) -> Voter:
    return db.session.scalars(select(Voter).where(Voter.poll_id == poll.id, Voter.list_number == number)).one()


def with_code(letter: codes.Letter) -> WithCode:
    return WithCode(signing.hashed(letter.code))


def cast(poll: Poll, elector: object, *positions: int) -> str:
    return services.vote(elector, poll.id, [poll.options[position].id for position in positions], is_eligible=True)  # type: ignore[arg-type]


def box() -> tuple[int, int]:
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Ballot, Participation))  # type: ignore[return-value]


# --- the list


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("cp1252"),
        LIST.encode("utf-8-sig"),
        LIST.replace(";", ",").encode(),
        LIST.replace("\n", "\r\n").encode(),
        b"Nom;Pr\xe9nom;Num\xe9ro;Rue\nLefebvre;Anne;1;x\n\nBen Salem;Karim;2;y\nDucasse;Zo\xe9;3;z\n",
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(data: bytes) -> None:
    found = reading.read(data)
    assert found.faults == []
    assert [(one.number, one.last_name, one.first_name) for one in found.lines] == [
        ("1", "Lefebvre", "Anne"), ("2", "Ben Salem", "Karim"), ("3", "Ducasse", "Zoé"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "line_", "column", "words"),
    [
        (b"", 1, "numero", "colonnes"),
        (b"numero;nom\n1;x\n", 1, "prenom", "colonnes"),
        (b"numero;nom;prenom\n", 0, "", "aucune personne"),
        (b"numero;nom;prenom\n1;;Anne\n", 2, "nom", "vide"),
        (b"numero;nom;prenom\n1;A;B\n1;C;D\n", 3, "numero", "ligne 2"),
        (b"numero;nom;prenom\n1;A\n", 2, "", "2 cases au lieu de 3"),
        (b"numero;nom;prenom\n1;" + b"x" * 101 + b";B\n", 2, "nom", "100 signes"),
        (b"PK\x03\x04\x00\x00", 0, "", "CSV"),
        (b'numero;nom;prenom\n1;"A;B\n' + b"x" * 200_000, 0, "", "bien écrit".encode().decode()),
    ],
)
def test_a_fault_is_told_by_line_and_column(data: bytes, line_: int, column: str, words: str) -> None:
    fault = reading.read(data).faults[0]
    assert (fault.line, fault.column) == (line_, column)
    assert words in fault.words


def test_namesakes_are_named_and_allowed() -> None:
    found = reading.read(b"numero;nom;prenom\n1;Dubois;Jean\n2;DUBOIS;jean\n3;Petit;Luc\n")
    assert found.faults == []
    assert found.namesakes == ["DUBOIS jean", "Dubois Jean"]


def test_nothing_is_loaded_on_any_fault_nor_before_the_confirmation(officer: Actor, poll: Poll) -> None:
    assert roll.keep_list(officer, poll.id, LIST.encode() + b"3;Encore;Elle\n").faults
    with pytest.raises(NotNow):
        roll.confirm_list(officer, poll.id)
    roll.keep_list(officer, poll.id, LIST.encode())
    assert listing.numbers_by_origin(poll.id) == {}
    roll.confirm_list(officer, poll.id)
    assert listing.numbers_by_origin(poll.id) == {"list": 3}
    again = roll.keep_list(officer, poll.id, LIST.encode())
    assert [fault.line for fault in again.faults] == [2, 3, 4]
    assert roll.empty_list(officer, poll.id) == 3


def test_the_list_is_fixed_at_the_opening_then_each_act_has_its_reason(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    with clock.at(poll.opens_at):
        for act in (
            lambda: roll.keep_list(officer, poll.id, LIST.encode()),
            lambda: roll.confirm_list(officer, poll.id),
            lambda: roll.empty_list(officer, poll.id),
            lambda: roll.set_kind(officer, poll.id, RollKind.DECLARED),
        ):
            with pytest.raises(NotNow):
                act()
        with pytest.raises(Invalid):
            roll.add(officer, poll.id, number="4", last_name="Un", first_name="Homme", reason=" ")
        roll.add(officer, poll.id, number="4", last_name="Un", first_name="Homme", reason="Oubli de la liste")
        with pytest.raises(Invalid):
            roll.add(officer, poll.id, number="4", last_name="Un", first_name="Homme", reason="Oubli")
        with pytest.raises(Invalid):
            roll.strike(officer, poll.id, line(poll, "1").id, "")
        roll.strike(officer, poll.id, line(poll, "1").id, "A déménagé")
        cast(poll, AtDesk(line(poll, "2").id), 0)
        with pytest.raises(NotNow):
            roll.strike(officer, poll.id, line(poll, "2").id, "Trop tard")
        with pytest.raises(Forbidden):
            cast(poll, AtDesk(line(poll, "1").id), 0)
    events = db.session.scalars(select(Event.reason).where(Event.subject == f"poll:{poll.id}")).all()
    assert {"Oubli de la liste", "A déménagé"} <= set(events)


def test_a_struck_voter_takes_no_part_in_the_schema_either(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    voter = line(poll, "1")
    roll.strike(officer, poll.id, voter.id, "A déménagé")
    with pytest.raises(IntegrityError, match="struck"), transaction():
        db.session.add(Participation(voter_id=voter.id, poll_id=poll.id, channel="paper", voted_on=clock.today()))


def test_only_the_keepers_touch_the_roll(officer: Actor, poll: Poll) -> None:
    listed(officer, poll)
    letter = codes.make(officer, poll.id, number=1)[0]
    for stranger in (actor(person()), works_officer("80021")):
        for act in (
            lambda who: roll.set_kind(who, poll.id, RollKind.LISTED),
            lambda who: roll.keep_list(who, poll.id, LIST.encode()),
            lambda who: roll.drop_list(who, poll.id),
            lambda who: roll.add(who, poll.id, number="9", last_name="A", first_name="B", reason="c"),
            lambda who: roll.strike(who, poll.id, line(poll, "1").id, "x"),
            lambda who: codes.make(who, poll.id, number=1),
            lambda who: codes.cancel(who, letter.batch, reason="x"),
        ):
            with pytest.raises(Forbidden):
                act(stranger)


# --- codes


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


# --- the desk


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
