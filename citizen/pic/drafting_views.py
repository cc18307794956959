"""The next rules of a PIC fund tried on the past, before anybody adopts them."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for

from citizen.funds import queries as drafts
from citizen.funds.views import ID, kept_fund
from citizen.pic.models import PicFund
from citizen.pic.trying import try_on_the_past
from citizen.web.access import signed_in

pages = Blueprint("pic_drafting", __name__)


@pages.get(f"/fonds/{ID}/regles/essai")
@signed_in
def trial(fund_id: int) -> Any:
    """Which of last year's files would have been judged differently, and what would change for each."""
    fund = kept_fund(fund_id)
    if not isinstance(fund, PicFund):
        abort(404)
    draft = drafts.draft_of(fund_id)
    if draft is None:
        return redirect(url_for("drafting.edit", fund_id=fund_id), 303)
    return render_template("pic/trial.html", fund=fund, draft=draft, trial=try_on_the_past(fund, draft.terms))
