"""Counting what the Region supports: by scheme, state, month, département and quarter."""

from dataclasses import dataclass

from sqlalchemy import func, select, union

from citizen import clock
from citizen.db import db
from citizen.nqe.models import project_quarter
from citizen.places.models import Perimeter
from citizen.projects import listing
from citizen.projects.models import Project
from citizen.projects.reports import FinalReport
from citizen.region.queries import Amount, anywhere, by_scheme, supported

MONTHS = 12


@dataclass(frozen=True)
class Totals:
    """The few numbers everyone understands. ``quarters`` counts the priority quarters in force."""

    supported: Amount
    quarters_touched: int
    quarters: int
    reports: int
    participants: int
    volunteers: int


def totals() -> Totals:
    """The Region in a few numbers."""
    schemes = by_scheme(anywhere()).values()
    supported_all = Amount(sum(one.count for one in schemes), sum(one.granted_cents for one in schemes))
    today = clock.today()
    in_force = (
        (Perimeter.kind == "priority")
        & (Perimeter.valid_from <= today)
        & (Perimeter.valid_until.is_(None) | (Perimeter.valid_until >= today))
    )
    touched = union(
        select(Project.perimeter_id).where(supported(), Project.perimeter_id.is_not(None)),
        select(project_quarter.c.perimeter_id).join(Project, Project.id == project_quarter.c.project_id).where(supported()),
    )
    quarters = select(
        select(func.count()).select_from(Perimeter).where(in_force, Perimeter.id.in_(touched)).scalar_subquery(),
        select(func.count()).select_from(Perimeter).where(in_force).scalar_subquery(),
    )
    reports = (
        select(func.count(), func.sum(FinalReport.participants), func.sum(FinalReport.volunteers))
        .join(Project, Project.id == FinalReport.project_id)
        .where(supported(), FinalReport.sent_at.is_not(None))
    )
    return Totals(
        supported_all,
        *db.session.execute(quarters).one(),
        *(int(number or 0) for number in db.session.execute(reports).one()),
    )


@dataclass(frozen=True)
class StateCount:
    """How many public projects of a scheme stand in a state."""

    scheme: str
    label: str
    tone: str
    count: int


def by_state() -> list[StateCount]:
    """Public projects that have a scheme, in the order of each scheme's states."""
    query = select(Project.scheme, Project.state, func.count()).where(Project.is_public.is_(True))
    query = query.group_by(Project.scheme, Project.state)
    counted = {(scheme, state): count for scheme, state, count in db.session.execute(query)}
    return [
        StateCount(code, state.label, state.tone, counted[code, name])
        for code, name, state in listing.stages()
        if (code, name) in counted
    ]
