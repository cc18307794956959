"""Coming to a ballot: the line of the roll that an account, a code or a desk votes on."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, delete, insert, select

from citizen import clock
from citizen.ballots import signing
from citizen.ballots.models import NAMELESS, DraftBallot, Participation, Poll, Voter, unordered_id
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import AtDesk, Elector, Moment, OpenPoll, Origin, RollKind, WithCode
from citizen.db import db, run, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.models import Person

_PERSON, _LINE = Person.__table__, Voter.__table__
_KNOWN = (
    select(_PERSON.c.verified_at, _PERSON.c.name, _PERSON.c.email)
    .where(_PERSON.c.id == bindparam("person"), _PERSON.c.is_suspended.is_(False)).with_for_update(key_share=True)
)  # fmt: skip
# Read once the person is held, never with them: of two first votes at once, the second waits and then finds the line of the first.
_MINE = (
    select(_LINE.c.id, _LINE.c.origin, _LINE.c.struck_at)
    .where(_LINE.c.poll_id == bindparam("poll"), _LINE.c.person_id == bindparam("person")).with_for_update()
)  # fmt: skip
_ADD = insert(_LINE)


class Line(NamedTuple):
    """A line of the roll; one that ``is_new`` has done nothing before. ``person`` is the account that comes by it: name, address."""

    id: int
    origin: str
    person: Row[Any] | None = None
    is_new: bool = False


def line_of(elector: Elector, poll: OpenPoll) -> Line:
    """The elector's line, held until the transaction ends: two requests of one voter wait for each other.

    On a declared roll an account gets its line with its first act. Raises Forbidden for who is not on the roll.
    """
    match elector:
        case Actor():
            return _of_account(elector, poll)
        case WithCode(code_hash):
            voter = _of_code(code_hash, poll.id)
        case AtDesk(voter_id):
            voter = held(voter_id, poll.id)
    return Line(voter.id, voter.origin)


def _of_code(code_hash: str, poll_id: int) -> Voter:
    code = db.session.get(VoterCode, code_hash, with_for_update={"read": True}, populate_existing=True)
    if code is None or code.void_at:
        raise Forbidden("vote")
    return held(code.voter_id, poll_id)


def _of_account(actor: Actor, poll: OpenPoll) -> Line:
    person = run(_KNOWN, {"person": actor.person_id}).one_or_none() if actor.person_id else None
    if person is None or person.verified_at is None:
        raise Forbidden("vote")
    found = run(_MINE, {"poll": poll.id, "person": actor.person_id}).one_or_none()
    if found is None and poll.roll_kind == RollKind.DECLARED:
        made = Line(unordered_id(), Origin.ACCOUNT, person, is_new=True)
        run(_ADD, NAMELESS | {"id": made.id, "poll_id": poll.id, "person_id": actor.person_id, "origin": Origin.ACCOUNT.value})
        return made
    if found is None or found.struck_at:
        raise Forbidden("vote")
    return Line(found.id, found.origin, person)


def enter(actor: Actor, poll_id: int, code: str) -> Elector:
    """The ballot that a typed code opens. An account that uses one is bound to its line, so that both have one ballot.

    Raises Invalid for a code that opens nothing, and when the account or the code already has a ballot of its own.
    """
    code_hash = signing.hashed(code)
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
        if poll.moment(clock.now()) is not Moment.OPEN:
            raise NotNow(_("Le vote n’est pas ouvert."))
        try:
            line = _of_code(code_hash, poll.id)
        except Forbidden:
            raise Invalid(
                "code", _("Ce code n’ouvre pas ce vote. Vérifiez chaque signe ; s’il a été remplacé, utilisez le nouveau.")
            ) from None
        if not actor.is_signed_in:
            return WithCode(code_hash)
        _bind(actor, line)
        return actor


def _bind(actor: Actor, line: Voter) -> None:
    person = db.session.get_one(Person, actor.person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person.verified_at is None:
        raise Invalid("code", _("Confirmez d’abord votre adresse de courriel, ou déconnectez-vous pour voter avec ce code."))
    if line.person_id not in (None, person.id):
        raise Invalid("code", _("Ce code sert déjà à un autre compte."))
    mine = db.session.scalar(select(Voter).where(Voter.poll_id == line.poll_id, Voter.person_id == person.id).with_for_update())
    if mine is not None and mine.id != line.id:
        if mine.origin != Origin.ACCOUNT or db.session.get(Participation, mine.id):
            raise Invalid(
                "code", _("Vous votez déjà avec votre compte : une personne utilise son compte ou un code, pas les deux.")
            )
        db.session.execute(delete(DraftBallot).where(DraftBallot.voter_id == mine.id))
        db.session.delete(mine)
        db.session.flush()
    line.person_id = person.id


def held(voter_id: int, poll_id: int) -> Voter:
    """A line of this poll's roll that is not struck off, held until the transaction ends; raises Forbidden for another."""
    voter = db.session.get(Voter, voter_id, with_for_update=True, populate_existing=True)
    if voter is None or voter.poll_id != poll_id or voter.struck_at:
        raise Forbidden("vote")
    return voter
