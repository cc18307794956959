"""Writing the three conditions, and releasing what the committee settled on them."""

from collections.abc import Mapping
from typing import Any

from citizen.kernel.access import Actor
from citizen.pic.models import PicAfterwards, PicProject
from citizen.projects import services as life
from citizen.projects.models import Project


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
