"""What a fund owes its funders and the Region: the statement of a period, and the report of a year, as tables.

Sources: règlement du fonds, état mensuel aux membres et aux financeurs (P29); compte rendu annuel à la Région, avec une courte
évaluation de chaque projet (P28). A table never names a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.db import db
from citizen.funds import accounts, ledger
from citizen.funds.accounts import WORDS, A
from citizen.funds.models import Call, Fund, LedgerEntry
from citizen.journal import queries as journal
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.money import euros, split
from citizen.kernel.words import N_
from citizen.projects import clocks
from citizen.projects.models import Project
from citizen.projects.steps import HAS_MONEY, S
from citizen.web.filters import day, say
from citizen.web.sheets import Cell, euros_cell

READERS = frozenset({Role.TREASURER, Role.FUND_MANAGER, Role.COMMITTEE_MEMBER})
# what a statement adds up: its name, and the kinds of entries with their sign
FIGURES: dict[str, tuple[str, dict[str, int]]] = {
    "endowed": (
        N_("Mis dans l’enveloppe"),
        {"opening": 1, "allotment_in": 1, "transfer_in": 1, "transfer_out": -1},
    ),
    "granted": (N_("Accordé"), {"commitment": 1}),
    "released": (N_("Non utilisé"), {"release": 1, "recall": 1}),
    "paid": (N_("Versé"), {"payment": 1, "overpayment": 1}),
    "refunded": (N_("Rendu"), {"refund": 1}),
}
MOVES = {kind: words for kind, words in WORDS.items() if A.RESERVED not in accounts.MOVES[kind]}  # told with the decision
Sums = Mapping[str, int]


@dataclass(frozen=True)
class Table:
    """Rows under heads; amounts are Decimal, so that a spreadsheet adds them up."""

    title: str
    head: list[str]
    rows: list[list[Cell]]


def shown(cell: Cell) -> str:
    """A cell as a page writes it."""
    if isinstance(cell, Decimal):
        return euros(int(cell * 100))
    return day(cell) if isinstance(cell, date) else "" if cell is None else str(cell)


def may_read(actor: Actor, fund: Fund) -> bool:
    """The fund's office and committee; the Region, which funds it."""
    return bool(actor.roles_on({fund.on}) & READERS) or actor.holds(Role.REGION_OFFICER, REGION)


def require_reader(actor: Actor, fund: Fund) -> None:
    if not may_read(actor, fund):
        raise Forbidden(f"statements:{fund.id}")


def last_month() -> tuple[date, date]:
    """The first and last day of the month before this one."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def statement(fund: Fund, since: date, until: date) -> list[Table]:
    """The period: where each envelope stands at its end, each funder's share of each figure, every movement."""
    calls = _calls(fund)
    return [_envelopes(calls, until), _shares(fund, calls, since, until), _movements(calls, since, until)]


def _calls(fund: Fund) -> list[Call]:
    query = select(Call).where(Call.fund_id == fund.id).order_by(Call.opens_on, Call.id)
    return list(db.session.scalars(query.options(selectinload(Call.funders))))


def _envelopes(calls: Iterable[Call], until: date) -> Table:
    calls = list(calls)
    balances = ledger.balances([call.id for call in calls], until)
    rows: list[list[Cell]] = []
    for call in calls:
        at = balances[call.id]
        amounts = (at.envelope, at.promised, at.paid - at.refunded, at.envelope - at.promised)
        rows.append([call.title, *map(euros_cell, amounts)])
    head = [_("Enveloppe"), _("Montant"), _("Accordé"), _("Versé, net"), _("Reste à accorder")]
    return Table(_("Les enveloppes au %(day)s", day=day(until)), head, rows)


def _shares(fund: Fund, calls: Iterable[Call], since: date, until: date) -> Table:
    """Each figure of the period, shared to the cent between the funders of its envelope."""
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    moved = _sums(since, until, calls)
    for call in calls:
        funders = [(one.name, one.percent) for one in call.funders] or [(fund.organisation.name, 100)]
        if (rest := 100 - sum(percent for _name, percent in funders)) > 0:
            funders.append((_("Sans financeur nommé"), rest))
        for figure, (_label, kinds) in FIGURES.items():
            cents = sum(sign * moved[call.id].get(kind, 0) for kind, sign in kinds.items())
            signed = 1 if cents >= 0 else -1
            for (name, _percent), part in zip(funders, split(abs(cents), [one for _name, one in funders]), strict=True):
                shares[name][figure] += signed * part
    total: Counter[str] = Counter()
    for found in shares.values():
        total.update(found)
    rows: list[list[Cell]] = [
        [name, *(euros_cell(found[figure]) for figure in FIGURES)] for name, found in (*shares.items(), (_("Total"), total))
    ]
    title = _("Part de chaque financeur, du %(since)s au %(until)s", since=day(since), until=day(until))
    return Table(title, [_("Financeur"), *(say(label) for label, _kinds in FIGURES.values())], rows)


def _sums(since: date, until: date, calls: Iterable[Call]) -> dict[int, dict[str, int]]:
    """The sum of each kind of entry of the period, by call."""
    found: dict[Any, dict[str, int]] = {call.id: {} for call in calls}
    query = select(LedgerEntry.call_id, LedgerEntry.kind, func.sum(LedgerEntry.amount_cents)).where(
        LedgerEntry.call_id.in_(found), LedgerEntry.day.between(since, until)
    )
    for call_id, kind, cents in db.session.execute(query.group_by(LedgerEntry.call_id, LedgerEntry.kind)):
        found[call_id][kind] = int(cents)
    return found


def _movements(calls: Iterable[Call], since: date, until: date) -> Table:
    query = (
        select(LedgerEntry.day, LedgerEntry.kind, LedgerEntry.reference, LedgerEntry.amount_cents, Project.id, Project.title)
        .outerjoin(Project, Project.id == LedgerEntry.project_id)
        .where(LedgerEntry.call_id.in_([call.id for call in calls]), LedgerEntry.day.between(since, until))
        .where(LedgerEntry.kind.in_(MOVES))
        .order_by(LedgerEntry.day, LedgerEntry.id)
    )
    rows: list[list[Cell]] = [
        [on, say(MOVES[kind]), f"{number}. {title}" if number else "", reference, euros_cell(cents)]
        for on, kind, reference, cents, number, title in db.session.execute(query)
    ]
    return Table(_("Les mouvements"), [_("Jour"), _("Quoi"), _("Projet"), _("Référence"), _("Montant")], rows)


def yearly(fund: Fund, year: int) -> list[Table]:
    """The year for the Region: the common indicators, the funders' shares, and each project with its short evaluation."""
    since, until = date(year, 1, 1), date(year, 12, 31)
    calls = _calls(fund)
    projects = _projects(fund, calls)
    return [
        _indicators(calls, projects, year),
        _themes(projects, year),
        _shares(fund, calls, since, until),
        _evaluations(projects, year),
    ]


def _projects(fund: Fund, calls: Iterable[Call]) -> list[Any]:
    """The fund's lodged projects, with the columns of their scheme."""
    kind: Any = next(kind for kind in Project.__subclasses__() if kind.rules.code == fund.scheme)
    loaded = (selectinload(kind.report), selectinload(kind.decisions), joinedload(kind.ruleset), joinedload(kind.organisation))
    query = select(kind).where(kind.call_id.in_([call.id for call in calls]), kind.lodged_at.is_not(None))
    return list(db.session.scalars(query.order_by(kind.id).options(*loaded)))


def _local(moment: Any) -> date:
    return moment.astimezone(clock.LOCAL).date()


def _indicators(calls: list[Call], projects: list[Any], year: int) -> Table:
    moved: Counter[str] = Counter()
    for found in _sums(date(year, 1, 1), date(year, 12, 31), calls).values():
        moved.update(found)
    granted = [one for one in projects if one.decided_on and one.decided_on.year == year and one.state in HAS_MONEY]
    outcomes = Counter(decision.outcome for one in projects for decision in one.decisions if decision.decided_on.year == year)
    closed = [one for one in projects if one.state == S.CLOSED and _local(one.changed_at).year == year]
    reports = [one.report for one in closed if one.report]
    answers, payments = _answers(projects, year), _first_payments(granted)
    firsts = [one.is_first_project for one in granted if hasattr(one, "is_first_project")]  # not every scheme asks it
    rows: list[list[Cell]] = [
        [_("Projets reçus"), sum(_local(one.lodged_at).year == year for one in projects)],
        [_("Projets accordés"), outcomes["granted"]],
        [_("Projets refusés"), outcomes["rejected"]],
        [_("Projets ajournés"), outcomes["deferred"]],
        [_("Projets terminés, bilan accepté"), len(closed)],
        [_("Montant accordé"), euros_cell(moved["commitment"])],
        [_("Montant versé"), euros_cell(moved["payment"] + moved["overpayment"])],
        [_("Montant rendu"), euros_cell(moved["refund"])],
        [_("Montant moyen d’une aide"), euros_cell(moved["commitment"] // max(outcomes["granted"], 1))],
        *(
            [[_("Projets accordés à une équipe dont c’est le premier"), sum(map(bool, firsts))]]
            if len(firsts) == len(granted)
            else []
        ),
        [_("Participants, selon les bilans"), sum(one.participants or 0 for one in reports)],
        [_("Bénévoles, selon les bilans"), sum(one.volunteers or 0 for one in reports)],
        [_("Réponses dans le délai promis"), _part(answers)],
        [_("Premiers versements dans le délai promis"), _part(payments)],
    ]
    return Table(_("Les chiffres de %(year)s", year=year), [_("Indicateur"), _("Valeur")], rows)


def _part(kept: list[bool]) -> str:
    return _("%(kept)s sur %(all)s", kept=sum(kept), all=len(kept))


def _answers(projects: list[Any], year: int) -> list[bool]:
    """Of each file answered that year: whether it was within the delay of its rules, the team's own days not counted.

    Source: règlement du fonds, délai de réponse.
    """
    moves, kept = journal.states_entered([one.on for one in projects]), []
    for one in projects:
        turns = clocks.this_life([(state, _local(at)) for state, at in moves[one.on]])
        on = clocks.answered_on(turns)
        if on and on.year == year:
            stopped = clocks.days_of(clocks.waits(turns, clock.today())).get(clocks.Holder.BEARER, 0)
            kept.append((on - _local(one.lodged_at)).days - stopped <= one.terms.decision_delay_days)
    return kept


def _first_payments(granted: list[Any]) -> list[bool]:
    """Of each grant paid: whether its first payment left within the delay. Source: règlement du fonds, délai de versement."""
    query = select(LedgerEntry.project_id, func.min(LedgerEntry.day)).where(
        LedgerEntry.kind == "payment", LedgerEntry.project_id.in_([one.id for one in granted])
    )
    paid = dict(db.session.execute(query.group_by(LedgerEntry.project_id)).all())
    return [(paid[one.id] - one.decided_on).days <= one.terms.payment_delay_days for one in granted if one.id in paid]


def _themes(projects: list[Any], year: int) -> Table:
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for one in projects:
        if one.decided_on and one.decided_on.year == year and one.granted_cents:
            for theme in one.themes or [_("Aucun objectif nommé")]:
                counts[theme] += 1
                amounts[theme] += one.granted_cents
    rows: list[list[Cell]] = [[say(theme), number, euros_cell(amounts[theme])] for theme, number in counts.most_common()]
    head = [_("Objectif"), _("Projets accordés"), _("Montant accordé à ces projets")]
    return Table(_("Les objectifs servis"), head, rows)


def _evaluations(projects: list[Any], year: int) -> Table:
    """Each project granted that year, with what its team says of it."""
    rows: list[list[Cell]] = [
        [
            f"{one.id}. {one.title}", say(one.where_it_stands.label), euros_cell(one.granted_cents),
            one.report.participants if told else None, one.report.volunteers if told else None,
            " ".join(one.report.story.split())[:400] if told else "", " ".join(one.report.learnt.split())[:400] if told else "",
        ]
        for one in projects
        if one.decided_on and one.decided_on.year == year and one.granted_cents
        for told in [bool(one.report) and one.state in (S.REPORT_SUBMITTED, S.CLOSED)]
    ]  # fmt: skip
    head = [_("Projet"), _("Où en est-il"), _("Accordé"), _("Participants"), _("Bénévoles"), _("Ce qui s’est passé"), _("Ce que l’équipe en retient")]  # fmt: skip
    return Table(_("Les projets"), head, rows)
