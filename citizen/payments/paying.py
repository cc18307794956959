"""The treasurer's acts: prepare payments, mark them paid or cancelled, receive refunds, move money between envelopes."""

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.models import Call, Fund
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.payments import queries
from citizen.payments.banking import require_treasurer
from citizen.payments.models import PaymentBatch, PaymentOrder
from citizen.people import services as people
from citizen.people.queries import person_at
from citizen.projects.models import Project
from citizen.projects.queries import roles_on
from citizen.projects.steps import PART, S


def prepare(actor: Actor, fund_id: int, keys: Collection[str]) -> PaymentBatch:
    """A batch of the due payments chosen by their ``Due.key``, each to the bank details of today."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__}, populate_existing=True)
        require_treasurer(actor, fund)
        dues = [due for due in queries.dues_of(queries.money_of_fund(fund)) if due.key in set(keys)]
        if not dues:
            raise Invalid("chosen", _("Choisissez au moins un versement dû."))
        if len(dues) < len(set(keys)):
            raise Invalid(
                "chosen", _("Un des versements choisis n’est plus dû, ou attend déjà dans un lot : regardez la liste.")
            )
        for due in dues:
            _refuse_own(actor, due.money.project, "chosen")
        batch = PaymentBatch(fund_id=fund_id, created_at=clock.now(), created_by=actor.person_id)
        batch.orders = [
            PaymentOrder(
                project_id=due.money.project.id, position=due.instalment.position, amount_cents=due.instalment.due,
                bank=due.money.bank,
            )
            for due in dues
        ]  # fmt: skip
        db.session.add(batch)
        db.session.flush()
        journal.record(actor, fund.on, "batch_prepared", reason=str(batch.id))
        return batch


def _refuse_own(actor: Actor, project: Project, field: str) -> None:
    """Invalid for who has a part in the project: somebody else of the treasury does it."""
    if roles_on(actor, project) & PART:
        words = _(
            "Vous avez une part dans « %(title)s » : une autre personne de la trésorerie s’en charge.", title=project.title
        )
        raise Invalid(field, words)


def mark_paid(actor: Actor, batch_id: int, order_ids: Collection[int], *, on: date, reference: str) -> int:
    """These payments left the bank that day: the ledger, and a letter to each bearer; gives how many."""
    if on > clock.today():
        raise Invalid("paid_on", _("Cette date n’est pas encore venue."))
    with transaction():
        batch = _held_batch(actor, batch_id)
        orders = [order for order in batch.waiting if order.id in set(order_ids)]
        if not orders:
            raise Invalid("chosen", _("Choisissez au moins un versement qui attend."))
        for order in orders:
            _refuse_own(actor, order.project, "chosen")
            _pay(actor, order, on, reference)
        return len(orders)


def _pay(actor: Actor, order: PaymentOrder, on: date, reference: str) -> None:
    project = order.project
    assert project.call_id is not None
    if project.decided_on and on < project.decided_on:
        raise Invalid("paid_on", _("« %(title)s » n’était pas encore accordé ce jour-là.", title=project.title))
    pay = ledger.overpay if project.state == S.CANCELLED else ledger.pay
    try:
        pay(actor, project.call_id, project.id, order.amount_cents, reference=reference, on=on)
    except Invalid as error:
        words = _(
            "« %(title)s » : %(why)s S’il n’est pas parti, annulez ce versement. S’il est parti, demandez à la banque de le rappeler, puis annulez-le.",
            title=project.title, why=error.message,
        )  # fmt: skip
        raise Invalid("chosen", words) from None
    order.state, order.paid_on, order.reference = "paid", on, reference
    db.session.flush()
    journal.record(actor, project.on, "paid", reason=reference)
    mail.write(
        project.bearer.email, _("Un versement pour « %(title)s »", title=project.title), "payment",
        person=project.bearer, project=project, amount=order.amount_cents, day=on,
    )  # fmt: skip


def take_bank(actor: Actor, order_id: int) -> PaymentOrder:
    """The payment goes to the account that its project gives now."""
    with transaction():
        order = db.session.get_one(PaymentOrder, order_id)
        batch = _held_batch(actor, order.batch_id)
        if order.state != "waiting":
            raise NotNow(_("Ce versement n’attend plus."))
        _refuse_own(actor, order.project, "bank")
        order.bank = queries.changed_banks(batch).get(order_id, order.bank)
        journal.record(actor, order.project.on, "bank_taken")
        return order


def cancel_order(actor: Actor, order_id: int, *, reason: str) -> PaymentOrder:
    """A payment that will not leave: it is due again, if it still is."""
    if not reason.strip():
        raise Invalid("reason", _("Dites pourquoi, en une phrase."))
    with transaction():
        order = db.session.get_one(PaymentOrder, order_id)
        _held_batch(actor, order.batch_id)
        if order.state != "waiting":
            raise NotNow(_("Ce versement n’attend plus."))
        _refuse_own(actor, order.project, "reason")
        order.state, order.reason = "cancelled", reason.strip()
        journal.record(actor, order.project.on, "payment_cancelled", reason=reason.strip())
        return order


def _held_batch(actor: Actor, batch_id: int) -> PaymentBatch:
    """The batch and its orders as they are now, held until the transaction ends."""
    batch = db.session.get_one(PaymentBatch, batch_id, with_for_update=True, populate_existing=True)
    require_treasurer(actor, batch.fund)
    db.session.scalars(
        select(PaymentOrder).where(PaymentOrder.batch_id == batch_id).execution_options(populate_existing=True)
    ).all()
    return batch


def receive(actor: Actor, fund_id: int, project_id: int, amount_cents: int, *, on: date, reference: str) -> None:
    """Money that came back from a bearer."""
    if on > clock.today():
        raise Invalid("received_on", _("Cette date n’est pas encore venue."))
    with transaction():
        project = db.session.get_one(Project, project_id)
        if project.call is None or project.call.fund_id != fund_id:
            raise Forbidden("receive")
        require_treasurer(actor, project.call.fund)
        _refuse_own(actor, project, "project")
        if amount_cents <= 0:
            raise Invalid("amount", _("Le montant rendu est plus grand que zéro."))
        ledger.refund(actor, project.call.id, project_id, amount_cents, reference=reference, on=on)
        journal.record(actor, project.on, "refunded", reason=reference)


def transfer(actor: Actor, fund_id: int, from_call: int, to_call: int, amount_cents: int, *, act_reference: str) -> None:
    """From one of the fund's envelopes to another of the same association, by an act."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id)
        require_treasurer(actor, fund)
        if db.session.get_one(Call, from_call).fund_id != fund_id:
            raise Forbidden("transfer")
        if to_call not in {call.id for call in queries.sister_calls(fund)}:
            raise Forbidden("transfer")
        if amount_cents <= 0:
            raise Invalid("amount", _("Le montant est plus grand que zéro."))
        ledger.transfer(actor, from_call, to_call, amount_cents, act_reference=act_reference)


def appoint(actor: Actor, fund_id: int, email: str) -> None:
    """The fund's manager gives the purse to an account."""
    with transaction():
        fund = _managed(actor, fund_id)
        found = person_at(email)
        if found is None or found.is_suspended:
            raise Invalid("email", _("Aucun compte à cette adresse : la personne en ouvre un d’abord."))
        people.give_duty(actor, found.id, Role.TREASURER, fund.on)


def dismiss(actor: Actor, fund_id: int, person_id: int) -> None:
    """Takes the purse back."""
    with transaction():
        people.withdraw_duty(actor, person_id, Role.TREASURER, _managed(actor, fund_id).on)


def _managed(actor: Actor, fund_id: int) -> Fund:
    fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
    if not actor.holds(Role.FUND_MANAGER, fund.on):
        raise Forbidden(f"fund:{fund_id}")
    return fund
