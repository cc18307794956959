"""What an invented project says, whatever its scheme: the texts of the demonstration, apart from the code that plays them."""

from dataclasses import dataclass

Line = tuple[str, int]  # what is paid, in whole euros


@dataclass(frozen=True)
class PicStory:
    """An action among residents; ``title`` holds « {de} », which becomes « de la rue des Lilas ».

    ``theme`` counts from 0 among those of the period. ``gift`` is volunteer time or a loan, valued apart.
    """

    title: str
    summary: str
    text: str
    theme: int
    costs: tuple[Line, ...]
    own: int
    gift: Line
    learning: str
    need: str
    evidence: str
    why: str
    news: str
    report: str
    learnt: str
    people: int
    scene: str


@dataclass(frozen=True)
class FtuStory:
    """Light works on a place; ``cost`` in whole euros is what the commune's study finds."""

    title: str
    summary: str
    text: str
    theme: int
    need: str
    solution: str
    change: str
    women: str
    disabled: str
    seniors: str
    cost: int
    study: str
    upkeep: str
    safety: str
    report: str
    scene: str


@dataclass(frozen=True)
class Moment:
    """One kind of date of a summer programme; ``hour`` and ``length`` in hours, ``rain`` is the place if it rains."""

    title: str
    details: str
    kind: str
    place: str
    hour: int
    length: int
    rain: str
    capacity: int
    is_highlight: bool = False


@dataclass(frozen=True)
class NqeStory:
    """A summer of dates; ``title`` holds « {name} », « {at} » or « {de} »: Les Oliveaux, aux Oliveaux, des Oliveaux. ``partners``: who, and what they do."""

    title: str
    summary: str
    text: str
    links: tuple[str, ...]
    design: str
    delivery: str
    evaluation: str
    partners: tuple[tuple[str, str], ...]
    costs: tuple[Line, ...]
    programme: tuple[Moment, ...]
    report: str
    people: int
    scene: str
