"""Named points to complete: a reviewer asks, each at its place in the file; the team answers one by one, then sends back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.db import transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.projects import letters, queries, services
from citizen.projects.models import Project
from citizen.projects.team_models import Point

MAX_POINTS = 40


@dataclass(frozen=True)
class Wanted:
    """A point to ask: where, in words; ``again`` is the number of the answered point that it takes up."""

    target: str
    words: str
    again: int | None = None


def ask(actor: Actor, project_id: int, wanted: Sequence[Wanted], *, due_on: date | None = None) -> Project:
    """Sends the file back with its points; they are mailed to those who write it."""
    if not wanted:
        raise Invalid("words_1", _("Écrivez au moins un point à compléter."))
    if due_on and due_on <= clock.today():
        raise Invalid("due_on", _("Choisissez une date après aujourd’hui."))

    def keep(project: Project) -> None:
        if len(project.points) + len(wanted) > MAX_POINTS:
            raise Invalid("words_1", _("%(count)d points au plus.", count=MAX_POINTS))
        for one in wanted:
            if one.again is not None:
                _settle(_point(project, one.again), "again")
            project.points.append(
                Point(target=one.target, words=one.words, asked_at=clock.now(), asked_by=actor.person_id, due_on=due_on)
            )
        letters.tell_points(project, [point for point in project.points if point.status == "asked"], due_on)

    told = ngettext("%(num)s point à compléter", "%(num)s points à compléter", len(wanted))
    return services.take(actor, project_id, "ask_completion", reason=told, effect=keep)


def answer(actor: Actor, project_id: int, point_id: int, *, words: str, is_done: bool) -> Project:
    """What the group says of one point; it counts as answered once it is marked done."""

    def write(project: Project) -> None:
        point = _point(project, point_id)
        if point.status not in ("asked", "answered"):
            raise Invalid("answer", _("Ce point est déjà réglé."))
        point.answer, point.status = words, "answered" if is_done else "asked"
        point.answered_at = clock.now() if is_done else None

    return services.edit(actor, project_id, write)


def send_back(actor: Actor, project_id: int) -> Project:
    """« J’ai répondu »: every point is answered, and the file is judged and lodged again. Invalid, or NotReady with the findings."""
    with transaction():
        project = services.locked(project_id)
        left = waiting(project)
        if left:
            raise Invalid(
                "", ngettext("Il reste %(num)s point sans réponse.", "Il reste %(num)s points sans réponse.", len(left))
            )
        return services.lodge(actor, project_id)


def accept(actor: Actor, project_id: int, point_id: int) -> None:
    """The reviewer takes the answer."""
    with transaction():
        project = services.locked(project_id)
        step = project.rules.lifecycle.step("ask_completion")
        if step is None or not step.allows(queries.roles_on(actor, project)):
            raise Forbidden("accept")
        _settle(_point(project, point_id), "accepted")
        journal.record(actor, project.on, "point_accepted")


def _settle(point: Point, status: str) -> None:
    if point.status != "answered":
        raise Invalid("", _("Ce point n’a pas encore de réponse, ou il est déjà réglé."))
    point.status, point.settled_at = status, clock.now()


def _point(project: Project, point_id: int) -> Point:
    point = next((one for one in project.points if one.id == point_id), None)
    if point is None:
        raise Forbidden("point")
    return point


def waiting(project: Project) -> list[Point]:
    """What the team has not answered yet."""
    return [point for point in project.points if point.status == "asked"]
