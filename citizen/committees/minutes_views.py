"""The minutes of a session: read, completed, printed, published without names; and the letter of each decision, on paper."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.committees import minutes, preparation, queries, recording
from citizen.committees.forms import RemarkForm
from citizen.committees.models import AgendaItem, Session
from citizen.committees.records import Minutes
from citizen.committees.rules import proof
from citizen.committees.sitting import GROUNDS
from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.projects import queries as projects
from citizen.projects.steps import DECISIONS, PART
from citizen.web.access import current_actor, public, signed_in
from citizen.web.filters import day, moment
from citizen.web.forms import options
from citizen.web.printing import paper

pages = Blueprint("minutes", __name__)
pages.add_app_template_global(recording.sealed_sessions, "committee_extracts")
pages.add_app_template_global(DECISIONS.get, "decision_called")
SESSION = "/comites/seances/<int(max=2147483647):session_id>"
EXTRACT = "/comites/<int(max=2147483647):fund_id>/seances/<int(max=2147483647):session_id>/extrait"


@pages.app_template_filter("stamp")
def stamp(written: str | None) -> str:
    """A moment kept as text: « 2027-03-30T16:00:00+00:00 » -> « 30 mars 2027 à 18:00 »."""
    return moment(datetime.fromisoformat(written)) if written else ""


def closed_session(session_id: int) -> Session:
    """A session that was held and closed, for who sits for its fund; else 404."""
    found = recording.session_for_minutes(session_id)
    if found is None:
        abort(404)
    if not queries.roles_on_fund(current_actor(), found.fund):
        raise Forbidden("minutes")
    if found.closed_at is None or found.cancelled_at:
        abort(404)
    return found


def told(session: Session) -> dict[str, Any]:
    """What a page of minutes shows to this reader: until they are sealed, nothing of a file in which the reader has a part."""
    actor, sealed = current_actor(), recording.minutes_of(session.id)
    content = sealed.content if sealed else recording.content(session)
    content_hash = sealed.content_hash if sealed else proof(content)
    return {
        "session": session, "content": content, "content_hash": content_hash, "sealed": sealed,
        "grounds": GROUNDS, "apart": set() if sealed else preparation.apart(actor, session),
        "signatures": recording.signatures(session.id, content_hash),
    }  # fmt: skip


@pages.route(f"{SESSION}/proces-verbal", methods=["GET", "POST"])
@signed_in
def show(session_id: int) -> Any:
    """The minutes, and a place for one's remarks until they are signed."""
    session, actor = closed_session(session_id), current_actor()
    form = RemarkForm()
    form.point.choices = options([(0, _("L’ensemble")), *((item.project_id, item.project.title) for item in session.items)])
    if form.submit_to(lambda: minutes.remark(actor, session_id, text=form.text.data, project_id=form.point.data or None)):
        flash(_("Votre remarque est au procès-verbal."), "success")
        return redirect(url_for("minutes.show", session_id=session_id), 303)
    session = closed_session(session_id)
    return render_template(
        "committees/minutes.html", form=form, offices=minutes.offices_of(actor, session), **told(session)
    ), 422 if form.is_posted else 200


@pages.post(f"{SESSION}/signer")
@signed_in
def sign(session_id: int) -> Any:
    """Signs the minutes; with the last signature every decision of the session is taken and told, at one moment."""
    is_sealed = minutes.sign(current_actor(), session_id, seen=request.form.get("empreinte", ""))
    flash(
        _("Le procès-verbal est signé et publié : les équipes reçoivent leur réponse.")
        if is_sealed
        else _("Votre signature est notée. Il manque celle de l’autre signataire."),
        "success",
    )
    return redirect(url_for("minutes.show", session_id=session_id), 303)


@pages.get(f"{SESSION}/proces-verbal.pdf")
@signed_in
def pdf(session_id: int) -> Response:
    """The whole minutes, for the committee."""
    session = closed_session(session_id)
    title = _("Procès-verbal, séance du %(day)s", day=day(session.held_on))
    return paper("committees/minutes_print.html", title, **told(session))


def _published(fund_id: int, session_id: int) -> Minutes:
    found = recording.minutes_of(session_id)
    if found is None or found.session.fund_id != fund_id:
        abort(404)
    return found


@pages.get(EXTRACT)
@public
def extract(fund_id: int, session_id: int) -> str:
    """What everybody may read of a session, once its minutes are signed: nobody is named."""
    found = _published(fund_id, session_id)
    return render_template("committees/extract.html", minutes=found, content=found.public, session=found.session)


@pages.get(f"{EXTRACT}.pdf")
@public
def extract_pdf(fund_id: int, session_id: int) -> Response:
    found = _published(fund_id, session_id)
    title = _("Extrait du procès-verbal, séance du %(day)s", day=day(found.session.held_on))
    return paper("committees/extract_print.html", title, minutes=found, content=found.public, session=found.session)


@pages.get("/comites/passages/<int(max=2147483647):item_id>/courrier.pdf")
@signed_in
def letter(item_id: int) -> Response:
    """The decision as a letter on paper, once released: for the manager who posts it, and for the team."""
    item, actor = db.session.get(AgendaItem, item_id), current_actor()
    if item is None:
        abort(404)
    is_manager = Role.FUND_MANAGER in queries.roles_on_fund(actor, item.session.fund)
    if not is_manager and not projects.roles_on(actor, item.project) & PART:
        raise Forbidden("letter")
    if item.decision is None:
        abort(404)
    title = _("Réponse du comité : %(title)s", title=item.project.title)
    sealed = db.session.get(Minutes, item.session_id)
    return paper("committees/letter_print.html", title, item=item, project=item.project, session=item.session, sealed=sealed)
