"""Pages of the works fund: what it is, one campaign, the team's page on its works, the commune's desk and acts."""

from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.ballots.rules import RULES, TIES
from citizen.ballots.showing import Face, face
from citizen.db import db
from citizen.ftu import feasibility, forms, queries, services
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.projects import services as projects
from citizen.projects.models import Project
from citizen.projects.views import seen_project
from citizen.projects.writing import section, writable
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.filters import say
from citizen.web.forms import options

pages = Blueprint("ftu", __name__)
PROJECT = "<int(max=2147483647):project_id>"
CAMPAIGN = "<int(max=2147483647):campaign_id>"


def known_campaign(campaign_id: int) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        abort(404)
    return campaign


def seen_works(project_id: int) -> FtuProject:
    """The works, when the visitor may know that they exist; projects of another scheme are not there."""
    project = seen_project(project_id)
    if not isinstance(project, FtuProject):
        abort(404)
    return project


@pages.get(f"/ftu/{PROJECT}/campagne")
@public
def campaign_of(project_id: int) -> Any:
    """The campaign of a project, where its vote is announced and counted."""
    project = seen_works(project_id)
    if project.call_id is None:
        abort(404)
    return redirect(url_for("ftu.campaign", campaign_id=project.call_id), 302)


@pages.route(f"/ftu/{PROJECT}/travaux", methods=["GET", "POST"])
@signed_in
def works(project_id: int) -> Any:
    """The section of the file where the team describes the works."""
    seen_works(project_id)
    project = writable(project_id)
    lasting = {True: "yes", False: "no"}.get(project.is_lasting)
    form = forms.WorksForm(obj=project, is_lasting=lasting, estimate=project.estimate_cents)
    if not form.is_posted:
        form.is_lasting.data = lasting
    form.offer_lands()

    def change(kept: Project) -> None:
        kept = cast(FtuProject, kept)
        for name in ("need", "solution", "visible_change", "inclusion_women", "inclusion_disabled", "inclusion_seniors"):
            setattr(kept, name, form[name].data)
        kept.is_lasting = {"yes": True, "no": False}.get(form.is_lasting.data or "")
        kept.land, kept.estimate_cents = form.land.data or "", form.estimate.data

    return section(project, form, "ftu/works.html", change)


@pages.route(f"/ftu/{PROJECT}/etude", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def study(project_id: int) -> Any:
    """Feasible or not, with the reasons."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "not_feasible")
    form = forms.StudyForm(cost=project.studied_cost_cents or feasibility.total(project).chosen or None)
    form.offer_exits()
    if form.is_posted and _studied(form, project_id):
        flash(_("L’étude est publiée : l’équipe est prévenue."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    project = seen_works(project_id)
    return render_template("ftu/study.html", project=project, form=form), 422 if form.is_posted else 200


def _studied(form: forms.StudyForm, project_id: int) -> bool:
    """Whether the study is published; what stands in its way is said above the form, and nothing typed is lost."""
    try:
        return form.submit_to(
            services.study, current_actor(), project_id, is_feasible=form.is_feasible.data == "yes",
            reason=form.reason.data, cost_cents=form.cost.data, upkeep=form.upkeep.data, safety=form.safety.data,
            better_exit=form.better_exit.data or "", exit_email=form.exit_email.data, inclusion=form.inclusion,
        ) is not None  # fmt: skip
    except NotReady as error:
        form.form_errors.extend(
            _("%(title)s : %(todo)s", title=say(one.title), todo=say(one.fact if one.is_awaited else one.todo))
            for one in error.findings
        )
    except NotNow as error:
        form.form_errors.append(str(error))
    return False


@pages.route("/ftu/fonds/<int(max=2147483647):fund_id>/ouvrir", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def open_campaign(fund_id: int) -> Any:
    """A new campaign, under the newest rules of the fund."""
    fund = db.session.get(FtuFund, fund_id)
    if fund is None:
        abort(404)
    funds.require_keeper(current_actor(), fund)
    form = forms.CampaignForm()
    form.perimeters.choices = options((perimeter.id, perimeter.name) for perimeter in queries.quarters_of(fund.commune_code))
    if form.is_posted:
        opened = form.submit_to(
            lambda: services.open_campaign(
                current_actor(), fund_id, title=form.title.data, opens_on=form.opens_on.data, closes_on=form.closes_on.data,
                envelope_cents=form.envelope.data, vote_opens_on=form.vote_opens_on.data,
                vote_closes_on=form.vote_closes_on.data, perimeter_ids=form.perimeters.data or [], phases=form.calendar(),
            )
        )  # fmt: skip
        if opened:
            flash(_("La campagne est ouverte."), "success")
            return redirect(url_for("ftu.campaign", campaign_id=opened.id), 303)
    fund = db.session.get(FtuFund, fund_id)
    return render_template("ftu/open_campaign.html", fund=fund, form=form), 422 if form.is_posted else 200


@pages.route(f"/ftu/campagnes/{CAMPAIGN}/vote", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def announce(campaign_id: int) -> Any:
    """Announces the vote of a campaign."""
    found = known_campaign(campaign_id)
    funds.require_keeper(current_actor(), found.fund)
    ready = [line for line in queries.projects_in([campaign_id]) if line.state == "admissible"]
    terms = queries.terms_of(found)
    form = forms.poll_form(
        [(line.id, line.title) for line in ready], has_draw="draw" in terms.ties, opens_on=found.vote_opens_on,
        closes_on=found.vote_closes_on,
    )  # fmt: skip
    if form.is_posted:
        poll = form.submit_to(
            lambda: services.announce_poll(
                current_actor(), campaign_id, opens_on=form.opens_on.data, closes_on=form.closes_on.data,
                announcement=form.announcement.data, draw_text=form.draw_text.data if form.draw_text else "", rivals=form.rivals,
            )
        )  # fmt: skip
        if poll:
            flash(_("Le vote est annoncé."), "success")
            return redirect(url_for("ballots.ballot", poll_id=poll.id), 303)
    found = known_campaign(campaign_id)
    page = render_template(
        "ftu/announce.html", campaign=found, form=form, ready=ready, terms=terms, rule=RULES[terms.rule], tie=TIES[terms.ties],
        compared=[RULES[rule].title for rule in terms.compared if rule != terms.rule],
    )  # fmt: skip
    return page, 422 if form.is_posted else 200


@pages.get("/commune/<code>")
@duty(Role.COMMUNE_OFFICER, on="commune:{code}")
def desk(code: str) -> str:
    """What waits for the commune."""
    commune = queries.commune(code)
    if commune is None:
        abort(404)
    desks = queries.desk(code)
    faces: dict[int, Face] = {item.campaign.id: face(item.poll) for item in desks if item.poll}
    return render_template(
        "ftu/desk.html", commune=commune, desks=desks, faces=faces, funds=queries.funds_of(code), today=clock.today()
    )
