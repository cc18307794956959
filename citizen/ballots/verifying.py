"""Verifying a poll on the site: journal, box, people and published result, all computed again."""

from collections.abc import Iterator

from sqlalchemy import func, select

from citizen.ballots import box, chain, queries, recording, workbench
from citizen.ballots.chain import Line
from citizen.ballots.models import Ballot, Participation, Poll, PollResult
from citizen.ballots.paper_models import PaperGap, PollHead
from citizen.db import db
from citizen.kernel.words import Words

NO_ROLL = {"kind": "declared", "valid_codes": 0, "list": 0, "code": 0}


def faults(poll: Poll) -> list[Words]:
    """What does not hold in this poll; empty when all agrees."""
    said = recording.lines(poll.id)
    if poll.tallied_at is None:
        return [*recording.box_faults(poll.id), *_of_the_roll(poll, said)]
    return [*(recording.journal_faults(poll.id, said) if said else []), *_after_the_count(poll, said)]


def _of_the_roll(poll: Poll, said: list[Line]) -> list[Words]:
    """Lines put on the list or taken away without a line of the journal."""
    told = next((line.told for line in reversed(said) if line.kind in ("roll", "codes")), NO_ROLL)
    if not said or {**told, "act": ""} == {**recording.roll_of(poll), "act": ""}:
        return []
    return [Words("La liste des votants n’est pas celle que dit le journal.")]


def all_faults() -> list[str]:
    """Those of every poll, for the check of the site."""
    return [
        f"vote {poll.id} : {fault}" for poll in db.session.scalars(select(Poll).order_by(Poll.id)) for fault in faults(poll)
    ]


def _after_the_count(poll: Poll, said: list[Line]) -> Iterator[Words]:
    ballots, people = len(box.content(poll.id)), queries.turnout(poll.id)
    gap = db.session.get(PaperGap, poll.id)
    results, again = list(queries.results(poll.id)), workbench.results_of(poll)
    compared = 6 if poll.box_digest else 5  # before the file was sealed, the reasons were worded otherwise
    if ballots != people + (gap.difference if gap else 0) or box.valid_count(poll.id) != poll.ballot_count:
        yield Words("%(people)d personnes ont voté, %(ballots)d bulletins sont dans l’urne, %(counted)d sont publiés.",
                    people=people, ballots=ballots, counted=poll.ballot_count)  # fmt: skip
    if [_told(row)[:compared] for row in results] != [_told(row)[:compared] for row in again]:
        yield Words("Recompté, le résultat n’est pas celui qui est publié.")
    yield from _compared(poll)
    if _is_linked(poll.id):
        yield Words("Un bulletin compté reste lié à une personne ou à une ligne du journal.")
    head = db.session.get(PollHead, poll.id)
    if head:
        digest = box.digest(poll.id, head.seal or "")
        if (
            not said
            or said[-1].kind != "counted"
            or said[-1].content != chain.canonical(recording.counted(poll, digest, results))
        ):
            yield Words("L’urne ou le résultat a changé depuis le dépouillement.")


def _compared(poll: Poll) -> Iterator[Words]:
    """The file that was sealed, and what the other rules said of it."""
    profile = box.ballots(poll)
    if poll.box_digest and poll.box_digest != workbench.digest(poll, profile):
        yield Words("Le fichier des bulletins n’est plus celui du dépouillement.")
    for count in queries.counts(poll.id):
        found = workbench.counted(poll, profile, count.rule)
        kept, again = (count.left_cents, count.served, count.lines), (found.left_cents, found.outcome.served, found.lines(poll))
        if chain.canonical(kept) != chain.canonical(again):
            yield Words("Recompté selon « %(rule)s », le résultat n’est pas celui qui est gardé.", rule=count.rule)


def _told(row: PollResult) -> tuple[int, int, int, bool, int, str]:
    said = chain.canonical([[words, dict(values)] for words, values in row.said])
    return row.option_id, row.position, row.votes, row.is_selected, row.remaining_cents, said


def _is_linked(poll_id: int) -> bool:
    """Whether something that the count erases is still there."""
    links = [
        select(func.count()).where(Participation.poll_id == poll_id, Participation.receipt.is_not(None)),
        select(func.count()).where(Ballot.poll_id == poll_id, Ballot.nonce.is_not(None)),
    ]
    return any(db.session.scalar(query) for query in links)
