"""The next rules tried on the past: last year's files judged again, as they were lodged and on the facts of that day."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import selectinload

from citizen import clock
from citizen.funds import ledger
from citizen.kernel.findings import Finding
from citizen.pic import queries
from citizen.pic.models import PicFund, PicProject
from citizen.pic.rules import TO_LODGE, largest_grant_cents
from citizen.pic.terms import Facts, Terms
from citizen.projects import queries as projects
from citizen.projects import versions


@dataclass(frozen=True)
class Verdict:
    """How a version judges a file: what stands in the way by slug, and the most that it may be granted."""

    missing: Mapping[str, Finding]
    most_cents: int


@dataclass(frozen=True)
class Tried:
    """One file under the rules it was lodged with and under the draft."""

    project: PicProject
    before: Verdict
    after: Verdict

    @property
    def fails(self) -> list[Finding]:
        """What would newly stand in its way."""
        return [found for slug, found in self.after.missing.items() if slug not in self.before.missing]

    @property
    def passes(self) -> list[Finding]:
        """What would not stand in its way any more."""
        return [found for slug, found in self.before.missing.items() if slug not in self.after.missing]

    @property
    def is_changed(self) -> bool:
        return bool(self.fails or self.passes or self.before.most_cents != self.after.most_cents)


@dataclass(frozen=True)
class Trial:
    """All the files of the year, and those that would have been judged differently."""

    all: int
    changed: Sequence[Tried]


def try_on_the_past(fund: PicFund, terms: Mapping[str, Any]) -> Trial:
    """Judges the files lodged for a year under ``terms`` and under their own version."""
    since = clock.today() - queries.YEAR
    files = queries.lodged_since(fund.id, since, *(selectinload(part) for part in WRITTEN))
    past, draft = _Past(fund, files), Terms(**terms)
    tried = [Tried(one, past.judged(one, one.terms), past.judged(one, draft)) for one in files]
    return Trial(len(tried), [one for one in tried if one.is_changed])


WRITTEN = (
    PicProject.team, PicProject.lines, PicProject.attachments, PicProject.organisation, PicProject.perimeter, PicProject.judgements,
    PicProject.versions,
)  # fmt: skip


class _Past:
    """What a file's day knew beside the file: the sessions, the envelope, and what its bearer had asked already."""

    def __init__(self, fund: PicFund, files: Sequence[PicProject]):
        self.sessions = sorted(one.held_on for one in fund.sessions)
        self.movements = ledger.movements([call.id for call in fund.calls])
        by_bearer = sorted(files, key=_bearer)
        self.of_bearer = {bearer: list(mine) for bearer, mine in groupby(by_bearer, _bearer)}

    def judged(self, project: PicProject, terms: Terms) -> Verdict:
        facts = self.facts(project, terms)
        found = [check(facts, terms) for check in TO_LODGE]
        return Verdict({one.slug: one for one in found if not one.is_met}, max(largest_grant_cents(facts, terms), 0))

    def facts(self, project: PicProject, terms: Terms) -> Facts:
        """The facts of the day it was lodged, heard at the first session that leaves the notice of ``terms``."""
        moment = _moment(project)
        assert project.call is not None
        with clock.at(moment):
            written = projects.facts_as_written(
                project, envelope_left=self.left(project.call.id, moment), requests_this_year=self.rank(project)
            )
            today = replace(project.facts(written), session_on=self.session_after(clock.today() + terms.notice))
        lodged = next((one for one in project.versions if one.at >= moment), None)
        return versions.as_written(today, lodged.content) if lodged else today

    def left(self, call_id: int, moment: datetime) -> int:
        """What the envelope could still give at that moment."""
        return sum(cents for at, cents in self.movements.get(call_id, ()) if at <= moment)

    def session_after(self, day: date) -> date | None:
        rank = bisect_left(self.sessions, day)
        return self.sessions[rank] if rank < len(self.sessions) else None

    def rank(self, project: PicProject) -> int:
        """The bearer's requests of the same year lodged before this one, and not refused by then."""
        moment = _moment(project)
        return sum(
            (_moment(other), other.id) < (moment, project.id) and _year(other) == _year(project)
            and (other.state in projects.COUNTED or other.changed_at >= moment)
            for other in self.of_bearer[_bearer(project)]
        )  # fmt: skip


def _bearer(project: PicProject) -> tuple[int, int]:
    """Who asks: an organisation, else a person."""
    return (1, project.organisation_id) if project.organisation_id else (0, project.bearer_id)


def _year(project: PicProject) -> int:
    assert project.call is not None
    return project.call.opens_on.year


def _moment(project: PicProject) -> datetime:
    """When it was lodged."""
    assert project.lodged_at is not None
    return project.lodged_at
