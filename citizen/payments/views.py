"""The treasurer's desk: what is due, batches, files for the bank, refunds, transfers, who holds the purse."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.funds.models import Fund
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.kernel.money import euros
from citizen.payments import banking, forms, paying, queries, showing
from citizen.payments.models import ORDER_STATES, PaymentBatch, PaymentOrder
from citizen.payments.queries import Money
from citizen.payments.sepa import VERSIONS
from citizen.projects.steps import S
from citizen.web import sheets
from citizen.web.access import current_actor, duty
from citizen.web.forms import options

pages = Blueprint("payments", __name__)
pages.add_app_template_global(showing.tasks, "purse_tasks")
FUND = "/tresorerie/<int(max=2147483647):fund_id>"
purse = duty(Role.TREASURER, on="fund:{fund_id}")
office = duty(Role.TREASURER, Role.FUND_MANAGER, on="fund:{fund_id}")


def known_fund(fund_id: int) -> Fund:
    found = queries.fund(fund_id)
    if found is None:
        abort(404)
    return found


def answer(template: str, form: Any, **values: Any) -> Any:
    """The page of a form: refused with 422 once posted."""
    return render_template(f"payments/{template}.html", form=form, **values), 422 if form.is_posted else 200


@pages.route(FUND, methods=["GET", "POST"])
@office
def desk(fund_id: int) -> Any:
    """What is due, since when; the chosen payments become a batch."""
    fund = known_fund(fund_id)
    found = queries.money_of_fund(fund)
    dues = queries.dues_of(found)
    form: Any = forms.PrepareForm()
    form.chosen.choices = options((due.key, _label(due)) for due in dues)
    if form.is_posted:
        batch = form.submit_to(lambda: paying.prepare(current_actor(), fund_id, form.chosen.data))
        if batch:
            flash(_("Le lot est prêt : envoyez-le à la banque, puis marquez-le versé."), "success")
            return redirect(url_for("payments.batch", batch_id=batch.id), 303)
    call_ids = [call.id for call in fund.calls]
    return answer(
        "desk", form, fund=fund, dues=dues, today=clock.today(), batches=queries.batches_of(fund_id),
        owing=[money for money in found if money.to_return], unsigned=[money for money in found if _awaits_signature(money)],
        balances=ledger.balances(call_ids), purse=queries.bank_details(("fund_id", fund_id)),
        is_treasurer=current_actor().holds(Role.TREASURER, fund.on),
    )  # fmt: skip


def _awaits_signature(money: Money) -> bool:
    return money.awaits_agreement and money.project.state == "granted"


def _label(due: queries.Due) -> str:
    return _("%(amount)s pour « %(title)s »", amount=euros(due.instalment.due), title=due.money.project.title)


@pages.post(f"{FUND}/rib/demander")
@purse
def ask_bank(fund_id: int) -> Any:
    """Writes to the bearer for the bank details."""
    if banking.ask(current_actor(), _asked_project(fund_id)):
        flash(_("La lettre est partie : le porteur donnera son RIB en ligne."), "success")
    else:
        flash(_("La demande est déjà faite aujourd’hui."), "info")
    return redirect(url_for("payments.desk", fund_id=fund_id), 303)


@pages.post(f"{FUND}/rib/voir")
@purse
def reveal_bank(fund_id: int) -> Any:
    """The whole number, once; the journal keeps who read it."""
    bank = banking.reveal(current_actor(), _asked_project(fund_id))
    return render_template("payments/revealed.html", fund=known_fund(fund_id), bank=bank)


def _asked_project(fund_id: int) -> int:
    """The project that the button names, when the fund granted it."""
    number = request.form.get("project", "")
    found = {str(money.project.id) for money in queries.money_of_fund(known_fund(fund_id))}
    if number not in found:
        abort(404)
    return int(number)


@pages.route(f"{FUND}/compte", methods=["GET", "POST"])
@purse
def account(fund_id: int) -> Any:
    """The account from which the fund pays."""
    fund = known_fund(fund_id)
    form: Any = forms.BankForm()
    if form.done(
        lambda: banking.give_own(
            current_actor(), fund_id, holder=form.holder.data, iban=form.iban.data, bic=form.bic.data
        )
    ):  # fmt: skip
        flash(_("Le compte du fonds est enregistré."), "success")
        return redirect(url_for("payments.desk", fund_id=fund_id), 303)
    return answer("account", form, fund=fund, purse=queries.bank_details(("fund_id", fund_id)))


@pages.route("/tresorerie/lots/<int(max=2147483647):batch_id>", methods=["GET", "POST"])
@duty(Role.TREASURER, Role.FUND_MANAGER)
def batch(batch_id: int) -> Any:
    """A batch: its payments, its files for the bank, and what the bank's statement says."""
    found = _seen_batch(batch_id)
    form: Any = forms.PaidForm(data={"chosen": [order.id for order in found.waiting if order.project.state != S.CANCELLED]})
    form.chosen.choices = options(
        (order.id, _("%(amount)s pour « %(title)s »", amount=euros(order.amount_cents), title=order.project.title))
        for order in found.waiting
    )
    if form.is_posted:
        banking.require_treasurer(current_actor(), found.fund)
    if form.done(
        lambda: paying.mark_paid(
            current_actor(), batch_id, form.chosen.data, on=form.paid_on.data, reference=form.reference.data
        )
    ):  # fmt: skip
        flash(_("C’est noté : les porteurs reçoivent une lettre."), "success")
        return redirect(url_for("payments.batch", batch_id=batch_id), 303)
    found = _seen_batch(batch_id)
    return answer(
        "batch", form, batch=found, states=ORDER_STATES, versions=VERSIONS, changed=queries.changed_banks(found),
        is_treasurer=current_actor().holds(Role.TREASURER, found.fund.on),
        purse=queries.bank_details(("fund_id", found.fund_id)),
    )  # fmt: skip


def _seen_batch(batch_id: int) -> PaymentBatch:
    """The batch, for the office of its fund."""
    found = queries.batch(batch_id)
    if found is None:
        abort(404)
    if not current_actor().roles_on({found.fund.on}) & {Role.TREASURER, Role.FUND_MANAGER}:
        raise Forbidden("batch")
    return found


@pages.post("/tresorerie/lots/<int(max=2147483647):batch_id>/fichier")
@duty(Role.TREASURER)
def bank_file(batch_id: int) -> Any:
    """What waits in the batch, as the bank or a spreadsheet reads it; the journal keeps that the numbers were read."""
    version = request.form.get("version", "")
    try:
        found = banking.read_batch(current_actor(), batch_id)
        title = _("Lot %(number)s", number=batch_id)
        if version == "csv":
            return sheets.csv(title, *banking.listing(found))
        body = banking.transfers(found, version if version in VERSIONS else VERSIONS[0])
    except NotNow as error:
        flash(str(error), "error")
        return redirect(url_for("payments.batch", batch_id=batch_id), 303)
    headers = {"Content-Disposition": f'attachment; filename="lot-{batch_id}.xml"'}
    return Response(body, mimetype="application/xml", headers=headers)


@pages.route("/tresorerie/ordres/<int(max=2147483647):order_id>/annuler", methods=["GET", "POST"])
@duty(Role.TREASURER)
def cancel_order(order_id: int) -> Any:
    """A payment that will not leave."""
    order = db.session.get(PaymentOrder, order_id)
    if order is None:
        abort(404)
    banking.require_treasurer(current_actor(), order.batch.fund)
    form: Any = forms.CancelForm()
    batch_id = order.batch_id
    if form.done(lambda: paying.cancel_order(current_actor(), order_id, reason=form.reason.data)):
        flash(_("Le versement est annulé. S’il est encore dû, il revient dans la liste."), "success")
        return redirect(url_for("payments.batch", batch_id=batch_id), 303)
    return answer("cancel_order", form, order=db.session.get_one(PaymentOrder, order_id), states=ORDER_STATES)


@pages.post("/tresorerie/ordres/<int(max=2147483647):order_id>/rib")
@duty(Role.TREASURER)
def take_bank(order_id: int) -> Any:
    """The account changed since the batch was prepared: the treasurer takes the new one."""
    order = db.session.get(PaymentOrder, order_id)
    if order is None:
        abort(404)
    batch_id = order.batch_id
    try:
        paying.take_bank(current_actor(), order_id)
        flash(_("Ce versement ira au nouveau compte."), "success")
    except Invalid as error:
        flash(error.message, "error")
    return redirect(url_for("payments.batch", batch_id=batch_id), 303)


@pages.route(f"{FUND}/remboursements", methods=["GET", "POST"])
@purse
def refund(fund_id: int) -> Any:
    """Money received from a bearer: those who owe some first."""
    fund = known_fund(fund_id)
    paid = [money for money in queries.money_of_fund(fund) if money.standing.paid > money.standing.refunded]
    paid.sort(key=lambda money: -money.to_return)
    form: Any = forms.RefundForm(data={"received_on": clock.today()})
    form.project.choices = options((money.project.id, f"{money.project.title} ({_to_give_back(money)})") for money in paid)
    if form.done(
        lambda: paying.receive(
            current_actor(), fund_id, form.project.data, form.amount.data, on=form.received_on.data,
            reference=form.reference.data,
        )
    ):  # fmt: skip
        flash(_("Le remboursement est enregistré : cet argent est de nouveau disponible."), "success")
        return redirect(url_for("payments.desk", fund_id=fund_id), 303)
    return answer("refund", form, fund=known_fund(fund_id))


def _to_give_back(money: Money) -> str:
    if money.to_return:
        return _("à rendre : %(amount)s", amount=euros(money.to_return))
    return _("rien à rendre, %(amount)s reçus", amount=euros(money.standing.paid - money.standing.refunded))


@pages.route(f"{FUND}/virements", methods=["GET", "POST"])
@purse
def transfer(fund_id: int) -> Any:
    """From one envelope to another, by an act."""
    fund = known_fund(fund_id)
    sisters = queries.sister_calls(fund)
    form: Any = forms.TransferForm()
    left = {call.id: _("%(title)s (reste %(left)s)", title=call.title, left=euros(call.remaining_cents)) for call in sisters}
    form.from_call.choices = options((call.id, left[call.id]) for call in sisters if call.fund_id == fund_id)
    form.to_call.choices = options((call.id, left[call.id]) for call in sisters)
    if form.done(
        lambda: paying.transfer(
            current_actor(), fund_id, form.from_call.data, form.to_call.data, form.amount.data,
            act_reference=form.act_reference.data,
        )
    ):  # fmt: skip
        flash(_("Le virement est fait, des deux côtés."), "success")
        return redirect(url_for("payments.desk", fund_id=fund_id), 303)
    return answer("transfer", form, fund=known_fund(fund_id))


@pages.route(f"{FUND}/tresoriers", methods=["GET", "POST"])
@duty(Role.FUND_MANAGER, on="fund:{fund_id}")
def treasurers(fund_id: int) -> Any:
    """Who holds the purse: given and taken back by the fund's manager."""
    fund = known_fund(fund_id)
    form: Any = forms.TreasurerForm()
    if form.done(lambda: paying.appoint(current_actor(), fund_id, form.email.data)):
        flash(_("C’est fait : cette personne tient la trésorerie."), "success")
        return redirect(url_for("payments.treasurers", fund_id=fund_id), 303)
    fund = known_fund(fund_id)
    return answer("treasurers", form, fund=fund, holders=queries.treasurers_of(fund))


@pages.post(f"{FUND}/tresoriers/<int(max=2147483647):person_id>/retirer")
@duty(Role.FUND_MANAGER, on="fund:{fund_id}")
def dismiss(fund_id: int, person_id: int) -> Any:
    known_fund(fund_id)
    paying.dismiss(current_actor(), fund_id, person_id)
    flash(_("Cette personne ne tient plus la trésorerie."), "success")
    return redirect(url_for("payments.treasurers", fund_id=fund_id), 303)
