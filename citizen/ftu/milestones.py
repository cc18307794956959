"""Works as milestones: from the specification to the opening, each with the day promised, the day foreseen and the real day."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Step
from citizen.kernel.words import N_
from citizen.projects.steps import PART, S

# The commune tells where its works stand.
STEP = Step(
    "follow_works", N_("Suivre les travaux"), N_("a donné des nouvelles des travaux"), frozenset({Role.COMMUNE_OFFICER}),
    frozenset({S.GRANTED, S.REPORT_SUBMITTED}), never=PART, has_own_page=True,
)  # fmt: skip


REPLY = Step(
    "answer_use", N_("Lire ce que disent les habitants de l’usage, et répondre"), N_("a répondu sur l’usage du lieu"),
    frozenset({Role.COMMUNE_OFFICER}), frozenset({S.GRANTED, S.REPORT_SUBMITTED, S.CLOSED}), never=PART, has_own_page=True,
    is_awaited=False,
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One milestone: what is done there, how it reads once it is, and whether it may be done with reservations."""

    label: str
    done: str
    has_reservations: bool = False


# In their order. Source: règlement du fonds, suivi des travaux par le CGU (F7).
KINDS = {
    "specification": Kind(N_("Cahier des charges"), N_("Le cahier des charges est écrit")),
    "order": Kind(N_("Commande"), N_("Les travaux sont commandés")),
    "start": Kind(N_("Début du chantier"), N_("Le chantier a commencé")),
    "end": Kind(N_("Fin du chantier"), N_("Le chantier est fini")),
    "acceptance": Kind(N_("Réception"), N_("Les travaux sont reçus"), has_reservations=True),
    "opening": Kind(N_("Ouverture"), N_("Le lieu est ouvert à tous")),
}
POLLED_AFTER = (6, 12)  # months after the opening. Source: règlement du fonds, évaluation de l'impact par le CGU (F7).


@dataclass(frozen=True)
class Stage:
    """Where one milestone stands: the first day promised, the day foreseen now, the day it was done."""

    promised_on: date
    planned_on: date
    done_on: date | None = None

    def late_days(self, today: date) -> int:
        """How late it is, was, or will be as far as is known, against the first promise; never less than 0."""
        return max(((self.done_on or max(self.planned_on, today)) - self.promised_on).days, 0)


def faults(stages: Mapping[str, Stage], today: date) -> Iterator[tuple[str, str]]:
    """What does not hold together: (milestone, why in a sentence)."""
    before, undone = None, None
    for kind in KINDS:
        stage = stages.get(kind)
        if stage is None:
            continue
        day = stage.done_on or stage.planned_on
        if before and day < before:
            yield kind, N_("Ce jour vient avant l’étape d’avant.")
        if stage.done_on and stage.done_on > today:
            yield kind, N_("Ce jour n’est pas encore venu : mettez-le comme prévu.")
        if stage.done_on and undone:
            yield kind, N_("L’étape d’avant n’est pas encore faite : dites d’abord son jour.")
        before, undone = day, undone or (None if stage.done_on else kind)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


FEW = 11  # under so many answers, figures would say who said what

# What is answered once the place is used: is it used, does it work.
USED = {"often": N_("Oui, souvent"), "sometimes": N_("Oui, parfois"), "no": N_("Non")}
WORKS = {"yes": N_("Oui"), "partly": N_("En partie"), "no": N_("Non")}
