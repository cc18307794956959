"""Where a project is paid, and the bearer's commitment; the accounts of a fund, for everybody, on any day."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.funds import ledger
from citizen.funds.views import ID, known_fund
from citizen.kernel.access import Role
from citizen.payments import banking, forms, queries
from citizen.payments.queries import Money
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.projects.views import ID as PROJECT
from citizen.projects.views import seen_project
from citizen.web.access import current_actor, public, signed_in
from citizen.web.paging import asked_day

pages = Blueprint("money", __name__)
KEEPERS = frozenset({Role.FUND_MANAGER, Role.TREASURER})


def money_of(project: Project) -> Money | None:
    """The money of a granted project of a fund that pays instalments."""
    if project.granted_cents is None or project.call is None or not queries.has_instalments(project.call.fund):
        return None
    return queries.money_of([project])[0]


pages.add_app_template_global(money_of, "money_of")


@pages.route(f"/projets/{PROJECT}/rib", methods=["GET", "POST"])
@signed_in
def give_bank(project_id: int) -> Any:
    """Where the project's money is paid."""
    project = seen_project(project_id)
    life.judge(current_actor(), project, "give_bank")
    form: Any = forms.BankForm()
    if form.done(
        lambda: banking.give(
            current_actor(), project_id, holder=form.holder.data, iban=form.iban.data, bic=form.bic.data
        )
    ):  # fmt: skip
        flash(_("Merci : la trésorerie du fonds sait où verser l’aide."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    project = seen_project(project_id)
    known = queries.bank_details(queries.owner_of(project))
    values = {"project": project, "form": form, "known": known}
    return render_template("payments/give_bank.html", **values), 422 if form.is_posted else 200


@pages.route(f"/projets/{PROJECT}/engagement", methods=["GET", "POST"])
@signed_in
def agree(project_id: int) -> Any:
    """The bearer's commitment: read, ticked, signed by name."""
    project = seen_project(project_id)
    life.judge(current_actor(), project, "agree")
    form: Any = forms.AgreementForm()
    if form.done(lambda: banking.sign(current_actor(), project_id, name=form.name.data)):
        flash(_("L’engagement est signé."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    values = {"project": seen_project(project_id), "form": form}
    return render_template("payments/agree.html", **values), 422 if form.is_posted else 200


@pages.get(f"/fonds/{ID}/comptes")
@public
def accounts(fund_id: int) -> str:
    """Each envelope: put in, granted, paid, left; today or at the end of an earlier day."""
    fund = known_fund(fund_id)
    asked = asked_day()
    found = ledger.balances([call.id for call in fund.calls], asked)
    return render_template(
        "payments/accounts.html", fund=fund, balances=found, asked=asked or clock.today(), today=clock.today(),
        # what is kept for a decision is told with the decision; a member may have a link with that project
        is_keeper=bool(current_actor().roles_on({fund.on}) & KEEPERS),
    )  # fmt: skip
