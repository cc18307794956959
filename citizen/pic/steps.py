"""The life of a PIC: the shared steps, then the committee's own."""

from dataclasses import replace

from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Lifecycle, State, Step
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_
from citizen.pic.conditions import seen_afterwards
from citizen.pic.rules import TO_DECIDE, TO_GRANT, TO_LODGE
from citizen.pic.terms import SPECS, Terms, faults
from citizen.projects.steps import PART, STATES, S, shared_steps

MANAGERS = frozenset({Role.FUND_MANAGER})
DECIDERS = frozenset({Role.FUND_MANAGER, Role.COMMITTEE_MEMBER})
UNDECIDED = frozenset({S.ADMISSIBLE, S.DEFERRED})
ROOM = N_("Décider en séance")
WAITING = frozenset({S.ADMISSIBLE})

_shared = {step.action: step for step in shared_steps(MANAGERS, TO_LODGE, UNDECIDED)}
for _action in ("edit", "lodge"):  # the team answers what the committee asked
    _shared[_action] = replace(_shared[_action], before=_shared[_action].before | {S.DEFERRED})
_shared["report"] = replace(_shared["report"], needs=(*_shared["report"].needs, seen_afterwards))

PIC = Scheme(
    code="pic",
    title=N_("Projet d’initiative citoyenne"),
    summary=N_("Une petite aide, vite décidée par un comité d’habitants, pour un projet du quartier porté par ses habitants."),
    terms=SPECS,
    terms_type=Terms,
    faults=faults,
    lifecycle=Lifecycle(
        states=STATES | {
            S.ADMISSIBLE: State(N_("Recevable"), "info", N_("Le comité entend l’équipe, puis décide.")),
            S.DEFERRED: State(
                N_("Ajourné"), "wait", N_("L’équipe complète ce que le comité demande ; le projet revient à une autre séance.")
            ),
        },
        steps=(
            *_shared.values(),
            Step("inscribe", N_("Inscrire à une séance"), N_("a inscrit le projet à une séance"), MANAGERS,
                 UNDECIDED, S.ADMISSIBLE, never=PART, needs=TO_LODGE, has_own_page=True),
            Step("grant", N_("Accorder"), N_("a accordé l’aide"), DECIDERS,
                 WAITING, S.GRANTED, never=PART, needs=TO_GRANT, asks_reason=True, has_own_page=True, door=ROOM),
            Step("reject", N_("Refuser"), N_("a refusé l’aide"), DECIDERS,
                 WAITING, S.REJECTED, never=PART, needs=TO_DECIDE, asks_reason=True, has_own_page=True, door=ROOM),
            Step("defer", N_("Ajourner"), N_("a ajourné le projet"), DECIDERS,
                 WAITING, S.DEFERRED, never=PART, needs=TO_DECIDE, asks_reason=True, has_own_page=True, door=ROOM),
            Step("agree", N_("Signer l’engagement"), N_("a signé l’engagement"), frozenset({Role.BEARER}),
                 frozenset({S.GRANTED}), has_own_page=True, is_awaited=False),
            Step("give_bank", N_("Dire où verser l’aide"), N_("a dit où verser l’aide"),
                 frozenset({Role.BEARER, Role.ORGANISATION_MEMBER}),
                 frozenset({S.GRANTED, S.REPORT_SUBMITTED, S.CLOSED}), has_own_page=True, is_awaited=False),
        ),
    ),
)  # fmt: skip
