"""The life of a vote, played at random: whatever people do and whenever, one ballot each and none outside the opening."""

import contextlib
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from citizen import clock
from citizen.ballots import queries, services
from citizen.ballots.models import Ballot, BallotChoice, Participation, Poll, PollResult
from citizen.ballots.rules import Moment
from citizen.db import db
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

ACTS = st.one_of(
    st.tuples(st.just("vote"), st.integers(0, 3), st.lists(st.integers(0, 4), max_size=4)),
    st.tuples(st.just("draft"), st.integers(0, 3), st.lists(st.integers(0, 2), max_size=3)),
    st.tuples(st.just("wait"), st.sampled_from([1, 3_600, 86_400, 5 * 86_400]), st.just([])),
    st.tuples(st.just("count"), st.just(0), st.just([])),
)
START = st.sampled_from([-86_400, -1, 0, 1])  # seconds from the opening


class Life:
    """A vote, four people, and what should be in the box."""

    def __init__(self) -> None:
        self.officer = works_officer()
        self.people = [actor(person()) for _person in range(4)]
        self.poll = announced_poll(self.officer, [12_000_00, 11_000_00, 9_000_00])
        self.options = [option.id for option in self.poll.options] + [0, 2**31 - 1]
        self.expected: dict[int, tuple[str, list[int]]] = {}
        self.is_counted = False

    def is_open(self) -> bool:
        return self.poll.opens_at <= clock.now() < self.poll.closes_at and not self.is_counted

    def vote(self, who: int, positions: list[int]) -> None:
        chosen = [self.options[position] for position in positions]
        is_whole = 0 < len(chosen) <= 3 and len(set(chosen)) == len(chosen) and max(positions, default=0) < 3
        try:
            receipt = services.vote(self.people[who], self.poll.id, chosen, is_eligible=True)
        except NotNow:
            assert not self.is_open()
        except Invalid:
            assert self.is_open()
            assert not is_whole
        else:
            assert self.is_open()
            assert is_whole
            former = self.expected.get(who)
            if former and set(former[1]) == set(chosen):
                assert receipt == former[0]
            else:
                self.expected[who] = (receipt, chosen)

    def draft(self, who: int, positions: list[int]) -> None:
        with contextlib.suppress(NotNow, Invalid):
            services.keep_draft(self.people[who], self.poll.id, [self.options[position] for position in positions])

    def count(self, _who: int, _positions: list[int]) -> None:
        try:
            services.tally(self.officer, self.poll.id)
        except NotNow:
            assert clock.now() < self.poll.closes_at or self.is_counted
        else:
            assert clock.now() >= self.poll.closes_at
            assert not self.is_counted
            self.is_counted = True

    def check(self) -> None:
        db.session.expire_all()
        here = Ballot.poll_id == self.poll.id
        receipts = set(db.session.scalars(select(Ballot.receipt).where(here)))
        assert receipts == {receipt for receipt, _chosen in self.expected.values()}
        assert queries.turnout(self.poll.id) == len(receipts)
        for receipt, chosen in self.expected.values():
            assert set(queries.choices_on(receipt)) == set(chosen)
        links = set(db.session.scalars(select(Participation.receipt).where(Participation.poll_id == self.poll.id)))
        assert links == (({None} if receipts else set()) if self.is_counted else receipts)
        assert queries.receipts(self.poll.id) == (sorted(receipts) if self.is_counted else [])
        if self.is_counted:
            votes = sum(
                db.session.scalars(
                    select(PollResult.votes).join(PollResult.option).where(PollResult.option.has(poll_id=self.poll.id))
                )
            )
            assert votes == db.session.scalar(
                select(func.count()).select_from(BallotChoice).where(BallotChoice.poll_id == self.poll.id)
            )


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(START, st.lists(ACTS, max_size=25))
def test_whatever_happens_each_person_has_one_ballot_cast_while_open(app: Flask, start: int, acts: list) -> None:
    db.session.rollback()
    life = Life()
    moment = life.poll.opens_at + timedelta(seconds=start)
    for name, value, positions in acts:
        if name == "wait":
            moment += timedelta(seconds=value)
            continue
        with clock.at(moment):
            getattr(life, name)(value, positions)
            life.check()


def test_moments_follow_each_other(app: Flask) -> None:
    poll: Poll = announced_poll(works_officer(), [1_00])
    known = [poll.moment(poll.opens_at + timedelta(seconds=second)) for second in (-1, 0, 11 * 86_400 - 1, 11 * 86_400)]
    assert known == [Moment.ANNOUNCED, Moment.OPEN, Moment.OPEN, Moment.CLOSED]
