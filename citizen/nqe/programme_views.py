"""Pages of a programme: a date that comes back, a file loaded or taken away, what stands in the way, equipment shared for the summer."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.kernel.findings import Invalid
from citizen.nqe import equipment, forms, programme, team_forms
from citizen.nqe.editing import summer_project, written
from citizen.nqe.feed import calendar_of
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.queries import borrowers
from citizen.nqe.registration_models import THINGS, Equipment
from citizen.people.queries import organisations_of
from citizen.projects.queries import may_read_papers
from citizen.projects.views import ID
from citizen.web import sheets
from citizen.web.access import current_actor, public, signed_in
from citizen.web.filters import say
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter
from citizen.web.views import settings

pages = Blueprint("programme", __name__)
NUMBER = "<int(max=2147483647):number>"


# --- A date that comes back ---


@pages.route(f"/nqe/{ID}/programme/<int(max=2147483647):event_id>/repeter", methods=["GET", "POST"])
@signed_in
def repeat(project_id: int, event_id: int) -> Any:
    """Every Wednesday until the end of August, in one go."""
    project, form = written(project_id), team_forms.RepeatForm()
    event = next((each for each in project.programme if each.id == event_id), None) or abort(404)
    if form.is_posted:
        made = form.submit_to(lambda: programme.repeat(
            current_actor(), project_id, event_id, every_days=int(form.every.data or 7), until=form.until.data))  # fmt: skip
        if made:
            flash(_("Les dates sont au programme : changez ou retirez celles qui ne vont pas."), "success")
            return redirect(url_for("nqe.programme", project_id=project_id), 303)
    values = {"project": summer_project(project_id), "event": event, "form": form}
    return render_template("nqe/repeat.html", **values), 422 if form.is_posted else 200


# --- A file ---


@pages.route(f"/nqe/{ID}/programme/fichier", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)
@signed_in
def load(project_id: int) -> Any:
    """Sends a file, then shows what was read: nothing is in the programme yet."""
    written(project_id)
    form: Any = team_forms.FileForm()
    if form.is_posted:

        def read() -> bool:
            programme.read_file(current_actor(), project_id, form.file.data.stream, form.file.data.filename or "")
            return True

        if form.submit_to(read):
            return redirect(request.path, 303)
    project = summer_project(project_id)
    return render_template(
        "nqe/load.html", project=project, form=form, found=programme.waiting_file(project_id), kinds=forms.KIND_LABELS
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"/nqe/{ID}/programme/fichier/<any(ajouter,oublier):act>")
@signed_in
def settle_file(project_id: int, act: str) -> Any:
    """Adds every date that was shown, or forgets the file."""
    written(project_id)
    if act == "oublier":
        programme.forget_file(current_actor(), project_id)
        return redirect(url_for("programme.load", project_id=project_id), 303)
    try:
        programme.load_file(current_actor(), project_id)
    except Invalid as error:
        flash(error.message, "error")
        return redirect(url_for("programme.load", project_id=project_id), 303)
    flash(_("Toutes les dates du fichier sont au programme."), "success")
    return redirect(url_for("nqe.programme", project_id=project_id), 303)


def heads() -> list[str]:
    """The columns, as the model and the export have them."""
    return [_("Titre"), _("Jour"), _("Début"), _("Fin"), _("Lieu"), _("Quartier"), _("Genre"), _("Public"), _("Temps fort"),
            _("Accessible"), _("Repli"), _("Places"), _("Autorisation"), _("À savoir"), _("Latitude"), _("Longitude")]  # fmt: skip


def _cells(event: ProgrammeEvent) -> list[sheets.Cell]:
    yes = {True: _("oui"), False: _("non")}
    return [
        event.title, f"{event.on:%d/%m/%Y}", f"{event.starts_at:%H:%M}", f"{event.ends_at:%H:%M}" if event.ends_at else "",
        event.place, event.perimeter.name if event.perimeter else "", str(forms.KIND_LABELS[event.kind]),
        str(forms.AUDIENCE_LABELS[event.audience]), yes[event.is_highlight], yes[event.is_accessible], event.fallback,
        event.capacity, str(forms.PERMIT_LABELS[event.permit]), event.details,
        "" if event.lat is None else f"{event.lat}", "" if event.lon is None else f"{event.lon}",
    ]  # fmt: skip


@pages.get("/nqe/modele-de-programme.csv")
@public
def model() -> Response:
    """An empty sheet with its columns."""
    return sheets.csv(_("Modèle de programme"), heads(), [])


@pages.get(f"/nqe/{ID}/programme.<any(csv,ics):suffix>")
@signed_in
def file(project_id: int, suffix: str) -> Response:
    """The programme taken away, in the columns that can be loaded again or as a calendar."""
    project = summer_project(project_id)
    if not may_read_papers(current_actor(), project):
        abort(404)
    if suffix == "csv":
        return sheets.csv(project.title, heads(), [_cells(event) for event in project.programme])
    base = settings().base_url.rstrip("/")
    page = base + url_for("projects.show", project_id=project_id)
    whole = b"".join(calendar_of(project.programme, base=base, address=lambda _event: page))
    return Response(whole, mimetype="text/calendar")


# --- Shared equipment ---


@pages.get("/nqe/materiel")
@signed_in
def board() -> Any:
    """What can be borrowed for the summer."""
    kind = request.args.get("genre", "")
    mine = organisations_of(current_actor().person_id)
    return render_template("nqe/board.html", things=equipment.board(kind), kinds=THINGS, kind=kind, may_lend=bool(mine))


@pages.route("/nqe/materiel/preter", methods=["GET", "POST"])
@signed_in
def lend() -> Any:
    """An organisation puts something on the board."""
    return _thing_page(None, team_forms.ThingForm())


@pages.route(f"/nqe/materiel/{NUMBER}/modifier", methods=["GET", "POST"])
@signed_in
def change_thing(number: int) -> Any:
    found = _lent(number)
    return _thing_page(number, team_forms.ThingForm(obj=found, organisation=found.organisation_id))


def _thing_page(number: int | None, form: Any) -> Any:
    mine = organisations_of(current_actor().person_id)
    form.organisation.choices = options((one.id, one.name) for one in mine)
    if form.is_posted:

        def offer() -> Equipment:
            values = {name: form[name].data for name in ("kind", "label", "quantity", "place", "conditions")}
            return equipment.offer(current_actor(), number, form.organisation.data, values)

        if form.submit_to(offer):
            flash(_("C’est sur le tableau du matériel."), "success")
            return redirect(url_for("programme.board"), 303)
    values = {"form": form, "is_new": number is None, "has_organisation": bool(mine)}
    return render_template("nqe/lend.html", **values), 422 if form.is_posted else 200


def _lent(number: int) -> Equipment:
    found = equipment.thing(number) or abort(404)
    if not equipment.lends(current_actor(), found.organisation_id):
        abort(403)
    return found


@pages.route(f"/nqe/materiel/{NUMBER}", methods=["GET", "POST"])
@signed_in
def thing(number: int) -> Any:
    """One thing: how many are left each day, and booking it for a project of one's own."""
    found = equipment.thing(number) or abort(404)
    form, mine = team_forms.BookForm(), borrowers(current_actor())
    form.project.choices = options((one.id, one.title) for one in mine)
    if form.is_posted:

        def book() -> bool:
            days = {"first": form.first.data, "last": form.last.data}
            equipment.book(current_actor(), number, form.project.data, quantity=form.quantity.data, **days)
            return True

        if form.submit_to(book):
            flash(_("C’est réservé : le propriétaire est prévenu."), "success")
            return redirect(url_for("programme.thing", number=number), 303)
        found = equipment.thing(number) or abort(404)
    lends = equipment.lends(current_actor(), found.organisation_id)
    shown = {"thing": found, "form": form, "taken": equipment.taken(number, clock.today()), "kind": say(THINGS[found.kind])}
    booked = [one for one in equipment.bookings(equipment_id=number) if lends or one.project_id in {each.id for each in mine}]
    return render_template("nqe/thing.html", lends=lends, mine=mine, bookings=booked, **shown), 422 if form.is_posted else 200


@pages.post(f"/nqe/materiel/{NUMBER}/<any(retirer,remettre):act>")
@signed_in
def withdraw(number: int, act: str) -> Any:
    _lent(number)
    equipment.withdraw(current_actor(), number, is_withdrawn=act == "retirer")
    return redirect(url_for("programme.thing", number=number), 303)


@pages.post(f"/nqe/materiel/{NUMBER}/rendre")
@signed_in
def give_back(number: int) -> Any:
    """What was booked and is not needed any more."""
    equipment.thing(number) or abort(404)
    form = team_forms.GiveBackForm()
    days = {"first": form.first.data, "last": form.last.data}
    if form.done(lambda: equipment.release(current_actor(), number, form.project.data, **days)):
        flash(_("C’est rendu : d’autres peuvent réserver."), "success")
    return redirect(url_for("programme.thing", number=number), 303)
