"""The committee itself: who sits, and a session as it goes."""

from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees import presence, queries, seats, sitting
from citizen.committees.forms import ArrivalsForm, DeskForm, NewSeatForm, ProxyForm, SeatForm
from citizen.committees.models import Seat
from citizen.committees.pages import Act, fund_with_committee, refused
from citizen.committees.quorum import OFFICES, Member, composition
from citizen.committees.services import require_manager
from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import Form
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("sitting", __name__)
SEAT = "<int(max=2147483647):seat_id>"


@pages.route("/comites/<int(max=2147483647):fund_id>/membres", methods=["GET", "POST"])
@signed_in
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)  # a whole committee may be named at once
def members(fund_id: int) -> Any:
    """Who sits, by college; the manager adds somebody here."""
    fund = fund_with_committee(fund_id)
    require_manager(current_actor(), fund)
    terms = queries.terms_on(fund, clock.today())
    form = NewSeatForm(starts_on=clock.today())
    form.offer(terms)
    if form.done(
        seats.add, current_actor(), fund_id, name=form.name.data, college=form.college.data, email=form.email.data or "",
        office=form.office.data, starts_on=form.starts_on.data, ends_on=form.ends_on.data,
    ):  # fmt: skip
        flash(_("Le siège est créé."), "success")
        return redirect(url_for("sitting.members", fund_id=fund_id), 303)
    known = queries.seats_of(fund_id)
    current = [seat for seat in known if seat.is_in_office(clock.today())]
    people = [Member(seat.id, seat.name, seat.college, seat.is_voting, seat.office) for seat in current]
    return render_template(
        "committees/members.html", fund=fund, form=form, current=current, others=[one for one in known if one not in current],
        findings=composition(people, terms), offices=OFFICES, today=clock.today(),
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.route(f"/comites/sieges/{SEAT}", methods=["GET", "POST"])
@signed_in
def seat(seat_id: int) -> Any:
    """One seat: its college, its office, its last day."""
    found = _kept(seat_id)
    form = SeatForm(obj=found)
    form.offer(queries.terms_on(found.fund, clock.today()))
    kept = {"college": form.college.data, "office": form.office.data, "ends_on": form.ends_on.data}
    if form.done(seats.change, current_actor(), seat_id, **kept):
        flash(_("Le siège est à jour."), "success")
        return redirect(url_for("sitting.members", fund_id=_kept(seat_id).fund_id), 303)
    return render_template("committees/seat.html", seat=_kept(seat_id), form=form), 422 if form.is_posted else 200


def _kept(seat_id: int) -> Seat:
    """The seat, for the fund's manager."""
    found = db.session.get(Seat, seat_id) or abort(404)
    if Role.FUND_MANAGER not in queries.roles_on_fund(current_actor(), found.fund):
        raise Forbidden("seat")
    return found


@pages.post(f"/comites/sieges/{SEAT}/fin")
@signed_in
def end(seat_id: int) -> Any:
    fund_id = _kept(seat_id).fund_id
    seats.end(current_actor(), seat_id)
    flash(_("Le mandat est terminé."), "success")
    return redirect(url_for("sitting.members", fund_id=fund_id), 303)


@pages.route(f"/comites/sieges/{SEAT}/accepter", methods=["GET", "POST"])
@signed_in
def accept(seat_id: int) -> Any:
    """Only who was invited may look; opening the page does not accept."""
    actor, found = current_actor(), db.session.get(Seat, seat_id) or abort(404)
    if found.person_id != actor.person_id and not queries.is_invited(actor, found):
        raise Forbidden("seat")
    if request.method == "POST":
        fund_id = seats.accept(actor, seat_id).fund_id
        flash(_("Vous siégez maintenant au comité."), "success")
        return redirect(url_for("committees.room", fund_id=fund_id), 303)
    return render_template("committees/accept.html", seat=found)


# --- A session as it goes ---

SESSION = "/comites/seances/<int(max=2147483647):session_id>"


def _seen(session_id: int) -> presence.Room:
    """The room of a session with its agenda, for who sits there, or manages the fund."""
    session = presence.agenda(session_id)
    if session is None:
        abort(404)
    found = presence.room_of(session)
    if not presence.is_of_room(current_actor(), found):
        raise Forbidden("session")
    return found


@pages.get(f"{SESSION}/salle")
@signed_in
def room(session_id: int) -> str:
    """Where one is in the session: who is there, whether the committee can decide, what is voted, what is settled."""
    return _page(session_id)


def _page(session_id: int, failed: Form | None = None, **tried: Form) -> str:
    found, actor = _seen(session_id), current_actor()
    session, mine = found.session, found.seat_of(actor)
    absent = [seat for seat in found.seats if seat.id not in found.present]
    desk = DeskForm(formdata=None, president=session.president_seat_id or 0, secretary=session.secretary_seat_id or 0)
    forms: dict[str, Form] = {
        "arrivals": ArrivalsForm(formdata=None).offer(absent),
        "proxy": ProxyForm(formdata=None).offer(absent, found.seats),
        "desk": desk.offer(found.seats),
    }
    apart = {item.id for item in session.items if presence.is_apart(actor, item, mine)}
    waiting = [item for item in session.items if item.is_waiting and item.id not in apart]
    return render_template(
        "committees/sitting.html", session=session, room=found, mine=mine, quorum=found.quorum(), today=clock.today(),
        seats={seat.id: seat for seat in found.seats}, conducts=found.conducts(actor), failed=failed,
        is_manager=Role.FUND_MANAGER in queries.roles_on_fund(actor, session.fund),
        apart=apart, now_voting=[item for item in waiting if any(one.closed_at is None for one in item.questions)],
        settled=sum(item.outcome is not None or item.decision_id is not None for item in session.items),
        digest=presence.digest(session_id), **(forms | tried),
    )  # fmt: skip


@pages.get(f"{SESSION}/etat")
@signed_in
def state(session_id: int) -> Response:
    """Whether something happened since the page was loaded; asked every few seconds by open pages."""
    _seen(session_id)
    answer = jsonify(digest=presence.digest(session_id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(session_id: int, name: str, form: Form, act: Act) -> Any:
    """Does it and comes back to the room; what stands in the way is said above."""
    if status := refused(form, act):
        return _page(session_id, form, **({name: form} if name else {})), status
    return redirect(url_for("sitting.room", session_id=session_id), 303)


@pages.post(f"{SESSION}/ouvrir")
@signed_in
def open_session(session_id: int) -> Any:
    """Opens the session, or resumes it."""
    _seen(session_id)
    return _answer(session_id, "", Form(), lambda: sitting.open_session(current_actor(), session_id))


@pages.post(f"{SESSION}/pause")
@signed_in
def pause(session_id: int) -> Any:
    _seen(session_id)
    return _answer(session_id, "", Form(), lambda: sitting.pause(current_actor(), session_id))


@pages.post(f"{SESSION}/arrivees")
@signed_in
def arrive(session_id: int) -> Any:
    found = _seen(session_id)
    form = ArrivalsForm().offer(found.seats)
    return _answer(session_id, "arrivals", form, lambda: sitting.arrive(current_actor(), session_id, form.present.data))


@pages.post(f"{SESSION}/depart")
@signed_in
def leave(session_id: int) -> Any:
    _seen(session_id)
    seat_id = request.form.get("seat", 0, int)
    return _answer(session_id, "", Form(), lambda: sitting.leave(current_actor(), session_id, seat_id))


@pages.post(f"{SESSION}/procurations")
@signed_in
def give_proxy(session_id: int) -> Any:
    found = _seen(session_id)
    form = ProxyForm().offer(found.seats, found.seats)
    return _answer(
        session_id, "proxy", form,
        lambda: sitting.give_proxy(current_actor(), session_id, form.giver.data, form.holder.data),
    )  # fmt: skip


@pages.post(f"{SESSION}/procurations/fin")
@signed_in
def end_proxy(session_id: int) -> Any:
    _seen(session_id)
    giver_id = request.form.get("giver", 0, int)
    return _answer(session_id, "", Form(), lambda: sitting.end_proxy(current_actor(), session_id, giver_id))


@pages.post(f"{SESSION}/bureau")
@signed_in
def appoint(session_id: int) -> Any:
    """Who presides and who keeps the minutes."""
    found = _seen(session_id)
    form = DeskForm().offer(found.seats)
    return _answer(
        session_id, "desk", form,
        lambda: sitting.appoint(
            current_actor(), session_id, president_id=form.president.data or None, secretary_id=form.secretary.data or None
        ),
    )  # fmt: skip
