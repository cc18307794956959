"""Days of a season: dates that come back, two that stand in each other's way, and the evenings that are free; standard library only."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

EVENING = time(17)
USUAL_HOURS = timedelta(hours=2)  # when no end is told
AROUND = timedelta(days=10)


@dataclass(frozen=True)
class Slot:
    """When and where something happens; ``number`` says what."""

    number: int
    on: date
    starts_at: time
    ends_at: time | None
    lon: float
    lat: float


def repeated(first: date, every_days: int, until: date) -> list[date]:
    """The days after ``first``, every so many days, until a day included."""
    return [first + timedelta(days=step) for step in range(every_days, (until - first).days + 1, every_days)]


def metres(one: Slot, other: Slot) -> float:
    """How far two dates are, as the crow flies (haversine on the mean radius)."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(1.0, half)))


def _lasts(slot: Slot) -> tuple[datetime, datetime]:
    starts = datetime.combine(slot.on, slot.starts_at)
    if slot.ends_at is None:
        return starts, starts + USUAL_HOURS
    ends = datetime.combine(slot.on, slot.ends_at)
    return starts, ends if slot.ends_at > slot.starts_at else ends + timedelta(days=1)


def are_together(one: Slot, other: Slot) -> bool:
    """Whether families must choose: the same evening, or hours that overlap."""
    if one.on == other.on and one.starts_at >= EVENING and other.starts_at >= EVENING:
        return True
    (start, end), (other_start, other_end) = _lasts(one), _lasts(other)
    return start < other_end and other_start < end


def in_the_way(slot: Slot, others: Iterable[Slot], within: float) -> list[tuple[Slot, int]]:
    """Those that happen together with it and nearer than ``within`` metres, with how far they are; the nearest first."""
    found = [(other, round(metres(slot, other))) for other in others if are_together(slot, other)]
    return sorted(((other, far) for other, far in found if far < within), key=lambda pair: pair[1])


def free_days(slot: Slot, others: Iterable[Slot], within: float, first: date, last: date, most: int = 3) -> list[date]:
    """The nearest days of the season where the same hours are free around; « most » of them, in their order."""
    around = [
        other for other in others if abs(other.on - slot.on) <= AROUND + timedelta(days=1) and metres(slot, other) < within
    ]
    steps = sorted(range(-AROUND.days, AROUND.days + 1), key=lambda step: (abs(step), -step))
    days = [slot.on + timedelta(days=step) for step in steps if step]
    free = [
        day for day in days
        if first <= day <= last and not any(are_together(replace(slot, on=day), other) for other in around)
    ]  # fmt: skip
    return sorted(free[:most])
