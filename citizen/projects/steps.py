"""The life every project shares: its states, and the steps that are the same in every scheme."""

from dataclasses import dataclass
from enum import StrEnum

from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Check, Lifecycle, State, Step
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_
from citizen.projects.settlement import TO_CLOSE_WITHOUT, TO_REPORT

TEAM = frozenset({Role.BEARER, Role.TEAM})
BEARER = frozenset({Role.BEARER})
WRITERS = TEAM | {Role.HELPER}  # a helper writes with the group's consent, and nothing else
PART = WRITERS | {Role.ORGANISATION_MEMBER}  # of the team, or of the organisation that bears the project


class S(StrEnum):
    """States that people decide; each scheme uses those it needs."""

    IDEA = "idea"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    DEFERRED = "deferred"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    GRANTED = "granted"
    REJECTED = "rejected"
    REPORT_SUBMITTED = "report_submitted"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # withdrawn in favour of another, which it leads to


@dataclass(frozen=True)
class Taken:
    """What a decision is called: in the records, and on screen."""

    outcome: str
    words: str
    tone: str


# What may be decided, by the action of its step; an opinion grants nothing.
DECISIONS = {
    "grant": Taken("granted", N_("Accordé"), "ok"),
    "reject": Taken("rejected", N_("Refusé"), "miss"),
    "defer": Taken("deferred", N_("Ajourné"), "wait"),
    "favourable": Taken("favourable", N_("Avis favorable"), "ok"),
    "conditional": Taken("conditional", N_("Avis favorable sous conditions"), "ok"),
    "unfavourable": Taken("unfavourable", N_("Avis défavorable"), "miss"),
}
OPINIONS = ("favourable", "conditional", "unfavourable")

HAS_MONEY = (S.GRANTED, S.REPORT_SUBMITTED, S.CLOSED, S.CANCELLED)
LODGED = tuple(state for state in S if state not in (S.IDEA, S.DRAFT, S.WITHDRAWN, S.MERGED))

IDEA = Scheme(
    code="idea",
    title=N_("Idée"),
    summary=N_("Une envie pour le quartier, avant de choisir comment la faire vivre."),
    terms=(),
    lifecycle=Lifecycle(
        states={
            S.IDEA: State(N_("Idée"), "info", N_("Répondez à quatre questions pour trouver l’aide qui convient.")),
            S.WITHDRAWN: State(N_("Retirée"), "neutral", is_public=False, is_final=True),
        },
        steps=(
            Step("edit", N_("Modifier"), N_("a modifié l’idée"), WRITERS, frozenset({S.IDEA}), has_own_page=True),
            Step(
                "orient",
                N_("Trouver l’aide qui convient"),
                N_("a choisi un dispositif"),
                BEARER,
                frozenset({S.IDEA}),
                has_own_page=True,
            ),
            Step("withdraw", N_("Retirer"), N_("a retiré l’idée"), BEARER, frozenset({S.IDEA}), S.WITHDRAWN, is_awaited=False),
        ),
    ),
)

# What each state is called and what comes next; a scheme changes the words it needs.
STATES: dict[str, State] = {
    S.DRAFT: State(N_("En préparation"), "neutral", N_("L’équipe écrit son dossier."), is_public=False),
    S.SUBMITTED: State(N_("Déposé"), "info", N_("Le dossier est lu : il sera dit recevable, à compléter, ou réorienté.")),
    S.INCOMPLETE: State(N_("À compléter"), "wait", N_("L’équipe complète son dossier, puis le renvoie.")),
    S.ADMISSIBLE: State(N_("Recevable"), "info", N_("La décision est attendue.")),
    S.INADMISSIBLE: State(N_("Non recevable"), "miss", is_final=True),
    S.GRANTED: State(N_("Accordé"), "ok", N_("Le projet se fait. L’équipe écrit ensuite son bilan."), is_supported=True),
    S.REJECTED: State(N_("Refusé"), "miss", is_final=True),
    S.REPORT_SUBMITTED: State(N_("Bilan déposé"), "info", N_("Le bilan est relu."), is_supported=True),
    S.CLOSED: State(N_("Terminé"), "ok", is_supported=True, is_final=True),
    S.CANCELLED: State(N_("Annulé"), "neutral", is_final=True),
    S.WITHDRAWN: State(N_("Retiré"), "neutral", is_public=False, is_final=True),
}
WRITABLE = frozenset({S.DRAFT, S.INCOMPLETE})


def shared_steps(reviewers: frozenset[Role], to_lodge: tuple[Check, ...], undecided: frozenset[str]) -> tuple[Step, ...]:
    """The steps before and after the decision: ``reviewers`` read and follow up, never where they have a part."""
    return (
        Step("edit", N_("Modifier le dossier"), N_("a modifié le dossier"), WRITERS, WRITABLE, has_own_page=True),
        Step("orient", N_("Changer de dispositif"), N_("a changé de dispositif"), BEARER,
             frozenset({S.DRAFT, S.INADMISSIBLE, S.REJECTED}), S.DRAFT, has_own_page=True, is_awaited=False),
        Step("lodge", N_("Déposer le dossier"), N_("a déposé le dossier"), BEARER, WRITABLE, S.SUBMITTED,
             needs=to_lodge, has_own_page=True),
        Step("confirm_place", N_("Dire si le lieu convient"), N_("a tranché sur le lieu"), reviewers,
             frozenset({S.DRAFT, S.SUBMITTED, S.INCOMPLETE}), never=PART, has_own_page=True, is_awaited=False),
        Step("ask_completion", N_("Demander un complément"), N_("a demandé un complément"), reviewers,
             frozenset({S.SUBMITTED}), S.INCOMPLETE, never=PART, asks_reason=True, has_own_page=True),
        Step("admit", N_("Déclarer recevable"), N_("a déclaré le dossier recevable"), reviewers,
             frozenset({S.SUBMITTED}), S.ADMISSIBLE, never=PART, needs=to_lodge),
        Step("not_admit", N_("Déclarer non recevable"), N_("a déclaré le dossier non recevable"), reviewers,
             frozenset({S.SUBMITTED, S.ADMISSIBLE}), S.INADMISSIBLE, never=PART, asks_reason=True, has_own_page=True),
        Step("withdraw", N_("Retirer le projet"), N_("a retiré le projet"), BEARER,
             frozenset({S.DRAFT, S.SUBMITTED, S.INCOMPLETE}) | undecided, S.WITHDRAWN, asks_reason=True, is_awaited=False),
        Step("tell", N_("Donner des nouvelles"), N_("a donné des nouvelles"), TEAM,
             frozenset({S.GRANTED, S.REPORT_SUBMITTED, S.CLOSED}), has_own_page=True, is_awaited=False),
        Step("write_report", N_("Écrire le bilan"), N_("a écrit le bilan"), WRITERS,
             frozenset({S.GRANTED}), has_own_page=True),
        Step("report", N_("Relire et envoyer le bilan"), N_("a envoyé le bilan"), TEAM,
             frozenset({S.GRANTED}), S.REPORT_SUBMITTED, needs=TO_REPORT, has_own_page=True, is_awaited=False),
        Step("set_aside", N_("Écarter une dépense du bilan"), N_("a écarté une dépense du bilan"), reviewers,
             frozenset({S.REPORT_SUBMITTED}), never=PART, has_own_page=True, is_awaited=False),
        Step("close", N_("Lire le bilan et l’accepter"), N_("a accepté le bilan"), reviewers,
             frozenset({S.REPORT_SUBMITTED}), S.CLOSED, never=PART, has_own_page=True),
        Step("return_report", N_("Demander de revoir le bilan"), N_("a demandé de revoir le bilan"), reviewers,
             frozenset({S.REPORT_SUBMITTED}), S.GRANTED, never=PART, asks_reason=True, has_own_page=True),
        Step("close_without", N_("Clore sans bilan"), N_("a clos le projet sans bilan"), reviewers,
             frozenset({S.GRANTED}), S.CLOSED, never=PART, needs=TO_CLOSE_WITHOUT, asks_reason=True, has_own_page=True,
             is_awaited=False),
        Step("cancel", N_("Annuler le projet"), N_("a annulé le projet"), reviewers,
             frozenset({S.GRANTED}), S.CANCELLED, never=PART, asks_reason=True, has_own_page=True, is_awaited=False),
    )  # fmt: skip
