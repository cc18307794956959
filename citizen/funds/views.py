"""Pages of a fund's rules and periods: read by all, written by who keeps the fund."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.funds import forms, queries, services
from citizen.funds.models import Call, Fund
from citizen.funds.term_fields import in_words, typed_terms
from citizen.kernel.access import Role
from citizen.people.queries import organisations_able_to_keep
from citizen.places.queries import commune_choices
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.forms import options

pages = Blueprint("funds", __name__)
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
    is_keeper = bool(current_actor().roles_on(fund.targets) & fund.keepers)
    return render_template("funds/rules.html", fund=fund, in_words=in_words, is_keeper=is_keeper, today=clock.today())


@pages.route(f"/fonds/{ID}/regles", methods=["GET", "POST"])
@signed_in
def adopt(fund_id: int) -> Any:
    """A new version of the rules, starting from the one in force."""
    fund = kept_fund(fund_id)
    newest = fund.rulesets[-1].terms if fund.rulesets else fund.rules.default_terms()
    form: Any = forms.ruleset_form(fund.rules)(data={f"term_{name}": value for name, value in newest.items()})
    if form.is_posted:
        done = form.submit_to(
            lambda: services.adopt_ruleset(
                current_actor(), fund_id, terms=typed_terms(fund.rules, form),
                adopted_on=form.adopted_on.data, act_reference=form.act_reference.data,
            )
        )  # fmt: skip
        if done:
            flash(_("La nouvelle version est en vigueur. Les dossiers déjà déposés gardent la leur."), "success")
            return redirect(url_for("funds.rules", fund_id=fund_id), 303)
    return render_template("funds/adopt.html", fund=fund, form=form), 422 if form.is_posted else 200


@pages.route(f"/fonds/{ID}/periodes/nouvelle", methods=["GET", "POST"])
@signed_in
def open_call(fund_id: int) -> Any:
    """A new period for lodging, where the scheme asks nothing more of it."""
    fund = kept_fund(fund_id)
    kind = next((kind for kind in Call.__subclasses__() if kind.__mapper__.polymorphic_identity == fund.scheme), None)
    if kind is None or "__table__" in vars(kind):  # campaigns and editions have a form of their own
        abort(404)
    form: Any = forms.CallForm()
    if form.is_posted:
        done = form.submit_to(
            lambda: services.open_call(
                current_actor(), kind, fund_id, title=form.title.data, opens_on=form.opens_on.data,
                closes_on=form.closes_on.data, envelope_cents=form.envelope.data,
            )
        )  # fmt: skip
        if done:
            flash(_("La période est ouverte."), "success")
            return redirect(url_for("funds.rules", fund_id=fund_id), 303)
    return render_template("funds/open_call.html", fund=fund, form=form), 422 if form.is_posted else 200


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
