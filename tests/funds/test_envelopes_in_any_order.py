"""Whatever the order of opening, passing on, proposing, answering, promising and releasing: the tree says what a plain sum says."""

import os
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from citizen.db import db
from citizen.funds import envelopes, ledger, showing
from citizen.funds.envelopes import key_of
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.payments import figures
from tests import factories
from tests.envelopes import part, region_officer, regional

RUNS = int(os.environ.get("CITIZEN_TEST_RUNS", "6"))
CENTS = st.integers(1, 700)
SCHEMES = ("pic", "nqe")


class Tree(RuleBasedStateMachine):
    """Two regional envelopes, a part of one, a fund's year under it with two files; beside them plain dictionaries."""

    empty: ClassVar[Callable[[], None]]  # the database, after each play

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = region_officer(), region_officer()
        roots = [regional(1_000, scheme=scheme, actor=self.one) for scheme in SCHEMES]
        under = part(roots[0], 300, actor=self.one)
        call = factories.pic_call(envelope_cents=500)
        self.files = [factories.pic_draft(call).id for _file in range(2)]
        envelopes.attach(self.one, under.id, call.id)
        self.call_id, self.keys = call.id, [key_of(node) for node in (*roots, under, call)]
        self.manager = factories.manager_of(call.fund)
        self.left = dict(zip(self.keys, (700, 1_000, 300, 500), strict=True))
        self.promised: dict[int, int] = {}
        self.asked: dict[int, tuple[str, str, int]] = {}
        self.whole = 2_500

    def node(self, key: str) -> Any:
        found = envelopes.node_of(key)
        assert found is not None
        return found

    @rule(at=st.integers(0, 1), cents=CENTS)
    def endow(self, at: int, cents: int) -> None:
        day = self.node(self.keys[at]).adopted_on
        envelopes.endow(self.one, self.node(self.keys[at]).id, cents, act_reference="BP", adopted_on=day)
        self.left[self.keys[at]] += cents
        self.whole += cents

    @rule(down=st.sampled_from([(0, 2), (2, 3), (0, 3), (1, 2)]), cents=CENTS)
    def allot(self, down: tuple[int, int], cents: int) -> None:
        giver, taker = (self.keys[rank] for rank in down)
        try:
            envelopes.allot(self.one, self.node(giver).id, taker, cents, act_reference="CP")
        except Invalid:
            assert down in ((0, 3), (1, 2)) or cents > self.left[giver]
        else:
            assert down in ((0, 2), (2, 3))
            self.move(giver, taker, cents)

    @rule(ends=st.permutations(range(4)).map(lambda order: order[:2]), cents=CENTS)
    def propose(self, ends: list[int], cents: int) -> None:
        giver, taker = (self.keys[rank] for rank in ends)
        by = self.one if giver != self.keys[3] else self.manager
        try:
            made = envelopes.propose(by, giver, taker, cents, act_reference="CP", reason="Essai.")
        except Invalid:
            assert cents > self.left[giver]
        else:
            self.asked[made.id] = (giver, taker, cents)

    @rule(rank=st.integers(0, 20), who=st.sampled_from(["one", "two", "manager"]), is_approved=st.booleans())
    def answer(self, rank: int, who: str, is_approved: bool) -> None:
        if not self.asked:
            return
        number = sorted(self.asked)[rank % len(self.asked)]
        giver, taker, cents = self.asked[number]
        try:
            envelopes.decide(getattr(self, who), number, is_approved=is_approved, answer="Essai.")
        except Forbidden:
            awaited, proposed = taker, "manager" if giver == self.keys[3] else "one"
            assert who == proposed or (who == "manager") != (awaited == self.keys[3])
        except NotNow:
            raise AssertionError("only what waits is kept here") from None
        except Invalid:
            assert is_approved and cents > self.left[giver]
        else:
            del self.asked[number]
            if is_approved:
                self.move(giver, taker, cents)

    @rule(at=st.integers(0, 1), cents=CENTS)
    def promise(self, at: int, cents: int) -> None:
        number, call = self.files[at], self.keys[3]
        if number in self.promised:
            return
        try:
            ledger.promise(self.manager, self.call_id, number, cents)
        except Invalid:
            assert cents > self.left[call]
        else:
            self.promised[number] = cents
            self.left[call] -= cents

    @rule(at=st.integers(0, 1))
    def release(self, at: int) -> None:
        number = self.files[at]
        if self.promised.get(number):
            ledger.give_back(self.manager, self.call_id, number, self.promised[number])
            self.left[self.keys[3]] += self.promised[number]
            self.promised[number] = 0

    def move(self, giver: str, taker: str, cents: int) -> None:
        self.left[giver] -= cents
        self.left[taker] += cents

    @invariant()
    def the_books_are_right(self) -> None:
        db.session.rollback()
        assert min(self.left.values()) >= 0
        assert [self.node(key).remaining_cents for key in self.keys] == list(self.left.values())
        lines = {key_of(line.node): line for line in showing.tree(2027)}
        assert sum(lines[key].whole.envelope for key in self.keys[:2]) == self.whole
        assert {key: lines[key].own.left for key in self.keys} == self.left
        assert lines[self.keys[0]].whole.promised == sum(self.promised.values())
        assert not [line for line in figures.differences() if not line.startswith("projet")]

    def teardown(self) -> None:
        db.session.remove()
        self.empty()


@pytest.mark.slow
def test_the_tree_is_right_in_any_order(app: Flask, empty: Callable[[], None]) -> None:
    run_state_machine_as_test(
        type("AnyOrder", (Tree,), {"empty": staticmethod(empty)}),
        settings=settings(
            max_examples=RUNS, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=[Phase.generate],
        ),
    )  # fmt: skip
