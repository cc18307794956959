"""Reading polls: what is open, what a voter has done, what was published. Nothing here counts choices before the count."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.ballots.box import ballots as ballots
from citizen.ballots.box import choices_on as choices_on
from citizen.ballots.count_models import PollCount
from citizen.ballots.models import Ballot, DraftBallot, Participation, Poll, PollOption, PollResult, Voter
from citizen.ballots.roll_models import CodeBatch, PendingList, VoterCode
from citizen.ballots.rules import AtDesk, Elector, Moment, Standing, WithCode
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
    """How many people have taken part."""
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


def _line_of(poll_id: int, elector: Elector) -> ColumnElement[bool]:
    """What finds the elector's line of the roll, when it is there and holds."""
    mine = Voter.poll_id == poll_id, Voter.struck_at.is_(None)
    match elector:
        case Actor(person_id=number):
            return and_(*mine, Voter.person_id == number) if number else false()
        case AtDesk(number):
            return and_(*mine, Voter.id == number)
        case WithCode(code_hash):
            still_good = (VoterCode.code_hash == code_hash, VoterCode.void_at.is_(None))
            return and_(*mine, Voter.id.in_(select(VoterCode.voter_id).where(*still_good)))


def voter_of(poll_id: int, elector: Elector) -> Voter | None:
    return db.session.scalar(select(Voter).where(_line_of(poll_id, elector)))


def line_and_acts(poll_id: int, elector: Elector) -> tuple[Voter | None, Participation | None, DraftBallot | None]:
    """The elector's line, how it took part, and what it chose and has not confirmed."""
    query = (
        select(Voter, Participation, DraftBallot)
        .outerjoin(Participation, Participation.voter_id == Voter.id).outerjoin(DraftBallot, DraftBallot.voter_id == Voter.id)
    )  # fmt: skip
    row = db.session.execute(query.where(_line_of(poll_id, elector))).first()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def line(poll_id: int, voter_id: int) -> Voter:
    """A line of this poll's roll; raises NoResultFound."""
    return db.session.scalars(select(Voter).where(Voter.poll_id == poll_id, Voter.id == voter_id)).one()


def batch(poll_id: int, batch_id: int) -> CodeBatch:
    """A batch of this poll's codes; raises NoResultFound."""
    return db.session.scalars(select(CodeBatch).where(CodeBatch.poll_id == poll_id, CodeBatch.id == batch_id)).one()


def pending_list(poll_id: int) -> PendingList | None:
    return db.session.get(PendingList, poll_id)


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


def turnout_by_day(poll: Poll) -> list[tuple[date, int]]:
    """How many people took part on each day that is over, none left out between the first and the last.

    The day that is not over is told tomorrow: nobody can read from it at what time somebody voted.
    """
    query = select(Participation.voted_on, func.count()).where(Participation.poll_id == poll.id)
    if poll.moment(clock.now()) is Moment.OPEN:
        query = query.where(Participation.voted_on < clock.today())
    query = query.group_by(Participation.voted_on)
    known: dict[date, int] = dict(tuple(row) for row in db.session.execute(query))
    first, last = min(known, default=None), max(known, default=None)
    days = (last - first).days + 1 if first and last else 0
    return [(day := first + timedelta(days=number), known.get(day, 0)) for number in range(days)] if first else []


def standing_of(project_id: int) -> Standing:
    """Where a project stands in the vote."""
    query = select(PollResult.is_selected).select_from(PollOption).outerjoin(PollOption.result)
    row = db.session.execute(query.where(PollOption.project_id == project_id)).first()
    return Standing(is_listed=row is not None, is_selected=row[0] if row else None)
