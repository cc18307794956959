"""The box: how a ballot is sealed, stored, replaced and opened, and the only module that knows.

A poll of another kind (ballots encrypted on the voter's device, a vote held and proved elsewhere) seals and opens otherwise:
what stands above asks for a receipt when a ballot goes in, and for grouped ballots once the vote is closed.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import String, cast, delete, func, insert, select

from citizen.ballots.models import Ballot, BallotChoice, Participation, Poll
from citizen.db import db
from citizen.tally import profile as tally

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that are not mistaken for one another when copied by hand


class BoxDiffersError(Exception):
    """The box does not hold one ballot for each person who put one in: nothing may be counted before somebody looks."""


def grouped(length: int, group: int) -> str:
    """Random signs in groups, five bits each."""
    signs = "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(length))
    return "-".join(signs[start : start + group] for start in range(0, length, group))


def put(poll_id: int, option_ids: Sequence[int]) -> str:
    """Puts a ballot in and gives its receipt: 100 bits, nobody guesses one and no two are equal."""
    receipt = grouped(20, 4)
    db.session.execute(insert(Ballot).values(receipt=receipt, poll_id=poll_id))
    chosen = [
        {"receipt": receipt, "poll_id": poll_id, "option_id": option_id, "rank": rank}
        for rank, option_id in enumerate(option_ids, start=1)
    ]
    db.session.execute(insert(BallotChoice), chosen)
    return receipt


def take_out(receipt: str) -> None:
    """Removes the ballot that another one replaces, once nothing names it any more."""
    db.session.execute(delete(BallotChoice).where(BallotChoice.receipt == receipt))
    db.session.execute(delete(Ballot).where(Ballot.receipt == receipt))


def choices_on(receipt: str) -> list[int]:
    """The projects of one ballot, in the voter's order."""
    query = select(BallotChoice.option_id).where(BallotChoice.receipt == receipt).order_by(BallotChoice.rank)
    return list(db.session.scalars(query))


def checked_count(poll_id: int) -> int:
    """How many ballots the box holds, each put in by one voter; raises BoxDiffersError when that is not so."""
    mine = Participation.poll_id == poll_id
    ballots = db.session.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll_id)) or 0
    linked = select(func.count()).select_from(Participation).join(Ballot, Ballot.receipt == Participation.receipt)
    matched = db.session.scalar(linked.where(mine, Ballot.poll_id == poll_id)) or 0
    people = db.session.scalar(select(func.count()).where(mine, Participation.channel != "paper")) or 0
    if not ballots == matched == people:
        raise BoxDiffersError(f"poll {poll_id}: {ballots} ballots, {matched} linked, {people} people")
    return ballots


def ballots(poll: Poll) -> tally.Profile:
    """The box as the count reads it, identical ballots together; asked only once the vote is closed."""
    one = (
        select(func.aggregate_strings(cast(BallotChoice.option_id, String), ",").label("chosen"))
        .where(BallotChoice.poll_id == poll.id).group_by(BallotChoice.receipt).subquery()
    )  # fmt: skip
    positions = {str(option.id): position for position, option in enumerate(poll.options)}
    same: dict[tally.Ballot, int] = {}
    for chosen, number in db.session.execute(select(one.c.chosen, func.count()).group_by(one.c.chosen)):
        ballot = tuple(sorted(positions[option] for option in chosen.split(",")))
        same[ballot] = same.get(ballot, 0) + number
    projects = [tally.Project(str(one.id), one.cost_cents, one.title, lodged=one.number) for one in poll.options]
    return tally.Profile(poll.envelope_cents, tuple(projects), same)
