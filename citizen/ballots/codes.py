"""Codes printed on letters: made at random, kept only as what they hash to with the site's key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update

from citizen import clock
from citizen.ballots import recording, roll, signing
from citizen.ballots.box import grouped
from citizen.ballots.models import NAMELESS, Participation, Poll, Voter, unordered_id
from citizen.ballots.roll_models import CodeBatch, VoterCode
from citizen.ballots.rules import Moment, Origin
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow

HEAD = ("lot", "lettre", "code", "adresse", "numero", "nom", "prenom")
MOST_AT_ONCE = 1_000_000
Progress = Callable[[int, int], None]
TOGETHER = 5_000  # rows written by one statement


@dataclass(frozen=True)
class Letter:
    """What one letter says; ``code`` exists nowhere else once the letter is printed."""

    batch: int
    serial: int
    code: str
    list_number: str = ""
    last_name: str = ""
    first_name: str = ""


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""


def make(
    actor: Actor | None, poll_id: int, *, number: int = 0, for_list: bool = False, most: int = MOST_AT_ONCE,
    progress: Progress = _silent,
) -> list[Letter]:  # fmt: skip
    """A batch of codes: ``number`` nameless ones, or one for each line of the list that has none and has not taken part.

    ``actor`` keeps the poll, or is None at the command line. Gives the letters, which cannot be made again: only hashes are kept.
    """
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
        if actor:
            roll.require_keeper(actor, poll.call)
        if poll.moment(clock.now()) not in (Moment.ANNOUNCED, Moment.OPEN):
            raise NotNow(_("Le vote est fermé : un code ne servirait plus."))
        if not for_list and not 0 < number <= most:
            raise Invalid("number", _("Écrivez combien de codes il faut, de 1 à %(most)d.", most=most))
        lines = _lines_without_code(poll_id)[:most] if for_list else [("", "", "", 0)] * number
        if not lines:
            raise Invalid("number", _("Chaque ligne de la liste a déjà son code."))
        rank = (db.session.scalar(select(func.max(CodeBatch.number)).where(CodeBatch.poll_id == poll_id)) or 0) + 1
        batch = CodeBatch(poll_id=poll_id, number=rank, size=len(lines), made_at=clock.now())
        db.session.add(batch)
        db.session.flush()
        letters = list(_written(batch, lines, progress))
        journal.record(actor or NOBODY, f"poll:{poll_id}", "codes_made", reason=f"lot {rank}, {len(lines)} codes")
        recording.write_roll(poll_id, "codes_made", "codes")
        return letters


def _lines_without_code(poll_id: int) -> list[tuple[str, str, str, int]]:
    has_code = select(VoterCode.voter_id).where(VoterCode.poll_id == poll_id, VoterCode.void_at.is_(None))
    has_voted = select(Participation.voter_id).where(Participation.poll_id == poll_id)
    query = (
        select(Voter.list_number, Voter.last_name, Voter.first_name, Voter.id)
        .where(Voter.poll_id == poll_id, Voter.origin == Origin.LIST, Voter.struck_at.is_(None))
        .where(Voter.id.not_in(has_code), Voter.id.not_in(has_voted)).order_by(Voter.list_number)
    )  # fmt: skip
    return [(row[0] or "", row[1], row[2], row[3]) for row in db.session.execute(query)]


def _written(batch: CodeBatch, lines: Sequence[tuple[str, str, str, int]], progress: Progress) -> Iterator[Letter]:
    """Writes the batch, some thousands of rows at a time; a nameless code brings its own line of the roll."""
    key = signing.key()
    nameless = {"poll_id": batch.poll_id, "origin": Origin.CODE.value} | NAMELESS
    for start in range(0, len(lines), TOGETHER):
        some = lines[start : start + TOGETHER]
        new = [nameless | {"id": unordered_id()} for _list_number, _last_name, _first_name, number in some if not number]
        if new:
            db.session.execute(insert(Voter), new)
        made, rows = iter(new), []
        for serial, (list_number, last_name, first_name, number) in enumerate(some, start + 1):
            letter = Letter(batch.number, serial, grouped(15, 5), list_number, last_name, first_name)
            rows.append({"code_hash": signing.hashed(letter.code, key), "poll_id": batch.poll_id, "batch_id": batch.id, "serial": serial,
                         "voter_id": number or next(made)["id"], "void_reason": ""})  # fmt: skip
            yield letter
        db.session.execute(insert(VoterCode), rows)
        progress(start + len(some), len(lines))


def cancel(actor: Actor, batch_id: int, *, reason: str, serial: int | None = None) -> int:
    """Cancels the codes of a batch, or the one of a letter: they open nothing any more. Ballots already cast stay. Gives how many."""
    with transaction():
        batch = db.session.get_one(CodeBatch, batch_id, with_for_update=True, populate_existing=True)
        roll.require_keeper(actor, db.session.get_one(Poll, batch.poll_id).call)
        if not reason.strip():
            raise Invalid("reason", _("Écrivez pourquoi."))
        chosen = [VoterCode.batch_id == batch_id, VoterCode.void_at.is_(None)]
        if serial is not None:
            chosen.append(VoterCode.serial == serial)
        done = db.session.execute(update(VoterCode).where(*chosen).values(void_at=clock.now(), void_reason=reason.strip()))
        count = int(getattr(done, "rowcount", 0))
        if not count:
            raise Invalid("serial", _("Ce lot n’a pas de code valable de ce numéro."))
        which = f"lot {batch.number}" + (f", lettre {serial}" if serial else "")
        journal.record(actor, f"poll:{batch.poll_id}", "codes_cancelled", reason=f"{which} : {reason.strip()}")
        recording.write_roll(batch.poll_id, "codes_cancelled", "codes")
        return count


def address(poll_id: int) -> str:
    """Where a code is typed."""
    return f"{current_app.config['SETTINGS'].base_url}/voter/{poll_id}"


def rows(letters: Sequence[Letter], address: str) -> Iterator[tuple[int | str, ...]]:
    """The printer's table, under HEAD."""
    for one in letters:
        yield one.batch, one.serial, one.code, address, one.list_number, one.last_name, one.first_name
