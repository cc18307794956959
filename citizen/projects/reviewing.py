"""Pages where somebody judges what others wrote: the place, and « not here, but there »."""

from typing import Any

from flask import Blueprint, request

from citizen.projects import forms, reporting
from citizen.projects.demarcation import boundary
from citizen.projects.views import ID, act_page, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import say

pages = Blueprint("reviewing", __name__)


@pages.route(f"/projets/{ID}/le-lieu-convient-il", methods=["GET", "POST"])
@signed_in
def confirm_place(project_id: int) -> Any:
    return act_page(project_id, "confirm_place", forms.PlaceWordForm(), "projects/confirm_place.html", lambda form: reporting.confirm_place(
        current_actor(), project_id, is_accepted=form.is_accepted.data == "yes", reason=form.reason.data))  # fmt: skip


@pages.route(f"/projets/{ID}/non-recevable", methods=["GET", "POST"])
@signed_in
def not_admit(project_id: int) -> Any:
    """« vers » in the address names a dividing line: its reason is written beforehand."""
    project = seen_project(project_id)
    chosen = boundary(request.args.get("vers", ""))
    form: Any = forms.NotAdmitForm(data={"better": chosen.slug, "reason": say(chosen.message)} if chosen else {})
    form.offer(project.scheme)
    return act_page(project_id, "not_admit", form, "projects/not_admit.html", lambda form: reporting.not_admit(
        current_actor(), project_id, reason=form.reason.data, better=form.better.data))  # fmt: skip
