"""Whatever the order of votes online, at the desk and on paper, of boxes and of readings: one voter one ballot, a journal that
agrees with the box, and a count that is the one done by hand."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.exc import NoResultFound

from citizen import clock
from citizen.ballots import chain, paper, queries, recording, recounting, reminding, services, verifying
from citizen.ballots.models import Poll
from citizen.ballots.rules import AtDesk
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from tests.ballots import by_hand
from tests.ballots.by_hand import rows
from tests.ballots.papers import on_the_roll
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

RUNS = int(os.environ.get("CITIZEN_TEST_RUNS", "30"))
REFUSED = (Invalid, NotNow, Forbidden, NoResultFound)
FOUR, TWO = some.integers(0, 3), some.integers(0, 1)
CHOSEN = some.sets(some.integers(0, 2), min_size=1, max_size=2)
TYPED = some.sampled_from(("1", "1", "1", "2 3", "blanc", "nul", "1 2 3", "4"))


@dataclass(frozen=True)
class World:
    """What every run starts from: an open vote on three works, four accounts, four people of the list, four readers."""

    poll: int
    options: list[int]
    opens_at: datetime
    closes_at: datetime
    accounts: list[Actor]
    lines: list[int]
    readers: list[Actor]


class Undo(Exception):
    """Ends a run."""


@contextmanager
def undone() -> Iterator[None]:
    """One transaction that every act joins, and of which nothing stays."""
    with suppress(Undo), transaction():
        yield
        raise Undo


class AnyOrder(RuleBasedStateMachine):
    """Acts that each may be refused, never half done; what is in the box is also kept by hand, in ``taken`` and ``sheets``."""

    world: ClassVar[World]
    counted: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(clock.at(self.world.opens_at))
        self.stack.enter_context(undone())
        self.taken: dict[int, tuple[str, frozenset[int]]] = {}
        self.boxes: list[int] = []
        self.is_closed = False
        self.result: dict[int, int] | None = None

    def teardown(self) -> None:
        """Each run ends with a careful evening, after whatever came before, and with a count."""
        with self.stack:
            self.add_box()
            self.close(True)
            for box in range(len(self.boxes)):
                self.fill(box, 2, 0, 0)
            if len(self.boxes) == 2:
                self.mix(0, True)
            for reader, box in ((reader, box) for reader in (0, 1, 2, 3) * 2 for box in range(len(self.boxes))):
                self.read_all(reader, box, "1")
            self.explain()
            self.count()
            self.the_journal_follows_and_agrees_with_the_box()

    @property
    def signatures(self) -> int:
        return sum(channel == "paper" for channel, _chosen in self.taken.values())

    def try_to(self, act: Callable[..., Any], *values: Any, **named: Any) -> tuple[bool, Any]:
        try:
            with db.session.begin_nested():
                return True, act(*values, **named)
        except REFUSED:
            return False, None
        finally:
            db.session.expire_all()

    # --- taking part ---

    def vote(self, elector: Any, channel: str, chosen: set[int]) -> None:
        options = [self.world.options[place] for place in chosen]
        went, _receipt = self.try_to(services.vote, elector, self.world.poll, options, is_eligible=True)
        line = elector.voter_id if isinstance(elector, AtDesk) else self.line_of(elector)
        former = self.taken.get(line or 0)
        assert went == (not self.is_closed and (former is None or former[0] == channel)), (former, channel)
        if went and line:
            self.taken[line] = (channel, frozenset(chosen))

    def line_of(self, account: Actor) -> int | None:
        voter = queries.voter_of(self.world.poll, account)
        return voter.id if voter else None

    @rule(who=FOUR, chosen=CHOSEN)
    def vote_online(self, who: int, chosen: set[int]) -> None:
        self.vote(self.world.accounts[who], "online", chosen)

    @rule(who=FOUR, chosen=CHOSEN)
    def vote_at_the_desk(self, who: int, chosen: set[int]) -> None:
        self.vote(AtDesk(self.world.lines[who]), "desk", chosen)

    @rule(who=FOUR, is_account=some.booleans())
    def sign(self, who: int, is_account: bool) -> None:
        line = self.line_of(self.world.accounts[who]) if is_account else self.world.lines[who]
        if line:
            went, _withdrew = self.try_to(paper.sign, self.world.readers[0], self.world.poll, line)
            former = self.taken.get(line)
            assert went == (self.result is None and (former is None or former[0] == "online")), former
            if went:
                self.taken[line] = ("paper", frozenset())

    @rule(who=FOUR)
    def take_a_signature_back(self, who: int) -> None:
        line = self.world.lines[who]
        went, _none = self.try_to(paper.unsign, self.world.readers[0], self.world.poll, line)
        if went:
            assert self.taken.pop(line)[0] == "paper"

    @rule()
    def post(self) -> None:
        self.try_to(reminding.post, self.world.poll)

    @rule(is_sure=some.booleans())
    def close(self, is_sure: bool) -> None:
        if is_sure and not self.is_closed:
            self.stack.enter_context(clock.at(self.world.closes_at))
            self.is_closed = True

    # --- paper ---

    @rule()
    def add_box(self) -> None:
        day = self.world.opens_at.astimezone(clock.LOCAL).date()
        if len(self.boxes) < 2:
            went, box = self.try_to(paper.add_box, self.world.readers[0], self.world.poll, place="Mairie", held_on=day)
            self.boxes += [box.id] if went else []

    @precondition(lambda self: self.boxes)
    @rule(box=TWO, found=some.integers(0, 3), blank=TWO, more=some.integers(0, 12))
    def fill(self, box: int, found: int, blank: int, more: int) -> None:
        size = found + (11 if more == 12 else 0)
        figures = {"supplied": 20, "unused": 5, "spoiled": 0, "found": size, "blank": blank, "void": 0}
        self.try_to(paper.fill_sheet, self.world.readers[0], self.boxes[box % len(self.boxes)], **figures)

    @precondition(lambda self: len(self.boxes) == 2)
    @rule(box=TWO, is_mixed=some.booleans())
    def mix(self, box: int, is_mixed: bool) -> None:
        self.try_to(paper.mix, self.world.readers[0], self.boxes[box], self.boxes[1 - box] if is_mixed else None)

    @precondition(lambda self: self.boxes and self.is_closed)
    @rule(reader=FOUR, box=TWO, number=some.integers(1, 15), typed=TYPED)
    def read_one(self, reader: int, box: int, number: int, typed: str) -> None:
        self.read(reader, box, number, typed)

    @precondition(lambda self: self.boxes and self.is_closed)
    @rule(reader=FOUR, box=TWO, typed=some.sampled_from(("1", "blanc", "2 3")))
    def read_all(self, reader: int, box: int, typed: str) -> None:
        for number in range(1, 15):
            self.read(reader, box, number, typed)

    def read(self, reader: int, box: int, number: int, typed: str) -> None:
        box_id = self.boxes[box % len(self.boxes)]
        whole = by_hand.final(box_id, is_settled=False) is not None
        before = rows("SELECT * FROM paper_entry WHERE turn < 3 AND box_id = :id ORDER BY turn, number", id=box_id)
        went, _none = self.try_to(recounting.enter, self.world.readers[reader], box_id, number, typed)
        after = rows("SELECT * FROM paper_entry WHERE turn < 3 AND box_id = :id ORDER BY turn, number", id=box_id)
        assert not (whole and before != after), "what two people read does not change once both are done"
        assert went or before == after

    @precondition(lambda self: self.is_closed)
    @rule()
    def explain(self) -> None:
        self.try_to(paper.explain, self.world.readers[0], self.world.poll, "Une personne a gardé son bulletin.")

    # --- the count ---

    @rule()
    def count(self) -> None:
        """Accepted when all is agreed by hand, and only then; it says what a count by hand says."""
        ready, before = (
            self.is_closed and self.result is None and by_hand.is_ready(self.world.poll, self.signatures),
            self.result,
        )
        went, _results = self.try_to(services.tally, self.world.readers[0], self.world.poll)
        assert went == ready
        if went:
            self.result = dict(rows("SELECT number, votes FROM poll_result JOIN poll_option ON poll_option.id = option_id"))
            assert self.result == by_hand.votes(self.world.poll, (chosen for _channel, chosen in self.taken.values()))
            type(self).counted += bool(self.boxes)
        assert before is None or not went

    # --- what always holds ---

    @invariant()
    def one_voter_takes_part_once_by_one_channel(self) -> None:
        found = rows("SELECT voter_id, channel FROM participation WHERE poll_id = :id", id=self.world.poll)
        assert {row.voter_id: row.channel for row in found} == {
            line: channel for line, (channel, _chosen) in self.taken.items()
        }

    @invariant()
    def the_box_holds_what_each_voter_chose_last(self) -> None:
        numbers = {option: place for place, option in enumerate(self.world.options)}
        box: dict[str, set[int]] = {}
        for receipt, option in rows("SELECT receipt, option_id FROM ballot_choice WHERE receipt NOT LIKE 'PAPIER%'"):
            box.setdefault(receipt, set()).add(numbers[option])
        wanted = Counter(chosen for channel, chosen in self.taken.values() if channel != "paper")
        assert Counter(map(frozenset, box.values())) == wanted

    @invariant()
    def the_journal_follows_and_agrees_with_the_box(self) -> None:
        assert chain.faults(recording.lines(self.world.poll)) == []
        assert verifying.faults(db.session.get_one(Poll, self.world.poll)) == []

    @invariant()
    def nobody_reads_a_box_twice(self) -> None:
        assert rows("SELECT 1 FROM paper_reading GROUP BY box_id, person_id HAVING count(*) > 1") == []

    @invariant()
    def a_counted_vote_names_nobody_and_stays(self) -> None:
        if self.result is not None:
            assert (
                rows("SELECT 1 FROM participation WHERE receipt IS NOT NULL UNION SELECT 1 FROM ballot WHERE nonce IS NOT NULL")
                == []
            )
            assert (
                dict(rows("SELECT number, votes FROM poll_result JOIN poll_option ON poll_option.id = option_id"))
                == self.result
            )


@pytest.mark.slow
def test_whatever_the_order_one_voter_has_one_ballot_and_the_count_is_right(app: Flask) -> None:
    poll = announced_poll(works_officer(), [12_000_00, 11_000_00, 9_000_00], terms={"max_choices": 2})
    world = World(
        poll.id, [option.id for option in poll.options], poll.opens_at, poll.closes_at, [actor(person()) for _one in range(4)],
        on_the_roll(poll, 4), [works_officer() for _one in range(4)],
    )  # fmt: skip
    db.session.rollback()
    machine = type("AnyOrderOfVotes", (AnyOrder,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip
    assert machine.counted >= RUNS // 5, "some runs count paper"
