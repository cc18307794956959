"""Announcing a poll, voting, and counting: each is one transaction, judged by the server's clock inside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, bindparam, cast, delete, func, insert, literal_column, select, update

from citizen import clock
from citizen.ballots import box, paper, polling, queries, recording, roll, workbench
from citizen.ballots.models import DraftBallot, Participation, Poll, PollOption, PollResult, Voter
from citizen.ballots.rules import AtDesk, Channel, Elector, Moment, OpenPoll, Origin, require_choices
from citizen.db import db, run, transaction
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.mail import services as mail
from citizen.projects.models import Project
from citizen.web.filters import moment as said_moment
from citizen.web.filters import say

# Written once, and read without an object of the session: the way of a vote is short.
_POLL, _OPTION, _TAKEN = Poll.__table__.c, PollOption.__table__.c, Participation.__table__.c
_SPACE: Any = literal_column("' '")  # a plain text would be put into the statement again at each vote
_HELD = (
    select(
        _POLL.id, _POLL.title, _POLL.roll_kind, _POLL.opens_at, _POLL.closes_at, _POLL.tallied_at, _POLL.max_choices,
        select(func.aggregate_strings(cast(_OPTION.id, String), _SPACE)).where(_OPTION.poll_id == _POLL.id)
        .scalar_subquery().label("known"),
    )
    .where(_POLL.id == bindparam("poll")).with_for_update(read=True)
)  # fmt: skip
_PART = select(_TAKEN.channel, _TAKEN.receipt).where(_TAKEN.voter_id == bindparam("voter"))
_TAKE_PART = insert(Participation.__table__)
_REPLACE = update(Participation.__table__).where(_TAKEN.voter_id == bindparam("voter")).values(receipt=bindparam("receipt"))
_FORGET = delete(DraftBallot.__table__).where(DraftBallot.__table__.c.voter_id == bindparam("voter"))


def announce(
    actor: Actor, call_id: int, *, title: str, electorate: str, max_choices: int, opens_at: datetime, closes_at: datetime,
    costs: Mapping[int, int], sectors: Mapping[int, str] | None = None, rivals: Mapping[int, str] | None = None, **rules: Any,
) -> Poll:  # fmt: skip
    """A vote on the projects of ``costs`` ({project id: cents}), frozen as they are now.

    ``sectors`` and ``rivals`` give each project its sector and its letter (of two with the same, at most one is retained);
    ``rules`` are other columns of the poll. Raises Invalid when the days are wrong or nothing is on the ballot.
    """
    sectors, rivals = sectors or {}, rivals or {}
    with transaction():
        call = db.session.get_one(Call, call_id, with_for_update={"of": Call.__table__}, populate_existing=True)
        roll.require_keeper(actor, call)
        if queries.poll_of(call_id):
            raise NotNow(_("Un vote est déjà annoncé pour cette campagne."))
        if not opens_at < closes_at:
            raise Invalid("closes_on", _("Le vote doit fermer après son ouverture."))
        if closes_at <= clock.now():
            raise Invalid("closes_on", _("Ce jour est déjà passé."))
        if not costs:
            raise Invalid("title", _("Aucun projet n’est prêt pour le vote."))
        if 1 in Counter(letter for letter in rivals.values() if letter).values():
            raise Invalid("rivals", _("Une lettre se donne à deux projets au moins : ceux dont un seul peut être retenu."))
        poll = Poll(
            call_id=call_id, title=title, electorate=electorate, max_choices=max_choices, opens_at=opens_at,
            closes_at=closes_at, envelope_cents=call.remaining_cents, **rules,
        )  # fmt: skip
        projects = db.session.scalars(select(Project).where(Project.id.in_(costs)).order_by(Project.lodged_at, Project.id))
        poll.options = [
            PollOption(
                project_id=one.id, number=number, announced_title=one.title, cost_cents=costs[one.id],
                sector=sectors.get(one.id, ""), rival_group=rivals.get(one.id, ""),
            )
            for number, one in enumerate(projects, start=1)
        ]  # fmt: skip
        if "draw" in rules.get("ties", "") and not rules.get("draw_text"):
            raise Invalid("draw_text", _("Annoncez le nombre public du tirage : lequel, de quel jour, publié où."))
        db.session.add(poll)
        db.session.flush()
        journal.record(actor, f"poll:{poll.id}", "announced")
        recording.begin(poll)
        return poll


def keep_draft(elector: Elector, poll_id: int, option_ids: Sequence[int]) -> DraftBallot:
    """Keeps what a voter chose and has not confirmed; nothing of it is counted."""
    with transaction():
        voter = polling.line_of(elector, _opened(poll_id, option_ids))
        draft = db.session.get(DraftBallot, voter.id, populate_existing=True)
        if draft is None:
            draft = DraftBallot(voter_id=voter.id)
            db.session.add(draft)
        draft.option_ids, draft.chosen_on = list(option_ids), clock.today()
        return draft


def vote(
    elector: Elector, poll_id: int, option_ids: Sequence[int], *, is_eligible: bool, replaces: str | None = None
) -> str:  # fmt: skip
    """Puts the ballot in the box and gives its receipt; a new choice replaces the ballot, the same choice changes nothing.

    No event is written: the journal keeps the moment of each act, and nobody may know at what time somebody voted.
    ``is_eligible`` is what an account declares; a list, a code or a desk says it for the others. ``replaces`` is the receipt of the
    ballot that the voter saw in the box (empty: none): a sending that comes late undoes no later choice. None is whatever is there.
    Raises NotNow outside the opening or when the voter took part another way, Forbidden for who is not on the roll, Invalid for
    wrong choices, no declaration, or a ballot that changed meanwhile.
    """
    with transaction():
        poll = _opened(poll_id, option_ids)
        voter = polling.line_of(elector, poll)
        if voter.origin == Origin.ACCOUNT and not is_eligible:
            raise Invalid("is_eligible", _("Cochez cette case : seules ces personnes peuvent voter."))
        channel = Channel.DESK if isinstance(elector, AtDesk) else Channel.ONLINE
        former = None if voter.is_new else _former(voter.id, channel)
        is_late = replaces is not None and replaces != (former or "")
        if former and set(box.choices_on(former)) == set(option_ids):
            if not is_late:
                run(_FORGET, {"voter": voter.id})
            return former
        if is_late:
            raise Invalid(
                "ballot", _("Votre bulletin a changé depuis que cette page est ouverte. Relisez vos choix, puis confirmez.")
            )
        if not voter.is_new:
            run(_FORGET, {"voter": voter.id})
        withdrawn = {"withdrawn": box.commitments(poll_id, former)[0]} if former else {}
        receipt, commitment = box.put(poll_id, option_ids)
        if former:
            run(_REPLACE, {"voter": voter.id, "receipt": receipt})
            box.take_out(former)
        else:
            run(_TAKE_PART, {"voter_id": voter.id, "poll_id": poll_id, "channel": channel.value, "voted_on": clock.today(),
                             "receipt": receipt})  # fmt: skip
        if voter.person:
            _write_receipt(voter.person.email, poll, receipt, name=voter.person.name, is_change=former is not None)
        recording.write(poll_id, "replaced" if former else "ballot", commitment=commitment, **withdrawn)
        return receipt


def _opened(poll_id: int, option_ids: Sequence[int]) -> OpenPoll:
    """The poll, open now and until this transaction ends, whose ballot may hold these choices."""
    found = dict(run(_HELD, {"poll": poll_id}).mappings().one())
    known = set(map(int, found.pop("known").split()))
    poll = OpenPoll(**found)
    moment = poll.moment(clock.now())
    if moment is Moment.ANNOUNCED:
        raise NotNow(_("Le vote ouvre le %(moment)s.", moment=said_moment(poll.opens_at)))
    if moment is not Moment.OPEN:
        raise NotNow(_("Le vote est fermé depuis le %(moment)s.", moment=said_moment(poll.last_minute)))
    try:
        require_choices(option_ids, known, poll.max_choices)
    except Invalid as error:
        raise Invalid(error.field, say(error.message)) from None
    return poll


def _former(voter_id: int, channel: Channel) -> str | None:
    """The receipt that a change replaces; a paper ballot is not replaced, and a desk replaces nothing."""
    taken_part = run(_PART, {"voter": voter_id}).one_or_none()
    if taken_part is None:
        return None
    if taken_part.channel == Channel.PAPER or (channel is Channel.DESK and taken_part.channel != channel):
        raise NotNow(_("Cette personne a déjà participé."))
    return str(taken_part.receipt)


def send_receipt(poll_id: int, receipt: str, email: str) -> None:
    """Sends the receipt of somebody without an account to the address they typed, which is not kept."""
    with transaction():
        _write_receipt(email, db.session.get_one(Poll, poll_id), receipt, name="", is_change=False)


def _write_receipt(email: str, poll: Poll | OpenPoll, receipt: str, **values: Any) -> None:
    """The letter leaves no trace here once sent: it would say who voted, and when."""
    title = _("Votre vote est enregistré : %(title)s", title=poll.title)
    mail.write(email, title, "receipt", is_untraced=True, poll=poll, receipt=receipt, **values)


def tally(actor: Actor, poll_id: int, *, draw_number: str = "") -> list[PollResult]:
    """Counts once, after closing: publishes each project's result and erases who cast which ballot."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        roll.require_keeper(actor, poll.call)
        moment = poll.moment(clock.now())
        if moment is Moment.COUNTED:
            raise NotNow(_("Ce vote est déjà dépouillé."))
        if moment is not Moment.CLOSED:
            raise NotNow(_("Le vote ferme le %(moment)s : rien ne se compte avant.", moment=said_moment(poll.last_minute)))
        if poll.has_draw and not draw_number.strip():
            raise Invalid("draw_number", _("Écrivez le nombre du tirage annoncé : %(text)s", text=poll.draw_text))
        poll.draw_number = draw_number.strip() if poll.has_draw else None
        paper.require_ready(poll_id)
        recording.close(poll_id, queries.turnout(poll_id))
        if faults := recording.box_faults(poll_id):
            raise box.BoxDiffersError(" ".join(say(fault) for fault in faults))
        paper.pour(poll)
        sealed = recording.seal(poll_id)
        voters = select(Voter.id).where(Voter.poll_id == poll_id)
        db.session.execute(delete(DraftBallot).where(DraftBallot.voter_id.in_(voters)))
        poll.ballot_count = box.valid_count(poll_id)
        poll.tallied_at = clock.now()
        results = workbench.count(poll)
        db.session.flush()
        journal.record(actor, f"poll:{poll_id}", "counted")
        recording.write(poll_id, "counted", **recording.counted(poll, sealed, results))
        return results
