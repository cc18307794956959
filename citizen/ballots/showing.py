"""What the pages of a vote show: its moment in words, the result as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from citizen import clock
from citizen.ballots.models import Poll, PollResult
from citizen.ballots.rules import FEW, MOMENT_LABELS, Moment, time_left
from citizen.kernel.words import Words
from citizen.web.filters import say


@dataclass(frozen=True)
class Bar:
    """One project in the result; ``share`` is relative to the most votes, from 0 to 1."""

    project_id: int
    title: str
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
    def shows_votes(self) -> bool:
        """Too few ballots would tell what a neighbour chose: then only the outcome is published."""
        return (self.poll.ballot_count or 0) >= FEW


def face(poll: Poll) -> Face:
    return Face(poll, poll.moment(clock.now()))


def bars(results: Sequence[PollResult]) -> list[Bar]:
    """The rows of the result, in the order of the count."""
    most = max((result.votes for result in results), default=0) or 1
    return [
        Bar(
            result.option.project_id, result.option.title, result.option.cost_cents, result.votes, result.votes / most,
            result.is_selected, result.remaining_cents, " ".join(say(words) for words in result.reasons),
        )
        for result in results
    ]  # fmt: skip


def french_day(day: str) -> date:
    """The day of a line of the journal: « 2027-06-12 »."""
    return date.fromisoformat(day)
