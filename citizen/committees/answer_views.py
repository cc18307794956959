"""What an invited person opens from a letter, without an account; and the calendar of a fund's sessions, for everybody."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.committees import convening, letters, preparation, queries
from citizen.committees.forms import AnswerForm
from citizen.committees.pages import fund_with_committee
from citizen.committees.records import Convocation
from citizen.db import db
from citizen.web.access import public
from citizen.web.calendars import Entry, calendar_file
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter
from citizen.web.views import settings

pages = Blueprint("answering", __name__)


def _invitation(token: str) -> Convocation:
    """The invitation that this link names; else 404."""
    invitation_id = letters.invitation_of(token)
    found = db.session.get(Convocation, invitation_id) if invitation_id else None
    if found is None:
        abort(404)
    return found


@pages.route("/comites/invitations/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def answer(token: str) -> Any:
    """Present, absent, or by proxy; it may change until the session."""
    invitation = _invitation(token)
    form = AnswerForm(answer=invitation.answer or None, proxy=invitation.proxy_seat_id or 0)
    holders = preparation.proxies_for(invitation)
    form.answer.choices = options(_answers(invitation, has_holders=bool(holders)))
    form.proxy.choices = options([(0, _("Choisissez")), *((seat.id, f"{seat.name}, {seat.college}") for seat in holders)])
    if form.submit_to(lambda: convening.answer(invitation.id, answer=form.answer.data, proxy_seat_id=form.proxy.data or None)):
        flash(_("C’est noté, merci. Vous pouvez changer d’avis avec le même lien."), "success")
        return redirect(url_for("answering.answer", token=token), 303)
    invitation = _invitation(token)
    return render_template(
        "committees/answer.html", invitation=invitation, form=form, token=token, has_holders=bool(holders),
        may_answer=preparation.may_answer(invitation),
    ), 422 if form.is_posted else 200  # fmt: skip


def _answers(invitation: Convocation, *, has_holders: bool) -> list[tuple[str, str]]:
    if invitation.project:
        return [("present", _("Oui, nous viendrons")), ("absent", _("Non, nous ne pourrons pas venir"))]
    found = [("present", _("Oui, je viendrai")), ("absent", _("Non, excusez-moi"))]
    return [*found, ("proxy", _("Non, je donne procuration"))] if has_holders else found


@pages.get("/comites/invitations/<token>/comite.ics")
@public
def calendar(token: str) -> Response:
    """The date of one invitation, for one's own agenda."""
    return Response(letters.calendar_of(_invitation(token)), mimetype="text/calendar")


@pages.get("/comites/<int(max=2147483647):fund_id>/seances.ics")
@public
def feed(fund_id: int) -> Response:
    """The sessions of a fund: days and places only."""
    fund = fund_with_committee(fund_id)
    base = settings().base_url.rstrip("/")
    title = _("Comité : %(fund)s", fund=fund.title)
    entries = [
        Entry(
            uid=f"seance-{one.id}@{urlsplit(base).hostname or 'citizen'}", changes=one.changes,
            changed_at=one.cancelled_at or one.held_at, starts_at=one.starts_at, ends_at=one.ends_at, title=title,
            place=one.place, text="", url=base, is_cancelled=one.cancelled_at is not None,
        )
        for one in queries.sessions_of(fund_id)
    ]  # fmt: skip
    return Response(calendar_file(title, entries), mimetype="text/calendar")
