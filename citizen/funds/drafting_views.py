"""The editor of a fund's rules: write the next version, see what it changes, adopt it or give it up."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.funds import drafting, forms, queries
from citizen.funds.term_fields import changes
from citizen.funds.views import ID, kept_fund
from citizen.web.access import current_actor, signed_in

pages = Blueprint("drafting", __name__)


@pages.route(f"/fonds/{ID}/regles", methods=["GET", "POST"])
@signed_in
def edit(fund_id: int) -> Any:
    """The next rules, starting from the draft, else from the rules in force."""
    fund = kept_fund(fund_id)
    draft = queries.draft_of(fund_id)
    form = forms.terms_form(fund.rules, draft.terms if draft else fund.rulesets[-1].terms)
    if form.submit_to(lambda: drafting.save(current_actor(), fund_id, form.terms)):
        flash(_("Le projet de règles est enregistré. Rien ne change tant qu’il n’est pas adopté."), "success")
        return redirect(url_for("drafting.compare", fund_id=fund_id), 303)
    return render_template("funds/draft.html", fund=fund, form=form, draft=draft), 422 if form.is_posted else 200


@pages.route(f"/fonds/{ID}/regles/projet", methods=["GET", "POST"])
@signed_in
def compare(fund_id: int) -> Any:
    """What the draft changes, in words; its keeper adopts it here."""
    fund = kept_fund(fund_id)
    form: Any = forms.AdoptForm()
    if form.is_posted and form.done(
        lambda: drafting.adopt(
            current_actor(), fund_id, seen=form.seen.data or "", adopted_on=form.adopted_on.data,
            act_reference=form.act_reference.data,
        )
    ):  # fmt: skip
        flash(_("La nouvelle version est en vigueur. Les dossiers déjà déposés gardent la leur."), "success")
        return redirect(url_for("funds.rules", fund_id=fund_id), 303)
    fund, draft = kept_fund(fund_id), queries.draft_of(fund_id)
    if draft is None:
        return redirect(url_for("drafting.edit", fund_id=fund_id), 303)
    form.seen.data = drafting.stamp(draft)
    return render_template(
        "funds/compare.html", fund=fund, form=form, draft=draft,
        changes=changes(fund.rules, fund.rulesets[-1].terms, draft.terms),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"/fonds/{ID}/regles/abandonner")
@signed_in
def give_up(fund_id: int) -> Any:
    drafting.give_up(current_actor(), kept_fund(fund_id).id)
    flash(_("Le projet de règles est abandonné. Les règles en vigueur n’ont pas changé."), "success")
    return redirect(url_for("funds.rules", fund_id=fund_id), 303)
