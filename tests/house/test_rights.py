"""Every route x every role, and every step x every state x every role, against the tables of rights."""

from collections.abc import Iterator
from itertools import chain, combinations

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from citizen.db import db
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Forbidden, NotNow, Step
from citizen.projects import services
from citizen.projects.models import Project
from citizen.web.access import Access, access_of
from tests.house.campaigns import CAMPAIGNS
from tests.house.committees import COMMITTEES
from tests.house.group_rights import of_group
from tests.house.samples import Values, actions_of, address, values_for
from tests.house.street import Street, fingerprint
from tests.house.summer import SUMMERS
from tests.house.towards import (
    ABSENT,
    NO,
    TEAM,
    YES,
    duties_towards,
    hides,
    keeps,
    knows,
    publishes,
    publishes_somewhere,
    reads_papers,
    reads_report,
    takes_up,
)
from tests.house.treasury import reads_statements, reads_transfer

ROLES = (
    "visitor", "nobody special", "writer", "bearer", "helper", "president", "committee", "manager", "treasurer", "commune", "other commune", "region",
    "administrator", "suspended",
)  # fmt: skip
OPEN = {200, 301, 302, 303, 404, 410}  # a page that anybody may ask for; not there, or not yet, is an answer too
ENTRY = {303}


def of_step(step: Step, state: str, roles: frozenset[Role]) -> type[Exception] | None:
    """What the table says of one step: nothing against it, not these people, or not now."""
    if not roles & step.who or roles & step.never:
        return Forbidden
    return None if state in step.before else NotNow


def on_project(endpoint: str, actor: Actor, project: Project) -> set[int]:
    """The answers that the lifecycle allows for a page that judges a step."""
    if endpoint.split(".")[0] in ("team", "completing") and endpoint != "completing.ask":
        return of_group(endpoint, duties_towards(actor, project), project) if knows(actor, project) else ABSENT
    steps = [project.rules.lifecycle.step(action) for action in actions_of(endpoint, type(project))]
    told = {of_step(step, project.state, duties_towards(actor, project)) for step in steps if step}
    if not knows(actor, project):
        return ABSENT
    if not told:  # a page of another scheme
        return ABSENT | NO
    if None in told:  # a file is decided in its session: its page sends there
        return {303} if endpoint == "passage.of_project" else {200}
    return {409} if NotNow in told else NO


ROWS = ("budget/<", "/incident/<", "/paroles/<")  # pages of a row that a project may lack
# Pages of a project that follow no step.
PAPERS = {
    "budget.paper": reads_papers, "budget.sheet": reads_papers, "report.paper": reads_report,
    "programme.file": lambda actor, project: reads_papers(actor, project) if project.scheme == "nqe" else ABSENT,
    "hiding.show": hides,
    "region.publish": publishes,
    "region.take_up": takes_up,
}  # fmt: skip


def looks_after(actor: Actor, values: Values) -> set[int]:
    """Who keeps an association's fund, or an administrator; other funds have pages of their own, and a period is of its fund."""
    fund = db.session.get_one(Fund, values["fund_id"])
    if fund.scheme != "pic":
        return NO if keeps(actor, fund) is NO else ABSENT
    is_helped = actor.holds(Role.ADMINISTRATOR)
    if "call_id" in values and db.session.get_one(Call, values["call_id"]).fund_id != fund.id:
        return NO if keeps(actor, fund) is NO and not is_helped else ABSENT
    return YES if is_helped else keeps(actor, fund)


def member(actor: Actor, values: Values) -> set[int]:
    return YES if (Role.ORGANISATION_MEMBER, f"organisation:{values['organisation_id']}") in actor.duties else ABSENT


# Pages open to whoever signs in, whose service judges further.
FINER = {
    "drafting.edit": lambda actor, values: keeps(actor, db.session.get_one(Fund, values["fund_id"])),
    "drafting.compare": lambda actor, values: keeps(actor, db.session.get_one(Fund, values["fund_id"])),
    "pic_drafting.trial": lambda actor, values: (
        keeps(actor, fund)
        if (fund := db.session.get_one(Fund, values["fund_id"])).scheme == "pic" or keeps(actor, fund) is NO
        else ABSENT
    ),
    "funds.keep": looks_after,
    "funds.contact": lambda actor, values: keeps(actor, db.session.get_one(Fund, values["fund_id"])),
    "funds.open_subfund": lambda actor, values: (
        answers
        if (answers := looks_after(actor, values)) is NO or not db.session.get_one(Fund, values["fund_id"]).parent_id
        else ABSENT
    ),
    "funds.open_call": looks_after,
    "funds.change_call": looks_after,
    "statements.statement": reads_statements,
    "statements.yearly": reads_statements,
    "envelopes.transfer": reads_transfer,
    "payments.batch": lambda actor, _values: (
        YES if {Role.TREASURER, Role.FUND_MANAGER} & {r for r, _on in actor.duties} else NO
    ),
    "region.publications": publishes_somewhere,
    "people.organisation": member,
    "people.organisation_rename": member,
    "people.organisation_invite": member,
}
FINER |= COMMITTEES | CAMPAIGNS | SUMMERS


def holds(access: Access, actor: Actor, values: Values) -> bool:
    target = access.on.format(**values)
    return not access.roles or any(role in access.roles and target in ("", on) for role, on in actor.duties)


def expected(street: Street, role: str, rule: Rule, values: Values) -> set[int]:
    """The answers that the tables allow for this page, this role and these things."""
    access, actor = access_of(street.app, rule.endpoint), street.actor(role)
    assert access is not None
    if not access.is_open and not actor.is_signed_in:
        return ENTRY
    if not holds(access, actor, values):
        return NO
    project = db.session.get(Project, values["project_id"]) if "project_id" in values else None
    if project and access.is_open:
        return OPEN if knows(actor, project) else ABSENT
    if project and rule.endpoint in PAPERS:
        return PAPERS[rule.endpoint](actor, project)
    if project:
        return on_project(rule.endpoint, actor, project) | (ABSENT if any(part in rule.rule for part in ROWS) else set())
    if rule.endpoint == "people.invitation":
        is_theirs = role == "nobody special" and member(street.actor("president"), values) is YES
        return {200} if is_theirs else {410}
    if rule.endpoint in FINER:
        return FINER[rule.endpoint](actor, values)
    return OPEN if access.is_open else YES


def read_pages(street: Street) -> Iterator[tuple[Rule, Values, str]]:
    """Every page that can be read, once for each thing it may show."""
    for rule in street.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield from ((rule, values, address(street, rule, values)) for values in values_for(street, rule))


@pytest.mark.slow
def test_every_page_answers_every_role_as_the_tables_say(street: Street) -> None:
    """And reading, whoever reads, changes nothing."""
    with street.app.app_context():
        planned = [
            (role, path, expected(street, role, rule, values)) for rule, values, path in read_pages(street) for role in ROLES
        ]
    wrong, before = [], fingerprint(street)
    for role, path, wanted in planned:
        answer = street.browsers[role].get(path)
        is_sent_in = "/connexion" in answer.headers.get("Location", "")
        if answer.status_code not in wanted or is_sent_in != (wanted is ENTRY):
            wrong.append(f"{role} {path}: {answer.status} {answer.headers.get('Location', '')} at the place of {wanted}")
        answer.close()
    assert not wrong, "\n".join(wrong)
    assert len(planned) > 1000
    assert fingerprint(street) == before, "reading changes nothing"


@pytest.mark.slow
def test_a_step_that_the_table_forbids_is_refused_by_its_button(street: Street) -> None:
    """Each step without a page, posted by everybody who may not take it: refused, and nothing moves."""
    with street.app.app_context():
        planned = [
            (role, f"/projets/{project.id}/etape/{step.action}", {ENTRY_OF[why]} if knows(actor, project) else ABSENT)
            for project in one_of_each_state()
            for step in project.rules.lifecycle.steps
            for role in ROLES
            if not step.has_own_page
            and (actor := street.actor(role)).is_signed_in
            and (why := of_step(step, project.state, duties_towards(actor, project)))
        ]
        before = states()
    wrong = []
    for role, path, wanted in planned:
        answer = street.browsers[role].post(path, data={"reason": "Parce que."})
        if answer.status_code not in wanted:
            wrong.append(f"{role} {path}: {answer.status} at the place of {wanted}")
    assert not wrong, "\n".join(wrong)
    with street.app.app_context():
        assert states() == before


ENTRY_OF = {Forbidden: 403, NotNow: 409}


def one_of_each_state() -> list[Project]:
    """The newest project of each scheme and state."""
    found = {(project.scheme, project.state): project for project in db.session.scalars(select(Project).order_by(Project.id))}
    return list(found.values())


def states() -> dict[int, str]:
    return {project.id: project.state for project in db.session.scalars(select(Project))}


STRANGERS = (Role.FUND_MANAGER, Role.COMMITTEE_MEMBER, Role.COMMUNE_OFFICER, Role.REGION_OFFICER, Role.ORGANISATION_MEMBER,
             Role.ADMINISTRATOR, Role.BEARER, Role.TEAM, Role.HELPER)  # fmt: skip


def everybody(project: Project) -> Iterator[Actor]:
    """Nobody, somebody, and whoever holds one role or two towards the project."""
    yield Actor()
    fund = project.call.fund if project.call else None
    commune = fund.commune_code if fund and project.scheme == "ftu" else project.commune_code
    on = {
        Role.FUND_MANAGER: f"fund:{fund.id if fund else 0}", Role.COMMITTEE_MEMBER: f"fund:{fund.id if fund else 0}",
        Role.COMMUNE_OFFICER: f"commune:{commune}", Role.REGION_OFFICER: "region", Role.ADMINISTRATOR: "platform",
        Role.ORGANISATION_MEMBER: f"organisation:{project.organisation_id}", Role.HELPER: f"project:{project.id}",
    }  # fmt: skip
    mates = {member.person_id for member in project.team if member.person_id} - {project.bearer_id}
    for roles in chain.from_iterable(combinations(STRANGERS, count) for count in (0, 1, 2)):
        who = project.bearer_id if Role.BEARER in roles else next(iter(mates), 0) if Role.TEAM in roles else 10**6
        yield Actor(who, "x", frozenset((role, on[role]) for role in roles if role in on))


@pytest.mark.parametrize("code", ["idea", "pic", "ftu", "nqe"])
def test_each_step_is_judged_as_its_row_says(street: Street, code: str) -> None:
    """Every step x every state x every role and pair of roles, through the service that all pages ask."""
    wrong, asked = [], 0
    with street.app.app_context(), street.app.test_request_context(), db.session.no_autoflush:
        project = db.session.scalars(select(Project).where(Project.scheme == code, Project.team.any())).first()
        project = project or db.session.scalars(select(Project).where(Project.scheme == code)).all()[0]
        lifecycle = project.rules.lifecycle
        for actor in everybody(project):
            roles = duties_towards(actor, project)
            for project.state in lifecycle.states:
                for step in lifecycle.steps:
                    asked += 1
                    if verdict(actor, project, step) is not of_step(step, project.state, roles):
                        wrong.append((sorted(roles), project.state, step.action))
        db.session.rollback()
    assert not wrong, "\n".join(wrong)
    assert asked >= len(lifecycle.states) * len(lifecycle.steps) * 30


def verdict(actor: Actor, project: Project, step: Step) -> type[Exception] | None:
    """What the service answers."""
    try:
        assert services.judge(actor, project, step.action) is step
    except (Forbidden, NotNow) as refusal:
        return type(refusal)
    return None


def test_who_is_of_the_project_never_judges_it(street: Street) -> None:
    """« never » wins over « who », whatever else is held."""
    with street.app.app_context(), street.app.test_request_context():
        for project in one_of_each_state():
            bearer = Actor(project.bearer_id, "x", frozenset((role, on) for role in Role for on in project.targets))
            for step in project.rules.lifecycle.steps:
                if step.never & TEAM:
                    assert verdict(bearer, project, step) is Forbidden, (project.scheme, step.action)
