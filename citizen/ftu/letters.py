"""Letters of the works fund."""

from flask_babel import gettext as _
from sqlalchemy import select

from citizen.db import db
from citizen.ftu.models import Campaign
from citizen.ftu.phases import LABELS
from citizen.mail import services as mail
from citizen.people.models import Person
from citizen.projects.models import Follow, Project


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
