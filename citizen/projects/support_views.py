"""Pages of residents around an idea: support it, read what changed, and join it with another."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.db import db
from citizen.projects import joining, services, supports
from citizen.projects.forms import JoinForm, JoiningForm
from citizen.projects.idea_models import Joining
from citizen.projects.models import Project
from citizen.projects.views import ID, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("support", __name__)


def _judged(project_id: int, action: str) -> Project:
    project = seen_project(project_id)
    services.judge(current_actor(), project, action)
    return project


def _back(project_id: int) -> Any:
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.route(f"/projets/{ID}/soutien", methods=["GET", "POST"])
@signed_in
def support(project_id: int) -> Any:
    """Give, keep or withdraw one's support, in front of what changed."""
    project = _judged(project_id, "support")
    if request.method == "POST":
        if request.form.get("soutien") == "non":
            supports.withdraw(current_actor(), project_id)
            flash(
                _("Votre soutien est retiré. Vous recevez encore les nouvelles, jusqu’à ce que vous arrêtiez de suivre."),
                "success",
            )
        else:
            supports.support(current_actor(), project_id)
            flash(_("Votre soutien est compté. Vous recevrez les nouvelles, et vous pouvez le retirer."), "success")
        return _back(project_id)
    return render_template(
        "projects/supporting.html", project=project, support=supports.standing(current_actor(), project),
        changes=supports.changes_since(current_actor(), project),
    )  # fmt: skip


@pages.route(f"/projets/{ID}/rejoindre", methods=["GET", "POST"])
@signed_in
@limiter.limit("10 per hour", methods=["POST"], error_message=SLOW_DOWN)
def join(project_id: int) -> Any:
    """Ask to be of the team: its bearer is given one's name and address, and invites."""
    project = _judged(project_id, "support")
    form = JoinForm()
    if form.is_posted and form.done(joining.ask_to_join, current_actor(), project_id, words=form.words.data):
        flash(_("Votre demande est partie : l’équipe vous écrira."), "success")
        return _back(project_id)
    return render_template("projects/join.html", project=project, form=form), 422 if form.is_posted else 200


@pages.route(f"/projets/{ID}/unir", methods=["GET", "POST"])
@signed_in
def merge(project_id: int) -> Any:
    """Propose to another team to make one project of two, or withdraw one's own in favour of the other."""
    project = _judged(project_id, "merge")
    form: Any = JoiningForm(other=request.args.get("avec", ""))
    form.other.choices = options([("", _("Choisissez")), *((str(number), title) for number, title in joining.others(project))])

    def propose() -> Joining:
        return joining.propose(current_actor(), project_id, int(form.other.data), way=form.way.data, words=form.words.data)

    if form.is_posted and (made := form.submit_to(propose)):
        flash(
            _("C’est fait : les personnes concernées sont prévenues.")
            if made.asked_id is None
            else _("Votre proposition est partie."),
            "success",
        )
        return _back(project_id)
    page = render_template("projects/merge.html", project=seen_project(project_id), form=form)
    return page, 422 if form.is_posted else 200


@pages.post(f"/projets/{ID}/unir/<int(max=2147483647):joining_id>")
@signed_in
def answer(project_id: int, joining_id: int) -> Any:
    """The other bearer's yes or no."""
    seen_project(project_id)
    found = db.session.get(Joining, joining_id)
    if found is None or project_id not in (found.project_id, found.into_id):
        abort(404)
    into_id, is_accepted = found.into_id, request.form.get("reponse") == "oui"
    joining.answer(current_actor(), joining_id, is_accepted=is_accepted)
    flash(_("Les deux équipes n’en font plus qu’une.") if is_accepted else _("Votre refus est envoyé."), "success")
    return _back(into_id if is_accepted else project_id)
