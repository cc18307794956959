"""Pages that prepare a session: asked for, its agenda built, people invited and answering, moved or cancelled."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen.clock import LOCAL
from citizen.committees import agenda, asking, convening, preparation, queries
from citizen.committees.forms import AgendaForm, AnswerRequestForm, MoveForm, PaceForm, ReasonForm, RequestForm
from citizen.committees.models import AgendaItem, Session
from citizen.committees.pages import fund_with_committee, managed_session
from citizen.committees.records import ExtraordinaryRequest
from citizen.committees.services import require_manager
from citizen.db import db
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("convening", __name__)
SESSION = "/comites/seances/<int(max=2147483647):session_id>"
ITEM = "/comites/passages/<int(max=2147483647):item_id>"


@pages.route("/comites/<int(max=2147483647):fund_id>/demander", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def ask(fund_id: int) -> Any:
    """Asking for a session between the ordinary ones."""
    fund, actor = fund_with_committee(fund_id), current_actor()
    asking.require_asker(actor, fund)
    form = RequestForm()
    if form.submit_to(lambda: asking.ask(actor, fund_id, reason=form.reason.data)):
        flash(_("Votre demande est transmise à l’association gestionnaire : elle vous répondra par courriel."), "success")
        return redirect(url_for("convening.ask", fund_id=fund_id), 303)
    return render_template(
        "committees/ask.html", fund=fund_with_committee(fund_id), form=form, waiting=preparation.open_request(actor, fund_id),
        coming=queries.coming_sessions(fund_id),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.route("/comites/demandes/<int(max=2147483647):request_id>", methods=["GET", "POST"])
@signed_in
def answer_request(request_id: int) -> Any:
    """The manager says yes, with the session, or no, with the reason."""
    asked = db.session.get(ExtraordinaryRequest, request_id)
    if asked is None:
        abort(404)
    require_manager(current_actor(), asked.fund)
    fund_id, form = asked.fund_id, AnswerRequestForm()
    if form.submit_to(lambda: _answer_request(form, request_id)):
        flash(_("La personne est prévenue de votre réponse."), "success")
        return redirect(url_for("committees.room", fund_id=fund_id), 303)
    return render_template(
        "committees/answer_request.html", asked=db.session.get_one(ExtraordinaryRequest, request_id), form=form
    ), 422 if form.is_posted else 200


def _answer_request(form: AnswerRequestForm, request_id: int) -> Any:
    if form.answer.data == "non":
        return asking.refuse(current_actor(), request_id, reason=form.reason.data)
    return asking.accept(current_actor(), request_id, held_at=form.held_at, place=form.place.data)


@pages.route(f"{SESSION}/preparer", methods=["GET", "POST"])
@signed_in
def prepare(session_id: int) -> Any:
    """The agenda: what is on it, at which hour; the ready files that keep the notice, and those that do not; who is invited."""
    session = managed_session(session_id)
    form = AgendaForm()
    ready = agenda.candidates(session)
    form.projects.choices = options((one.project.id, one.project.title) for one in ready if not one.obstacle)
    if form.is_posted:
        count = form.submit_to(lambda: agenda.inscribe_all(current_actor(), session_id, form.projects.data))
        if count:
            told = ngettext("%(num)s projet inscrit : son équipe est prévenue.",
                            "%(num)s projets inscrits : leurs équipes sont prévenues.", count)  # fmt: skip
            flash(told, "success")
            return redirect(url_for("convening.prepare", session_id=session_id), 303)
    else:
        form.projects.data = [one.project.id for one in ready if one.is_proposed]
    return _preparation(session_id, form, PaceForm(formdata=None, minutes_each=session.minutes_each))


def _preparation(session_id: int, form: AgendaForm, pace_form: PaceForm) -> Any:
    session = managed_session(session_id)
    return render_template(
        "committees/prepare.html", session=session, form=form, pace_form=pace_form, ready=agenda.candidates(session),
        hours=convening.hours(session), invitations=preparation.invitations(session_id), untold=convening.untold(session),
        unreachable=convening.unreachable(session), may_leave=preparation.may_leave,
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"{SESSION}/cadence")
@signed_in
def pace(session_id: int) -> Any:
    """How long each file is given."""
    session, form = managed_session(session_id), PaceForm()
    if form.done(lambda: agenda.pace(current_actor(), session_id, minutes_each=form.minutes_each.data)):
        return redirect(url_for("convening.prepare", session_id=session_id, _anchor="ordre"), 303)
    empty = AgendaForm(formdata=None)
    empty.projects.choices = options(
        (one.project.id, one.project.title) for one in agenda.candidates(session) if not one.obstacle
    )
    return _preparation(session_id, empty, form)


@pages.post(f"{ITEM}/deplacer")
@signed_in
def move_item(item_id: int) -> Any:
    """One place up or down."""
    item = _item(item_id)
    session_id = item.session_id
    agenda.move_item(current_actor(), item_id, is_up=request.form.get("sens") != "bas")
    return redirect(url_for("convening.prepare", session_id=session_id, _anchor="ordre"), 303)


@pages.route(f"{ITEM}/retirer", methods=["GET", "POST"])
@signed_in
def remove_item(item_id: int) -> Any:
    """Takes a file off the agenda, and says why."""
    session_id, form = _item(item_id).session_id, ReasonForm()
    session = managed_session(session_id)
    if form.done(lambda: agenda.remove_item(current_actor(), item_id, reason=form.reason.data)):
        flash(_("Le projet attend une autre séance : l’équipe est prévenue."), "success")
        return redirect(url_for("convening.prepare", session_id=session_id), 303)
    return render_template(
        "committees/remove_item.html", session=session, passage=_item(item_id), form=form
    ), 422 if form.is_posted else 200


def _item(item_id: int) -> AgendaItem:
    item = db.session.get(AgendaItem, item_id)
    if item is None:
        abort(404)
    return item


@pages.route(f"{SESSION}/changer", methods=["GET", "POST"])
@signed_in
def move(session_id: int) -> Any:
    """Another day, hour or place."""
    session, actor = managed_session(session_id), current_actor()
    here = session.held_at.astimezone(LOCAL)
    form = MoveForm(held_on=here.date(), held_time=here.time(), place=session.place)
    if form.submit_to(
        lambda: convening.move(actor, session_id, held_at=form.held_at, place=form.place.data, reason=form.reason.data)
    ):
        flash(_("La séance change : les personnes invitées sont prévenues."), "success")
        return redirect(url_for("convening.prepare", session_id=session_id), 303)
    return _about(session_id, form, "committees/move.html")


@pages.route(f"{SESSION}/annuler", methods=["GET", "POST"])
@signed_in
def cancel(session_id: int) -> Any:
    """The session will not be."""
    session, actor, form = managed_session(session_id), current_actor(), ReasonForm()
    fund_id = session.fund_id
    if form.submit_to(lambda: convening.cancel(actor, session_id, reason=form.reason.data)):
        flash(
            _("La séance est annulée : les personnes invitées sont prévenues, les projets attendent la prochaine."), "success"
        )
        return redirect(url_for("committees.room", fund_id=fund_id), 303)
    return _about(session_id, form, "committees/cancel.html")


def _about(session_id: int, form: Any, template: str) -> Any:
    session: Session = managed_session(session_id)
    return render_template(template, session=session, form=form), 422 if form.is_posted else 200


@pages.post(f"{SESSION}/inviter")
@signed_in
def convene(session_id: int) -> Any:
    """Sends the invitations that wait."""
    managed_session(session_id)
    told = convening.convene(current_actor(), session_id)
    flash(
        ngettext("%(num)s invitation est partie.", "%(num)s invitations sont parties.", told)
        if told
        else _("Tout le monde était déjà prévenu."),
        "success",
    )
    return redirect(url_for("convening.prepare", session_id=session_id, _anchor="invitations"), 303)
