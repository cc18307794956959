"""The page of the final report that only a summer has: waste, re-use, and the words that people share."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.nqe import review
from citizen.nqe.day_forms import QuoteCorrectionForm, QuoteForm, SummerReportForm
from citizen.nqe.editing import summer_project
from citizen.nqe.views import pages
from citizen.projects.report_views import section, writable
from citizen.projects.views import ID
from citizen.web.access import current_actor, signed_in


@pages.route(f"/nqe/{ID}/bilan/ete", methods=["GET", "POST"])
@signed_in
def summer_report(project_id: int) -> Any:
    """Kilos of waste and share of re-use, beside what the days already told."""
    project = summer_project(project_id)
    writable(project_id)
    form: Any = SummerReportForm(obj=project.summer)
    return section(project, form, "nqe/summer_report.html", lambda: review.tell_summer(
        current_actor(), project_id, waste_kg=form.waste_kg.data, reused_percent=form.reused_percent.data))  # fmt: skip


@pages.route(f"/nqe/{ID}/bilan/paroles", methods=["GET", "POST"])
@signed_in
def quotes(project_id: int) -> Any:
    """What people said and agreed to share."""
    summer_project(project_id)
    writable(project_id)
    form: Any = QuoteForm()

    def add() -> Any:
        return review.add_quote(
            current_actor(),
            project_id,
            words=form.words.data,
            said_by=form.said_by.data,
            consent_kept_by=form.consent_kept_by.data,
        )

    if form.submit_to(add):
        flash(_("La parole est gardée."), "success")
        return redirect(request.path, 303)
    project = summer_project(project_id)
    return render_template("nqe/quotes.html", project=project, form=form), 422 if form.is_posted else 200


@pages.route(f"/nqe/{ID}/bilan/paroles/<int(max=2147483647):number>", methods=["GET", "POST"])
@signed_in
def change_quote(project_id: int, number: int) -> Any:
    """Writes a kept word better; its agreement is said again."""
    project = summer_project(project_id)
    writable(project_id)
    found = next((one for one in project.quotes if one.id == number), None) or abort(404)
    form: Any = QuoteCorrectionForm(obj=found)
    kept = {name: form[name].data or "" for name in ("words", "said_by", "consent_kept_by")}
    if form.done(lambda: review.correct_quote(current_actor(), project_id, number, **kept)):
        flash(_("La parole est corrigée."), "success")
        return redirect(url_for("nqe.quotes", project_id=project_id), 303)
    return render_template(
        "nqe/correct.html", project=summer_project(project_id), title=_("Corriger une parole"), about=project.title, form=form,
        back=url_for("nqe.quotes", project_id=project_id),
        removal=url_for("nqe.remove_quote", project_id=project_id, number=number),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"/nqe/{ID}/bilan/paroles/<int(max=2147483647):number>/retirer")
@signed_in
def remove_quote(project_id: int, number: int) -> Any:
    summer_project(project_id)
    review.remove_quote(current_actor(), project_id, number)
    return redirect(url_for("nqe.quotes", project_id=project_id), 303)
