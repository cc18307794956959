"""A roll, its ways to a ballot and its box, played in any order: each line has one ballot at most, cast while the vote was open."""

import contextlib
import os
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from citizen import clock
from citizen.ballots import box, codes, desk, polling, queries, roll, services, signing
from citizen.ballots.models import Ballot, Participation, Voter
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import AtDesk, Channel, Elector, RollKind, WithCode
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

WHO = st.integers(0, 1)
CHOSEN = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)


class Rolls(RuleBasedStateMachine):
    """Two people who each have an account, a line of the list and its code; an officer at the desk; a clock."""

    @initialize(kind=st.sampled_from(RollKind), start=st.sampled_from([-60, 0, 1]))
    def begin(self, kind: RollKind, start: int) -> None:
        db.session.rollback()
        self.officer = works_officer()
        self.accounts = [actor(person()) for _person in range(2)]
        poll = announced_poll(self.officer, [12_000_00, 11_000_00, 9_000_00])
        self.poll_id, self.opens_at, self.closes_at = poll.id, poll.opens_at, poll.closes_at
        self.options, self.kind = [option.id for option in poll.options], kind
        roll.set_kind(self.officer, self.poll_id, kind)
        roll.keep_list(self.officer, self.poll_id, b"numero;nom;prenom\n0;A;a\n1;B;b\n")
        roll.confirm_list(self.officer, self.poll_id)
        self.codes = [letter.code for letter in codes.make(self.officer, self.poll_id, for_list=True)]
        found = db.session.execute(select(Voter.list_number, Voter.id).where(Voter.poll_id == self.poll_id))
        self.lines = [line for _number, line in sorted(tuple(row) for row in found)]
        self.now = self.opens_at + timedelta(seconds=start)
        self.expected: dict[int, tuple[str, str | None, set[int]]] = {}  # line: channel, receipt, choices
        self.tablets: dict[int, AtDesk] = {}  # ballots that the desk opened, used at once or much later
        self.is_counted = False

    def is_open(self) -> bool:
        return self.opens_at <= self.now < self.closes_at

    def line_of(self, elector: Elector) -> Voter | None:
        db.session.rollback()
        return queries.voter_of(self.poll_id, elector)

    def is_struck(self, account: Actor) -> bool:
        """Whether the line bound to this account was taken off the roll: it gets no other."""
        struck = select(Voter.id).where(
            Voter.poll_id == self.poll_id, Voter.person_id == account.person_id, Voter.struck_at.is_not(None)
        )
        return db.session.scalar(struck) is not None

    def cast(self, elector: Elector, chosen: list[int]) -> None:
        picked = [self.options[position] for position in chosen]
        before = self.line_of(elector)
        may = before is not None or (
            isinstance(elector, Actor) and self.kind is RollKind.DECLARED and not self.is_struck(elector)
        )
        former = self.expected.get(before.id) if before else None
        is_shut = former and (former[0] == "paper" or (isinstance(elector, AtDesk) and former[0] != "desk"))
        try:
            with clock.at(self.now):
                receipt = services.vote(elector, self.poll_id, picked, is_eligible=True)
        except NotNow:
            assert not self.is_open() or is_shut
        except Forbidden:
            assert self.is_open() and not may
        else:
            assert self.is_open() and may and not is_shut
            line = self.line_of(elector)
            assert line is not None
            if former and former[2] == set(picked):
                assert receipt == former[1]
            channel = former[0] if former else "desk" if isinstance(elector, AtDesk) else "online"
            self.expected[line.id] = (channel, receipt, set(picked))

    @rule(who=WHO, chosen=CHOSEN)
    def by_account(self, who: int, chosen: list[int]) -> None:
        self.cast(self.accounts[who], chosen)

    @rule(who=WHO, chosen=CHOSEN)
    def by_code(self, who: int, chosen: list[int]) -> None:
        self.cast(WithCode(signing.hashed(self.codes[who])), chosen)

    @rule(who=WHO)
    def check_in(self, who: int) -> None:
        try:
            with clock.at(self.now):
                ticket = desk.check_in(self.officer, self.poll_id, self.lines[who], Channel.DESK)
                self.tablets[who] = desk.open_ballot(self.poll_id, ticket)
        except NotNow:
            assert not self.is_open() or self.lines[who] in self.expected
        except Forbidden:
            assert self.line_of(AtDesk(self.lines[who])) is None
        else:
            assert self.is_open() and self.lines[who] not in self.expected

    @precondition(lambda self: self.tablets)
    @rule(who=WHO, chosen=CHOSEN)
    def at_the_desk(self, who: int, chosen: list[int]) -> None:
        if who in self.tablets:
            self.cast(self.tablets[who], chosen)

    @rule(who=WHO, account=WHO)
    def bind(self, who: int, account: int) -> None:
        own = self.line_of(self.accounts[account])
        try:
            with clock.at(self.now):
                polling.enter(self.accounts[account], self.poll_id, self.codes[who])
        except (NotNow, Invalid):
            return
        assert self.is_open()
        assert own is None or own.id == self.lines[who] or own.id not in self.expected, "a ballot is never left behind"

    @rule(who=WHO, chosen=CHOSEN)
    def choose(self, who: int, chosen: list[int]) -> None:
        with contextlib.suppress(NotNow, Forbidden), clock.at(self.now):
            services.keep_draft(self.accounts[who], self.poll_id, [self.options[position] for position in chosen])

    @rule(who=WHO)
    def strike(self, who: int) -> None:
        try:
            with clock.at(self.now):
                roll.strike(self.officer, self.poll_id, self.lines[who], "A déménagé")
        except NotNow:
            assert self.lines[who] in self.expected or self.now >= self.closes_at
        else:
            assert self.lines[who] not in self.expected

    @rule(who=WHO)
    def cancel_code(self, who: int) -> None:
        batch = db.session.scalars(select(VoterCode.batch_id).where(VoterCode.poll_id == self.poll_id)).first()
        with contextlib.suppress(Invalid):
            codes.cancel(self.officer, batch or 0, reason="Perdue", serial=who + 1)

    @rule(seconds=st.sampled_from([1, 3_600, 86_400, 5 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.now < self.closes_at < self.now + timedelta(days=6))
    @rule(seconds=st.sampled_from([1, 0]))
    def wait_for_the_end(self, seconds: int) -> None:
        self.now = self.closes_at - timedelta(seconds=seconds)

    def teardown(self) -> None:
        """Every run comes to the last second of the vote, to the one that is too late, and to the next; each way is tried at each."""
        if not hasattr(self, "expected"):
            return
        for seconds, chosen in ((-1, [0]), (0, [1]), (1, [2])):
            self.now = max(self.now, self.closes_at + timedelta(seconds=seconds))
            for who in range(2):
                self.by_account(who, chosen)
                self.bind(who, 1 - who)  # the other one's code, after a vote of one's own
                self.by_code(who, chosen)
                self.check_in(who)
                self.at_the_desk(who, chosen)
                self.one_ballot_each()
        if not self.is_counted:
            self.count()
            self.one_ballot_each()

    @precondition(lambda self: not self.is_counted)
    @rule()
    def count(self) -> None:
        try:
            with clock.at(self.now):
                services.tally(self.officer, self.poll_id)
        except NotNow:
            assert self.now < self.closes_at
        else:
            assert self.now >= self.closes_at
            self.is_counted = True

    @invariant()
    def one_ballot_each(self) -> None:
        if not hasattr(self, "expected"):
            return
        db.session.rollback()
        taken = db.session.execute(
            select(Participation.voter_id, Participation.channel, Participation.receipt).where(
                Participation.poll_id == self.poll_id
            )
        ).all()
        assert {line: channel for line, channel, _receipt in taken} == {line: told[0] for line, told in self.expected.items()}
        receipts = {told[1] for told in self.expected.values() if told[1]}
        assert (
            set(db.session.scalars(select(Ballot.receipt).where(Ballot.poll_id == self.poll_id, Ballot.paper.is_(None))))
            == receipts
        )
        for line, _channel, receipt in taken:
            assert receipt == (None if self.is_counted else self.expected[line][1])
        for _channel, receipt, chosen in self.expected.values():
            if receipt:
                assert set(box.choices_on(receipt)) == chosen


@pytest.mark.slow
def test_whatever_the_order_each_line_of_the_roll_has_one_ballot(app: Flask) -> None:
    runs = int(os.environ.get("CITIZEN_TEST_RUNS", "15"))
    run_state_machine_as_test(
        Rolls, settings=settings(
            max_examples=runs, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=[Phase.generate],
        ),
    )  # fmt: skip
