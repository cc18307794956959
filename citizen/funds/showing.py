"""The tree of envelopes and the movements of one of them, as pages and sheets show them, on any day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.funds.accounts import WORDS, Account, Balance, in_accounts
from citizen.funds.envelope_models import Envelope, Node
from citizen.funds.envelopes import key_of
from citizen.funds.models import Call, LedgerEntry
from citizen.web.filters import say
from citizen.web.paging import Page
from citizen.web.sheets import Cell, euros_cell

PER_PAGE = 50


@dataclass(frozen=True)
class Branch:
    """An envelope with all that stands under it: ``own`` is what it has itself, ``whole`` with its branches."""

    node: Node
    depth: int
    own: Balance
    whole: Balance

    @property
    def is_call(self) -> bool:
        return isinstance(self.node, Call)

    @property
    def place(self) -> str:
        """Whose it is: the fund's, or the contract's."""
        if isinstance(self.node, Call):
            return self.node.fund.title
        return self.node.contract.title if self.node.contract else ""


def years() -> list[int]:
    """Those that have an envelope, and this one, the newest first."""
    return sorted({clock.today().year, *db.session.scalars(select(Envelope.year).distinct())}, reverse=True)


def tree(year: int, on: date | None = None) -> list[Branch]:
    """Every envelope of the year, each just above its branches, at the end of that day."""
    query = select(Envelope).where(Envelope.year == year).options(joinedload(Envelope.contract))
    envelopes = db.session.scalars(query.order_by(Envelope.scheme.desc(), Envelope.title, Envelope.id)).all()
    above = [envelope.id for envelope in envelopes]
    under = (
        select(Call)
        .where(Call.envelope_id.in_(above))
        .options(joinedload(Call.fund))
        .order_by(Call.opens_on, Call.title, Call.id)
    )
    calls = db.session.scalars(under).all()
    beneath: dict[int | None, list[Node]] = defaultdict(list)
    for envelope in envelopes:
        beneath[envelope.parent_id].append(envelope)
    for call in calls:
        beneath[call.envelope_id].append(call)
    held = {
        **{f"e{number}": found for number, found in ledger.balances(above, on, Envelope).items()},
        **{f"c{number}": found for number, found in ledger.balances([call.id for call in calls], on).items()},
    }
    return [branch for root in beneath[None] for branch in _branches(root, 0, beneath, held)]


def under(node: Node, on: date | None = None) -> list[Branch]:
    """The envelope and all that stands under it."""
    if isinstance(node, Call):
        own = ledger.balance(node.id, on)
        return [Branch(node, 0, own, own)]
    found = tree(node.year, on)
    first = next(rank for rank, branch in enumerate(found) if branch.node is node)
    depth = found[first].depth
    return [found[first], *takewhile(lambda branch: branch.depth > depth, found[first + 1 :])]


def _branches(node: Node, depth: int, beneath: Any, held: dict[str, Balance]) -> list[Branch]:
    under = beneath[node.id] if isinstance(node, Envelope) else []
    found = [_branches(one, depth + 1, beneath, held) for one in under]
    own = held[key_of(node)]
    whole = sum((branches[0].whole for branches in found), own)
    return [Branch(node, depth, own, whole), *(branch for branches in found for branch in branches)]


@dataclass(frozen=True)
class Movement:
    """One entry as a page shows it; ``cents`` is signed by what it does to what is left, and 0 moves nothing of it."""

    day: date
    what: str
    about: str
    reference: str
    amount_cents: int
    cents: int


_other, _above = aliased(Call.__table__), aliased(Envelope.__table__)


def movements(node: Node, on: date | None, number: int) -> Page:
    """What moved in this envelope until that day, the newest first."""
    holder = LedgerEntry.envelope_id if isinstance(node, Envelope) else LedgerEntry.call_id
    wanted = [holder == node.id, *([LedgerEntry.day <= on] if on else [])]
    total = db.session.scalar(select(func.count(LedgerEntry.id)).where(*wanted)) or 0
    query = _entries().where(*wanted).order_by(LedgerEntry.day.desc(), LedgerEntry.id.desc())
    rows = query.limit(PER_PAGE).offset((number - 1) * PER_PAGE) if number else query
    return Page([_movement(*row) for row in db.session.execute(rows)], number, PER_PAGE, total)


def _entries() -> Select[Any]:
    other = func.coalesce(_other.c.title, _above.c.title, "")
    return (
        select(
            LedgerEntry.day, LedgerEntry.kind, LedgerEntry.project_id, other, LedgerEntry.reference, LedgerEntry.amount_cents
        )
        .outerjoin(_other, _other.c.id == LedgerEntry.other_call_id)
        .outerjoin(_above, _above.c.id == LedgerEntry.other_envelope_id)
    )


def _movement(on: date, kind: str, project_id: int | None, other: str, reference: str, cents: int) -> Movement:
    about = _("projet %(number)s", number=project_id) if project_id else other
    return Movement(on, say(WORDS[kind]), about, reference, cents, in_accounts({kind: cents}, (Account.AVAILABLE,)))


def tree_rows(branches: Iterable[Branch]) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """The tree for a spreadsheet."""
    head = (_("Niveau"), _("Dispositif"), _("Année"), _("Enveloppe"), _("Territoire ou fonds"), _("Reçu"), _("Pas encore réparti"),
            _("Gardé"), _("Accordé"), _("Versé, net"), _("Reste"))  # fmt: skip
    return head, (
        (
            one.depth, one.node.scheme.upper(), one.node.opens_on.year if isinstance(one.node, Call) else one.node.year,
            one.node.title, one.place, *map(euros_cell, (
                one.whole.envelope, 0 if one.is_call else one.own.left, one.whole.reserved, one.whole.promised,
                one.whole.paid - one.whole.refunded, one.whole.left,
            )),
        )
        for one in branches
    )  # fmt: skip


def movement_rows(found: Iterable[Movement]) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """The movements for a spreadsheet."""
    head = (_("Jour"), _("Quoi"), _("Avec"), _("Acte ou référence"), _("Montant"), _("Effet sur ce qui reste"))
    rows = ((one.day, one.what, one.about, one.reference, euros_cell(one.amount_cents), euros_cell(one.cents)) for one in found)
    return head, rows
