"""The ledger of every envelope: each euro received, passed on, reserved, promised, paid or given back, judged under its lock.

The schema refuses what these functions refuse. They join the transaction of the act they belong to, whose step says who may.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds.accounts import (
    ALLOTMENTS,
    MOVES,
    TRANSFERS,
    Account,
    Balance,
    Standing,
    balance_of,
    in_accounts,
    standing_of,
)
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer, Node
from citizen.funds.models import Call, LedgerEntry
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros


def endow(
    actor: Actor, node_id: int, amount_cents: int, *, reference: str = "", on: date | None = None, kind: type[Node] = Call
) -> None:  # fmt: skip
    """What the funders put in an envelope: at its opening, or later in the year."""
    with transaction():
        _enter(actor, _locked(node_id, kind), "opening", amount_cents, reference=reference, on=on)


def allot(actor: Actor, giver: Node, taker: Node, amount_cents: int, *, act_reference: str) -> None:
    """From an envelope to one just beneath it."""
    with transaction():
        _move(actor, giver, taker, amount_cents, ALLOTMENTS, reference=act_reference)


def reserve(actor: Actor, call_id: int, project_id: int, amount_cents: int) -> None:
    """Sets what is kept for the project until the decision, in place of an earlier reservation; 0 lifts it."""
    with transaction():
        call = _locked(call_id)
        held = of_project(project_id).reserved
        require(amount_cents, call.remaining_cents + held)
        if amount_cents == held:
            return
        _enter(actor, call, "unreservation", held, project_id)
        _enter(actor, call, "reservation", amount_cents, project_id)


def promise(actor: Actor, call_id: int, project_id: int, amount_cents: int) -> None:
    """Grants ``amount_cents``: the project's reservation first, then what is left in the envelope."""
    with transaction():
        call = _locked(call_id)
        held = of_project(project_id).reserved
        require(amount_cents, call.remaining_cents + held)
        _enter(actor, call, "unreservation", held, project_id)
        _enter(actor, call, "commitment", amount_cents, project_id)


def give_back(actor: Actor, call_id: int, project_id: int, amount_cents: int) -> None:
    """What the project will not keep of what it was granted: what is not paid is free again at once, what is paid is owed."""
    with transaction():
        call, standing = _locked(call_id), of_project(project_id)
        require(amount_cents, standing.kept)
        unpaid = min(amount_cents, max(standing.balance, 0))
        _enter(actor, call, "release", unpaid, project_id)
        _enter(actor, call, "recall", amount_cents - unpaid, project_id)


def pay(
    actor: Actor, call_id: int, project_id: int, amount_cents: int, *, reference: str, on: date | None = None
) -> None:  # fmt: skip
    """Money that left for the bearer, on the day of the bank."""
    with transaction():
        call = _locked(call_id)
        if amount_cents > (most := max(of_project(project_id).balance, 0)):
            raise Invalid("amount", _("Il ne reste que %(most)s à verser à ce projet.", most=euros(most)))
        _enter(actor, call, "payment", amount_cents, project_id, reference=reference, on=on)


def overpay(
    actor: Actor, call_id: int, project_id: int, amount_cents: int, *, reference: str, on: date | None = None
) -> None:  # fmt: skip
    """Money that left for a project that no longer keeps all of it: what it does not keep is owed at once."""
    with transaction():
        call = _locked(call_id)
        due = min(amount_cents, max(of_project(project_id).balance, 0))
        beyond = amount_cents - due
        if beyond > call.remaining_cents:
            raise Invalid(
                "amount",
                _(
                    "L’enveloppe n’a plus que %(left)s : passez-y d’abord de l’argent d’une autre.",
                    left=euros(call.remaining_cents),
                ),
            )
        _enter(actor, call, "payment", due, project_id, reference=reference, on=on)
        _enter(actor, call, "overpayment", beyond, project_id, reference=reference, on=on)


def refund(
    actor: Actor, call_id: int, project_id: int, amount_cents: int, *, reference: str, on: date | None = None
) -> None:  # fmt: skip
    """Money that came back from the bearer: what is owed, or more if they give it back of themselves."""
    with transaction():
        call, standing = _locked(call_id), of_project(project_id)
        if amount_cents > (most := standing.paid - standing.refunded):
            raise Invalid("amount", _("Ce projet n’a que %(most)s à rendre au plus.", most=euros(most)))
        if on and amount_cents > (there := _held_on(project_id, on)):
            raise Invalid(
                "received_on",
                _("Ce jour-là, le projet n’avait reçu que %(there)s : un remboursement suit le versement.", there=euros(there)),
            )
        unasked = amount_cents - min(amount_cents, max(-standing.balance, 0))
        _enter(actor, call, "recall", unasked, project_id, reference=reference, on=on)
        _enter(actor, call, "refund", amount_cents, project_id, reference=reference, on=on)


def transfer(actor: Actor, from_call: int, to_call: int, amount_cents: int, *, act_reference: str) -> None:
    """From one call's envelope to another of the same scheme, by an act."""
    with transaction():
        giver, taker = (db.session.get_one(Call, number) for number in (from_call, to_call))
        if giver is taker or giver.scheme != taker.scheme:
            raise Invalid("to_call", _("Choisissez une autre enveloppe du même dispositif."))
        _move(actor, giver, taker, amount_cents, TRANSFERS, reference=act_reference)


def carry_out(actor: Actor, agreed: EnvelopeTransfer) -> None:
    """The transfer that two keepers agreed on; its row is held and approved."""
    _move(
        actor, agreed.giver, agreed.taker, agreed.amount_cents, TRANSFERS, reference=agreed.act_reference, transfer_id=agreed.id
    )


def _move(
    actor: Actor, giver: Node, taker: Node, amount_cents: int, kinds: tuple[str, str], *, reference: str,
    transfer_id: int | None = None,
) -> None:  # fmt: skip
    """Both entries, ``kinds`` being (in, out), with both envelopes held: always in the same order, so that nobody waits for ever."""
    for node in sorted((giver, taker), key=lambda one: (isinstance(one, Envelope), one.id)):
        _locked(node.id, type(node))
    require(amount_cents, giver.remaining_cents)
    for node, kind, other in ((giver, kinds[1], taker), (taker, kinds[0], giver)):
        _enter(actor, node, kind, amount_cents, reference=reference, other=other, transfer_id=transfer_id)
        journal.record(actor, node.on, kind, reason=reference)


def balance(call_id: int, on: date | None = None) -> Balance:
    """The envelope at the end of that day; now when no day is told."""
    return balances([call_id], on)[call_id]


def balances(node_ids: Collection[int], on: date | None = None, kind: type[Node] = Call) -> dict[int, Balance]:
    """Each of these envelopes at the end of that day."""
    holder: Any = LedgerEntry.envelope_id if kind is Envelope else LedgerEntry.call_id
    query = select(holder, LedgerEntry.kind, func.sum(LedgerEntry.amount_cents))
    query = query.where(holder.in_(node_ids)).group_by(holder, LedgerEntry.kind)
    sums: dict[int, dict[str, int]] = {number: {} for number in node_ids}
    for number, what, cents in db.session.execute(query.where(LedgerEntry.day <= on) if on else query):
        sums[number][what] = int(cents)
    return {number: balance_of(found) for number, found in sums.items()}


def movements(call_ids: Collection[int]) -> dict[int, list[tuple[datetime, int]]]:
    """For each envelope, oldest first: the moments when what is available changed, and by how much."""
    query = select(LedgerEntry.call_id, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.amount_cents)
    found: dict[Any, list[tuple[datetime, int]]] = {call_id: [] for call_id in call_ids}
    for call_id, at, kind, cents in db.session.execute(query.where(LedgerEntry.call_id.in_(call_ids)).order_by(LedgerEntry.id)):
        found[call_id].append((at, in_accounts({kind: cents}, (Account.AVAILABLE,))))
    return found


def of_project(project_id: int) -> Standing:
    """What the project was given and paid."""
    return of_projects([project_id])[project_id]


def of_projects(project_ids: Collection[int]) -> dict[int, Standing]:
    """What each of these projects was given and paid."""
    query = select(LedgerEntry.project_id, LedgerEntry.kind, func.sum(LedgerEntry.amount_cents))
    query = query.where(LedgerEntry.project_id.in_(project_ids)).group_by(LedgerEntry.project_id, LedgerEntry.kind)
    sums: dict[int | None, dict[str, int]] = {project_id: {} for project_id in project_ids}
    for project_id, kind, cents in db.session.execute(query):
        sums[project_id][kind] = int(cents)
    return {project_id: standing_of(sums[project_id]) for project_id in project_ids}


def _held_on(project_id: int, on: date) -> int:
    """What the bearer had received and not given back at the end of that day."""
    query = select(LedgerEntry.kind, func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.project_id == project_id)
    found = standing_of(dict(db.session.execute(query.where(LedgerEntry.day <= on).group_by(LedgerEntry.kind)).all()))
    return found.paid - found.refunded


def _locked(node_id: int, kind: type[Node] = Call) -> Any:
    """The call, or the envelope, and its counters as they are now, held until the transaction ends."""
    return db.session.get_one(kind, node_id, with_for_update=True, populate_existing=True)


def require(amount_cents: int, most: int) -> None:
    """Invalid when the envelope has less."""
    if amount_cents > most:
        raise Invalid("amount", _("Il ne reste que %(left)s dans l’enveloppe.", left=euros(most)))


def _enter(
    actor: Actor, node: Node, kind: str, amount_cents: int, project_id: int | None = None, *, reference: str = "",
    on: date | None = None, other: Node | None = None, transfer_id: int | None = None,
) -> None:  # fmt: skip
    """One movement; nothing when there is nothing to move. The counters follow inside the database."""
    if amount_cents == 0:
        return
    source, target = MOVES[kind]
    (call_id, envelope_id), (other_call_id, other_envelope_id) = _columns(node), _columns(other)
    db.session.add(
        LedgerEntry(
            call_id=call_id, envelope_id=envelope_id, project_id=project_id, kind=kind, source=source, target=target,
            amount_cents=amount_cents, reference=reference, other_call_id=other_call_id, other_envelope_id=other_envelope_id,
            transfer_id=transfer_id, day=on or clock.today(), at=clock.now(), actor_id=actor.person_id,
        )
    )  # fmt: skip
    db.session.flush()
    db.session.expire(node)


def _columns(node: Node | None) -> tuple[int | None, int | None]:
    """(call, envelope): the one that it is."""
    return (None, node.id) if isinstance(node, Envelope) else (node.id if node else None, None)
