"""The count of a poll by the rules adopted before it, the file of its ballots, and the command that does it all again."""

import hashlib
import io
import shlex
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from citizen.ballots import box
from citizen.ballots.count_models import PollCount
from citizen.ballots.models import Poll, PollResult
from citizen.ballots.rules import FEW, said_euros
from citizen.clock import LOCAL
from citizen.db import db
from citizen.kernel.words import Words
from citizen.tally import pabulib, reasons
from citizen.tally.greedy import Method
from citizen.tally.profile import Profile
from citizen.tally.rule import Outcome, tally
from citizen.tally.ties import Tie, key_of

# Different ballots x projects: beyond, equal shares are not counted again to say what was missing, it would take too long.
RECOUNTED, RECOUNTED_ADDING = 50_000, 2_500


@dataclass(frozen=True)
class Counted:
    """What a rule says of a box, and why, by project in the order of the poll's options."""

    outcome: Outcome
    why: list[list[Words]]
    is_recounted: bool

    @property
    def left_cents(self) -> int:
        return int(self.outcome.left * 100)

    def lines(self, poll: Poll) -> list[dict[str, Any]]:
        """The projects in the order of the count, as they are kept."""
        return [
            {
                "option_id": poll.options[place].id, "is_selected": is_taken, "remaining_cents": int(left * 100),
                "said": [(sentence.msgid, sentence.values) for sentence in self.why[place]],
            }
            for place, left, is_taken in self.outcome.ledger
        ]  # fmt: skip

    def results(self, poll: Poll) -> list[PollResult]:
        votes = dict(zip((one.id for one in poll.options), self.outcome.profile.votes, strict=True))
        return [
            PollResult(position=position, votes=votes[line["option_id"]], **line)
            for position, line in enumerate(self.lines(poll), start=1)
        ]


def announced(poll: Poll) -> Method:
    """What was announced with the rule; the projects are named by their numbers."""
    letters = sorted({option.rival_group for option in poll.options} - {""})
    exclusive = (frozenset(str(one.number) for one in poll.options if one.rival_group == letter) for letter in letters)
    tie = key_of([Tie(one) for one in poll.ties.split(",")], number=poll.draw_number or "", text=poll.draw_text)
    return Method(0, poll.min_votes, tie=tie, has_each_sector=poll.has_each_sector, exclusive=tuple(exclusive))


def recounts(profile: Profile, rule: str) -> bool:
    """Whether the box is small enough to look for what would have been enough by counting it again and again."""
    most = RECOUNTED_ADDING if "add1" in rule else RECOUNTED
    return rule.startswith("mes") and len(profile.ballots) * len(profile.projects) <= most


def counted(poll: Poll, profile: Profile, rule: str) -> Counted:
    """One rule on this box, with nothing about votes when there are too few ballots."""
    method = announced(poll)
    outcome, again = tally(profile, rule, method, method.tie), recounts(profile, rule)
    why = reasons.of_outcome(outcome, said_euros, recounts=again, shows_votes=profile.turnout >= FEW)
    return Counted(outcome, why, again)


def count(poll: Poll) -> list[PollResult]:
    """Counts the box by every adopted rule and seals it; gives the results of the rule that decides. Inside a transaction."""
    profile = box.ballots(poll)
    poll.box_digest = digest(poll, profile)
    found = {rule: counted(poll, profile, rule) for rule in poll.rules}
    for rule, one in found.items():
        db.session.add(
            PollCount(
                poll_id=poll.id, rule=rule, left_cents=one.left_cents, served=one.outcome.served,
                is_recounted=one.is_recounted, lines=one.lines(poll),
            )
        )  # fmt: skip
    results = found[poll.rule].results(poll)
    db.session.add_all(results)
    return results


def results_of(poll: Poll) -> list[PollResult]:
    """What the box says of each project by the rule that decides, in the order of the count; nothing is kept."""
    return counted(poll, box.ballots(poll), poll.rule).results(poll)


def file_of(poll: Poll, profile: Profile) -> bytes:
    """The election as a Pabulib file: nothing in it changes afterwards, and the ballots come in the order of their content."""
    first, last = poll.opens_at.astimezone(LOCAL), poll.last_minute.astimezone(LOCAL)
    meta = {
        "description": poll.title, "country": "France", "unit": poll.title, "instance": str(first.year),
        "date_begin": f"{first:%d.%m.%Y}", "date_end": f"{last:%d.%m.%Y}", "rule": poll.rule, "min_length": "1",
        "max_length": str(poll.max_choices), "currency": "EUR",
    }  # fmt: skip
    text = io.StringIO()
    pabulib.write(profile, meta, text)
    return text.getvalue().encode()


def digest(poll: Poll, profile: Profile) -> str:
    """The SHA-256 of the file."""
    return hashlib.sha256(file_of(poll, profile)).hexdigest()


def supposed(poll: Poll, rule: str, envelope_cents: int) -> Counted:
    """What another envelope would have given, with the ballots as they were counted: for information, nothing is kept."""
    profile = box.ballots(poll)
    return counted(poll, replace(profile, budget=box.in_euros(envelope_cents)), rule)


def command(poll: Poll, count: PollCount, name: str) -> str:
    """What anyone types to count the published file again."""
    options = [("--tie", one) for one in poll.ties.split(",")]
    options += [("--min-votes", str(poll.min_votes))] if poll.min_votes > 1 else []
    options += [("--draw-number", poll.draw_number or ""), ("--draw-text", poll.draw_text)] if poll.has_draw else []
    options += [("--exclusive", ",".join(sorted(group))) for group in announced(poll).exclusive]
    flags = ["--each-sector"] * poll.has_each_sector + ["--recounts"] * count.is_recounted
    return shlex.join(["citizen", "ballot", "tally", name, "--rule", count.rule, *chain.from_iterable(options), *flags])
