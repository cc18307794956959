"""Pages without an account: book places, give them back, follow a date, say that one is interested."""

from typing import Any

from flask import abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _

from citizen.kernel.lifecycle import NotNow
from citizen.nqe import agenda, booking, letters
from citizen.nqe.agenda_views import LIKED, known
from citizen.nqe.day_forms import BookForm, FollowForm
from citizen.nqe.season_models import Booking, EventFollower
from citizen.nqe.views import pages
from citizen.people.queries import person
from citizen.web.access import current_actor, public
from citizen.web.security import SLOW_DOWN, limiter

ID = "/agenda/<int(max=2147483647):event_id>"
MOST_LIKED = 200
POSTS = {"methods": ["POST"], "error_message": SLOW_DOWN}


@pages.route(f"{ID}/reserver", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour", **POSTS)  # a whole social centre may book from one address
def book(event_id: int) -> Any:
    """Places on a date, or a turn on its waiting list."""
    known(event_id)
    form, day = BookForm(), agenda.day_of(event_id)
    if not (day and day.takes_bookings):
        abort(404)
    made: list[Booking] = []

    def keep() -> Booking:
        made.append(booking.book(event_id, name=form.name.data, contact=form.contact.contact, people=form.people.data or 1))
        return made[0]

    if form.submit_to(keep):
        target = url_for("nqe.booking", token=letters.token_of(made[0])) if made else url_for("nqe.event", event_id=event_id)
        return redirect(target, 303)
    return render_template(
        "nqe/book.html", event=known(event_id), day=agenda.day_of(event_id), form=form
    ), 422 if form.is_posted else 200  # fmt: skip


def _booked(token: str) -> Booking:
    found = letters.row_of(Booking, token)
    return found if isinstance(found, Booking) else abort(404)


@pages.get("/agenda/reservations/<token>", endpoint="booking")
@public
def show(token: str) -> str:
    """What became of a booking, for who has its link."""
    found = _booked(token)
    return render_template("nqe/booking.html", booking=found, event=found.event, token=token, turn=booking.turn_of(found))


@pages.post("/agenda/reservations/<token>/annuler")
@public
def cancel_booking(token: str) -> Any:
    found = _booked(token)
    event_id = found.event_id
    booking.cancel(found.id)
    flash(_("C’est annulé : la place est rendue. Merci de l’avoir dit."), "success")
    return redirect(url_for("nqe.event", event_id=event_id), 303)


@pages.post(f"{ID}/interesse")
@public
@limiter.limit("30 per minute", **POSTS)
def interest(event_id: int) -> Any:
    """Counts this browser once; pressed again, it is counted no more."""
    known(event_id)
    liked = [number for number in session.get(LIKED, []) if isinstance(number, int)]
    is_new = event_id not in liked
    try:
        booking.show_interest(event_id, is_interested=is_new)
    except NotNow as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("nqe.event", event_id=event_id), 303)
    session[LIKED] = [*liked, event_id][-MOST_LIKED:] if is_new else [number for number in liked if number != event_id]
    return redirect(url_for("nqe.event", event_id=event_id) + "#interet", 303)


@pages.route(f"{ID}/suivre", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", **POSTS)
def follow(event_id: int) -> Any:
    """Be told when the date changes: by an account's address, or by one that confirms."""
    actor, event = current_actor(), known(event_id)
    form = FollowForm(email=person(actor).email if actor.is_signed_in else "")
    done: list[bool] = []

    def keep() -> bool:
        done.append(booking.follow(actor, event_id, form.email.data))
        return True

    if form.submit_to(keep):
        flash(
            _("C’est noté : vous serez prévenu·e si cette date change.") if done[0]
            else _("Ouvrez le courriel que nous venons d’envoyer, et confirmez."), "success",
        )  # fmt: skip
        return redirect(url_for("nqe.event", event_id=event_id), 303)
    return render_template("nqe/follow.html", event=event, form=form), 422 if form.is_posted else 200


def _follower(token: str) -> EventFollower:
    found = letters.row_of(EventFollower, token)
    return found if isinstance(found, EventFollower) else abort(404)


@pages.get("/agenda/suivi/<token>")
@public
def following(token: str) -> str:
    """Where a letter's link leads: to confirm, or to stop."""
    found = _follower(token)
    return render_template("nqe/following.html", follower=found, event=found.event, token=token)


@pages.post("/agenda/suivi/<token>/<any(oui,non):answer>")
@public
def answer_following(token: str, answer: str) -> Any:
    found = _follower(token)
    event_id = found.event_id
    if answer == "oui":
        booking.confirm(found.id)
        flash(_("C’est noté : vous serez prévenu·e si cette date change."), "success")
    else:
        booking.unfollow(found.id)
        flash(_("Vous ne recevrez plus rien pour cette date."), "success")
    return redirect(url_for("nqe.event", event_id=event_id), 303)
