"""Pages where a file is completed: what is asked, what is answered, and what changed from one version to the next."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen.db import db
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotReady
from citizen.projects import completing, queries, services, team_forms, versions
from citizen.projects.completing import Wanted
from citizen.projects.models import Project
from citizen.projects.views import ID, seen_project
from citizen.projects.writing import sections
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import say
from citizen.web.forms import clean

pages = Blueprint("completing", __name__)
ROW = "<int(max=2147483647):number>"


def _near(project_id: int) -> Project:
    """The project, for who reads its papers: those who write it and those who judge it."""
    project = seen_project(project_id)
    if not queries.may_read_papers(current_actor(), project):
        raise Forbidden("papers")
    return project


def targets(project: Project) -> list[tuple[str, str]]:
    """Every place of the file that a point may be about: a part, or one of its fields."""
    found = [("", _("L’ensemble du dossier"))]
    for endpoint, label in sections(project)[:-1]:
        found.append((endpoint, say(label)))
        fields = project.written.get(endpoint, ())
        found += [(f"{endpoint}#{name}", f"{say(label)} : {say(words)}") for name, words in fields]
    return found


@pages.route(f"/projets/{ID}/demander-un-complement", methods=["GET", "POST"])
@signed_in
def ask(project_id: int) -> Any:
    """The reviewer's points, each at its place; an answer that does not suit is taken up again."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, "ask_completion")
    answered = [point for point in project.points if point.status == "answered"]
    form: Any = team_forms.points_form(targets(project), answered)()
    wanted = [Wanted(one.target, form[f"again_{one.id}"].data, one.id) for one in answered if form[f"again_{one.id}"].data]
    ranks = range(1, team_forms.NEW_POINTS + 1)
    wanted += [
        Wanted(form[f"target_{rank}"].data or "", form[f"words_{rank}"].data) for rank in ranks if form[f"words_{rank}"].data
    ]
    if form.done(lambda: completing.ask(current_actor(), project_id, wanted, due_on=form.due_on.data)):
        flash(_("C’est fait. Les personnes concernées sont prévenues."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return render_template(
        "projects/ask_completion.html", project=seen_project(project_id), form=form, ranks=ranks, answered=answered
    ), 422 if form.is_posted else 200


@pages.get(f"/projets/{ID}/complements")
@signed_in
def points(project_id: int) -> str:
    return _points_page(_near(project_id))


def _points_page(project: Project, **values: Any) -> str:
    actor, words = current_actor(), dict(targets(project))
    open_steps = {step.action for step in queries.open_steps(actor, project)}
    before = versions.at_request(project)
    shown = {
        "named": {value: words.get(value, words[""]) for value in {point.target for point in project.points}},
        "may_answer": "edit" in open_steps, "may_send": "lodge" in open_steps, "may_ask": "ask_completion" in open_steps,
        "refused": {}, "obstacles": [], "findings": [], "before": before,
        "changes": versions.differences(project, before.content, project.versions[-1].content) if before else [],
    }  # fmt: skip
    return render_template("projects/points.html", project=project, **shown | values)


@pages.post(f"/projets/{ID}/complements/{ROW}")
@signed_in
def answer(project_id: int, number: int) -> Any:
    """The team's answer to one point; what is too long comes back with its reason."""
    project = _near(project_id)
    if all(point.id != number for point in project.points):
        abort(404)
    form = team_forms.AnswerForm()
    if form.done(
        lambda: completing.answer(
            current_actor(), project_id, number, words=form.answer.data or "", is_done=form.is_done.data
        )
    ):  # fmt: skip
        return redirect(url_for("completing.points", project_id=project_id, _anchor=f"point-{number}"), 303)
    told = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _points_page(seen_project(project_id), refused={number: (clean(request.form.get("answer")), told)}), 422


@pages.post(f"/projets/{ID}/complements/envoyer")
@signed_in
def send_back(project_id: int) -> Any:
    """« J’ai répondu »."""
    seen_project(project_id)
    try:
        completing.send_back(current_actor(), project_id)
    except Invalid as error:
        db.session.rollback()
        return _points_page(seen_project(project_id), obstacles=[error.message]), 422
    except NotReady as error:
        db.session.rollback()
        return _points_page(seen_project(project_id), findings=error.findings), 422
    flash(_("Votre dossier complété est renvoyé."), "success")
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.post(f"/projets/{ID}/complements/{ROW}/accepter")
@signed_in
def accept(project_id: int, number: int) -> Response:
    _near(project_id)
    try:
        completing.accept(current_actor(), project_id, number)
    except Invalid as error:
        flash(error.message, "error")
    return redirect(url_for("completing.points", project_id=project_id, _anchor=f"point-{number}"), 303)


@pages.get(f"/projets/{ID}/versions")
@signed_in
def show_versions(project_id: int) -> str:
    """The file each time it was lodged, and what changed between two of them."""
    project = _near(project_id)
    known = {str(one.number): one for one in project.versions}
    after = known.get(request.args.get("a", "")) or (project.versions[-1] if known else None)
    before = known.get(request.args.get("de", "")) or (known.get(str(after.number - 1)) if after else None)
    numbers = [(one.number, text) for text, one in known.items()]
    changes = versions.differences(project, before.content, after.content) if before and after else []
    return render_template(
        "projects/versions.html", project=project, before=before, after=after, changes=changes, numbers=numbers
    )
