"""What members read before and during a session: the pack on screen, on paper, as a PDF; and their own notes."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.committees import convening, notes, preparation, queries, showing
from citizen.committees.forms import NoteForm
from citizen.committees.models import AgendaItem, Session
from citizen.committees.pages import seen_session
from citizen.db import db
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import day
from citizen.web.printing import paper

pages = Blueprint("reading", __name__)
SESSION = "/comites/seances/<int(max=2147483647):session_id>"


@pages.get(f"{SESSION}/lecture")
@signed_in
def pack(session_id: int) -> str:
    """Each file of the agenda, with a place for one's own notes."""
    session = seen_session(session_id)
    mine = notes.of(current_actor(), [item.project_id for item in session.items])
    forms = {item.id: NoteForm.on(item, mine.get(item.project_id)) for item in session.items}
    return render_template("committees/pack.html", note_forms=forms, **_contents(session))


@pages.get(f"{SESSION}/lecture/imprimer")
@signed_in
def printed(session_id: int) -> str:
    """The same, to print from the browser."""
    session = seen_session(session_id)
    return render_template("committees/pack_print.html", title=_title(session), **_contents(session))


@pages.get(f"{SESSION}/lecture.pdf")
@signed_in
def pdf(session_id: int) -> Response:
    """The same, in one file."""
    session = seen_session(session_id)
    return paper("committees/pack_print.html", _title(session), **_contents(session))


def _title(session: Session) -> str:
    return _("Dossier de lecture, séance du %(day)s", day=day(session.held_on))


def _contents(session: Session) -> dict[str, Any]:
    """A member who has a part in a file does not get its pages."""
    queries.load_files(session)
    apart = preparation.apart(current_actor(), session)
    packs = showing.read(showing.PACKS, session, apart)
    return {"session": session, "apart": apart, "packs": packs, "hours": convening.hours(session)}


@pages.route("/comites/passages/<int(max=2147483647):item_id>/note", methods=["GET", "POST"])
@signed_in
def note(item_id: int) -> Any:
    """One's own note on a file: nobody else reads it."""
    item = db.session.get(AgendaItem, item_id)
    if item is None:
        abort(404)
    actor, session_id, is_sitting = current_actor(), item.session_id, item.session.is_sitting
    notes.require_reader(actor, item)
    form = NoteForm.on(item, notes.of(actor, [item.project_id]).get(item.project_id))
    if form.done(lambda: notes.write(actor, item_id, text=form.text.data or "", is_kept=form.is_kept.data)):
        flash(_("Votre note est enregistrée. Vous seul la lisez."), "success")
        pack_page = url_for("reading.pack", session_id=session_id, _anchor=f"dossier-{item_id}")
        return redirect(url_for("passage.show", item_id=item_id, _anchor="notes") if is_sitting else pack_page, 303)
    return render_template(
        "committees/note_page.html", passage=db.session.get_one(AgendaItem, item_id), form=form
    ), 422 if form.is_posted else 200
