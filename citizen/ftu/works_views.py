"""Pages after the vote: the commune's act, on one project or on a whole list."""

import hashlib
from dataclasses import astuple
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees.pages import refused
from citizen.ftu import queries, validation, works_forms
from citizen.ftu.models import FtuProject
from citizen.ftu.review import results_of
from citizen.ftu.validation import Choice
from citizen.ftu.views import CAMPAIGN, PROJECT, known_campaign, seen_works
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.projects import services as projects
from citizen.web.access import current_actor, duty

pages = Blueprint("works", __name__)
pages.add_app_template_global(validation.act_of, "works_act")
pages.add_app_template_global(validation.departure, "departure")
pages.add_app_template_global(lambda campaign: queries.terms_of(campaign).committee_role != "decides", "has_vote")


@pages.route(f"/ftu/{PROJECT}/valider", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def validate(project_id: int) -> Any:
    """The commune's act after the vote."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "grant")
    form = works_forms.ValidationForm(amount=project.studied_cost_cents, acted_on=clock.today())
    status = 200
    if form.is_posted:
        said = _("La décision est publiée : l’équipe est prévenue.")
        status = refused(form, lambda: validation.decide(current_actor(), form.choice(project_id), form.act()), said)
        if not status:
            return redirect(url_for("projects.show", project_id=project_id), 303)
    project = seen_works(project_id)
    return render_template(
        "ftu/validate.html", project=project, form=form, result=results_of([project_id]).get(project_id),
    ), status  # fmt: skip


@pages.route(f"/ftu/campagnes/{CAMPAIGN}/valider", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def validate_all(campaign_id: int) -> Any:
    """One act for a campaign's list: what it will do is shown before it is done."""
    campaign = known_campaign(campaign_id)
    funds.require_keeper(current_actor(), campaign.fund)
    listed = validation.to_decide(campaign)
    form, status, preview = works_forms.list_form(listed, acted_on=clock.today()), 200, None
    if form.is_posted:
        chosen = works_forms.choices(form, listed)
        seal = _seal(chosen, form)
        is_trial = request.form.get("confirm") != seal
        left: list[int] = []

        def act() -> None:
            left.append(validation.decide_all(current_actor(), campaign_id, chosen, form.act(), is_trial=is_trial))

        status = refused(form, act, "" if is_trial else _("Les décisions sont publiées : les équipes sont prévenues."))
        if not status and not is_trial:
            return redirect(url_for("ftu.campaign", campaign_id=campaign_id), 303)
        campaign = known_campaign(campaign_id)
        listed = validation.to_decide(campaign)
        preview = None if status else _preview(listed, chosen, seal, left[0])
    return render_template(
        "ftu/validate_all.html", campaign=campaign, projects=listed, form=form, preview=preview,
        results=results_of([one.id for one in listed]),
    ), status or 200  # fmt: skip


def _seal(chosen: list[Choice], form: works_forms.ActForm) -> str:
    """A fingerprint of what was seen: other choices are shown again before they are done."""
    told = [astuple(one) for one in chosen], form.kind.data, form.reference.data, form.acted_on.data, form.budget_line.data
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _preview(listed: Any, chosen: list[Choice], seal: str, left: int) -> dict[str, Any]:
    """What will happen: each project with its decision and what it departs from, what is left."""
    known: dict[int, FtuProject] = {one.id: one for one in listed}
    lines = [
        {
            "project": known[one.project_id], "choice": one,
            "departure": validation.departure(validation.departs_from(known[one.project_id], one.action), one.action),
        }
        for one in chosen
    ]  # fmt: skip
    total = sum(one.amount_cents or 0 for one in chosen if one.action == "grant")
    return {"lines": lines, "seal": seal, "left": left, "total": total}
