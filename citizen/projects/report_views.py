"""Pages where a team writes its final report, on a phone, in short pages that save themselves."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask import render_template as render
from flask_babel import gettext as _

from citizen.kernel.words import N_
from citizen.projects import ending, outturn, queries, recounting, services
from citizen.projects import report_forms as forms
from citizen.projects.models import Project
from citizen.projects.reports import COUNTS, FinalReport
from citizen.projects.views import ID, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.printing import paper as print_paper

pages = Blueprint("report", __name__)
SECTIONS = (
    ("report.when", N_("Quand et où")),
    ("report.people", N_("Les personnes")),
    ("report.spending", N_("Les dépenses")),
    ("report.story", N_("Le récit")),
)
LAST_SECTIONS = (("report.pictures", N_("Les photos")), ("report.send", N_("Relire et envoyer")))
WILL = {True: "yes", False: "no", None: ""}


def sections(project: Project) -> tuple[tuple[str, str], ...]:
    """The pages of the report, in order."""
    return (*SECTIONS, *project.report_sections, *LAST_SECTIONS)


def writable(project_id: int) -> Project:
    """The project, when the visitor may write its report now; Forbidden or NotNow otherwise."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, "write_report")
    return project


def told(project: Project) -> FinalReport:
    """What was written so far; blank pages when nothing was."""
    return project.report or FinalReport(points={}, place="")


def reading(project: Project) -> dict[str, Any]:
    """What every page that shows the report is given: its words, its account, what is due and what follows."""
    account = outturn.settle(project, outturn.eligible_cents(project))
    rows = outturn.rows(project)
    return {
        "project": project, "report": told(project), "rows": rows, "settled": account, "sentences": ending.consequence(project, account),
        "totals": outturn.totals(project), "bands": forms.BAND_LABELS,
    }  # fmt: skip


def page(project: Project, template: str, status: int = 200, **values: Any) -> tuple[str, int]:
    """A page of the report, with its stepper, what is missing and what is due."""
    shown = reading(project) | {"sections": sections(project), "findings": queries.findings_for(project, "report")}
    return render(template, **shown | values), status


def section(project: Project, form: Any, template: str, keep: Callable[[], Project], **values: Any) -> Any:
    """One page: shows its form, or keeps it and goes on; a draft that saves itself stays here."""
    if form.is_posted and form.submit_to(keep) is None:
        return page(seen_project(project.id), template, 422, form=form, **values)
    if form.is_posted and "X-Draft" not in request.headers:
        flash(_("Enregistré."), "success")
        known = [endpoint for endpoint, _label in sections(project)]
        return redirect(url_for(known[known.index(str(request.endpoint)) + 1], project_id=project.id), 303)
    return page(seen_project(project.id), template, form=form, **values)


@pages.route(f"/projets/{ID}/bilan", methods=["GET", "POST"])
@signed_in
def when(project_id: int) -> Any:
    project = writable(project_id)
    report = told(project)
    known = {"held_on": project.starts_on, "place": project.place} | project.counted
    form: Any = forms.WhenForm(held_on=report.held_on or known["held_on"], place=report.place or known["place"])
    return section(project, form, "projects/report_form.html", lambda: recounting.write(
        current_actor(), project_id, held_on=form.held_on.data, place=form.place.data or ""))  # fmt: skip


@pages.route(f"/projets/{ID}/bilan/personnes", methods=["GET", "POST"])
@signed_in
def people(project_id: int) -> Any:
    project = writable(project_id)
    report, known = told(project), project.counted
    form: Any = forms.PeopleForm(
        data={name: known.get(name) if (written := getattr(report, name)) is None else written for name in COUNTS}
    )
    counts = [name for name in COUNTS if name in form]
    return section(project, form, "projects/report_people.html", lambda: recounting.write(
        current_actor(), project_id, **{name: form[name].data for name in counts}))  # fmt: skip


@pages.route(f"/projets/{ID}/bilan/depenses", methods=["GET", "POST"])
@signed_in
def spending(project_id: int) -> Any:
    """Every line against the plan, with the total as it stands."""
    project = writable(project_id)
    rows = outturn.rows(project)
    form: Any = forms.spending_form(rows)
    return section(project, form, "projects/report_spending.html", lambda: recounting.tell_spending(
        current_actor(), project_id, {row.key: form[row.key].data for row in rows}))  # fmt: skip


@pages.route(f"/projets/{ID}/bilan/depenses/ajouter", methods=["GET", "POST"])
@signed_in
def add_line(project_id: int) -> Any:
    project = writable(project_id)
    form: Any = forms.LineForm(kind=forms.LINE_KINDS[0][0])

    def add() -> Project:
        side, nature = form.kind.data.split(":")
        return recounting.add_line(
            current_actor(), project_id, side=side, nature=nature, label=form.label.data, spent_cents=form.amount.data
        )

    if form.submit_to(add):
        return redirect(url_for("report.spending", project_id=project_id), 303)
    return page(seen_project(project.id), "projects/report_line.html", 422 if form.is_posted else 200, form=form)


@pages.route(f"/projets/{ID}/bilan/depenses/<key>", methods=["GET", "POST"])
@signed_in
def receipts(project_id: int, key: str) -> Any:
    """The tickets of one line, straight from the camera."""
    project = writable(project_id)
    form: Any = forms.ReceiptForm()

    def add() -> Project:
        chosen = form.chosen
        return recounting.add_receipt(current_actor(), project_id, key, stream=chosen.stream, filename=chosen.filename)

    _row(project, key)
    if form.submit_to(add):
        return redirect(request.path, 303)
    project = seen_project(project_id)
    return page(project, "projects/report_receipts.html", 422 if form.is_posted else 200, form=form, row=_row(project, key))


def _row(project: Project, key: str) -> outturn.Row:
    """The expense of this key; an income has no ticket."""
    found = next((row for row in outturn.rows(project) if row.key == key and row.account.side == "expense"), None)
    return found or abort(404)


@pages.post(f"/projets/{ID}/bilan/depenses/<key>/retirer")
@signed_in
def remove_line(project_id: int, key: str) -> Any:
    seen_project(project_id)
    recounting.remove_line(current_actor(), project_id, key)
    return redirect(url_for("report.spending", project_id=project_id), 303)


@pages.post(f"/projets/{ID}/bilan/documents/<int(max=2147483647):attachment_id>/retirer")
@signed_in
def remove_paper(project_id: int, attachment_id: int) -> Any:
    """A receipt or a picture; back to where it was shown."""
    seen_project(project_id)
    back = "report.pictures" if "photo" in request.form else "report.spending"
    recounting.remove_paper(current_actor(), project_id, attachment_id)
    return redirect(url_for(back, project_id=project_id), 303)


@pages.route(f"/projets/{ID}/bilan/recit", methods=["GET", "POST"])
@signed_in
def story(project_id: int) -> Any:
    project = writable(project_id)
    report = told(project)
    form: Any = forms.StoryForm(obj=report, will_go_on=WILL[report.will_go_on])
    if not form.is_posted:
        form.will_go_on.data = WILL[report.will_go_on]

    def keep() -> Project:
        words = {name: form[name].data or "" for name in ("story", "obstacles", "learnt", "differently")}
        will = {"yes": True, "no": False}.get(form.will_go_on.data or "")
        return recounting.write(
            current_actor(), project_id, **words, will_go_on=will, paperwork_minutes=form.paperwork_minutes.data
        )

    return section(project, form, "projects/report_story.html", keep)


@pages.route(f"/projets/{ID}/bilan/photos", methods=["GET", "POST"])
@signed_in
def pictures(project_id: int) -> Any:
    project = writable(project_id)
    form: Any = forms.PictureForm()

    def add() -> Project:
        sent = form.file.data
        return recounting.add_picture(
            current_actor(), project_id, stream=sent.stream, filename=sent.filename, caption=form.caption.data,
            shows_people=form.shows_people.data == "yes", has_consent=form.has_consent.data,
            consent_kept_by=form.consent_kept_by.data or "",
        )  # fmt: skip

    if form.submit_to(add):
        flash(_("Photo ajoutée."), "success")
        return redirect(request.path, 303)
    return page(seen_project(project.id), "projects/report_pictures.html", 422 if form.is_posted else 200, form=form)


@pages.route(f"/projets/{ID}/bilan/envoyer", methods=["GET", "POST"])
@signed_in
def send(project_id: int) -> Any:
    """Reads it all again; who helps reads too, only the team sends."""
    project = writable(project_id)
    if request.method == "POST":
        recounting.send(current_actor(), project_id)
        flash(_("Votre bilan est envoyé. Merci !"), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    steps = [step.action for step in queries.open_steps(current_actor(), project)]
    return page(project, "projects/report_send.html", may_send="report" in steps)


@pages.get(f"/projets/{ID}/bilan/papier")
@signed_in
def paper(project_id: int) -> Response:
    """The report on paper, for the association's archives and the team's."""
    project = seen_project(project_id)
    if project.report is None or not queries.may_read_report(current_actor(), project):
        abort(404)
    return print_paper("projects/report_paper.html", _("Bilan : %(title)s", title=project.title), **reading(project))
