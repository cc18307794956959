"""Double funding: what the same bearer asked elsewhere, and what looks like the same action; and the public money asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from citizen.db import db
from citizen.projects.accounts import PUBLIC, stems
from citizen.projects.listing import holding
from citizen.projects.models import Project
from citizen.projects.steps import LODGED, S

READ = 200  # projects of the quarter that share a word, the newest
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
    own = _same_bearer(project)
    alike = {one.id for one in _same_quarter(project) if _is_same_action(project, one)}
    alike |= {one.id for one in own if _is_same_action(project, one)}
    rows = db.session.scalars(
        select(Project).where(Project.id.in_(alike | {one.id for one in own})).order_by(Project.changed_at.desc(), Project.id)
    ).all()
    mine = {one.id for one in own}
    found = [Double(one, one.id in mine, one.id in alike) for one in rows]
    asked = sum(line.amount_cents for line in project.lines if line.account in PUBLIC)
    return Doubles(found, asked + sum(one.public_cents for one in found if one.is_same_action))


def _same_bearer(project: Project) -> Sequence[Project]:
    same = [Project.bearer_id == project.bearer_id]
    if project.organisation_id:
        same.append(Project.organisation_id == project.organisation_id)
    query = select(Project).where(or_(*same), Project.id != project.id, Project.state.in_(LODGED))
    return db.session.scalars(query.order_by(Project.id.desc()).limit(SHOWN)).all()


def _same_quarter(project: Project) -> Sequence[Any]:
    """Number, title and first day of each: they are many, and few are kept."""
    words = sorted(stems(project.title))[:8]
    if not words or project.perimeter_id is None:
        return ()
    query = select(Project.id, Project.title, Project.starts_on).where(
        Project.perimeter_id == project.perimeter_id, Project.id != project.id, Project.state.in_(LODGED),
        holding(words, is_any=True),
    )  # fmt: skip
    return db.session.execute(query.order_by(Project.id.desc()).limit(READ)).all()


def _is_same_action(one: Project, other: Any) -> bool:
    """Half of the words of both titles, at near dates; without a date on either side, the words alone tell."""
    return _share(one.title, other.title) >= ALIKE and _are_near(one.starts_on, other.starts_on)


def _share(one: str, other: str) -> float:
    first, second = stems(one), stems(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def _are_near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs(one - other) <= NEAR
