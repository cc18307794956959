"""Keeping a poll's roll: who may be on it, the commune's list read, shown and confirmed, lines added or struck with a reason."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, cast, delete, exists, insert, select, update

from citizen import clock
from citizen.ballots import listing, reading, recording
from citizen.ballots.models import DraftBallot, Participation, Poll, Voter, unordered_id
from citizen.ballots.polling import held as held
from citizen.ballots.roll_models import PendingList, VoterCode
from citizen.ballots.rules import Moment, Origin, RollKind
from citizen.db import db, transaction
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.kernel.words import Words, plain
from citizen.web.filters import moment as said_moment


def require_keeper(actor: Actor, call: Call) -> None:
    """Who keeps the fund keeps the roll, the desk and the count."""
    if not actor.roles_on(call.fund.targets) & call.fund.keepers:
        raise Forbidden(f"call:{call.id}")


def _kept(actor: Actor, poll_id: int, *, is_announced: bool = False) -> Poll:
    """The poll, held, for its keepers, before it closes; before it opens when ``is_announced``."""
    poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
    require_keeper(actor, poll.call)
    moment = poll.moment(clock.now())
    if is_announced and moment is not Moment.ANNOUNCED:
        raise NotNow(_("La liste est arrêtée depuis l’ouverture du vote, le %(moment)s.", moment=said_moment(poll.opens_at)))
    if moment not in (Moment.ANNOUNCED, Moment.OPEN):
        raise NotNow(_("Le vote est fermé."))
    return poll


def set_kind(actor: Actor, poll_id: int, kind: RollKind) -> None:
    """Whoever declares it with an account, or the list and the codes alone; fixed once the vote is open."""
    with transaction():
        poll = _kept(actor, poll_id, is_announced=True)
        poll.roll_kind = kind
        journal.record(actor, f"poll:{poll_id}", "roll_kind_set", reason=kind.value)
        recording.write_roll(poll_id, "roll_kind_set")


def keep_list(actor: Actor, poll_id: int, data: bytes) -> reading.ReadList:
    """Reads a list and, when nothing is wrong, keeps it aside for its confirmation; nothing is on the roll yet."""
    with transaction():
        _kept(actor, poll_id, is_announced=True)
        found = reading.read(data)
        if not found.faults:
            known = set(listing.numbers_known(poll_id, [line.number for line in found.lines]))
            found.faults.extend(
                reading.Fault(at, "numero", Words("Le numéro %(number)s est déjà sur la liste de ce vote.", number=line.number))
                for at, line in enumerate(found.lines, 2)
                if line.number in known
            )
        drop_list(actor, poll_id)
        if not found.faults:
            rows = [[line.number, line.last_name, line.first_name] for line in found.lines]
            db.session.add(PendingList(poll_id=poll_id, rows=rows))
        return found


def drop_list(actor: Actor, poll_id: int) -> None:
    """Forgets the list that was set aside."""
    with transaction():
        require_keeper(actor, db.session.get_one(Poll, poll_id).call)
        db.session.execute(delete(PendingList).where(PendingList.poll_id == poll_id))


def confirm_list(actor: Actor, poll_id: int) -> int:
    """Puts the list set aside on the roll; gives how many lines."""
    with transaction():
        _kept(actor, poll_id, is_announced=True)
        kept = db.session.get(PendingList, poll_id)
        if kept is None:
            raise NotNow(_("Cette liste est déjà chargée, ou a été abandonnée."))
        db.session.execute(insert(Voter), [_line(poll_id, *row) for row in kept.rows])
        db.session.delete(kept)
        journal.record(actor, f"poll:{poll_id}", "list_loaded", reason=str(len(kept.rows)))
        recording.write_roll(poll_id, "list_loaded")
        return len(kept.rows)


def _line(poll_id: int, number: str | None, last_name: str, first_name: str, **values: Any) -> dict[str, Any]:
    line = {"id": unordered_id(), "poll_id": poll_id, "list_number": number, "last_name": last_name, "first_name": first_name,
            "search_name": plain(f"{last_name} {first_name}"), "origin": Origin.LIST.value, "added_reason": "", "struck_reason": ""}  # fmt: skip
    return line | values


def empty_list(actor: Actor, poll_id: int) -> int:
    """Takes the whole list away before the opening, to load another; refused once letters were made for it."""
    with transaction():
        _kept(actor, poll_id, is_announced=True)
        mine = (Voter.poll_id == poll_id, Voter.origin == Origin.LIST)
        if db.session.scalar(select(exists().where(VoterCode.voter_id == Voter.id, *mine))):
            raise NotNow(_("Des codes existent déjà pour cette liste : radiez ou ajoutez des lignes une à une."))
        taken = db.session.execute(delete(Voter).where(*mine))
        journal.record(actor, f"poll:{poll_id}", "list_emptied")
        recording.write_roll(poll_id, "list_emptied")
        return int(getattr(taken, "rowcount", 0))


def add(actor: Actor, poll_id: int, *, number: str, last_name: str, first_name: str, reason: str) -> int:
    """One more line on the list, with its reason; gives its number here."""
    with transaction():
        _kept(actor, poll_id)
        if listing.numbers_known(poll_id, [number]):
            raise Invalid("number", _("Ce numéro est déjà sur la liste."))
        if not reason.strip():
            raise Invalid("reason", _("Écrivez pourquoi cette personne est ajoutée."))
        line = _line(poll_id, number, last_name, first_name, added_reason=reason)
        db.session.execute(insert(Voter), [line])
        journal.record(actor, f"poll:{poll_id}", "line_added", reason=reason)
        recording.write_roll(poll_id, "line_added")
        return int(line["id"])


def forget_names(poll_id: int) -> int:
    """Once nobody may contest the result any more: names and numbers of the list go, its lines stay. Gives how many were named."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        if poll.tallied_at is None:
            raise NotNow(_("Ce vote n’est pas dépouillé."))
        erased = {"last_name": "", "first_name": "", "search_name": "", "list_number": None}
        listed = erased | {"list_number": cast(Voter.id, String)}
        found = 0
        for origin, values in ((Origin.LIST, listed), (Origin.DESK, erased)):
            named = (Voter.poll_id == poll_id, Voter.origin == origin, Voter.search_name != "")
            found += db.session.execute(update(Voter).where(*named).values(values)).rowcount  # type: ignore[attr-defined]
        if found:
            journal.record(NOBODY, f"poll:{poll_id}", "names_erased", reason=str(found))
        return found


def strike(actor: Actor, poll_id: int, voter_id: int, reason: str) -> None:
    """Takes a line off the roll, with its reason: it votes no more, whoever comes by it. Refused once it took part."""
    with transaction():
        _kept(actor, poll_id)
        voter = db.session.get(Voter, voter_id, with_for_update=True, populate_existing=True)
        if voter is None or voter.poll_id != poll_id:
            raise Forbidden("roll")
        if not reason.strip():
            raise Invalid("reason", _("Écrivez pourquoi cette ligne est radiée."))
        if db.session.get(Participation, voter_id):
            raise NotNow(_("Cette personne a déjà participé : sa ligne reste."))
        if voter.struck_at is None:
            voter.struck_at, voter.struck_reason = clock.now(), reason.strip()
            db.session.execute(delete(DraftBallot).where(DraftBallot.voter_id == voter_id))
            journal.record(actor, f"poll:{poll_id}", "line_struck", reason=reason.strip())
            recording.write_roll(poll_id, "line_struck")
