"""What settles an equality, announced before the vote: rules applied one after the other, the smaller key first.

The draw depends on a number announced beforehand and known only afterwards (a lottery's result, a share price): nobody can
have chosen the text of the rule or the projects to win it, and anyone can do it again:

    key of a project = SHA-256 of the UTF-8 text « NUMBER/TEXT/PROJECT », the smallest first,

NUMBER being the number as published, TEXT the public text that announced it, PROJECT the project's number.
"""

import hashlib
from collections.abc import Callable, Sequence
from enum import StrEnum

from citizen.tally.profile import Project

Key = Callable[[Project], tuple[object, ...]]


class Tie(StrEnum):
    CHEAPER = "cheaper"  # the less it costs, the first
    LODGED = "lodged"  # the first lodged
    ID = "id"  # the project's number as text: « 10 » before « 2 », as the reference library does
    DRAW = "draw"


def key_of(rules: Sequence[Tie], *, number: str = "", text: str = "") -> Key:
    """The rules in this order, then the project's number so that nothing stays equal."""

    def draw(project: Project) -> str:
        return hashlib.sha256(f"{number}/{text}/{project.id}".encode()).hexdigest()

    settled: dict[Tie, Callable[[Project], object]] = {
        Tie.CHEAPER: lambda project: project.cost,
        Tie.LODGED: lambda project: project.lodged,
        Tie.ID: lambda project: project.id,
        Tie.DRAW: draw,
    }
    keys = [settled[rule] for rule in (*rules, Tie.ID)]
    return lambda project: tuple(key(project) for key in keys)


BY_ID = key_of([])
