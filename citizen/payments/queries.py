"""Reading what is due, to whom, and what was prepared."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.funds.accounts import Standing
from citizen.funds.models import Call, Fund
from citizen.journal.models import Event
from citizen.payments.models import Agreement, BankDetails, PaymentBatch, PaymentOrder
from citizen.payments.rules import Instalment, instalments
from citizen.people.models import Duty, Person
from citizen.projects.models import Project
from citizen.projects.steps import HAS_MONEY, S


@dataclass(frozen=True)
class Money:
    """A granted project's money: what it keeps and was paid, its instalments, those that wait in a batch, where it is paid to."""

    project: Project
    standing: Standing
    instalments: tuple[Instalment, ...]
    in_batch: frozenset[int]
    bank: BankDetails | None
    agreement: Agreement | None
    bank_asked_on: date | None

    @property
    def to_return(self) -> int:
        """What the bearer gives back."""
        return max(-self.standing.balance, 0)

    @property
    def awaits_agreement(self) -> bool:
        return self.agreement is None and any(one.trigger == "agreement" and one.cents for one in self.instalments)


@dataclass(frozen=True)
class Due:
    """An instalment to pay; ``key`` names it in a form."""

    money: Money
    instalment: Instalment
    by: date

    @property
    def key(self) -> str:
        return f"{self.money.project.id}-{self.instalment.position}"

    def is_late(self, today: date) -> bool:
        return self.by < today


def has_instalments(fund: Fund) -> bool:
    """Whether the fund's rules say how grants are paid: else it pays nobody here."""
    return "instalments" in fund.rules.default_terms()


def fund(fund_id: int) -> Fund | None:
    """The fund, with its calls, when it pays instalments."""
    found = db.session.scalar(select(Fund).where(Fund.id == fund_id).options(selectinload(Fund.calls)))
    return found if found and has_instalments(found) else None


def money_of_fund(fund: Fund) -> list[Money]:
    """Every granted project of the fund's calls, in the order of their decisions."""
    return money_of(
        db.session.scalars(
            select(Project)
            .where(Project.call_id.in_(select(Call.id).where(Call.fund_id == fund.id)), Project.state.in_(HAS_MONEY))
            .order_by(Project.decided_on, Project.id)
            .options(joinedload(Project.ruleset), joinedload(Project.organisation), joinedload(Project.bearer))
        ).all()
    )


def money_of(projects: Sequence[Project]) -> list[Money]:
    """Each project's money, read in a few questions whatever their number."""
    ids = [project.id for project in projects]
    standings, banks = ledger.of_projects(ids), bank_details_of(projects)
    signed = {one.project_id: one for one in db.session.scalars(select(Agreement).where(Agreement.project_id.in_(ids)))}
    in_batch: dict[int, set[int]] = defaultdict(set)
    waiting = select(PaymentOrder.project_id, PaymentOrder.position)
    for project_id, position in db.session.execute(
        waiting.where(PaymentOrder.project_id.in_(ids), PaymentOrder.state == "waiting")
    ):
        in_batch[project_id].add(position)
    asked = _last_events("bank_asked", [project.on for project in projects])
    return [
        Money(
            project, standings[project.id], tuple(_instalments(project, standings[project.id], signed.get(project.id))),
            frozenset(in_batch[project.id]), banks.get(owner_of(project)), signed.get(project.id), asked.get(project.on),
        )
        for project in projects
    ]  # fmt: skip


def _instalments(project: Project, standing: Standing, agreement: Agreement | None) -> list[Instalment]:
    terms, reached = project.terms, {}
    if project.decided_on:
        reached["decision"] = project.decided_on
    if agreement:
        reached["agreement"] = agreement.signed_at.astimezone(clock.LOCAL).date()
    if project.state == S.CLOSED:
        reached["report"] = project.changed_at.astimezone(clock.LOCAL).date()
    return instalments(
        terms.instalments, terms.instalment_triggers, granted=standing.granted, kept=standing.kept,
        paid=standing.paid - standing.refunded, reached=reached,
    )  # fmt: skip


def agreed_on(project_ids: Collection[int]) -> dict[int, date]:
    """The day each of these projects signed its agreement, of those that did."""
    query = select(Agreement.project_id, Agreement.signed_at).where(Agreement.project_id.in_(project_ids))
    return {number: at.astimezone(clock.LOCAL).date() for number, at in db.session.execute(query)}


def dues_of(found: Sequence[Money]) -> list[Due]:
    """What is to be paid and waits in no batch, the latest first."""
    dues = [
        Due(money, one, one.due_by(money.project.terms.payment_delay_days) or one.since)
        for money in found
        for one in money.instalments
        if one.since and one.due and one.position not in money.in_batch
    ]
    return sorted(dues, key=lambda due: (due.by, due.money.project.id))


Owner = tuple[str, int]


def owner_of(project: Project) -> Owner:
    """Who is paid: the organisation that bears the project, else the person."""
    return ("organisation_id", project.organisation_id) if project.organisation_id else ("person_id", project.bearer_id)


def bank_details_of(projects: Sequence[Project]) -> Mapping[Owner, BankDetails]:
    """The bank details in force of who is paid for these projects."""
    owners: dict[str, set[int]] = defaultdict(set)
    for column, number in map(owner_of, projects):
        owners[column].add(number)
    return {
        (column, getattr(one, column)): one
        for column, numbers in owners.items()
        for one in _in_force(column, numbers)
        if one.iban
    }


def bank_details(owner: Owner) -> BankDetails | None:
    """The bank details in force of this owner."""
    column, number = owner
    return next((one for one in _in_force(column, [number]) if one.iban), None)


def changed_banks(batch: PaymentBatch) -> dict[int, BankDetails | None]:
    """The payments that wait for another account than the one given today, by number, with today's; None: a cheque."""
    today = bank_details_of([order.project for order in batch.waiting])
    found = {order.id: (order.bank, today.get(owner_of(order.project))) for order in batch.waiting}
    return {number: now for number, (then, now) in found.items() if (then.iban if then else "") != (now.iban if now else "")}


def _in_force(column: str, numbers: Collection[int]) -> Sequence[BankDetails]:
    owner = getattr(BankDetails, column)
    last = select(func.max(BankDetails.id)).where(owner.in_(numbers)).group_by(owner)
    return db.session.scalars(select(BankDetails).where(BankDetails.id.in_(last))).all()


def _last_events(action: str, subjects: Sequence[str]) -> dict[str, date]:
    query = select(Event.subject, func.max(Event.at)).where(Event.action == action, Event.subject.in_(subjects))
    return {subject: at.astimezone(clock.LOCAL).date() for subject, at in db.session.execute(query.group_by(Event.subject))}


def batches_of(fund_id: int, limit: int = 20) -> Sequence[PaymentBatch]:
    """The fund's batches with their orders, the newest first."""
    query = select(PaymentBatch).where(PaymentBatch.fund_id == fund_id).order_by(PaymentBatch.id.desc()).limit(limit)
    return db.session.scalars(query.options(selectinload(PaymentBatch.orders))).all()


def batch(batch_id: int) -> PaymentBatch | None:
    """A batch with all that its page shows."""
    order = selectinload(PaymentBatch.orders)
    loaded = (joinedload(PaymentBatch.fund), order.joinedload(PaymentOrder.bank), order.joinedload(PaymentOrder.project))
    return db.session.scalar(select(PaymentBatch).where(PaymentBatch.id == batch_id).options(*loaded))


def treasurers_of(fund: Fund) -> Sequence[Person]:
    """Who holds the purse of the fund."""
    held = select(Duty.person_id).where(Duty.on == fund.on, Duty.role == "treasurer")
    return db.session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)).all()


def sister_calls(fund: Fund) -> Sequence[Call]:
    """The other envelopes of the same association and scheme, where money may go."""
    same = or_(Call.fund_id == fund.id, Call.fund_id.in_(select(Fund.id).where(Fund.organisation_id == fund.organisation_id)))
    return db.session.scalars(
        select(Call).where(same, Call.scheme == fund.scheme).order_by(Call.opens_on.desc(), Call.id)
    ).all()
