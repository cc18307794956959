"""Supporting an idea: one person, one support, kept or withdrawn when its text changes; how many is public, who is not."""

from dataclasses import dataclass

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.services import require_verified
from citizen.projects import services, versions
from citizen.projects.idea_models import Support, Supports, newest_version, supports_of
from citizen.projects.models import Follow, Project
from citizen.projects.versions import Change


def support(actor: Actor, project_id: int) -> Support:
    """Gives a support, or keeps it now that the text changed; who supports follows."""
    require_verified(actor)
    with transaction():
        project = _supportable(actor, project_id)
        kept, newest = db.session.get(Support, (project_id, actor.person_id)), newest_version(project_id)
        if kept is None and (closed := project.closed_to_supports(clock.today())):
            raise NotNow(closed)
        if kept is None:
            kept = Support(project_id=project_id, person_id=actor.person_id, version=newest, at=clock.now())
            db.session.add(kept)
            if db.session.get(Follow, (project_id, actor.person_id)) is None:
                db.session.add(Follow(project_id=project_id, person_id=actor.person_id))
            journal.record(actor, f"support:{project_id}", "supported")
        kept.version, kept.told_at = newest, None
        return kept


def withdraw(actor: Actor, project_id: int) -> None:
    """Takes the support back, as long as nobody votes on the idea; following goes on until the person stops it."""
    with transaction():
        _supportable(actor, project_id)
        kept = db.session.get(Support, (project_id, actor.person_id))
        if kept is not None:
            db.session.delete(kept)
            journal.record(actor, f"support:{project_id}", "support_withdrawn")


def _supportable(actor: Actor, project_id: int) -> Project:
    if actor.person_id is None:
        raise Forbidden("support")
    project = services.locked(project_id)
    services.judge(actor, project, "support")
    if actor.person_id in project.team_ids:
        raise NotNow(_("Vous portez ce projet : ce sont les autres qui le soutiennent."))
    return project


@dataclass(frozen=True)
class Standing:
    """The supports of a project, as one visitor sees them."""

    count: Supports
    is_open: bool
    closed_words: str
    is_mine: bool
    is_mine_old: bool
    is_of_team: bool


def standing(actor: Actor, project: Project) -> Standing | None:
    """None where ideas are not supported."""
    step = project.rules.lifecycle.step("support")
    if step is None or not project.is_public:
        return None
    mine = db.session.get(Support, (project.id, actor.person_id)) if actor.is_signed_in else None
    is_open, closed = project.state in step.before, project.closed_to_supports(clock.today())
    return Standing(
        count=supports_of(project.id), is_open=is_open and not closed, closed_words=closed if is_open else "",
        is_mine=mine is not None and is_open, is_mine_old=mine is not None and mine.version < newest_version(project.id),
        is_of_team=actor.person_id in project.team_ids,
    )  # fmt: skip


def changes_since(actor: Actor, project: Project) -> list[Change]:
    """What the team wrote since the actor supported, word by word; never who is of the team."""
    mine, newest = db.session.get(Support, (project.id, actor.person_id)), versions.newest(project)
    read = next((one for one in project.versions if mine and one.number == mine.version), None)
    if read is None or newest is None or read.number == newest.number:
        return []
    before, after = (versions.text_of(one) for one in (read, newest))
    return versions.differences(project, before, after)
