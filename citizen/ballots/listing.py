"""Reading a roll, for its keepers and its desk: what is on it, who is called so, how many took part."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from citizen.ballots.models import Participation, Voter
from citizen.ballots.roll_models import CodeBatch, VoterCode
from citizen.ballots.rules import Origin
from citizen.db import db
from citizen.kernel.words import plain

MOST_FOUND = 20


@dataclass(frozen=True)
class Found:
    """A line of the roll, and whether it took part; never what was chosen."""

    voter: Voter
    has_taken_part: bool


@dataclass(frozen=True)
class BatchState:
    """A batch of codes: how many were made, cancelled, and used by somebody who took part."""

    batch: CodeBatch
    void: int
    used: int

    @property
    def waiting(self) -> int:
        return self.batch.size - self.void - self.used


def search(poll_id: int, words: str) -> list[Found]:
    """Lines of this number or whose name holds these words, the first ones by name."""
    typed = " ".join(words.split())
    if not typed:
        return []
    named = [Voter.search_name.contains(part, autoescape=True) for part in plain(typed).split()]
    hit = or_(Voter.list_number == typed, and_(*named)) if named else Voter.list_number == typed
    query = (
        select(Voter, Participation.voter_id.is_not(None)).outerjoin(Participation, Participation.voter_id == Voter.id)
        .where(Voter.poll_id == poll_id, Voter.origin.in_((Origin.LIST, Origin.DESK)), hit)
    )  # fmt: skip
    rows = db.session.execute(query.order_by(Voter.search_name, Voter.list_number, Voter.id).limit(MOST_FOUND))
    return [Found(voter, has_taken_part) for voter, has_taken_part in rows]


def numbers_by_origin(poll_id: int) -> dict[str, int]:
    """How many lines of each origin still hold."""
    query = select(Voter.origin, func.count()).where(Voter.poll_id == poll_id, Voter.struck_at.is_(None))
    return dict(db.session.execute(query.group_by(Voter.origin)).all())


def numbers_known(poll_id: int, numbers: Sequence[str]) -> list[str]:
    """Those of these list numbers that the roll already has."""
    known = set(db.session.scalars(select(Voter.list_number).where(Voter.poll_id == poll_id)))
    return [number for number in numbers if number in known]


def batches(poll_id: int) -> list[BatchState]:
    """The batches of codes of a poll with their figures, the newest first."""
    void = VoterCode.void_at.is_not(None)
    query = (
        select(CodeBatch, func.count().filter(void), func.count().filter(~void, Participation.voter_id.is_not(None)))
        .join(VoterCode, VoterCode.batch_id == CodeBatch.id)
        .outerjoin(Participation, Participation.voter_id == VoterCode.voter_id)
        .where(CodeBatch.poll_id == poll_id).group_by(CodeBatch.id).order_by(CodeBatch.number.desc())
    )  # fmt: skip
    return [BatchState(*row) for row in db.session.execute(query)]


def has_codes(poll_id: int) -> bool:
    """Whether codes were made for this poll: its page then asks for one."""
    return db.session.scalar(select(CodeBatch.id).where(CodeBatch.poll_id == poll_id).limit(1)) is not None
