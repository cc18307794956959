"""Small elections, by hand and at random."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from citizen.tally.greedy import Method
from citizen.tally.profile import Kind, Profile, Project

METHODS = st.builds(
    Method, st.just(0), min_votes=st.integers(1, 3), has_each_sector=st.booleans(),
    exclusive=st.sampled_from([(), (frozenset("ab"),), (frozenset("ac"), frozenset("bcd"))]),
)  # fmt: skip


def election(
    budget: object, costs: Sequence[object], ballots: dict[tuple, int], kind: Kind = Kind.APPROVAL, sectors: str = "",
) -> Profile:  # fmt: skip
    """Projects « a », « b », « c »… at these costs; a letter of ``sectors`` for each of the first."""
    projects = tuple(Project(chr(97 + place), cost, "", sectors[place : place + 1], place) for place, cost in enumerate(costs))
    return Profile(budget, projects, ballots, kind)


@st.composite
def elections(draw: st.DrawFn, kinds: Sequence[Kind] = tuple(Kind), most: int = 6) -> Profile:
    kind = draw(st.sampled_from(list(kinds)))
    costs = draw(st.lists(st.one_of(st.integers(1, 30), st.just(Fraction(15, 2))), min_size=1, max_size=most))
    chosen = st.lists(st.integers(0, len(costs) - 1), unique=True, max_size=4)
    if kind is Kind.POINTS:
        ballot = st.builds(
            lambda places, points: tuple(sorted(zip(places, points, strict=False))), chosen,
            st.lists(st.integers(0, 4), min_size=4, max_size=4),
        )  # fmt: skip
    else:
        ballot = chosen.map(tuple if kind is Kind.RANKING else lambda places: tuple(sorted(places)))
    ballots = draw(st.dictionaries(ballot, st.integers(1, 4), max_size=7))
    return election(draw(st.integers(1, 60)), costs, ballots, kind, draw(st.sampled_from(["", "nns", "nsonso"])))
