"""Reading editions, and what a season supports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.nqe.models import Edition, NqeFund, NqeProject, ProgrammeEvent
from citizen.nqe.registration_models import Reading
from citizen.nqe.rules import NQE
from citizen.nqe.season_models import SeasonReview
from citizen.people.models import Person
from citizen.projects.models import Project
from citizen.projects.steps import S

SUPPORTED = tuple(state for state, found in NQE.lifecycle.states.items() if found.is_supported)


@dataclass(frozen=True)
class Figures:
    """What an edition supports so far."""

    projects: int
    dates: int
    quarters: int


def region_fund() -> NqeFund | None:
    """The Region's fund for the summer, the first one created; None before there is one."""
    return db.session.scalars(select(NqeFund).order_by(NqeFund.id)).first()


def editions() -> Sequence[Edition]:
    """Every edition, the newest first."""
    return db.session.scalars(select(Edition).order_by(Edition.year.desc())).all()


def edition_of(year: int) -> Edition | None:
    """The edition of that summer."""
    found = select(Edition).where(Edition.year == year).options(joinedload(Edition.fund), joinedload(Edition.ruleset))
    return db.session.scalars(found).first()


def current_edition(day: date) -> Edition | None:
    """The one people talk about: the first whose season is not over, else the last one held."""
    ahead = select(Edition).where(Edition.season_ends_on >= day).order_by(Edition.year)
    return db.session.scalars(ahead).first() or next(iter(editions()), None)


def supported_projects(edition: Edition) -> Sequence[NqeProject]:
    """What the Region supports in this edition, by title."""
    shown = joinedload(NqeProject.organisation), joinedload(NqeProject.commune)
    found = select(NqeProject).where(*_supported_in(edition)).options(*shown).order_by(Project.title, Project.id)
    return db.session.scalars(found).all()


def review_of(edition: Edition) -> SeasonReview | None:
    """What the Region wrote of the summer; public once published."""
    return db.session.get(SeasonReview, edition.id)


def figures(edition: Edition) -> Figures:
    """How many projects, dates and quarters the edition supports."""
    counted = select(func.count(ProgrammeEvent.id), func.count(ProgrammeEvent.perimeter_id.distinct()))
    kept = counted.join(Project, Project.id == ProgrammeEvent.project_id).where(ProgrammeEvent.status != "cancelled")
    dates, quarters = db.session.execute(kept.where(*_supported_in(edition))).one()
    projects = db.session.scalar(select(func.count(Project.id)).where(*_supported_in(edition))) or 0
    return Figures(projects, dates, quarters)


def _supported_in(edition: Edition) -> tuple[ColumnElement[bool], ...]:
    return Project.call_id == edition.id, Project.scheme == NQE.code, Project.state.in_(SUPPORTED), Project.is_public.is_(True)


def borrowers(actor: Actor) -> Sequence[Project]:
    """The summer projects that the actor writes and that are not over."""
    numbers = [int(on.split(":")[1]) for on in actor.targets(Role.BEARER, Role.TEAM, Role.HELPER) if on.startswith("project:")]
    over = [state for state, found in NQE.lifecycle.states.items() if found.is_final]
    found = select(NqeProject).where(Project.id.in_(numbers), Project.scheme == NQE.code, Project.state.not_in(over))
    return db.session.scalars(found.order_by(Project.title, Project.id)).all()


def other_aids(project: NqeProject, since: date) -> Sequence[Project]:
    """What the same organisation was granted on this site, whatever the scheme: what an exclusion is checked against."""
    own = Project.organisation_id == project.organisation_id
    found = select(Project).where(
        own, Project.id != project.id, Project.granted_cents.is_not(None), Project.decided_on >= since
    )
    return db.session.scalars(found.order_by(Project.decided_on.desc(), Project.id)).all() if project.organisation_id else ()


def lodged_in(edition: Edition) -> Sequence[Any]:
    """(project, who instructs it) of every project lodged in the edition, those that wait on top."""
    query = (
        select(NqeProject, Person.name)
        .outerjoin(Reading, Reading.project_id == NqeProject.id).outerjoin(Person, Person.id == Reading.officer_id)
        .where(Project.call_id == edition.id, Project.scheme == NQE.code, Project.lodged_at.is_not(None))
        .options(selectinload(NqeProject.organisation), selectinload(NqeProject.commune), selectinload(NqeProject.opinions))
    )  # fmt: skip
    waiting = {S.SUBMITTED: 0, S.INCOMPLETE: 1, S.ADMISSIBLE: 2, S.DEFERRED: 3}
    found = db.session.execute(query.order_by(Project.lodged_at, Project.id)).all()
    return sorted(found, key=lambda row: waiting.get(row[0].state, 4))
