"""The page of what is hidden in a project: hidden and shown again by who watches, answered by its team."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.kernel.lifecycle import Forbidden
from citizen.projects import hiding, queries
from citizen.projects.forms import HiddenWordsForm, HideForm
from citizen.projects.models import Project
from citizen.projects.steps import TEAM
from citizen.projects.views import ID, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import Form, options

pages = Blueprint("hiding", __name__)
PAGE = f"/projets/{ID}/masquer"


def _seen(project_id: int) -> tuple[Project, bool, bool]:
    """The project, for who may hide (first) or is of its team (second)."""
    project, actor = seen_project(project_id), current_actor()
    watches = queries.may_hide(actor, project)
    is_team = bool(queries.roles_on(actor, project) & TEAM) and bool(project.hidings)
    if not watches and not is_team:
        raise Forbidden("hide")
    return project, watches, is_team


def _page(project_id: int, failed: Form | None = None) -> Any:
    project, watches, is_team = _seen(project_id)
    form = failed if isinstance(failed, HideForm) else HideForm(formdata=None)
    form.part.choices = options(hiding.parts_of(project).items())
    return render_template(
        "projects/hiding.html", project=project, watches=watches, is_team=is_team, form=form, failed=failed,
        words=HiddenWordsForm(formdata=None),
    ), 422 if failed else 200  # fmt: skip


@pages.route(PAGE, methods=["GET", "POST"])
@signed_in
def show(project_id: int) -> Any:
    """What is hidden and was; who watches hides something here."""
    project, watches, _is_team = _seen(project_id)
    form = HideForm()
    if not form.is_posted:
        return _page(project_id)
    if not watches:
        raise Forbidden("hide")
    form.part.choices = options(hiding.parts_of(project).items())
    if form.done(lambda: hiding.hide(current_actor(), project_id, form.part.data, form.reason.data or "")):
        flash(_("C’est masqué. L’équipe est prévenue, avec la raison."), "success")
        return redirect(url_for("hiding.show", project_id=project_id), 303)
    return _page(project_id, form)


@pages.post(f"{PAGE}/remettre")
@signed_in
def show_again(project_id: int) -> Any:
    _seen(project_id)
    form: Any = HiddenWordsForm()
    if form.done(lambda: hiding.show_again(current_actor(), project_id, form.hiding.data or 0, form.words.data or "")):
        flash(_("Ce contenu est de nouveau visible de tous."), "success")
        return redirect(url_for("hiding.show", project_id=project_id), 303)
    return _page(project_id, form)


@pages.post(f"{PAGE}/repondre")
@signed_in
def answer(project_id: int) -> Any:
    _project, _watches, is_team = _seen(project_id)
    if not is_team:
        abort(403)
    form: Any = HiddenWordsForm()
    if form.done(lambda: hiding.answer(current_actor(), project_id, form.hiding.data or 0, form.words.data or "")):
        flash(_("Votre réponse est transmise."), "success")
        return redirect(url_for("hiding.show", project_id=project_id), 303)
    return _page(project_id, form)
