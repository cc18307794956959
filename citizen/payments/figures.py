"""Reconciliation: every figure that is kept, counted again from the ledger; each difference in a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from citizen.db import db
from citizen.funds import ledger
from citizen.funds.accounts import COUNTERS, OF_A_PROJECT, WITH_ANOTHER, Account, in_accounts
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer
from citizen.funds.models import Call, LedgerEntry
from citizen.kernel.money import euros
from citizen.payments.models import PaymentOrder
from citizen.projects.models import Project
from citizen.projects.steps import HAS_MONEY, S


def differences() -> list[str]:
    """What does not add up; empty when the books are right."""
    return [*_counters(), *_projects(), *_transfers(), *_orders()]


def _counters() -> Iterator[str]:
    of_calls, above = _sums(LedgerEntry.call_id), _sums(LedgerEntry.envelope_id)
    for call in db.session.scalars(select(Call).order_by(Call.id)):
        for counter, accounts in COUNTERS.items():
            kept, counted = getattr(call, counter), in_accounts(of_calls[call.id], accounts)
            if kept != counted:
                yield f"période {call.id} : {counter} vaut {euros(kept)}, le registre dit {euros(counted)}"
        if call.reserved_cents + call.committed_cents > call.envelope_cents:
            yield f"période {call.id} : {euros(-call.remaining_cents)} de trop sont promis ou gardés"
    for envelope in db.session.scalars(select(Envelope).order_by(Envelope.id)):
        counted = in_accounts(above[envelope.id], (Account.AVAILABLE,))
        if envelope.left_cents != counted:
            yield f"enveloppe {envelope.id} : il reste {euros(envelope.left_cents)}, le registre dit {euros(counted)}"


def _sums(holder: Any) -> dict[int, dict[str, int]]:
    """The sum of each kind of entry, by what ``holder`` names."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    entries = select(holder, LedgerEntry.kind, func.sum(LedgerEntry.amount_cents)).where(holder.is_not(None))
    for number, kind, cents in db.session.execute(entries.group_by(holder, LedgerEntry.kind)):
        sums[number][kind] = int(cents)
    return sums


def _projects() -> Iterator[str]:
    rows = db.session.execute(
        select(Project.id, Project.state, Project.granted_cents)
        .where(Project.id.in_(select(LedgerEntry.project_id)) | Project.state.in_(HAS_MONEY))
        .order_by(Project.id)
    ).all()
    numbers = [row.id for row in rows]
    accounts, standings = _held(numbers), ledger.of_projects(numbers)
    for number, state, granted in rows:
        standing = standings[number]
        if (granted or 0) != standing.granted:
            yield f"projet {number} : {euros(granted or 0)} accordés, le registre dit {euros(standing.granted)}"
        if state == S.CANCELLED and standing.kept:
            yield f"projet {number} : annulé, il garde encore {euros(standing.kept)}"
        if standing.reserved and state != S.ADMISSIBLE:
            yield f"projet {number} : {euros(standing.reserved)} restent gardés sans décision à venir"
        for account, cents in accounts[number].items():
            if cents < 0:
                yield f"projet {number} : le compte « {account} » est à {euros(cents)}"


def _held(project_ids: list[int]) -> dict[int, dict[str, int]]:
    """What each account of each project holds."""
    held: dict[int | None, dict[str, int]] = {number: dict.fromkeys(OF_A_PROJECT, 0) for number in project_ids}
    for side, sign in ((LedgerEntry.target, 1), (LedgerEntry.source, -1)):
        query = select(LedgerEntry.project_id, side, func.sum(LedgerEntry.amount_cents))
        query = query.where(LedgerEntry.project_id.in_(project_ids), side.in_(OF_A_PROJECT))
        for number, account, cents in db.session.execute(query.group_by(LedgerEntry.project_id, side)):
            held[number][account] += sign * int(cents)
    return {number: held[number] for number in project_ids}


def _transfers() -> Iterator[str]:
    """What leaves an envelope arrives in the other; what two keepers approved moved, and nothing else did."""
    moved: dict[tuple[str, str, str], int] = defaultdict(int)
    entered: Counter[int] = Counter()
    for entry in db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind.in_(WITH_ANOTHER))):
        here = f"enveloppe {entry.envelope_id}" if entry.envelope_id else f"période {entry.call_id}"
        there = f"enveloppe {entry.other_envelope_id}" if entry.other_envelope_id else f"période {entry.other_call_id}"
        is_out = entry.kind.endswith("_out")
        giver, taker = (here, there) if is_out else (there, here)
        moved[giver, taker, entry.reference] += entry.amount_cents if is_out else -entry.amount_cents
        if entry.transfer_id:
            entered[entry.transfer_id] += 1
    for (giver, taker, reference), cents in moved.items():
        if cents:
            yield f"virement « {reference} » : {giver} vers {taker}, {euros(cents)} d’écart"
    for number in db.session.scalars(select(EnvelopeTransfer.id).where(EnvelopeTransfer.state == "approved")):
        if entered[number] != 2:
            yield f"virement {number} : accepté par les deux côtés, il a {entered[number]} écritures au lieu de 2"


def _orders() -> Iterator[str]:
    """What batches say paid is in the ledger."""
    said = select(PaymentOrder.project_id, func.sum(PaymentOrder.amount_cents)).where(PaymentOrder.state == "paid")
    rows = db.session.execute(said.group_by(PaymentOrder.project_id).order_by(PaymentOrder.project_id)).all()
    standings = ledger.of_projects([row[0] for row in rows])
    for number, cents in rows:
        if cents > standings[number].paid:
            yield f"projet {number} : {euros(int(cents))} versés par lots, le registre dit {euros(standings[number].paid)}"
