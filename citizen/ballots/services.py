"""Announcing a poll, voting, and counting: each is one transaction, judged by the server's clock inside it."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from citizen import clock
from citizen.ballots import queries
from citizen.ballots.models import Ballot, BallotChoice, DraftBallot, Participation, Poll, PollOption, PollResult
from citizen.ballots.rules import FEW, Moment, require_choices
from citizen.db import db, transaction
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.kernel.money import euros
from citizen.mail import services as mail
from citizen.people.models import Person
from citizen.projects.models import Project
from citizen.tally import greedy, reasons
from citizen.web.filters import moment as said_moment
from citizen.web.filters import say

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that are not mistaken for one another when copied by hand


class BoxDiffersError(Exception):
    """The box does not hold one ballot for each person who took part: nothing may be counted before somebody looks."""


def announce(
    actor: Actor, call_id: int, *, title: str, electorate: str, max_choices: int, opens_at: datetime, closes_at: datetime,
    costs: dict[int, int], **rules: Any,
) -> Poll:  # fmt: skip
    """A vote on the projects of ``costs`` ({project id: cents}), frozen as they are now.

    ``rules`` are other columns of the poll. Raises Invalid when the days are wrong or nothing is on the ballot.
    """
    with transaction():
        call = db.session.get_one(Call, call_id, with_for_update={"of": Call.__table__}, populate_existing=True)
        _require_keeper(actor, call)
        if queries.poll_of(call_id):
            raise NotNow(_("Un vote est déjà annoncé pour cette campagne."))
        if not opens_at < closes_at:
            raise Invalid("closes_on", _("Le vote doit fermer après son ouverture."))
        if closes_at <= clock.now():
            raise Invalid("closes_on", _("Ce jour est déjà passé."))
        if not costs:
            raise Invalid("title", _("Aucun projet n’est prêt pour le vote."))
        poll = Poll(
            call_id=call_id, title=title, electorate=electorate, max_choices=max_choices, opens_at=opens_at,
            closes_at=closes_at, envelope_cents=call.remaining_cents, **rules,
        )  # fmt: skip
        projects = db.session.scalars(select(Project).where(Project.id.in_(costs)).order_by(Project.lodged_at, Project.id))
        poll.options = [
            PollOption(project_id=one.id, number=number, title=one.title, cost_cents=costs[one.id])
            for number, one in enumerate(projects, start=1)
        ]
        db.session.add(poll)
        db.session.flush()
        journal.record(actor, f"poll:{poll.id}", "announced")
        return poll


def _require_keeper(actor: Actor, call: Call) -> None:
    if not actor.roles_on(call.fund.targets) & call.fund.keepers:
        raise Forbidden(f"call:{call.id}")


def keep_draft(actor: Actor, poll_id: int, option_ids: Sequence[int]) -> DraftBallot:
    """Keeps what a voter chose and has not confirmed; nothing of it is counted."""
    with transaction():
        _opened(poll_id, option_ids)
        person = _voter(actor)
        draft = db.session.get(DraftBallot, (poll_id, person.id), with_for_update=True, populate_existing=True)
        if draft is None:
            draft = DraftBallot(poll_id=poll_id, person_id=person.id)
            db.session.add(draft)
        draft.option_ids = list(option_ids)
        return draft


def vote(actor: Actor, poll_id: int, option_ids: Sequence[int], *, is_eligible: bool) -> str:
    """Puts the ballot in the box and gives its receipt; a new choice replaces the ballot, the same choice changes nothing.

    No event is written: the journal keeps the moment of each act, and nobody may know at what time somebody voted.
    Raises NotNow outside the opening, Forbidden without a verified address, Invalid for wrong choices or no declaration.
    """
    with transaction():
        poll = _opened(poll_id, option_ids)
        person = _voter(actor)
        if not is_eligible:
            raise Invalid("is_eligible", _("Cochez cette case : seules ces personnes peuvent voter."))
        taken_part = db.session.get(Participation, (poll_id, person.id), with_for_update=True, populate_existing=True)
        former = taken_part.receipt if taken_part else None
        db.session.execute(delete(DraftBallot).where(DraftBallot.poll_id == poll_id, DraftBallot.person_id == person.id))
        if former and set(queries.choices_on(former)) == set(option_ids):
            return former
        receipt = _put_in_the_box(poll_id, option_ids)
        if taken_part is None:
            taken_part = Participation(poll_id=poll_id, person_id=person.id)
            db.session.add(taken_part)
        taken_part.receipt, taken_part.voted_on = receipt, clock.today()
        db.session.flush()
        if former:
            db.session.execute(delete(BallotChoice).where(BallotChoice.receipt == former))
            db.session.execute(delete(Ballot).where(Ballot.receipt == former))
        title = _("Votre vote est enregistré : %(title)s", title=poll.title)
        mail.write(person.email, title, "receipt", person=person, poll=poll, receipt=receipt, is_change=former is not None)
        return receipt


def _opened(poll_id: int, option_ids: Sequence[int]) -> Poll:
    """The poll, open now and until this transaction ends, whose ballot may hold these choices."""
    poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    moment = poll.moment(clock.now())
    if moment is Moment.ANNOUNCED:
        raise NotNow(_("Le vote ouvre le %(moment)s.", moment=said_moment(poll.opens_at)))
    if moment is not Moment.OPEN:
        raise NotNow(_("Le vote est fermé depuis le %(moment)s.", moment=said_moment(poll.last_minute)))
    known = set(db.session.scalars(select(PollOption.id).where(PollOption.poll_id == poll_id)))
    try:
        require_choices(option_ids, known, poll.max_choices)
    except Invalid as error:
        raise Invalid(error.field, say(error.message)) from None
    return poll


def _voter(actor: Actor) -> Person:
    """The person, held until the transaction ends: two requests of one person wait for each other."""
    if actor.person_id is None:
        raise Forbidden("vote")
    person = db.session.get_one(Person, actor.person_id, with_for_update={"key_share": True}, populate_existing=True)
    if person.verified_at is None or person.is_suspended:
        raise Forbidden("vote")
    return person


def _put_in_the_box(poll_id: int, option_ids: Sequence[int]) -> str:
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(20))  # 100 bits: nobody guesses one, no two are equal
    receipt = "-".join(signs[i : i + 4] for i in range(0, 20, 4))
    db.session.execute(insert(Ballot).values(receipt=receipt, poll_id=poll_id))
    chosen = [
        {"receipt": receipt, "poll_id": poll_id, "option_id": option_id, "rank": rank}
        for rank, option_id in enumerate(option_ids, start=1)
    ]
    db.session.execute(insert(BallotChoice), chosen)
    return receipt


def tally(actor: Actor, poll_id: int) -> list[PollResult]:
    """Counts once, after closing: publishes each project's result and erases who cast which ballot."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        _require_keeper(actor, poll.call)
        moment = poll.moment(clock.now())
        if moment is Moment.COUNTED:
            raise NotNow(_("Ce vote est déjà dépouillé."))
        if moment is not Moment.CLOSED:
            raise NotNow(_("Le vote ferme le %(moment)s : rien ne se compte avant.", moment=said_moment(poll.last_minute)))
        poll.ballot_count = _counted_ballots(poll_id)
        poll.tallied_at = clock.now()
        results = _results(poll)
        db.session.add_all(results)
        db.session.execute(update(Participation).where(Participation.poll_id == poll_id).values(receipt=None))
        db.session.execute(delete(DraftBallot).where(DraftBallot.poll_id == poll_id))
        db.session.flush()
        journal.record(actor, f"poll:{poll_id}", "counted")
        return results


def _counted_ballots(poll_id: int) -> int:
    ballots = db.session.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll_id)) or 0
    linked = select(func.count()).select_from(Participation).join(Ballot, Ballot.receipt == Participation.receipt)
    matched = db.session.scalar(linked.where(Participation.poll_id == poll_id, Ballot.poll_id == poll_id)) or 0
    people = queries.turnout(poll_id)
    if not ballots == matched == people:
        raise BoxDiffersError(f"poll {poll_id}: {ballots} ballots, {matched} linked, {people} people")
    return ballots


def _results(poll: Poll) -> list[PollResult]:
    method = poll.method
    turns = greedy.count(greedy.entries_of(queries.ballots(poll), method.measure), method)
    shows_votes = (poll.ballot_count or 0) >= FEW
    why = reasons.of_turns(turns, method, lambda cents: euros(int(cents)), shows_votes=shows_votes)
    return [
        PollResult(
            option_id=int(turn.entry.project.id), position=position, votes=turn.entry.votes, is_selected=turn.is_selected,
            remaining_cents=turn.remaining, said=[(sentence.msgid, sentence.values) for sentence in words],
        )
        for position, (turn, words) in enumerate(zip(turns, why, strict=True), start=1)
    ]  # fmt: skip
