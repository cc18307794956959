"""The box: how a ballot is sealed, stored, replaced and opened, and the only module that knows.

A poll of another kind (ballots encrypted on the voter's device, a vote held and proved elsewhere) seals and opens otherwise:
what stands above asks for a receipt when a ballot goes in, and for grouped ballots once the vote is closed.
"""

import secrets
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import String, bindparam, cast, column, delete, func, insert, or_, select, table, text

from citizen.ballots import chain
from citizen.ballots.models import Ballot, BallotChoice, Participation, Poll
from citizen.ballots.rules import Mark
from citizen.db import db, run
from citizen.kernel.lifecycle import NotNow
from citizen.tally import profile as tally

_BALLOT, _CHOICE = Ballot.__table__, BallotChoice.__table__
_PUT, _CHOOSE = insert(_BALLOT), insert(_CHOICE)
_ON = select(_CHOICE.c.option_id).where(_CHOICE.c.receipt == bindparam("one")).order_by(_CHOICE.c.rank)
_UNCHOOSE, _REMOVE = (delete(one).where(one.c.receipt == bindparam("one")) for one in (_CHOICE, _BALLOT))
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that are not mistaken for one another when copied by hand


class BoxDiffersError(NotNow):
    """The box, the people who took part and the journal do not agree: nothing may be counted before somebody looks."""


def nonce() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


def grouped(length: int, group: int) -> str:
    """Random signs in groups, five bits each."""
    signs = "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(length))
    return "-".join(signs[start : start + group] for start in range(0, length, group))


def put(poll_id: int, option_ids: Sequence[int]) -> tuple[str, str]:
    """Puts a ballot in; gives its receipt (100 bits, nobody guesses one and no two are equal) and what the journal holds of it."""
    receipt, hiding = grouped(20, 4), nonce()
    run(_PUT, {"receipt": receipt, "poll_id": poll_id, "nonce": hiding})
    chosen = [
        {"receipt": receipt, "poll_id": poll_id, "option_id": option_id, "rank": rank}
        for rank, option_id in enumerate(option_ids, start=1)
    ]
    run(_CHOOSE, chosen)
    return receipt, chain.commitment(poll_id, hiding, receipt, option_ids)


def take_out(receipt: str) -> None:
    """Removes the ballot that another one replaces, once nothing names it any more."""
    run(_UNCHOOSE, {"one": receipt})
    run(_REMOVE, {"one": receipt})


def choices_on(receipt: str) -> list[int]:
    """The projects of one ballot, in the voter's order."""
    return list(db.session.connection().scalars(_ON, {"one": receipt}))


def content(poll_id: int, receipt: str | None = None) -> dict[str, tuple[str | None, list[int]]]:
    """The ballots in the box, or this one: the nonce and the choices of each receipt."""
    query = (
        select(Ballot.receipt, Ballot.nonce, BallotChoice.option_id).outerjoin(BallotChoice, BallotChoice.receipt == Ballot.receipt)
        .where(Ballot.poll_id == poll_id, *([Ballot.receipt == receipt] if receipt else []))
    )  # fmt: skip
    found: dict[str, tuple[str | None, list[int]]] = {}
    for one, hiding, option_id in db.session.execute(query):
        found.setdefault(one, (hiding, []))[1].extend([option_id] if option_id is not None else [])
    return found


def commitments(poll_id: int, receipt: str | None = None) -> list[str]:
    """What the journal holds of the ballots in the box, or of this one."""
    return [chain.commitment(poll_id, hiding or "", one, chosen) for one, (hiding, chosen) in content(poll_id, receipt).items()]


def valid_count(poll_id: int) -> int:
    """How many ballots of the box are counted: blank and void papers are not."""
    valid = or_(Ballot.paper.is_(None), Ballot.paper == Mark.VALID)
    return db.session.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll_id, valid)) or 0


def digest(poll_id: int, seal: str) -> str:
    """One digest for the whole box; ``seal`` hides it."""
    return chain.box_digest(poll_id, seal, ((one, chosen) for one, (_nonce, chosen) in content(poll_id).items()))


def settle(poll_id: int) -> None:
    """Stores ballots and participations anew in the order of their random keys, without what joins them: no nonce, no receipt.

    A database keeps in which transaction and in which order each row came (xmin and ctid on PostgreSQL, its place in the page on
    SQLite): a ballot and the person who cast it would be found side by side. From here on both came with the count, sorted.
    """
    tables = {_BALLOT: "nonce", _CHOICE: "", Participation.__table__: "receipt"}
    asides = {}
    for one in tables:
        names = [each.name for each in one.c]
        asides[one] = aside = table(f"settled_{one.name}", *map(column, names))
        run(text(f"CREATE TEMPORARY TABLE {aside.name} AS SELECT * FROM {one.name} WHERE 1 = 0"))  # noqa: S608  names of ours
        run(insert(aside).from_select(names, select(one).where(one.c.poll_id == poll_id)))
    for one in reversed(tables):
        run(delete(one).where(one.c.poll_id == poll_id))
    for one, erased in tables.items():
        kept = [each for each in asides[one].c if each.name != erased]
        keys = [asides[one].c[key.name] for key in one.primary_key]
        run(insert(one).from_select([each.name for each in kept], select(*kept).order_by(*keys)))
        run(text(f"DROP TABLE {asides[one].name}"))


def ballots(poll: Poll) -> tally.Profile:
    """The box as the count reads it, in euros, identical ballots together; asked only once the vote is closed."""
    one = (
        select(func.aggregate_strings(cast(BallotChoice.option_id, String), ",").label("chosen"))
        .where(BallotChoice.poll_id == poll.id).group_by(BallotChoice.receipt).subquery()
    )  # fmt: skip
    positions = {str(option.id): position for position, option in enumerate(poll.options)}
    same: dict[tally.Ballot, int] = {}
    for chosen, number in db.session.execute(select(one.c.chosen, func.count()).group_by(one.c.chosen)):
        ballot = tuple(sorted(positions[option] for option in chosen.split(",")))
        same[ballot] = same.get(ballot, 0) + number
    projects = [
        tally.Project(str(one.number), in_euros(one.cost_cents), one.announced_title, one.sector, one.number)
        for one in poll.options
    ]
    return tally.Profile(in_euros(poll.envelope_cents), tuple(projects), same)


def in_euros(cents: int) -> tally.Amount:
    """Exact: as the published file writes it, so that counting it again gives the same."""
    return tally.exact(Fraction(cents, 100))
