"""Whose day it was: each day that a file waits belongs to its team, to the association, or to the committee.

Source: cadre régional 2024-2030, PIC, third condition (temps de l’habitant); règlement du fonds, délais (P14, P16).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise


class Holder(StrEnum):
    BEARER = "bearer"
    ASSOCIATION = "association"
    COMMITTEE = "committee"


# Who holds a file in each state of waiting; in any other state nobody waits.
HOLDERS: Mapping[str, Holder] = {
    "submitted": Holder.ASSOCIATION,
    "incomplete": Holder.BEARER,
    "admissible": Holder.COMMITTEE,
    "deferred": Holder.BEARER,
}


@dataclass(frozen=True)
class Wait:
    """``holder`` had the file from ``since`` until ``until``."""

    holder: Holder
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days


# The states that answer a file; a deferral does not: the file comes back.
ANSWERS = ("granted", "rejected", "inadmissible")

Turns = Sequence[tuple[str, date]]  # the states a file entered, each with its day, oldest first


def this_life(turns: Turns) -> Turns:
    """What happened since the file was last taken back to its draft: what came before is another request."""
    return turns[max((rank for rank, (state, _day) in enumerate(turns) if state == "draft"), default=-1) + 1 :]


def answered_on(turns: Turns) -> date | None:
    """The day of the answer; None before."""
    return next((day for state, day in turns if state in ANSWERS), None)


def waits(turns: Turns, today: date) -> list[Wait]:
    """Who had the file, turn after turn; the last one has it until ``today``."""
    ends = [*turns, ("", max([today, *(day for _state, day in turns)]))]
    return [Wait(HOLDERS[state], since, until) for (state, since), (_next, until) in pairwise(ends) if state in HOLDERS]


def days_of(found: Iterable[Wait]) -> dict[Holder, int]:
    """How many days each one had it, those of who had it first on top."""
    total: dict[Holder, int] = {}
    for wait in found:
        total[wait.holder] = total.get(wait.holder, 0) + wait.days
    return total
