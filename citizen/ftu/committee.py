"""What the residents' vote and the opinion of the urban management committee (CGU) allow, as the commune's rules say.

Source: règlements FTU de Roubaix et de Loos (le CGU réunit élus, habitants, services et bailleurs, et décide).
"""

from typing import Any

from citizen.ftu.conditions import RULES
from citizen.ftu.terms import Terms
from citizen.kernel.access import Role
from citizen.kernel.findings import Finding
from citizen.kernel.lifecycle import Step
from citizen.kernel.words import N_
from citizen.projects.rules import finding
from citizen.projects.steps import PART, S

FAVOURABLE = ("favourable", "conditional")
WAITS_IN = {"before": S.ADMISSIBLE, "decides": S.ADMISSIBLE, "after": S.SELECTED}  # role -> state in which it is heard
SAID = {
    "": N_("Le comité n’a pas encore donné son avis."),
    "favourable": N_("Le comité a donné un avis favorable."),
    "conditional": N_("Le comité a donné un avis favorable sous conditions."),
    "unfavourable": N_("Le comité a donné un avis défavorable."),
}


def retained(facts: Any, terms: Terms) -> bool | None:
    """Whether the project goes on, by the vote, or by the committee where the rules say so; None while nobody has said."""
    if terms.committee_role == "decides":
        return facts.opinion in FAVOURABLE if facts.opinion else None
    if terms.committee_role == "before" and facts.opinion == "unfavourable":
        return False
    return facts.vote.is_selected


def listed(facts: Any, _terms: Terms) -> Finding:
    """It is among the projects of an announced vote. Source: règlement du fonds (vote)."""
    return finding(
        "ftu-listed", facts.vote.is_listed, N_("Le projet est sur la liste du vote"),
        N_("Le vote est annoncé avec ce projet.") if facts.vote.is_listed else N_("Aucun vote n’est annoncé avec ce projet."),
        N_("Un projet va au vote quand la commune annonce le vote de la campagne."), RULES,
        N_("Annoncez le vote de la campagne."),
    )  # fmt: skip


def chosen(facts: Any, terms: Terms) -> Finding:
    """The count selected it, or the committee where it chooses. Source: règlement du fonds (vote)."""
    return _outcome(facts, terms, wanted=True)


def not_chosen(facts: Any, terms: Terms) -> Finding:
    """The count left it out, or the committee stopped it before. Source: règlement du fonds (vote)."""
    return _outcome(facts, terms, wanted=False)


def _outcome(facts: Any, terms: Terms, *, wanted: bool) -> Finding:
    found = retained(facts, terms)
    fact = {None: N_("Le vote n’est pas dépouillé."), True: N_("Le vote l’a retenu."), False: N_("Le vote ne l’a pas retenu.")}[
        found
    ]
    if facts.opinion and facts.vote.is_selected is None:
        fact = SAID[facts.opinion]
    return finding(
        "ftu-outcome", None if found is None else found is wanted, N_("Le résultat du vote"), fact,
        N_("Seul le dépouillement dit si un projet est retenu."), RULES, N_("Dépouillez le vote de la campagne."),
    )  # fmt: skip


def not_heard_yet(facts: Any, terms: Terms) -> Finding:
    """The committee hears it once, at the moment that the rules say. Source: règlement du fonds (comité)."""
    is_its_turn = terms.has_committee and (terms.committee_role != "after" or facts.vote.is_selected is not None)
    return finding(
        "ftu-to-hear", is_its_turn and not facts.opinion, N_("Le comité peut l’examiner"),
        SAID[facts.opinion] if is_its_turn
        else N_("Le comité examine les projets après le vote.") if terms.has_committee
        else N_("Le règlement de ce fonds ne prévoit pas de comité."),
        N_("Le comité de gestion urbaine donne son avis une fois, au moment que dit le règlement."), RULES,
        N_("Attendez ce moment."),
    )  # fmt: skip


def reviewed(facts: Any, terms: Terms) -> Finding:
    """The committee has said its opinion, where the rules ask for one. Source: règlement du fonds (comité)."""
    return finding(
        "ftu-reviewed", not terms.has_committee or bool(facts.opinion), N_("L’avis du comité de gestion urbaine"),
        SAID[facts.opinion] if terms.has_committee else N_("Le règlement de ce fonds ne demande pas d’avis."),
        N_("Le comité de gestion urbaine donne son avis avant l’acte de la commune."), RULES,
        N_("Inscrivez le projet à une séance du comité."),
    )  # fmt: skip


def may_be_voted(facts: Any, terms: Terms) -> Finding:
    """Where the committee speaks first, its opinion is favourable. Source: règlement du fonds (comité)."""
    is_awaited = terms.committee_role == "before"
    return finding(
        "ftu-heard-first", terms.committee_role != "decides" and (not is_awaited or facts.opinion in FAVOURABLE),
        N_("Le projet peut aller au vote"),
        SAID[facts.opinion] if terms.has_committee else N_("Le règlement de ce fonds ne demande pas d’avis."),
        N_("Le règlement dit si le comité parle avant le vote, ou choisit à sa place."), RULES,
        N_("Inscrivez le projet à une séance du comité."),
    )  # fmt: skip


COMMUNE = frozenset({Role.COMMUNE_OFFICER})
REVIEWERS = COMMUNE | {Role.COMMITTEE_MEMBER}
HEARD_IN = frozenset(WAITS_IN.values())
_ROOM = N_("Le comité, en séance")


def _said(action: str, label: str, past: str) -> Step:
    return Step(
        action,
        label,
        past,
        frozenset({Role.COMMITTEE_MEMBER}),
        HEARD_IN,
        never=PART,
        asks_reason=True,
        has_own_page=True,
        door=_ROOM,
        is_awaited=False,
    )


STEPS = (
    Step("inscribe", N_("Inscrire à une séance"), N_("a inscrit le projet à une séance du comité"), COMMUNE, HEARD_IN,
         never=PART, needs=(not_heard_yet,), has_own_page=True, is_awaited=False),
    _said("favourable", N_("Donner un avis favorable"), N_("a donné un avis favorable")),
    _said("conditional", N_("Donner un avis favorable sous conditions"), N_("a donné un avis favorable sous conditions")),
    _said("unfavourable", N_("Donner un avis défavorable"), N_("a donné un avis défavorable")),
    _said("defer", N_("Ajourner"), N_("a ajourné son avis")),
)  # fmt: skip
ACTIONS = frozenset(step.action for step in STEPS)
