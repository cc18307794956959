"""FTU: light works in a quarter, proposed by residents, studied, voted and made by the commune. Reads like the règlement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from citizen.ballots.rules import Standing
from citizen.ftu import bench, committee, milestones
from citizen.ftu.conditions import GROUPS, RULES, Land, owner_agrees, studied_inclusive, supported
from citizen.ftu.terms import LINKS as LINKS
from citizen.ftu.terms import SPECS, Terms
from citizen.kernel.access import Role
from citizen.kernel.findings import Finding
from citizen.kernel.lifecycle import Lifecycle, State, Step
from citizen.kernel.money import euros
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_, Words
from citizen.projects import rules as common
from citizen.projects.rules import FRAME, CommonFacts, finding
from citizen.projects.steps import BEARER, PART, STATES, WRITERS, S, shared_steps

NOT_LISTED = Standing()


# Where a proposal that cannot be done here may go. Source: cadre régional 2024-2030, complémentarité avec la GUSP.
EXITS = {
    "upkeep": N_("Une réparation ou un nettoyage : la gestion urbaine de proximité s’en charge."),
    "landlord": N_("C’est au bailleur : l’abattement de taxe foncière (TFPB) peut le payer."),
    "pic": N_("Une action entre habitants : un projet d’initiative citoyenne (PIC) convient."),
    "renewal": N_("C’est trop grand ici : le projet de renouvellement urbain en discute."),
    "other": N_("La commune vous rappelle pour chercher une autre solution."),
}


@dataclass(frozen=True)
class Facts:
    """What residents wrote, what the commune's study found, what the vote said."""

    common: CommonFacts
    need: str = ""
    solution: str = ""
    visible_change: str = ""
    is_lasting: bool | None = None
    inclusion: tuple[str, str, str] = ("", "", "")  # women, disabled people, seniors
    land: Land | None = None
    agreements: int = 0
    owner: str = ""  # what the owner answered by the mailed link: a verdict, « asked », or nothing
    is_in_campaign: bool | None = None  # the place is in a quarter of the campaign; None: no place yet
    is_feasible: bool | None = None
    study_reason: str = ""
    upkeep: str = ""
    safety: str = ""
    cost_cents: int | None = None
    supports: int = 0
    inclusion_found: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by group: verdict, sentence
    vote: Standing = NOT_LISTED
    opinion: str = ""  # the committee's


def _answered(text: str, terms: Terms) -> bool:
    return len(text.strip()) >= terms.min_answer_length


def investment_only(facts: Facts, _terms: Terms) -> Finding:
    """Works or equipment that stay; no running cost. Source: cadre régional 2024-2030, FTU (investissement)."""
    running = facts.common.budget.operating
    is_met = False if running or facts.is_lasting is False else facts.is_lasting
    fact: str = Words("Le budget compte %(cost)s de dépenses du moment.", cost=euros(running))
    if not running:
        fact = {
            None: N_("Vous n’avez pas encore dit si cela reste en place."),
            True: N_("Ce sont des travaux ou un équipement qui restent en place."),
            False: N_("Ce n’est ni des travaux ni un équipement qui reste."),
        }[facts.is_lasting]
    return finding(
        "ftu-investment", is_met, N_("Ce sont des travaux qui restent"), fact,
        N_("Le fonds paie seulement de l’investissement : ce qui est fait reste, au bénéfice de tous."), FRAME,
        N_("Gardez seulement les travaux et le mobilier. Pour une fête ou un atelier, choisissez le PIC."),
    )  # fmt: skip


def in_campaign(facts: Facts, terms: Terms) -> Finding:
    """The place is in a quarter of this campaign; near a limit an officer decides. Source: cadre régional, territoires."""
    place = common.place_eligible(facts.common, terms)
    if place.is_met and facts.common.location == "inside" and facts.is_in_campaign is False:
        place = finding(
            place.slug, False, place.title,
            Words("Le lieu n’est pas dans un quartier de cette campagne : %(place)s.", place=facts.common.place),
            place.rule, place.source, N_("Choisissez un lieu dans un quartier de la campagne, ou une autre campagne."),
        )  # fmt: skip
    return replace(place, slug="ftu-place")


def need_described(facts: Facts, terms: Terms) -> Finding:
    """A need, and a light answer that shows quickly. Source: cadre régional 2024-2030, FTU (léger, rapide, visible)."""
    asked = (
        (facts.need, N_("le besoin")),
        (facts.solution, N_("les travaux")),
        (facts.visible_change, N_("ce qui se verra vite")),
    )
    missing = [words for text, words in asked if not _answered(text, terms)]
    return finding(
        "ftu-light", not missing, N_("Léger, rapide, visible"),
        Words("Il manque : %(what)s.", what=", ".join(missing)) if missing
        else N_("Le besoin, les travaux et ce qui se verra sont décrits."),
        N_("Un petit aménagement, simple et peu cher, qui se voit vite et répond à un besoin du quartier."), FRAME,
        N_("Dites ce qui ne va pas aujourd’hui, ce qu’il faudrait faire, et ce qu’on verra changer en quelques semaines."),
    )  # fmt: skip


def inclusive(facts: Facts, terms: Terms) -> Finding:
    """Women, disabled people and seniors were thought of. Source: cadre régional 2024-2030, FTU (démarche inclusive)."""
    missing = [group for group, text in zip(GROUPS.values(), facts.inclusion, strict=True) if not _answered(text, terms)]
    return finding(
        "ftu-inclusive", not missing, N_("Le lieu est pensé pour toutes et tous"),
        Words("À compléter : %(who)s.", who=", ".join(missing)) if missing else N_("Les trois réponses sont écrites."),
        N_("Le projet dit ce qu’il change pour les femmes, les personnes handicapées et les seniors."), FRAME,
        N_("Écrivez une phrase pour chacun : qui avez-vous écouté, que changez-vous pour eux ?"),
    )  # fmt: skip


def themed(facts: Facts, terms: Terms) -> Finding:
    """At least one theme of the fund. Source: règlement du fonds (thèmes)."""
    known = [theme for theme in facts.common.themes if theme in terms.themes]
    return finding(
        "ftu-theme", bool(known), N_("Un thème du fonds"),
        Words("Thème choisi : %(themes)s.", themes=", ".join(known)) if known else N_("Aucun thème n’est choisi."),
        Words("Le fonds a ces thèmes : %(themes)s.", themes=", ".join(terms.themes)), RULES, N_("Cochez au moins un thème."),
    )  # fmt: skip


def studied_feasible(facts: Facts, _terms: Terms) -> Finding:
    """The study says yes, why, at what cost, who keeps it up and that it is safe. Source: règlement du fonds (étude)."""
    texts = (facts.study_reason, facts.upkeep, facts.safety)
    is_whole = facts.is_feasible is not None and all(texts) and bool(facts.cost_cents)
    return finding(
        "ftu-study", None if facts.is_feasible is None else facts.is_feasible and is_whole,
        N_("L’étude dit que c’est réalisable"), _studied_cost(facts),
        N_("La commune étudie la faisabilité, le coût, l’entretien et la sécurité, avec ses raisons."), RULES,
        N_("Complétez l’étude : raison, coût, entretien, sécurité."),
    )  # fmt: skip


def _studied_cost(facts: Facts) -> str:
    cost = facts.cost_cents
    return N_("Le coût n’est pas encore étudié.") if cost is None else Words("Coût étudié : %(cost)s.", cost=euros(cost))


def within_cap(facts: Facts, terms: Terms) -> Finding:
    """The studied cost is under the fund's cap. Source: règlement du fonds (plafond)."""
    cost, cap = facts.cost_cents, terms.max_cost_cents
    return finding(
        "ftu-cap", None if cost is None else cap is None or cost <= cap, N_("Le coût tient sous le plafond"),
        _studied_cost(facts),
        N_("Le règlement ne fixe pas de coût maximum.") if cap is None
        else Words("Un projet coûte au plus %(cap)s.", cap=euros(cap)),
        RULES, N_("Cherchez une version plus simple avec l’équipe."),
    )  # fmt: skip


def described(facts: Facts, terms: Terms) -> Finding:
    """Someone who knows nothing of it understands the project. Source: cadre régional, dossier complet."""
    return common.described(facts.common, terms)


def call_open(facts: Facts, terms: Terms) -> Finding:
    """One lodges while the campaign takes proposals. Source: règlement du fonds."""
    return common.call_open(facts.common, terms)


TO_SHARE = (in_campaign, call_open)
TO_LODGE = (described, need_described, investment_only, in_campaign, owner_agrees, inclusive, themed, call_open)
COMMUNE = committee.COMMUNE
# A team that never completes its file does not hold the vote of the others: the commune may answer it too.
ANSWERABLE = frozenset({S.SUBMITTED, S.INCOMPLETE, S.ADMISSIBLE})

IDEAS = frozenset({S.IDEA, S.SUBMITTED, S.INCOMPLETE, S.ADMISSIBLE})  # what residents may support, and two teams may join

_SHARED = {step.action: step for step in shared_steps(COMMUNE, TO_LODGE, frozenset({S.ADMISSIBLE, S.SELECTED}))}
# A shared idea is written and taken on like a draft, in front of everybody.
_SHARED |= {
    action: replace(_SHARED[action], before=_SHARED[action].before | {S.IDEA})
    for action in ("edit", "orient", "lodge", "confirm_place", "withdraw")
}
_OWN = (
    Step("share", N_("Montrer l’idée aux habitants"), N_("a proposé une idée"), BEARER,
         frozenset({S.DRAFT}), S.IDEA, needs=TO_SHARE, has_own_page=True, is_awaited=False),
    Step("support", N_("Soutenir, ou retirer son soutien"), N_("a soutenu l’idée"), frozenset({Role.RESIDENT}), IDEAS,
         has_own_page=True, is_awaited=False),
    Step("ask_owner", N_("Demander l’accord du propriétaire"), N_("a demandé l’accord du propriétaire"), WRITERS,
         IDEAS | {S.DRAFT}, has_own_page=True, is_awaited=False),
    Step("ask_service", N_("Demander l’avis d’un service"), N_("a demandé l’avis d’un service"), COMMUNE,
         IDEAS, never=PART, has_own_page=True, is_awaited=False),
    Step("cost", N_("Chiffrer, ligne par ligne"), N_("a chiffré les travaux"), COMMUNE,
         frozenset({S.SUBMITTED}), never=PART, has_own_page=True, is_awaited=False),
    Step("merge", N_("Unir ses forces avec un autre projet"), N_("a retiré le projet au profit d’un autre"), BEARER, IDEAS,
         S.MERGED, has_own_page=True, is_awaited=False),
    Step("admit", N_("Étudier : faisabilité et coût"), N_("a étudié le projet : réalisable"), COMMUNE,
         frozenset({S.SUBMITTED}), S.ADMISSIBLE, never=PART, needs=(in_campaign, supported, owner_agrees, studied_feasible, studied_inclusive, within_cap),
         has_own_page=True),
    Step("not_feasible", N_("Dire que ce n’est pas réalisable"), N_("a étudié le projet : non réalisable"), COMMUNE,
         ANSWERABLE, S.INADMISSIBLE, never=PART, asks_reason=True, has_own_page=True, is_awaited=False),
    # The three steps of the vote follow the vote of the whole campaign: nobody may choose for one project.
    Step("put_on_ballot", N_("Mettre au vote"), N_("a mis le projet au vote"), COMMUNE,
         frozenset({S.ADMISSIBLE}), S.ON_BALLOT, needs=(committee.listed, committee.may_be_voted), has_own_page=True, is_awaited=False),
    *committee.STEPS,
    Step("select", N_("Retenir"), N_("a publié le résultat : retenu"), committee.REVIEWERS,
         frozenset({S.ON_BALLOT, S.ADMISSIBLE}), S.SELECTED, needs=(committee.chosen,), has_own_page=True, is_awaited=False),
    Step("not_select", N_("Ne pas retenir"), N_("a publié le résultat : non retenu"), committee.REVIEWERS,
         frozenset({S.ON_BALLOT, S.ADMISSIBLE}), S.NOT_SELECTED, needs=(committee.not_chosen,), has_own_page=True, is_awaited=False),
    Step("take_up", N_("Reprendre un projet non retenu"), N_("a repris le projet, que le vote n’avait pas retenu"), COMMUNE,
         frozenset({S.NOT_SELECTED}), S.SELECTED, never=PART, asks_reason=True, is_awaited=False),
    Step("grant", N_("Valider et financer"), N_("a validé les travaux"), COMMUNE,
         frozenset({S.SELECTED}), S.GRANTED, never=PART, needs=(studied_feasible, committee.reviewed), asks_reason=True, has_own_page=True),
    Step("reject", N_("Ne pas valider"), N_("n’a pas validé les travaux"), COMMUNE,
         frozenset({S.SELECTED}), S.REJECTED, never=PART, needs=(committee.reviewed,), asks_reason=True, has_own_page=True, is_awaited=False),
    milestones.STEP,
    milestones.REPLY,
)  # fmt: skip
_BEFORE = ("edit", "orient", "lodge", "confirm_place", "ask_completion")
_AFTER = ("withdraw", "tell", "write_report", "report", "set_aside", "close", "return_report", "close_without", "cancel")

LIFECYCLE = Lifecycle(
    states=STATES
    | {
        S.IDEA: State(
            N_("Idée"), "info", N_("Les habitants la lisent et la soutiennent. L’équipe complète son dossier, puis le dépose.")
        ),
        S.MERGED: State(N_("Réunie à un autre projet"), "neutral", is_final=True),
        S.SUBMITTED: State(
            N_("À l’étude"), "info", N_("La commune étudie la faisabilité et le coût, puis répond avec ses raisons.")
        ),
        S.ADMISSIBLE: State(N_("Réalisable"), "info", N_("Le projet attend le vote des habitants, ou l’avis du comité.")),
        S.INADMISSIBLE: State(N_("Non réalisable"), "miss", is_final=True),
        S.ON_BALLOT: State(
            N_("Au vote"), "wait", N_("Les habitants votent. Le résultat est publié après la fermeture du vote.")
        ),
        S.SELECTED: State(N_("Retenu"), "ok", N_("La commune valide par un acte, puis lance les travaux.")),
        S.NOT_SELECTED: State(N_("Non retenu"), "neutral", is_final=True),
        S.GRANTED: State(
            N_("Travaux validés"),
            "ok",
            N_("La commune fait les travaux. L’équipe raconte ensuite ce qui a changé."),
            is_supported=True,
        ),
    },
    steps=(_OWN[0], *(_SHARED[action] for action in _BEFORE), *_OWN[1:], *(_SHARED[action] for action in _AFTER)),
)

FTU = Scheme(
    code="ftu",
    title=N_("Fonds de travaux urbains"),
    summary=N_("Un petit aménagement : les habitants proposent, la commune étudie, les habitants votent, la commune réalise."),
    lifecycle=LIFECYCLE,
    terms=SPECS,
    terms_type=Terms,
    faults=bench.faults,
)
