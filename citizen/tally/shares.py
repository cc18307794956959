"""The Method of Equal Shares, exact: the envelope is divided between the voters, who buy together what they chose.

Peters, Pierczyński and Skowron, « Proportional Participatory Budgeting with Additive Utilities » (2021). Each round takes the
project with the smallest rate: what its supporters pay for one unit of what it is worth to them, the poor giving all they have.

Voters who have paid for the same projects have the same money left: they are one *class*, and a project is priced from the
classes of its supporters. A class's money is a whole number over one denominator common to all, so that nothing is rounded.

When at least one project per sector was announced, those are taken first, out of the whole envelope, and what is left is divided.
A project bought shuts out those declared incompatible with it: their supporters keep their money for something else.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from citizen.tally.electorate import DEAD, Cells, Electorate
from citizen.tally.profile import Amount

ALL = 1  # the class of everybody at the beginning
CLOSE = 1 + 1e-12  # rates further apart as floats are as well apart exactly: floats only say what need not be compared
FARTHEST = 1 << 20  # steps tried at once


@dataclass(frozen=True, slots=True)
class Rate:
    """``need / (share * scale)``: the smaller, the sooner the project is bought."""

    need: int
    share: int
    scale: int

    @property
    def value(self) -> float:
        return self.need / (self.share * self.scale)

    def minus(self, other: "Rate") -> int:
        """Has the sign of the difference."""
        return self.need * other.share * other.scale - other.need * self.share * self.scale


class Purses:
    """The money of each class over ``scale``, when every voter began with ``steps`` units more than an equal share."""

    def __init__(self, electorate: Electorate, steps: int) -> None:
        self.steps = steps
        self.electorate = electorate
        self.scale = max(electorate.turnout, 1)
        self.money = [0, electorate.budget + steps * electorate.unit * electorate.turnout]
        # a rate never falls: the last one known says which projects need no look in this round
        self.least = {place: electorate.costs[place] / electorate.totals[place] for place in electorate.rank}

    def have(self, cells: Cells) -> int:
        return sum(self.money[group] * voters for _worth, by_class in cells for group, voters in by_class.items())

    def rate(self, place: int, cells: Cells) -> Rate | None:
        """What its supporters would pay; None when all their money is not enough, and then it never will be.

        Those who cannot pay their part give all they have, which raises the part of the others, until all the others can.
        """
        need, money = self.electorate.costs[place] * self.scale, self.money
        rich = [(worth, [(money[group], voters) for group, voters in by_class.items()]) for worth, by_class in cells]
        share, before = sum(worth * sum(by_class.values()) for worth, by_class in cells), 0
        while share != before:
            before = share
            for level, (worth, rows) in enumerate(rich):
                part = -(-need * worth // share) if share else 0
                poor = [row for row in rows if row[0] < part]
                if poor:
                    need -= sum(has * voters for has, voters in poor)
                    share -= worth * sum(voters for _has, voters in poor)
                    rich[level] = (worth, [row for row in rows if row[0] >= part])
        if not share:
            del self.least[place]
            return None
        rate = Rate(need, share, self.scale)
        self.least[place] = rate.value
        return rate

    def pay(self, place: int, rate: Rate, moves: Sequence[tuple[int, int]]) -> None:
        """One new class for each (class, worth) of ``moves``, with what is left to it; the project's rivals are looked at no more."""
        for shut in self.electorate.shut_by([place]):
            self.least.pop(shut, None)
        factor = rate.share // gcd(rate.need, rate.share)
        if factor > 1:
            self.scale *= factor
            self.money = [money * factor for money in self.money]
        for group, worth in moves:
            self.money.append(max(0, self.money[group] - rate.need * factor * worth // rate.share))

    def forget(self, groups: Sequence[int]) -> None:
        """Classes that nobody is in any more: their money need not be multiplied further."""
        for group in groups:
            self.money[group] = 0


@dataclass(frozen=True, slots=True)
class Bought:
    """A project bought; ``price`` is the most that one supporter pays."""

    place: int
    price: Amount


@dataclass(frozen=True)
class Purchases:
    """What the voters buy with ``steps`` units more each, and with any number of them up to ``until`` the same projects."""

    bought: list[Bought]
    steps: int
    until: int
    purses: Purses
    classes: list[int]

    @property
    def savings(self) -> list[Fraction]:
        """By project, what its supporters have left together."""
        electorate = self.purses.electorate
        whole = self.purses.scale * electorate.unit
        return [
            Fraction(self.purses.have(electorate.cells(place, self.classes)), whole) for place in range(len(electorate.costs))
        ]


def buy(electorate: Electorate, steps: int, probes: Sequence[int] = ()) -> Purchases:
    """Runs the method with ``steps``, and follows it with the larger numbers of steps in ``probes``, the largest kept.

    While the same projects have been bought, no voter has less with more steps, so no rate is larger: it lies between those
    at both ends. A purchase cheaper at the near end than any other at the far one is then the same all the way; so is one that
    ties at a rate equal at both ends. Where neither holds the probe is given up.
    """
    near, far = Purses(electorate, steps), [Purses(electorate, probe) for probe in sorted(probes)]
    classes = [ALL] * len(electorate.numbers)
    members = [0, electorate.turnout]
    bought = [Bought(place, 0) for place in electorate.free]
    while True:
        cells: dict[int, Cells] = {}

        def cells_of(place: int, cells: dict[int, Cells] = cells) -> Cells:
            if place not in cells:
                cells[place] = electorate.cells(place, classes)
            return cells[place]

        found = _cheapest(near, cells_of)
        while far and not _is_same(near, far[-1], found, cells_of):
            far.pop()
        if found is None:
            return Purchases(bought, steps, far[-1].steps if far else steps, near, classes)
        place, rate = found
        moves = [(group, worth) for worth, by_class in cells_of(place) for group in by_class]
        most = max(worth for worth, _groups in electorate.supporters[place])
        bought.append(Bought(place, Fraction(rate.need * most, rate.share * rate.scale * electorate.unit)))
        near.pay(place, rate, moves)
        for purses in far:
            there = purses.rate(place, cells_of(place))
            assert there, "with more money it is bought too"
            purses.pay(place, there, moves)
        _move(electorate.supporters[place], moves, classes, (far or [near])[-1].money)
        emptied = _leave(cells_of(place), members)
        for purses in (near, *far):
            purses.forget(emptied)


def _cheapest(purses: Purses, cells_of: Callable[[int], Cells]) -> tuple[int, Rate] | None:
    """The project with the smallest rate, the tie order settling equal ones."""
    best: tuple[int, Rate] | None = None
    limit = float("inf")
    rank = purses.electorate.rank
    for place in sorted(purses.least, key=purses.least.__getitem__):
        if purses.least[place] > limit:
            break
        rate = purses.rate(place, cells_of(place))
        if rate is None:
            continue
        order = rate.minus(best[1]) if best else -1
        if best is None or order < 0 or (order == 0 and rank[place] < rank[best[0]]):
            best, limit = (place, rate), rate.value * CLOSE
    return best


def _is_same(near: Purses, far: Purses, found: tuple[int, Rate] | None, cells_of: Callable[[int], Cells]) -> bool:
    """Whether this purchase (None: nothing more) is the next one for every number of steps between the two."""
    if found is None:
        return all(far.rate(place, cells_of(place)) is None for place in list(far.least))
    place, rate = found
    limit = rate.value * CLOSE
    rank = near.electorate.rank
    for other in [one for one, least in far.least.items() if least <= limit and one != place]:
        there = far.rate(other, cells_of(other))
        if there is None or there.minus(rate) > 0:
            continue
        here = near.rate(other, cells_of(other)) if other in near.least else None
        own = far.rate(place, cells_of(place))
        is_level = own and here and rate.minus(own) == 0 and here.minus(there) == 0 and there.minus(own) == 0
        if not (is_level and rank[place] < rank[other]):
            return False
    return True


def _move(
    supporters: Sequence[tuple[int, list[int]]], moves: Sequence[tuple[int, int]], classes: list[int], money: Sequence[int],
) -> None:  # fmt: skip
    """Puts each supporter in the class of those who have paid as well, which is the last in ``money``."""
    new: dict[int, dict[int, int]] = defaultdict(lambda: {DEAD: DEAD})
    for number, (group, worth) in enumerate(moves, start=len(money) - len(moves)):
        new[worth][group] = number if money[number] else DEAD
    for worth, groups in supporters:
        after = new[worth]
        for group in groups:
            classes[group] = after[classes[group]]


def _leave(cells: Cells, members: list[int]) -> list[int]:
    """Counts each class's members anew; gives those that everybody has left."""
    for _worth, by_class in cells:
        for group, voters in by_class.items():
            members[group] -= voters
            members.append(voters)
    return [group for _worth, by_class in cells for group in by_class if not members[group]]


def add_one(electorate: Electorate, progress: Callable[[int], None] | None = None) -> Purchases:
    """Gives every voter one unit more until nothing that somebody chose fits, or one before the envelope is passed.

    The same as trying each number of steps: those that a purchase covers (``until``) are not tried again.
    """
    last, steps, reach = None, 0, 1
    while True:
        found = buy(electorate, steps, [steps + reach, steps + 4 * reach] if reach > 1 else [steps + 1])
        left = electorate.budget - sum(electorate.costs[one.place] for one in found.bought)
        if left < 0 and last:
            return last
        out = electorate.shut_by(one.place for one in found.bought)
        if not any(electorate.costs[place] <= left for place in electorate.rank if place not in out):
            return found
        last, reach = found, max(1, min(2 * (found.until - steps), FARTHEST))
        steps = found.until + 1
        if progress:
            progress(steps)
