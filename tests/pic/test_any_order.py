"""Whatever the order of the acts on ten files and one envelope: the ledger balances, and nobody decides what they may not."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import NoResultFound

from citizen import clock
from citizen.committees import review as room
from citizen.committees import sitting, voting
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.pic import sitting as conditions
from citizen.pic.conditions import CONDITIONS
from citizen.projects import ending
from citizen.projects import services as life
from tests import factories, rooms
from tests.pic.books import CONFLICTED, NOT_MET, TOLD, has_quorum, rows, state, unbalanced

RUNS = int(os.environ.get("CITIZEN_TEST_RUNS", "30"))
FILES, ENVELOPE = 10, 2_000_00
REFUSED = (Invalid, NotNow, NotReady, Forbidden, NoResultFound)  # a file withdrawn has left the agenda
ITEM = some.integers(0, FILES - 1)
AMOUNT = some.sampled_from((1, 300_00, 500_00, 599_99, 600_00, 600_00, 600_01))
MET = ("met", "met", "met")
WORDS = some.sampled_from((MET, MET, MET, MET, ("met", "partly", "met"), ("not_met", "met", "met"), ("met", "met", "not_met")))
CHOICE = some.sampled_from(("for", "for", "for", "against", "abstain"))


@dataclass(frozen=True)
class World:
    """What every run starts from: a fund, its committee of six, ten files on one agenda, of which two members have a part."""

    manager: Actor
    members: list[Actor]
    seats: list[int]
    bearers: list[Actor]
    projects: list[int]
    items: list[int]
    session: int
    held_at: datetime
    call: int
    body: Actor


class Undo(Exception):
    """Ends a run."""


@contextmanager
def undone() -> Iterator[None]:
    """One transaction that every act joins, and of which nothing stays."""
    with suppress(Undo), transaction():
        yield
        raise Undo


def made(ballot: str) -> World:
    fund = factories.pic_fund(ballot=ballot, max_requests_per_year=3)
    call = factories.pic_call(fund, envelope_cents=ENVELOPE)
    session = factories.pic_session(fund)
    bearers = [factories.actor(factories.person()) for _ in range(FILES)]
    files = [factories.pic_inscribed(call, session, bearer=one) for one in bearers]
    people = [*bearers[:2], *(factories.actor(factories.person()) for _ in range(4))]
    sat = [rooms.seat(fund, one, office="president" if rank == 2 else "member") for rank, one in enumerate(people)]
    return World(
        factories.manager_of(fund), [factories.actor(seat.person) for seat in sat], [seat.id for seat in sat], bearers,
        [one.id for one in files], [rooms.item_of(one).id for one in files], session.id, session.held_at, call.id, rooms.committee(fund),
    )  # fmt: skip


class AnyOrder(RuleBasedStateMachine):
    """Acts that each may be refused, never half done; the facts are read past the code, in the tables."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(clock.at(self.world.held_at))
        self.stack.enter_context(undone())
        sitting.open_session(self.world.manager, self.world.session)

    def teardown(self) -> None:
        self.stack.close()

    def try_to(self, act: Callable[..., Any], *values: Any, **named: Any) -> Any:
        try:
            with db.session.begin_nested():
                return act(*values, **named)
        except REFUSED:
            return None
        finally:
            db.session.expire_all()

    # --- the room ---

    @rule(who=some.integers(0, 5), is_there=some.booleans())
    def move(self, who: int, is_there: bool) -> None:
        if is_there:
            self.try_to(sitting.arrive, self.world.manager, self.world.session, [self.world.seats[who]])
        else:
            self.try_to(sitting.leave, self.world.manager, self.world.session, self.world.seats[who])

    @rule(giver=some.integers(0, 5), holder=some.integers(0, 5))
    def give_proxy(self, giver: int, holder: int) -> None:
        self.try_to(
            sitting.give_proxy, self.world.members[giver], self.world.session, self.world.seats[giver], self.world.seats[holder]
        )

    @rule(is_paused=some.booleans())
    def pause(self, is_paused: bool) -> None:
        self.try_to(sitting.pause if is_paused else sitting.open_session, self.world.manager, self.world.session)

    @rule(item=ITEM, who=some.integers(0, 5))
    def recuse(self, item: int, who: int) -> None:
        self.try_to(sitting.recuse, self.world.members[who], self.world.items[item], self.world.seats[who], "other")

    # --- an item ---

    @rule(item=ITEM, hearing=some.sampled_from(("present", "phone", "absent")))
    def hear(self, item: int, hearing: str) -> None:
        self.try_to(sitting.hear, self.world.manager, self.world.items[item], hearing)

    @rule(item=ITEM, words=WORDS)
    def note(self, item: int, words: tuple[str, str, str]) -> None:
        said = {one.slug: conditions.Judged(word, "Vu en séance.") for one, word in zip(CONDITIONS, words, strict=True)}
        self.try_to(conditions.note, self.world.manager, self.world.items[item], said)

    @rule(item=ITEM, action=some.sampled_from(("grant", "grant", "reject", "defer")), cents=AMOUNT)
    def propose(self, item: int, action: str, cents: int) -> None:
        self.try_to(room.propose, self.world.manager, self.world.items[item], action, amount_cents=cents, asked="Revenez.")

    def question(self, item: int) -> Any:
        found = "SELECT max(id) FROM question WHERE agenda_item_id = :id"
        return db.session.scalar(text(found), {"id": self.world.items[item]})

    @rule(item=ITEM, who=some.integers(0, 5), choice=CHOICE)
    def vote(self, item: int, who: int, choice: str) -> None:
        if question := self.question(item):
            self.try_to(voting.cast, self.world.members[who], question, choice)

    @rule(item=ITEM)
    def count(self, item: int) -> None:
        if question := self.question(item):
            self.try_to(room.count, self.world.manager, question)

    @rule(item=ITEM, who=some.integers(0, 5))
    def settle(self, item: int, who: int) -> None:
        before = rows("SELECT count(*) FROM outcome")
        self.try_to(room.settle, (self.world.manager, self.world.members[who])[who % 2], self.world.items[item])
        is_new = rows("SELECT count(*) FROM outcome") != before
        assert not is_new or has_quorum(self.world.session, self.world.items[item])

    @rule(
        items=some.sets(ITEM, min_size=1, max_size=4),
        cents=AMOUNT,
        words=WORDS,
        acts=some.integers(3, 9),
        gone=some.sets(some.integers(0, 5)),
    )
    def advance(self, items: set[int], cents: int, words: tuple[str, str, str], acts: int, gone: set[int]) -> None:
        """The acts that lead to a grant and its payment, one after the other, as far as ``acts``: each may be refused.

        Between the vote and the decision some have ``gone``.
        """
        self.pause(is_paused=False)
        for item in sorted(items):
            self.try_to(sitting.arrive, self.world.manager, self.world.session, self.world.seats)
            path: list[Callable[[], Any]] = [
                lambda item=item: self.hear(item, "present"),
                lambda item=item: self.note(item, words),
                lambda item=item: self.propose(item, "grant", cents),
                lambda item=item: [self.vote(item, who, "for") for who in range(6)],
                lambda item=item: self.count(item),
                lambda item=item: [self.move(who, is_there=False) for who in sorted(gone)] + [self.settle(item, 0)],
                lambda item=item: self.release(item),
                lambda item=item: self.pay(item, 300_00),
                lambda item=item: self.give_back(item, 300_00),
            ]
            for act in path[:acts]:
                act()

    @rule(item=ITEM)
    def reopen(self, item: int) -> None:
        self.try_to(room.reopen, self.world.manager, self.world.items[item], "Une erreur.")

    @rule(item=ITEM)
    def withdraw(self, item: int) -> None:
        self.try_to(life.take, self.world.bearers[item], self.world.projects[item], "withdraw", reason="Nous renonçons.")

    @rule(item=ITEM)
    def release(self, item: int) -> None:
        if state(self.world.projects[item]) == "admissible":
            self.try_to(room.release, self.world.body, self.world.items[item])

    # --- the money ---

    @rule(item=ITEM, cents=AMOUNT)
    def pay(self, item: int, cents: int) -> None:
        self.try_to(ledger.pay, self.world.manager, self.world.call, self.world.projects[item], cents, reference="Virement")

    @rule(item=ITEM, cents=AMOUNT)
    def refund(self, item: int, cents: int) -> None:
        self.try_to(ledger.refund, self.world.manager, self.world.call, self.world.projects[item], cents, reference="Chèque")

    @rule(item=ITEM, cents=AMOUNT)
    def give_back(self, item: int, cents: int) -> None:
        if state(self.world.projects[item]) == "granted":
            self.try_to(ledger.give_back, self.world.manager, self.world.call, self.world.projects[item], cents)

    @rule(item=ITEM)
    def cancel(self, item: int) -> None:
        self.try_to(ending.cancel, self.world.manager, self.world.projects[item], "Le lieu a fermé.")

    # --- what always holds ---

    @invariant()
    def the_ledger_balances(self) -> None:
        assert unbalanced(self.world.call, ENVELOPE) == []

    @invariant()
    def nobody_votes_where_they_have_a_part(self) -> None:
        assert rows(CONFLICTED) == []

    @invariant()
    def a_secret_vote_was_counted_among_three_at_least(self) -> None:
        assert rows(TOLD) == []

    @invariant()
    def no_favourable_decision_without_the_three_conditions(self) -> None:
        assert rows(NOT_MET) == []


@pytest.mark.slow
@pytest.mark.parametrize("ballot", ["open", "secret"])
def test_whatever_the_order_the_ledger_balances_and_the_committee_keeps_its_rules(app: Flask, ballot: str) -> None:
    world = made(ballot)
    db.session.rollback()
    run_state_machine_as_test(
        type("AnyOrderOfActs", (AnyOrder,), {"world": world}),
        settings=settings(
            max_examples=RUNS, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip
