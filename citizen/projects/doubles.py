"""Double funding: what the same bearer asked elsewhere, and what looks like the same action; and the public money asked for it."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from citizen.db import db
from citizen.projects.accounts import PUBLIC, stems
from citizen.projects.listing import holding
from citizen.projects.models import Project
from citizen.projects.steps import LODGED, S

READ = 200  # projects read for each: of the same bearer, and of the quarter at near dates with a common word, the newest
SHOWN = 20
NEAR = timedelta(days=45)
ALIKE = 0.5  # of the words of both titles
STOPPED = frozenset({S.REJECTED, S.INADMISSIBLE, S.CANCELLED, S.NOT_SELECTED})


@dataclass(frozen=True)
class Double:
    """Another project: of the same bearer, or the same action, or both."""

    project: Project
    is_of_bearer: bool
    is_same_action: bool

    @property
    def public_cents(self) -> int:
        """What public funders grant it, or are asked while they have not answered."""
        if self.project.state in STOPPED:
            return 0
        return self.project.granted_cents or self.project.requested_cents


@dataclass(frozen=True)
class Doubles:
    """What is known beside one project, and the public money asked in all for the same action."""

    found: Sequence[Double]
    public_cents: int

    @property
    def of_bearer(self) -> list[Double]:
        return [one for one in self.found if one.is_of_bearer]


def doubles_of(project: Project) -> Doubles:
    """Lodged projects of the same bearer or organisation, and those of the same quarter that look alike at near dates."""
    return doubles_among([project])[project.id]


def doubles_among(projects: Sequence[Project]) -> dict[int, Doubles]:
    """The same for each of these projects, read at once."""
    own, around, found = _same_bearers(projects), _same_quarters(projects), {}
    for project in projects:
        mine = [one for one in own if one.id != project.id and _is_same_bearer(project, one)][:SHOWN]
        beside = [one for one in around if one.id != project.id and one.perimeter_id == project.perimeter_id]
        found[project.id] = ({one.id for one in mine}, {one.id for one in (*mine, *beside) if _is_same_action(project, one)})
    wanted = {number for both in found.values() for one in both for number in one}
    query = select(Project).where(Project.id.in_(wanted)).order_by(Project.changed_at.desc(), Project.id)
    rows = db.session.scalars(query).all()
    return {project.id: _doubles(project, rows, *found[project.id]) for project in projects}


def _doubles(project: Project, rows: Sequence[Project], mine: Set[int], alike: Set[int]) -> Doubles:
    found = [Double(one, one.id in mine, one.id in alike) for one in rows if one.id in mine | alike]
    asked = sum(line.amount_cents for line in project.lines if line.account in PUBLIC)
    return Doubles(found, asked + sum(one.public_cents for one in found if one.is_same_action))


# Number, title and what is compared of each: they are many, and few are kept.
_ROW = select(
    Project.id, Project.title, Project.starts_on, Project.bearer_id, Project.organisation_id, Project.perimeter_id
).where(Project.state.in_(LODGED)).order_by(Project.id.desc())  # fmt: skip


def _same_bearers(projects: Sequence[Project]) -> Sequence[Any]:
    bearers, organisations = ({getattr(one, name) for one in projects} - {None} for name in ("bearer_id", "organisation_id"))
    same = or_(Project.bearer_id.in_(bearers), Project.organisation_id.in_(organisations))
    return db.session.execute(_ROW.where(same).limit(READ * len(projects))).all()


def _is_same_bearer(one: Project, other: Any) -> bool:
    return one.bearer_id == other.bearer_id or (
        one.organisation_id is not None and one.organisation_id == other.organisation_id
    )


def _same_quarters(projects: Sequence[Project]) -> Sequence[Any]:
    placed = [one for one in projects if one.perimeter_id]
    words = sorted({word for one in placed for word in sorted(stems(one.title))[:8]})
    if not words:
        return ()
    query = _ROW.where(Project.perimeter_id.in_({one.perimeter_id for one in placed}), holding(words, is_any=True))
    days = [one.starts_on for one in placed]
    if known := [day for day in days if day]:
        near = Project.starts_on.between(min(known) - NEAR, max(known) + NEAR) | Project.starts_on.is_(None)
        query = query.where(near) if len(known) == len(days) else query
    return db.session.execute(query.limit(READ * len(projects))).all()


def _is_same_action(one: Project, other: Any) -> bool:
    """Half of the words of both titles, at near dates; without a date on either side, the words alone tell."""
    return _share(one.title, other.title) >= ALIKE and _are_near(one.starts_on, other.starts_on)


def _share(one: str, other: str) -> float:
    first, second = stems(one), stems(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def _are_near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs(one - other) <= NEAR
