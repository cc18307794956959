"""Pages of a voting desk: the officer checks people in; the tablet opens one ballot, shows its receipt, and is handed back."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from citizen.ballots import desk, forms, listing, queries, roll
from citizen.ballots.pages import ID, LINE, close_ballot, known_poll, open_ballot, pages
from citizen.ballots.rules import Channel
from citizen.ballots.showing import face
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import NotNow
from citizen.people import pages as people
from citizen.web.access import current_actor, duty, public
from citizen.web.security import SLOW_DOWN, limiter


@pages.get(f"/voter/{ID}/bureau")
@duty(Role.COMMUNE_OFFICER)
def check_in_desk(poll_id: int) -> Any:
    """Where an officer finds or adds the person who is there."""
    return _desk(poll_id, forms.PersonForm(formdata=None))


def _desk(poll_id: int, form: forms.PersonForm, *, ticket: str = "") -> Any:
    poll = known_poll(poll_id)
    roll.require_keeper(current_actor(), poll.call)
    words = request.args.get("q", "")[:100]
    page = render_template(
        "ballots/desk.html", poll=poll, face=face(poll), form=form, words=words, found=listing.search(poll_id, words), ticket=ticket,
        turnout=queries.turnout(poll_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@pages.post(f"/voter/{ID}/bureau")
@duty(Role.COMMUNE_OFFICER)
def add_at_desk(poll_id: int) -> Any:
    """Somebody who is not on the list declares that they may vote, and is checked in."""
    form = forms.PersonForm()
    line = form.submit_to(
        lambda: desk.add_person(
            current_actor(), poll_id, last_name=form.last_name.data or "", first_name=form.first_name.data or "",
            is_sure=form.is_sure.data,
        )
    )  # fmt: skip
    return _checked_in(poll_id, line) if line else _desk(poll_id, form)


@pages.post(f"/voter/{ID}/bureau/{LINE}/tablette")
@duty(Role.COMMUNE_OFFICER)
def check_in(poll_id: int, voter_id: int) -> Any:
    """Gives the number that opens this person's ballot on a tablet."""
    return _checked_in(poll_id, voter_id)


def _checked_in(poll_id: int, voter_id: int) -> Any:
    try:
        ticket = desk.check_in(current_actor(), poll_id, voter_id, Channel.DESK)
    except NotNow as error:
        flash(str(error), "error")
        return redirect(url_for("ballots.check_in_desk", poll_id=poll_id), 303)
    return _desk(poll_id, forms.PersonForm(formdata=None), ticket=ticket)


@pages.route(f"/voter/{ID}/tablette", methods=["GET", "POST"])
@public
@limiter.limit(
    "30 per 10 minutes", methods=["POST"], error_message=SLOW_DOWN, deduct_when=lambda answer: answer.status_code == 422
)
def tablet(poll_id: int) -> Any:
    """The tablet waits for a number; whoever was signed in on it is signed out before the ballot opens."""
    poll, form = known_poll(poll_id), forms.TabletForm()
    elector = form.submit_to(lambda: desk.open_ballot(poll_id, form.number.data or "")) if form.is_posted else None
    if elector:
        people.leave()
        open_ballot(poll_id, elector)
        return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    page = render_template("ballots/tablet.html", poll=known_poll(poll_id), face=face(poll), form=form)
    return page, 422 if form.is_posted else 200


def tablet_voted(poll_id: int, receipt: str) -> Any:
    """The receipt alone stays on the tablet, until it is handed back."""
    close_ballot()
    session["given"] = {"poll": poll_id, "receipt": receipt}
    return redirect(url_for("ballots.given", poll_id=poll_id), 303)


@pages.get(f"/voter/{ID}/tablette/recu")
@public
def given(poll_id: int) -> Any:
    """« Rendez la tablette »: the receipt to write down, without the choices."""
    if not holds_receipt(poll_id):
        return redirect(url_for("ballots.tablet", poll_id=poll_id), 303)
    return render_template("ballots/given.html", poll=known_poll(poll_id), receipt=session["given"]["receipt"])


def holds_receipt(poll_id: int) -> bool:
    return bool(session.get("given", {}).get("poll") == poll_id)


def forget_receipt() -> None:
    session.pop("given", None)
