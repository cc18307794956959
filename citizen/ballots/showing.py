"""What the pages of a vote show: its moment and its rules in words, the result as bars, the rules compared."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import segno
from flask import current_app
from markupsafe import Markup

from citizen import clock
from citizen.ballots.count_models import PollCount
from citizen.ballots.models import Poll, PollOption, PollResult, reasons
from citizen.ballots.rules import FEW, MOMENT_LABELS, RULES, TIES, Counting, Moment, time_left
from citizen.kernel.words import Words
from citizen.web.filters import say

DEMO_CODES = "demo-codes.json"  # in the data folder of a demonstration: its codes that no invented voter uses


@dataclass(frozen=True)
class Bar:
    """One project in the result; ``share`` is relative to the most votes, from 0 to 1."""

    number: int
    project_id: int
    title: str
    sector: str
    cost_cents: int
    votes: int
    share: float
    is_selected: bool
    remaining_cents: int
    sentence: str


@dataclass(frozen=True)
class Face:
    """A poll as pages announce it."""

    poll: Poll
    moment: Moment

    @property
    def label(self) -> str:
        return MOMENT_LABELS[self.moment][0]

    @property
    def tone(self) -> str:
        return MOMENT_LABELS[self.moment][1]

    @property
    def left(self) -> Words:
        return time_left(clock.now(), self.poll.closes_at)

    @property
    def is_open(self) -> bool:
        return self.moment is Moment.OPEN

    @property
    def is_counted(self) -> bool:
        return self.moment is Moment.COUNTED

    @property
    def rule(self) -> Counting:
        """What decides, in words."""
        return RULES[self.poll.rule]

    @property
    def tie(self) -> str:
        return TIES[self.poll.ties]

    @property
    def compared(self) -> list[str]:
        """The titles of the rules shown for information."""
        return [RULES[rule].title for rule in self.poll.rules[1:]]

    @property
    def rivals(self) -> list[list[str]]:
        """The projects of which one at most is retained, group by group."""
        letters = sorted({option.rival_group for option in self.poll.options} - {""})
        return [[one.title for one in self.poll.options if one.rival_group == letter] for letter in letters]

    @property
    def shows_votes(self) -> bool:
        """Too few ballots would tell what a neighbour chose: then only the outcome is published."""
        return (self.poll.ballot_count or 0) >= FEW


def face(poll: Poll) -> Face:
    return Face(poll, poll.moment(clock.now()))


def bars(results: Sequence[PollResult], count: PollCount | None = None) -> list[Bar]:
    """The rows of the result, in the order of the count: of the rule that decides, or of another one."""
    votes = {result.option_id: result.votes for result in results}
    options = {result.option_id: result.option for result in results}
    if count is None:
        return [_bar(result.option, votes, result.is_selected, result.remaining_cents, result.reasons) for result in results]
    return [
        _bar(
            options[line["option_id"]],
            votes,
            line["is_selected"],
            line["remaining_cents"],
            reasons(line["said"], options[line["option_id"]].poll),
        )
        for line in count.lines
    ]


def _bar(option: PollOption, votes: dict[int, int], is_selected: bool, remaining: int, reasons: Sequence[Words]) -> Bar:
    own, most = votes[option.id], max(votes.values()) or 1
    return Bar(
        option.number, option.project_id, option.title, option.sector, option.cost_cents, own, own / most, is_selected, remaining,
        " ".join(say(words) for words in reasons),
    )  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One rule beside the others: what it retains, in the order of the projects' numbers."""

    rule: str
    title: str
    is_deciding: bool
    taken: frozenset[int]  # numbers of options
    left_cents: int
    served: int
    sectors: Counter[str]


def columns(poll: Poll, counts: Sequence[PollCount]) -> list[Column]:
    """The adopted rules side by side, the one that decides first."""
    kept = {count.rule: count for count in counts}
    return [column(poll, kept[rule]) for rule in poll.rules if rule in kept]


def column(poll: Poll, count: PollCount) -> Column:
    taken = {line["option_id"] for line in count.lines if line["is_selected"]}
    options = [option for option in poll.options if option.id in taken]
    return Column(
        count.rule, RULES[count.rule].title, count.rule == poll.rule, frozenset(option.number for option in options),
        count.left_cents, count.served, Counter(option.sector for option in options),
    )  # fmt: skip


def french_day(day: str) -> date:
    """The day of a line of the journal: « 2027-06-12 »."""
    return date.fromisoformat(day)


@dataclass(frozen=True)
class Sums:
    """What a voter's choices come to."""

    chosen: int
    most: int
    cost_cents: int
    envelope_cents: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.chosen)


def sums(poll: Poll, options: Sequence[PollOption], chosen: Collection[int]) -> Sums:
    costs = [option.cost_cents for option in options if option.id in chosen]
    return Sums(len(costs), poll.max_choices, sum(costs), poll.envelope_cents)


def qr(text: str) -> Markup:
    """A square that phones read, drawn in the page."""
    drawn = segno.make(text, error="m").svg_inline(scale=3, border=2, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704  the library draws squares, the text is not in it


def demo_codes(poll_id: int) -> list[str]:
    """The codes that a demonstration leaves to its visitors; nothing elsewhere, where nobody can read a code again."""
    settings = current_app.config["SETTINGS"]
    kept = settings.data / DEMO_CODES
    return json.loads(kept.read_text()).get(str(poll_id), []) if settings.is_demo and kept.exists() else []
