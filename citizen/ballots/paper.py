"""The paper of a vote: signatures that prevail over a vote online, boxes and their sheets, and what the count takes from them."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from citizen import clock
from citizen.ballots import box as urn
from citizen.ballots import polling, preparation, queries, recording, roll
from citizen.ballots.models import Ballot, BallotChoice, DraftBallot, Participation, Poll
from citizen.ballots.paper_models import PaperBox, PaperGap
from citizen.ballots.rules import SHEET, Channel, Mark, Moment, require_sheet
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.kernel.words import N_
from citizen.web.filters import say

REFUSED = {
    Moment.ANNOUNCED: N_("Le vote n’est pas ouvert."),
    Moment.OPEN: N_("Le vote n’est pas fermé."),
    Moment.COUNTED: N_("Ce vote est déjà dépouillé."),
}
UNTIL_COUNTED = (Moment.ANNOUNCED, Moment.OPEN, Moment.CLOSED)


def kept(actor: Actor, poll_id: int, *moments: Moment, is_alone: bool = False) -> Poll:
    """The poll for who keeps it, at one of these moments until the transaction ends; ``is_alone``: nobody else acts on it meanwhile."""
    poll = db.session.get_one(Poll, poll_id, with_for_update={"read": not is_alone}, populate_existing=True)
    roll.require_keeper(actor, poll.call)
    moment = poll.moment(clock.now())
    if moment not in moments:
        raise NotNow(_(REFUSED[moment]))
    return poll


def sign(actor: Actor, poll_id: int, voter_id: int) -> bool:
    """The person signed for a paper ballot, now or on the sheet entered after closing; whether a ballot online was withdrawn.

    Paper prevails. Nothing in the site's journal: nobody may know at what time somebody voted.
    """
    with transaction():
        poll = kept(actor, poll_id, Moment.OPEN, Moment.CLOSED)
        voter = polling.held(voter_id, poll_id)
        taken_part = db.session.get(Participation, voter.id, populate_existing=True)
        if taken_part and taken_part.channel != Channel.ONLINE:
            raise NotNow(_("Cette personne a déjà participé au bureau de vote."))
        former = taken_part.receipt if taken_part else None
        [withdrawn] = urn.commitments(poll_id, former) if former else [""]
        if draft := db.session.get(DraftBallot, voter.id):
            db.session.delete(draft)
        if taken_part is None:
            last = (poll.last_minute.astimezone(clock.LOCAL)).date()
            taken_part = Participation(voter_id=voter.id, poll_id=poll_id, voted_on=min(clock.today(), last))
            db.session.add(taken_part)
        taken_part.channel, taken_part.receipt = Channel.PAPER, None
        db.session.flush()
        if former:
            urn.take_out(former)
            recording.write(poll_id, "paper_prevails", withdrawn=withdrawn)
        else:
            recording.write(poll_id, "paper")
        return former is not None


def unsign(actor: Actor, poll_id: int, voter_id: int) -> None:
    """A signature entered on the wrong line; a ballot online that it withdrew does not come back."""
    with transaction():
        kept(actor, poll_id, Moment.OPEN, Moment.CLOSED)
        voter = polling.held(voter_id, poll_id)
        taken_part = db.session.get(Participation, voter.id, populate_existing=True)
        if taken_part is None or taken_part.channel != Channel.PAPER:
            raise NotNow(_("Cette personne n’a pas signé."))
        db.session.delete(taken_part)
        recording.write(poll_id, "unsigned")


def add_box(actor: Actor, poll_id: int, *, place: str, held_on: date) -> PaperBox:
    """A box that will receive paper ballots, in a place on a day of the vote."""
    with transaction():
        poll = kept(actor, poll_id, *UNTIL_COUNTED, is_alone=True)
        first, end = (moment.astimezone(clock.LOCAL).date() for moment in (poll.opens_at, poll.last_minute))
        if not first <= held_on <= end:
            raise Invalid("held_on", _("Ce jour n’est pas un jour du vote."))
        last = db.session.scalar(select(func.max(PaperBox.number)).where(PaperBox.poll_id == poll_id)) or 0
        made = PaperBox(poll_id=poll_id, number=last + 1, place=place, held_on=held_on)
        db.session.add(made)
        db.session.flush()
        journal.record(actor, f"poll:{poll_id}", "box_added", reason=str(made.number))
        return made


def held_box(actor: Actor, box_id: int, *moments: Moment, is_alone: bool = False) -> PaperBox:
    """A box, held until the transaction ends, and its poll as ``kept`` gives it."""
    box = db.session.get_one(PaperBox, box_id, with_for_update={"of": PaperBox.__table__}, populate_existing=True)
    kept(actor, box.poll_id, *moments, is_alone=is_alone)
    return box


def remove_box(actor: Actor, box_id: int) -> None:
    """A box announced and never used."""
    with transaction():
        box = held_box(actor, box_id, *UNTIL_COUNTED, is_alone=True)
        if box.found is not None:
            raise NotNow(_("La feuille de cette urne est remplie : elle reste."))
        db.session.delete(box)
        journal.record(actor, f"poll:{box.poll_id}", "box_removed", reason=str(box.number))


def fill_sheet(actor: Actor, box_id: int, **figures: int) -> PaperBox:
    """The figures of the box's sheet, once the vote is closed; ``figures`` are those of SHEET."""
    try:
        require_sheet(**figures)
    except Invalid as error:
        raise Invalid(error.field, say(error.message)) from None
    with transaction():
        box = held_box(actor, box_id, Moment.CLOSED, is_alone=True)
        pile = preparation.pile_of(box)
        read = max((number for entries in pile.entries.values() for number in entries), default=0)
        if pile.size - (box.found or 0) + figures["found"] < read:
            raise Invalid("found", _("Le bulletin %(number)d est déjà lu : il y en a au moins autant.", number=read))
        for name in SHEET:
            setattr(box, name, figures[name])
        recording.close(box.poll_id, queries.turnout(box.poll_id))
        told = {name: figures[name] for name in ("supplied", "unused", "spoiled", "found")}  # blank ones would tell a choice
        recording.write(box.poll_id, "box", box=box.number, **told)
        return box


def mix(actor: Actor, box_id: int, into_id: int | None) -> None:
    """The ballots of a small box are put with those of another before either is opened."""
    with transaction():
        box = held_box(actor, box_id, Moment.CLOSED, is_alone=True)
        every = {pile.box.id: pile for pile in preparation.piles(box.poll_id)}
        mine, host = every[box.mixed_into_id or box.id], every.get(into_id) if into_id else None
        if into_id and (host is None or host.box.id == box.id):
            raise Invalid("into", _("Choisissez une autre urne de ce vote."))
        if into_id and mine.box.id == box.id and mine.mixed:
            raise Invalid("into", _("D’autres bulletins sont déjà mélangés avec ceux de cette urne."))
        if mine.readers or (host and host.readers):
            raise NotNow(_("La lecture est commencée : les bulletins sont déjà numérotés."))
        if not mine.is_counted or (host and not host.is_counted):
            raise NotNow(_("Remplissez d’abord la feuille des deux urnes."))
        box.mixed_into_id = into_id


def explain(actor: Actor, poll_id: int, reason: str) -> None:
    """Why there are not as many ballots as signatures; published with the result."""
    with transaction():
        kept(actor, poll_id, Moment.CLOSED, is_alone=True)
        paper, gap = preparation.paper_of(poll_id), db.session.get(PaperGap, poll_id)
        if not paper.difference:
            raise NotNow(_("Il y a autant de bulletins que de signatures : rien à expliquer."))
        if gap is None:
            gap = PaperGap(poll_id=poll_id)
            db.session.add(gap)
        gap.difference, gap.reason = paper.difference, reason
        journal.record(actor, f"poll:{poll_id}", "paper_explained", reason=reason)


def pour(poll: Poll) -> None:
    """Puts the ballots read on paper in the box, at the count; each keeps the number of its box and its own."""
    options = {option.number: option.id for option in poll.options}
    paper = preparation.paper_of(poll.id)
    if paper.gap and not paper.difference:  # a signature taken back since: nothing is left to explain
        db.session.delete(paper.gap)
    for pile in paper.piles:
        for number, (mark, chosen) in sorted(pile.final.items()):
            receipt = f"PAPIER-{poll.id}-{pile.box.number}-{number}"
            db.session.execute(insert(Ballot).values(receipt=receipt, poll_id=poll.id, paper=mark))
            rows = [
                {"receipt": receipt, "poll_id": poll.id, "option_id": options[int(one)], "rank": rank}
                for rank, one in enumerate(chosen.split(), start=1)
            ]  # fmt: skip
            if mark == Mark.VALID:
                db.session.execute(insert(BallotChoice), rows)


def require_ready(poll_id: int) -> None:
    """Raises NotNow while the paper is not all read, agreed and explained."""
    if obstacles := preparation.paper_of(poll_id).obstacles:
        raise NotNow(" ".join(say(one) for one in obstacles))
