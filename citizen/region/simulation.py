"""What published votes would have given with at least one project per quarter: counted again from the box, nothing is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from citizen.ballots import box, workbench
from citizen.ballots.models import Poll, PollOption
from citizen.ballots.rules import FEW
from citizen.db import db
from citizen.funds.models import Call, Fund
from citizen.places.rules import QUARTERS, Kind
from citizen.projects.models import Project
from citizen.region.comparison import Scope
from citizen.tally.rule import tally

WATCH: tuple[Kind, ...] = (Kind.WATCH,)
EVERY: tuple[Kind, ...] = QUARTERS


@dataclass(frozen=True)
class Place:
    """A project of the vote: retained as it was counted, and with the rule."""

    option: PollOption
    quarter: str
    votes: int
    was: bool
    would: bool


@dataclass(frozen=True)
class Replay:
    """A vote counted again; ``places`` in the order of the published count."""

    poll: Poll
    places: Sequence[Place]

    @property
    def gains(self) -> list[Place]:
        return [one for one in self.places if one.would and not one.was]

    @property
    def losses(self) -> list[Place]:
        return [one for one in self.places if one.was and not one.would]

    def cost_cents(self, *, would: bool) -> int:
        return sum(one.option.cost_cents for one in self.places if (one.would if would else one.was))

    def votes(self, *, would: bool) -> int:
        """Choices that the retained projects gathered."""
        return sum(one.votes for one in self.places if (one.would if would else one.was))

    def served(self, *, would: bool) -> int:
        """Quarters of the rule with a project retained."""
        return len({one.quarter for one in self.places if one.quarter and (one.would if would else one.was)})

    @property
    def quarters(self) -> int:
        return len({one.quarter for one in self.places if one.quarter})


def _found(scope: Scope, towns: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Counted votes with enough ballots, closed during the period, of the territory and of these communes (None: all)."""
    known: list[ColumnElement[bool]] = [Poll.tallied_at.is_not(None), Poll.ballot_count >= FEW, scope.during(Poll.closes_at)]
    if scope.territory.kind:
        known.append(Fund.commune_code.in_(scope.territory.towns))
    if towns is not None:
        known.append(Fund.commune_code.in_(towns))
    return known


def votes(scope: Scope, towns: Collection[str] | None, *, number: int, per_page: int) -> tuple[Sequence[Poll], int]:
    """A page of them, the newest first, and how many there are."""
    joined: Any = lambda query: query.join(Call, Call.id == Poll.call_id).join(Fund, Fund.id == Call.fund_id)  # noqa: E731
    known = _found(scope, towns)
    option = selectinload(Poll.options)
    query = (
        joined(select(Poll)).where(*known).order_by(Poll.closes_at.desc(), Poll.id.desc())
        .limit(per_page).offset((number - 1) * per_page)
        .options(option.joinedload(PollOption.result), option.joinedload(PollOption.project).joinedload(Project.perimeter))
    )  # fmt: skip
    total = db.session.scalar(joined(select(func.count()).select_from(Poll)).where(*known)) or 0
    return db.session.scalars(query).all(), total


def replay(poll: Poll, kinds: Sequence[Kind]) -> Replay:
    """The same ballots and the same rule, the best placed project of each quarter of these kinds taken first."""
    places = [option.project.perimeter for option in poll.options]
    quarters = [place.name if place and place.kind in kinds else "" for place in places]
    profile, method = box.ballots(poll), replace(workbench.announced(poll), has_each_sector=True)
    projects = tuple(replace(one, sector=quarter) for one, quarter in zip(profile.projects, quarters, strict=True))
    taken = set(tally(replace(profile, projects=projects), poll.rule, method, method.tie).winners)
    found = [
        Place(option, quarter, votes, bool(option.result and option.result.is_selected), str(option.number) in taken)
        for option, quarter, votes in zip(poll.options, quarters, profile.votes, strict=True)
    ]
    return Replay(poll, sorted(found, key=lambda one: one.option.result.position if one.option.result else one.option.number))
