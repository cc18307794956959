"""Reading polls: what is open, what a voter has done, what was published. Nothing here counts choices before the count."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.ballots.box import ballots as ballots
from citizen.ballots.box import choices_on as choices_on
from citizen.ballots.count_models import PollCount
from citizen.ballots.models import Ballot, DraftBallot, Participation, Poll, PollOption, PollResult, Voter
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import AtDesk, Elector, Standing, WithCode
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.projects.models import Project


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


def voter_of(poll_id: int, elector: Elector) -> Voter | None:
    """The elector's line of the roll, when it is there and holds."""
    query = select(Voter).where(Voter.poll_id == poll_id, Voter.struck_at.is_(None))
    match elector:
        case Actor(person_id=None):
            return None
        case Actor(person_id=number):
            query = query.where(Voter.person_id == number)
        case WithCode(code_hash):
            still_good = (VoterCode.code_hash == code_hash, VoterCode.void_at.is_(None))
            query = query.join(VoterCode, VoterCode.voter_id == Voter.id).where(*still_good)
        case AtDesk(number):
            query = query.where(Voter.id == number)
    return db.session.scalar(query)


def participation(voter: Voter | None) -> Participation | None:
    return db.session.get(Participation, voter.id) if voter else None


def choices(voter: Voter | None) -> list[int]:
    """The voter's own choices: those not confirmed yet, else those of the ballot."""
    draft = db.session.get(DraftBallot, voter.id) if voter else None
    return list(draft.option_ids) if draft else confirmed_choices(voter)


def confirmed_choices(voter: Voter | None) -> list[int]:
    """What the voter's ballot holds, in their order; empty once counted, because nothing links them any more."""
    taken_part = participation(voter)
    return choices_on(taken_part.receipt) if taken_part and taken_part.receipt else []


def receipts(poll_id: int) -> list[str]:
    """The receipts of the ballots online of a counted poll, sorted by their letters, never by time."""
    counted = select(Poll.id).where(Poll.id == poll_id, Poll.tallied_at.is_not(None))
    online = (Ballot.poll_id.in_(counted), Ballot.paper.is_(None))
    return list(db.session.scalars(select(Ballot.receipt).where(*online).order_by(Ballot.receipt)))


def results(poll_id: int) -> Sequence[PollResult]:
    """What the count said, in its order."""
    query = (
        select(PollResult).join(PollResult.option).where(PollOption.poll_id == poll_id)
        .options(joinedload(PollResult.option).joinedload(PollOption.project)).order_by(PollResult.position)
    )  # fmt: skip
    return db.session.scalars(query).all()


def counts(poll_id: int) -> Sequence[PollCount]:
    """What each adopted rule said of the box."""
    return db.session.scalars(select(PollCount).where(PollCount.poll_id == poll_id).order_by(PollCount.rule)).all()


def turnout_by_day(poll_id: int) -> list[tuple[date, int]]:
    """How many people took part on each day, none left out between the first and the last."""
    query = (
        select(Participation.voted_on, func.count()).where(Participation.poll_id == poll_id).group_by(Participation.voted_on)
    )
    known: dict[date, int] = dict(tuple(row) for row in db.session.execute(query))
    first, last = min(known, default=None), max(known, default=None)
    days = (last - first).days + 1 if first and last else 0
    return [(day := first + timedelta(days=number), known.get(day, 0)) for number in range(days)] if first else []


def standing_of(project_id: int) -> Standing:
    """Where a project stands in the vote."""
    query = select(PollResult.is_selected).select_from(PollOption).outerjoin(PollOption.result)
    row = db.session.execute(query.where(PollOption.project_id == project_id)).first()
    return Standing(is_listed=row is not None, is_selected=row[0] if row else None)
