"""Facts of a project and the checks that every scheme needs."""

from dataclasses import dataclass, replace
from datetime import date

from citizen.kernel.findings import Finding, Status
from citizen.kernel.money import euros
from citizen.kernel.words import N_, Words

FRAME = N_("Cadre régional 2024-2030 en faveur des habitants des quartiers")


@dataclass(frozen=True)
class Member:
    """Somebody of the team, as the rules see them."""

    name: str
    household: int
    presents: bool = False


@dataclass(frozen=True)
class Line:
    """One expense, as the rules see it; ``account`` is its place on the national form."""

    number: int
    account: str
    label: str
    cents: int


@dataclass(frozen=True)
class Budget:
    """Totals in cents, and each expense. Volunteer time and gifts in kind (``valued``) stand apart and never balance the money."""

    operating: int = 0
    capital: int = 0
    grant: int = 0
    own: int = 0
    other: int = 0
    valued: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def expenses(self) -> int:
        return self.operating + self.capital

    @property
    def income(self) -> int:
        return self.grant + self.own + self.other


@dataclass(frozen=True)
class CommonFacts:
    """What every scheme judges: complete, read once under the lock."""

    today: date
    title: str
    summary: str
    description: str
    themes: tuple[str, ...]
    team: tuple[Member, ...]
    budget: Budget
    quotes: int
    photos: int
    location: str  # "inside", "near", "outside", or "" when no place is given
    is_location_confirmed: bool | None  # an officer's word on a place near the limit
    place: str
    starts_on: date | None
    ends_on: date | None
    bearer_kind: str  # "person", "group", "association", "commune"
    call_is_open: bool
    call_closes_on: date | None
    envelope_left: int
    requests_this_year: int  # of the same bearer in the same fund, this one left out


def finding(slug: str, is_met: bool | None, title: str, fact: str, rule: str, source: str, todo: str = "") -> Finding:
    """A finding from a yes, a no or a cannot-tell."""
    status = {True: Status.MET, False: Status.MISSING, None: Status.UNKNOWN}[is_met]
    return Finding(slug, status, title, fact, rule, source, "" if is_met else todo)


def described(facts: CommonFacts, _terms: object) -> Finding:
    """Someone who knows nothing of it understands the project. Source: cadre régional, dossier complet."""
    length = len(facts.description)
    return finding(
        "described", bool(facts.title and facts.summary) and length >= 80, N_("Le projet est raconté"),
        Words("Votre texte fait %(length)d caractères.", length=length),
        N_("Une personne qui ne vous connaît pas doit comprendre ce que vous voulez faire."), FRAME,
        N_("Racontez en quelques phrases : quoi, où, avec qui, pour qui."),
    )  # fmt: skip


def call_open(facts: CommonFacts, _terms: object) -> Finding:
    """One lodges while the call is open. Source: règlement du fonds."""
    return finding(
        "call-open", facts.call_is_open, N_("La période de dépôt est ouverte"),
        Words("Dépôt possible jusqu’au %(day)s.", day=french_day(facts.call_closes_on)) if facts.call_closes_on
        else N_("Aucune période de dépôt n’est choisie."),
        N_("Un dossier se dépose pendant la période ouverte."), N_("Règlement du fonds"),
        N_("Choisissez une période de dépôt ouverte."),
    )  # fmt: skip


def budget_balanced(facts: CommonFacts, _terms: object) -> Finding:
    """Expenses equal income. Source: cadre régional 2024-2030, PIC, 1re condition (budget équilibré)."""
    budget = facts.budget
    gap = budget.expenses - budget.income
    is_met = budget.expenses > 0 and gap == 0
    if budget.expenses == 0 == budget.income:
        fact: str = N_("Aucune ligne n’est encore écrite.")
    else:
        fact = Words("Dépenses : %(spent)s. Recettes : %(got)s.", spent=euros(budget.expenses), got=euros(budget.income))
    todo: str = N_("Écrivez ce que vous dépensez et d’où vient l’argent.")
    if gap > 0:
        todo = Words("Il manque %(gap)s de recettes.", gap=euros(gap))
    elif gap < 0:
        todo = Words("Il y a %(gap)s de recettes en trop.", gap=euros(-gap))
    return finding(
        "budget-balanced", is_met, N_("Le budget est à l’équilibre"), fact,
        N_("Le total des dépenses est égal au total des recettes. Le temps des bénévoles compte à part."), FRAME, todo,
    )  # fmt: skip


def place_eligible(facts: CommonFacts, terms: object) -> Finding:
    """The place lies in a perimeter kept by the fund; near the limit an officer decides. Source: cadre régional, territoires."""
    is_met = {"inside": True, "outside": False}.get(facts.location)
    if facts.location == "near":
        is_met = facts.is_location_confirmed
    if getattr(terms, "outside_allowed", False) and facts.location == "outside":
        is_met = facts.is_location_confirmed
    words = {
        "inside": Words("Le lieu est dans le périmètre : %(place)s.", place=facts.place),
        "near": Words("Le lieu est juste à la limite : %(place)s. Une personne du service tranche.", place=facts.place),
        "outside": Words("Le lieu est hors du périmètre : %(place)s.", place=facts.place),
        "": N_("Aucun lieu n’est indiqué."),
    }
    found = finding(
        "place-eligible", is_met, N_("Le lieu est dans un quartier concerné"), words[facts.location],
        N_("Le projet se passe dans un quartier du contrat de ville, ou montre que ses habitants y prennent part."), FRAME,
        N_("Indiquez le quartier ou placez le point sur la carte."),
    )  # fmt: skip
    if facts.location == "near" and is_met is None:
        return replace(found, is_awaited=True, todo=N_("Vous pouvez déposer : le service dira si le lieu convient."))
    return found


MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_day(day: date | None) -> str:
    """« 12 juin 2027 », for the sentences of the rules."""
    return "" if day is None else f"{day.day if day.day > 1 else '1er'} {MONTHS[day.month - 1]} {day.year}"
