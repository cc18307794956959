"""Public pages of projects: the list, one project, its documents; and one's own space."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.db import db
from citizen.files import serving
from citizen.journal.queries import events_of
from citizen.kernel.findings import Invalid
from citizen.kernel.words import slug
from citizen.projects import listing, queries, services
from citizen.projects.doubles import doubles_of
from citizen.projects.forms import questions_form
from citizen.projects.models import Attachment, Follow, Project
from citizen.projects.orientation import advise
from citizen.projects.showing import Showing, elsewhere, rights_of
from citizen.web.access import current_actor, public, signed_in
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number

pages = Blueprint("projects", __name__)
pages.add_app_template_global(rights_of, "rights_of")
pages.add_app_template_global(elsewhere, "elsewhere")
pages.add_app_template_global(doubles_of, "doubles_of")
pages.add_app_template_global(queries.hidden_among, "hidden_among")
ID = "<int(max=2147483647):project_id>"


def seen_project(project_id: int) -> Project:
    """The project, when the visitor may know that it exists; else 404."""
    project = db.session.get(Project, project_id)
    if project is None or not queries.may_see(current_actor(), project):
        abort(404)
    return project


def act_page(project_id: int, action: str, form: Any, template: str, act: Callable[[Any], object]) -> Any:
    """The page of a step that asks more than a reason: judged first, shown, then ``act(form)``."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, action)
    if form.done(act, form):
        flash(_("C’est fait. Les personnes concernées sont prévenues."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return render_template(template, project=project, form=form), 422 if form.is_posted else 200


@pages.get("/proposer")
@public
def propose() -> str:
    """Four questions in the address; the answer with its reasons below."""
    form = questions_form(request.args)
    is_answered = bool(request.args) and form.validate()
    return render_template("projects/propose.html", form=form, advice=advise(form.data) if is_answered else None)


@pages.get("/projets")
@public
def index() -> str:
    filters = {name: clean(request.args.get(name, ""))[:200] for name in ("q", "dispositif", "etat", "commune", "quartier")}
    number = asked_number()
    rows, total = listing.page_of(listing.asked_for(filters), number)
    page = Page(rows, number, listing.PER_PAGE, total)
    return render_template("projects/index.html", page=page, filters=filters, states=listing.public_states())


@pages.get(f"/projets/{ID}", defaults={"slug": ""})
@pages.get(f"/projets/{ID}-<slug>")
@public
def show(project_id: int, **_rest: str) -> str | Response:
    hidden = db.session.get(Project, project_id)
    if hidden and hidden.is_hidden and not queries.may_see(current_actor(), hidden):
        return Response(render_template("projects/hidden.html"), 410)
    project = seen_project(project_id)
    address = url_for("projects.show", project_id=project_id, slug=slug(project.title))
    if request.path != address:
        return redirect(address, 301 if project.is_public else 302)  # type: ignore[return-value]
    return render_template("projects/show.html", **Showing(project, current_actor(), events_of(project.on)).values())


@pages.post(f"/projets/{ID}/suivre")
@signed_in
def follow(project_id: int) -> Any:
    is_following = request.form.get("suivre") == "oui"
    services.follow(current_actor(), seen_project(project_id).id, is_following=is_following)
    flash(
        _("Vous recevrez les nouvelles par courriel.") if is_following else _("Vous ne recevrez plus les nouvelles."), "success"
    )
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.post(f"/projets/{ID}/etape/<action>")
@signed_in
def take_step(project_id: int, action: str) -> Any:
    """A step that asks nothing, or a reason only."""
    project = seen_project(project_id)
    step = project.rules.lifecycle.step(action)
    if step is None or step.has_own_page:
        abort(404)
    reason = clean(request.form.get("reason"))[:1000]
    try:
        services.take(current_actor(), project_id, action, reason=reason)
    except Invalid as error:
        values = Showing(seen_project(project_id), current_actor(), events_of(f"project:{project_id}")).values()
        return render_template("projects/show.html", **values | {"refused": {action: (reason, error.message)}}), 422
    flash(_("C’est fait."), "success")
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.get(f"/projets/{ID}/documents/<int(max=2147483647):attachment_id>")
@public
def document(project_id: int, attachment_id: int) -> Response:
    """Photos are for all who see the project; quotes, receipts and other papers only for its team and who reviews it."""
    project = seen_project(project_id)
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is None or attachment.project_id != project_id:
        abort(404)
    if not queries.may_open(current_actor(), project, attachment):
        abort(404)
    return serving.respond(attachment.document, thumbnail="vignette" in request.args)


@pages.get("/mon-espace")
@signed_in
def desk() -> str:
    """What waits for me, my projects, those I follow."""
    actor = current_actor()
    followed = listing.rows(Project.id.in_(db.select(Follow.project_id).where(Follow.person_id == actor.person_id)), limit=50)
    return render_template(
        "projects/desk.html",
        waiting=listing.waiting_for(actor),
        mine=listing.borne_by(actor),
        followed=followed,
        helped=listing.helped_by(actor),
    )
