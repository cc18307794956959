"""Reading polls: what is open, what a voter has done, what was published. Nothing here counts choices before the count."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.ballots.models import Ballot, BallotChoice, DraftBallot, Participation, Poll, PollOption, PollResult
from citizen.ballots.rules import Standing
from citizen.db import db
from citizen.projects.models import Project
from citizen.tally import profile as tally


def polls() -> Sequence[Poll]:
    """Every poll, the one that closes last on top."""
    query = select(Poll).options(joinedload(Poll.call)).order_by(Poll.closes_at.desc(), Poll.id.desc())
    return db.session.scalars(query).all()


def open_polls() -> Sequence[Poll]:
    """Those where one may vote now, the one that closes first on top."""
    now = clock.now()
    query = select(Poll).where(Poll.opens_at <= now, Poll.closes_at > now)
    return db.session.scalars(query.order_by(Poll.closes_at, Poll.id)).all()


def poll_of(call_id: int) -> Poll | None:
    return db.session.scalar(select(Poll).where(Poll.call_id == call_id))


def turnout(poll_id: int) -> int:
    """How many people have taken part: the only figure known before the count."""
    return db.session.scalar(select(func.count()).where(Participation.poll_id == poll_id)) or 0


def shuffled_options(poll: Poll, voter: str) -> list[PollOption]:
    """The projects in an order of the voter's own, always the same: being first on the list favours nobody."""
    query = (
        select(PollOption).where(PollOption.poll_id == poll.id)
        .options(joinedload(PollOption.project).options(joinedload(Project.perimeter), joinedload(Project.commune)))
    )  # fmt: skip

    def place(option: PollOption) -> bytes:
        return hashlib.sha256(f"{poll.id}/{voter}/{option.id}".encode()).digest()

    return sorted(db.session.scalars(query), key=place)


def participation(poll_id: int, person_id: int | None) -> Participation | None:
    return db.session.get(Participation, (poll_id, person_id)) if person_id else None


def choices(poll_id: int, person_id: int | None) -> list[int]:
    """The voter's own choices: those not confirmed yet, else those of the ballot."""
    draft = db.session.get(DraftBallot, (poll_id, person_id)) if person_id else None
    return list(draft.option_ids) if draft else confirmed_choices(poll_id, person_id)


def confirmed_choices(poll_id: int, person_id: int | None) -> list[int]:
    """What the voter's ballot holds, in their order; empty once counted, because nothing links them any more."""
    taken_part = participation(poll_id, person_id)
    if taken_part is None or taken_part.receipt is None:
        return []
    return choices_on(taken_part.receipt)


def choices_on(receipt: str) -> list[int]:
    """The projects of one ballot, in the voter's order."""
    query = select(BallotChoice.option_id).where(BallotChoice.receipt == receipt).order_by(BallotChoice.rank)
    return list(db.session.scalars(query))


def receipts(poll_id: int) -> list[str]:
    """The receipts of a counted poll, sorted by their letters, never by time."""
    counted = select(Poll.id).where(Poll.id == poll_id, Poll.tallied_at.is_not(None))
    return list(db.session.scalars(select(Ballot.receipt).where(Ballot.poll_id.in_(counted)).order_by(Ballot.receipt)))


def results(poll_id: int) -> Sequence[PollResult]:
    """What the count said, in its order."""
    query = (
        select(PollResult).join(PollResult.option).where(PollOption.poll_id == poll_id)
        .options(joinedload(PollResult.option).joinedload(PollOption.project)).order_by(PollResult.position)
    )  # fmt: skip
    return db.session.scalars(query).all()


def standing_of(project_id: int) -> Standing:
    """Where a project stands in the vote."""
    query = select(PollResult.is_selected).select_from(PollOption).outerjoin(PollOption.result)
    row = db.session.execute(query.where(PollOption.project_id == project_id)).first()
    return Standing(is_listed=row is not None, is_selected=row[0] if row else None)


def ballots(poll: Poll) -> tally.Profile:
    """The box as the count reads it, identical ballots together; asked only once the vote is closed."""
    one = (
        select(func.aggregate_strings(cast(BallotChoice.option_id, String), ",").label("chosen"))
        .where(BallotChoice.poll_id == poll.id).group_by(BallotChoice.receipt).subquery()
    )  # fmt: skip
    positions = {str(option.id): position for position, option in enumerate(poll.options)}
    grouped: dict[tally.Ballot, int] = {}
    for chosen, number in db.session.execute(select(one.c.chosen, func.count()).group_by(one.c.chosen)):
        ballot = tuple(sorted(positions[option] for option in chosen.split(",")))
        grouped[ballot] = grouped.get(ballot, 0) + number
    projects = [tally.Project(str(one.id), one.cost_cents, one.title, lodged=one.number) for one in poll.options]
    return tally.Profile(poll.envelope_cents, tuple(projects), grouped)
