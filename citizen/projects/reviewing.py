"""Pages where somebody judges what others wrote: the place, and « not here, but there »."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.projects import forms, reporting, services
from citizen.projects.views import ID, seen_project
from citizen.web.access import current_actor, signed_in

pages = Blueprint("reviewing", __name__)


@pages.route(f"/projets/{ID}/le-lieu-convient-il", methods=["GET", "POST"])
@signed_in
def confirm_place(project_id: int) -> Any:
    return _judged(project_id, "confirm_place", forms.PlaceWordForm(), "projects/confirm_place.html", lambda form: reporting.confirm_place(
        current_actor(), project_id, is_accepted=form.is_accepted.data == "yes", reason=form.reason.data))  # fmt: skip


@pages.route(f"/projets/{ID}/non-recevable", methods=["GET", "POST"])
@signed_in
def not_admit(project_id: int) -> Any:
    return _judged(project_id, "not_admit", forms.NotAdmitForm(), "projects/not_admit.html", lambda form: reporting.not_admit(
        current_actor(), project_id, reason=form.reason.data, better=form.better.data))  # fmt: skip


def _judged(project_id: int, action: str, form: Any, template: str, act: Callable[[Any], None]) -> Any:
    project = seen_project(project_id)
    services.judge(current_actor(), project, action)
    if form.done(act, form):
        flash(_("C’est fait : l’équipe est prévenue."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return render_template(template, project=project, form=form), 422 if form.is_posted else 200
