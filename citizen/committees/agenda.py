"""Building an agenda from the files that are ready: proposed, inscribed together, put in order, removed."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from citizen.committees import convening, preparation, queries, services
from citizen.committees.models import AgendaItem, Session
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import NotNow
from citizen.projects import queries as projects
from citizen.projects.models import Project
from citizen.web.filters import say


@dataclass(frozen=True)
class Candidate:
    """A file that waits for a session; ``obstacle`` says why it cannot come before this one, empty when it can."""

    project: Project
    obstacle: str

    @property
    def is_proposed(self) -> bool:
        """Ready, and not put off: who was deferred says first that they answered."""
        step = self.project.rules.lifecycle.step("inscribe")
        return not self.obstacle and step is not None and step.after in (None, self.project.state)


def candidates(session: Session) -> list[Candidate]:
    """The fund's ready files, the oldest lodged first, each with what stands in its way."""
    return [Candidate(project, _obstacle(session, project)) for project in queries.awaiting(session.fund_id)]


def _obstacle(session: Session, project: Project) -> str:
    if refused := services.unfit(session, project):
        return refused
    missing = blocking(projects.findings_for(project, "inscribe"))
    return " ".join(f"{say(one.title)} : {say(one.fact)}" for one in missing)


def inscribe_all(actor: Actor, session_id: int, project_ids: Iterable[int]) -> int:
    """Puts these files on the agenda, in the order in which they were lodged, or none of them; gives how many."""
    wanted = set(project_ids)
    with transaction():
        session = services.open_session(actor, session_id)
        chosen = [project.id for project in queries.awaiting(session.fund_id) if project.id in wanted]
        if len(chosen) != len(wanted) or not chosen:
            raise Invalid("projects", _("Choisissez des projets dans la liste."))
        for project_id in chosen:
            services.inscribe(actor, session_id, project_id)
        return len(chosen)


def pace(actor: Actor, session_id: int, *, minutes_each: int) -> None:
    """How long each file is given; the hours of passage follow."""
    with transaction():
        session = services.open_session(actor, session_id)
        session.minutes_each = minutes_each


def move_item(actor: Actor, item_id: int, *, is_up: bool) -> AgendaItem:
    """The file takes the place of the one before it, or after; the first stays first."""
    with transaction():
        item, session = _waiting(actor, item_id)
        order = list(session.items)
        here = order.index(item)
        there = max(here - 1, 0) if is_up else min(here + 1, len(order) - 1)
        order.insert(there, order.pop(here))
        for rank, one in enumerate(order, start=1):
            one.position = rank
        return item


def remove_item(actor: Actor, item_id: int, *, reason: str) -> None:
    """The file leaves the agenda and waits for another session; its team is told why."""
    with transaction():
        item, session = _waiting(actor, item_id)
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi : l’équipe le lira."))
        convening.release(actor, session, item, reason.strip())


def _waiting(actor: Actor, item_id: int) -> tuple[AgendaItem, Session]:
    item = db.session.get_one(AgendaItem, item_id)
    session = services.open_session(actor, item.session_id)
    db.session.refresh(session, ["items"])
    if not preparation.may_leave(item):
        raise NotNow(_("Le comité a commencé à examiner ce projet."))
    return item, session
