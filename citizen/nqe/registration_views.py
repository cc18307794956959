"""Pages around a registration: the steering group, links to partners and for opinions, the Region's instruction."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.kernel.access import Role
from citizen.nqe import queries, registration, team_forms
from citizen.nqe.editing import summer_project, written
from citizen.nqe.registration_models import LEVELS
from citizen.projects import queries as projects
from citizen.projects.services import judge
from citizen.projects.views import ID
from citizen.projects.writing import section
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("registration", __name__)
THREE_YEARS = timedelta(days=3 * 365)


@pages.route(f"/nqe/{ID}/pilotage", methods=["GET", "POST"])
@signed_in
def steering(project_id: int) -> Any:
    """The residents who steer, and whom the summer is for."""
    project = written(project_id)
    form = team_forms.SteeringForm(obj=project)

    def change(kept: Any) -> None:
        kept.steering_residents, kept.steering = form.steering_residents.data, form.steering.data
        kept.publics, kept.expected_people = form.publics.data or [], form.expected_people.data

    return section(project, form, "nqe/steering.html", change)


# --- Partners ---


@pages.route(f"/nqe/{ID}/partenaires/<int(max=2147483647):number>/demander", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
@signed_in
def ask_partner(project_id: int, number: int) -> Any:
    """Sends a link, in place of the one before."""
    project = written(project_id)
    found = next((one for one in project.partners if one.id == number), None) or abort(404)
    form = team_forms.AskForm(email=found.email)
    if form.done(lambda: registration.ask_partner(current_actor(), project_id, number, form.email.data or "")):
        flash(_("Le lien part. Il sert une fois, pendant quinze jours."), "success")
        return redirect(url_for("nqe.partners", project_id=project_id), 303)
    project = summer_project(project_id)
    values = {"project": project, "form": form, "partner": next((one for one in project.partners if one.id == number), found)}
    return render_template("nqe/ask_partner.html", **values), 422 if form.is_posted else 200


@pages.route("/nqe/partenariat/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def partner(token: str) -> Any:
    """A partner says yes or no, without an account. Looking changes nothing."""
    found = registration.asked_partner(token)
    if found is None:
        return render_template("people/dead_link.html"), 410
    form = team_forms.WordForm()
    answer: Any = {"is_agreed": request.form.get("reponse") == "oui", "signed_by": form.signed_by.data or ""}
    if "reponse" in request.form and form.done(lambda: registration.answer_partner(token, **answer)):
        return render_template("nqe/thanks.html", words=_("L’équipe du projet connaît votre réponse."))
    values = {"partner": found, "project": registration.project_of(found), "form": form}
    return render_template("nqe/partner.html", **values), 422 if form.is_posted else 200


# --- Opinions ---


@pages.post(f"/nqe/{ID}/instruction/avis")
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)
@duty(Role.REGION_OFFICER)
def ask_opinion(project_id: int) -> Any:
    """Asks a commune or an intermunicipality by a link, until a day."""
    judge(current_actor(), summer_project(project_id), "instruct")
    form = team_forms.AskOpinionForm()
    values = {name: form[name].data for name in ("level", "body", "email", "due_on")}
    if form.submit_to(lambda: registration.ask_opinion(current_actor(), project_id, **values)):
        flash(_("La demande d’avis part."), "success")
        return redirect(url_for("registration.instruct", project_id=project_id) + "#avis", 303)
    return _instruction(project_id, None, form, 422)


@pages.route("/nqe/avis/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def opinion(token: str) -> Any:
    """What a commune or an intermunicipality thinks, without an account; the file's main lines are there to read."""
    found = registration.asked_opinion(token)
    if found is None:
        return render_template("people/dead_link.html"), 410
    form = team_forms.OpinionForm()
    values = {"words": form.words.data or "", "signed_by": form.signed_by.data or ""}
    if form.done(lambda: registration.answer_opinion(token, outcome=form.outcome.data, **values)):
        return render_template("nqe/thanks.html", words=_("La Région et l’équipe du projet liront votre avis."))
    shown = {"opinion": found, "project": found.project, "form": form, "levels": LEVELS}
    return render_template("nqe/opinion.html", **shown), 422 if form.is_posted else 200


# --- Instruction ---


@pages.get("/nqe/editions/<int(max=9999):year>/instruction")
@duty(Role.REGION_OFFICER)
def desk(year: int) -> Any:
    """Every file of an edition: whose it is, which opinions are awaited, what is asked."""
    edition = queries.edition_of(year) or abort(404)
    return render_template("nqe/desk.html", edition=edition, rows=queries.lodged_in(edition))


@pages.route(f"/nqe/{ID}/instruction", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def instruct(project_id: int) -> Any:
    """Whose the file is, the grid, the opinions, what to remember."""
    project = summer_project(project_id)
    judge(current_actor(), project, "instruct")
    form = _reading_form(project)
    if form.is_posted:
        marks = {line: {"mark": mark.data or "", "words": words.data or ""} for line, mark, words in form.rows}
        kept = {"seen": form.seen.data or "", "officer_id": form.officer.data, "marks": marks, "words": form.words.data or ""}
        if form.done(lambda: registration.instruct(current_actor(), project_id, **kept)):
            flash(_("L’instruction est enregistrée."), "success")
            return redirect(request.path, 303)
    return _instruction(project_id, form, None, 422 if form.is_posted else 200)


def _reading_form(project: Any, **options: Any) -> Any:
    reading = project.reading
    values = {"officer": reading.officer_id, "words": reading.words, "seen": registration.stamp(reading)} if reading else {}
    marks = reading.marks if reading else {}
    return team_forms.reading_form(project.terms.reading_grid, registration.officers(), marks, options, **values)


def _instruction(project_id: int, form: Any, asking: Any, status: int) -> Any:
    project = summer_project(project_id)
    due = clock.today() + timedelta(days=project.terms.opinion_days)
    towns = {town.code: town for quarter in project.quarters for town in quarter.communes}
    bodies = sorted({town.name for town in towns.values()} | {
        one.name for quarter in project.quarters for one in quarter.intermunicipalities})  # fmt: skip
    return render_template(
        "nqe/instruct.html", project=project, form=form or _reading_form(project, formdata=None), bodies=bodies,
        asking=asking or team_forms.AskOpinionForm(formdata=None, due_on=due), levels=LEVELS,
        findings=projects.findings_for(project, "grant"), ready=projects.findings_for(project, "inscribe"),
        aids=queries.other_aids(project, clock.today() - THREE_YEARS),
    ), status  # fmt: skip
