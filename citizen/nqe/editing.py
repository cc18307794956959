"""Pages of one project of the summer: what the association writes, what the Region decides, what changes on the day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotReady
from citizen.nqe import equipment, forms, registration, services, team_forms
from citizen.nqe.eco_grid import eco_lines
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.programme import COPIED, clashes
from citizen.nqe.registration_models import MARKS
from citizen.nqe.views import pages
from citizen.places.queries import quarter_choices
from citizen.projects import queries as projects
from citizen.projects.services import judge
from citizen.projects.views import ID, seen_project
from citizen.projects.writing import form_page, section, writable
from citizen.web.access import current_actor, duty, signed_in
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter

EVENT = f"/nqe/{ID}/programme/<int(max=2147483647):event_id>"
WEEK = timedelta(days=7)


def summer_project(project_id: int) -> NqeProject:
    """The project, when it is one of the summer and the visitor may know it; else 404."""
    project = seen_project(project_id)
    if not isinstance(project, NqeProject):
        abort(404)
    return project


def written(project_id: int) -> NqeProject:
    """The same, when the visitor may write in it now."""
    project = summer_project(project_id)
    writable(project_id)
    return project


@pages.route(f"/nqe/{ID}/principes", methods=["GET", "POST"])
@signed_in
def principles(project_id: int) -> Any:
    """The four principles: theme, highlights, with residents, eco-responsible."""
    project = written(project_id)
    edition = project.edition
    axes = edition.theme_axes if edition else ()
    form = forms.principles_form(axes, project.terms, data=_known_answers(project, axes))

    def change(kept: Any) -> None:
        kept.theme_links = {axis: field.data for axis, field in form.links if field.data}
        kept.eco_scores = {title: int(field.data) for title, field in form.lines if field.data}
        kept.design, kept.delivery, kept.evaluation = form.design.data, form.delivery.data, form.evaluation.data
        kept.is_free, kept.is_already_funded = forms.answered(form.free.data), forms.answered(form.funded.data)
        kept.derogation = form.derogation.data

    return section(project, form, "nqe/principles.html", change, edition=edition)


def _known_answers(project: NqeProject, axes: tuple[str, ...]) -> dict[str, Any]:
    scores = [project.eco_scores.get(line.title) for line in eco_lines(project.terms.eco_grid)]
    return {
        **{name: getattr(project, name) for name in ("design", "delivery", "evaluation", "derogation")},
        "free": forms.yes_no(project.is_free), "funded": forms.yes_no(project.is_already_funded),
        **{f"axis_{number}": project.theme_links.get(axis, "") for number, axis in enumerate(axes)},
        **{f"line_{number}": None if score is None else str(score) for number, score in enumerate(scores)},
    }  # fmt: skip


@pages.route(f"/nqe/{ID}/partenaires", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)  # with an address, a link leaves
@signed_in
def partners(project_id: int) -> Any:
    """Who makes it together, and in which quarters."""
    project, form = written(project_id), team_forms.PartnerForm()
    if form.is_posted:
        values = {"name": form.name.data, "role": form.role.data, "has_agreed": form.has_agreed.data,
                  "share_cents": form.share.data, "email": form.email.data or ""}  # fmt: skip
        if form.submit_to(registration.add_partner, current_actor(), project_id, **values):
            return redirect(request.path, 303)
    return _partners_page(project, form, _quarter_form())


@pages.post(f"/nqe/{ID}/quartiers")
@signed_in
def quarters(project_id: int) -> Any:
    """One more quarter."""
    project, form = written(project_id), _quarter_form()
    if form.submit_to(services.add_quarter, current_actor(), project_id, form.quarter.data):
        return redirect(url_for("nqe.partners", project_id=project_id) + "#quartiers", 303)
    return _partners_page(project, team_forms.PartnerForm(formdata=None), form)


def _partners_page(project: NqeProject, form: Any, quarter_form: Any) -> Any:
    template, status = "nqe/partners.html", 422 if request.method == "POST" else 200
    return form_page(seen_project(project.id), template, status, form=form, quarter_form=quarter_form)


def _quarter_form() -> forms.QuarterForm:
    form = forms.QuarterForm()
    form.quarter.choices = options(quarter_choices())
    return form


@pages.post(f"/nqe/{ID}/partenaires/<int(max=2147483647):number>/<any(retirer,accord,desaccord):act>")
@signed_in
def change_partner(project_id: int, number: int, act: str) -> Any:
    written(project_id)
    if act == "retirer":
        registration.remove_partner(current_actor(), project_id, number)
    else:
        registration.set_agreement(current_actor(), project_id, number, has_agreed=act == "accord")
    return redirect(url_for("nqe.partners", project_id=project_id), 303)


@pages.post(f"/nqe/{ID}/quartiers/<int(max=2147483647):number>/retirer")
@signed_in
def remove_quarter(project_id: int, number: int) -> Any:
    written(project_id)
    try:
        services.remove_quarter(current_actor(), project_id, number)
    except Invalid as error:
        flash(error.message, "error")
    return redirect(url_for("nqe.partners", project_id=project_id) + "#quartiers", 303)


@pages.get(f"/nqe/{ID}/programme")
@signed_in
def programme(project_id: int) -> Any:
    """The dates: written while the file is, then moved or cancelled once it is granted."""
    project = summer_project(project_id)
    if "change_date" in {step.action for step in projects.open_steps(current_actor(), project)}:
        return render_template("nqe/dates.html", project=project)
    return form_page(
        writable(project_id), "nqe/programme.html", clashes=clashes(project), booked=equipment.bookings(project_id=project_id)
    )


@pages.route(f"/nqe/{ID}/programme/nouvelle", methods=["GET", "POST"])
@signed_in
def new_date(project_id: int) -> Any:
    """One more date, empty or copied from another one a week later."""
    project = written(project_id)
    copied = next((each for each in project.programme if str(each.id) == request.args.get("copie")), None)
    values = {name: getattr(copied, name) for name in COPIED} | {"on": copied.on + WEEK} if copied else {}
    return _date_page(project, None, forms.DateForm(data=values))


@pages.route(EVENT, methods=["GET", "POST"])
@signed_in
def edit_date(project_id: int, event_id: int) -> Any:
    project = written(project_id)
    return _date_page(project, event_id, forms.DateForm(obj=_date_of(project, event_id)))


def _date_page(project: NqeProject, event_id: int | None, form: Any) -> Any:
    own = [(quarter.id, quarter.name) for quarter in project.quarters]
    form.perimeter_id.choices = options([("", _("Ailleurs, ou pas encore choisi")), *own])
    if form.is_posted:
        values = {name: form[name].data for name in ("on", *COPIED)}
        event = form.submit_to(services.write_date, current_actor(), project.id, event_id, **values)
        if event:
            flash(_("La date est dans le programme."), "success")
            if "another" in request.form:
                return redirect(url_for("nqe.new_date", project_id=project.id, copie=event.id), 303)
            return redirect(url_for("nqe.programme", project_id=project.id), 303)
    return render_template(
        "nqe/date.html", project=summer_project(project.id), form=form, is_new=event_id is None
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"{EVENT}/retirer")
@signed_in
def remove_date(project_id: int, event_id: int) -> Any:
    written(project_id)
    services.remove_date(current_actor(), project_id, event_id)
    return redirect(url_for("nqe.programme", project_id=project_id), 303)


@pages.route(f"{EVENT}/deplacer", methods=["GET", "POST"])
@signed_in
def move_date(project_id: int, event_id: int) -> Any:
    event = _changed(project_id, event_id)
    form = forms.MoveForm(data={name: getattr(event, name) for name in ("on", "starts_at", "ends_at", "place")})
    return _changed_page(project_id, event, form, "nqe/move_date.html", lambda: services.move_date(
        current_actor(), project_id, event_id, on=form.on.data, starts_at=form.starts_at.data, ends_at=form.ends_at.data,
        place=form.place.data, note=form.note.data))  # fmt: skip


@pages.route(f"{EVENT}/annuler", methods=["GET", "POST"])
@signed_in
def cancel_date(project_id: int, event_id: int) -> Any:
    event, form = _changed(project_id, event_id), forms.CancelForm()
    return _changed_page(project_id, event, form, "nqe/cancel_date.html", lambda: services.cancel_date(
        current_actor(), project_id, event_id, note=form.note.data))  # fmt: skip


def _changed(project_id: int, event_id: int) -> ProgrammeEvent:
    project = summer_project(project_id)
    judge(current_actor(), project, "change_date")
    return _date_of(project, event_id)


def _changed_page(project_id: int, event: ProgrammeEvent, form: Any, template: str, act: Callable[[], Any]) -> Any:
    if form.is_posted and form.submit_to(act):
        flash(_("C’est publié : celles et ceux qui suivent le projet sont prévenus."), "success")
        return redirect(url_for("nqe.event", event_id=event.id), 303)
    return render_template(template, project=summer_project(project_id), event=event, form=form), 422 if form.is_posted else 200


def _date_of(project: NqeProject, event_id: int) -> ProgrammeEvent:
    event = next((each for each in project.programme if each.id == event_id), None)
    if event is None:
        abort(404)
    return event


@pages.route(f"/nqe/{ID}/decider", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def decide(project_id: int) -> Any:
    """What the Commission permanente decided: the aid with its amount, or the refusal; in session where the rules say so."""
    if summer_project(project_id).terms.has_committee:
        return redirect(url_for("passage.of_project", project_id=project_id), 303)
    form = forms.DecisionForm()

    def act() -> Any:
        written = {"reason": form.reason.data, "act_reference": form.act_reference.data}
        if form.outcome.data == "reject":
            return services.reject(current_actor(), project_id, **written)
        return services.grant(current_actor(), project_id, amount_cents=form.amount.data or 0, **written)

    return _region_page(project_id, "reject", form, "nqe/decide.html", act)


@pages.route(f"/nqe/{ID}/derogation", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def derogation(project_id: int) -> Any:
    form = forms.DerogationForm()
    return _region_page(project_id, "answer_derogation", form, "nqe/derogation.html", lambda: services.answer_derogation(
        current_actor(), project_id, is_granted=form.is_granted.data == "yes", reason=form.reason.data))  # fmt: skip


def _region_page(project_id: int, action: str, form: Any, template: str, act: Callable[[], Any]) -> Any:
    judge(current_actor(), summer_project(project_id), action)
    try:
        if form.is_posted and form.submit_to(act):
            flash(_("C’est fait : l’équipe est prévenue."), "success")
            return redirect(url_for("projects.show", project_id=project_id), 303)
    except NotReady as error:
        form.form_errors.append(_("Il manque : %(what)s.", what=", ".join(_(str(finding.title)) for finding in error.findings)))
    project = summer_project(project_id)
    values = {
        "marks": MARKS,
        "project": project,
        "form": form,
        "findings": projects.findings_for(project, "grant"),
    }
    return render_template(template, **values), 422 if form.is_posted else 200
