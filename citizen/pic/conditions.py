"""The three cumulative conditions of a PIC, each with its checks. Source: cadre régional 2024-2030, PIC."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from citizen.kernel.findings import Finding, Status
from citizen.kernel.money import euros
from citizen.kernel.words import N_, Words
from citizen.pic.terms import Facts, Terms
from citizen.projects.rules import budget_balanced, finding, french_day, place_eligible
from citizen.projects.settlement import ReportFacts

FIRST = N_("Cadre régional 2024-2030, PIC, première condition")
SECOND = N_("Cadre régional 2024-2030, PIC, deuxième condition")
THIRD = N_("Cadre régional 2024-2030, PIC, troisième condition")

Check = Callable[[Facts, Terms], Finding]


def _answered(slug: str, text: str, terms: Terms, title: str, rule: str, source: str, todo: str) -> Finding:
    least = terms.min_answer_length
    short = Words("La réponse est trop courte : %(length)d signes, il en faut %(least)d.", length=len(text), least=least)
    fact = N_("L’équipe a répondu.") if len(text) >= least > 0 else short if text else N_("Pas encore de réponse.")
    return finding(slug, len(text) >= least, title, fact, rule, source, todo)


def _said(slug: str, is_met: bool | None, title: str, yes: str, no: str, rule: str, todo: str) -> Finding:
    fact = {True: yes, False: no, None: N_("Pas encore de réponse.")}[is_met]
    return finding(slug, is_met, title, fact, rule, SECOND, todo)


def tasks_shared(facts: Facts, terms: Terms) -> Finding:
    """The team does the steps itself and shares them. Source: cadre régional, PIC, 1re condition."""
    return _answered(
        "pic-tasks", facts.task_sharing, terms, N_("Le partage des tâches"),
        N_("Les habitants font eux-mêmes les démarches et se les partagent."), FIRST, N_("Dites qui fait quoi dans l’équipe."),
    )  # fmt: skip


def learning_said(facts: Facts, terms: Terms) -> Finding:
    """The group gains in autonomy. Source: cadre régional, PIC, 1re condition."""
    return _answered(
        "pic-learning", facts.learning, terms, N_("Ce que le groupe veut apprendre"),
        N_("Le projet est une occasion d’apprendre à agir ensemble et à être plus autonome."), FIRST,
        N_("Dites ce que vous saurez faire après, que vous ne saviez pas faire avant."),
    )  # fmt: skip


def presenter_named(facts: Facts, terms: Terms) -> Finding:
    """Somebody defends the project before the committee. Source: cadre régional, 1re condition; règlement du fonds (P18)."""
    count = sum(member.presents for member in facts.team)
    return finding(
        "pic-presenter", count > 0 or not terms.bearer_presence_required, N_("Qui présente le projet"),
        Words("Personnes désignées : %(count)d.", count=count) if count else N_("Personne n’est encore désigné."),
        N_("Quelqu’un de l’équipe présente le projet devant le comité."), FIRST,
        N_("Dans l’équipe, cochez qui présente le projet."),
    )  # fmt: skip


def quotes_present(facts: Facts, terms: Terms) -> Finding:
    """Prices were asked for. Source: cadre régional, PIC, 1re condition, devis (P7)."""
    return finding(
        "pic-quotes", facts.quotes > 0 or not terms.quotes_required, N_("Les devis"),
        Words("Devis joints : %(count)d.", count=facts.quotes), N_("Au moins un devis montre que les prix ont été demandés."),
        FIRST, N_("Joignez un devis, ou la photo d’un prix écrit."),
    )  # fmt: skip


def bearers_named(facts: Facts, terms: Terms) -> Finding:
    """Designed by several people of several homes. Source: cadre régional, PIC, 2e condition."""
    names = {member.name.strip().casefold() for member in facts.team}
    homes = {member.household for member in facts.team}
    is_alone = terms.individual_allowed and facts.bearer_kind == "person" and len(names) < 2
    is_met = is_alone or (len(names) >= terms.min_bearers and len(homes) >= terms.min_households)
    return finding(
        "pic-bearers", is_met, N_("Un projet porté à plusieurs"),
        Words("L’équipe compte %(people)d personnes, de %(homes)d foyers.", people=len(names), homes=len(homes)),
        N_("Ce fonds accepte une personne seule.") if is_alone else Words(
            "Au moins %(people)d personnes nommées, de %(homes)d foyers différents.",
            people=terms.min_bearers, homes=terms.min_households,
        ),
        SECOND, N_("Inscrivez dans l’équipe les personnes qui portent le projet."),
    )  # fmt: skip


def open_to_all(facts: Facts, _terms: Terms) -> Finding:
    """Open to everybody, without discrimination. Source: cadre régional, PIC, 2e condition (P6)."""
    return _said(
        "pic-open", facts.is_open_to_all, N_("Ouvert à tout le monde"), N_("Le projet est ouvert à tout le monde."),
        N_("Le projet est réservé à certaines personnes."), N_("Tout le monde peut venir, sans discrimination."),
        N_("Ouvrez le projet à tous les habitants du quartier."),
    )  # fmt: skip


def price_low(facts: Facts, terms: Terms) -> Finding:
    """Free, or nearly. Source: cadre régional, 2e condition; règlement du fonds, prix."""
    price, most = facts.price_cents, terms.max_price_cents
    return finding(
        "pic-price", None if price is None else most is None or price <= most, N_("Gratuit ou à petit prix"),
        N_("Pas encore de réponse.") if price is None else N_("C’est gratuit.") if price == 0
        else Words("Le prix est de %(price)s.", price=euros(price)),
        N_("Gratuit, ou à un prix que tout le monde peut payer.") if most is None
        else Words("Gratuit, ou %(most)s au plus par personne.", most=euros(most)),
        SECOND, N_("Écrivez le prix pour une personne : 0 si c’est gratuit."),
    )  # fmt: skip


def advertised(facts: Facts, terms: Terms) -> Finding:
    """Residents get to know of it. Source: cadre régional, PIC, 2e condition (ouvert à toute la population)."""
    return _answered(
        "pic-publicity", facts.publicity, terms, N_("Comment les gens le sauront"),
        N_("Un projet ouvert à tous est annoncé à tous."), SECOND,
        N_("Dites comment vous l’annoncez : affiches, école, marché…"),
    )  # fmt: skip


def accessible(facts: Facts, terms: Terms) -> Finding:
    """Disabled people are thought of. Source: cadre régional, priorités transversales (handicap)."""
    return _answered(
        "pic-access", facts.accessibility, terms, N_("L’accueil des personnes handicapées"),
        N_("Une personne handicapée peut venir et participer."), SECOND, N_("Dites ce que vous prévoyez pour elles."),
    )  # fmt: skip


def nobody_paid(facts: Facts, _terms: Terms) -> Finding:
    """Nobody of the team earns from it. Source: cadre régional, PIC, 2e condition (pas d’intérêt particulier)."""
    is_met = None if facts.is_anyone_paid is None else not facts.is_anyone_paid
    return _said(
        "pic-unpaid", is_met, N_("Personne de l’équipe n’est payé"), N_("Personne de l’équipe n’est payé."),
        N_("Quelqu’un de l’équipe serait payé."), N_("L’argent sert au projet, jamais à payer ceux qui le portent."),
        N_("Retirez ce qui paierait une personne de l’équipe."),
    )  # fmt: skip


def need_told(facts: Facts, terms: Terms) -> Finding:
    """The need comes from the quarter's residents. Source: cadre régional, PIC, 3e condition."""
    return _answered(
        "pic-need", facts.need_spotted, terms, N_("Le besoin du quartier"),
        N_("Le projet répond à un besoin que les habitants ont vu eux-mêmes."), THIRD,
        N_("Dites comment vous avez vu ce besoin : porte-à-porte, réunion, discussion…"),
    )  # fmt: skip


def need_shown(facts: Facts, terms: Terms) -> Finding:
    """Something shows the need. Source: cadre régional, PIC, 3e condition."""
    return _answered(
        "pic-evidence", facts.need_evidence, terms, N_("Ce qui montre ce besoin"),
        N_("Un fait montre le besoin : combien de personnes l’ont dit, où, quand."), THIRD,
        N_("Citez un fait, un nombre, une parole."),
    )  # fmt: skip


def cannot_wait(facts: Facts, terms: Terms) -> Finding:
    """A quick answer is needed, on the residents' clock. Source: cadre régional, PIC, 3e condition (temps de l’habitant)."""
    return _answered(
        "pic-why-now", facts.why_now, terms, N_("Pourquoi maintenant"), N_("Le projet demande une réponse rapide."), THIRD,
        N_("Dites pourquoi il ne peut pas attendre une aide qui se demande une fois par an."),
    )  # fmt: skip


def heard_in_time(facts: Facts, terms: Terms) -> Finding:
    """The committee answers before the action. Source: cadre régional, 3e condition; règlement, délais (P14, P16)."""
    answer = facts.session_on or facts.since + timedelta(days=terms.decision_delay_days)
    fact = (
        Words("Prochaine séance possible : le %(day)s.", day=french_day(answer)) if facts.session_on
        else Words("Aucune séance n’est encore fixée. La réponse est promise avant le %(day)s.", day=french_day(answer))
    )  # fmt: skip
    return finding(
        "pic-in-time", answer <= facts.starts_on if facts.starts_on else None, N_("Le comité répond avant la date"), fact,
        Words("Un dossier se dépose au moins %(days)d jours avant la séance, et la séance a lieu avant le projet.",
              days=terms.filing_notice_days),
        THIRD, Words("Choisissez une date après le %(day)s.", day=french_day(answer)),
    )  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One of the three; it holds when all its checks do."""

    slug: str
    number: int
    title: str
    rule: str
    source: str
    checks: tuple[Check, ...]

    def found(self, facts: Facts, terms: Terms) -> list[Finding]:
        return [check(facts, terms) for check in self.checks]

    def finding(self, facts: Facts, terms: Terms) -> Finding:
        """Met when all is met, missing when anything is missing, else it cannot be told."""
        found = self.found(facts, terms)
        left = [one for one in found if not one.is_met]
        is_met = not left or (False if any(one.status is Status.MISSING for one in left) else None)
        fact = Words("%(met)d points sur %(all)d sont remplis.", met=len(found) - len(left), all=len(found))
        todo = next((one.todo for one in sorted(left, key=lambda one: one.status is not Status.MISSING)), "")
        return finding(self.slug, is_met, self.title, fact, self.rule, self.source, todo)


CONDITIONS = (
    Condition(
        "active-citizenship", 1, N_("Agir en citoyens"),
        N_("Les habitants apprennent comment se monte un projet et gagnent en autonomie : ils demandent des devis,"
           " font un budget, et défendent leur projet devant d’autres habitants."),
        FIRST, (tasks_shared, learning_said, presenter_named, quotes_present, budget_balanced),
    ),
    Condition(
        "collective-interest", 2, N_("L’intérêt de tous"),
        N_("Le projet est pensé à plusieurs et ouvert à toute la population. Il ne sert pas un besoin privé."),
        SECOND, (bearers_named, open_to_all, price_low, advertised, accessible, nobody_paid),
    ),
    Condition(
        "local-need", 3, N_("Un besoin du quartier"),
        N_("Le projet répond à un besoin des habitants du quartier. L’idée vient d’eux, et la réponse est rapide."),
        THIRD, (need_told, need_shown, cannot_wait, heard_in_time, place_eligible),
    ),
)  # fmt: skip


def seen_afterwards(facts: ReportFacts, _terms: object) -> Finding:
    """The team says how far each condition held, once it is done. Source: fiche-action, courte auto-évaluation (P28)."""
    return finding(
        "pic-afterwards", len(facts.marks) == len(CONDITIONS), N_("Les trois conditions, après"),
        Words("Conditions évaluées : %(count)d.", count=len(facts.marks)),
        N_("L’équipe dit, pour chacune des trois conditions, où elle en est après l’action, et pourquoi."),
        N_("Cadre régional 2024-2030, PIC, auto-évaluation"), N_("Donnez une note et quelques mots pour chaque condition."),
    )  # fmt: skip
