"""The voting desk: an officer checks a person in, who then votes on a tablet or on paper."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from citizen import clock
from citizen.ballots import box, codes, paper, roll
from citizen.ballots.models import Participation, Poll, Voter
from citizen.ballots.roll_models import DeskTicket
from citizen.ballots.rules import Channel, Moment
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow

TICKET_LASTS = timedelta(minutes=15)


def check_in(actor: Actor, poll_id: int, voter_id: int, channel: Channel) -> str:
    """The person is there and has not taken part: gives the number that opens the ballot on a tablet; on paper, takes part now.

    Nothing in the journal: nobody may know at what time somebody voted. Raises NotNow when the vote is not open or they took part.
    """
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
        roll.require_keeper(actor, poll.call)
        if poll.moment(clock.now()) is not Moment.OPEN:
            raise NotNow(_("Le vote n’est pas ouvert."))
        voter = roll.held(voter_id, poll_id)
        if channel is Channel.PAPER:
            paper.sign(actor, poll_id, voter_id)
            return ""
        if db.session.get(Participation, voter.id, populate_existing=True):
            raise NotNow(_("Cette personne a déjà participé."))
        return _ticket(voter)


def _ticket(voter: Voter) -> str:
    now, ticket = clock.now(), box.grouped(6, 3)
    db.session.execute(delete(DeskTicket).where((DeskTicket.expires_at < now) | (DeskTicket.voter_id == voter.id)))
    db.session.add(DeskTicket(ticket_hash=codes.hashed(ticket), voter_id=voter.id, expires_at=now + TICKET_LASTS))
    return ticket
