"""Reading paper ballots: two people, each without seeing the other, one record a ballot; a third settles what they read otherwise."""

from flask_babel import gettext as _
from sqlalchemy import select

from citizen.ballots import preparation
from citizen.ballots.models import PollOption
from citizen.ballots.paper import held_box
from citizen.ballots.paper_models import PaperBox, PaperEntry, PaperReading
from citizen.ballots.preparation import READERS, Pile
from citizen.ballots.rules import Moment, read_paper
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.web.filters import say


def next_turn(pile: Pile, person_id: int | None) -> int | None:
    """The part that this person has or may take: first or second reader, then the third who settles; None for nobody's."""
    mine = pile.turn_of(person_id)
    if mine:
        return mine
    taken = set(pile.readers)
    return next((turn for turn in (1, READERS) if turn not in taken), 3 if pile.unsettled and 3 not in taken else None)


def require_readable(pile: Pile) -> None:
    if not pile.is_counted:
        raise NotNow(_("Remplissez d’abord la feuille de l’urne."))
    if preparation.must_mix(pile, preparation.piles(pile.box.poll_id)):
        raise NotNow(
            _(
                "Moins de 11 bulletins : mélangez-les d’abord avec ceux d’une autre urne, pour que rien ne dise qui a choisi quoi."
            )
        )


def enter(actor: Actor, box_id: int, number: int, typed: str) -> None:
    """What the actor reads on one ballot; the first entry makes the actor a reader of this box.

    Raises Invalid for what is no ballot, NotNow when the box cannot be read, Forbidden for who has no part left to take.
    """
    with transaction():
        box = held_box(actor, box_id, Moment.CLOSED)
        pile = preparation.pile_of(box)
        require_readable(pile)
        turn = next_turn(pile, actor.person_id)
        if turn is None or box.mixed_into_id:
            raise Forbidden(f"box:{box_id}")
        if turn <= READERS and pile.is_read_twice:
            raise NotNow(_("Les deux lectures sont complètes : elles ne changent plus."))
        allowed = pile.differences if turn > READERS else range(1, pile.size + 1)
        if number not in allowed:
            raise Invalid("number", _("Il n’y a pas de bulletin %(number)d à lire.", number=number))
        mark, chosen = _read(box, typed)
        if turn not in pile.readers:
            db.session.add(PaperReading(box_id=box.id, turn=turn, person_id=actor.person_id))
            db.session.flush()
        entry = db.session.get(PaperEntry, (box.id, turn, number)) or PaperEntry(box_id=box.id, turn=turn, number=number)
        entry.mark, entry.chosen = mark, " ".join(map(str, chosen))
        db.session.add(entry)


def _read(box: PaperBox, typed: str) -> tuple[str, list[int]]:
    known = set(db.session.scalars(select(PollOption.number).where(PollOption.poll_id == box.poll_id)))
    try:
        return read_paper(typed, known, box.poll.max_choices)
    except Invalid as error:
        raise Invalid(error.field, say(error.message)) from None
