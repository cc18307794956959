"""Pages of the envelopes above the calls: the Region's tree, and the transfers that keepers propose and answer."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.db import db
from citizen.funds import envelope_forms, envelopes, showing
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer, Node
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.places.queries import contracts
from citizen.web import sheets
from citizen.web.access import current_actor, duty
from citizen.web.filters import say
from citizen.web.forms import options
from citizen.web.paging import asked_day, asked_number
from citizen.web.tasks import Task

pages = Blueprint("envelopes", __name__)
region = duty(Role.REGION_OFFICER)
keepers = duty(Role.REGION_OFFICER, Role.COMMUNE_OFFICER, Role.FUND_MANAGER)
HERE = "/region/enveloppes"
ID = f"{HERE}/<int(max=2147483647):envelope_id>"
TRANSFERS = "/enveloppes/virements"
TRANSFER = f"{TRANSFERS}/<int(max=2147483647):transfer_id>"
STATES = {
    "waiting": (N_("en attente"), "wait"), "approved": (N_("accepté"), "ok"), "refused": (N_("refusé"), "miss"),
    "withdrawn": (N_("retiré"), "neutral"),
}  # fmt: skip


def tasks(actor: Actor) -> list[Task]:
    """What awaits the actor among transfers, said where they come in."""
    if not any(actor.holds(role) for role in (Role.REGION_OFFICER, Role.COMMUNE_OFFICER, Role.FUND_MANAGER)):
        return []
    waiting = [one for one in envelopes.transfers_of(actor) if one.state == "waiting" and envelopes.may_decide(actor, one)]
    words = ngettext(
        "Répondre à %(num)s virement entre enveloppes", "Répondre à %(num)s virements entre enveloppes", len(waiting)
    )
    return [Task(words, url_for("envelopes.transfers"))] if waiting else []


pages.add_app_template_global(tasks, "envelope_tasks")


def known(envelope_id: int) -> Envelope:
    return db.session.get(Envelope, envelope_id) or abort(404)


@pages.get(HERE)
@region
def tree() -> Any:
    """Every envelope of a year with its figures, today or at the end of an earlier day; as a sheet too."""
    typed, years = request.args.get("annee", ""), showing.years()
    year = next((one for one in years if str(one) == typed), clock.today().year)
    on = asked_day()
    found = showing.tree(year, on)
    title = _("Les enveloppes de %(year)s", year=year)
    return _sheet(title, lambda: showing.tree_rows(found)) or render_template(
        "envelopes/tree.html", title=title, branches=found, years=[(one, str(one)) for one in years], year=year, on=on, today=clock.today(),
    )  # fmt: skip


def _sheet(title: str, rows: Callable[[], Any]) -> Any:
    """The download that the address asks for (« format »); None for a page."""
    form = request.args.get("format", "")
    if form == "csv":
        return sheets.csv(title, *rows())
    return sheets.workbook(title, {_("Enveloppes"): rows()}) if form == "xlsx" else None


@pages.get(ID)
@region
def show(envelope_id: int) -> Any:
    """One envelope: its figures and its movements."""
    return _show(known(envelope_id))


@pages.get(f"{HERE}/periodes/<int(max=2147483647):call_id>")
@region
def show_call(call_id: int) -> Any:
    """The envelope of a call, likewise."""
    return _show(db.session.get(Call, call_id) or abort(404))


def _show(node: Node) -> Any:
    on = asked_day()
    if request.args.get("format"):
        every = showing.movements(node, on, 0).items
        return _sheet(node.title, lambda: showing.movement_rows(every)) or abort(404)
    return render_template(
        "envelopes/show.html", node=node, is_call=isinstance(node, Call), branches=showing.under(node, on),
        page=showing.movements(node, on, asked_number()), on=on, today=clock.today(),
    )  # fmt: skip


def _form(told: dict[str, Any], form: Any, names: Iterable[str]) -> Any:
    """The page of a form: its heading and its lead, the envelope that it is about (``above``), where it goes back to."""
    back = (_("Les enveloppes"), url_for("envelopes.tree"))
    shown = {"form": form, "fields": [form[name] for name in names], "above": None, "back": back, **told}
    return render_template("envelopes/form.html", **shown), 422 if form.is_posted else 200


def _done(words: str, endpoint: str, **values: Any) -> Any:
    flash(words, "success")
    return redirect(url_for(endpoint, **values), 303)


@pages.route(f"{HERE}/nouvelle", methods=["GET", "POST"])
@region
def open_regional() -> Any:
    """The Region's envelope for a scheme and a year."""
    form: Any = envelope_forms.RegionalForm(data={"year": clock.today().year})
    form.scheme.choices = options((kind.rules.code, say(kind.rules.title)) for kind in Fund.__subclasses__())
    opened = form.submit_to(
        lambda: envelopes.open_envelope(
            current_actor(), scheme=form.scheme.data, year=form.year.data, title=form.title.data,
            act_reference=form.act_reference.data, adopted_on=form.adopted_on.data, amount_cents=form.amount.data,
        )
    )  # fmt: skip
    if opened:
        return _done(_("L’enveloppe est ouverte."), "envelopes.tree", annee=form.year.data)
    told = {"heading": _("Ouvrir une enveloppe de la Région"), "lead": _("Une par dispositif et par année, par un acte.")}
    return _form(told, form, ("scheme", "year", "title", "amount", "act_reference", "adopted_on"))


@pages.route(f"{ID}/ouvrir", methods=["GET", "POST"])
@region
def open_part(envelope_id: int) -> Any:
    """A part of it, for a city contract or any other."""
    above = known(envelope_id)
    form: Any = envelope_forms.PartForm()
    form.contract.choices = options([("", _("Aucun")), *((str(one.id), one.title) for one in contracts(with_drafts=True))])
    opened = form.submit_to(
        lambda: envelopes.open_envelope(
            current_actor(), parent_id=envelope_id, title=form.title.data, act_reference=form.act_reference.data,
            adopted_on=form.adopted_on.data, amount_cents=form.amount.data, contract_id=int(form.contract.data or 0) or None,
        )
    )  # fmt: skip
    if opened:
        return _done(_("L’enveloppe est ouverte."), "envelopes.show", envelope_id=envelope_id)
    told = {"heading": _("Ouvrir une enveloppe dessous"), "lead": _left(above), "above": known(envelope_id)}
    return _form(told, form, ("contract", "title", "amount", "act_reference", "adopted_on"))


def _left(envelope: Envelope) -> str:
    return _("« %(title)s » a %(left)s à répartir.", title=envelope.title, left=euros(envelope.left_cents))


@pages.route(f"{ID}/doter", methods=["GET", "POST"])
@region
def endow(envelope_id: int) -> Any:
    """More money from the Region's budget."""
    known(envelope_id)
    form: Any = envelope_forms.EndowForm()
    if form.done(
        lambda: envelopes.endow(
            current_actor(), envelope_id, form.amount.data, act_reference=form.act_reference.data,
            adopted_on=form.adopted_on.data,
        )
    ):  # fmt: skip
        return _done(_("L’enveloppe est dotée."), "envelopes.show", envelope_id=envelope_id)
    told = {
        "heading": _("Doter l’enveloppe"),
        "lead": _("De l’argent nouveau, voté par la Région."),
        "above": known(envelope_id),
    }
    return _form(told, form, ("amount", "act_reference", "adopted_on"))


@pages.route(f"{ID}/repartir", methods=["GET", "POST"])
@region
def allot(envelope_id: int) -> Any:
    """To what stands just under."""
    above = known(envelope_id)
    form: Any = envelope_forms.AllotForm()
    form.to.choices = options((envelopes.key_of(node), _label(node)) for node in envelopes.beneath(above))
    if form.done(
        lambda: envelopes.allot(
            current_actor(), envelope_id, form.to.data, form.amount.data, act_reference=form.act_reference.data
        )
    ):  # fmt: skip
        return _done(_("L’argent est réparti."), "envelopes.show", envelope_id=envelope_id)
    above = known(envelope_id)
    told = {"heading": _("Répartir"), "lead": _left(above), "above": above}
    return _form(told, form, ("to", "amount", "act_reference"))


@pages.route(f"{ID}/rattacher", methods=["GET", "POST"])
@region
def attach(envelope_id: int) -> Any:
    """A call put under it."""
    above = known(envelope_id)
    form: Any = envelope_forms.AttachForm()
    form.call.choices = options((call.id, _label(call)) for call in envelopes.unattached(above.scheme))
    if form.done(lambda: envelopes.attach(current_actor(), envelope_id, form.call.data)):
        return _done(_("C’est rattaché : répartissez maintenant de l’argent."), "envelopes.show", envelope_id=envelope_id)
    told = {"heading": _("Rattacher une période"), "lead": _("Elle restera sous cette enveloppe."), "above": known(envelope_id)}
    return _form(told, form, ("call",))


def _label(node: Node) -> str:
    return f"{node.fund.title} : {node.title}" if isinstance(node, Call) else node.title


@pages.get(TRANSFERS)
@keepers
def transfers() -> str:
    """What awaits the visitor, what they wait for, and what was decided."""
    actor = current_actor()
    found = envelopes.transfers_of(actor)
    return render_template(
        "envelopes/transfers.html", transfers=found, states=STATES,
        mine={one.id for one in found if one.state == "waiting" and envelopes.may_decide(actor, one)},
    )  # fmt: skip


@pages.route(f"{TRANSFERS}/nouveau", methods=["GET", "POST"])
@keepers
def propose() -> Any:
    """From an envelope that one keeps, or to it."""
    actor = current_actor()
    form: Any = envelope_forms.TransferForm(data={"giver": request.args.get("de", "")})
    form.giver.choices = form.taker.choices = options((envelopes.key_of(node), _label(node)) for node in envelopes.every())
    asked = form.submit_to(
        lambda: envelopes.propose(
            actor, form.giver.data, form.taker.data, form.amount.data, act_reference=form.act_reference.data,
            reason=form.reason.data,
        )
    )  # fmt: skip
    if asked:
        return _done(_("C’est proposé : l’autre côté répond."), "envelopes.transfers")
    told = {
        "heading": _("Proposer un virement"), "back": (_("Les virements"), url_for("envelopes.transfers")),
        "lead": _("Vous tenez l’une des deux enveloppes. Une autre personne, qui tient l’autre, accepte ou refuse."),
    }  # fmt: skip
    return _form(told, form, ("giver", "taker", "amount", "act_reference", "reason"))


@pages.route(TRANSFER, methods=["GET", "POST"])
@keepers
def transfer(transfer_id: int) -> Any:
    """What is proposed, and the other side's answer."""
    asked, actor = _concerned(transfer_id), current_actor()
    form: Any = envelope_forms.AnswerForm()
    is_approved = request.form.get("reponse") == "oui"
    if form.done(lambda: envelopes.decide(actor, transfer_id, is_approved=is_approved, answer=form.answer.data or "")):
        words = _("C’est accepté : l’argent est passé.") if is_approved else _("C’est refusé.")
        return _done(words, "envelopes.transfers")
    asked = _concerned(transfer_id)
    is_waiting = asked.state == "waiting"
    return render_template(
        "envelopes/transfer.html", asked=asked, form=form, states=STATES,
        may_decide=is_waiting and envelopes.may_decide(actor, asked),
        may_withdraw=is_waiting and envelopes.keeps_node(actor, asked.giver if asked.side == "giver" else asked.taker),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"{TRANSFER}/retirer")
@keepers
def withdraw(transfer_id: int) -> Any:
    _concerned(transfer_id)
    envelopes.withdraw(current_actor(), transfer_id)
    return _done(_("La proposition est retirée."), "envelopes.transfers")


def _concerned(transfer_id: int) -> EnvelopeTransfer:
    """The transfer, for who keeps one of its sides."""
    asked = db.session.get(EnvelopeTransfer, transfer_id) or abort(404)
    if not envelopes.concerns(current_actor(), asked):
        raise Forbidden("transfer")
    return asked
