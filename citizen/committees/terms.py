"""What a fund sets about its committee: who sits, when it can decide, how it votes."""

from dataclasses import dataclass

from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import term
from citizen.kernel.words import N_

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

COMMITTEE = N_("Comité")
VOTE = N_("Vote du comité")


@dataclass(frozen=True)
class CommitteeTerms:
    """The committee's procedure, in one version of a fund's rules."""

    bearer_presence_required: bool = term(
        True, Kind.YES_NO, N_("La présence d’un porteur devant le comité est obligatoire"), group=COMMITTEE
    )
    sessions_per_year: int = term(4, Kind.COUNT, N_("Séances ordinaires par an, au moins"), group=COMMITTEE)
    extraordinary_allowed: bool = term(True, Kind.YES_NO, N_("Une séance extraordinaire peut être demandée"), group=COMMITTEE)
    voting_colleges: list[str] = term(
        [N_("Habitants"), N_("Associations")], Kind.LINES, N_("Collèges qui votent"), N_("Un par ligne."), group=COMMITTEE
    )
    advisory_colleges: list[str] = term(
        [N_("Élus"), N_("Techniciens"), N_("Bailleurs")], Kind.LINES, N_("Collèges de droit, sans vote"), N_("Un par ligne."),
        group=COMMITTEE,
    )  # fmt: skip
    min_resident_members: int = term(
        0, Kind.COUNT, N_("Membres du premier collège présents, au moins"), N_("0 : aucun minimum."), group=COMMITTEE
    )
    quorum_members: int = term(
        0, Kind.COUNT, N_("Quorum : membres votants, au moins"), N_("0 : aucun minimum."), group=COMMITTEE
    )
    quorum_percent: int = term(50, Kind.PERCENT, N_("Quorum : part des membres votants"), N_("0 : aucune."), group=COMMITTEE)
    proxies_per_member: int = term(1, Kind.COUNT, N_("Procurations par membre"), group=COMMITTEE)
    ballot: str = term(
        "open", Kind.CHOICE, N_("Vote du comité"),
        N_("À moins de trois personnes qui votent, le secret ne tient pas : le vote se fait à main levée, et la salle le dit avant."),
        choices=BALLOTS, group=VOTE,
    )  # fmt: skip
    majority: str = term("simple", Kind.CHOICE, N_("Majorité"), choices=MAJORITIES, group=VOTE)
    tie_rule: str = term("president", Kind.CHOICE, N_("En cas d’égalité"), choices=TIE_RULES, group=VOTE)

    @property
    def has_committee(self) -> bool:
        """Whether a committee looks at the projects of the fund."""
        return True
