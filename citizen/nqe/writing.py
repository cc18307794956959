"""Pages where the Region writes an edition: the next one copied and read again, its words and picture, its documents."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen import clock
from citizen.db import transaction
from citizen.files import serving
from citizen.kernel.access import Role
from citizen.nqe import edition, forms, queries, team_forms
from citizen.nqe.models import Edition
from citizen.web.access import current_actor, duty, public
from citizen.web.filters import say
from citizen.web.forms import options

pages = Blueprint("editions", __name__)
YEAR = "/nqe/editions/<int(max=9999):year>"
NUMBER = "<int(max=2147483647):number>"


def _edition(year: int) -> Edition:
    return queries.edition_of(year) or abort(404)


# --- The next one ---


@pages.post("/nqe/editions/reprendre")
@duty(Role.REGION_OFFICER)
def copy() -> Response:
    """Begins the next edition from the last one."""
    edition.copy_last(current_actor())
    return redirect(url_for("editions.draft"), 303)


@pages.route("/nqe/editions/brouillon", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def draft() -> Any:
    """The next edition while it is written: what it takes from last year is ticked line by line, then it is published."""
    kept = edition.draft()
    if kept is None:
        return redirect(url_for("nqe.new_edition"), 303)
    form: Any = forms.EditionDraftForm(data=forms.as_typed(kept.content) | {"reread": kept.reread})
    form.reread.choices = options((name, say(words)) for name, words in edition.REREAD.items())
    is_published = "publier" in request.form

    def act() -> Any:
        with transaction():
            saved = edition.save(current_actor(), form.values, form.reread.data or [])
            return edition.publish(current_actor()) if is_published else saved

    if form.is_posted and form.submit_to(act):
        flash(_("L’édition est ouverte.") if is_published else _("Enregistré."), "success")
        where = url_for("nqe.edition", year=form.year.data) if is_published else url_for("editions.draft")
        return redirect(where, 303)
    return render_template(
        "nqe/edition_draft.html", form=form, source=queries.editions()[0], fund=queries.region_fund()
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post("/nqe/editions/brouillon/oublier")
@duty(Role.REGION_OFFICER)
def give_up() -> Response:
    edition.give_up(current_actor())
    flash(_("Ce projet d’édition est oublié."), "success")
    return redirect(url_for("nqe.about"), 303)


# --- One that is open ---


@pages.route(f"{YEAR}/presenter", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def present(year: int) -> Any:
    """The words and the picture of the theme."""
    found = _edition(year)
    form: Any = forms.PresentForm(theme_text=found.theme_text, examples=found.examples, questions="\n".join(found.questions))

    def act() -> Edition:
        sent = form.image.data or None
        picture = {"image": sent.stream, "filename": sent.filename or ""} if sent else {}
        words = {"theme_text": form.theme_text.data, "examples": form.examples.data}
        return edition.present(current_actor(), year, questions=forms.lines_of(form.questions.data), **words, **picture)

    if form.is_posted and form.submit_to(act):
        flash(_("Le thème est présenté."), "success")
        return redirect(url_for("nqe.edition", year=year), 303)
    return _page("nqe/present.html", year, form)


def _page(template: str, year: int, form: Any, **values: Any) -> Any:
    found = _edition(year)
    is_over = found.season_ends_on < clock.today()
    return render_template(template, edition=found, form=form, is_over=is_over, **values), 422 if form.is_posted else 200


@pages.route(f"{YEAR}/documents", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def documents(year: int) -> Any:
    """What everybody may download: texts and the communication kit."""
    found, form = _edition(year), team_forms.DocumentForm()
    if form.is_posted:

        def add() -> bool:
            sent = form.file.data
            edition.add_document(
                current_actor(), year, kind=form.kind.data, title=form.title.data or "", stream=sent.stream,
                filename=sent.filename or "",
            )  # fmt: skip
            return True

        if form.submit_to(add):
            return redirect(request.path, 303)
        found = _edition(year)
    return _page("nqe/documents.html", year, form, documents=edition.documents(found.id))


@pages.post(f"{YEAR}/documents/{NUMBER}/retirer")
@duty(Role.REGION_OFFICER)
def remove_document(year: int, number: int) -> Response:
    _edition(year)
    edition.remove_document(current_actor(), year, number)
    return redirect(url_for("editions.documents", year=year), 303)


@pages.get(f"{YEAR}/documents/{NUMBER}")
@public
def document(year: int, number: int) -> Any:
    return serving.respond(edition.document(year, number) or abort(404))


@pages.get(f"{YEAR}/image")
@public
def image(year: int) -> Any:
    """The picture of the theme."""
    return serving.respond(_edition(year).image or abort(404), thumbnail="vignette" in request.args)
