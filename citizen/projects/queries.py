"""Reading projects: the facts a rule judges, findings, who has the ball."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.funds.models import Call
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Finding
from citizen.kernel.lifecycle import Step
from citizen.projects import outturn
from citizen.projects.budget import Attachment
from citizen.projects.models import Project
from citizen.projects.rules import CommonFacts, Member
from citizen.projects.steps import HAS_MONEY, PART, S
from citizen.projects.team_models import Hiding

COUNTED = (S.SUBMITTED, S.INCOMPLETE, S.ADMISSIBLE, S.DEFERRED, *HAS_MONEY)  # a request of the year, unless refused


def roles_on(actor: Actor, project: Project) -> frozenset[Role]:
    """The actor's roles towards the project; being of the team always shows, whatever else is held."""
    roles = actor.roles_on(project.targets)
    if actor.person_id in project.member_ids:
        roles |= {Role.BEARER} if actor.person_id == project.bearer_id else {Role.TEAM}
    return roles


def open_steps(actor: Actor, project: Project) -> list[Step]:
    """What the actor may do on the project now."""
    found = project.rules.lifecycle.open_steps(project.state, roles_on(actor, project))
    return [step for step in found if project.offers(step) and not (step.never and project.had_part(actor.person_id))]


def common_facts(project: Project) -> CommonFacts:
    """The facts every scheme judges, read once."""
    return common_facts_of([project])[project.id]


def common_facts_of(projects: Sequence[Project]) -> dict[int, CommonFacts]:
    """The same for each of these projects, read at once."""
    kept, asked = _reserved(projects), _requests_this_year(projects)
    return {
        one.id: facts_as_written(
            one, envelope_left=one.call.remaining_cents + kept.get(one.id, 0) if one.call else 0, requests_this_year=asked[one.id]
        )
        for one in projects
    }  # fmt: skip


def facts_as_written(project: Project, *, envelope_left: int, requests_this_year: int) -> CommonFacts:
    """What the file itself says, beside what others left in the envelope and what its bearer asked already."""
    today, call = clock.today(), project.call
    kinds = [attachment.kind for attachment in project.attachments]
    return CommonFacts(
        today=today,
        title=project.title,
        summary=project.summary,
        description=project.description,
        themes=tuple(project.themes),
        team=tuple(Member(member.name, member.household, member.is_presenter) for member in project.team),
        budget=project.budget,
        quotes=kinds.count("quote"),
        photos=kinds.count("photo"),
        location=project.location,
        is_location_confirmed=project.is_location_confirmed,
        place=project.place or (project.perimeter.name if project.perimeter else ""),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        bearer_kind=project.organisation.kind if project.organisation else "person",
        # a dossier sent back for completion is judged by the day it was first lodged
        call_is_open=bool(call and (project.lodged_at is not None or call.is_open(today))),
        call_closes_on=call.closes_on if call else None,
        envelope_left=envelope_left,
        requests_this_year=requests_this_year,
    )


def _reserved(projects: Sequence[Project]) -> dict[int, int]:
    """What the envelope keeps already for each of those it may keep something for."""
    ids = [one.id for one in projects if one.call and one.call.reserved_cents]
    return {number: standing.reserved for number, standing in ledger.of_projects(ids).items()} if ids else {}


def _requests_this_year(projects: Sequence[Project]) -> dict[int, int]:
    """Other projects of each one's bearer lodged in the same fund's calls this year and not refused."""
    siblings = {one.id: _same_year(one.call) for one in projects}
    calls = {call_id for found in siblings.values() for call_id in found}
    if not calls:
        return dict.fromkeys(siblings, 0)
    bearers, organisations = {one.bearer_id for one in projects}, {one.organisation_id for one in projects}
    query = select(Project.id, Project.call_id, Project.bearer_id, Project.organisation_id).where(
        Project.call_id.in_(calls), Project.state.in_(COUNTED),
        Project.organisation_id.in_(organisations) | (Project.bearer_id.in_(bearers) & Project.organisation_id.is_(None)),
    )  # fmt: skip
    rows = db.session.execute(query).all()
    return {
        one.id: sum(row.id != one.id and row.call_id in siblings[one.id] and _asker(row) == _asker(one) for row in rows)
        for one in projects
    }


def _same_year(call: Call | None) -> set[int]:
    return {one.id for one in call.fund.calls if one.opens_on.year == call.opens_on.year} if call else set()


def _asker(one: Any) -> tuple[int | None, int | None]:
    """The organisation that bears it, else the person."""
    return (one.organisation_id, None) if one.organisation_id else (None, one.bearer_id)


def facts_of(project: Project, action: str = "lodge") -> object:
    """The facts its scheme judges; those of its report for the steps that end it."""
    if action in ("report", "close_without"):
        return outturn.report_facts(project)
    return project.facts(common_facts(project))


def findings_for(project: Project, action: str) -> list[Finding]:
    """What each check that ``action`` needs finds today."""
    step = project.rules.lifecycle.step(action)
    if step is None or not step.needs:
        return []
    facts, terms = facts_of(project, action), project.terms
    return [check(facts, terms) for check in step.needs]


def may_see(actor: Actor, project: Project) -> bool:
    """Public ones; else its team, who has a step to take in that state, and who may show it again."""
    return project.is_public or _is_concerned(actor, project) or (project.is_hidden and may_hide(actor, project))


def hidden_among(project_ids: Collection[int]) -> frozenset[int]:
    """Those of these projects of which the public sees nothing."""
    whole = (Hiding.lifted_at.is_(None), Hiding.news_id.is_(None), Hiding.attachment_id.is_(None))
    return frozenset(db.session.scalars(select(Hiding.project_id).where(Hiding.project_id.in_(project_ids), *whole)))


def hidden_pictures() -> Select[int | None]:
    """The pictures that the public does not see, to leave them out of a question."""
    return select(Hiding.attachment_id).where(Hiding.lifted_at.is_(None), Hiding.attachment_id.is_not(None))


def hidden_news() -> Select[int | None]:
    """The news that the public does not see."""
    return select(Hiding.news_id).where(Hiding.lifted_at.is_(None), Hiding.news_id.is_not(None))


def may_hide(actor: Actor, project: Project) -> bool:
    """Who keeps its fund, or an administrator: never where they have a part."""
    fund = project.call.fund if project.call else None
    watches = actor.holds(Role.ADMINISTRATOR) or (fund is not None and bool(actor.roles_on(fund.targets) & fund.keepers))
    return watches and not roles_on(actor, project) & PART and not project.had_part(actor.person_id)


def may_read_papers(actor: Actor, project: Project) -> bool:
    """The team; once it is lodged, also who judges it; before, only who has a step to take."""
    if not project.is_public:
        return _is_concerned(actor, project)
    if project.bars(actor.person_id):
        return bool(roles_on(actor, project) & PART)
    judges = {role for step in project.rules.lifecycle.steps if step.never for role in step.who}
    return bool(roles_on(actor, project) & (judges | PART))


def may_read_report(actor: Actor, project: Project) -> bool:
    """The whole report with its receipts: who writes it, and once it is sent who accepts it."""
    step = project.rules.lifecycle.step("close")
    reviewers = step.who if step and project.report and project.report.sent_at else frozenset()
    return bool(roles_on(actor, project) & (PART | reviewers))


def may_open(actor: Actor, project: Project, attachment: Attachment) -> bool:
    """Photos for all who see the project, those of an accepted report when nobody's consent lacks; other papers to few."""
    if f"photo-{attachment.id}" in project.hidden:
        return _is_concerned(actor, project)
    if attachment.kind == "photo":
        return True
    if attachment.kind in ("receipt", "picture"):
        return attachment in outturn.public_pictures(project) or may_read_report(actor, project)
    return may_read_papers(actor, project)


def _is_concerned(actor: Actor, project: Project) -> bool:
    acting = {role for step in project.rules.lifecycle.steps if project.state in step.before for role in step.who}
    return bool(roles_on(actor, project) & (acting | PART))
