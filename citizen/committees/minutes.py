"""Minutes: remarks added, signed by who presided and who kept them, then sealed; at that moment every decision is released."""

from typing import Any

from flask_babel import gettext as _

from citizen import clock
from citizen.committees import letters, notes, preparation, queries, recording, review
from citizen.committees.models import Session
from citizen.committees.records import Minutes, Remark, Signature
from citizen.committees.rules import extract, proof
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.projects.rules import french_day
from citizen.web.filters import day

OFFICES = ("president", "secretary")


def offices_of(actor: Actor, session: Session) -> list[str]:
    """What the actor signs for: an office that they hold that day; the fund's manager for one that nobody with an account holds."""
    holders = {"president": session.president, "secretary": session.secretary}
    is_manager = Role.FUND_MANAGER in queries.roles_on_fund(actor, session.fund)
    found = []
    for office, seat in holders.items():
        if seat is None or seat.person_id is None:
            found += [office] if is_manager else []
        elif seat.person_id == actor.person_id:
            found.append(office)
    return found


def remark(actor: Actor, session_id: int, *, text: str, project_id: int | None = None) -> Remark:
    """Words added to the minutes, under one point or under the whole; they stay, with their author."""
    with transaction():
        session = _unsealed(session_id)
        if not queries.roles_on_fund(actor, session.fund):
            raise Forbidden("remark")
        if project_id is not None and project_id not in {item.project_id for item in session.items}:
            raise Invalid("point", _("Choisissez un point de l’ordre du jour."))
        if any(item.project_id == project_id and item.id in preparation.apart(actor, session) for item in session.items):
            raise Forbidden("remark")
        if not text.strip():
            raise Invalid("text", _("Écrivez la remarque."))
        found = Remark(
            session_id=session_id, project_id=project_id, author_id=actor.person_id, text=text.strip(), at=clock.now()
        )
        db.session.add(found)
        journal.record(actor, session.fund.on, "minutes_remark", reason=french_day(session.held_on))
        return found


def sign(actor: Actor, session_id: int, *, seen: str) -> bool:
    """Signs the minutes as they were ``seen`` (their fingerprint); gives whether they are now sealed and everything released."""
    with transaction():
        session = _unsealed(session_id)
        offices = offices_of(actor, session)
        if not offices:
            raise Forbidden("sign")
        content = recording.content(session)
        if proof(content) != seen:
            raise NotNow(_("Le procès-verbal a changé depuis que vous l’avez ouvert : relisez-le, puis signez."))
        signed = {one.office for one in recording.signatures(session_id, seen)}
        for office in [one for one in offices if one not in signed]:
            db.session.add(
                Signature(
                    session_id=session_id, office=office, content_hash=seen, person_id=actor.person_id, signed_at=clock.now()
                )
            )  # fmt: skip
            journal.record(actor, session.fund.on, "minutes_signed", reason=f"{french_day(session.held_on)}, {office}")
        db.session.flush()
        if {*signed, *offices} != set(OFFICES):
            return False
        _seal(session, content, seen)
        return True


def _seal(session: Session, content: dict[str, Any], content_hash: str) -> None:
    """Everything at one moment: the decisions, their letters, the minutes and their extract; notes are forgotten."""
    committee = Actor(None, "le comité", frozenset({(Role.COMMITTEE_MEMBER, session.fund.on)}))
    reference = _("Séance du %(day)s", day=day(session.held_on))
    public = extract(content, recording.names_in(session), _("une personne"))
    for item in list(session.items):
        if item.outcome and review.release(committee, item.id, act_reference=reference):
            letters.tell_decision(item.project, item.outcome, session)
    db.session.add(
        Minutes(session_id=session.id, content=content, public=public, content_hash=content_hash, sealed_at=clock.now())
    )
    notes.forget(item.project_id for item in session.items)
    journal.record(committee, session.fund.on, "minutes_sealed", reason=french_day(session.held_on))
    db.session.flush()


def _unsealed(session_id: int) -> Session:
    """The session, held, once closed and while its minutes are not sealed."""
    session = db.session.get_one(Session, session_id, with_for_update={"of": Session.__table__}, populate_existing=True)
    if session.cancelled_at or session.closed_at is None:
        raise NotNow(_("Le procès-verbal s’écrit quand la séance est close."))
    if recording.minutes_of(session_id):
        raise NotNow(_("Le procès-verbal est signé : il ne change plus."))
    return session
