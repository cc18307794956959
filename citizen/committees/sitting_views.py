"""The committee itself: who sits."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees import queries, seats
from citizen.committees.forms import NewSeatForm, SeatForm
from citizen.committees.models import Seat
from citizen.committees.quorum import OFFICES, Member, composition
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Forbidden
from citizen.web.access import current_actor, duty, signed_in

pages = Blueprint("sitting", __name__)
SEAT = "<int(max=2147483647):seat_id>"


@pages.route("/comites/<int(max=2147483647):fund_id>/membres", methods=["GET", "POST"])
@duty(Role.FUND_MANAGER, on="fund:{fund_id}")
def members(fund_id: int) -> Any:
    """Who sits, by college; the manager adds somebody here."""
    fund = db.session.get(Fund, fund_id) or abort(404)
    terms = queries.terms_on(fund, clock.today())
    if not hasattr(terms, "voting_colleges"):  # this scheme has no committee
        abort(404)
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
