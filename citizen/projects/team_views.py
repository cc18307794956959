"""Pages of the group: its people, their invitations, its helpers, its tasks, the bearer's place."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen.db import db
from citizen.kernel.lifecycle import Forbidden
from citizen.people import queries as people
from citizen.projects import helping, queries, services, tasks, team, team_forms, versions
from citizen.projects.models import Project
from citizen.projects.steering_models import TeamCount
from citizen.projects.steps import WRITERS
from citizen.projects.views import ID, seen_project
from citizen.web.access import current_actor, public, signed_in
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("team", __name__)
ROW = "<int(max=2147483647):number>"


def _group(project_id: int) -> Project:
    """The project, for its group and its helpers."""
    project = seen_project(project_id)
    if not queries.roles_on(current_actor(), project) & WRITERS:
        raise Forbidden("group")
    return project


def _borne(project_id: int) -> Project:
    """The project, for its bearer."""
    project = _group(project_id)
    if project.bearer_id != current_actor().person_id:
        raise Forbidden("bearer")
    return team.alive(project)


def _back(project_id: int, words: str = "") -> Response:
    if words:
        flash(words, "success")
    return redirect(url_for("team.group", project_id=project_id), 303)


def _page(template: str, project_id: int, form: Any, **values: Any) -> Any:
    return render_template(template, project=seen_project(project_id), form=form, **values), 422 if form.is_posted else 200


@pages.route(f"/projets/{ID}/groupe", methods=["GET", "POST"])
@signed_in
def group(project_id: int) -> Any:
    """Everything about the group on one page; a post adds a task."""
    project, form = _group(project_id), team_forms.TaskForm()
    form.offer(project)
    if form.is_posted:
        done = form.done(
            lambda: tasks.add(
                current_actor(), project_id, label=form.label.data or "",
                member_id=int(form.member.data) if form.member.data else None,
            )
        )  # fmt: skip
        if done:
            return _back(project_id)
    steps = {step.action for step in queries.open_steps(current_actor(), project)}
    return _page("projects/group.html", project_id, form, days=versions.days_of_writing(project), may_edit="edit" in steps,
                 is_bearer=current_actor().person_id == project.bearer_id)  # fmt: skip


@pages.post(f"/projets/{ID}/groupe/taches/{ROW}/<any('faite', 'a-faire', 'retirer'):act>")
@signed_in
def settle_task(project_id: int, number: int, act: str) -> Response:
    seen_project(project_id)
    tasks.settle(current_actor(), project_id, number, act)
    return _back(project_id)


@pages.route(f"/projets/{ID}/groupe/{ROW}", methods=["GET", "POST"])
@signed_in
def member(project_id: int, number: int) -> Any:
    """What the group says of one of its people."""
    project = _group(project_id)
    services.judge(current_actor(), project, "edit")
    form = team_forms.PersonForm(obj=_member(project, number))
    if form.done(lambda: team.change(current_actor(), project_id, number, **form.values)):
        return _back(project_id)
    return _page("projects/member.html", project_id, form)


@pages.route(f"/projets/{ID}/groupe/en-nombres", methods=["GET", "POST"])
@signed_in
def tell_people(project_id: int) -> Any:
    """How many women and young people bear the project, if the group wishes to say it."""
    project = _group(project_id)
    told = db.session.get(TeamCount, project_id)
    form = team_forms.PeopleForm(obj=told, **({} if told else {"people": max(1, len(project.team))}))
    values = {name: form[name].data for name in ("people", "women", "young")}
    if form.done(lambda: tasks.tell_people(current_actor(), project_id, **values)):
        return _back(project_id, _("C’est noté. Seuls des totaux de beaucoup de projets sont publiés."))
    return _page("projects/people_told.html", project_id, form)


def _member(project: Project, number: int) -> Any:
    return next((one for one in project.team if one.id == number), None) or abort(404)


@pages.route(f"/projets/{ID}/groupe/{ROW}/inviter", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def invite(project_id: int, number: int) -> Any:
    """Sends a link, in place of the one before."""
    named, form = _member(_borne(project_id), number), team_forms.InviteForm()
    if form.done(lambda: team.invite(current_actor(), project_id, number, form.email.data or "")):
        return _back(project_id, _("L’invitation part. Le lien sert une fois, pendant quinze jours."))
    return _page("projects/invite.html", project_id, form, member=named)


@pages.post(f"/projets/{ID}/groupe/invitations/{ROW}/annuler")
@signed_in
def cancel_invitation(project_id: int, number: int) -> Response:
    _borne(project_id)
    team.cancel_invitation(current_actor(), project_id, number)
    return _back(project_id, _("L’invitation est annulée : son lien ne sert plus."))


@pages.post(f"/projets/{ID}/groupe/{ROW}/transmettre")
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def offer_place(project_id: int, number: int) -> Response:
    _borne(project_id)
    team.offer_place(current_actor(), project_id, number)
    return _back(project_id, _("Votre proposition est partie. Rien ne change avant sa réponse."))


@pages.post(f"/projets/{ID}/groupe/place/<any(accepter, refuser):word>")
@signed_in
def answer_place(project_id: int, word: str) -> Response:
    seen_project(project_id)
    team.answer_place(current_actor(), project_id, is_accepted=word == "accepter")
    return _back(project_id, _("C’est noté."))


@pages.post(f"/projets/{ID}/groupe/quitter")
@signed_in
def leave(project_id: int) -> Response:
    seen_project(project_id)
    team.leave(current_actor(), project_id)
    flash(_("Vous ne faites plus partie de l’équipe."), "success")
    return redirect(url_for("projects.desk"), 303)


# --- Helpers ---


@pages.route(f"/projets/{ID}/aider", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def offer_help(project_id: int) -> Any:
    """Somebody who is not of the project offers to write with the group."""
    project, form = seen_project(project_id), team_forms.OfferForm()
    if not helping.may_offer(current_actor(), project):
        raise Forbidden("help")
    if form.done(lambda: helping.offer(current_actor(), project_id, quality=form.quality.data or "")):
        flash(_("Votre proposition est partie. L’équipe répond oui ou non."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return _page("projects/offer_help.html", project_id, form)


@pages.route(f"/projets/{ID}/groupe/aides/inviter", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def invite_helper(project_id: int) -> Any:
    _borne(project_id)
    form = team_forms.HelperForm(words=_usual_words())
    values = {name: form[name].data for name in ("name", "quality", "words", "email")}
    if form.done(lambda: helping.invite(current_actor(), project_id, **values)):
        return _back(project_id, _("L’invitation part. Le lien sert une fois, pendant quinze jours."))
    return _page("projects/invite_helper.html", project_id, form)


@pages.route(f"/projets/{ID}/groupe/aides/{ROW}/accord", methods=["GET", "POST"])
@signed_in
def consent(project_id: int, number: int) -> Any:
    """The group's yes to an offer."""
    project = _borne(project_id)
    helper = next((one for one in project.helpers if one.id == number and one.ended_at is None), None) or abort(404)
    form = team_forms.ConsentForm(words=_usual_words())
    if form.done(lambda: helping.consent(current_actor(), project_id, number, words=form.words.data or "")):
        return _back(project_id, _("L’accord du groupe est enregistré."))
    return _page("projects/consent.html", project_id, form, helper=helper)


def _usual_words() -> str:
    return _("Nous en avons parlé ensemble : nous sommes d’accord pour que cette personne écrive avec nous dans notre dossier.")


@pages.post(f"/projets/{ID}/groupe/aides/{ROW}/arreter")
@signed_in
def stop_help(project_id: int, number: int) -> Response:
    seen_project(project_id)
    helping.stop(current_actor(), project_id, number)
    flash(_("C’est noté : l’accès au dossier est fermé."), "success")
    still = queries.roles_on(current_actor(), seen_project(project_id)) & WRITERS
    return _back(project_id) if still else redirect(url_for("projects.desk"), 303)


# --- The mailed link ---


@pages.route("/invitations/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def invitation(token: str) -> Any:
    """Opens without an account; one signs in or up and comes back. Looking changes nothing."""
    found, actor = team.open_invitation(token), current_actor()
    if found is None:
        return render_template("people/dead_link.html"), 410
    if request.method == "POST" and request.form.get("reponse") == "non":
        team.decline(token)
        flash(_("C’est noté : vous ne faites pas partie de ce projet."), "success")
        return redirect(url_for("region.home"), 303)
    is_theirs = actor.is_signed_in and people.person(actor).email == found.email
    if request.method == "POST" and is_theirs:
        return _back(team.accept(actor, token).id, _("Bienvenue dans le projet !"))
    return render_template(
        "projects/invitation.html", invitation=found, project=team.invited_to(found), is_theirs=is_theirs, here=request.path
    ), 403 if request.method == "POST" else 200  # fmt: skip
