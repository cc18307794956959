"""Pages where somebody judges a report, or ends a project without one: what follows is said before the button."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.projects import ending, outturn, queries, services
from citizen.projects import report_forms as forms
from citizen.projects.forms import ReasonForm
from citizen.projects.models import Project
from citizen.projects.report_views import reading, sections
from citizen.projects.views import ID, act_page, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import say

pages = Blueprint("closing", __name__)
LINE_ID = "<int(max=2147483647):line_id>"


def judged(project_id: int, action: str) -> Project:
    """The project, when the visitor may take this step now."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, action)
    return project


@pages.route(f"/projets/{ID}/bilan/examiner", methods=["GET", "POST"])
@signed_in
def review(project_id: int) -> Any:
    """The plan beside what was spent, the tickets, what is due; accepts the report."""
    project = judged(project_id, "close")
    if request.method == "POST":
        ending.close(current_actor(), project_id)
        flash(_("Le bilan est accepté : l’équipe est prévenue."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return render_template("projects/report_review.html", **reading(project))


@pages.route(f"/projets/{ID}/bilan/a-revoir", methods=["GET", "POST"])
@signed_in
def give_back(project_id: int) -> Any:
    """Back to the team with named points."""
    asked = [(page, say(label)) for page, label in sections(seen_project(project_id))[:-1]]

    def act(form: Any) -> None:
        ending.give_back(current_actor(), project_id, forms.points_of(form, asked))

    return act_page(project_id, "return_report", forms.points_form(asked), "projects/report_points.html", act)


@pages.route(f"/projets/{ID}/bilan/examiner/{LINE_ID}", methods=["GET", "POST"])
@signed_in
def set_aside(project_id: int, line_id: int) -> Any:
    """An expense that is not eligible, and why."""
    project = judged(project_id, "set_aside")
    form = forms.SetAsideForm()
    row = next((row for row in outturn.rows(project) if row.line and row.line.id == line_id), None) or abort(404)
    if form.done(lambda: ending.set_aside(current_actor(), project_id, line_id, form.reason.data or "")):
        return redirect(url_for("closing.review", project_id=project_id), 303)
    return render_template(
        "projects/report_set_aside.html", project=project, form=form, row=row
    ), 422 if form.is_posted else 200


@pages.post(f"/projets/{ID}/bilan/examiner/{LINE_ID}/reprendre")
@signed_in
def take_back(project_id: int, line_id: int) -> Any:
    """The expense is taken into account again."""
    judged(project_id, "set_aside")
    ending.set_aside(current_actor(), project_id, line_id, "")
    return redirect(url_for("closing.review", project_id=project_id), 303)


@pages.route(f"/projets/{ID}/clore-sans-bilan", methods=["GET", "POST"])
@signed_in
def close_without(project_id: int) -> Any:
    """The report never came."""
    project = judged(project_id, "close_without")
    form: Any = forms.WithoutForm()
    if form.done(
        lambda: ending.close_without(current_actor(), project_id, form.reason.data, proven_cents=form.proven.data or 0)
    ):
        return _ended(project_id)
    return _end_page(project, form, "projects/close_without.html", findings=queries.findings_for(project, "close_without"))


@pages.route(f"/projets/{ID}/annuler", methods=["GET", "POST"])
@signed_in
def cancel(project_id: int) -> Any:
    """It will not happen."""
    project = judged(project_id, "cancel")
    form: Any = ReasonForm()
    if form.done(lambda: ending.cancel(current_actor(), project_id, form.reason.data)):
        return _ended(project_id)
    return _end_page(project, form, "projects/cancel.html")


def _ended(project_id: int) -> Any:
    flash(_("C’est fait. Les personnes concernées sont prévenues."), "success")
    return redirect(url_for("projects.show", project_id=project_id), 303)


def _end_page(project: Project, form: Any, template: str, **values: Any) -> Any:
    """What follows when nothing is proven, beside the form."""
    project = seen_project(project.id)
    sentences = ending.consequence(project, outturn.settle(project, 0))
    return render_template(template, project=project, form=form, sentences=sentences, **values), 422 if form.is_posted else 200
