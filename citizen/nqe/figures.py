"""What summers were: dates held, people, waste, quarters reached, and those that never were."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from citizen.db import db
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.nqe.queries import SUPPORTED
from citizen.nqe.rules import NQE
from citizen.nqe.season_models import EventDay, Quote, SummerReport
from citizen.places.contract_models import CityContract, contract_perimeter
from citizen.places.models import Intermunicipality, Perimeter, perimeter_intermunicipality
from citizen.places.rules import Kind
from citizen.projects.budget import Attachment
from citizen.projects.models import Project
from citizen.projects.queries import hidden_pictures
from citizen.projects.reports import FinalReport, ReportPicture
from citizen.projects.steps import S

MOST_PICTURES, MOST_QUOTES = 12, 12
_LIVE = Project.scheme == NQE.code, Project.state.in_(SUPPORTED)


@dataclass
class Summer:
    """One edition in figures; ``participants`` as the reports say, else as the days were counted."""

    edition: Edition
    projects: int = 0
    granted_cents: int = 0
    dates: int = 0
    cancelled: int = 0
    moved: int = 0
    sheltered: int = 0
    highlights: int = 0
    booked: int = 0
    participants: int = 0
    volunteers: int = 0
    waste_kg: int = 0
    reused: list[int] = field(default_factory=list)
    quarters: int = 0

    @property
    def held(self) -> int:
        return self.dates - self.cancelled

    @property
    def reused_percent(self) -> int | None:
        """The middle of what projects told; None when nobody did."""
        told = sorted(self.reused)
        return told[len(told) // 2] if told else None

    @property
    def waste_grams(self) -> int | None:
        """Waste for each person who came."""
        return round(self.waste_kg * 1000 / self.participants) if self.waste_kg and self.participants else None


def summers() -> list[Summer]:
    """Every edition, the newest first."""
    found = {one.id: Summer(one) for one in db.session.scalars(select(Edition).order_by(Edition.year.desc()))}
    event, day = ProgrammeEvent, EventDay
    off = case((event.status == "cancelled", 1), else_=0)
    counted: Any = (
        select(
            Project.call_id, Project.id, Project.granted_cents, FinalReport.participants, FinalReport.volunteers,
            SummerReport.waste_kg, SummerReport.reused_percent, func.count(event.id), func.sum(off),
            func.sum(case((event.status == "moved", 1), else_=0)), func.sum(case((day.shelter != "", 1), else_=0)),
            func.sum(case((event.is_highlight, 1), else_=0)), func.sum(day.booked), func.sum(day.participants),
        )
        .outerjoin(event, event.project_id == Project.id)
        .outerjoin(day, day.event_id == event.id)
        .outerjoin(FinalReport, (FinalReport.project_id == Project.id) & FinalReport.sent_at.is_not(None))
        .outerjoin(SummerReport, SummerReport.project_id == Project.id)
        .where(*_LIVE)
        .group_by(
            Project.call_id, Project.id, FinalReport.participants, FinalReport.volunteers, SummerReport.waste_kg,
            SummerReport.reused_percent, Project.granted_cents,
        )
    )  # fmt: skip
    for (
        call_id,
        _id,
        cents,
        people,
        volunteers,
        waste,
        reused,
        dates,
        cancelled,
        moved,
        shelter,
        high,
        booked,
        seen,
    ) in db.session.execute(counted):
        one = found[call_id]
        one.projects, one.granted_cents = one.projects + 1, one.granted_cents + (cents or 0)
        one.dates, one.cancelled, one.moved = one.dates + dates, one.cancelled + (cancelled or 0), one.moved + (moved or 0)
        one.sheltered, one.highlights = one.sheltered + (shelter or 0), one.highlights + (high or 0)
        one.booked, one.volunteers = one.booked + (booked or 0), one.volunteers + (volunteers or 0)
        one.participants += (people if people is not None else seen) or 0
        one.waste_kg += waste or 0
        one.reused += [reused] if reused is not None else []
    for call_id, quarters in db.session.execute(_reached(func.count(Perimeter.code.distinct()))):
        found[call_id].quarters = quarters
    return list(found.values())


def _reached(*columns: Any) -> Select[Any]:
    """``columns`` by edition, over the quarters where a date was not cancelled."""
    return (
        select(Project.call_id, *columns)
        .join(ProgrammeEvent, ProgrammeEvent.project_id == Project.id)
        .join(Perimeter, Perimeter.id == ProgrammeEvent.perimeter_id)
        .where(*_LIVE, ProgrammeEvent.status != "cancelled")
        .group_by(Project.call_id)
    )


@dataclass
class Quarter:
    """A priority quarter, and how many dates each edition held there, by year."""

    code: str
    name: str
    population: int | None
    dates: dict[int, int]


@dataclass
class Contract:
    """The quarters of one city contract; while it is not described, those of the intermunicipality (``slug`` is then empty)."""

    name: str
    slug: str = ""
    quarters: list[Quarter] = field(default_factory=list)

    def reached(self, year: int) -> int:
        return sum(year in quarter.dates for quarter in self.quarters)

    @property
    def never(self) -> list[Quarter]:
        return [quarter for quarter in self.quarters if not quarter.dates]


def contracts(day: date) -> list[Contract]:
    """Every contract with its priority quarters in force that day, those with most quarters never reached first."""
    held: dict[str, dict[int, int]] = defaultdict(dict)
    counted = _reached(Perimeter.code, Edition.year, func.count(ProgrammeEvent.id)).join(Edition, Edition.id == Project.call_id)
    for _call, code, year, dates in db.session.execute(counted.group_by(Perimeter.code, Edition.year)):
        held[code][year] = dates
    link = perimeter_intermunicipality
    signed = (
        select(contract_perimeter.c.perimeter_id, CityContract.title, CityContract.slug)
        .join(CityContract, CityContract.id == contract_perimeter.c.contract_id)
        .where(
            CityContract.state == "published", CityContract.starts_on.is_(None) | (CityContract.starts_on <= day),
            CityContract.ends_on.is_(None) | (CityContract.ends_on >= day),
        )
        .subquery()
    )  # fmt: skip
    name = func.coalesce(signed.c.title, Intermunicipality.name)
    known = (
        select(name, func.coalesce(signed.c.slug, ""), Perimeter.code, Perimeter.name, Perimeter.population)
        .select_from(Perimeter)
        .outerjoin(signed, signed.c.perimeter_id == Perimeter.id)
        .outerjoin(link, link.c.perimeter_id == Perimeter.id)
        .outerjoin(Intermunicipality, Intermunicipality.siren == link.c.siren)
        .where(
            name.is_not(None), Perimeter.kind == Kind.PRIORITY, Perimeter.valid_from <= day,
            Perimeter.valid_until.is_(None) | (Perimeter.valid_until >= day),
        )
        .order_by(name, Perimeter.search_name, Perimeter.id)
    )  # fmt: skip
    found: dict[tuple[str, str], Contract] = {}
    for title, slug, code, quarter, population in db.session.execute(known):
        contract = found.setdefault((title, slug), Contract(title, slug))
        if all(one.code != code for one in contract.quarters):  # a quarter may lie in two intermunicipalities of one contract
            contract.quarters.append(Quarter(code, quarter, population, held.get(code, {})))
    return sorted(found.values(), key=lambda one: (-len(one.never), one.name))


def pictures_of(edition: Edition) -> Sequence[ReportPicture]:
    """Pictures of accepted reports that may be shown, a few of each project first."""
    mine = Project.call_id == edition.id, Project.scheme == NQE.code, Project.state == S.CLOSED
    shown = ReportPicture.has_consent.is_(True) | ReportPicture.shows_people.is_(False)
    seen = Project.is_public.is_(True), ReportPicture.attachment_id.not_in(hidden_pictures())
    found = select(ReportPicture).join(Project, Project.id == ReportPicture.project_id).where(*mine, shown, *seen)
    rank = func.row_number().over(partition_by=ReportPicture.project_id, order_by=ReportPicture.attachment_id)
    found = found.options(joinedload(ReportPicture.attachment).joinedload(Attachment.document)).order_by(
        rank, ReportPicture.attachment_id
    )
    return db.session.scalars(found.limit(MOST_PICTURES)).all()


def quotes_of(edition: Edition) -> Sequence[tuple[Quote, str, int]]:
    """What people agreed to share, in accepted reports, with the project's title and number."""
    mine = Project.call_id == edition.id, Project.scheme == NQE.code, Project.state == S.CLOSED, Project.is_public.is_(True)
    found = select(Quote, Project.title, Project.id).join(Project, Project.id == Quote.project_id).where(*mine)
    return db.session.execute(found.order_by(Quote.id.desc()).limit(MOST_QUOTES)).all()  # type: ignore[return-value]


def team_projects(edition: Edition) -> Sequence[NqeProject]:
    """The projects of the edition, by title: whom the review day invites."""
    found = select(NqeProject).where(Project.call_id == edition.id, *_LIVE).order_by(Project.title, Project.id)
    return db.session.scalars(found).all()
