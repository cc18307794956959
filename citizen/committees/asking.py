"""Asking for a session between the ordinary ones, and answering. Source: règlement du fonds, séance extraordinaire (P22)."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.committees import letters, preparation, queries, services
from citizen.committees.models import Session
from citizen.committees.records import ExtraordinaryRequest
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow


def require_asker(actor: Actor, fund: Fund) -> None:
    """Forbidden for who may not ask; NotNow where the rules know no extraordinary session."""
    if not preparation.may_ask(actor, fund):
        raise Forbidden("ask")
    if not queries.terms_on(fund, clock.today()).extraordinary_allowed:
        raise NotNow(_("Le règlement de ce fonds ne prévoit pas de séance extraordinaire."))


def ask(actor: Actor, fund_id: int, *, reason: str) -> ExtraordinaryRequest:
    """A request with its reason; one at a time by the same person."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
        require_asker(actor, fund)
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi la séance ne peut pas attendre."))
        if preparation.open_request(actor, fund_id):
            raise NotNow(_("Vous avez déjà une demande en attente : l’association gestionnaire va y répondre."))
        request = ExtraordinaryRequest(
            fund_id=fund_id, person_id=actor.person_id, reason=reason.strip(), asked_at=clock.now()
        )  # fmt: skip
        db.session.add(request)
        db.session.flush()
        journal.record(actor, fund.on, "session_asked")
        letters.tell_request(request)
        return request


def accept(actor: Actor, request_id: int, *, held_at: datetime, place: str) -> Session:
    """The manager says yes: the session is set."""
    with transaction():
        request = _open(actor, request_id)
        session = services.schedule(actor, request.fund_id, held_at=held_at, place=place, kind="extraordinary")
        request.session_id, request.answered_at = session.id, clock.now()
        db.session.flush()
        letters.tell_answer(request, session)
        return session


def refuse(actor: Actor, request_id: int, *, reason: str) -> ExtraordinaryRequest:
    """The manager says no, and why."""
    with transaction():
        request = _open(actor, request_id)
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi : la personne le lira."))
        request.refusal, request.answered_at = reason.strip(), clock.now()
        journal.record(actor, request.fund.on, "session_not_granted")
        letters.tell_answer(request, None)
        return request


def _open(actor: Actor, request_id: int) -> ExtraordinaryRequest:
    """The request, held; for the fund's manager, while nobody has answered."""
    query = select(ExtraordinaryRequest).where(ExtraordinaryRequest.id == request_id)
    request = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    services.require_manager(actor, request.fund)
    if request.answered_at:
        raise NotNow(_("Cette demande a déjà une réponse."))
    return request
