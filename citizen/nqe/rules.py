"""Nos quartiers d'été, article by article: the four principles, who may lodge, where and when, and who decides."""

from dataclasses import replace
from datetime import time

from citizen.kernel.access import Role
from citizen.kernel.findings import Finding
from citizen.kernel.lifecycle import Lifecycle, State, Step
from citizen.kernel.money import euros
from citizen.kernel.scheme import Scheme, specs_of
from citizen.kernel.words import N_, Words
from citizen.nqe.committee import bearer_heard, goes_to_session, instructed, on_agenda, opinions_in
from citizen.nqe.eco_grid import EcoLine, eco_lines, eco_score
from citizen.nqe.terms import Facts, Terms, faults
from citizen.projects.rules import budget_balanced, call_open, described, finding, french_day
from citizen.projects.steps import PART, STATES, TEAM, S, shared_steps

FRAME = N_("Cadre régional 2024-2030, Nos quartiers d’été")
NOTICE = N_("Notice régionale Nos quartiers d’été 2017")
PRACTICE = N_("Usage constant des éditions depuis 2009")
RULESET = N_("Règlement de l’édition")

YEAR_ZERO = 1989  # the first edition was in 1990
DAWN = time(6)  # what ends before dawn began the evening before


def edition_number(year: int) -> int:
    """1990 was the first. Source: Région, 27e édition en 2016, 35e en 2024."""
    return year - YEAR_ZERO


def is_upside_down(starts_at: time, ends_at: time | None) -> bool:
    """Whether the end comes before the start; an evening may end after midnight, before dawn."""
    return ends_at is not None and ends_at <= starts_at and ends_at > DAWN


def theme_linked(facts: Facts, _terms: Terms) -> Finding:
    """First principle: the project fits the theme of the year. Source: cadre régional 2024-2030, NQE (N1)."""
    linked = [axis for axis in facts.axes if facts.theme_links.get(axis, "").strip()]
    return finding(
        "theme", bool(linked) if facts.axes else None, N_("Le thème de l’année"),
        Words("Votre projet s’appuie sur : %(axes)s.", axes=", ".join(linked)) if linked
        else N_("Aucun lien avec le thème n’est encore écrit."),
        N_("Le projet s’inscrit dans le thème de l’année, le « fil rouge » choisi par la Région."), FRAME,
        N_("Choisissez au moins un axe et dites ce que vous en faites."),
    )  # fmt: skip


def has_highlight(facts: Facts, terms: Terms) -> Finding:
    """Second principle: festive days that people remember. Source: cadre régional 2024-2030, NQE (N2)."""
    found = [day for day in facts.dates if day.is_highlight]
    first = min(found, key=lambda day: day.on, default=None)
    return finding(
        "highlights", len(found) >= terms.min_highlights, N_("Des temps forts"),
        Words("Temps forts : %(count)d, dont « %(title)s » le %(day)s.", count=len(found), title=first.title,
              day=french_day(first.on)) if first else N_("Aucun temps fort n’est au programme."),
        Words("Au moins %(least)d journée festive, dont on se souviendra.", least=terms.min_highlights), FRAME,
        N_("Dans le programme, cochez « temps fort » pour vos grandes journées."),
    )  # fmt: skip


def collective(facts: Facts, terms: Terms) -> Finding:
    """Third principle: made by several, with residents, from start to end. Source: cadre régional; notice 2017 (N3, N6)."""
    answers = {
        N_("la préparation"): facts.design, N_("la réalisation"): facts.delivery, N_("l’évaluation"): facts.evaluation,
    }  # fmt: skip
    missing = [name for name, answer in answers.items() if not answer.strip()]
    partners, residents = terms.min_partners - facts.partners_agreed, terms.min_residents - facts.steering_residents
    lacking = [
        *([Words("l’accord de %(count)d partenaire(s)", count=partners)] if partners > 0 else []),
        *([Words("%(count)d habitant(s) au groupe de pilotage", count=residents)] if residents > 0 else []),
    ]
    todo: str = Words("Dites comment les habitants prennent part : %(parts)s.", parts=", ".join(missing))
    if not missing:
        todo = Words("Il manque %(what)s.", what=", ".join(lacking))
    return finding(
        "collective", not missing and not lacking, N_("Collectif et participatif"),
        Words("%(agreed)d partenaire(s) d’accord sur %(asked)d ; %(residents)d habitant(s) au pilotage ; %(answers)d réponse(s) sur 3.",
              agreed=facts.partners_agreed, asked=facts.partners_asked, residents=facts.steering_residents,
              answers=3 - len(missing)),
        Words("Au moins %(least)d partenaires avec vous, au moins %(residents)d habitants au groupe de pilotage, et des habitants "
              "qui préparent, réalisent et évaluent.", least=terms.min_partners, residents=terms.min_residents), FRAME, todo,
    )  # fmt: skip


def eco_responsible(facts: Facts, terms: Terms) -> Finding:
    """Fourth principle: eco-responsible, in the rev3 approach. Source: cadre régional 2024-2030, NQE (N10)."""
    lines = eco_lines(terms.eco_grid)
    best = 2 * len(lines)
    threshold, score = min(terms.eco_threshold, best), eco_score(facts.eco_scores, lines)
    is_met = score >= threshold if facts.eco_scores or not lines else None
    return finding(
        "eco", is_met, N_("Éco-responsable"),
        Words("%(score)d points sur %(best)d.", score=score, best=best),
        Words("Au moins %(threshold)d points sur %(best)d dans la grille, dans l’esprit de rev3.", threshold=threshold,
              best=best), FRAME, _eco_todo(facts, lines, threshold - score),
    )  # fmt: skip


def _eco_todo(facts: Facts, lines: list[EcoLine], short: int) -> str:
    ideas = [line.advice or line.title for line in lines if not facts.eco_scores.get(line.title)]
    return Words("Il manque %(short)d points. Des idées : %(ideas)s", short=max(short, 0), ideas=" ".join(ideas[:3]))


def carried_by_association(facts: Facts, _terms: Terms) -> Finding:
    """Several actors, one single legal lead: an association. Source: notice 2017 (N3)."""
    return finding(
        "bearer", facts.bearer_kind == "association", N_("Une association porte le projet"),
        N_("L’association répond de tout le projet.") if facts.bearer_kind == "association"
        else N_("Aucune association ne porte encore le projet."),
        N_("Une seule association signe et reçoit l’aide, pour tous les partenaires."), NOTICE,
        N_("Choisissez l’association qui porte le projet."),
    )  # fmt: skip


def several_quarters(facts: Facts, terms: Terms) -> Finding:
    """Between several quarters, unless the intermunicipality has a single one. Source: notice 2017 (N4)."""
    least = 1 if facts.has_lone_quarter else terms.min_quarters
    names = ", ".join(facts.quarters)
    fact: str = N_("Aucun quartier n’est choisi.")
    if names:
        fact = Words("Quartiers : %(names)s.", names=names)
        if facts.has_lone_quarter:
            fact = Words("%(names)s est le seul quartier prioritaire de son intercommunalité.", names=names)
    return finding(
        "quarters", len(facts.quarters) >= least, N_("Plusieurs quartiers"), fact,
        Words("Le projet relie au moins %(least)d quartiers, sauf si l’intercommunalité n’en a qu’un.",
              least=terms.min_quarters), NOTICE, Words("Ajoutez des quartiers : il en faut %(least)d.", least=least),
    )  # fmt: skip


def in_season(facts: Facts, _terms: Terms) -> Finding:
    """Every date falls within the season of the edition. Source: règlement de l'édition (N7)."""
    first, last = facts.season_starts_on, facts.season_ends_on
    outside = [day for day in facts.dates if first and last and not first <= day.on <= last]
    fact: str = Words("%(count)d date(s) au programme.", count=len(facts.dates))
    if outside:
        fact = Words("« %(title)s », le %(day)s, est hors de la saison.", title=outside[0].title, day=french_day(outside[0].on))
    return finding(
        "season", not outside if facts.dates and first else None, N_("Pendant la saison"), fact,
        Words("La saison va du %(first)s au %(last)s.", first=french_day(first), last=french_day(last)) if first
        else N_("Chaque date tombe pendant la saison de l’édition."), RULESET,
        N_("Changez les dates qui sont hors de la saison.") if outside else N_("Ajoutez les dates du programme."),
    )  # fmt: skip


def free_of_charge(facts: Facts, terms: Terms) -> Finding:
    """Everything is free for the public. Source: pratique des éditions 2009, 2016, 2022 (N9)."""
    words = {True: N_("Tout est gratuit."), False: N_("Une activité est payante."), None: N_("Vous n’avez pas encore répondu.")}
    return finding(
        "free", facts.is_free if terms.is_free_required else True, N_("Gratuit pour le public"), words[facts.is_free],
        N_("Toutes les activités sont gratuites pour les familles.") if terms.is_free_required
        else N_("La gratuité n’est pas demandée cette année."), PRACTICE,
        N_("Rendez toutes les activités gratuites, et dites-le dans « Quatre principes »."),
    )  # fmt: skip


def not_already_funded(facts: Facts, terms: Terms) -> Finding:
    """Not for associations already funded for their activities, unless they say why. Source: notice 2017, appel 2015 (N5)."""
    is_met = None if facts.is_already_funded is None else not facts.is_already_funded or bool(facts.derogation.strip())
    if not terms.excludes_funded:
        is_met = True
    fact: str = {
        None: N_("Vous n’avez pas encore répondu."),
        False: N_("La Région ne finance pas déjà vos activités."),
        True: N_("La Région finance déjà vos activités."),
    }[facts.is_already_funded]
    if facts.is_already_funded and facts.derogation.strip():
        fact = N_("La Région finance déjà vos activités ; vous demandez une dérogation.")
    return finding(
        "funded", is_met, N_("Pas déjà financé par la Région"), fact,
        N_("Une association déjà aidée pour ses activités n’est pas aidée deux fois, sauf besoin réel non couvert."),
        NOTICE, N_("Répondez à la question. Si vous êtes déjà aidés, expliquez le besoin qui n’est pas couvert."),
    )  # fmt: skip


def derogation_settled(facts: Facts, terms: Terms) -> Finding:
    """Before the decision, the Region has answered the derogation asked for. Source: appel 2015 (N5)."""
    is_needed = terms.excludes_funded and facts.is_already_funded
    words = {
        True: N_("La dérogation est accordée."), False: N_("La dérogation est refusée."),
        None: N_("La dérogation attend une réponse."),
    }  # fmt: skip
    return finding(
        "derogation", facts.is_derogation_granted if is_needed else True, N_("La dérogation est tranchée"),
        words[facts.is_derogation_granted] if is_needed else N_("Aucune dérogation n’est nécessaire."),
        N_("Une personne de la Région accorde ou refuse la dérogation, et dit pourquoi."), NOTICE,
        N_("Répondez à la demande de dérogation."),
    )  # fmt: skip


def derogation_asked(facts: Facts, _terms: Terms) -> Finding:
    """One answers only a derogation that was asked for. Source: appel 2015 (N5)."""
    return finding(
        "derogation-asked", bool(facts.is_already_funded and facts.derogation.strip()), N_("Une dérogation est demandée"),
        facts.derogation or N_("Le dossier ne demande pas de dérogation."),
        N_("Seule une association déjà financée demande une dérogation."), NOTICE,
    )  # fmt: skip


def within_cap(facts: Facts, terms: Terms) -> Finding:
    """The request stays under the cap, when the ruleset has one. Source: règlement de l'édition."""
    asked, cap = facts.budget.grant, terms.max_amount_cents
    return finding(
        "cap", asked > 0 and (cap is None or asked <= cap), N_("Le montant demandé"),
        Words("Vous demandez %(asked)s.", asked=euros(asked)),
        N_("Aucun plafond n’est publié : la Région décide selon ses crédits.") if cap is None
        else Words("%(cap)s au plus.", cap=euros(cap)), RULESET,
        N_("Écrivez dans le budget l’aide demandée à la Région.") if asked == 0
        else N_("Baissez l’aide demandée, ou trouvez d’autres recettes."),
    )  # fmt: skip


PRINCIPLES = (theme_linked, has_highlight, collective, eco_responsible)
TO_LODGE = (
    *PRINCIPLES, carried_by_association, several_quarters, in_season, free_of_charge, not_already_funded, within_cap,
    budget_balanced, described, call_open,
)  # fmt: skip
TO_INSCRIBE = (goes_to_session, instructed, opinions_in, derogation_settled)
TO_GRANT = (*TO_LODGE, derogation_settled, on_agenda, bearer_heard)
REVIEWERS = frozenset({Role.REGION_OFFICER})


def largest_grant_cents(facts: Facts, terms: Terms) -> int:
    """The most that may be granted: the request, the cap, what is left (G2). Source: règlement de l'édition."""
    cap = terms.max_amount_cents
    return min(facts.budget.grant, facts.envelope_left, facts.budget.grant if cap is None else cap)


DECIDE = N_("Décider")
DECIDERS = REVIEWERS | {Role.COMMITTEE_MEMBER}
UNDECIDED = frozenset({S.ADMISSIBLE, S.DEFERRED})
READ = UNDECIDED | {S.SUBMITTED}

_shared = {step.action: step for step in shared_steps(REVIEWERS, TO_LODGE, UNDECIDED)}
for _action in ("edit", "lodge"):  # the team answers what the committee asked
    _shared[_action] = replace(_shared[_action], before=_shared[_action].before | {S.DEFERRED})

NQE = Scheme(
    code="nqe",
    title=N_("Nos quartiers d’été"),
    summary=N_("Une saison de fêtes, de sport et de culture au pied des immeubles, gratuite, portée par des associations."),
    terms_type=Terms,
    terms=specs_of(Terms),
    faults=faults,
    lifecycle=Lifecycle(
        states=STATES | {
            S.ADMISSIBLE: State(N_("Recevable"), "info", N_("La Région lit le dossier, demande des avis, puis décide.")),
            S.DEFERRED: State(
                N_("Ajourné"), "wait", N_("L’équipe complète ce qui est demandé ; le projet revient à une autre séance.")
            ),
            S.GRANTED: State(N_("Accordé"), "ok", N_("Le programme est dans l’agenda de l’été."), is_supported=True),
        },
        steps=(
            *_shared.values(),
            Step("instruct", N_("Instruire le dossier"), N_("a instruit le dossier"), REVIEWERS,
                 READ, never=PART, has_own_page=True, is_awaited=False),
            Step("answer_derogation", N_("Répondre à la demande de dérogation"), N_("a répondu à la demande de dérogation"),
                 REVIEWERS, READ, never=PART, needs=(derogation_asked,),
                 asks_reason=True, has_own_page=True, is_awaited=False),
            Step("inscribe", N_("Inscrire à une séance"), N_("a inscrit le projet à une séance"), REVIEWERS,
                 UNDECIDED, S.ADMISSIBLE, never=PART, needs=TO_INSCRIBE, has_own_page=True, is_awaited=False),
            Step("grant", N_("Accorder l’aide"), N_("a accordé l’aide"), DECIDERS, frozenset({S.ADMISSIBLE}), S.GRANTED,
                 never=PART, needs=TO_GRANT, asks_reason=True, has_own_page=True, door=DECIDE),
            Step("reject", N_("Refuser l’aide"), N_("a refusé l’aide"), DECIDERS, frozenset({S.ADMISSIBLE}), S.REJECTED,
                 never=PART, needs=(on_agenda,), asks_reason=True, has_own_page=True, door=DECIDE),
            Step("defer", N_("Ajourner"), N_("a ajourné le projet"), DECIDERS, frozenset({S.ADMISSIBLE}), S.DEFERRED,
                 never=PART, needs=(on_agenda,), asks_reason=True, has_own_page=True, door=DECIDE),
            Step("agree", N_("Signer l’engagement"), N_("a signé l’engagement"), frozenset({Role.BEARER}),
                 frozenset({S.GRANTED}), has_own_page=True, is_awaited=False),
            Step("give_bank", N_("Dire où verser l’aide"), N_("a dit où verser l’aide"),
                 frozenset({Role.BEARER, Role.ORGANISATION_MEMBER}),
                 frozenset({S.GRANTED, S.REPORT_SUBMITTED, S.CLOSED}), has_own_page=True, is_awaited=False),
            Step("change_date", N_("Déplacer ou annuler une date"), N_("a changé une date du programme"), TEAM,
                 frozenset({S.GRANTED}), asks_reason=True, has_own_page=True, is_awaited=False),
            Step("hold_day", N_("Tenir le jour J"), N_("a tenu une date du programme"), TEAM, frozenset({S.GRANTED}),
                 has_own_page=True, is_awaited=False),
        ),
    ),
)  # fmt: skip
