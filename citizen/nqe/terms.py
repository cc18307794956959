"""What a summer is judged by and on: what the rules of an edition set, and the facts of a project."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from citizen.committees.terms import COMMITTEE, CommitteeTerms
from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import term
from citizen.kernel.words import N_
from citizen.nqe.eco_grid import DEFAULT_GRID
from citizen.projects.rules import CommonFacts

PRINCIPLES = N_("Les quatre principes")
WHO = N_("Qui, où, à quel prix")
READING = N_("L’instruction")
PAYMENTS = N_("Versements et délais")
TRIGGERS = (
    ("decision", N_("à la décision")),
    ("agreement", N_("à la signature de l’engagement")),
    ("report", N_("au bilan accepté")),
)

# What an officer looks at, beside the checks. No official grid is published: the Region writes its own.
DEFAULT_READING = (
    N_("Le lien avec le thème"),
    N_("Les temps forts"),
    N_("La place des habitants"),
    N_("L’éco-responsabilité"),
    N_("Les quartiers reliés et les publics"),
    N_("Le budget et les partenaires"),
)


@dataclass(frozen=True)
class Terms(CommitteeTerms):
    """What the ruleset of an edition sets; ``max_amount_cents`` None: no cap is published.

    The Region decides (cadre régional 2024-2030); who sits, and whether it is written here or noted afterwards, it sets itself.
    """

    is_decided_by_committee: bool = term(
        True, Kind.YES_NO, N_("La décision se prend en séance"),
        N_("Non : la Commission permanente décide ailleurs, et le service inscrit sa délibération."), group=COMMITTEE,
    )  # fmt: skip
    bearer_presence_required: bool = term(
        False, Kind.YES_NO, N_("La présence d’un porteur devant le comité est obligatoire"), group=COMMITTEE
    )
    sessions_per_year: int = term(
        0, Kind.COUNT, N_("Séances ordinaires par an, au moins"), N_("0 : le règlement n’en promet pas."), group=COMMITTEE
    )
    voting_colleges: list[str] = term(
        [N_("Élus de la Région")], Kind.LINES, N_("Collèges qui votent"), N_("Un par ligne."), group=COMMITTEE
    )
    advisory_colleges: list[str] = term(
        [N_("Habitants"), N_("Techniciens")],
        Kind.LINES,
        N_("Collèges de droit, sans vote"),
        N_("Un par ligne."),
        group=COMMITTEE,
    )
    min_partners: int = term(2, Kind.COUNT, N_("Partenaires d’accord, au moins"), group=PRINCIPLES)
    min_residents: int = term(
        2, Kind.COUNT, N_("Habitants au groupe de pilotage, au moins"), N_("0 : le groupe n’est pas demandé."), group=PRINCIPLES
    )
    min_highlights: int = term(1, Kind.COUNT, N_("Temps forts, au moins"), group=PRINCIPLES)
    eco_threshold: int = term(11, Kind.COUNT, N_("Points d’éco-responsabilité, au moins"), group=PRINCIPLES)
    eco_grid: list[str] = term(
        list(DEFAULT_GRID), Kind.LINES, N_("Grille d’éco-responsabilité"),
        N_("Une ligne par critère : « titre : conseil ». Chaque ligne vaut 0, 1 ou 2 points."), group=PRINCIPLES,
    )  # fmt: skip
    min_quarters: int = term(
        2, Kind.COUNT, N_("Quartiers reliés, au moins"), N_("Un seul suffit si l’intercommunalité n’en a qu’un."), group=WHO
    )
    is_free_required: bool = term(True, Kind.YES_NO, N_("Tout est gratuit pour le public"), group=WHO)
    excludes_funded: bool = term(
        True, Kind.YES_NO, N_("Exclure les associations déjà financées pour leurs activités"),
        N_("Une dérogation motivée reste possible."), group=WHO,
    )  # fmt: skip
    max_amount_cents: int | None = term(None, Kind.EUROS, N_("Aide la plus haute"), N_("Vide : pas de plafond."), group=WHO)
    clash_metres: int = term(
        2000, Kind.COUNT, N_("Deux dates du même soir se gênent à moins de (mètres)"), N_("0 : ne rien signaler."), group=WHO
    )
    reading_grid: list[str] = term(
        list(DEFAULT_READING), Kind.LINES, N_("Grille de lecture de la Région"), N_("Une ligne par critère."), group=READING
    )
    opinion_days: int = term(
        21, Kind.DAYS, N_("Jours laissés à la commune et à l’intercommunalité pour donner leur avis"), group=READING
    )
    instalments: list[int] = term(
        [80, 20], Kind.PERCENT_LINES, N_("Versements"), N_("Un pourcentage par ligne, total 100."), group=PAYMENTS
    )
    instalment_triggers: list[str] = term(
        ["agreement", "report"], Kind.CHOICE_LINES, N_("Ce qui déclenche chaque versement"),
        N_("Une ligne par versement, dans le même ordre."), choices=TRIGGERS, group=PAYMENTS,
    )  # fmt: skip
    payment_delay_days: int = term(30, Kind.DAYS, N_("Jours pour verser, une fois dû"), group=PAYMENTS)
    decision_delay_days: int = term(120, Kind.DAYS, N_("Jours pour décider, après le dépôt"), group=PAYMENTS)
    report_delay_days: int = term(60, Kind.DAYS, N_("Jours pour envoyer le bilan, après la dernière date"), group=PAYMENTS)

    @property
    def has_committee(self) -> bool:
        return self.is_decided_by_committee

    @property
    def notice(self) -> timedelta:
        """Between the lodging and the session: the instruction takes the time it needs."""
        return timedelta(0)


def faults(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What contradicts itself in a ruleset."""
    said = Terms(**terms)
    parts, triggers = said.instalments, said.instalment_triggers
    stages = [[code for code, _label in TRIGGERS].index(code) for code in triggers]
    if 0 in parts:
        yield "instalments", N_("Un versement est plus grand que zéro.")
    if len(parts) != len(triggers):
        yield "instalment_triggers", N_("Écrivez un déclencheur par versement.")
    if stages != sorted(stages) or (len(triggers) > 1 and triggers[-1] != "report"):
        yield "instalment_triggers", N_("Dans l’ordre ; en plusieurs fois, le dernier versement attend le bilan accepté.")


@dataclass(frozen=True)
class Date:
    """One date of the programme, as the rules see it."""

    title: str
    on: date
    is_highlight: bool = False


@dataclass(frozen=True)
class Facts(CommonFacts):
    """What the articles judge, beside what every scheme judges."""

    axes: tuple[str, ...]  # of the edition's theme
    theme_links: dict[str, str]  # axis -> the link the team wrote
    design: str
    delivery: str
    evaluation: str
    partners_agreed: int
    partners_asked: int
    steering_residents: int
    quarters: tuple[str, ...]
    has_lone_quarter: bool  # their intermunicipality has a single priority quarter
    dates: tuple[Date, ...]
    season_starts_on: date | None
    season_ends_on: date | None
    eco_scores: dict[str, int]  # title of a line -> 0, 1 or 2
    is_free: bool | None
    is_already_funded: bool | None
    derogation: str
    is_derogation_granted: bool | None
    is_instructed: bool  # each line of the Region's grid has its mark
    awaited: tuple[str, ...]  # who was asked an opinion and still has time to answer
    is_on_agenda: bool
    is_heard: bool
