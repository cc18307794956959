"""A rule by its name, « greedy:cost » or « mes_add1_greedy:borda », and what it says of an election."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from citizen.tally import greedy, shares
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
    if method.has_each_sector or method.exclusive:
        raise UnknownRule(f"« {rule} » ne sait ni servir chaque secteur ni écarter un projet incompatible.")
    electorate = shares.Electorate(profile, measure, tie, method.least)
    found = shares.add_one(electorate, progress) if "add1" in way else shares.buy(electorate, 0)
    steps, left = [], profile.budget
    for one in found.bought:
        left = exact(Fraction(left - profile.projects[one.place].cost))
        steps.append(Step(one.place, left, one.price))
    turns = _completed(entries, steps, replace(method, envelope=left)) if "greedy" in way else []
    return Outcome(
        profile, rule, method, steps + _taken(turns, profile), turns, found.savings if profile.turnout else [], found.steps,
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
    return greedy.count([entry for place, entry in enumerate(entries) if place not in bought], method)


def _taken(turns: list[Turn], profile: Profile) -> list[Step]:
    places = {project.id: place for place, project in enumerate(profile.projects)}
    return [Step(places[turn.entry.project.id], turn.remaining - turn.entry.project.cost) for turn in turns if turn.is_selected]
