"""The journal of a poll: written with the votes, read by anybody, checked against the box and the result."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import box, chain, codes, recording, reminding, roll, services, verifying
from citizen.ballots.commands import ballot
from citizen.ballots.models import Ballot, Poll, Voter
from citizen.ballots.paper_models import PollLine
from citizen.ballots.rules import RollKind
from citizen.cli import main
from citizen.db import db, transaction
from citizen.mail.models import Letter
from tests.counting import counted
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

DAY = timedelta(days=1)


@pytest.fixture
def poll(app: Flask) -> Poll:
    """Four people vote on two days, one of them twice."""
    poll = announced_poll(works_officer(), [12_000_00, 11_000_00, 9_000_00])
    voters = [actor(person()) for _voter in range(4)]
    for days, who, chosen in ((0, 0, [0]), (0, 1, [0, 1]), (1, 2, [2]), (1, 0, [1]), (1, 3, [0, 2])):
        with clock.at(poll.opens_at + days * DAY):
            options = [option.id for option in poll.options]
            services.vote(voters[who], poll.id, [options[place] for place in chosen], is_eligible=True)
    return poll


def count(poll: Poll) -> None:
    with clock.at(poll.closes_at):
        services.tally(works_officer(), poll.id)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Inside, somebody who holds the database does as they please."""
    on = "" if db.engine.dialect.name == "sqlite" else f" ON {table}"
    with transaction():
        for name in ("no_update", "no_delete", "never_changes", "goes_on", "update_once_tallied", "insert_once_tallied"):
            db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name}{on}"))
        yield


@pytest.fixture(autouse=True)
def guards_come_back(app: Flask) -> Iterator[None]:
    yield
    from citizen.db import install_guards

    db.session.rollback()
    with db.engine.begin() as connection:
        install_guards(connection)


def test_each_act_has_its_line_and_a_changed_vote_withdraws_its_former_ballot(poll: Poll) -> None:
    said = recording.lines(poll.id)
    assert [line.kind for line in said] == ["announced", "ballot", "ballot", "ballot", "replaced", "ballot"]
    assert chain.faults(said) == []
    assert chain.in_box(said) == set(box.commitments(poll.id))
    assert said[4].told["withdrawn"] == said[1].told["commitment"]
    opened = poll.opens_at.astimezone(clock.LOCAL).date()
    assert [line.day for line in said[1:]] == [str(opened)] * 2 + [str(opened + DAY)] * 3


def test_a_line_holds_a_commitment_and_a_day_and_nothing_else(poll: Poll) -> None:
    for line in recording.lines(poll.id)[1:]:
        assert set(line.told) <= {"commitment", "withdrawn"}
        assert all(len(value) == 64 for value in line.told.values())
    everything = "".join(line.text for line in recording.lines(poll.id))
    for receipt, nonce in db.session.execute(select(Ballot.receipt, Ballot.nonce)):
        assert receipt not in everything
        assert nonce not in everything
        assert len(nonce) == 32


def test_what_decides_the_vote_is_the_first_line(poll: Poll) -> None:
    told = recording.lines(poll.id)[0].told
    assert (told["envelope_cents"], told["max_choices"], told["min_votes"]) == (30_000_00, 3, 1)
    assert [option["cost_cents"] for option in told["options"]] == [12_000_00, 11_000_00, 9_000_00]
    assert verifying.faults(poll) == []


def test_a_refused_vote_leaves_no_line(poll: Poll) -> None:
    before = len(recording.lines(poll.id))
    with clock.at(poll.closes_at), pytest.raises(Exception, match="fermé"):
        services.vote(actor(person()), poll.id, [poll.options[0].id], is_eligible=True)
    assert len(recording.lines(poll.id)) == before


@pytest.mark.parametrize("order", ["UPDATE poll_line SET day = '2027-01-01'", "DELETE FROM poll_line", "DELETE FROM poll_head",
                                   "UPDATE poll_head SET number = number - 1"])  # fmt: skip
def test_the_database_refuses_to_rewrite_the_journal(poll: Poll, order: str) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(order))


def test_the_count_seals_the_box_and_lets_no_line_lead_to_a_ballot(poll: Poll) -> None:
    count(poll)
    assert set(db.session.scalars(select(Ballot.nonce))) == {None}
    last = recording.lines(poll.id)[-1]
    assert last.kind == "counted"
    assert last.told["turnout"] == 4
    assert "votes" not in last.text, "four ballots: votes by project would tell what a neighbour chose"
    assert verifying.faults(poll) == []


def test_a_count_that_keeps_a_nonce_is_refused_by_the_schema(poll: Poll) -> None:
    with pytest.raises(IntegrityError, match="nonces are erased"), transaction():
        db.session.execute(text("UPDATE poll SET tallied_at = closes_at, ballot_count = 4"))


TAMPERINGS = [
    ("ballot_choice", "UPDATE ballot_choice SET option_id = option_id + 1 WHERE rank = 2 AND option_id < (SELECT max(id) FROM poll_option)"),
    ("ballot_choice", "DELETE FROM ballot_choice WHERE receipt IN (SELECT receipt FROM ballot_choice WHERE rank = 2) AND rank = 2"),
    ("ballot", "INSERT INTO ballot (receipt, poll_id, nonce) VALUES ('STUFFED', :poll, NULL)"),
    ("participation", "UPDATE participation SET receipt = NULL WHERE receipt = (SELECT min(receipt) FROM participation)"),
    ("poll_line", "UPDATE poll_line SET content = '{}' WHERE number = 3"),
    ("poll_line", "DELETE FROM poll_line WHERE number = 6"),
    ("poll_option", "UPDATE poll_option SET cost_cents = 1 WHERE number = 1"),
    ("poll", "UPDATE poll SET envelope_cents = 1"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "order"), TAMPERINGS)
def test_a_database_changed_by_hand_stops_the_count(poll: Poll, table: str, order: str) -> None:
    with unguarded(table):
        db.session.execute(text(order), {"poll": poll.id} if ":poll" in order else {})
    assert verifying.faults(poll)
    assert [fault for fault in verifying.all_faults() if fault.startswith(f"vote {poll.id} : ")]
    with pytest.raises(box.BoxDiffersError):
        count(poll)
    assert db.session.get_one(Poll, poll.id).tallied_at is None


@pytest.mark.parametrize(
    ("table", "order"),
    [
        *TAMPERINGS[:2],
        ("ballot", "DELETE FROM ballot WHERE receipt = (SELECT min(receipt) FROM ballot)"),
        ("poll_result", "UPDATE poll_result SET votes = votes + 1 WHERE position = 1"),
        ("poll_result", "UPDATE poll_result SET is_selected = (position = 3)"),
        ("poll", "UPDATE poll SET ballot_count = 5"),
        ("poll_head", "UPDATE poll_head SET seal = 'x'"),
        *TAMPERINGS[4:],
    ],
)
def test_a_counted_vote_changed_by_hand_is_found(poll: Poll, table: str, order: str) -> None:
    count(poll)
    with unguarded(table):
        db.session.execute(text(order))
    assert verifying.faults(poll)


def test_one_byte_changed_in_any_column_of_the_journal_is_found(app: Flask) -> None:
    poll, dice, found = announced_poll(works_officer(), [1_000_00]), random.Random(7), 0
    with clock.at(poll.opens_at), transaction():
        for number in range(60):
            recording.write(poll.id, "ballot", commitment=chain.commitment(poll.id, "n", str(number), [1]))
    posted = recording.days(poll.id)[-1]
    for _turn in range(60):
        column, number = dice.choice(["number", "day", "content", "hash"]), dice.randrange(1, 62)
        order = text(f"UPDATE poll_line SET {column} = :new WHERE number = :n")
        with unguarded("poll_line"):
            row = db.session.scalar(select(getattr(PollLine, column)).where(PollLine.number == number))
            wrong = row + 1_000 if isinstance(row, int) else row[:-1] + chr(ord(row[-1]) ^ 1)
            db.session.execute(order, {"new": wrong, "n": number})
            found += bool(chain.faults(recording.lines(poll.id), [(posted.day, posted.digest)]))
            db.session.execute(order, {"new": row, "n": wrong if column == "number" else number})
    assert found == 60
    assert chain.faults(recording.lines(poll.id)) == []


def test_each_evening_the_digest_leaves_once_for_who_keeps_the_vote(poll: Poll) -> None:
    letters = select(Letter).where(Letter.subject.like("Empreinte du jour%"))
    already = len(db.session.scalars(letters).all())
    for moment in (poll.opens_at - DAY, poll.opens_at + 2 * DAY, poll.opens_at + 2 * DAY, poll.opens_at + 3 * DAY):
        with clock.at(moment):
            reminding.post_all()
    sent = db.session.scalars(letters.order_by(Letter.id)).all()[already:]
    days = recording.days(poll.id)
    keepers = len(reminding.keepers_of(poll.call.fund))
    assert keepers >= 1
    assert len(sent) == 2 * keepers
    assert days[-2].digest in sent[0].body
    assert days[-1].digest in sent[-1].body
    with clock.at(poll.closes_at):
        assert reminding.post_all() == keepers
        assert reminding.post_all() == 0
    assert recording.lines(poll.id)[-1].kind == "closed"
    assert verifying.faults(poll) == []


def test_anybody_reads_the_days_the_sheet_and_the_file(client: FlaskClient, poll: Poll, tmp_path: Path) -> None:
    days = recording.days(poll.id)
    page = client.get(f"/voter/{poll.id}/journal").text
    assert all(day.digest in page for day in days)
    assert [day.turnout for day in days] == [0, 2, 4]
    sheet = client.get(f"/voter/{poll.id}/journal/{days[1].day}")
    assert sheet.status_code == 200
    assert client.get(f"/voter/{poll.id}/journal/1999-01-01").status_code == 404
    file = tmp_path / "journal.jsonl"
    file.write_bytes(client.get(f"/voter/{poll.id}/journal.jsonl").data)
    digests = [word for day in days for word in ("--digest", f"{day.day}={day.digest}")]
    verified = CliRunner().invoke(ballot, ["verify", str(file), *digests])
    assert verified.exit_code == 0, verified.output
    assert verified.output.endswith("Tout concorde.\n")
    text_ = file.read_text()
    for wrong in (
        text_.replace('"kind":"ballot"', '"kind":"paper"', 1),
        "\n".join(text_.splitlines()[:-1]) + "\n",
        text_[:-40],
        "",
    ):
        file.write_text(wrong)
        refused = CliRunner().invoke(ballot, ["verify", str(file), *digests])
        assert refused.exit_code == 1
        assert refused.output.startswith("✗ ")


def test_the_page_asks_as_much_of_the_database_whatever_the_votes(client: FlaskClient, poll: Poll) -> None:
    with counted() as few:
        client.get(f"/voter/{poll.id}/journal")
    with clock.at(poll.opens_at + 3 * DAY):
        for _voter in range(5):
            services.vote(actor(person()), poll.id, [poll.options[0].id], is_eligible=True)
    with counted() as more:
        client.get(f"/voter/{poll.id}/journal")
    assert len(more) == len(few)


def test_the_site_verifies_a_vote_at_the_command_line(poll: Poll) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(ballot, ["verify", *arguments])
        return done.exit_code, done.output

    assert run("--poll", str(poll.id)) == (0, "Tout concorde.\n")
    assert run("--poll", "999999")[0] == run()[0] == 2
    with unguarded("ballot"):
        db.session.execute(text("UPDATE ballot SET nonce = 'x'"))
    assert run("--poll", str(poll.id)) == (1, "✗ Le journal du vote et l’urne ne disent pas la même chose.\n")
    checked = CliRunner().invoke(main.commands["check"])
    assert checked.exit_code == 1
    assert f"vote {poll.id} : Le journal" in checked.output


def test_a_vote_announced_before_there_was_a_journal_goes_to_its_end(client: FlaskClient, poll: Poll) -> None:
    for table in ("poll_line", "poll_head"):
        with unguarded(table):
            db.session.execute(text(f"DELETE FROM {table}"))
    with transaction():
        db.session.execute(text("UPDATE ballot SET nonce = NULL"))
    assert "Pas de journal" in client.get(f"/voter/{poll.id}/journal").text
    count(poll)
    assert verifying.faults(poll) == []
    assert db.session.scalar(select(func.count()).select_from(PollLine)) == 0


def test_the_roll_and_its_codes_are_told_in_numbers_and_a_line_slipped_in_is_found(app: Flask) -> None:
    officer = works_officer()
    poll = announced_poll(officer, [1_000_00])
    roll.set_kind(officer, poll.id, RollKind.LISTED)
    roll.add(officer, poll.id, number="1", last_name="Dupont", first_name="Zoé", reason="Oubliée")
    codes.make(officer, poll.id, number=3)
    told = recording.lines(poll.id)[-1]
    assert (told.kind, told.told) == (
        "codes",
        {"act": "codes_made", "kind": "listed", "list": 1, "code": 3, "valid_codes": 3},
    )
    assert "Dupont" not in "".join(line.text for line in recording.lines(poll.id))
    assert verifying.faults(poll) == []
    with transaction():
        db.session.add(Voter(poll_id=poll.id, origin="list", list_number="2", last_name="Personne", first_name="X"))
    assert "liste des votants" in verifying.faults(poll)[0]
