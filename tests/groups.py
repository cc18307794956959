"""Groups for the tests: a person invited and accepted, a helper with the group's consent; the newest mailed link."""

import re

from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.mail.models import Letter
from citizen.people.models import Person
from citizen.projects import helping, team
from citizen.projects.models import Project
from citizen.projects.team_models import Helper
from tests import factories


def mailed_token(email: str) -> str:
    """The token of the newest invitation to this address."""
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first() or ""
    found = re.search(r"/invitations/(\S+)", body)
    assert found, body
    return found[1]


def bearer_of(project: Project) -> Actor:
    return factories.actor(db.session.get_one(Person, project.bearer_id))


def accepted(project: Project, name: str = "Luc") -> Actor:
    """Somebody named in the team who accepted the invitation."""
    number, email = next((one.id, f"{name.lower()}-{one.id}@exemple.fr") for one in project.team if one.name == name)
    team.invite(bearer_of(project), project.id, number, email)
    mate = factories.actor(factories.person(email, name))
    team.accept(mate, mailed_token(email))
    return actor_again(mate)


def helper(project: Project, name: str = "Karim") -> Actor:
    """Somebody who offered, and whom the group accepted."""
    who = factories.actor(factories.person(name=name))
    helping_id = helping_offer(project, who)
    helping.consent(bearer_of(project), project.id, helping_id, words="Nous en avons parlé, nous sommes d’accord.")
    return actor_again(who)


def helping_offer(project: Project, who: Actor) -> int:
    """An offer made while the file is seen by its group only: as the mailed invitation does, without the letter."""
    assert who.person_id is not None
    with transaction():
        made = Helper(project_id=project.id, person_id=who.person_id, quality="du centre social", offered_at=clock.now())
        db.session.add(made)
    return made.id


def actor_again(who: Actor) -> Actor:
    """The same person, with the duties held now."""
    return factories.actor(db.session.get_one(Person, who.person_id))
