"""The voting desk: an officer checks a person in, who then votes on a tablet or on paper."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from citizen import clock
from citizen.ballots import box, paper, polling, roll, signing
from citizen.ballots.models import Participation, Poll, Voter
from citizen.ballots.roll_models import DeskTicket
from citizen.ballots.rules import AtDesk, Channel, Moment, Origin, RollKind
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.kernel.words import plain
from citizen.people.models import Person

TICKET_LASTS = timedelta(minutes=15)


def _open_poll(actor: Actor, poll_id: int) -> Poll:
    poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    roll.require_keeper(actor, poll.call)
    if poll.moment(clock.now()) is not Moment.OPEN:
        raise NotNow(_("Le vote n’est pas ouvert."))
    return poll


def check_in(actor: Actor, poll_id: int, voter_id: int, channel: Channel) -> str:
    """The person is there and has not taken part: gives the number that opens the ballot on a tablet; on paper, takes part now.

    Nothing in the journal: nobody may know at what time somebody voted. Raises NotNow when the vote is not open or they took part.
    """
    with transaction():
        _open_poll(actor, poll_id)
        voter = polling.held(voter_id, poll_id)
        if channel is Channel.PAPER:
            paper.sign(actor, poll_id, voter_id)
            return ""
        if db.session.get(Participation, voter.id, populate_existing=True):
            raise NotNow(_("Cette personne a déjà participé."))
        return _ticket(voter)


def _ticket(voter: Voter) -> str:
    now, ticket = clock.now(), box.grouped(6, 3)
    db.session.execute(delete(DeskTicket).where((DeskTicket.expires_at < now) | (DeskTicket.voter_id == voter.id)))
    db.session.add(DeskTicket(ticket_hash=signing.hashed(ticket), voter_id=voter.id, expires_at=now + TICKET_LASTS))
    return ticket


def open_ballot(poll_id: int, ticket: str) -> AtDesk:
    """The ballot that a desk's number opens, once; raises Invalid for a number that is wrong, used or too old."""
    with transaction():
        kept = db.session.get(DeskTicket, signing.hashed(ticket), with_for_update=True, populate_existing=True)
        line = db.session.get(Voter, kept.voter_id) if kept else None
        if kept is None or line is None or line.poll_id != poll_id or kept.expires_at <= clock.now():
            raise Invalid("number", _("Ce numéro n’ouvre pas de bulletin. Demandez-en un autre à l’agent."))
        db.session.delete(kept)
        return AtDesk(line.id)


def add_person(actor: Actor, poll_id: int, *, last_name: str, first_name: str, is_sure: bool) -> int:
    """Somebody who declares at the desk that they may vote, on a declared roll; gives their line.

    Somebody of the same name who took part is told once: two people may have one name.
    """
    with transaction():
        poll = _open_poll(actor, poll_id)
        if poll.roll_kind != RollKind.DECLARED:
            raise NotNow(_("Ce vote se fait sur une liste : cherchez la personne, ou ajoutez-la à la liste avec une raison."))
        if not is_sure and has_namesake(poll_id, last_name, first_name):
            raise Invalid("is_sure", _("Quelqu’un de ce nom a déjà participé. Cochez la case si c’est une autre personne."))
        voter = Voter(
            poll_id=poll_id, origin=Origin.DESK, last_name=last_name, first_name=first_name,
            search_name=plain(f"{last_name} {first_name}"),
        )  # fmt: skip
        db.session.add(voter)
        db.session.flush()
        journal.record(actor, f"poll:{poll_id}", "person_added")
        return voter.id


def has_namesake(poll_id: int, last_name: str, first_name: str) -> bool:
    """Whether a line or an account of this name, in either order, took part."""
    here = select(Participation.voter_id).where(Participation.poll_id == poll_id)
    orders = {plain(f"{last_name} {first_name}"), plain(f"{first_name} {last_name}")}
    listed = select(Voter.id).where(Voter.poll_id == poll_id, Voter.search_name.in_(orders), Voter.id.in_(here)).limit(1)
    if db.session.scalar(listed):
        return True
    names = (
        select(Person.name).join(Voter, Voter.person_id == Person.id).where(Voter.id.in_(here), func.length(Person.name) > 0)
    )
    return any(plain(name) in orders for name in db.session.scalars(names))
