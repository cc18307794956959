"""What the dashboard reads of a territory over some years: each question asked once, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Date, func, literal, select

from citizen import clock
from citizen.ballots.models import Poll
from citizen.committees.models import AgendaItem
from citizen.db import db
from citizen.ftu.models import FtuProject
from citizen.ftu.works_models import Milestone, UseAnswer, WorksPhoto
from citizen.funds.models import Call, Fund, LedgerEntry, fund_perimeter
from citizen.nqe.models import project_quarter
from citizen.pic.models import PicJudgement
from citizen.places.models import Commune, Perimeter
from citizen.projects import listing
from citizen.projects.models import Decision, Project
from citizen.projects.queries import hidden_pictures
from citizen.projects.reports import FinalReport
from citizen.projects.steering_models import TeamCount
from citizen.projects.steps import HAS_MONEY, S
from citizen.region.comparison import Scope, days_between, year_of
from citizen.region.queries import supported
from citizen.region.steering_models import PromiseDay

REFUSED = ("inadmissible", "rejected", "not_selected")
Histogram = dict[int, int]


def _histograms(*sources: Iterable[Any]) -> dict[str, Histogram]:
    """By scheme or fund, how many took so many days; less than none is none."""
    found: dict[str, Histogram] = defaultdict(lambda: defaultdict(int))
    for name, taken, count in chain.from_iterable(sources):
        found[name][max(0, int(taken))] += count
    return found


class Reading:
    """The questions asked of one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.here = scope.territory.here()
        self.public = Project.is_public.is_(True) & Project.scheme.in_(list(listing.lifecycles())) & self.here
        self.decided = supported() & scope.during(Project.decided_on) & self.here

    @cached_property
    def _granted(self) -> Sequence[Any]:
        """(year, days since the idea, scheme, projects with money, those supported, cents of these), read once for two indicators."""
        is_kept, granted = supported(), self.public & Project.state.in_(HAS_MONEY) & self.scope.during(Project.decided_on)
        keys = year_of(Project.decided_on), days_between(Project.created_at, Project.decided_on), Project.scheme
        sums = func.count(), func.count().filter(is_kept), func.sum(Project.granted_cents).filter(is_kept)
        return db.session.execute(select(*keys, *sums).where(granted).group_by(*keys)).all()

    @cached_property
    def _reported(self) -> Sequence[Any]:
        """(year, days since the end or None, scheme, projects, participants, volunteers) of the reports of supported projects."""
        keys = year_of(Project.decided_on), days_between(Project.ends_on, FinalReport.sent_at), Project.scheme
        sums = func.count(), func.sum(FinalReport.participants), func.sum(FinalReport.volunteers)
        told = select(*keys, *sums).join(FinalReport, FinalReport.project_id == Project.id).where(self.decided)
        return db.session.execute(told.where(FinalReport.sent_at.is_not(None)).group_by(*keys)).all()

    @property
    def supported(self) -> Iterator[tuple[str, int, int, int]]:
        """(scheme, year, projects, cents) of supported projects, by the year of their decision, in parts."""
        return ((scheme, int(year), kept, int(cents or 0)) for year, _days, scheme, _count, kept, cents in self._granted)

    @cached_property
    def residents(self) -> int:
        """People of the priority quarters in force."""
        mine = self.scope.territory.quarters() & (Perimeter.kind == "priority")
        return int(db.session.scalar(select(func.sum(Perimeter.population)).where(mine)) or 0)

    @cached_property
    def states(self) -> dict[tuple[str, str], int]:
        """Public projects lodged during the period, by scheme and state."""
        since = func.coalesce(Project.lodged_at, Project.created_at, type_=Project.created_at.type)
        return self._by_state(Project.is_public.is_(True) & self.here & self.scope.during(since))

    @staticmethod
    def _by_state(condition: ColumnElement[bool]) -> dict[tuple[str, str], int]:
        query = select(Project.scheme, Project.state, func.count()).where(condition).group_by(Project.scheme, Project.state)
        return {(scheme, state): count for scheme, state, count in db.session.execute(query)}

    @cached_property
    def delays(self) -> dict[str, dict[str, Histogram]]:
        """By indicator and scheme, how many projects took so many days."""
        paid = (
            select(LedgerEntry.project_id, func.min(LedgerEntry.day).label("day"))
            .where(LedgerEntry.kind == "payment").group_by(LedgerEntry.project_id).subquery()
        )  # fmt: skip
        refused = self.public & (Project.state == S.REJECTED) & (Decision.outcome == "rejected")
        run = db.session.execute
        return {
            "delai-decision": _histograms(
                ((scheme, days, count) for _year, days, scheme, count, *_supported in self._granted),
                run(self._days(days_between(Project.created_at, Decision.decided_on), refused & self.scope.during(Decision.decided_on))
                    .join(Decision, Decision.project_id == Project.id)),
            ),
            "delai-paiement": _histograms(
                run(self._days(days_between(Project.decided_on, paid.c.day), self.decided).join(paid, paid.c.project_id == Project.id))
            ),
            "delai-bilan": _histograms(
                (scheme, days, count) for _year, days, scheme, count, *_people in self._reported if days is not None
            ),
        }  # fmt: skip

    @staticmethod
    def _days(days: ColumnElement[int], condition: ColumnElement[bool]) -> Any:
        return select(Project.scheme, days, func.count()).where(condition).group_by(Project.scheme, days)

    @cached_property
    def milestones(self) -> tuple[int, int]:
        """Steps of works whose first promised day has come: kept, all."""
        today = clock.today()
        late = func.coalesce(Milestone.done_on, today, type_=Date) > Milestone.promised_on
        query = (
            select(func.count().filter(~late), func.count()).select_from(Milestone).join(Project, Project.id == Milestone.project_id)
            .where(Project.is_public.is_(True), self.here, self.scope.during(Milestone.promised_on))
            .where((Milestone.promised_on < today) | Milestone.done_on.is_not(None))
        )  # fmt: skip
        kept, all_ = db.session.execute(query).one()
        return kept, all_

    @cached_property
    def promises(self) -> dict[str, tuple[int, int]]:
        """By promise, those kept and those whose day has come during the period."""
        today = clock.today()
        late = func.coalesce(PromiseDay.done_on, today, type_=Date) > PromiseDay.due_on
        mine = select(Project.id).where(self.public) if self.scope.territory.kind else None
        hidden = select(Project.id).where(Project.is_public.is_(False))  # few: for the region, no need to read all the others
        query = (
            select(PromiseDay.slug, func.count().filter(~late), func.count())
            .where(PromiseDay.project_id.not_in(hidden) if mine is None else PromiseDay.project_id.in_(mine))
            .where(self.scope.during(PromiseDay.due_on), (PromiseDay.due_on < today) | PromiseDay.done_on.is_not(None))
            .group_by(PromiseDay.slug)
        )  # fmt: skip
        return {slug: (kept, all_) for slug, kept, all_ in db.session.execute(query)}

    @cached_property
    def bearers(self) -> dict[str, tuple[int, int]]:
        """Declared women and young people of supported projects, each among those of the groups that told it."""
        sums = [func.sum(TeamCount.people).filter(told.is_not(None)) for told in (TeamCount.women, TeamCount.young)]
        query = select(func.sum(TeamCount.women), sums[0], func.sum(TeamCount.young), sums[1])
        found = db.session.execute(query.join(Project, Project.id == TeamCount.project_id).where(self.decided)).one()
        women, of_women, young, of_young = (int(number or 0) for number in found)
        return {"women": (women, of_women), "young": (young, of_young)}

    @cached_property
    def votes(self) -> dict[int, tuple[int, int]]:
        """By year, the ballots counted and the residents of the communes that voted."""
        year, territory = year_of(Poll.closes_at), self.scope.territory
        mine = [Fund.commune_code.in_(territory.towns)] if territory.kind else []
        query = (
            select(year, Fund.commune_code, func.max(Commune.population), func.sum(Poll.ballot_count))
            .join(Call, Call.id == Poll.call_id).join(Fund, Fund.id == Call.fund_id)
            .join(Commune, Commune.code == Fund.commune_code)
            .where(Poll.tallied_at.is_not(None), Commune.population > 0, self.scope.during(Poll.closes_at), *mine)
            .group_by(year, Fund.commune_code)
        )  # fmt: skip
        found: dict[int, tuple[int, int]] = {}
        for when, _code, residents, ballots in db.session.execute(query) if territory.kind != "quartier" else ():
            before = found.get(int(when), (0, 0))
            found[int(when)] = (before[0] + int(ballots or 0), before[1] + int(residents or 0))
        return found

    @property
    def _refused(self) -> ColumnElement[bool]:
        # the day is hidden from the planner, which would leave the narrow index that answers all of it
        day = func.coalesce(Project.changed_at, Project.created_at, type_=Project.changed_at.type)
        return self.public & Project.state.in_(REFUSED) & self.scope.during(day)

    @cached_property
    def refusals(self) -> dict[tuple[str, str], int]:
        """Public projects refused, by scheme and state, at the day of the answer."""
        return self._by_state(self._refused)

    @cached_property
    def missed_conditions(self) -> dict[str, int]:
        """Refused projects by the condition that was not judged met the last time."""
        last = select(func.max(AgendaItem.id)).where(AgendaItem.project_id == Project.id).correlate(Project).scalar_subquery()
        query = (
            select(PicJudgement.condition, func.count()).select_from(Project)
            .join(PicJudgement, PicJudgement.agenda_item_id == last)
            .where(self._refused, Project.scheme == "pic", PicJudgement.verdict != "met").group_by(PicJudgement.condition)
        )  # fmt: skip
        return dict(tuple(row) for row in db.session.execute(query))

    @cached_property
    def advised_exits(self) -> dict[str, int]:
        """Refused works by what the study advised instead."""
        query = select(FtuProject.better_exit, func.count()).where(self._refused, FtuProject.better_exit != "")
        return dict(tuple(row) for row in db.session.execute(query.group_by(FtuProject.better_exit)))

    @cached_property
    def reports(self) -> dict[int, tuple[int, int]]:
        """By year of decision, participants and volunteers as the reports tell."""
        found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for year, _days, _scheme, _count, people, helpers in self._reported:
            before = found[int(year)]
            found[int(year)] = before[0] + int(people or 0), before[1] + int(helpers or 0)
        return found

    @cached_property
    def quarters(self) -> list[tuple[str, str, str, bool]]:
        """(code, name, kind, whether a supported project was decided there) of each quarter in force."""
        link = project_quarter.c
        passed = select(link.perimeter_id).join(Project, Project.id == link.project_id).where(self.decided)
        ids = select(Project.perimeter_id).where(self.decided, Project.perimeter_id.is_not(None)).union(passed)
        reached = set(db.session.scalars(select(Perimeter.code).where(Perimeter.id.in_(ids))))
        query = select(Perimeter.code, Perimeter.name, Perimeter.kind).where(self.scope.territory.quarters())
        rows = db.session.execute(query.order_by(Perimeter.search_name, Perimeter.id))
        return [(code, name, kind, code in reached) for code, name, kind in rows]

    @cached_property
    def works(self) -> dict[int, int]:
        """Works with a spot photographed before and after, by year of decision."""
        year, hidden = year_of(Project.decided_on), hidden_pictures()
        pair = WorksPhoto.after_id.is_not(None) & WorksPhoto.before_id.not_in(hidden) & WorksPhoto.after_id.not_in(hidden)
        query = select(year, func.count(Project.id.distinct())).join(WorksPhoto, WorksPhoto.project_id == Project.id)
        return {int(when): count for when, count in db.session.execute(query.where(self.decided, pair).group_by(year))}

    @cached_property
    def pairs(self) -> Sequence[Any]:
        """The newest spots with both pictures: (project, title, spot, before, after)."""
        hidden = hidden_pictures()
        query = (
            select(Project.id, Project.title, WorksPhoto.spot, WorksPhoto.before_id, WorksPhoto.after_id)
            .join(WorksPhoto, WorksPhoto.project_id == Project.id)
            .where(self.decided, WorksPhoto.after_id.is_not(None), WorksPhoto.before_id.not_in(hidden), WorksPhoto.after_id.not_in(hidden))
            .order_by(WorksPhoto.id.desc()).limit(3)
        )  # fmt: skip
        return db.session.execute(query).all()

    @cached_property
    def uses(self) -> dict[int, tuple[int, int]]:
        """By months after the opening, the answers that say the place is used, and all."""
        used = func.count().filter(UseAnswer.used.in_(("often", "sometimes")))
        query = (
            select(UseAnswer.months, used, func.count()).join(Project, Project.id == UseAnswer.project_id).where(self.decided)
        )
        rows = db.session.execute(query.group_by(UseAnswer.months).order_by(UseAnswer.months))
        return {months: (yes, all_) for months, yes, all_ in rows}

    # --- for those who steer ---

    @property
    def _funds(self) -> ColumnElement[bool]:
        """Funds of the territory: theirs by commune or by quarter; those of everywhere only for the region."""
        territory = self.scope.territory
        if not territory.kind:
            return Fund.id.is_not(None)
        link = fund_perimeter.c
        return Fund.commune_code.in_(territory.towns) | Fund.id.in_(
            select(link.fund_id).where(link.perimeter_id.in_(territory.perimeters))
        )

    @cached_property
    def envelopes(self) -> tuple[int, int, int]:
        """Envelope, promised and paid of the calls opened during the period."""
        sums = (func.sum(getattr(Call, name)) for name in ("envelope_cents", "committed_cents", "paid_cents"))
        query = select(*sums).join(Fund, Fund.id == Call.fund_id).where(self._funds, self.scope.during(Call.opens_on))
        envelope, promised, paid = (int(cents or 0) for cents in db.session.execute(query).one())
        return envelope, promised, paid

    @cached_property
    def waiting(self) -> list[tuple[str, int, int]]:
        """(state, days since the last step, how many) of what waits for an answer today."""
        days = days_between(Project.changed_at, literal(clock.today(), Date))
        states = ("submitted", "admissible", "on_ballot", "selected")
        query = select(Project.state, days, func.count()).where(
            Project.is_public.is_(True), Project.state.in_(states), self.here
        )
        return [(state, int(taken), count) for state, taken, count in db.session.execute(query.group_by(Project.state, days))]

    @cached_property
    def slow_funds(self) -> dict[str, Histogram]:
        """By fund, how many decisions took so many days since the file was lodged."""
        days = days_between(Project.lodged_at, Decision.decided_on)
        query = (
            select(Fund.title, days, func.count()).select_from(Decision).join(Project, Project.id == Decision.project_id)
            .join(Call, Call.id == Project.call_id).join(Fund, Fund.id == Call.fund_id)
            .where(Decision.outcome.in_(("granted", "rejected")), self.scope.during(Decision.decided_on), self.here)
            .group_by(Fund.id, Fund.title, days)
        )  # fmt: skip
        return _histograms(db.session.execute(query))

    @cached_property
    def motives(self) -> Sequence[Any]:
        """The last refusals with what was written: (project, title, day, words)."""
        query = (
            select(Project.id, Project.title, Decision.decided_on, Decision.reason).join(Decision, Decision.project_id == Project.id)
            .where(self._refused, Decision.outcome == "rejected").order_by(Decision.decided_on.desc(), Decision.id.desc()).limit(10)
        )  # fmt: skip
        return db.session.execute(query).all()
