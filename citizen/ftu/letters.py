"""Letters of the works fund, and the links that they carry."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import or_, select

from citizen.db import db
from citizen.ftu.idea_models import Opinion, WalkPoint
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.phases import LABELS
from citizen.kernel.access import Role
from citizen.mail import services as mail
from citizen.people.links import address
from citizen.people.models import Person
from citizen.projects.idea_models import Support
from citizen.projects.letters import people_of
from citizen.projects.models import Follow, Project
from citizen.projects.steps import TEAM


def tell_calendar(campaign: Campaign, reason: str) -> None:
    """Tells those who follow or bear a project of the campaign that its days moved, and why."""
    if mail.is_quiet():
        return
    here = select(Project.id).where(Project.call_id == campaign.id)
    followers = select(Follow.person_id).where(Follow.project_id.in_(here))
    bearers = select(Project.bearer_id).where(Project.call_id == campaign.id)
    reachable = Person.verified_at.is_not(None) & Person.is_suspended.is_(False)
    wanted = (Person.id.in_(followers) | Person.id.in_(bearers)) & reachable
    subject = _("%(title)s : le calendrier change", title=campaign.title)
    days = [(LABELS[phase], days) for phase, days in campaign.calendar.items()]
    for person in db.session.scalars(select(Person).where(wanted).order_by(Person.id)):
        mail.write(person.email, subject, "calendar", person=person, campaign=campaign, days=days, reason=reason)


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=purpose)


def token_of(number: int | str, purpose: str = "opinion") -> str:
    """What a mailed link carries: nobody else can make it, and a letter sent again carries the same."""
    return str(_signer(purpose).dumps(number))


def number_of(token: str, purpose: str = "opinion") -> Any:
    """What a link names; None when it is not ours, or meant for something else."""
    try:
        return _signer(purpose).loads(token)
    except BadSignature:
        return None


def ask_opinion(opinion: Opinion) -> None:
    """Asks, or asks again."""
    url = address("opinions.answer", token=token_of(opinion.id))
    subject = _("Votre avis sur « %(title)s »", title=opinion.project.title)
    if opinion.kind == "owner":
        subject = _("Votre accord pour « %(title)s »", title=opinion.project.title)
    mail.write(opinion.email, subject, "opinion", opinion=opinion, project=opinion.project, url=url)


def tell_opinion(opinion: Opinion) -> None:
    """Tells who asked that the answer is there: the commune, and for an owner's the team too."""
    roles = {Role.COMMUNE_OFFICER} | (TEAM if opinion.kind == "owner" else frozenset())
    subject = _("%(title)s : une réponse est arrivée", title=opinion.project.title)
    for person in people_of(opinion.project, roles):
        mail.write(person.email, subject, "opinion_given", person=person, opinion=opinion, project=opinion.project)


def tell_exit(project: FtuProject, service: str) -> None:
    """Tells the team why its works cannot be done here and where to go; and hands the idea over to the service that can."""
    for person in people_of(project, TEAM):
        mail.write(
            person.email,
            _("%(title)s : la réponse de la commune", title=project.title),
            "not_feasible",
            person=person,
            project=project,
        )
    if service:
        mail.write(
            service,
            _("Une idée d’habitants pour votre service : %(title)s", title=project.title),
            "handed_over",
            project=project,
        )


def tell_moves(project: Project, moves: Sequence[str]) -> int:
    """Tells the team and whoever follows or supported it what moved on the site: one letter, whatever moved; gives how many."""
    people = followers_of(project)
    subject = _("%(title)s : les travaux avancent", title=project.title)
    for person in people:
        mail.write(person.email, subject, "works_moved", person=person, project=project, moves=moves)
    return len(people)


def followers_of(project: Project) -> Sequence[Person]:
    """The team, and while the project is public whoever follows it or supported it, who can be written to."""
    follow, support = (select(one.person_id).where(one.project_id == project.id) for one in (Follow, Support))
    around = (Person.id.in_(follow), Person.id.in_(support)) if project.is_public else ()
    reachable = Person.verified_at.is_not(None) & Person.is_suspended.is_(False)
    wanted = or_(Person.id.in_(project.team_ids), *around)
    return db.session.scalars(select(Person).where(wanted, reachable).order_by(Person.id)).all()


def ask_use(person: Person, project: Project, months: int, token: str, closes_on: date) -> None:
    """Asks how the place is used; nothing of the letter is kept once it left."""
    mail.write(
        person.email, _("%(title)s : %(months)d mois après", title=project.title, months=months), "use_poll", is_untraced=True,
        person=person, project=project, url=address("works.answer", token=token), closes_on=closes_on,
    )  # fmt: skip


def offer_point(point: WalkPoint, email: str) -> None:
    """Proposes to somebody to bear an idea of a walk."""
    url = address("walks.take", token=token_of(f"{point.walk_id}-{point.number}", "point"))
    mail.write(email, _("Une idée à porter : %(walk)s", walk=point.walk.title), "walk_idea", point=point, url=url)


def send_point(point: WalkPoint, email: str) -> None:
    """Hands over to a service what is to be kept up."""
    mail.write(
        email,
        _("Un entretien à faire : %(place)s", place=point.place),
        "walk_upkeep",
        point=point,
        url=address("walks.show", walk_id=point.walk_id),
    )
