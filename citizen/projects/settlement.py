"""What a finished project is due, and what its report must say. Source: règlement du fonds, bilan et solde (P13, P28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from citizen.kernel.findings import Finding
from citizen.kernel.money import share
from citizen.kernel.words import N_, Words
from citizen.projects.rules import finding, french_day

SOURCE = N_("Règlement du fonds, bilan")
FAR_PERCENT = 20  # beyond it, a line spent otherwise than planned is shown to who reads
PUBLIC_FROM = 11  # below it, an age band would say who somebody is


def final_due(granted_cents: int, eligible_cents: int, rate_percent: int) -> int:
    """The aid really due: the grant, or the share of the eligible cost when that is less; rounded down to the cent."""
    return min(granted_cents, share(eligible_cents, Fraction(rate_percent, 100)))


@dataclass(frozen=True)
class Settlement:
    """The account of one project, in cents; ``paid`` is what the group holds, refunds taken off."""

    granted: int
    eligible: int
    rate_percent: int
    paid: int

    @property
    def due(self) -> int:
        return final_due(self.granted, self.eligible, self.rate_percent)

    @property
    def balance(self) -> int:
        """Still to be paid to the group."""
        return max(self.due - self.paid, 0)

    @property
    def refund(self) -> int:
        """To be given back by the group."""
        return max(self.paid - self.due, 0)

    @property
    def released(self) -> int:
        """Goes back to the envelope at once; what is paid only comes back with the refund."""
        return self.granted - max(self.due, self.paid)


@dataclass(frozen=True)
class Spent:
    """One line of the account: planned (0 when it was not), really spent or received (None until told)."""

    side: str  # "expense" or "income"
    nature: str
    label: str
    planned: int
    spent: int | None
    receipts: int = 0
    set_aside_reason: str = ""

    @property
    def is_far(self) -> bool:
        """Whether it differs from the plan by more than a fifth."""
        gap = abs((self.spent or 0) - self.planned)
        return self.spent is not None and gap * 100 > max(self.planned, 1) * FAR_PERCENT

    @property
    def lacks_receipt(self) -> bool:
        return self.side == "expense" and bool(self.spent) and not self.receipts


def total(lines: Sequence[Spent], side: str = "expense") -> int:
    """All that was really spent, or received."""
    return sum(line.spent or 0 for line in lines if line.side == side)


def eligible(lines: Sequence[Spent], natures: frozenset[str]) -> int:
    """What the fund takes into account: expenses of these natures that the reviewer kept."""
    return sum(line.spent or 0 for line in lines if line.nature in natures and not line.set_aside_reason)


@dataclass(frozen=True)
class ReportFacts:
    """What a report says, read once under the lock; None is « not told »."""

    today: date
    held_on: date | None
    place: str
    participants: int | None
    parts: tuple[int, ...]  # newcomers, women…: each among the participants
    bands: tuple[int, ...]  # by age: together among the participants
    story: str
    lines: tuple[Spent, ...]
    marks: tuple[int, ...]  # the scheme's own marks, given afterwards
    due_on: date | None
    late_reminders: int


def held_said(facts: ReportFacts, _terms: object) -> Finding:
    """When and where it really happened. Source: règlement du fonds, fiche bilan."""
    is_met = bool(facts.held_on and facts.held_on <= facts.today and facts.place)
    fact = (
        Words("Le %(day)s, %(place)s.", day=french_day(facts.held_on), place=facts.place) if is_met else N_("Pas encore dit.")
    )
    return finding(
        "report-held", is_met, N_("La date et le lieu"), fact, N_("Le bilan dit quand et où l’action a vraiment eu lieu."),
        SOURCE, N_("Écrivez le jour et le lieu. Le jour est passé."),
    )  # fmt: skip


def people_counted(facts: ReportFacts, _terms: object) -> Finding:
    """How many people came; parts never exceed the whole. Source: règlement du fonds, fiche bilan, indicateurs."""
    people = facts.participants
    agree = people is not None and max((*facts.parts, sum(facts.bands)), default=0) <= people
    return finding(
        "report-people", agree, N_("Les personnes venues"),
        Words("Personnes venues : %(count)d.", count=people) if people is not None else N_("Pas encore dit."),
        N_("Une estimation suffit. Un détail ne dépasse pas le total."), SOURCE,
        N_("Écrivez combien de personnes sont venues.") if people is None
        else N_("Un des nombres dépasse le total : corrigez-le."),
    )  # fmt: skip


def spending_told(facts: ReportFacts, _terms: object) -> Finding:
    """Each line of the budget says what was really spent. Source: règlement du fonds, bilan financier."""
    expenses = [line for line in facts.lines if line.side == "expense"]
    silent = sum(line.spent is None for line in expenses)
    return finding(
        "report-spending", bool(expenses) and not silent, N_("Les dépenses"),
        Words("Lignes sans montant : %(count)d.", count=silent) if silent or not expenses else N_("Chaque ligne a son montant."),
        N_("Chaque ligne du budget dit ce qui a vraiment été dépensé."), SOURCE,
        N_("Écrivez 0 sur une ligne où rien n’a été dépensé.") if expenses else N_("Ajoutez au moins une dépense."),
    )  # fmt: skip


def story_told(facts: ReportFacts, _terms: object) -> Finding:
    """A few words of what happened. Source: fiche-action et courte auto-évaluation (P28)."""
    return finding(
        "report-story", len(facts.story) >= 10, N_("Le récit"),
        N_("Vous l’avez raconté.") if facts.story else N_("Pas encore écrit."),
        N_("Quelques phrases disent ce qui s’est passé."), SOURCE, N_("Racontez en quelques phrases."),
    )  # fmt: skip


def delay_passed(facts: ReportFacts, _terms: object) -> Finding:
    """A file is closed without report only once it is late and the team was reminded. Source: règlement du fonds, bilan."""
    is_late = facts.due_on is not None and facts.today > facts.due_on
    fact = (
        Words("Bilan attendu avant le %(day)s.", day=french_day(facts.due_on)) if facts.due_on else N_("Aucune date d’action.")
    )
    return finding(
        "report-late", is_late and facts.late_reminders > 0, N_("Le délai est passé et l’équipe a été relancée"),
        Words("%(fact)s Relances après ce jour : %(count)d.", fact=str(fact), count=facts.late_reminders),
        N_("On ne clôt sans bilan qu’après le délai et au moins une relance."), SOURCE,
        N_("Attendez la relance automatique : elle part sept jours après la date limite."),
    )  # fmt: skip


TO_REPORT = (held_said, people_counted, spending_told, story_told)
TO_CLOSE_WITHOUT = (delay_passed,)
