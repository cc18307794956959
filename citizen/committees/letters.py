"""Letters of a committee: requests and answers, invitations with their calendar file, what is cancelled."""

from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from citizen.clock import LOCAL
from citizen.committees.models import Seat, Session
from citizen.committees.questions import Outcome
from citizen.committees.records import Convocation, ExtraordinaryRequest
from citizen.config import Settings
from citizen.db import db
from citizen.mail import services as mail
from citizen.people.links import address
from citizen.people.models import Duty, Person
from citizen.projects.models import Project
from citizen.web.calendars import Entry, calendar_file
from citizen.web.filters import day, moment

REACHABLE = Person.verified_at.is_not(None) & Person.is_suspended.is_(False)


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret_key, salt="invitation")


def token_of(invitation_id: int) -> str:
    """What the link of an invitation carries: nobody else can make it, and a letter sent again carries the same."""
    return str(_signer().dumps(invitation_id))


def invitation_of(token: str) -> int | None:
    """The invitation that a link names; None when the link is not ours."""
    try:
        found = _signer().loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def team_of(project: Project) -> list[Person]:
    """The people of a project who can be written to."""
    return list(db.session.scalars(select(Person).where(Person.id.in_(project.team_ids), REACHABLE).order_by(Person.id)))


def tell_request(request: ExtraordinaryRequest) -> None:
    """Tells those who manage the fund that somebody asks for a session."""
    managers = select(Duty.person_id).where(Duty.on.in_(request.fund.targets), Duty.role.in_(request.fund.keepers))
    for person in db.session.scalars(select(Person).where(Person.id.in_(managers), REACHABLE).order_by(Person.id)):
        mail.write(
            person.email, _("Une séance extraordinaire est demandée : %(fund)s", fund=request.fund.title), "session_asked",
            person=person, request=request, url=address("convening.answer_request", request_id=request.id),
        )  # fmt: skip


def tell_answer(request: ExtraordinaryRequest, session: Session | None) -> None:
    """Tells who asked: the session, or why not."""
    mail.write(
        request.person.email, _("Votre demande de séance : %(fund)s", fund=request.fund.title), "session_answer",
        person=request.person, request=request, session=session,
    )  # fmt: skip


def invite(invitation: Convocation, *, reason: str = "") -> None:
    """Tells when and where to come, or that it changed; ``reason`` says why."""
    _tell(invitation, "session_member" if invitation.seat_id else "session_team", _subject(invitation), "REQUEST", reason)


def uninvite(invitation: Convocation, reason: str) -> None:
    """Takes an invitation back, and says why."""
    subject = _("Annulé : comité du %(day)s", day=day(invitation.session.held_on))
    _tell(invitation, "session_cancelled", subject, "CANCEL", reason)


def tell_removed(session: Session, project: Project, reason: str) -> None:
    """Tells a team that was not invited yet that its project waits for another session."""
    for person in team_of(project):
        mail.write(
            person.email, _("%(title)s : la séance change", title=project.title), "session_cancelled",
            name=person.name, session=session, project=project, reason=reason,
        )  # fmt: skip


def _subject(invitation: Convocation) -> str:
    when = moment(invitation.starts_at)
    if invitation.changes:
        return _("Changement : comité du %(when)s", when=when)
    return _("Invitation : comité du %(when)s", when=when)


def _tell(invitation: Convocation, template: str, subject: str, method: str, reason: str) -> None:
    for name, email in _guests(invitation):
        mail.write(
            email, subject, template, enclosure=_enclosure(invitation, method, email), name=name, reason=reason,
            invitation=invitation, session=invitation.session, project=invitation.project,
            url=address("answering.answer", token=token_of(invitation.id)),
        )  # fmt: skip


def _guests(invitation: Convocation) -> Iterable[tuple[str, str]]:
    if invitation.project:
        return [(person.name, person.email) for person in team_of(invitation.project)]
    assert invitation.seat is not None
    email = address_of(invitation.seat)
    return [(invitation.seat.name, email)] if email else []


def address_of(seat: Seat) -> str:
    """Where a member is written to; empty when paper is the only way."""
    return seat.person.email if seat.person and not seat.person.is_suspended else seat.email


def _enclosure(invitation: Convocation, method: str, email: str) -> mail.Enclosure:
    text = calendar_of(invitation, method, guest=email).decode()
    return mail.Enclosure("comite.ics", f"text/calendar; method={method}", text)


def calendar_of(invitation: Convocation, method: str = "PUBLISH", *, guest: str = "") -> bytes:
    """The invitation as a calendar file."""
    session, settings = invitation.session, _settings()
    title = _("Comité : %(fund)s", fund=session.fund.title)
    starts = invitation.starts_at.astimezone(LOCAL)
    ends = starts + timedelta(minutes=session.minutes_each) if invitation.project else session.ends_at
    entry = Entry(
        uid=f"invitation-{invitation.id}@{urlsplit(settings.base_url).hostname or 'citizen'}", changes=invitation.changes,
        changed_at=invitation.told_at, starts_at=starts, ends_at=ends,
        title=f"{title}, {invitation.project.title}" if invitation.project else title, place=invitation.place, text="",
        url=address("answering.answer", token=token_of(invitation.id)), is_cancelled=invitation.cancelled_at is not None,
    )  # fmt: skip
    return calendar_file(title, [entry], method=method, host=parseaddr(settings.mail_from)[1], guest=guest)


def tell_decision(project: Project, outcome: Outcome, session: Session) -> None:
    """Tells a team what the committee decided, in official and in easy words."""
    for person in team_of(project):
        mail.write(
            person.email, _("La réponse du comité : %(title)s", title=project.title), "decision",
            name=person.name, project=project, outcome=outcome, session=session,
        )  # fmt: skip
