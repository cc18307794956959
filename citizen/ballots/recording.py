"""Writing and reading the chained journal of a poll: each line in the transaction of its act, at its very end."""

from collections.abc import Collection, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from citizen import clock
from citizen.ballots import box, chain, preparation, queries
from citizen.ballots.chain import Line
from citizen.ballots.models import Participation, Poll, PollResult, Voter
from citizen.ballots.paper_models import PollHead, PollLine
from citizen.ballots.roll_models import VoterCode
from citizen.ballots.rules import FEW, Channel, Moment, Origin
from citizen.db import db, run
from citizen.kernel.words import Words

MOST = 2**31 - 1
HEAD = PollHead.__table__.c
# Every vote comes here, one after the other: the shortest way.
_HEAD = select(HEAD.number, HEAD.day, HEAD.hash).where(HEAD.poll_id == bindparam("poll")).with_for_update()
_ADD = insert(PollLine.__table__)
_GO_ON = (
    update(PollHead.__table__).where(HEAD.poll_id == bindparam("poll"))
    .values({name: bindparam(name) for name in ("number", "day", "hash")})
)  # fmt: skip
COLUMNS = (PollLine.number, PollLine.day, PollLine.kind, PollLine.content, PollLine.hash)


def begin(poll: Poll) -> None:
    """The first line of a poll: all that decides it."""
    db.session.add(PollHead(poll_id=poll.id))
    db.session.flush()
    write(poll.id, "announced", **announced(poll))


def announced(poll: Poll) -> dict[str, Any]:
    """What decides a poll, as it was announced."""
    return {
        "poll": poll.id, "title": poll.title, "kind": poll.kind, "electorate": poll.electorate,
        "opens_at": poll.opens_at.astimezone(UTC).isoformat(), "closes_at": poll.closes_at.astimezone(UTC).isoformat(),
        "envelope_cents": poll.envelope_cents, "max_choices": poll.max_choices, "min_votes": poll.min_votes,
        "rule": poll.rule, "compared": poll.compared, "ties": poll.ties, "each_sector": poll.has_each_sector,
        "draw": poll.draw_text,
        "options": [
            {
                "number": one.number, "project": one.project_id, "title": one.announced_title, "cost_cents": one.cost_cents,
                "sector": one.sector, "rivals": one.rival_group,
            }
            for one in sorted(poll.options, key=lambda option: option.number)
        ],
    }  # fmt: skip


def write(poll_id: int, kind: str, /, **content: Any) -> None:
    """Adds a line; call it last in the act's transaction: from there on the next act of this poll waits."""
    db.session.flush()
    head = run(_HEAD, {"poll": poll_id}).one_or_none()
    if head is None:  # announced before votes had a journal: it goes to its end without
        return
    day = max(clock.today().isoformat(), head.day)  # a clock put back never breaks the order
    line = chain.extend(head.number, head.hash, day, kind, content)
    run(_ADD, {"poll_id": poll_id, **vars(line)})
    run(_GO_ON, {"poll": poll_id, "number": line.number, "day": line.day, "hash": line.hash})


def roll_of(poll: Poll) -> dict[str, Any]:
    """What the journal tells of a roll: who may be on it, how many lines of the list and of the codes hold, how many codes are good."""
    query = select(Voter.origin, func.count()).where(Voter.poll_id == poll.id, Voter.struck_at.is_(None))
    lines = {row[0]: row[1] for row in db.session.execute(query.group_by(Voter.origin))}
    codes = select(func.count()).where(VoterCode.poll_id == poll.id, VoterCode.void_at.is_(None))
    told = {"kind": poll.roll_kind, "valid_codes": db.session.scalar(codes)}
    return told | {one.value: lines.get(one, 0) for one in (Origin.LIST, Origin.CODE)}


def write_roll(poll_id: int, act: str, kind: str = "roll") -> None:
    """The line of an act on the roll or on its codes, in numbers alone."""
    db.session.flush()
    write(poll_id, kind, act=act, **roll_of(db.session.get_one(Poll, poll_id)))


def box_faults(poll_id: int) -> list[Words]:
    """What stands against a count: the box, the people who took part and the journal must agree, ballot by ballot."""
    here, said = box.content(poll_id), lines(poll_id)
    taken_part = db.session.execute(
        select(Participation.receipt, Participation.channel).where(Participation.poll_id == poll_id)
    ).all()
    receipts = [receipt for receipt, channel in taken_part if channel != Channel.PAPER]
    found = []
    if None in receipts or sorted(map(str, receipts)) != sorted(here):
        found.append(Words("%(people)d personnes ont voté en ligne, %(ballots)d bulletins sont dans l’urne : ils ne se répondent pas un à un.",
                           people=len(receipts), ballots=len(here)))  # fmt: skip
    if said and (broken := journal_faults(poll_id, said)):
        found += broken
    elif said and (chain.in_box(said) != set(box.commitments(poll_id)) or chain.turnout(said) != len(taken_part)):
        found.append(Words("Le journal du vote et l’urne ne disent pas la même chose."))
    return found


def journal_faults(poll_id: int, said: Sequence[Line]) -> list[Words]:
    """What is wrong with the journal itself, and with what decides the vote since it was announced."""
    head, poll = db.session.get_one(PollHead, poll_id, populate_existing=True), db.session.get_one(Poll, poll_id)
    found = chain.faults(said)
    if not found and (said[-1].number, said[-1].day, said[-1].hash) != (head.number, head.day, head.hash):
        found.append(Words("Le journal s’arrête avant sa dernière ligne connue."))
    if not found and said[0].content != chain.canonical(announced(poll)):
        found.append(Words("Ce qui décide du vote a changé depuis son annonce."))
    return found


def seal(poll_id: int) -> str:
    """The digest of the ballots counted; what joins them to the journal and to the people who took part goes with it."""
    head, digest = db.session.get(PollHead, poll_id), ""
    if head:
        head.seal = box.nonce()
        digest = box.digest(poll_id, head.seal)
    db.session.flush()
    box.settle(poll_id)
    return digest


def counted(poll: Poll, digest: str, results: Sequence[PollResult]) -> dict[str, Any]:
    """The end of the journal: the box by its digest, and the result as it is published."""
    numbers = {option.id: option.number for option in poll.options}
    votes = (poll.ballot_count or 0) >= FEW
    told = [
        {"option": numbers[row.option_id], "selected": row.is_selected} | ({"votes": row.votes} if votes else {})
        for row in results
    ]  # fmt: skip
    paper = preparation.marks(poll.id)
    told_of_paper = paper if sum(paper.values()) >= FEW else {"few": sum(paper.values())}
    return {
        "turnout": queries.turnout(poll.id),
        "ballots": poll.ballot_count,
        "paper": told_of_paper,
        "draw": poll.draw_number,
        "box": digest,
        "result": told,
    }


def lines(poll_id: int, end: int = MOST) -> list[Line]:
    """The journal up to line ``end``, oldest line first."""
    query = select(*COLUMNS).where(PollLine.poll_id == poll_id, PollLine.number <= end).order_by(PollLine.number)
    return [Line(*row) for row in db.session.execute(query)]


def public_end(poll: Poll) -> int:
    """The last line that anybody may read: while the vote is open, once a day, so that nobody sees at what time people vote."""
    if poll.moment(clock.now()) is not Moment.OPEN:
        return MOST
    told = (PollLine.day < clock.today().isoformat()) | PollLine.kind.in_(("announced", "day"))
    return db.session.scalar(select(func.max(PollLine.number)).where(PollLine.poll_id == poll.id, told)) or 0


def has(poll_id: int, kind: str, day: str | None = None) -> bool:
    """Whether the journal has a line of this kind (of this day)."""
    where = [PollLine.poll_id == poll_id, PollLine.kind == kind, *([PollLine.day == day] if day else [])]
    return bool(db.session.scalar(select(func.count()).select_from(PollLine).where(*where)))


def close(poll_id: int, turnout: int) -> None:
    """The line that says that the vote is over, once."""
    if not has(poll_id, "closed"):
        write(poll_id, "closed", turnout=turnout)


def days(poll_id: int, end: int = MOST) -> list[chain.Day]:
    """Each day of the journal up to line ``end``, counted by the database."""
    steps = {kind: step for kind, (_label, step) in chain.KINDS.items() if step}
    query = select(PollLine.day, PollLine.kind, func.count(), func.max(PollLine.number))
    query = query.where(PollLine.poll_id == poll_id, PollLine.number <= end)
    counted: dict[str, list[tuple[str, int, int]]] = {}
    for day, kind, count, number in db.session.execute(query.group_by(PollLine.day, PollLine.kind).order_by(PollLine.day)):
        counted.setdefault(day, []).append((kind, count, number))
    last = {day: max(number for _kind, _count, number in kinds) for day, kinds in counted.items()}
    hashes = _hashes(poll_id, last.values())
    found, turnout = [], 0
    for day, kinds in counted.items():
        turnout += sum(steps.get(kind, 0) * count for kind, count, _number in kinds)
        found.append(chain.Day(day, sum(count for _kind, count, _number in kinds), last[day], hashes[last[day]], turnout))
    return found


def _hashes(poll_id: int, numbers: Collection[int]) -> dict[int, str]:
    query = select(PollLine.number, PollLine.hash).where(PollLine.poll_id == poll_id, PollLine.number.in_(numbers))
    return {row.number: row.hash for row in db.session.execute(query)}
