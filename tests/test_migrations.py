"""Migrations and models say the same, guards are in force, and going back leaves nothing behind."""

import json
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import inspect, select, text

from citizen import clock
from citizen.ballots import desk, queries
from citizen.ballots import services as ballots
from citizen.ballots.models import Poll, Voter
from citizen.ballots.rules import Channel
from citizen.committees.models import Seat
from citizen.db import db, transaction, wrong_settings
from citizen.funds import ledger
from citizen.funds.models import Call
from citizen.pic.models import PicProject
from citizen.projects.models import Project
from citizen.web import upgrades
from tests import councils, factories, works


def ours(_thing: object, name: str, kind: str, reflected: bool, _other: object) -> bool:
    """Full-text tables belong to guards."""
    return not (reflected and kind in ("table", "index") and name.startswith("search_"))


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        return compare_metadata(context, db.metadata)


def triggers() -> set[str]:
    where = "sqlite_master WHERE type = 'trigger'" if db.engine.dialect.name == "sqlite" else "information_schema.triggers"
    column = "name" if db.engine.dialect.name == "sqlite" else "trigger_name"
    with db.engine.connect() as connection:
        return set(connection.scalars(text(f"SELECT {column} FROM {where}")))


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    assert differences() == []


def test_every_guard_is_in_force_after_the_migrations(app: Flask) -> None:
    wanted = {
        "event_no_update",
        "event_no_delete",
        "ruleset_no_update",
        "ledger_entry_no_delete",
        "ledger_entry_counts",
        "decision_no_update",
    }
    assert wanted <= triggers()


def test_one_can_go_back_to_nothing_and_come_again(app: Flask) -> None:
    downgrade(revision="base")
    left = {name for name in inspect(db.engine).get_table_names() if not name.startswith("search_")}
    assert left == {"alembic_version"}
    upgrades.bring_up_to_date()
    assert differences() == []
    assert "event_no_delete" in triggers()


def checks() -> set[str]:
    found = inspect(db.engine)
    return {str(check["name"]) for table in ("funding_call", "ledger_entry") for check in found.get_check_constraints(table)}


def test_envelopes_opened_before_the_ledger_keep_their_money(app: Flask) -> None:
    project = factories.pic_granted(amount_cents=400_00)
    call_id, wanted = project.call_id, checks()
    assert call_id is not None
    before = ledger.balance(call_id)
    db.session.remove()
    downgrade(revision="0006")
    upgrades.bring_up_to_date()
    assert ledger.balance(call_id) == before
    call = db.session.get_one(Call, call_id)
    assert (call.envelope_cents, call.committed_cents, call.remaining_cents) == (10_000_00, 400_00, 9_600_00)
    assert checks() == wanted
    assert not wrong_settings(db.session.connection())


def test_a_house_full_of_people_goes_back_and_forth(app: Flask) -> None:
    project = factories.pic_heard()
    assert project.call is not None
    member, fund_id, project_id = factories.committee_member_of(project.call.fund), project.call.fund_id, project.id
    db.session.remove()
    downgrade(revision="0007")
    upgrades.bring_up_to_date()
    seat = db.session.scalars(select(Seat).where(Seat.person_id == member.person_id)).one()
    assert (seat.fund_id, seat.college, seat.is_voting) == (fund_id, "Habitants", True)
    assert db.session.get_one(PicProject, project_id).waiting.is_heard  # type: ignore[union-attr]
    assert differences() == []


def test_votes_go_back_to_accounts_and_come_again(app: Flask) -> None:
    poll = works.announced_poll(works.works_officer(), [1_000_00, 2_000_00])
    poll_id, options, moment = poll.id, [option.id for option in poll.options], poll.opens_at
    voter, waiting = (factories.actor(factories.person()) for _person in range(2))
    with clock.at(moment):
        receipt = ballots.vote(voter, poll_id, options, is_eligible=True)
        ballots.keep_draft(waiting, poll_id, options[1:])
    db.session.remove()
    downgrade(revision="0012")
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT poll_id, person_id, receipt FROM participation")).all()
    assert kept == [(poll_id, voter.person_id, receipt)]
    upgrades.bring_up_to_date()
    assert differences() == []
    assert works.chosen_by(poll_id, voter) == options
    assert works.chosen_by(poll_id, waiting) == options[1:]
    with clock.at(moment):
        assert ballots.vote(voter, poll_id, options, is_eligible=True) == receipt


def test_votes_cast_without_an_account_are_not_lost_by_going_back(app: Flask) -> None:
    officer = works.works_officer()
    poll = works.announced_poll(officer, [1_000_00])
    poll_id = poll.id
    with transaction():
        line = Voter(poll_id=poll_id, origin="desk", last_name="Lefebvre", first_name="Anne")
        db.session.add(line)
    with clock.at(poll.opens_at):
        desk.check_in(officer, poll_id, line.id, Channel.PAPER)
    db.session.remove()
    with pytest.raises(SystemExit):  # the reason is in the log
        downgrade(revision="0012")
    upgrades.bring_up_to_date()
    assert differences() == []
    assert queries.turnout(poll_id) == 1


def test_lines_written_before_the_accounts_find_theirs(app: Flask) -> None:
    project_id = factories.pic_draft().id
    db.session.remove()
    downgrade(revision="0010")
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO budget_line (project_id, side, nature, label, amount_cents) VALUES"
            f" ({project_id}, 'expense', 'capital', 'Location', 1), ({project_id}, 'income', 'other', 'Participation', 1),"
            f" ({project_id}, 'expense', 'operating', 'Craies', 1), ({project_id}, 'valued', 'volunteer', 'Prêt', 1)"))  # fmt: skip
    upgrades.bring_up_to_date()
    found = db.session.execute(text("SELECT label, account FROM budget_line ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("Location de jeux", "613"), ("Aide du fonds", "74ici"), ("Location", "21"), ("Participation", "70"), ("Craies", "60x"),
        ("Prêt", "861"),
    ]  # fmt: skip


def test_rules_of_a_vote_adopted_before_the_engine_name_the_same_count(app: Flask) -> None:
    """Terms of versions and drafts, and the polls announced under them, say the same before and after, and back."""
    poll = works.announced_poll(works.works_officer(), [1_000_00], terms={"rule": "greedy_stop:cost", "ties": "lodged"})
    poll_id, ruleset_id = poll.id, poll.call.ruleset_id
    db.session.remove()
    downgrade(revision="0016")
    with db.engine.connect() as connection:
        former = connection.execute(text("SELECT is_skipping, is_cheaper_first FROM poll")).one()
        terms = connection.scalar(text(f"SELECT terms FROM ruleset WHERE id = {ruleset_id}"))
    assert not any(former)
    kept = json.loads(terms) if isinstance(terms, str) else terms
    assert (kept["skips_too_dear"], kept["cheaper_first"], "rule" in kept) == (False, False, False)
    upgrades.bring_up_to_date()
    poll = db.session.get_one(Poll, poll_id)
    assert (poll.rule, poll.ties, poll.rules) == ("greedy_stop:cost", "lodged", ["greedy_stop:cost"])
    assert (poll.call.ruleset.terms["rule"], poll.call.ruleset.terms["ties"]) == ("greedy_stop:cost", "lodged")


def test_opinions_of_a_committee_go_back_alone(app: Flask) -> None:
    officer = works.works_officer()
    decided, heard = (
        factories.pic_granted(amount_cents=400_00),
        works.ftu_studied(works.campaign(terms={"committee_role": "before"}), officer),
    )
    with clock.at(clock.now() + timedelta(days=60)):
        councils.heard(officer, heard, "conditional", "Prévoir un banc à l’ombre.")
    numbers = decided.id, heard.id
    db.session.remove()
    downgrade(revision="0015")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT project_id, outcome FROM decision")).all() == [(numbers[0], "granted")]
        assert connection.scalar(text(f"SELECT left_at FROM agenda_item WHERE project_id = {numbers[1]}")) is not None
    upgrades.bring_up_to_date()
    assert differences() == []
    assert {"decision_no_delete", "outcome_no_delete"} <= triggers()
    assert [db.session.get_one(Project, number).state for number in numbers] == ["granted", "admissible"]
