"""Pages of a vote: the list, the ballot, its confirmation, the receipt, the result."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.ballots import desk_views, forms, listing, polling, queries, roll_views, services
from citizen.ballots.pages import ID, Booth, booth_of, close_ballot, elector_of, known_poll, open_ballot, pages
from citizen.ballots.rules import AtDesk, Elector
from citizen.ballots.showing import face, sums
from citizen.kernel.access import NOBODY
from citizen.web.access import current_actor, public
from citizen.web.security import SLOW_DOWN, limiter

__all__ = ["ID", "desk_views", "known_poll", "pages", "roll_views"]


@pages.get("/voter")
@public
def index() -> str:
    faces = [face(poll) for poll in queries.polls()]
    return render_template("ballots/index.html", faces=faces)


@pages.get(f"/voter/{ID}")
@public
def ballot(poll_id: int) -> str:
    """The projects, their costs, and what this voter chose."""
    booth = booth_of(known_poll(poll_id))
    return _ballot(booth, forms.ChoicesForm(choices=booth.choices))


def _ballot(booth: Booth, form: forms.ChoicesForm, code_form: forms.CodeForm | None = None) -> str:
    poll, options = booth.poll, booth.options
    return render_template(
        "ballots/ballot.html", poll=poll, face=face(poll), booth=booth, options=options, form=form,
        sums=sums(poll, options, form.choices.data or []), code_form=code_form or forms.CodeForm(formdata=None),
        has_codes=listing.has_codes(poll.id), turnout=queries.turnout_by_day(poll),
    )  # fmt: skip


@pages.post(f"/voter/{ID}")
@public
def choose(poll_id: int) -> Any:
    """Keeps the choices aside, then shows them summed up, or asks to confirm them."""
    form = forms.ChoicesForm()
    if elector_of(poll_id) == NOBODY:
        return _shut(poll_id)
    if form.submit_to(lambda: services.keep_draft(elector_of(poll_id), poll_id, form.choices.data or [])):
        if request.form.get("suite") == "garder":
            return redirect(url_for("ballots.ballot", poll_id=poll_id, _anchor="choices"), 303)
        return redirect(url_for("ballots.confirm", poll_id=poll_id), 303)
    return _ballot(booth_of(known_poll(poll_id)), form), 422


@pages.post(f"/voter/{ID}/code")
@public
@limiter.limit("20 per 10 minutes", error_message=SLOW_DOWN, deduct_when=lambda answer: answer.status_code == 422)
@limiter.limit(
    "600 per 10 minutes",
    key_func=lambda: "codes",
    error_message=SLOW_DOWN,
    deduct_when=lambda answer: answer.status_code == 422,
)
def enter_code(poll_id: int) -> Any:
    """Opens the ballot of the letter that has this code."""
    form = forms.CodeForm()
    elector = form.submit_to(lambda: polling.enter(current_actor(), poll_id, form.code.data or ""))
    if elector:
        open_ballot(poll_id, elector)
        return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    booth = booth_of(known_poll(poll_id))
    return _ballot(booth, forms.ChoicesForm(formdata=None, choices=booth.choices), form), 422


@pages.route(f"/voter/{ID}/confirmer", methods=["GET", "POST"])
@public
def confirm(poll_id: int) -> Any:
    """What is confirmed is what the page showed: the choices travel with the button."""
    form = forms.ConfirmForm()
    elector = elector_of(poll_id)
    if elector == NOBODY:
        return _shut(poll_id)
    if form.is_posted and (receipt := _voted(elector, poll_id, form)):
        return receipt
    booth = booth_of(known_poll(poll_id))
    if not form.is_posted:
        form.choices.data = booth.choices
        if not form.choices.data or not face(booth.poll).is_open:
            return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    chosen = [option for option in booth.poll.options if option.id in (form.choices.data or [])]
    page = render_template(
        "ballots/confirm.html", poll=booth.poll, face=face(booth.poll), form=form, booth=booth, sums=sums(booth.poll, chosen, form.choices.data),
        chosen=chosen,
    )  # fmt: skip
    return page, 422 if form.is_posted else 200


def _shut(poll_id: int) -> Any:
    """Nobody is before the ballot: the session, or the code's short one, is over."""
    flash(_("Votre bulletin s’est fermé. Ouvrez-le à nouveau : les choix que vous aviez gardés y sont encore."), "info")
    return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)


def _voted(elector: Elector, poll_id: int, form: forms.ConfirmForm) -> Any:
    """The way to the receipt once the ballot is in the box; at a desk the tablet forgets whose ballot it was."""
    said = {"is_eligible": form.is_eligible.data, "replaces": form.replaces.data or ""}
    receipt = form.submit_to(services.vote, elector, poll_id, form.choices.data or [], **said)
    if not receipt:
        return None
    if isinstance(elector, AtDesk):
        return desk_views.tablet_voted(poll_id, receipt)
    return redirect(url_for("ballots.receipt", poll_id=poll_id), 303)


@pages.route(f"/voter/{ID}/recu", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"], error_message=SLOW_DOWN)
def receipt(poll_id: int) -> Any:
    """The proof that the ballot is in the box; a post sends it to an address that is not kept."""
    booth = booth_of(known_poll(poll_id))
    if booth.taken_part is None:
        return redirect(url_for("ballots.ballot", poll_id=poll_id), 303)
    form = forms.ReceiptForm()
    kept = booth.taken_part.receipt
    if kept and not booth.is_by_account and form.done(lambda: services.send_receipt(poll_id, kept, form.email.data or "")):
        flash(_("Votre reçu part par courriel. L’adresse n’est pas gardée."), "success")
        return redirect(url_for("ballots.receipt", poll_id=poll_id), 303)
    chosen = booth.confirmed
    page = render_template(
        "ballots/receipt.html", poll=booth.poll, face=face(booth.poll), booth=booth, form=form,
        chosen=[option for option in booth.poll.options if option.id in chosen],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@pages.post(f"/voter/{ID}/rendre")
@public
def hand_back(poll_id: int) -> Any:
    """Closes the ballot that this browser holds: a shared phone, or the desk's tablet."""
    was_at_desk = isinstance(elector_of(poll_id), AtDesk) or desk_views.holds_receipt(poll_id)
    close_ballot()
    desk_views.forget_receipt()
    return redirect(url_for("ballots.tablet" if was_at_desk else "ballots.ballot", poll_id=poll_id), 303)
