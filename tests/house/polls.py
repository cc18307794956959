"""Who opens the paper pages of a vote, told from its rows."""

from citizen import clock
from citizen.ballots.models import Poll
from citizen.ballots.paper_models import PaperBox
from citizen.ballots.rules import Moment
from citizen.db import db
from citizen.kernel.access import Actor
from tests.house.samples import Values

YES, NO, ABSENT, NOT_NOW = {200}, {403}, {404}, {409}


def keeps(actor: Actor, values: Values) -> set[int]:
    """Who keeps the fund of the vote, when the box is one of its own."""
    poll = db.session.get_one(Poll, values["poll_id"])
    fund = poll.call.fund
    if not any(role in fund.keepers and on in (fund.on, f"commune:{fund.commune_code}", "region") for role, on in actor.duties):
        return NO
    box = db.session.get(PaperBox, values["box_id"]) if "box_id" in values else None
    return YES if box is None or box.poll_id == poll.id else ABSENT


def reads(actor: Actor, values: Values) -> set[int]:
    """Ballots are read between the closing and the count."""
    may = keeps(actor, values)
    is_closed = db.session.get_one(Poll, values["poll_id"]).moment(clock.now()) is Moment.CLOSED
    return may if may is not YES or is_closed else NOT_NOW


POLLS = {f"paper.{page}": keeps for page in ("desk", "ballot", "sheet", "box_sheet", "box", "signatures", "gap")} | {
    "paper.read": reads
}
