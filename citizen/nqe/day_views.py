"""The day itself, for the team: today's dates, plan B in one tap, places, counts, pictures, what went wrong; the report's own page."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.nqe import day_forms as forms
from citizen.nqe import live
from citizen.nqe.editing import summer_project
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.views import pages
from citizen.projects.report_forms import PictureForm
from citizen.projects.services import judge
from citizen.projects.views import ID
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import Form
from citizen.web.security import SLOW_DOWN, limiter
from citizen.web.sheets import csv

DAY = f"/nqe/{ID}/jour/<int(max=2147483647):event_id>"


def _held(project_id: int) -> NqeProject:
    """The project, when the visitor may hold its days now."""
    project = summer_project(project_id)
    judge(current_actor(), project, "hold_day")
    return project


def _date(project: NqeProject, event_id: int) -> ProgrammeEvent:
    return next((event for event in project.programme if event.id == event_id), None) or abort(404)


@pages.get(f"/nqe/{ID}/jour")
@signed_in
def days(project_id: int) -> str:
    """Today's dates, then those to come and those held."""
    project, today = _held(project_id), clock.today()
    found = live.lived(project)
    return render_template("nqe/days.html", project=project, parts=[
        (_("Aujourd’hui"), [pair for pair in found if pair[0].on == today]),
        (_("À venir"), [pair for pair in found if pair[0].on > today]),
        (_("Passées"), [pair for pair in reversed(found) if pair[0].on < today]),
    ])  # fmt: skip


@pages.get(DAY)
@signed_in
def day(project_id: int, event_id: int) -> str:
    return _page(project_id, event_id)


def _page(project_id: int, event_id: int, **given: Form) -> str:
    """One date on one page, with the form that was refused among the others."""
    project = _held(project_id)
    event = _date(project, event_id)
    around, bookings, incidents = live.around(event)
    seating = forms.PlacesForm(formdata=None, takes_bookings=bool(around and around.takes_bookings), capacity=event.capacity)
    shown = {
        "count": forms.CountForm(formdata=None, participants=around.participants if around else None),
        "seating": seating, "calling": forms.TelephoneForm(formdata=None), "incident": forms.IncidentForm(formdata=None), "picture": PictureForm(formdata=None),
    }  # fmt: skip
    return render_template(
        "nqe/day.html", project=project, event=event, around=around, bookings=bookings, incidents=incidents,
        labels=forms.INCIDENTS, today=clock.today(), **shown | given,
    )  # fmt: skip


def _take(project_id: int, event_id: int, name: str, form: Any, act: Callable[[], Any], done: str) -> Any:
    """Takes one form of the page; refused, it comes back as it was filled."""
    _date(_held(project_id), event_id)
    if form.done(act):
        flash(done, "success")
        return redirect(url_for("nqe.day", project_id=project_id, event_id=event_id), 303)
    return _page(project_id, event_id, **{name: form}), 422


@pages.post(f"{DAY}/plan/<any(prevu,pluie,chaleur):kind>")
@signed_in
@limiter.limit("30 per hour", error_message=SLOW_DOWN)  # letters leave
def shelter(project_id: int, event_id: int, kind: str) -> Any:
    """Plan B in one tap, or back to what was planned."""
    _date(_held(project_id), event_id)
    live.shelter(current_actor(), project_id, event_id, {"prevu": "", "pluie": "rain", "chaleur": "heat"}[kind])
    flash(_("C’est dit : celles et ceux qui suivent ou ont réservé sont prévenus."), "success")
    return redirect(url_for("nqe.day", project_id=project_id, event_id=event_id), 303)


@pages.post(f"{DAY}/compte")
@signed_in
def count(project_id: int, event_id: int) -> Any:
    form = forms.CountForm()
    return _take(project_id, event_id, "count", form, lambda: live.count(
        current_actor(), project_id, event_id, form.participants.data), _("C’est compté."))  # fmt: skip


@pages.post(f"{DAY}/places")
@signed_in
@limiter.limit("30 per hour", error_message=SLOW_DOWN)
def places(project_id: int, event_id: int) -> Any:
    """Opens or shuts booking; more places move the waiting list up."""
    form = forms.PlacesForm()
    return _take(project_id, event_id, "seating", form, lambda: live.open_bookings(
        current_actor(), project_id, event_id, takes_bookings=form.takes_bookings.data, capacity=form.capacity.data,
    ), _("C’est enregistré."))  # fmt: skip


@pages.post(f"{DAY}/incident")
@signed_in
@limiter.limit("30 per hour", error_message=SLOW_DOWN)
def incident(project_id: int, event_id: int) -> Any:
    form = forms.IncidentForm()
    return _take(project_id, event_id, "incident", form, lambda: live.note_incident(
        current_actor(), project_id, event_id, kind=form.kind.data, words=form.words.data,
        label=str(forms.INCIDENTS[form.kind.data])), _("C’est noté, et la Région est prévenue."))  # fmt: skip


@pages.route(f"{DAY}/incident/<int(max=2147483647):number>", methods=["GET", "POST"])
@signed_in
def change_incident(project_id: int, event_id: int, number: int) -> Any:
    """Writes an incident better."""
    event = _date(_held(project_id), event_id)
    found = live.incident_of(event_id, number) or abort(404)
    form, back = forms.IncidentCorrectionForm(obj=found), url_for("nqe.day", project_id=project_id, event_id=event_id)
    if form.done(lambda: live.correct_incident(
        current_actor(), project_id, event_id, number, kind=form.kind.data, words=form.words.data,
        label=str(forms.INCIDENTS[form.kind.data]),
    )):  # fmt: skip
        flash(_("C’est corrigé, et la Région est prévenue."), "success")
        return redirect(back + "#incidents", 303)
    removal = url_for("nqe.remove_incident", project_id=project_id, event_id=event_id, number=number)
    return render_template(
        "nqe/correct.html", project=summer_project(project_id), title=_("Corriger un incident"), about=event.title, form=form,
        back=back, removal=removal,
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"{DAY}/incident/<int(max=2147483647):number>/retirer")
@signed_in
def remove_incident(project_id: int, event_id: int, number: int) -> Any:
    _date(_held(project_id), event_id)
    live.remove_incident(current_actor(), project_id, event_id, number)
    flash(_("L’incident est retiré."), "success")
    return redirect(url_for("nqe.day", project_id=project_id, event_id=event_id) + "#incidents", 303)


@pages.post(f"{DAY}/reserver")
@signed_in
def book_for(project_id: int, event_id: int) -> Any:
    """The team books for somebody who telephones."""
    form = forms.TelephoneForm()
    return _take(project_id, event_id, "calling", form, lambda: live.book_for(
        current_actor(), project_id, event_id, first_name=(form.first_name.data or "").strip(),
        telephone=forms.telephone(form.contact.data or "") or "", people=form.people.data or 1,
    ), _("C’est noté dans la liste, dans l’ordre d’arrivée."))  # fmt: skip


@pages.post(f"{DAY}/reservations/<int(max=2147483647):number>/annuler")
@signed_in
def cancel_for(project_id: int, event_id: int, number: int) -> Any:
    """The team gives back the places of somebody without an e-mail."""
    _date(_held(project_id), event_id)
    live.cancel_for(current_actor(), project_id, event_id, number)
    flash(_("C’est annulé : la place est rendue, et la liste d’attente avance."), "success")
    return redirect(url_for("nqe.day", project_id=project_id, event_id=event_id) + "#places", 303)


@pages.post(f"{DAY}/photo")
@signed_in
def picture(project_id: int, event_id: int) -> Any:
    """A picture, kept for the report, with the consent of who can be recognised."""
    form: Any = PictureForm()
    return _take(project_id, event_id, "picture", form, lambda: live.add_picture(
        current_actor(), project_id, event_id, stream=form.file.data.stream, filename=form.file.data.filename,
        caption=form.caption.data, shows_people=form.shows_people.data == "yes", has_consent=form.has_consent.data,
        consent_kept_by=form.consent_kept_by.data or ""), _("Photo ajoutée : elle est déjà dans le bilan."))  # fmt: skip


@pages.get(f"{DAY}/reservations.csv")
@signed_in
def bookings(project_id: int, event_id: int) -> Response:
    """Who booked, for the welcome table; for the team alone."""
    event = _date(_held(project_id), event_id)
    rows = [
        (rank, booking.name, booking.people, booking.contact, _("réservé") if booking.is_held else _("liste d’attente"))
        for rank, booking in enumerate(live.around(event)[1], 1)
    ]
    response = csv(
        _("Réservations : %(title)s", title=event.title), (_("Rang"), _("Nom"), _("Personnes"), _("Contact"), _("Place")), rows
    )
    response.headers["Cache-Control"] = "no-store"
    return response
