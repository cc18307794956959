"""A rule by its name, « greedy:cost » or « mes_add1_greedy:borda », and what it says of an election."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from citizen.tally import greedy, shares
from citizen.tally.electorate import Electorate
from citizen.tally.greedy import Entry, Method, Turn
from citizen.tally.profile import MEASURES, Amount, Measure, Profile, exact
from citizen.tally.ties import BY_ID, Key

WAYS: dict[str, tuple[str, ...]] = {  # by equal shares, one unit added at a time, completed under the envelope; or that alone
    "greedy": (),
    "greedy_stop": ("stop",),
    "mes": ("shares",),
    "mes_greedy": ("shares", "greedy"),
    "mes_add1": ("shares", "add1"),
    "mes_add1_greedy": ("shares", "add1", "greedy"),
}
RULES = [f"{way}:{measure}" for way in WAYS for measure in Measure]


class UnknownRule(Exception):
    """No rule has this name, or these ballots do not say what it needs."""


@dataclass(frozen=True)
class Step:
    """A project taken, and the money left after it. ``price`` is the most a supporter paid, when the voters bought it."""

    place: int
    left: Amount
    price: Amount | None = None


@dataclass(frozen=True)
class Outcome:
    """What a rule says of an election, step by step."""

    profile: Profile
    rule: str
    method: Method
    steps: list[Step]
    turns: list[Turn]  # of those counted under the envelope, in the order of the count
    savings: list[Fraction] = field(default_factory=list)  # by project, what its supporters have left together
    added: int = 0  # units given to each voter beyond an equal share

    @property
    def winners(self) -> list[str]:
        return [self.profile.projects[step.place].id for step in self.steps]

    @property
    def ledger(self) -> list[tuple[int, Amount, bool]]:
        """Each project in the order of the count: (place, money left when its turn came, whether it is taken)."""
        places = {project.id: place for place, project in enumerate(self.profile.projects)}
        counted = [(places[turn.entry.project.id], turn.remaining, turn.is_selected) for turn in self.turns]
        first = sum(turn.is_of_sector for turn in self.turns)
        bought = [
            (step.place, exact(Fraction(step.left + self.profile.projects[step.place].cost)), True)
            for step in self.steps
            if step.price is not None
        ]
        told = [*counted[:first], *bought, *counted[first:]]
        others = set(places.values()) - {place for place, _left, _taken in told}
        entries = greedy.entries_of(self.profile, self.method.measure)
        return told + [(place, self.left, False) for place in sorted(others, key=lambda place: self.method.key(entries[place]))]

    @property
    def served(self) -> int:
        """How many voters chose at least one project that is taken."""
        taken = {step.place for step in self.steps}
        return sum(
            number
            for ballot, number in self.profile.ballots.items()
            if any((one if isinstance(one, int) else one[0]) in taken for one in ballot)
        )

    @property
    def left(self) -> Amount:
        return self.steps[-1].left if self.steps else self.profile.budget


def tally(
    profile: Profile, rule: str, method: Method | None = None, tie: Key = BY_ID, progress: Callable[[int], None] | None = None,
) -> Outcome:  # fmt: skip
    """Counts ``profile``; ``method`` holds what else was announced (minimum votes, sectors, incompatible projects)."""
    way, measure = _named(rule, profile)
    method = replace(method or Method(0), envelope=profile.budget, measure=measure, tie=tie, is_skipping="stop" not in way)
    entries = greedy.entries_of(profile, measure)
    if "shares" not in way:
        turns = greedy.count(entries, method)
        return Outcome(profile, rule, method, _taken(turns, profile), turns)
    first = greedy.sectors_first(entries, method)
    steps = _taken(first, profile)
    electorate = Electorate(profile, measure, tie, method.least, method.exclusive, [step.place for step in steps])
    found = shares.add_one(electorate, progress) if "add1" in way else shares.buy(electorate, 0)
    left = steps[-1].left if steps else profile.budget
    for one in found.bought:
        left = exact(Fraction(left - profile.projects[one.place].cost))
        steps.append(Step(one.place, left, one.price))
    rest = replace(method, envelope=left, has_each_sector=False)
    turns = _completed(entries, steps, rest) if "greedy" in way else []
    return Outcome(
        profile, rule, method, steps + _taken(turns, profile), first + turns, found.savings if profile.turnout else [], found.steps,
    )  # fmt: skip


def _named(rule: str, profile: Profile) -> tuple[tuple[str, ...], Measure]:
    way, _colon, name = rule.partition(":")
    if rule not in RULES:
        raise UnknownRule(f"« {rule} » n’est pas une règle connue : {', '.join(RULES)}.")
    measure = Measure(name)
    if measure not in MEASURES[profile.kind]:
        known = ", ".join(f"{way}:{one}" for one in Measure if one in MEASURES[profile.kind])
        raise UnknownRule(f"« {rule} » ne va pas avec ces bulletins ({profile.kind}) : {known}.")
    return WAYS[way], measure


def _completed(entries: list[Entry], steps: list[Step], method: Method) -> list[Turn]:
    bought = {step.place for step in steps}
    taken = {entries[place].project.id for place in bought}
    return greedy.count([entry for place, entry in enumerate(entries) if place not in bought], method, taken)


def _taken(turns: list[Turn], profile: Profile) -> list[Step]:
    places = {project.id: place for place, project in enumerate(profile.projects)}
    return [Step(places[turn.entry.project.id], turn.remaining - turn.entry.project.cost) for turn in turns if turn.is_selected]
