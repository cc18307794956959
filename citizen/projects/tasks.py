"""What the group has to do, by whom, done or not; what it tells of its people, in numbers."""

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.projects import queries, services, team
from citizen.projects.models import Project
from citizen.projects.steering_models import TeamCount
from citizen.projects.steps import WRITERS
from citizen.projects.team_models import TeamTask

MAX_TASKS = 60


def add(actor: Actor, project_id: int, *, label: str, member_id: int | None) -> TeamTask:
    """One more thing to do, by somebody of the team or nobody yet."""
    with transaction():
        project = _as_writer(actor, project_id)
        if len(project.tasks) >= MAX_TASKS:
            raise Invalid("label", _("%(count)d tâches au plus.", count=MAX_TASKS))
        if member_id is not None:
            team.member_of(project, member_id)
        project.tasks.append(TeamTask(label=label, member_id=member_id))
        return project.tasks[-1]


def settle(actor: Actor, project_id: int, task_id: int, act: str) -> None:
    """Marks it « faite » or « a-faire », or takes it away (« retirer »); one of another project is not there."""
    with transaction():
        project = _as_writer(actor, project_id)
        task = next((one for one in project.tasks if one.id == task_id), None)
        if task and act == "retirer":
            project.tasks.remove(task)
        elif task:
            task.is_done = act == "faite"


def _as_writer(actor: Actor, project_id: int) -> Project:
    project = services.locked(project_id)
    if not queries.roles_on(actor, project) & WRITERS:
        raise Forbidden("task")
    return team.alive(project)


def tell_people(actor: Actor, project_id: int, *, people: int, women: int | None, young: int | None) -> None:
    """How many bear the project, how many are women or young; telling neither takes back what was told."""
    with transaction():
        project = _as_writer(actor, project_id)
        for name, part in (("women", women), ("young", young)):
            if (part or 0) > people:
                raise Invalid(name, _("Il y a plus de monde ici que dans tout le groupe."))
        told = db.session.get(TeamCount, project.id)
        if women is None and young is None:
            if told:
                db.session.delete(told)
        else:
            told = told or TeamCount(project_id=project.id)
            told.people, told.women, told.young, told.declared_at = people, women, young, clock.now()
            db.session.add(told)
        journal.record(actor, project.on, "people_told")
