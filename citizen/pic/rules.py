"""The règlement of a PIC, read from top to bottom: who may ask for what, the three conditions, the decision, the delays."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from citizen.kernel.findings import Finding
from citizen.kernel.money import euros, share
from citizen.kernel.words import N_, Words, plain
from citizen.pic.conditions import CONDITIONS, Check, Condition
from citizen.pic.terms import Facts, Terms
from citizen.projects.rules import FRAME, Line, call_open, described, finding, french_day

FUND_RULES = N_("Règlement du fonds")


# --- 1. Who may ask, and for what ---


def bearer_allowed(facts: Facts, terms: Terms) -> Finding:
    """A group or an association; somebody alone where the fund says so. Source: cadre régional, porteurs (P4)."""
    is_alone = facts.bearer_kind == "person" and len(facts.team) < 2
    return finding(
        "pic-bearer", facts.bearer_kind != "commune" and (not is_alone or terms.individual_allowed),
        N_("Qui demande"), N_("Une personne seule demande.") if is_alone else N_("Un groupe ou une association demande."),
        N_("Une personne seule peut demander dans ce fonds.") if terms.individual_allowed
        else N_("Un groupe d’habitants ou une association demande, pas une personne seule ni une mairie."),
        FRAME, N_("Inscrivez les autres personnes du groupe dans l’équipe."),
    )  # fmt: skip


def running_costs_only(facts: Facts, _terms: Terms) -> Finding:
    """Operating expenses only. Source: guide des aides de la Région, PIC (P2)."""
    capital = facts.budget.capital
    return finding(
        "pic-running-costs", capital == 0 if facts.budget.expenses else None, N_("Des dépenses courantes seulement"),
        Words("Achats de matériel durable : %(amount)s.", amount=euros(capital)),
        N_("Le PIC paie ce qui s’use avec le projet : location, repas, petites fournitures. Il ne paie pas d’équipement."),
        N_("Guide des aides de la Région, PIC"), N_("Retirez l’équipement du budget, louez-le ou empruntez-le."),
    )  # fmt: skip


def theme_of_period(facts: Facts, terms: Terms) -> Finding:
    """At least one of the period's objectives. Source: guide des aides de la Région, PIC 2024-2030 (P5)."""
    chosen = [theme for theme in facts.themes if theme in terms.themes]
    return finding(
        "pic-theme", bool(chosen) or not terms.themes, N_("Un objectif de la période"),
        Words("Objectifs choisis : %(count)d.", count=len(chosen)),
        N_("Le projet sert au moins un des objectifs que la Région a fixés pour la période."),
        N_("Guide des aides de la Région, PIC"), N_("Choisissez un objectif dans la liste."),
    )  # fmt: skip


def within_cap(facts: Facts, terms: Terms) -> Finding:
    """The request fits the cap of its rank in the year. Source: règlement du fonds, plafond (P8, P9)."""
    asked, rank = facts.budget.grant, facts.requests_this_year + 1
    cap, floor = terms.cap_cents(rank), terms.min_amount_cents or 1
    return finding(
        "pic-cap", floor <= asked <= cap, N_("Le montant demandé"),
        Words("Demande : %(asked)s. C’est la demande numéro %(rank)d de l’année.", asked=euros(asked), rank=rank),
        Words("Pour cette demande : de %(floor)s à %(cap)s.", floor=euros(floor), cap=euros(cap)) if terms.min_amount_cents
        else Words("Pour cette demande : %(cap)s au plus.", cap=euros(cap)), FUND_RULES,
        Words("Demandez %(cap)s au plus.", cap=euros(cap)) if asked > cap
        else N_("Dans le budget, écrivez l’aide demandée ici.") if asked == 0
        else Words("Demandez %(floor)s au moins.", floor=euros(floor)),
    )  # fmt: skip


# What the fund does not pay, by account; the line may stay, paid by other money.
UNPAID = {
    "21": (N_("Ce qui dure n’est pas payé par un PIC. Louez-le ou empruntez-le."), N_("Guide des aides de la Région, PIC")),
    "641": (N_("Le fonds ne paie pas de salaire."), N_("Cadre régional 2024-2030, PIC, deuxième condition")),
    "645": (
        N_("Le fonds ne paie pas de salaire ni ce qui s’y ajoute."),
        N_("Cadre régional 2024-2030, PIC, deuxième condition"),
    ),
    "CHGFIXE": (
        N_("Le fonds ne paie pas le fonctionnement ordinaire d’une structure."),
        N_("Usage des fonds de participation"),
    ),
}


def line_paid(line: Line, terms: Terms) -> Finding:
    """Whether the fund pays this expense. Source: guide des aides (P2), cadre régional, règlement du fonds (dépenses exclues)."""
    text = f" {plain(line.label)} "
    found = next(
        (item for item in terms.excluded_items if f" {plain(item)}" in text and f" sans {plain(item)}" not in text), ""
    )
    rule, source = UNPAID.get(line.account, (N_("Le fonds paie ce qui s’use avec le projet."), FUND_RULES))
    if found and line.account not in UNPAID:
        rule = Words("Le règlement du fonds exclut : %(item)s.", item=found)
    is_met = line.account not in UNPAID and not found
    return finding(
        f"pic-line-{line.number}", is_met, Words("%(label)s", label=line.label),
        N_("Le fonds peut payer cette dépense.") if is_met else N_("Le fonds ne paie pas cette dépense."), rule, source,
        N_("Retirez-la, ou payez-la avec une autre recette."),
    )  # fmt: skip


def eligible_cents(facts: Facts, terms: Terms) -> int:
    """The expenses that the fund may pay; the rate bears on them alone."""
    return facts.budget.expenses - sum(line.cents for line in facts.budget.lines if not line_paid(line, terms).is_met)


def within_rate(facts: Facts, terms: Terms) -> Finding:
    """The request is no more than its share of what the fund may pay. Source: règlement du fonds, taux (P11)."""
    asked, eligible = facts.budget.grant, eligible_cents(facts, terms)
    most = share(eligible, Fraction(terms.max_rate_percent, 100))
    return finding(
        "pic-rate", asked <= most if facts.budget.expenses else None, N_("La part du coût demandée"),
        Words("Demande : %(asked)s, pour un coût de %(cost)s.", asked=euros(asked), cost=euros(facts.budget.expenses))
        if eligible == facts.budget.expenses else Words(
            "Demande : %(asked)s. Le fonds peut payer %(eligible)s, sur un coût de %(cost)s.",
            asked=euros(asked), eligible=euros(eligible), cost=euros(facts.budget.expenses),
        ),
        Words("Le fonds paie %(rate)d %% du coût au plus.", rate=terms.max_rate_percent),
        FUND_RULES, Words("Demandez %(most)s au plus.", most=euros(most)),
    )  # fmt: skip


def requests_left(facts: Facts, terms: Terms) -> Finding:
    """The bearer has not used up the year's requests. Source: règlement du fonds, nombre de demandes (P10)."""
    return finding(
        "pic-requests", facts.requests_this_year < terms.max_requests_per_year, N_("Le nombre de demandes de l’année"),
        Words("Autres demandes cette année : %(count)d.", count=facts.requests_this_year),
        Words("%(most)d demandes au plus par an.", most=terms.max_requests_per_year),
        FUND_RULES, N_("Attendez l’année prochaine, ou demandez une autre aide."),
    )  # fmt: skip


def not_finished(facts: Facts, _terms: Terms) -> Finding:
    """Nothing is paid after the fact. Source: usage des fonds, pas de financement rétroactif."""
    last = facts.ends_on or facts.starts_on
    return finding(
        "pic-not-finished", last >= facts.today if last else None, N_("Le projet n’est pas déjà fait"),
        Words("Le projet se termine le %(day)s.", day=french_day(last)) if last else N_("Aucune date n’est écrite."),
        N_("Un fonds ne paie pas une action déjà finie."), FUND_RULES, N_("Écrivez la date du projet."),
    )  # fmt: skip


def documents_joined(facts: Facts, terms: Terms) -> Finding:
    """Each document that the rules name is there. Source: règlement du fonds, pièces demandées (G2)."""
    missing = [name for name in terms.required_documents if name not in facts.pieces]
    count = len(terms.required_documents)
    return finding(
        "pic-documents", not missing, N_("Les pièces demandées"),
        Words("Pièces jointes : %(there)d sur %(count)d.", there=count - len(missing), count=count) if count
        else N_("Ce fonds ne demande pas d’autre pièce."),
        N_("Un dossier est complet quand chaque pièce du règlement est jointe."), FUND_RULES,
        Words("Dans les documents, joignez : %(names)s.", names=", ".join(missing)),
    )  # fmt: skip


ELIGIBILITY: tuple[Check, ...] = (
    described, call_open, bearer_allowed, theme_of_period, running_costs_only, within_cap, within_rate, requests_left,
    not_finished, documents_joined,
)  # fmt: skip


# --- 2. The three conditions, all of them (conditions.py) ---

TO_LODGE: tuple[Check, ...] = (*ELIGIBILITY, *(check for condition in CONDITIONS for check in condition.checks))


# --- 3. The committee's decision ---

VERDICTS = {"met": N_("Remplie"), "partly": N_("En partie"), "not_met": N_("Pas remplie")}


def on_agenda(facts: Facts, _terms: Terms) -> Finding:
    """A decision is taken in session. Source: règlement du fonds, comité."""
    return finding(
        "pic-on-agenda", facts.is_on_agenda, N_("Inscrit à une séance"),
        Words("Séance du %(day)s.", day=french_day(facts.session_on)) if facts.is_on_agenda
        else N_("Le projet n’est inscrit à aucune séance."),
        N_("Le comité décide en séance, sur les projets inscrits à l’ordre du jour."), FUND_RULES,
        N_("Inscrivez le projet à une séance."),
    )  # fmt: skip


def bearer_heard(facts: Facts, terms: Terms) -> Finding:
    """Somebody of the team was heard, where presence is compulsory. Source: règlement du fonds, présence (P18)."""
    return finding(
        "pic-heard", facts.is_heard or not terms.bearer_presence_required, N_("L’équipe a été entendue"),
        N_("L’équipe a présenté son projet.") if facts.is_heard else N_("L’équipe n’a pas encore présenté son projet."),
        N_("L’équipe présente son projet devant le comité avant la décision."), FUND_RULES,
        N_("Notez que l’équipe a été entendue, ou ajournez."),
    )  # fmt: skip


def judged_met(condition: Condition) -> Check:
    """The committee judged that ``condition`` holds. Source: cadre régional 2024-2030, trois conditions cumulatives (P1)."""

    def judged(facts: Facts, _terms: Terms) -> Finding:
        verdict = dict(facts.verdicts).get(condition.slug)
        return finding(
            f"judged-{condition.slug}", verdict == "met" if verdict else None, condition.title,
            VERDICTS[verdict] if verdict else N_("Le comité ne s’est pas encore prononcé."),
            N_("Les trois conditions doivent être remplies, toutes les trois, pour accorder."), FRAME,
            N_("Ajournez ou refusez, en disant ce qui manque."),
        )  # fmt: skip

    return judged


TO_DECIDE: tuple[Check, ...] = (on_agenda,)
TO_GRANT: tuple[Check, ...] = (*TO_DECIDE, bearer_heard, *(judged_met(condition) for condition in CONDITIONS))


def largest_grant_cents(facts: Facts, terms: Terms) -> int:
    """The most that may be granted: request, cap of the rank, share of the cost, what is left (P8, P9, P11, G2)."""
    return min(cents for _words, cents in limits(facts, terms))


def limits(facts: Facts, terms: Terms) -> tuple[tuple[str, int], ...]:
    """What bounds a grant, each in words: its smallest is ``largest_grant_cents`` (P8, P9, P11, G2)."""
    rank = facts.requests_this_year + 1
    return (
        (N_("Aide demandée"), facts.budget.grant),
        (Words("Plafond de la demande numéro %(rank)d de l’année", rank=rank), terms.cap_cents(rank)),
        (
            Words("Part du coût payée au plus : %(rate)d %%", rate=terms.max_rate_percent),
            share(eligible_cents(facts, terms), Fraction(terms.max_rate_percent, 100)),
        ),
        (N_("Reste dans l’enveloppe"), facts.envelope_left),
    )


# --- 4. The delays promised ---


@dataclass(frozen=True)
class Promise:
    """Something due by a day; ``done_on`` None: not yet."""

    slug: str
    label: str
    due_on: date | None
    done_on: date | None
    has_begun: bool = True  # a day foreseen while what it depends on has not come: nobody is late
    stopped_days: int = 0  # how many days the clock stood still
    after: str = N_("après l’action")  # what it waits for while it has no day

    def state(self, today: date) -> str:
        """« kept », « late » (done too late, or overdue) or « waiting »."""
        if self.due_on and self.has_begun and (self.done_on or today) > self.due_on:
            return "late"
        return "kept" if self.done_on else "waiting"


WAITS = {
    "decision": N_("après la décision"), "agreement": N_("après l’engagement signé"), "report": N_("après le bilan accepté"),
}  # fmt: skip


def promises(
    terms: Terms, lodged_on: date, *, stopped_days: int = 0, session_on: date | None = None, heard_on: date | None = None,
    answered_on: date | None = None, agreed_on: date | None = None, is_granted: bool = True, paid_on: date | None = None, ends_on: date | None = None,
    reported_on: date | None = None,
) -> tuple[Promise, ...]:  # fmt: skip
    """The promise calendar of a file lodged on ``lodged_on``; the days that its team takes to complete it are not counted.

    Source: règlement du fonds, délais (P14, P16, P17, bilan).
    """
    answer_by = lodged_on + timedelta(days=terms.decision_delay_days + stopped_days)
    first = (
        Promise("lodged", N_("Dossier déposé"), None, lodged_on),
        Promise("heard", N_("Passage devant le comité"), session_on or answer_by, heard_on),
        Promise("answered", N_("Réponse du comité"), answer_by, answered_on, stopped_days=stopped_days),
    )
    if not is_granted:
        return first
    due_since = {"decision": answered_on or answer_by, "agreement": agreed_on}.get(terms.instalment_triggers[0])
    paid_by = due_since + timedelta(days=terms.payment_delay_days) if due_since else None
    report_by = ends_on + timedelta(days=terms.report_delay_days) if ends_on else None
    return (
        *first,
        Promise(
            "paid",
            N_("Premier versement"),
            paid_by,
            paid_on,
            has_begun=answered_on is not None,
            after=WAITS[terms.instalment_triggers[0]],
        ),
        Promise("reported", N_("Bilan de l’équipe"), report_by, reported_on, has_begun=answered_on is not None),
    )
