"""Pages where somebody judges what others wrote: the place, and « not here, but there »."""

from typing import Any

from flask import Blueprint

from citizen.projects import forms, reporting
from citizen.projects.views import ID, act_page
from citizen.web.access import current_actor, signed_in

pages = Blueprint("reviewing", __name__)


@pages.route(f"/projets/{ID}/le-lieu-convient-il", methods=["GET", "POST"])
@signed_in
def confirm_place(project_id: int) -> Any:
    return act_page(project_id, "confirm_place", forms.PlaceWordForm(), "projects/confirm_place.html", lambda form: reporting.confirm_place(
        current_actor(), project_id, is_accepted=form.is_accepted.data == "yes", reason=form.reason.data))  # fmt: skip


@pages.route(f"/projets/{ID}/non-recevable", methods=["GET", "POST"])
@signed_in
def not_admit(project_id: int) -> Any:
    return act_page(project_id, "not_admit", forms.NotAdmitForm(), "projects/not_admit.html", lambda form: reporting.not_admit(
        current_actor(), project_id, reason=form.reason.data, better=form.better_in_words))  # fmt: skip
