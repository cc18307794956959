"""The day itself: plan B in one tap, how many came, pictures with consent, what went wrong; each act is in the journal."""

from collections.abc import Callable
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.nqe import booking, letters
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.season_models import Booking, EventDay, Incident
from citizen.projects import letters as project_letters
from citizen.projects import recounting
from citizen.projects import services as projects
from citizen.projects.models import News
from citizen.web.filters import day as french_day


def on_the_day(actor: Actor, project_id: int, event_id: int, act: Callable[[ProgrammeEvent], str]) -> None:
    """Does ``act`` on a date of the project, for who may hold its days; ``act`` gives the word for the journal."""
    with transaction():
        project = projects.locked(project_id)
        projects.judge(actor, project, "hold_day")
        event = db.session.get_one(ProgrammeEvent, event_id, with_for_update=True, populate_existing=True)
        if event.project_id != project_id:
            raise Forbidden("hold_day")
        told = act(event)
        journal.record(actor, project.on, "hold_day", before=project.state, after=project.state, reason=told)


def shelter(actor: Actor, project_id: int, event_id: int, kind: str) -> None:
    """Rain or heat: plan B is in force, and everybody concerned is told; « » goes back to what was planned."""

    def act(event: ProgrammeEvent) -> str:
        around = booking.locked_day(event.id)
        if event.is_cancelled:
            raise Invalid("kind", _("Cette date est annulée."))
        if around.shelter == kind:
            return event.title
        around.shelter, event.changed_at, event.changes = kind, clock.now(), event.changes + 1
        told = f"{_words(event, kind)} {event.fallback if kind else ''}".strip()
        event.project.news.append(News(text=told, author_id=actor.person_id, at=clock.now()))
        db.session.flush()
        project_letters.tell_news(event.project, told)
        letters.tell_change(event, told)
        return told

    on_the_day(actor, project_id, event_id, act)


def _words(event: ProgrammeEvent, kind: str) -> str:
    values = {"title": event.title, "day": french_day(event.on)}
    if kind == "rain":
        return _("« %(title)s » du %(day)s : il pleut, on passe au plan B.", **values)
    if kind == "heat":
        return _("« %(title)s » du %(day)s : il fait trop chaud, on passe au plan B.", **values)
    return _("« %(title)s » du %(day)s a bien lieu comme prévu.", **values)


def count(actor: Actor, project_id: int, event_id: int, participants: int) -> None:
    """How many came."""

    def act(event: ProgrammeEvent) -> str:
        if event.on > clock.today():
            raise Invalid("participants", _("Cette date n’a pas encore eu lieu."))
        booking.locked_day(event.id).participants = participants
        return _("%(title)s : %(count)d personnes", title=event.title, count=participants)

    on_the_day(actor, project_id, event_id, act)


def note_incident(actor: Actor, project_id: int, event_id: int, *, kind: str, words: str, label: str) -> None:
    """Something went wrong: kept for the team, and told to the Region."""

    def act(event: ProgrammeEvent) -> str:
        assert actor.person_id is not None
        incident = Incident(event_id=event.id, kind=kind, words=words, at=clock.now(), author_id=actor.person_id)
        db.session.add(incident)
        db.session.flush()
        letters.tell_incident(event, incident, label)
        return _("%(title)s : incident (%(kind)s)", title=event.title, kind=label)

    on_the_day(actor, project_id, event_id, act)


def correct_incident(
    actor: Actor, project_id: int, event_id: int, incident_id: int, *, kind: str, words: str, label: str
) -> None:
    """What was written is written better, and told again to the Region."""

    def act(event: ProgrammeEvent) -> str:
        incident = _incident(event, incident_id)
        incident.kind, incident.words = kind, words
        letters.tell_incident(event, incident, _("Incident corrigé, %(kind)s", kind=label))
        return _("%(title)s : incident corrigé (%(kind)s)", title=event.title, kind=label)

    on_the_day(actor, project_id, event_id, act)


def remove_incident(actor: Actor, project_id: int, event_id: int, incident_id: int) -> None:
    """Takes back what was written by mistake; the journal keeps that it was."""

    def act(event: ProgrammeEvent) -> str:
        db.session.delete(_incident(event, incident_id))
        return _("%(title)s : incident retiré", title=event.title)

    on_the_day(actor, project_id, event_id, act)


def incident_of(event_id: int, incident_id: int) -> Incident | None:
    """An incident of this date."""
    return db.session.scalar(select(Incident).where(Incident.id == incident_id, Incident.event_id == event_id))


def _incident(event: ProgrammeEvent, incident_id: int) -> Incident:
    found = incident_of(event.id, incident_id)
    if found is None:
        raise NotNow(_("Cet incident est déjà retiré."))
    return found


def book_for(actor: Actor, project_id: int, event_id: int, *, first_name: str, telephone: str, people: int) -> None:
    """Places for somebody who telephoned and agreed that a first name and a number are kept; like everybody, in turn."""

    def act(event: ProgrammeEvent) -> str:
        booking.book(event.id, name=first_name, contact=telephone, people=people)
        return _("%(title)s : réservation par téléphone", title=event.title)

    on_the_day(actor, project_id, event_id, act)


def cancel_for(actor: Actor, project_id: int, event_id: int, booking_id: int) -> None:
    """Gives back the places of somebody without an e-mail, who has no link to do it."""

    def act(event: ProgrammeEvent) -> str:
        found = db.session.get(Booking, booking_id)
        if found is None or found.event_id != event.id or found.has_email:
            raise NotNow(_("Cette réservation est déjà annulée."))
        booking.cancel(booking_id)
        return _("%(title)s : réservation par téléphone annulée", title=event.title)

    on_the_day(actor, project_id, event_id, act)


def open_bookings(actor: Actor, project_id: int, event_id: int, *, takes_bookings: bool, capacity: int | None) -> None:
    """Whether places are booked, and how many there are."""

    def act(event: ProgrammeEvent) -> str:
        booking.set_places(actor, event, takes_bookings=takes_bookings, capacity=capacity)
        return _("%(title)s : places", title=event.title)

    on_the_day(actor, project_id, event_id, act)


def add_picture(
    actor: Actor, project_id: int, event_id: int, *, stream: IO[bytes], filename: str, caption: str, shows_people: bool,
    has_consent: bool, consent_kept_by: str,
) -> None:  # fmt: skip
    """A picture of the day, which the report already has afterwards."""
    event = db.session.get_one(ProgrammeEvent, event_id)
    if event.project_id != project_id:
        raise Forbidden("hold_day")
    recounting.add_picture(
        actor, project_id, stream=stream, filename=filename, caption=f"{event.title} : {caption}"[:150],
        shows_people=shows_people, has_consent=has_consent, consent_kept_by=consent_kept_by,
    )  # fmt: skip


def lived(project: NqeProject) -> list[tuple[ProgrammeEvent, EventDay | None]]:
    """The dates of a project with their day."""
    ids = [event.id for event in project.programme]
    days = {day.event_id: day for day in db.session.scalars(select(EventDay).where(EventDay.event_id.in_(ids)))}
    return [(event, days.get(event.id)) for event in project.programme]


def around(event: ProgrammeEvent) -> tuple[EventDay | None, list[Booking], list[Incident]]:
    """The day of a date, who booked it in order, and what went wrong."""
    bookings = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    incidents = db.session.scalars(select(Incident).where(Incident.event_id == event.id).order_by(Incident.at, Incident.id))
    return db.session.get(EventDay, event.id), list(bookings), list(incidents)
