"""The count under the envelope, best placed first; what would have been enough is found by counting again."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import ceil, floor

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
    no longer fits the count goes on, or stops (not ``is_skipping``). ``has_each_sector``: in the order of this count, the best
    placed of each sector that fits is taken before anything else, whatever the rule does of the rest. Of each group in
    ``exclusive`` at most one is taken: the first to be. Nothing that nobody chose is ever taken.
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
    """What the count says when a project's turn comes; ``remaining`` is the money left before it takes its part.

    ``is_of_sector``: taken first, as the best placed of its sector.
    """

    entry: Entry
    remaining: Amount
    obstacle: Obstacle | None
    is_of_sector: bool = False

    @property
    def is_selected(self) -> bool:
        return self.obstacle is None


def entries_of(profile: Profile, measure: Measure) -> list[Entry]:
    scores = profile.votes if measure is Measure.COST else profile.scores(measure)
    return [Entry(*row) for row in zip(profile.projects, profile.votes, scores, strict=True)]


def count(entries: Sequence[Entry], method: Method, taken: Collection[str] = ()) -> list[Turn]:
    """Each project in the order of the count; ``taken`` are those that were before, which shut out their rivals."""
    return _Envelope(method, taken).count(sorted(entries, key=method.key))


def sectors_first(entries: Sequence[Entry], method: Method) -> list[Turn]:
    """The best placed of each sector that fits, taken in the order of the count; nothing when sectors were not announced."""
    return _Envelope(method).take_sectors(sorted(entries, key=method.key))


class _Envelope:
    """What is left of the envelope, what it went to, and whether the count has stopped."""

    def __init__(self, method: Method, taken: Collection[str] = ()) -> None:
        self.method = method
        self.left = method.envelope
        self.taken = set(taken)
        self.is_stopped = False

    def count(self, order: Sequence[Entry]) -> list[Turn]:
        first = self.take_sectors(order)
        return first + [self.take(entry) for entry in order if entry.project.id not in self.taken]

    def take_sectors(self, order: Sequence[Entry]) -> list[Turn]:
        served, turns = {""}, []
        for entry in order if self.method.has_each_sector else ():
            if entry.project.sector not in served and self.obstacle(entry) is None:
                served.add(entry.project.sector)
                turns.append(replace(self.take(entry), is_of_sector=True))
        return turns

    def obstacle(self, entry: Entry) -> Obstacle | None:
        if entry.votes < self.method.least:
            return Obstacle.VOTES
        if any(entry.project.id in group and not self.taken.isdisjoint(group) for group in self.method.exclusive):
            return Obstacle.RIVAL
        if self.is_stopped:
            return Obstacle.STOPPED
        return Obstacle.ROOM if entry.project.cost > self.left else None

    def take(self, entry: Entry) -> Turn:
        turn = Turn(entry, self.left, self.obstacle(entry))
        if turn.is_selected:
            self.taken.add(entry.project.id)
            self.left -= entry.project.cost
        elif turn.obstacle is Obstacle.ROOM:
            self.is_stopped = not self.method.is_skipping
        return turn


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


class Recounts:
    """The counts that would have been, had one project had more votes or cost less."""

    def __init__(self, turns: Sequence[Turn], method: Method) -> None:
        self.method = method
        self.places = {turn.entry.project.id: place for place, turn in enumerate(turns)}
        self.order = sorted((method.key(turn.entry), turn.entry) for turn in turns)

    def missed_by(self, entry: Entry) -> Missed:
        """The smallest change of its votes alone, and of its cost alone, that selects a project left out.

        Moving up never leaves less money at one's turn, so halving finds the smallest; each trial is a count of its own.
        """
        method = self.method
        others = [row for row in self.order if row[1] is not entry]
        keys = [key for key, _entry in others]

        def with_more(votes: int) -> Entry:
            """More votes, or more points from those who chose it."""
            added = 0 if method.counts_points else votes
            return replace(entry, votes=entry.votes + added, score=entry.score + votes)

        @cache
        def before(place: int) -> _Envelope:
            envelope = _Envelope(method)
            envelope.count([other for _key, other in others[:place]])
            return envelope

        def again(changed: Entry) -> list[Turn]:
            place = bisect_left(keys, method.key(changed))
            return _Envelope(method).count([other for _key, other in [*others[:place], ((), changed), *others[place:]]])

        def holds(changed: Entry) -> bool:
            if method.has_each_sector:
                return next(turn.is_selected for turn in again(changed) if turn.entry is changed)
            return before(bisect_left(keys, method.key(changed))).obstacle(changed) is None

        more = enough(lambda votes: holds(with_more(votes)), self._most_votes(entry, others[0][1] if others else None))
        less = enough(lambda money: holds(_for_less(entry, money)), ceil(entry.project.cost) - 1)
        return Missed(more, self._overtaken(entry, again(with_more(more))) if more else None, less)

    def _most_votes(self, entry: Entry, first: Entry | None) -> int:
        """So many more than the best placed of the others, the minimum included."""
        best = self.method.merit(first)[1] if first else 0
        wanted = ceil(best if self.method.measure is Measure.COST else best * entry.project.cost) + 1
        return max(wanted - floor(entry.score), self.method.least - entry.votes)

    def _overtaken(self, entry: Entry, after: Sequence[Turn]) -> str | None:
        """Who then comes just behind, when it came before and could have been taken."""
        ids = [turn.entry.project.id for turn in after]
        behind = after[ids.index(entry.project.id) + 1 :][:1]
        if not behind or behind[0].entry.votes < self.method.least:
            return None
        passed = behind[0].entry.project
        return passed.title or passed.id if self.places[passed.id] < self.places[entry.project.id] else None


def _for_less(entry: Entry, money: int) -> Entry:
    return replace(entry, project=replace(entry.project, cost=entry.project.cost - money))
