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
TRIGGERS = (
    ("decision", N_("à la décision")),
    ("agreement", N_("à la signature de l’engagement")),
    ("report", N_("au bilan accepté")),
)
MAJORITIES = (
    ("simple", N_("plus de voix pour que de voix contre")),
    ("absolute", N_("plus de la moitié des votes, abstentions comprises")),
    ("two_thirds", N_("deux tiers des votes pour ou contre")),
)
TIE_RULES = (
    ("president", N_("la voix de la présidence compte double")),
    ("defer", N_("le projet est ajourné")),
    ("reject", N_("le projet n’est pas accordé")),
)
BALLOTS = (("open", N_("à main levée")), ("secret", N_("à bulletin secret")))


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
    instalment_triggers: list[str] = term(
        ["decision", "report"],
        Kind.CHOICE_LINES,
        N_("Ce qui déclenche chaque versement"),
        N_("Une ligne par versement, dans le même ordre."),
        choices=TRIGGERS,
    )
    required_documents: list[str] = term([], Kind.LINES, N_("Pièces demandées"), N_("Une par ligne, en plus du devis."))
    excluded_items: list[str] = term([], Kind.LINES, N_("Dépenses exclues"), N_("Un mot ou une expression par ligne."))
    sessions_per_year: int = term(4, Kind.COUNT, N_("Séances ordinaires par an, au moins"))
    extraordinary_allowed: bool = term(True, Kind.YES_NO, N_("Une séance extraordinaire peut être demandée"))
    voting_colleges: list[str] = term(
        [N_("Habitants"), N_("Associations")], Kind.LINES, N_("Collèges qui votent"), N_("Un par ligne.")
    )
    advisory_colleges: list[str] = term(
        [N_("Élus"), N_("Techniciens"), N_("Bailleurs")], Kind.LINES, N_("Collèges de droit, sans vote"), N_("Un par ligne.")
    )
    min_resident_members: int = term(
        0, Kind.COUNT, N_("Membres du premier collège présents, au moins"), N_("0 : aucun minimum.")
    )
    quorum_members: int = term(0, Kind.COUNT, N_("Quorum : membres votants, au moins"), N_("0 : aucun minimum."))
    quorum_percent: int = term(50, Kind.PERCENT, N_("Quorum : part des membres votants"), N_("0 : aucune."))
    proxies_per_member: int = term(1, Kind.COUNT, N_("Procurations par membre"))
    majority: str = term("simple", Kind.CHOICE, N_("Majorité"), choices=MAJORITIES)
    tie_rule: str = term("president", Kind.CHOICE, N_("En cas d’égalité"), choices=TIE_RULES)
    ballot: str = term("open", Kind.CHOICE, N_("Vote du comité"), choices=BALLOTS)

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
    pieces: tuple[str, ...] = ()  # the documents of the rules that are joined, by name

    @property
    def since(self) -> date:
        """The day delays run from: the lodging, or today while it is being written."""
        return self.lodged_on or self.today
