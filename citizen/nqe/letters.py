"""Letters about one date of the season, to who follows it or booked it; the links that they carry."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from citizen.config import Settings
from citizen.db import db
from citizen.kernel.access import Role
from citizen.mail import services as mail
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.registration_models import TownOpinion
from citizen.nqe.season_models import Booking, EventFollower, Incident
from citizen.people.links import address
from citizen.projects.letters import people_of

Kept = Booking | EventFollower


def _signer(kind: type[Kept | TownOpinion]) -> URLSafeSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeSerializer(settings.secret_key, salt=kind.__tablename__)


def _moment(row: Kept) -> float:
    return (row.booked_at if isinstance(row, Booking) else row.asked_at).timestamp()


def token_of(row: Kept) -> str:
    """What its link carries: nobody else can make it. Its moment tells it from a later row that took its number."""
    return str(_signer(type(row)).dumps([row.id, _moment(row)]))


def ask_opinion(project: NqeProject, opinion: TownOpinion) -> str:
    """Asks, or asks again with the same link; gives what it carries."""
    told = [project.id, opinion.level, opinion.body, opinion.asked_at.timestamp()]
    token = str(_signer(TownOpinion).dumps(told))
    subject = _("Votre avis sur « %(title)s »", title=project.title)
    if opinion.reminded_at:
        subject = _("Rappel : %(subject)s", subject=subject)
    url = address("registration.opinion", token=token)
    mail.write(opinion.email, subject, "nqe_opinion", project=project, opinion=opinion, url=url)
    return token


def row_of(kind: Any, token: str) -> Any:
    """The booking or the follower that a link names; None when the link is not ours, or names what is gone."""
    try:
        number, moment = _signer(kind).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    row = db.session.get(kind, number)
    return row if row and _moment(row) == moment else None


def tell_booking(booking: Booking) -> None:
    """What became of it: places held, or a turn on the waiting list; nothing to who gave a telephone number."""
    if booking.has_email:
        text = (
            _("C’est réservé. Une place vous attend, ou plusieurs : %(people)d.", people=booking.people)
            if booking.is_held
            else _("C’est complet : vous êtes sur la liste d’attente. Si une place se libère, vous recevez un courriel.")
        )
        _write(booking.contact, booking.event, text, _("Voir ou annuler"), "nqe.booking", token_of(booking))


def ask_follower(follower: EventFollower) -> None:
    """Asks an address to confirm that it wants to know."""
    text = _("Vous voulez être prévenu·e si cette date change ? Confirmez, sinon rien ne vous sera envoyé.")
    _write(follower.email, follower.event, text, _("Confirmer"), "nqe.following", token_of(follower))


def tell_change(event: ProgrammeEvent, text: str) -> None:
    """Tells those who follow the date, and those who booked it, in one letter each."""
    if mail.is_quiet():
        return
    told: dict[str, Kept] = {}
    for follower in db.session.scalars(
        select(EventFollower).where(EventFollower.event_id == event.id).order_by(EventFollower.id)
    ):
        if follower.confirmed_at:
            told[follower.email] = follower
    for booking in db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id)):
        if booking.has_email:
            told[booking.contact] = booking
    for to, row in told.items():
        is_booking = isinstance(row, Booking)
        label = _("Voir ou annuler ma réservation") if is_booking else _("Ne plus suivre cette date")
        _write(to, event, text, label, "nqe.booking" if is_booking else "nqe.following", token_of(row))


def tell_incident(event: ProgrammeEvent, incident: Incident, kind: str) -> None:
    """Tells the Region's service."""
    for person in people_of(event.project, {Role.REGION_OFFICER}):
        _write(person.email, event, f"{kind} : {incident.words}", _("Voir la journée"), "nqe.day", None)


def _write(to: str, event: ProgrammeEvent, text: str, label: str, endpoint: str, token: str | None) -> None:
    values = {"token": token} if token else {"project_id": event.project_id, "event_id": event.id}
    mail.write(
        to, _("%(title)s, le %(day)s", title=event.title, day=f"{event.on:%d/%m/%Y}"), "nqe_date", event=event, text=text, label=label,
        url=address(endpoint, **values), page=address("nqe.event", event_id=event.id),
    )  # fmt: skip
