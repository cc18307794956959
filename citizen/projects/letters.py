"""Letters about a project: to those who follow it, to its team, and to whom a step is now awaited from."""

from collections.abc import Collection, Sequence
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Step
from citizen.kernel.words import Words
from citizen.mail import services as mail
from citizen.people.models import Duty, Person
from citizen.projects.idea_models import Joining, Support, newest_version
from citizen.projects.models import Follow, Project
from citizen.projects.reminders import Reminder
from citizen.projects.steps import TEAM, WRITERS
from citizen.projects.team_models import Point
from citizen.web.filters import say

# the news have a letter of their own
QUIET = frozenset(
    {"edit", "share", "support", "merge", "confirm_place", "tell", "give_bank", "agree", "write_report", "set_aside"}
)


def tell_step(project: Project, step: Step, reason: str) -> None:
    """Tells that the step was taken; part of the step's transaction. Quiet steps tell nobody."""
    if step.action in QUIET or mail.is_quiet():
        return
    told = project.team_ids if step.action in project.own_letters else frozenset()
    for person in (one for one in _concerned(project) if one.id not in told):
        mail.write(
            person.email, _("%(title)s : du nouveau", title=project.title), "step",
            person=person, project=project, state=project.where_it_stands, reason=reason,
        )  # fmt: skip


def tell_news(project: Project, text: str) -> None:
    """Sends the team's news to those who follow."""
    if mail.is_quiet():
        return
    for person in _concerned(project):
        mail.write(
            person.email,
            _("Des nouvelles de %(title)s", title=project.title),
            "news",
            person=person,
            project=project,
            text=text,
        )


def tell_supporters(project: Project) -> None:
    """Asks those who support a former text to read the new one: once, until they have."""
    newest = newest_version(project.id)
    waiting = select(Support).where(Support.project_id == project.id, Support.version < newest, Support.told_at.is_(None))
    rows = {row.person_id: row for row in db.session.scalars(waiting)}
    for row in rows.values():
        row.told_at = clock.now()
    subject = _("%(title)s : le texte a changé", title=project.title)
    for person in _reachable(Person.id.in_(rows)):
        mail.write(person.email, subject, "support_changed", person=person, project=project)


def tell_joining(joining: Joining, asked: Project) -> None:
    """Asks the other bearer."""
    mine = joining.into if asked.id == joining.project_id else joining.project
    subject = _("Unir vos forces avec « %(title)s » ?", title=mine.title)
    mail.write(asked.bearer.email, subject, "joining", person=asked.bearer, joining=joining, mine=mine, asked=asked)


def tell_refusal(joining: Joining, proposer: Project) -> None:
    """Tells who proposed that the other team goes on alone."""
    text = _("L’autre équipe préfère continuer seule : « %(one)s » et « %(two)s » restent deux projets.",
             one=joining.project.title, two=joining.into.title)  # fmt: skip
    tell_one(proposer.bearer, proposer, text)


def tell_joined(joining: Joining) -> None:
    """Asks those who support either project: no support moves by itself."""
    for project in (joining.project, joining.into):
        supporters = select(Support.person_id).where(Support.project_id == project.id)
        subject = _("« %(title)s » est retirée au profit d’une autre idée", title=joining.project.title)
        for person in _reachable(or_(Person.id.in_(supporters), Person.id.in_(joining.into.team_ids))):
            mail.write(person.email, subject, "joined", person=person, joining=joining, project=project)


def tell_account(project: Project, sentences: Sequence[str]) -> None:
    """Tells the team, and nobody else, what its project is due and what follows."""
    for person in people_of(project, TEAM):
        mail.write(
            person.email, _("%(title)s : le compte de votre projet", title=project.title), "account",
            person=person, project=project, sentences=sentences,
        )  # fmt: skip


def remind(project: Project, reminder: Reminder) -> None:
    """One letter of the table of reminders."""
    address = current_app.url_map.bind("").build(reminder.page, {"project_id": project.id})  # there may be no request
    step = project.rules.lifecycle.step("close")
    for person in people_of(project, reminder.to or (step.who if step else ())):
        mail.write(
            person.email, say(Words(reminder.subject, title=project.title)), "reminder",
            person=person, project=project, reminder=reminder, address=address,
        )  # fmt: skip


def people_of(project: Project, roles: Collection[Role]) -> list[Person]:
    """Who holds one of these roles towards the project and can be reached; its team, its helpers, when they are theirs."""
    team = project.team_ids if Role.HELPER in roles else project.member_ids if Role.TEAM in roles else ()
    held = select(Duty.person_id).where(Duty.on.in_(project.targets), Duty.role.in_(roles))
    return _reachable(or_(Person.id.in_(held), Person.id.in_(team)))


def _reachable(wanted: ColumnElement[bool]) -> list[Person]:
    reachable = Person.verified_at.is_not(None) & Person.is_suspended.is_(False)
    return list(db.session.scalars(select(Person).where(wanted, reachable).order_by(Person.id)))


def tell_one(person: Person, project: Project, text: str) -> None:
    """A word about the group to one of its people."""
    mail.write(person.email, project.title, "team_note", person=person, project=project, text=text)


def tell_points(project: Project, points: Sequence[Point], due_on: date | None) -> None:
    """Tells those who write the file what is asked of it, point by point."""
    for person in people_of(project, WRITERS):
        subject = _("%(title)s : ce qu’il reste à compléter", title=project.title)
        mail.write(person.email, subject, "completion", person=person, project=project, points=points, due_on=due_on)


def _concerned(project: Project) -> list[Person]:
    """Followers while it is public, the team always, and who must act next."""
    awaited = {
        role
        for step in project.rules.lifecycle.steps
        if step.is_awaited and project.state in step.before and step.action not in QUIET
        for role in step.who
    }
    wanted = or_(
        Person.id.in_(project.team_ids),
        Person.id.in_(select(Duty.person_id).where(Duty.on.in_(project.targets), Duty.role.in_(awaited))),
    )
    if project.is_public:
        wanted = or_(wanted, Person.id.in_(select(Follow.person_id).where(Follow.project_id == project.id)))
    return _reachable(wanted)
