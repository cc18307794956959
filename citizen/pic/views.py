"""Pages of the PIC: what it is, one fund, the three conditions of a file, the committee's decision."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees import queries as rooms
from citizen.committees import services as committees
from citizen.db import db
from citizen.funds import services as funds
from citizen.funds.term_fields import in_words
from citizen.kernel.findings import blocking
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.pic import queries, services, showing
from citizen.pic.conditions import CONDITIONS
from citizen.pic.forms import ConditionsForm, decision_form
from citizen.pic.models import PicProject
from citizen.pic.rules import TO_DECIDE, largest_grant_cents
from citizen.pic.services import Judged
from citizen.pic.steps import PIC
from citizen.projects import queries as projects
from citizen.projects import services as life
from citizen.projects.views import seen_project
from citizen.projects.writing import section, writable
from citizen.web.access import current_actor, public, signed_in
from citizen.web.filters import say

pages = Blueprint("pic", __name__)
ID = "<int(max=2147483647):project_id>"

pages.add_app_template_global(showing.project_part, "pic_part")
pages.add_app_template_global(showing.sheets, "pic_sheets")
pages.add_app_template_global(showing.calendar_if_lodged_today, "pic_calendar")
pages.add_app_template_global(showing.autonomy, "pic_autonomy")
pages.add_app_template_global(showing.presenters, "pic_presenters")
pages.add_app_template_global(showing.is_reviewed_by, "pic_is_reviewed_by")


@pages.get("/pic")
@public
def about() -> str:
    """What a PIC is, who decides, how long it takes, who may do what, and every fund."""
    return render_template(
        "pic/about.html",
        funds=queries.funds_shown(),
        conditions=CONDITIONS,
        scheme=PIC,
        in_words=in_words,
    )


@pages.get("/pic/fonds/<slug>")
@public
def fund(slug: str) -> str:
    """One fund: what is left, its rules, its sessions, its projects, what it promises."""
    found = queries.fund_at(slug)
    if found is None:
        abort(404)
    return render_template(
        "pic/fund.html", fund=found, call=queries.current_call(found), terms=found.rulesets[-1].terms if found.rulesets else {},
        sessions=rooms.sessions_of(found.id, 8), projects=queries.public_projects_of(found), scheme=PIC, in_words=in_words,
        calendar=showing.calendar(queries.promises_if_lodged_today(found)), kept=queries.promises_kept(found),
        is_of_room=bool(rooms.roles_on_fund(current_actor(), found)),
        looks_after=funds.may_look_after(current_actor(), found),
    )  # fmt: skip


def pic_project(project_id: int) -> PicProject:
    """The PIC, when the visitor may know that it exists; else 404."""
    project = seen_project(project_id)
    if not isinstance(project, PicProject):
        abort(404)
    return project


@pages.route(f"/pic/{ID}/conditions", methods=["GET", "POST"])
@signed_in
def conditions(project_id: int) -> Any:
    """The team's answers, with the three conditions judged live."""
    pic_project(project_id)
    project = writable(project_id)
    form = ConditionsForm(obj=project, price=project.price_cents)
    change = services.written(form.answers)
    return section(project, form, "pic/conditions.html", change, sheets_of=showing.sheets, eligibility_of=showing.eligibility)


@pages.route(f"/pic/{ID}/decider", methods=["GET", "POST"])
@signed_in
def decide(project_id: int) -> Any:
    """The committee's sheet: what the facts say of each condition, its word on each, and the outcome."""
    project, actor = pic_project(project_id), current_actor()
    life.judge(actor, project, "defer")
    facts: Any = projects.facts_of(project)
    form = decision_form()(amount=largest_grant_cents(facts, project.terms))
    if form.is_posted and _decided(form, project_id):
        flash(_("La décision est prise : l’équipe est prévenue."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    project = pic_project(project_id)
    missing = blocking([check(facts, project.terms) for check in TO_DECIDE])
    return render_template(
        "pic/decide.html", project=project, form=form, sheets=showing.sheets(project), facts=facts,
        most=largest_grant_cents(facts, project.terms),
        obstacles=[*_too_early(project), *(f"{say(one.fact)} {say(one.todo)}" for one in missing)],
    ), 422 if form.is_posted else 200  # fmt: skip


def _too_early(project: PicProject) -> list[str]:
    """What is said while the day of its session has not come."""
    session = project.waiting.session if project.waiting else None
    return [committees.not_begun(session)] if session and session.held_on > clock.today() else []


def _decided(form: Any, project_id: int) -> bool:
    """Whether the decision was taken; what stands in its way is said above the form, and nothing typed is lost."""
    try:
        return form.submit_to(
            services.decide, current_actor(), project_id, form.outcome.data,
            judged={
                one.slug: Judged(form[f"verdict_{one.number}"].data, form[f"reason_{one.number}"].data) for one in CONDITIONS
            },
            amount_cents=form.amount.data, reason=form.reason.data, act_reference=form.act_reference.data,
        ) is not None  # fmt: skip
    except NotReady as error:
        db.session.rollback()
        form.form_errors.extend(_("%(title)s : %(todo)s", title=_(one.title), todo=_(str(one.todo))) for one in error.findings)
        return False
    except NotNow as error:
        db.session.rollback()
        form.form_errors.append(str(error))
        return False
