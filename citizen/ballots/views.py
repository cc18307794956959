"""Pages of a vote: the list, the ballot, its confirmation, the receipt, the result."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for

from citizen import clock
from citizen.ballots import forms, queries, services
from citizen.ballots.models import Poll
from citizen.ballots.showing import face
from citizen.db import db
from citizen.web.access import current_actor, public, signed_in

pages = Blueprint("ballots", __name__)
ID = "<int(max=2147483647):poll_id>"


def known_poll(poll_id: int) -> Poll:
    poll = db.session.get(Poll, poll_id)
    if poll is None:
        abort(404)
    return poll


def options_of(poll: Poll) -> Any:
    """The projects in the visitor's own order; without an account, in the day's."""
    actor = current_actor()
    return queries.shuffled_options(poll, str(actor.person_id) if actor.is_signed_in else clock.today().isoformat())


@pages.get("/voter")
@public
def index() -> str:
    faces = [face(poll) for poll in queries.polls()]
    return render_template("ballots/index.html", faces=faces)


@pages.get(f"/voter/{ID}")
@public
def ballot(poll_id: int) -> str:
    """The projects, their costs, and what this voter chose."""
    poll = known_poll(poll_id)
    form = forms.ChoicesForm(choices=queries.choices(queries.voter_of(poll_id, current_actor())))
    return _ballot(poll, form)


def _ballot(poll: Poll, form: forms.ChoicesForm) -> str:
    taken_part = queries.participation(queries.voter_of(poll.id, current_actor()))
    return render_template(
        "ballots/ballot.html", poll=poll, face=face(poll), options=options_of(poll), form=form, taken_part=taken_part,
        turnout=queries.turnout(poll.id),
    )  # fmt: skip


@pages.post(f"/voter/{ID}")
@signed_in
def choose(poll_id: int) -> Any:
    """Keeps the choices aside, then asks to confirm them."""
    poll = known_poll(poll_id)
    form = forms.ChoicesForm()
    if form.submit_to(lambda: services.keep_draft(current_actor(), poll_id, form.choices.data or [])):
        return redirect(url_for("ballots.confirm", poll_id=poll_id), 303)
    return _ballot(poll, form), 422


@pages.route(f"/voter/{ID}/confirmer", methods=["GET", "POST"])
@signed_in
def confirm(poll_id: int) -> Any:
    """What is confirmed is what the page showed: the choices travel with the button."""
    poll, actor = known_poll(poll_id), current_actor()
    form = forms.ConfirmForm()
    if form.is_posted:
        if form.submit_to(lambda: services.vote(actor, poll_id, form.choices.data or [], is_eligible=form.is_eligible.data)):
            return redirect(url_for("ballots.receipt", poll_id=poll_id), 303)
    else:
        form.choices.data = queries.choices(queries.voter_of(poll_id, actor))
        if not form.choices.data or not face(poll).is_open:
            return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    chosen = [option for option in poll.options if option.id in (form.choices.data or [])]
    page = render_template("ballots/confirm.html", poll=poll, face=face(poll), form=form, chosen=chosen)
    return page, 422 if form.is_posted else 200


@pages.get(f"/voter/{ID}/recu")
@signed_in
def receipt(poll_id: int) -> Any:
    """The proof that the ballot is in the box."""
    poll = known_poll(poll_id)
    voter = queries.voter_of(poll_id, current_actor())
    taken_part = queries.participation(voter)
    if taken_part is None:
        return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    chosen = queries.confirmed_choices(voter)
    return render_template(
        "ballots/receipt.html", poll=poll, face=face(poll), taken_part=taken_part,
        chosen=[option for option in poll.options if option.id in chosen],
    )  # fmt: skip
