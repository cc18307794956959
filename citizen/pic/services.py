"""Writing the three conditions, and releasing what the committee settled on them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen.committees import recording
from citizen.committees.models import AgendaItem
from citizen.committees.rules import without
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.pic.models import PicAfterwards, PicJudgement, PicProject
from citizen.projects import services as life
from citizen.projects.models import Decision, Project
from citizen.projects.steps import S


def written(answers: Mapping[str, Any]) -> life.Effect:
    """What the team answers about the three conditions, by column."""

    def write(project: Project) -> None:
        for name, value in answers.items():
            setattr(project, name, value)

    return write


def answer(actor: Actor, project_id: int, **answers: Any) -> Project:
    """Keeps the team's answers, while it may write."""
    return life.edit(actor, project_id, written(answers))


def see_afterwards(actor: Actor, project_id: int, marks: Mapping[str, tuple[int, str]]) -> Project:
    """Keeps how far each condition held, in a mark from 1 to 4 and a word, by condition."""

    def write(project: Project) -> None:
        assert isinstance(project, PicProject)
        kept = {one.condition: one for one in project.afterwards}
        for condition, (mark, words) in marks.items():
            one = kept.get(condition)
            if one is None:
                one = PicAfterwards(condition=condition)
                project.afterwards.append(one)
            one.mark, one.words = mark, words

    return life.edit(actor, project_id, write, action="write_report")


def release_item(actor: Actor, item_id: int, *, act_reference: str = "") -> Project | None:
    """Takes the decision that the committee settled on this item; None when it settled nothing, or the project has left.

    Part of the release of a whole session: the actor is the committee itself.
    """
    with transaction():
        project = life.locked(db.session.get_one(AgendaItem, item_id).project_id)
        item = db.session.get_one(AgendaItem, item_id, with_for_update={"of": AgendaItem.__table__}, populate_existing=True)
        outcome = item.outcome
        if outcome is None or not item.is_waiting or project.state != S.ADMISSIBLE:
            return None
        names = recording.names_in(item.session)  # said in the room, published without them
        for slug, word in outcome.verdicts.items():
            reason = without(names, word["reason"], _("une personne"))
            db.session.add(PicJudgement(agenda_item_id=item_id, condition=slug, verdict=word["verdict"], reason=reason))
        db.session.flush()
        db.session.expire(project)
        decided = life.decide(
            actor, project.id, outcome.action, amount_cents=outcome.amount_cents, reason=outcome.sentence,
            asked=outcome.asked, act_reference=act_reference, evidence=outcome.evidence,
        )  # fmt: skip
        item.decision_id = db.session.scalar(select(func.max(Decision.id)).where(Decision.project_id == project.id))
        db.session.flush()
        return decided
