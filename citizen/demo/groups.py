"""Groups of the demonstration: invited and accepted, helped, and asked to complete their file."""

import secrets

from citizen.db import db, transaction
from citizen.demo.dossier import Stage
from citizen.kernel.access import Actor
from citizen.people.models import Person
from citizen.people.signing import hashed
from citizen.projects import completing, helping, tasks, team
from citizen.projects.completing import Wanted
from citizen.projects.models import Project
from citizen.projects.team_models import Invitation

CONSENT = "Nous en avons parlé à la réunion du mardi : Karima peut écrire avec nous, et nous relisons tout ensemble."
POINTS = (
    Wanted("budget.lines", "Le devis et la ligne de location n’ont pas le même montant : lequel est le bon ?"),
    Wanted("pic.conditions#accessibility", "Comment une personne en fauteuil arrive-t-elle jusqu’à la fête ?"),
)
ANSWERS = ("Le devis est le bon : la ligne est corrigée.", "Par la rue, de plain-pied ; nous gardons une place devant.")


def _accept(invitation: Invitation, who: Actor) -> None:
    """The invited person opens the mailed link: here, a link that nobody mailed."""
    token = secrets.token_urlsafe(32)
    with transaction():
        db.session.get_one(Invitation, invitation.id).token_hash = hashed(token)
    team.accept(who, token)


def _address(who: Actor) -> str:
    return db.session.get_one(Person, who.person_id).email


def gather(stage: Stage, bearer: Actor, project_id: int, day: int) -> None:
    """One accepted, one invited, the others by their name; a helper with the group's consent; tasks, some done."""
    mate, next_one, karima = stage.cast.official(), stage.cast.official(), stage.cast.account("helper")
    with stage.days.at(day, 18):
        numbers = [one.id for one in db.session.get_one(Project, project_id).team]
        _accept(team.invite(bearer, project_id, numbers[1], _address(mate)), mate)
        team.invite(bearer, project_id, numbers[2], _address(next_one))
        name = {"name": "Karima", "quality": "du centre social", "words": CONSENT, "email": _address(karima)}
        _accept(helping.invite(bearer, project_id, **name), karima)
        for label, member_id in (("Demander un devis pour la sono", numbers[0]), ("Coller les affiches", numbers[1]),
                                 ("Réserver la salle en cas de pluie", None)):  # fmt: skip
            tasks.add(bearer, project_id, label=label, member_id=member_id)
        first = db.session.get_one(Project, project_id).tasks[0].id
        tasks.settle(bearer, project_id, first, "faite")


def ask(stage: Stage, manager: Actor, project_id: int, day: int) -> None:
    """Two points, each at its place."""
    with stage.days.at(day, 11):
        completing.ask(manager, project_id, POINTS, due_on=stage.days.on(day + 20))


def answer(stage: Stage, bearer: Actor, project_id: int, day: int) -> None:
    """Both answered, the file corrected and sent back: its second version."""
    with stage.days.at(day, 19):
        for point, words in zip(db.session.get_one(Project, project_id).points, ANSWERS, strict=True):
            completing.answer(bearer, project_id, point.id, words=words, is_done=True)
        completing.send_back(bearer, project_id)
