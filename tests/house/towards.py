"""What somebody is towards a project or a fund, and reads of it, told from the rows without asking the code under test."""

from typing import Any

from sqlalchemy import func, select

from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.projects.models import Project
from citizen.region.hive_models import Publication, PublishingDelegation

TEAM = frozenset({Role.BEARER, Role.TEAM})
NO, ABSENT, YES = {403}, {404}, {200, 302, 303}


def duties_towards(actor: Actor, project: Project) -> frozenset[Role]:
    """The roles towards a project, told from its rows, without asking the code under test."""
    fund = project.call.fund if project.call else None
    places = {f"project:{project.id}", f"organisation:{project.organisation_id}", "region"}
    places |= {f"fund:{fund.id}"} if fund else set()
    # a commune judges where its money is: the campaign's commune; elsewhere, the place of the project
    places.add(f"commune:{fund.commune_code if project.scheme == 'ftu' and fund else project.commune_code}")
    roles = {role for role, on in actor.duties if on in places}
    if actor.person_id and actor.person_id == project.bearer_id:
        roles.add(Role.BEARER)
    elif actor.person_id and actor.person_id in {member.person_id for member in project.team}:
        roles.add(Role.TEAM)
    return frozenset(roles | {Role.ANYONE} | ({Role.RESIDENT} if actor.is_signed_in else set()))


def knows(actor: Actor, project: Project) -> bool:
    """Whether this project exists for the actor: public, or of the team, or with a step to take in its state."""
    table = project.rules.lifecycle
    acting = {role for step in table.steps for role in step.who if project.state in step.before}
    has_part = duties_towards(actor, project) & (acting | TEAM | {Role.ORGANISATION_MEMBER, Role.HELPER})
    return table.states[project.state].is_public or bool(has_part)


def keeps(actor: Actor, fund: Fund) -> set[int]:
    places = {f"fund:{fund.id}", f"fund:{fund.parent_id}", f"commune:{fund.commune_code}", "region"}
    return YES if any(role in fund.keepers and on in places for role, on in actor.duties) else NO


def reads_papers(actor: Actor, project: Project) -> set[int]:
    """The answers for a file taken away: for its team, and for who judges it once it is lodged."""
    steps = project.rules.lifecycle.steps
    judges = {
        role for step in steps for role in step.who if (step.never if project.is_public else project.state in step.before)
    }
    mine = duties_towards(actor, project) & (judges | TEAM | {Role.ORGANISATION_MEMBER})
    return YES if mine and project.scheme != "idea" else ABSENT


def reads_report(actor: Actor, project: Project) -> set[int]:
    """The answers for a report on paper: for who writes it, and for who accepts it once it is sent."""
    step = project.rules.lifecycle.step("close")
    reviewers = step.who if step and project.report and project.report.sent_at else set()
    mine = duties_towards(actor, project) & (reviewers | TEAM | {Role.ORGANISATION_MEMBER})
    return YES if mine and project.report else ABSENT


def hides(actor: Actor, project: Project) -> set[int]:
    """The answers for the page that hides: for who keeps the fund and for an administrator, without a part; the team reads what is hidden."""
    fund = project.call.fund if project.call else None
    watches = actor.holds(Role.ADMINISTRATOR) or (fund is not None and keeps(actor, fund) is YES)
    roles = duties_towards(actor, project)
    is_told = bool(roles & TEAM and project.hidings)
    has_part = roles & (TEAM | {Role.ORGANISATION_MEMBER, Role.HELPER})
    return (YES if is_told or (watches and not has_part) else NO) if knows(actor, project) else ABSENT


def publishes(actor: Actor, project: Project) -> set[int]:
    """The answers of the publication's page: for the Region, or who keeps a fund that may publish, without a part in it."""
    roles, fund = duties_towards(actor, project), project.call.fund if project.call else None
    is_let = fund is not None and keeps(actor, fund) is YES and db.session.get(PublishingDelegation, fund.id) is not None
    has_part = roles & (TEAM | {Role.ORGANISATION_MEMBER, Role.HELPER})
    if not knows(actor, project):
        return ABSENT
    if has_part or not (is_let or Role.REGION_OFFICER in roles):
        return NO
    is_told = told_times(project) > 0
    return YES if project.where_it_stands.is_supported or is_told else ABSENT


def told_times(project: Project, *where: Any) -> int:
    """How many publications it has under these conditions."""
    return db.session.scalar(select(func.count(Publication.id)).where(Publication.project_id == project.id, *where)) or 0


def takes_up(_actor: Actor, project: Project) -> set[int]:
    """Anybody signed in, once it is finished and published."""
    is_shown = told_times(project, Publication.withdrawn_at.is_(None)) > 0
    is_finished = project.state == "closed" and project.closing is not None and project.closing.kind == "accepted"
    return YES if is_shown and is_finished and project.is_public else ABSENT


def publishes_somewhere(actor: Actor, _values: dict[str, object]) -> set[int]:
    """The Region, and who keeps a fund that may publish."""
    let = db.session.scalars(select(Fund).join(PublishingDelegation, PublishingDelegation.fund_id == Fund.id))
    return YES if actor.holds(Role.REGION_OFFICER) or any(keeps(actor, fund) is YES for fund in let) else NO
