"""An election: the envelope, the projects with exact costs, and the ballots, identical ones held once with their number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import chain, repeat
from math import lcm

Amount = int | Fraction


class Kind(StrEnum):
    """What a ballot says: projects approved (any number, or N at most), points given, or projects ranked."""

    APPROVAL = "approval"
    POINTS = "points"
    RANKING = "ranking"


class Measure(StrEnum):
    """What a project chosen is worth to a voter: its cost, one, the points given, or its place in the ranking."""

    COST = "cost"
    CARD = "card"
    CARDINAL = "cardinal"
    BORDA = "borda"


MEASURES = {
    Kind.APPROVAL: {Measure.COST, Measure.CARD},
    Kind.POINTS: {Measure.CARDINAL},
    Kind.RANKING: {Measure.BORDA},
}


class WrongMeasure(Exception):
    """These ballots do not say what this measure needs."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the ballot; ``lodged`` grows with the moment it was lodged."""

    id: str
    cost: Amount
    title: str = ""
    sector: str = ""
    lodged: int = 0


# Positions of projects: sorted when approved, first choice first when ranked; (position, points), sorted, when they are points.
Ballot = tuple[int, ...] | tuple[tuple[int, Amount], ...]


@dataclass(frozen=True)
class Profile:
    """What is counted. ``ballots`` gives each different ballot its number, blank ones included."""

    budget: Amount
    projects: tuple[Project, ...]
    ballots: Mapping[Ballot, int]
    kind: Kind = Kind.APPROVAL
    meta: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def turnout(self) -> int:
        return sum(self.ballots.values())

    @cached_property
    def votes(self) -> list[int]:
        """How many ballots name each project."""
        votes = [0] * len(self.projects)
        for ballot, number in self.ballots.items():
            for choice in ballot:
                votes[choice if isinstance(choice, int) else choice[0]] += number
        return votes

    def worths(self, measure: Measure) -> "list[dict[Amount, list[int]]]":
        """By project: {what it is worth to a voter: the different ballots that say so}, worth more than nothing only."""
        if measure not in MEASURES[self.kind]:
            raise WrongMeasure(f"{self.kind} / {measure}")
        found: list[dict[Amount, list[int]]] = [{} for _project in self.projects]
        if self.kind is Kind.APPROVAL:
            approvals: list[list[int]] = [[] for _project in self.projects]
            for group, ballot in enumerate(self.ballots):
                for position in ballot:
                    approvals[position].append(group)  # type: ignore[index]
            worth = [project.cost if measure is Measure.COST else 1 for project in self.projects]
            return [{worth[i]: groups} if groups and worth[i] > 0 else {} for i, groups in enumerate(approvals)]
        for group, ballot in enumerate(self.ballots):
            for position, worth_there in _graded(ballot):
                if worth_there > 0:
                    found[position].setdefault(worth_there, []).append(group)
        return found

    def scores(self, measure: Measure) -> list[Amount]:
        """What all voters together find in each project; the points taken away count too."""
        if measure not in MEASURES[self.kind]:
            raise WrongMeasure(f"{self.kind} / {measure}")
        if self.kind is Kind.APPROVAL:
            costs = [project.cost if measure is Measure.COST else 1 for project in self.projects]
            return [votes * cost for votes, cost in zip(self.votes, costs, strict=True)]
        scores: list[Amount] = [0] * len(self.projects)
        for ballot, number in self.ballots.items():
            for position, worth in _graded(ballot):
                scores[position] += worth * number
        return scores


def _graded(ballot: Ballot) -> Iterable[tuple[int, Amount]]:
    """(project, worth): the points as given; ranked n-th of L, L - n, so that the last named gets nothing (Borda)."""
    if ballot and isinstance(ballot[0], int):
        return zip(ballot, range(len(ballot) - 1, -1, -1), strict=True)  # type: ignore[return-value, arg-type]
    return ballot  # type: ignore[return-value]


def exact(amount: Fraction) -> Amount:
    """A whole number when it is one: arithmetic on it is much faster."""
    return amount.numerator if amount.denominator == 1 else amount


def common_unit(amounts: Iterable[Amount]) -> int:
    """The smallest factor that makes every amount whole."""
    return lcm(*{amount.denominator for amount in amounts})


def each_ballot(profile: Profile) -> Iterable[Ballot]:
    """Every ballot as often as it was cast, in an order that says nothing of the voting."""
    return chain.from_iterable(repeat(ballot, profile.ballots[ballot]) for ballot in sorted(profile.ballots))
