"""Pages of a fund's rules and periods: read by all, written by who keeps the fund."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.funds import forms, queries, services
from citizen.funds.models import Call, Fund
from citizen.funds.term_fields import changes, in_words
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.people.queries import organisations_able_to_keep
from citizen.places.queries import commune_choices, quarter_choices
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.forms import options

pages = Blueprint("funds", __name__)
pages.add_app_template_global(queries.titles_for, "fund_titles")
ID = "<int(max=2147483647):fund_id>"


def known_fund(fund_id: int) -> Fund:
    fund = queries.fund_with_rules(fund_id)
    if fund is None:
        abort(404)
    return fund


def kept_fund(fund_id: int) -> Fund:
    """The fund, when the visitor keeps it; else Forbidden."""
    fund = known_fund(fund_id)
    services.require_keeper(current_actor(), fund)
    return fund


@pages.get(f"/fonds/{ID}")
@public
def rules(fund_id: int) -> str:
    """Every version of the rules, the newest first, and the periods."""
    fund = known_fund(fund_id)
    actor = current_actor()
    return render_template(
        "funds/rules.html", fund=fund, in_words=in_words, today=clock.today(), draft=queries.draft_of(fund_id),
        is_keeper=services.keeps(actor, fund),
        looks_after=Role.FUND_MANAGER in fund.keepers and services.may_look_after(actor, fund),
    )  # fmt: skip


@pages.get(f"/fonds/{ID}/regles/<int(max=2147483647):number>")
@public
def version(fund_id: int, number: int) -> str:
    """One version whole, and what it changed."""
    fund = known_fund(fund_id)
    versions = {one.version: one for one in fund.rulesets}
    if number not in versions:
        abort(404)
    former = versions.get(number - 1)
    return render_template(
        "funds/version.html", fund=fund, ruleset=versions[number], former=former, versions=versions, in_words=in_words,
        changes=changes(fund.rules, former.terms, versions[number].terms) if former else [],
    )  # fmt: skip


def looked_after(fund_id: int) -> Fund:
    """The fund of an association, when the visitor looks after it; else Forbidden."""
    fund = known_fund(fund_id)
    if not services.may_look_after(current_actor(), fund):
        raise Forbidden(fund.on)
    if Role.FUND_MANAGER not in fund.keepers:  # a commune's or the Region's fund has pages of its own
        abort(404)
    return fund


@pages.route(f"/fonds/{ID}/tenir", methods=["GET", "POST"])
@signed_in
def keep(fund_id: int) -> Any:
    """Its name and territory, its sectors, its periods: all that who keeps the fund sets."""
    fund = looked_after(fund_id)
    form: Any = forms.TerritoryForm(data=_territory(fund))
    form.perimeters.choices = options((one.id, one.name) for one in fund.perimeters)
    form.communes.choices = options((one.code, one.name) for one in fund.communes)
    form.perimeter.choices = options([("", _("Aucun")), *quarter_choices()])
    form.commune.choices = options([("", _("Aucune")), *commune_choices()])
    saved = form.submit_to(
        lambda: services.change_fund(
            current_actor(), fund_id, title=form.title.data,
            perimeter_ids=[*(form.perimeters.data or []), form.perimeter.data or 0],
            commune_codes=[*(form.communes.data or []), form.commune.data or ""],
        )
    )  # fmt: skip
    if saved:
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("funds.keep", fund_id=fund_id), 303)
    return render_template(
        "funds/keep.html", fund=looked_after(fund_id), form=form, draft=queries.draft_of(fund_id), today=clock.today(),
        is_keeper=services.keeps(current_actor(), fund),
    ), 422 if form.is_posted else 200  # fmt: skip


def _territory(fund: Fund) -> dict[str, Any]:
    """What the form shows at first: every place it has is ticked."""
    places = {"perimeters": [one.id for one in fund.perimeters], "communes": [one.code for one in fund.communes]}
    return places | {"title": fund.title}


@pages.route(f"/fonds/{ID}/contact", methods=["GET", "POST"])
@signed_in
def contact(fund_id: int) -> Any:
    """How residents reach who keeps the fund: read on the page of each of its places."""
    fund = kept_fund(fund_id)
    form = forms.ContactForm(obj=fund.organisation)
    if form.done(lambda: services.present(current_actor(), fund_id, form.contact.data or "")):
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("funds.rules", fund_id=fund_id), 303)
    return render_template("funds/contact.html", fund=kept_fund(fund_id), form=form), 422 if form.is_posted else 200


@pages.route(f"/fonds/{ID}/secteurs/nouveau", methods=["GET", "POST"])
@signed_in
def open_subfund(fund_id: int) -> Any:
    """A sub-fund for one sector, that starts from this fund's territory and rules."""
    fund = looked_after(fund_id)
    if fund.parent_id:
        abort(404)
    form: Any = forms.SectorForm()
    opened = form.submit_to(
        lambda: services.open_subfund(
            current_actor(), fund_id, title=form.title.data, adopted_on=form.adopted_on.data,
            act_reference=form.act_reference.data,
        )
    )  # fmt: skip
    if opened:
        flash(_("Le secteur est ouvert. Réglez son territoire, puis ouvrez sa première période."), "success")
        return redirect(url_for("funds.keep", fund_id=opened.id), 303)
    return render_template("funds/subfund.html", fund=known_fund(fund_id), form=form), 422 if form.is_posted else 200


@pages.route(f"/fonds/{ID}/periodes/nouvelle", methods=["GET", "POST"])
@signed_in
def open_call(fund_id: int) -> Any:
    """A new period for lodging: its days, its envelope, who pays it; its funders start from the last period's."""
    fund = looked_after(fund_id)
    kind = next(kind for kind in Call.__subclasses__() if kind.__mapper__.polymorphic_identity == fund.scheme)
    form = forms.period_form(funders=fund.calls[-1].funders if fund.calls else ())
    opened = form.submit_to(
        lambda: services.open_call(
            current_actor(), kind, fund_id, title=form.title.data, opens_on=form.opens_on.data,
            closes_on=form.closes_on.data, envelope_cents=form.envelope.data, funders=form.funders,
        )
    )  # fmt: skip
    if opened:
        flash(_("La période est ouverte."), "success")
        return redirect(url_for("funds.keep", fund_id=fund_id), 303)
    return render_template("funds/period.html", fund=known_fund(fund_id), call=None, form=form), 422 if form.is_posted else 200


@pages.route(f"/fonds/{ID}/periodes/<int(max=2147483647):call_id>", methods=["GET", "POST"])
@signed_in
def change_call(fund_id: int, call_id: int) -> Any:
    """Another name, other days, other funders; the envelope itself moves by the ledger."""
    fund = looked_after(fund_id)
    call = next((one for one in fund.calls if one.id == call_id), None)
    if call is None:
        abort(404)
    form = forms.period_form(call)
    changed = form.submit_to(
        lambda: services.change_call(
            current_actor(), call_id, title=form.title.data, opens_on=form.opens_on.data, closes_on=form.closes_on.data,
            funders=form.funders,
        )
    )  # fmt: skip
    if changed:
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("funds.keep", fund_id=fund_id), 303)
    return render_template("funds/period.html", fund=fund, call=call, form=form), 422 if form.is_posted else 200


@pages.route("/fonds/nouveau", methods=["GET", "POST"])
@duty(Role.ADMINISTRATOR)
def create() -> Any:
    """A new fund, with the scheme's default rules as its first version."""
    kinds = {kind.rules.code: kind for kind in Fund.__subclasses__()}
    form: Any = forms.FundForm()
    form.scheme.choices = options((code, kind.rules.title) for code, kind in sorted(kinds.items()))
    form.organisation.choices = options((str(one.id), one.name) for one in organisations_able_to_keep())
    form.commune.choices = options([("", _("Toute la région, ou plusieurs communes")), *commune_choices()])
    if form.is_posted:
        fund = form.submit_to(
            lambda: services.create_fund(
                current_actor(), kinds[form.scheme.data], title=form.title.data,
                organisation_id=int(form.organisation.data), commune_code=form.commune.data or None,
                adopted_on=form.adopted_on.data, act_reference=form.act_reference.data,
            )
        )  # fmt: skip
        if fund:
            db.session.rollback()
            return redirect(url_for("funds.rules", fund_id=fund.id), 303)
    return render_template("funds/create.html", form=form), 422 if form.is_posted else 200
