"""Envelopes above the calls: opened and endowed by an act, passed on downwards, moved when the keepers of both sides agree."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger, letters
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer, Node
from citizen.funds.models import Call, Fund
from citizen.funds.services import keeps
from citizen.journal import services as journal
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.services import require_verified

KINDS: dict[str, Any] = {"c": Call, "e": Envelope}


def key_of(node: Node) -> str:
    """What a form calls it: « e3 » above the calls, « c12 » a call's."""
    return f"{'e' if isinstance(node, Envelope) else 'c'}{node.id}"


def node_of(key: str) -> Node | None:
    """The envelope that a form names."""
    kind, number = KINDS.get(key[:1]), key[1:]
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return db.session.get(kind, int(number)) if kind and is_number else None


def keeps_node(actor: Actor, node: Node) -> bool:
    """The Region above the calls; for a call, who keeps its fund."""
    return keeps(actor, node.kept)


def open_envelope(
    actor: Actor, *, scheme: str = "", year: int = 0, title: str, act_reference: str, adopted_on: date, amount_cents: int,
    parent_id: int | None = None, contract_id: int | None = None,
) -> Envelope:  # fmt: skip
    """The Region's for a scheme and a year; or a part of one, that takes its money there and may be a contract's."""
    _require_region(actor)
    _refuse_future(adopted_on)
    with transaction():
        parent = db.session.get_one(Envelope, parent_id, with_for_update=True) if parent_id else None
        if parent:
            scheme, year = parent.scheme, parent.year
        made = Envelope(
            scheme=scheme, year=year, title=title, act_reference=act_reference, adopted_on=adopted_on, parent=parent,
            contract_id=contract_id,
        )  # fmt: skip
        db.session.add(made)
        try:
            db.session.flush()
        except IntegrityError:
            field = "contract" if contract_id else "title" if parent else "year"
            raise Invalid(field, _("Cette enveloppe existe déjà.")) from None
        journal.record(actor, made.on, "opened", reason=act_reference)
        if parent:
            ledger.allot(actor, parent, made, amount_cents, act_reference=act_reference)
        else:
            ledger.endow(actor, made.id, amount_cents, reference=act_reference, on=adopted_on, kind=Envelope)
        return made


def endow(actor: Actor, envelope_id: int, amount_cents: int, *, act_reference: str, adopted_on: date) -> None:
    """More money from the Region's budget, by an act."""
    _require_region(actor)
    _refuse_future(adopted_on)
    _refuse_nothing(amount_cents)
    with transaction():
        ledger.endow(actor, envelope_id, amount_cents, reference=act_reference, on=adopted_on, kind=Envelope)
        journal.record(actor, f"envelope:{envelope_id}", "endowed", reason=act_reference)


def attach(actor: Actor, envelope_id: int, call_id: int) -> None:
    """The call stands under this envelope, for good."""
    _require_region(actor)
    with transaction():
        above = db.session.get_one(Envelope, envelope_id)
        call = db.session.get_one(Call, call_id, with_for_update={"of": Call.__table__}, populate_existing=True)
        if call.envelope_id or call.scheme != above.scheme:
            raise Invalid("call", _("Choisissez une période du même dispositif, qui n’est sous aucune enveloppe."))
        call.envelope_id = envelope_id
        journal.record(actor, above.on, "call_attached", reason=call.title)


def beneath(envelope: Envelope) -> Sequence[Node]:
    """The envelopes and the calls just under it."""
    parts = db.session.scalars(select(Envelope).where(Envelope.parent_id == envelope.id).order_by(Envelope.title, Envelope.id))
    return [*parts, *db.session.scalars(_calls().where(Call.envelope_id == envelope.id))]


def every() -> Sequence[Node]:
    """Every envelope between which money may move: above the calls, then the calls'."""
    above = db.session.scalars(select(Envelope).order_by(Envelope.year.desc(), Envelope.scheme, Envelope.title, Envelope.id))
    return [*above, *db.session.scalars(_calls())]


def unattached(scheme: str) -> Sequence[Call]:
    """Calls that stand under no envelope, the newest first."""
    return db.session.scalars(_calls().where(Call.scheme == scheme, Call.envelope_id.is_(None))).all()


def _calls() -> Select[Call]:
    return select(Call).options(joinedload(Call.fund)).order_by(Call.opens_on.desc(), Call.title, Call.id)


def allot(actor: Actor, envelope_id: int, key: str, amount_cents: int, *, act_reference: str) -> None:
    """From the envelope to one just beneath it, by an act."""
    _require_region(actor)
    _refuse_nothing(amount_cents)
    with transaction():
        giver, taker = db.session.get_one(Envelope, envelope_id), node_of(key)
        if taker is None or envelope_id != (taker.parent_id if isinstance(taker, Envelope) else taker.envelope_id):
            raise Invalid("to", _("Choisissez une enveloppe juste en dessous."))
        ledger.allot(actor, giver, taker, amount_cents, act_reference=act_reference)


def propose(
    actor: Actor, giver_key: str, taker_key: str, amount_cents: int, *, act_reference: str, reason: str
) -> EnvelopeTransfer:  # fmt: skip
    """Asks the other side: who keeps the giver offers, who keeps the taker asks. Nothing moves yet."""
    require_verified(actor)
    _refuse_nothing(amount_cents)
    with transaction():
        giver, taker = node_of(giver_key), node_of(taker_key)
        if giver is None or taker is None or giver is taker:
            raise Invalid("taker", _("Choisissez deux enveloppes différentes."))
        side = "giver" if keeps_node(actor, giver) else "taker"
        if side == "taker" and not keeps_node(actor, taker):
            raise Forbidden("transfer")
        if side == "giver":  # what somebody else's envelope has left is not told
            ledger.require(amount_cents, giver.remaining_cents)
        made = EnvelopeTransfer(
            **_end("giver", giver), **_end("taker", taker), amount_cents=amount_cents, act_reference=act_reference,
            reason=reason, side=side, proposed_by=actor.person_id, proposed_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        journal.record(actor, f"transfer:{made.id}", "transfer_proposed", reason=act_reference)
        letters.ask_transfer(made)
        return made


def _end(side: str, node: Node) -> dict[str, int]:
    return {f"{side}_{'envelope' if isinstance(node, Envelope) else 'call'}_id": node.id}


def decide(actor: Actor, transfer_id: int, *, is_approved: bool, answer: str = "") -> EnvelopeTransfer:
    """The other side's word; approved, the money moves at once. Never who proposed."""
    if not is_approved and not answer.strip():
        raise Invalid("answer", _("Dites pourquoi, en une phrase."))
    with transaction():
        asked = _held(transfer_id)
        if not may_decide(actor, asked):
            raise Forbidden("transfer")
        _settle(actor, asked, "approved" if is_approved else "refused", answer.strip())
        if is_approved:
            _carry_out(actor, asked)
        letters.tell_transfer(asked)
        return asked


def _carry_out(actor: Actor, agreed: EnvelopeTransfer) -> None:
    try:
        ledger.carry_out(actor, agreed)
    except Invalid:
        words = _("« %(giver)s » n’a plus assez pour ce virement.", giver=agreed.giver.title)
        raise Invalid("answer", words) from None


def withdraw(actor: Actor, transfer_id: int) -> None:
    """The side that proposed gives it up."""
    with transaction():
        asked = _held(transfer_id)
        if not keeps_node(actor, asked.giver if asked.side == "giver" else asked.taker):
            raise Forbidden("transfer")
        _settle(actor, asked, "withdrawn", "")


def _held(transfer_id: int) -> EnvelopeTransfer:
    return db.session.get_one(EnvelopeTransfer, transfer_id, with_for_update=True, populate_existing=True)


def _settle(actor: Actor, asked: EnvelopeTransfer, state: str, answer: str) -> None:
    if asked.state != "waiting":
        raise NotNow(_("Ce virement a déjà sa réponse."))
    asked.state, asked.answer, asked.decided_by, asked.decided_at = state, answer, actor.person_id, clock.now()
    db.session.flush()
    journal.record(actor, f"transfer:{asked.id}", f"transfer_{state}", reason=answer)


def may_decide(actor: Actor, asked: EnvelopeTransfer) -> bool:
    """Who keeps the side that has not spoken; never who proposed."""
    return actor.person_id != asked.proposed_by and keeps_node(actor, asked.awaited)


def concerns(actor: Actor, asked: EnvelopeTransfer) -> bool:
    """Whether the actor keeps one of its sides."""
    return keeps_node(actor, asked.giver) or keeps_node(actor, asked.taker)


def transfers_of(actor: Actor, *, limit: int = 200) -> list[EnvelopeTransfer]:
    """What was proposed from or to the envelopes that the actor keeps, what waits on top, then the newest."""
    query = select(EnvelopeTransfer).order_by(EnvelopeTransfer.state != "waiting", EnvelopeTransfer.id.desc())
    if not actor.holds(Role.REGION_OFFICER, REGION):
        mine = [call.id for call in kept_calls(actor)]
        query = query.where(or_(EnvelopeTransfer.giver_call_id.in_(mine), EnvelopeTransfer.taker_call_id.in_(mine)))
    loaded = [
        joinedload(getattr(EnvelopeTransfer, f"{side}_call")).joinedload(Call.fund).joinedload(Fund.organisation)
        for side in ("giver", "taker")
    ]
    return list(db.session.scalars(query.options(*loaded).limit(limit)).unique())


def kept_calls(actor: Actor) -> list[Call]:
    """The calls of the funds that the actor keeps, the newest first."""
    return [call for call in db.session.scalars(_calls()) if keeps(actor, call.fund)]


def _require_region(actor: Actor) -> None:
    if not actor.holds(Role.REGION_OFFICER, REGION):
        raise Forbidden("envelope")


def _refuse_future(adopted_on: date) -> None:
    if adopted_on > clock.today():
        raise Invalid("adopted_on", _("L’acte n’est pas encore pris : mettez le jour où il l’a été."))


def _refuse_nothing(amount_cents: int) -> None:
    if amount_cents <= 0:
        raise Invalid("amount", _("Le montant est plus grand que zéro."))
