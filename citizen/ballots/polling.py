"""Coming to a ballot: the line of the roll that an account, a code or a desk votes on."""

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from citizen import clock
from citizen.ballots import signing
from citizen.ballots.models import NAMELESS, DraftBallot, Participation, Poll, Voter, unordered_id
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import AtDesk, Elector, Moment, Origin, RollKind, WithCode
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.models import Person


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
    run, person, line = db.session.connection().execute, Person.__table__.c, Voter.__table__
    known = select(person.verified_at).where(person.id == actor.person_id, person.is_suspended.is_(False))
    if not run(known.with_for_update(key_share=True)).scalar():
        raise Forbidden("vote")
    mine = select(line).where(line.c.poll_id == poll.id, line.c.person_id == actor.person_id)
    found = run(mine.with_for_update()).mappings().one_or_none()
    if found is None and poll.roll_kind == RollKind.DECLARED:
        made = {
            "id": unordered_id(),
            "poll_id": poll.id,
            "person_id": actor.person_id,
            "origin": Origin.ACCOUNT.value,
        } | NAMELESS
        run(insert(line), made)
        return Voter(**made)
    return Voter(**found) if found else None


def enter(actor: Actor, poll_id: int, code: str) -> Elector:
    """The ballot that a typed code opens. An account that uses one is bound to its line, so that both have one ballot.

    Raises Invalid for a code that opens nothing, and when the account or the code already has a ballot of its own.
    """
    with_code = WithCode(signing.hashed(code))
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
        if poll.moment(clock.now()) is not Moment.OPEN:
            raise NotNow(_("Le vote n’est pas ouvert."))
        try:
            line = line_of(with_code, poll)
        except Forbidden:
            raise Invalid(
                "code", _("Ce code n’ouvre pas ce vote. Vérifiez chaque signe ; s’il a été remplacé, utilisez le nouveau.")
            ) from None
        if not actor.is_signed_in:
            return with_code
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
