"""The count under the envelope, best placed first; what would have been enough is found by counting again."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

from citizen.tally.profile import Amount, Measure, Profile, Project
from citizen.tally.ties import BY_ID, Key


@dataclass(frozen=True, slots=True)
class Entry:
    """A project to count. ``score`` is what voters gave it: its votes, its points or its places in their rankings."""

    project: Project
    votes: int
    score: Amount


class Obstacle(StrEnum):
    VOTES = "votes"  # fewer than the minimum
    STOPPED = "stopped"  # a better placed one did not fit, and the count stopped there
    RIVAL = "rival"  # declared incompatible with one already taken
    ROOM = "room"  # more than what was left


@dataclass(frozen=True)
class Method:
    """How the vote was announced.

    ``measure`` COST takes the most votes first; the others, the most votes (points, places) for each euro. Past a project that
    no longer fits the count goes on, or stops (not ``is_skipping``). ``has_each_sector``: the best placed of each sector first.
    Of each group in ``exclusive`` at most one is taken. Nothing that nobody chose is ever taken.
    """

    envelope: Amount
    min_votes: int = 1
    measure: Measure = Measure.COST
    tie: Key = BY_ID
    is_skipping: bool = True
    has_each_sector: bool = False
    exclusive: tuple[frozenset[str], ...] = ()

    @property
    def least(self) -> int:
        return max(self.min_votes, 1)

    @property
    def counts_points(self) -> bool:
        return self.measure in (Measure.CARDINAL, Measure.BORDA)

    def merit(self, entry: Entry) -> tuple[bool, Amount]:
        """Larger is better placed; a project that costs nothing comes first when it is worth something for its cost."""
        cost = entry.project.cost
        if self.measure is Measure.COST:
            return (False, entry.votes if cost else 0)
        score = max(entry.score, 0)
        return (True, 0) if score and not cost else (False, Fraction(score, cost) if cost else 0)

    def key(self, entry: Entry) -> tuple[object, ...]:
        is_free, merit = self.merit(entry)
        return (not is_free, -merit, self.tie(entry.project))


@dataclass(frozen=True)
class Turn:
    """What the count says when a project's turn comes; ``remaining`` is the money left before it takes its part."""

    entry: Entry
    remaining: Amount
    obstacle: Obstacle | None

    @property
    def is_selected(self) -> bool:
        return self.obstacle is None


def entries_of(profile: Profile, measure: Measure) -> list[Entry]:
    scores = profile.votes if measure is Measure.COST else profile.scores(measure)
    return [Entry(*row) for row in zip(profile.projects, profile.votes, scores, strict=True)]


def count(entries: Sequence[Entry], method: Method) -> list[Turn]:
    """Each project in the order of the count."""
    return _walk(sorted(entries, key=method.key), method)


def _walk(order: Sequence[Entry], method: Method) -> list[Turn]:
    left, is_stopped, taken, turns = method.envelope, False, set[str](), []
    if method.has_each_sector:
        for entry in _first_of_sectors(order, method):
            turns.append(Turn(entry, left, None))
            taken.add(entry.project.id)
            left -= entry.project.cost
    for entry in order:
        project = entry.project
        if project.id in taken:
            continue
        obstacle = _obstacle(entry, left, method, taken)
        if is_stopped and obstacle in (None, Obstacle.ROOM):
            obstacle = Obstacle.STOPPED
        turns.append(Turn(entry, left, obstacle))
        if obstacle is None:
            taken.add(project.id)
            left -= project.cost
        is_stopped = is_stopped or (obstacle is Obstacle.ROOM and not method.is_skipping)
    return turns


def _obstacle(entry: Entry, left: Amount, method: Method, taken: set[str]) -> Obstacle | None:
    if entry.votes < method.least:
        return Obstacle.VOTES
    if any(entry.project.id in group and not taken.isdisjoint(group) for group in method.exclusive):
        return Obstacle.RIVAL
    return Obstacle.ROOM if entry.project.cost > left else None


def _first_of_sectors(order: Sequence[Entry], method: Method) -> list[Entry]:
    """The best placed of each sector that fits, in the order of the count."""
    left, taken, served, first = method.envelope, set[str](), {""}, []
    for entry in order:
        if entry.project.sector not in served and _obstacle(entry, left, method, taken) is None:
            served.add(entry.project.sector)
            taken.add(entry.project.id)
            left -= entry.project.cost
            first.append(entry)
    return first


@dataclass(frozen=True)
class Missed:
    """What would have been enough: so many more votes (and before whom), or so much less money; None: nothing would."""

    more: int | None = None
    overtaken: str | None = None
    less: int | None = None


def enough(is_enough: Callable[[int], bool], most: int) -> int | None:
    """A whole number up to ``most`` that is enough while one less is not: the smallest, when more never harms."""
    if most < 1 or not is_enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def missed_by(entry: Entry, turns: Sequence[Turn], method: Method) -> Missed:
    """The smallest change of its votes alone, and of its cost alone, that selects a project left out.

    Moving up never leaves less money at one's turn, so halving finds the smallest; each trial is a count of its own.
    """
    others = sorted((turn.entry for turn in turns if turn.entry is not entry), key=method.key)
    keys = [method.key(other) for other in others]

    def again(changed: Entry) -> list[Turn]:
        place = bisect_left(keys, method.key(changed))
        return _walk([*others[:place], changed, *others[place:]], method)

    def holds(changed: Entry) -> bool:
        return next(turn.is_selected for turn in again(changed) if turn.entry is changed)

    def with_more(votes: int) -> Entry:
        """More votes, or more points from those who chose it."""
        added = 0 if method.counts_points else votes
        return replace(entry, votes=entry.votes + added, score=entry.score + votes)

    more = enough(lambda votes: holds(with_more(votes)), _most_votes(entry, others, method))
    less = enough(lambda money: holds(_for_less(entry, money)), ceil(entry.project.cost) - 1)
    return Missed(more, _overtaken(entry, again(with_more(more)), turns, method) if more else None, less)


def _for_less(entry: Entry, money: int) -> Entry:
    return replace(entry, project=replace(entry.project, cost=entry.project.cost - money))


def _most_votes(entry: Entry, others: Sequence[Entry], method: Method) -> int:
    """So many more than all others, the minimum included."""
    best = max((method.merit(other)[1] for other in others), default=0)
    wanted = ceil(best if method.measure is Measure.COST else best * entry.project.cost) + 1
    return max(wanted - ceil(entry.score), method.least - entry.votes)


def _overtaken(entry: Entry, after: Sequence[Turn], before: Sequence[Turn], method: Method) -> str | None:
    """Who then comes just behind, when it came before and could have been taken."""
    ids = [turn.entry.project.id for turn in after]
    behind = after[ids.index(entry.project.id) + 1 :][:1]
    if not behind or behind[0].entry.votes < method.least:
        return None
    order = [turn.entry.project.id for turn in before]
    passed = behind[0].entry.project
    return passed.title or passed.id if order.index(passed.id) < order.index(entry.project.id) else None
