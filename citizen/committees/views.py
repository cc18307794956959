"""The committee's room: sessions, agendas, projects that wait, the sheet read in session."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees import preparation, presence, queries, recording, services, showing
from citizen.committees.forms import InscribeForm, SessionForm
from citizen.committees.models import Session
from citizen.committees.pages import fund_with_committee
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.projects import services as life
from citizen.projects.views import seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import moment
from citizen.web.forms import options

pages = Blueprint("committees", __name__)
pages.add_app_template_global(showing.tasks, "committee_tasks")
pages.add_app_template_global(showing.may_ask, "committee_hears")
pages.add_app_template_global(preparation.has_committee, "has_committee")


@pages.route("/comites/<int(max=2147483647):fund_id>", methods=["GET", "POST"])
@signed_in
def room(fund_id: int) -> Any:
    """The room of a fund: what waits, its sessions; its manager sets the next one here."""
    services.require_room(current_actor(), fund_with_committee(fund_id))
    form = SessionForm()
    if form.is_posted:
        session = form.submit_to(
            lambda: services.schedule(current_actor(), fund_id, held_at=form.held_at, place=form.place.data)
        )
        if session:
            flash(_("La séance est fixée."), "success")
            return redirect(url_for("convening.prepare", session_id=session.id), 303)
    fund, actor = fund_with_committee(fund_id), current_actor()
    is_manager = Role.FUND_MANAGER in queries.roles_on_fund(actor, fund)
    return render_template(
        "committees/room.html", fund=fund, form=form, sessions=queries.sessions_of(fund_id), awaiting=queries.awaiting(fund_id),
        is_manager=is_manager, to_admit=queries.to_admit(fund_id) if is_manager and Role.FUND_MANAGER in fund.keepers else (), today=clock.today(),
        tasks=showing.tasks_in(actor, fund), sealed=recording.sealed_sessions(fund_id), rhythm=preparation.rhythm(fund),
        may_ask=showing.may_ask(actor, fund),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.get("/comites/seances/<int(max=2147483647):session_id>")
@signed_in
def session(session_id: int) -> str:
    """The agenda, each project with what the committee needs to read."""
    found = _seen_session(session_id)
    queries.load_files(found)
    actor = current_actor()
    apart = preparation.apart(actor, found)
    return render_template(
        "committees/session.html", session=found, awaiting=queries.awaiting(found.fund_id), today=clock.today(),
        is_manager=Role.FUND_MANAGER in queries.roles_on_fund(actor, found.fund),
        conducts=presence.room_of(found).conducts(actor),
        apart=apart, sheets=showing.read(showing.SHEETS, found, apart),
    )  # fmt: skip


def _seen_session(session_id: int) -> Session:
    """The session, for who sits for its fund."""
    found = queries.session_with_agenda(session_id)
    if found is None:
        abort(404)
    if not queries.roles_on_fund(current_actor(), found.fund):
        raise Forbidden("session")
    return found


@pages.post("/comites/seances/<int(max=2147483647):session_id>/clore")
@signed_in
def close(session_id: int) -> Any:
    _seen_session(session_id)
    services.close(current_actor(), session_id)
    flash(_("La séance est close."), "success")
    return redirect(url_for("committees.session", session_id=session_id), 303)


@pages.route("/comites/inscrire/<int(max=2147483647):project_id>", methods=["GET", "POST"])
@signed_in
def inscribe(project_id: int) -> Any:
    """Which session the project goes before; those too soon for its notice are refused with the reason."""
    project = seen_project(project_id)
    life.judge(current_actor(), project, "inscribe")
    coming = queries.coming_sessions(project.call.fund_id) if project.call else []
    form = InscribeForm()
    form.session.choices = options((str(one.id), f"{moment(one.held_at)}, {one.place}") for one in coming)
    if form.is_posted:
        item = form.submit_to(lambda: services.inscribe(current_actor(), int(form.session.data), project_id))
        if item:
            flash(_("Le projet est inscrit : l’équipe est prévenue."), "success")
            return redirect(url_for("committees.session", session_id=item.session_id), 303)
    return render_template(
        "committees/inscribe.html", project=seen_project(project_id), form=form
    ), 422 if form.is_posted else 200
