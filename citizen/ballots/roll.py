"""Who votes: the line of the roll by which an account, a code or a desk comes to a ballot."""

from sqlalchemy import select

from citizen.ballots.models import Poll, Voter
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import AtDesk, Elector, Origin, RollKind, WithCode
from citizen.db import db
from citizen.funds.models import Call
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import Forbidden
from citizen.people.models import Person


def require_keeper(actor: Actor, call: Call) -> None:
    """Who keeps the fund keeps the roll, the desk and the count."""
    if not actor.roles_on(call.fund.targets) & call.fund.keepers:
        raise Forbidden(f"call:{call.id}")


def line_of(elector: Elector, poll: Poll) -> Voter:
    """The elector's line, held until the transaction ends: two requests of one voter wait for each other.

    On a declared roll an account gets its line with its first act. Raises Forbidden for who is not on the roll.
    """
    match elector:
        case Actor():
            voter = _of_account(elector, poll)
        case WithCode(code_hash):
            code = db.session.get(VoterCode, code_hash, with_for_update={"read": True}, populate_existing=True)
            if code is None or code.void_at:
                raise Forbidden("vote")
            return held(code.voter_id, poll.id)
        case AtDesk(voter_id):
            return held(voter_id, poll.id)
    if voter is None or voter.struck_at:
        raise Forbidden("vote")
    return voter


def _of_account(actor: Actor, poll: Poll) -> Voter | None:
    if actor.person_id is None:
        raise Forbidden("vote")
    person = db.session.get_one(Person, actor.person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person.verified_at is None or person.is_suspended:
        raise Forbidden("vote")
    mine = select(Voter).where(Voter.poll_id == poll.id, Voter.person_id == person.id)
    voter = db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if voter is None and poll.roll_kind == RollKind.DECLARED:
        voter = Voter(poll_id=poll.id, person_id=person.id, origin=Origin.ACCOUNT)
        db.session.add(voter)
        db.session.flush()
    return voter


def held(voter_id: int, poll_id: int) -> Voter:
    """A line of this poll's roll that is not struck off, held until the transaction ends; raises Forbidden for another."""
    voter = db.session.get(Voter, voter_id, with_for_update=True, populate_existing=True)
    if voter is None or voter.poll_id != poll_id or voter.struck_at:
        raise Forbidden("vote")
    return voter
