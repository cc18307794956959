"""The commune's list: read line by line, confirmed, then changed by single acts with a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import codes, listing, queries, reading, roll, services
from citizen.ballots.models import Participation, Poll, Voter
from citizen.ballots.rules import AtDesk, RollKind
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.journal.models import Event
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from tests.ballots.rolls import LIST, cast, line, listed
from tests.factories import actor, person
from tests.works import announced_poll, works_officer


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])


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


def test_names_of_the_list_go_when_the_result_can_no_longer_be_contested(officer: Actor, app: Flask) -> None:
    poll = announced_poll(officer, [1_000_00], terms={"names_kept_days": 30})
    poll_id, option = listed(officer, poll).id, poll.options[0].id
    with clock.at(poll.opens_at):
        services.vote(AtDesk(line(poll, "1").id), poll_id, [option], is_eligible=True)
        roll.add(officer, poll_id, number="4", last_name="Petit", first_name="Luc", reason="Oubli")
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll_id)
    for days, names in ((29, {"Lefebvre", "Ben Salem", "Ducasse", "Petit"}), (30, {""}), (31, {""})):
        with clock.at(poll.closes_at + timedelta(days=days)):
            ftu.forget_rolls()
        rows = db.session.execute(select(Voter.last_name, Voter.first_name, Voter.search_name, Voter.list_number)).all()
        assert {row.last_name for row in rows} == names
    assert {(row.first_name, row.search_name) for row in rows} == {("", "")}
    assert {"1", "2", "3", "4"}.isdisjoint(row.list_number for row in rows)
    assert (len(rows), queries.turnout(poll_id)) == (4, 1)
    told = db.session.scalars(select(Event).where(Event.action == "names_erased")).all()
    assert [(one.actor_id, one.reason) for one in told] == [(None, "4")]
