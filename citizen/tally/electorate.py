"""Voters and projects of an election as the Method of Equal Shares reads them: whole numbers, and who supports what."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from citizen.tally.profile import Measure, Profile, common_unit
from citizen.tally.ties import BY_ID, Key

DEAD = 0  # the class of those who have nothing left

Cells = list[tuple[int, dict[int, int]]]  # of a project: (worth, {class: number of voters})


class Electorate:
    """An election as whole numbers: money times ``unit``, worths times a factor that changes nothing.

    ``first`` are the places of the projects that left the envelope beforehand.
    """

    def __init__(
        self, profile: Profile, measure: Measure, tie: Key = BY_ID, min_votes: int = 1,
        exclusive: Iterable[Collection[str]] = (), first: Collection[int] = (),
    ) -> None:  # fmt: skip
        worths = profile.worths(measure)
        self.turnout = profile.turnout
        self.numbers = list(profile.ballots.values())
        self.unit = common_unit([profile.budget, *(project.cost for project in profile.projects)])
        self.costs = [int(project.cost * self.unit) for project in profile.projects]
        self.budget = int(profile.budget * self.unit) - sum(self.costs[place] for place in first)
        factor = common_unit(worth for by_worth in worths for worth in by_worth)
        self.supporters = [[(int(worth * factor), groups) for worth, groups in by_worth.items()] for by_worth in worths]
        # most ballots are alone of their kind: the others are counted once with them, and their repeats apart
        self.repeated = [
            {
                worth: [(group, self.numbers[group] - 1) for group in groups if self.numbers[group] > 1]
                for worth, groups in levels
            }
            for levels in self.supporters
        ]
        self.totals = [
            sum(worth * sum(map(self.numbers.__getitem__, groups)) for worth, groups in levels) for levels in self.supporters
        ]
        self.rivals = _rivals(profile, exclusive)
        chosen = [place for place, total in enumerate(self.totals) if total and profile.votes[place] >= min_votes]
        chosen.sort(key=lambda place: tie(profile.projects[place]))
        out = self.shut_by(first)
        self.free: list[int] = []
        for place in chosen:
            if not self.costs[place] and place not in out:
                self.free.append(place)
                out |= self.shut_by([place])
        self.rank = {place: rank for rank, place in enumerate(chosen) if self.costs[place] and place not in out}

    def shut_by(self, bought: Iterable[int]) -> set[int]:
        """Those bought, and those that cannot be any more because of them."""
        return {shut for place in bought for shut in (place, *self.rivals[place])}

    def cells(self, place: int, classes: Sequence[int]) -> Cells:
        """Who supports the project, by class; those who have nothing left do not count."""
        found: Cells = []
        for worth, groups in self.supporters[place]:
            voters = Counter(map(classes.__getitem__, groups))
            for group, more in self.repeated[place].get(worth, ()):
                voters[classes[group]] += more
            voters.pop(DEAD, None)
            found.append((worth, voters))
        return found


def _rivals(profile: Profile, exclusive: Iterable[Collection[str]]) -> list[set[int]]:
    """By project, those of a group with it."""
    rivals: list[set[int]] = [set() for _project in profile.projects]
    for group in exclusive:
        together = {place for place, project in enumerate(profile.projects) if project.id in group}
        for place in together:
            rivals[place] |= together - {place}
    return rivals
