"""What a PIC is judged by and on: what a fund may set in its rules, and the facts of a project."""

from dataclasses import dataclass
from datetime import date, timedelta

from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import specs_of, term
from citizen.kernel.words import N_
from citizen.projects.rules import CommonFacts

THEMES_2024_2030 = (
    N_("Développement durable et transitions (rev3)"),
    N_("Échange de savoirs et accès à la culture"),
    N_("Activité physique, santé et bien-être"),
    N_("Vie de quartier et lutte contre l’isolement"),
)


@dataclass(frozen=True)
class Terms:
    """One version of a fund's rules, as numbers. Each default can be replaced by the fund (règlement intérieur)."""

    max_amount_cents: list[int] = term(
        [100_000],
        Kind.EUROS_LINES,
        N_("Montant maximum"),
        N_("Une ligne par demande dans l’année : la première, la deuxième… La dernière ligne vaut pour les suivantes."),
    )
    min_amount_cents: int | None = term(None, Kind.EUROS, N_("Montant minimum"), N_("Vide : aucun."))
    max_rate_percent: int = term(100, Kind.PERCENT, N_("Part du coût payée au plus"))
    max_requests_per_year: int = term(2, Kind.COUNT, N_("Demandes par an et par porteur"))
    individual_allowed: bool = term(False, Kind.YES_NO, N_("Une personne seule peut demander"))
    min_bearers: int = term(3, Kind.COUNT, N_("Porteurs nommés, au moins"))
    min_households: int = term(2, Kind.COUNT, N_("Foyers différents, au moins"))
    themes: list[str] = term(list(THEMES_2024_2030), Kind.LINES, N_("Objectifs de la période"), N_("Un par ligne."))
    outside_allowed: bool = term(
        False, Kind.YES_NO, N_("Un lieu hors du quartier est possible"), N_("Si la part prise par ses habitants est prouvée.")
    )
    quotes_required: bool = term(True, Kind.YES_NO, N_("Un devis est demandé"))
    max_price_cents: int | None = term(
        5_00,
        Kind.EUROS,
        N_("Prix d’entrée maximum"),
        N_("Aucun texte régional ne le fixe : c’est au fonds de le dire. Vide : le comité apprécie."),
    )
    min_answer_length: int = term(20, Kind.COUNT, N_("Longueur minimum d’une réponse"), N_("En caractères."))
    bearer_presence_required: bool = term(True, Kind.YES_NO, N_("La présence d’un porteur devant le comité est obligatoire"))
    filing_notice_days: int = term(15, Kind.DAYS, N_("Dépôt avant la séance"), N_("Nombre de jours."))
    decision_delay_days: int = term(30, Kind.DAYS, N_("Réponse après le dépôt"), N_("Nombre de jours."))
    payment_delay_days: int = term(8, Kind.DAYS, N_("Versement après la décision"), N_("Nombre de jours."))
    report_delay_days: int = term(60, Kind.DAYS, N_("Bilan après l’action"), N_("Nombre de jours."))
    instalments: list[int] = term([80, 20], Kind.PERCENT_LINES, N_("Versements"), N_("Un pourcentage par ligne, total 100."))

    @property
    def notice(self) -> timedelta:
        """Between the lodging and the session. Source: règlement du fonds, délai de dépôt (P14)."""
        return timedelta(days=self.filing_notice_days)

    def cap_cents(self, rank: int) -> int:
        """The cap of the bearer's ``rank``-th request of the year, from 1. Source: règlement du fonds, plafond par rang."""
        return self.max_amount_cents[min(rank, len(self.max_amount_cents)) - 1]


SPECS = specs_of(Terms)


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

    @property
    def since(self) -> date:
        """The day delays run from: the lodging, or today while it is being written."""
        return self.lodged_on or self.today
