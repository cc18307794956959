"""The calendar of a campaign: its phases in their order, which ones a commune may leave out, and what may still be moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from citizen.kernel.words import N_, Words
from citizen.projects.rules import french_day


class Phase(StrEnum):
    PROPOSE = "propose"
    SUPPORT = "support"
    STUDY = "study"
    VOTE = "vote"
    COMMITTEE = "committee"
    VALIDATION = "validation"
    WORKS = "works"


LABELS = {
    Phase.PROPOSE: N_("Les habitants proposent"),
    Phase.SUPPORT: N_("Les habitants soutiennent les idées"),
    Phase.STUDY: N_("La commune étudie"),
    Phase.VOTE: N_("Les habitants votent"),
    Phase.COMMITTEE: N_("Le comité de gestion urbaine se prononce"),
    Phase.VALIDATION: N_("La commune valide"),
    Phase.WORKS: N_("Les travaux se font"),
}
NEEDED = (Phase.PROPOSE, Phase.VOTE)
BEFORE_VOTE = (Phase.PROPOSE, Phase.SUPPORT, Phase.STUDY)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def words(self) -> Words:
        """« du 1er mars au 20 mars 2027 »."""
        return Words("du %(start)s au %(end)s", start=french_day(self.first), end=french_day(self.last))


Calendar = Mapping[Phase, Days]
Fault = tuple[str, str]  # the field (« vote_first »), and the sentence


def faults(calendar: Calendar) -> Iterator[Fault]:
    """What stands in the way of this calendar, phase by phase."""
    for phase in NEEDED:
        if phase not in calendar:
            yield f"{phase}_first", N_("Cette étape est nécessaire : écrivez ses jours.")
    known = [phase for phase in Phase if phase in calendar]
    for phase in known:
        if calendar[phase].last < calendar[phase].first:
            yield f"{phase}_last", N_("La fin vient avant le début.")
    for former, phase in pairwise(known):
        if calendar[phase].first < calendar[former].first:
            yield f"{phase}_first", Words("Cette étape commence avant « %(former)s ».", former=LABELS[former])
    if vote := calendar.get(Phase.VOTE):
        yield from _around(vote, calendar)


def _around(vote: Days, calendar: Calendar) -> Iterator[Fault]:
    """All that prepares the vote ends before it, all that follows begins after it."""
    for phase, days in calendar.items():
        if phase in BEFORE_VOTE and vote.first <= days.last:
            yield "vote_first", Words("Le vote ouvre après la fin de « %(former)s ».", former=LABELS[phase])
        elif phase not in BEFORE_VOTE and phase is not Phase.VOTE and days.first <= vote.last:
            yield f"{phase}_first", N_("Cette étape commence après la fin du vote.")


def moves(before: Calendar, after: Calendar, today: date) -> Iterator[Fault]:
    """What may not be changed any more: a phase that began keeps its first day and can only last longer."""
    for phase in Phase:
        was, now = before.get(phase), after.get(phase)
        if was == now:
            continue
        if was and was.first <= today:
            yield from _of_begun(phase, was, now, today)
        elif now and now.first <= today:
            yield f"{phase}_first", N_("Choisissez un jour à venir.")


def _of_begun(phase: Phase, was: Days, now: Days | None, today: date) -> Iterator[Fault]:
    if was.last < today:
        yield f"{phase}_last", N_("Cette étape est finie : ses jours ne changent plus.")
    elif now is None or now.first != was.first:
        yield f"{phase}_first", N_("Cette étape a commencé : son premier jour ne change plus.")
    elif now.last < was.last:
        yield f"{phase}_last", N_("Cette étape a commencé : elle peut durer plus longtemps, pas moins.")


def completed_by(calendar: Calendar) -> date:
    """The last day before an idea that was proposed in time must be a whole file: the study begins, or else the vote."""
    return (calendar.get(Phase.STUDY) or calendar[Phase.VOTE]).first


def supported_on(calendar: Calendar, day: date) -> str:
    """Empty when ideas may be supported on that day, else why not."""
    days = calendar.get(Phase.SUPPORT) or Days(calendar[Phase.PROPOSE].first, calendar[Phase.VOTE].first)
    if day < days.first:
        return Words("Les soutiens ouvrent le %(day)s.", day=french_day(days.first))
    if day > days.last or day >= calendar[Phase.VOTE].first:
        return N_("Le temps des soutiens est fini.")
    return ""
