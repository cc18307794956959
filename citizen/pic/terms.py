"""What a PIC is judged by and on: what a fund may set in its rules, and the facts of a project."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from citizen.committees.terms import COMMITTEE, VOTE, CommitteeTerms
from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import specs_of, term
from citizen.kernel.words import N_, Words
from citizen.projects.rules import CommonFacts

THEMES_2024_2030 = (
    N_("Développement durable et transitions (rev3)"),
    N_("Échange de savoirs et accès à la culture"),
    N_("Activité physique, santé et bien-être"),
    N_("Vie de quartier et lutte contre l’isolement"),
)
TRIGGERS = (
    ("decision", N_("à la décision")),
    ("agreement", N_("à la signature de l’engagement")),
    ("report", N_("au bilan accepté")),
)

WHO = N_("Qui peut demander, et pour quoi")
MONEY = N_("Montants")
DELAYS = N_("Délais")
PAPERS = N_("Pièces et réponses")
PAYMENTS = N_("Versements")
GROUPS = (WHO, MONEY, DELAYS, PAPERS, COMMITTEE, VOTE, PAYMENTS)


@dataclass(frozen=True)
class Terms(CommitteeTerms):
    """One version of a fund's rules, as numbers. Each default can be replaced by the fund (règlement intérieur)."""

    individual_allowed: bool = term(False, Kind.YES_NO, N_("Une personne seule peut demander"), group=WHO)
    min_bearers: int = term(3, Kind.COUNT, N_("Porteurs nommés, au moins"), group=WHO)
    min_households: int = term(2, Kind.COUNT, N_("Foyers différents, au moins"), group=WHO)
    max_requests_per_year: int = term(2, Kind.COUNT, N_("Demandes par an et par porteur"), group=WHO)
    themes: list[str] = term(list(THEMES_2024_2030), Kind.LINES, N_("Objectifs de la période"), N_("Un par ligne."), group=WHO)
    outside_allowed: bool = term(
        False, Kind.YES_NO, N_("Un lieu hors du quartier est possible"), N_("Si la part prise par ses habitants est prouvée."),
        group=WHO,
    )  # fmt: skip
    max_price_cents: int | None = term(
        5_00, Kind.EUROS, N_("Prix d’entrée maximum"),
        N_("Aucun texte régional ne le fixe : c’est au fonds de le dire. Vide : le comité apprécie."), group=WHO,
    )  # fmt: skip
    excluded_items: list[str] = term(
        [], Kind.LINES, N_("Dépenses exclues"), N_("Un mot ou une expression par ligne."), group=WHO
    )
    max_amount_cents: list[int] = term(
        [100_000], Kind.EUROS_LINES, N_("Montant maximum"),
        N_("Une ligne par demande dans l’année : la première, la deuxième… La dernière ligne vaut pour les suivantes."),
        group=MONEY,
    )  # fmt: skip
    min_amount_cents: int | None = term(None, Kind.EUROS, N_("Montant minimum"), N_("Vide : aucun."), group=MONEY)
    max_rate_percent: int = term(100, Kind.PERCENT, N_("Part du coût payée au plus"), group=MONEY)
    filing_notice_days: int = term(15, Kind.DAYS, N_("Dépôt avant la séance"), N_("Nombre de jours."), group=DELAYS)
    decision_delay_days: int = term(30, Kind.DAYS, N_("Réponse après le dépôt"), N_("Nombre de jours."), group=DELAYS)
    payment_delay_days: int = term(8, Kind.DAYS, N_("Versement après la décision"), N_("Nombre de jours."), group=DELAYS)
    report_delay_days: int = term(60, Kind.DAYS, N_("Bilan après l’action"), N_("Nombre de jours."), group=DELAYS)
    quotes_required: bool = term(True, Kind.YES_NO, N_("Un devis est demandé"), group=PAPERS)
    required_documents: list[str] = term(
        [], Kind.LINES, N_("Pièces demandées"), N_("Une par ligne, en plus du devis."), group=PAPERS
    )
    min_answer_length: int = term(20, Kind.COUNT, N_("Longueur minimum d’une réponse"), N_("En caractères."), group=PAPERS)
    instalments: list[int] = term(
        [80, 20], Kind.PERCENT_LINES, N_("Versements"), N_("Un pourcentage par ligne, total 100."), group=PAYMENTS
    )
    instalment_triggers: list[str] = term(
        ["decision", "report"], Kind.CHOICE_LINES, N_("Ce qui déclenche chaque versement"),
        N_("Une ligne par versement, dans le même ordre."), choices=TRIGGERS, group=PAYMENTS,
    )  # fmt: skip

    @property
    def notice(self) -> timedelta:
        """Between the lodging and the session. Source: règlement du fonds, délai de dépôt (P14)."""
        return timedelta(days=self.filing_notice_days)

    def cap_cents(self, rank: int) -> int:
        """The cap of the bearer's ``rank``-th request of the year, from 1. Source: règlement du fonds, plafond par rang."""
        return self.max_amount_cents[min(rank, len(self.max_amount_cents)) - 1]


SPECS = tuple(sorted(specs_of(Terms), key=lambda spec: GROUPS.index(spec.group)))


def faults(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What does not hold together in a version being written: the term, and why in a sentence. Source: P1 to P22."""
    said = Terms(**terms)
    parts, triggers = said.instalments, said.instalment_triggers
    order = [code for code, _label in TRIGGERS]
    stages = [order.index(code) for code in triggers]
    rules: tuple[tuple[str, bool, str], ...] = (
        ("min_bearers", said.min_bearers < said.min_households, N_("Il faut au moins autant de porteurs que de foyers.")),
        ("max_requests_per_year", said.max_requests_per_year < 1, N_("Au moins une demande par an.")),
        ("themes", not said.themes, N_("Écrivez au moins un objectif : sans objectif, aucun projet ne peut en servir un.")),
        ("themes", len(set(said.themes)) < len(said.themes), N_("Un objectif est écrit deux fois.")),
        ("max_amount_cents", 0 in said.max_amount_cents, N_("Un montant maximum est plus grand que zéro.")),
        ("max_amount_cents", len(said.max_amount_cents) > said.max_requests_per_year,
         Words("Il y a plus de lignes que de demandes permises par an (%(most)d).", most=said.max_requests_per_year)),
        ("min_amount_cents", (said.min_amount_cents or 0) > min(said.max_amount_cents),
         N_("Le montant minimum dépasse un montant maximum.")),
        ("max_rate_percent", said.max_rate_percent < 1, N_("Le fonds paie au moins 1 % du coût.")),
        ("decision_delay_days", said.decision_delay_days < said.filing_notice_days,
         Words("La réponse ne peut pas venir en %(days)d jours : le dossier se dépose %(notice)d jours avant la séance.",
               days=said.decision_delay_days, notice=said.filing_notice_days)),
        ("voting_colleges", not said.voting_colleges, N_("Écrivez au moins un collège qui vote.")),
        ("advisory_colleges", bool(set(said.voting_colleges) & set(said.advisory_colleges)),
         N_("Un collège vote ou ne vote pas : il est dans une seule des deux listes.")),
        ("instalments", 0 in parts, N_("Un versement est plus grand que zéro.")),
        ("instalment_triggers", len(parts) != len(triggers),
         Words("Il y a %(parts)d versements et %(triggers)d déclencheurs : écrivez un déclencheur par versement.",
               parts=len(parts), triggers=len(triggers))),
        ("instalment_triggers", stages != sorted(stages), N_("Dans l’ordre : la décision, l’engagement, puis le bilan.")),
        ("instalment_triggers", len(triggers) > 1 and triggers[-1] != "report",
         N_("En plusieurs fois, le dernier versement attend le bilan accepté.")),
    )  # fmt: skip
    return ((name, sentence) for name, is_wrong, sentence in rules if is_wrong)


@dataclass(frozen=True)
class Facts(CommonFacts):
    """What a PIC is judged on. Yes-or-no answers are None until given; ``verdicts`` are the committee's, by condition."""

    task_sharing: str
    learning: str
    is_open_to_all: bool | None
    price_cents: int | None
    publicity: str
    accessibility: str
    is_anyone_paid: bool | None
    need_spotted: str
    need_evidence: str
    why_now: str
    lodged_on: date | None
    session_on: date | None  # where it is or could be heard
    is_on_agenda: bool
    is_heard: bool
    verdicts: tuple[tuple[str, str], ...]
    pieces: tuple[str, ...] = ()  # the documents of the rules that are joined, by name

    @property
    def since(self) -> date:
        """The day delays run from: the lodging, or today while it is being written."""
        return self.lodged_on or self.today
