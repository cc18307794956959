"""Who opens the pages of a vote's roll, desk and paper, told from its rows."""

from citizen import clock
from citizen.ballots.models import Poll, Voter
from citizen.ballots.paper_models import PaperBox
from citizen.ballots.roll_models import CodeBatch
from citizen.ballots.rules import Moment
from citizen.db import db
from citizen.kernel.access import Actor
from tests.house.samples import Values

YES, NO, ABSENT, NOT_NOW = {200}, {403}, {404}, {409}


def keeps(actor: Actor, values: Values) -> set[int]:
    """Who keeps the fund of the vote, when what is asked for is its own."""
    poll = db.session.get_one(Poll, values["poll_id"])
    fund = poll.call.fund
    if not any(role in fund.keepers and on in (fund.on, f"commune:{fund.commune_code}", "region") for role, on in actor.duties):
        return NO
    kinds = ((PaperBox, "box_id"), (Voter, "voter_id"), (CodeBatch, "lot_id"))
    things = [db.session.get(kind, values[name]) for kind, name in kinds if name in values]
    return YES if all(thing is None or thing.poll_id == poll.id for thing in things) else ABSENT


def reads(actor: Actor, values: Values) -> set[int]:
    """Ballots are read between the closing and the count."""
    may = keeps(actor, values)
    is_closed = db.session.get_one(Poll, values["poll_id"]).moment(clock.now()) is Moment.CLOSED
    return may if may is not YES or is_closed else NOT_NOW


POLLS = {f"paper.{page}": keeps for page in ("desk", "ballot", "sheet", "box_sheet", "box", "signatures", "gap")} | {
    "paper.read": reads,
    **{f"ballots.{page}": keeps for page in ("roll", "list_template", "strike_line", "cancel_codes", "check_in_desk")},
}
