"""The blueprint of a vote's pages, and who stands before the ballot: an account, a code or a desk, kept in this browser's session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, session
from flask_login import current_user

from citizen import clock
from citizen.ballots import queries
from citizen.ballots.models import DraftBallot, Participation, Poll, PollOption, Voter
from citizen.ballots.rules import AtDesk, Elector, Origin, RollKind, WithCode
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.web.access import current_actor

pages = Blueprint("ballots", __name__)
ID = "<int(max=2147483647):poll_id>"
LINE = "<int(max=9007199254740991):voter_id>"
OPEN_FOR = timedelta(minutes=30)


def known_poll(poll_id: int) -> Poll:
    poll = db.session.get(Poll, poll_id)
    if poll is None:
        abort(404)
    return poll


def open_ballot(poll_id: int, elector: Elector) -> None:
    """Opens, in this browser and for a short while, the ballot of who typed a code or was checked in; an account has its own."""
    session.pop("ballot", None)
    held: dict[str, Any] = {"poll": poll_id, "until": (clock.now() + OPEN_FOR).timestamp()}
    match elector:
        case WithCode(code_hash):
            session["ballot"] = held | {"code": code_hash}
        case AtDesk(voter_id):
            session["ballot"] = held | {"voter": voter_id}


def close_ballot() -> None:
    session.pop("ballot", None)


def elector_of(poll_id: int) -> Elector:
    """By what the visitor comes to this ballot."""
    held = session.get("ballot")
    if held and held["poll"] == poll_id and held["until"] > clock.now().timestamp():
        return AtDesk(held["voter"]) if "voter" in held else WithCode(held["code"])
    return current_actor()


@dataclass(frozen=True)
class Booth:
    """Who stands before the ballot, and what they did: nothing, chosen and not confirmed (a draft), or taken part."""

    poll: Poll
    elector: Elector
    voter: Voter | None = None
    taken_part: Participation | None = None
    draft: DraftBallot | None = None

    @property
    def is_by_account(self) -> bool:
        return isinstance(self.elector, Actor)

    @property
    def is_at_desk(self) -> bool:
        return isinstance(self.elector, AtDesk)

    @property
    def may_vote(self) -> bool:
        """An account without a line gets one on a declared roll, with a confirmed address."""
        if not isinstance(self.elector, Actor):
            return self.voter is not None
        is_known = self.voter is not None or self.poll.roll_kind == RollKind.DECLARED
        return self.elector.is_signed_in and is_known and bool(getattr(current_user, "is_verified", False))

    @property
    def is_kept(self) -> bool:
        """Whether the visitor keeps the roll and the desk of this vote."""
        fund = self.poll.call.fund
        return bool(current_actor().roles_on(fund.targets) & fund.keepers)

    @property
    def declares(self) -> bool:
        """A list, a code or a desk says for the others who may vote."""
        return self.voter is None or self.voter.origin == Origin.ACCOUNT

    @property
    def confirmed(self) -> list[int]:
        """What the ballot in the box holds; empty once counted."""
        return queries.choices_on(self.taken_part.receipt) if self.taken_part and self.taken_part.receipt else []

    @property
    def choices(self) -> list[int]:
        return list(self.draft.option_ids) if self.draft else self.confirmed

    @property
    def options(self) -> Sequence[PollOption]:
        """The projects in this visitor's own order; for who has none, in the day's."""
        match self.elector:
            case Actor(person_id=None):
                return queries.shuffled_options(self.poll, clock.today().isoformat())
            case Actor(person_id=number):
                return queries.shuffled_options(self.poll, str(number))
        return queries.shuffled_options(self.poll, f"line {self.voter.id if self.voter else 0}")


def booth_of(poll: Poll) -> Booth:
    elector = elector_of(poll.id)
    return Booth(poll, elector, *queries.line_and_acts(poll.id, elector))


@pages.after_request
def keep_nothing(response: Response) -> Response:
    """What a tablet or a shared phone showed is not seen again with the browser's arrow."""
    if session.get("ballot"):
        response.headers["Cache-Control"] = "no-store"
    return response
