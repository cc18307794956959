"""Writing the three conditions, and the committee's decision on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from citizen.committees import services as committees
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicAfterwards, PicJudgement, PicProject
from citizen.pic.rules import VERDICTS, largest_grant_cents
from citizen.projects import queries as projects
from citizen.projects import services as life
from citizen.projects.models import Project


@dataclass(frozen=True)
class Judged:
    """The committee's word on a condition, and why."""

    verdict: str
    reason: str


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


def decide(
    actor: Actor, project_id: int, action: str, *, judged: Mapping[str, Judged], amount_cents: int | None = None, reason: str,
    act_reference: str = "",
) -> Project:  # fmt: skip
    """The committee's decision: « grant » (all three conditions judged met), « reject » (naming what fails) or « defer ».

    Raises Forbidden, NotNow, NotReady, or Invalid for a missing verdict or reason, or an amount too large.
    """
    with transaction():
        life.judge(actor, db.session.get_one(PicProject, project_id), action)
        session = committees.sitting(project_id)
        project = life.locked(project_id)
        item = committees.waiting_item(project_id, session) if session else None
        if item:
            _keep(item.id, judged)
        _check_outcome(project, action, judged, amount_cents)
        decided = life.decide(
            actor, project_id, action, amount_cents=amount_cents if action == "grant" else None, reason=reason,
            act_reference=act_reference,
        )  # fmt: skip
        if item:  # always: the step needs it
            committees.settle(item)
        return decided


def _keep(agenda_item_id: int, judged: Mapping[str, Judged]) -> None:
    """Every condition is judged, with a reason, whatever the outcome."""
    for condition in CONDITIONS:
        word = judged.get(condition.slug)
        if word is None or word.verdict not in VERDICTS:
            raise Invalid(f"verdict_{condition.number}", _("Dites si cette condition est remplie."))
        if not word.reason.strip():
            raise Invalid(f"reason_{condition.number}", _("Écrivez pourquoi, en une phrase : elle sera publiée."))
        db.session.add(
            PicJudgement(
                agenda_item_id=agenda_item_id, condition=condition.slug, verdict=word.verdict, reason=word.reason.strip()
            )
        )
    db.session.flush()


def _check_outcome(project: Project, action: str, judged: Mapping[str, Judged], amount_cents: int | None) -> None:
    if action == "reject" and all(word.verdict == "met" for word in judged.values()):
        raise Invalid("outcome", _("Un refus nomme la condition qui n’est pas remplie. Sinon, ajournez."))
    if action != "grant":
        return
    if amount_cents is None:
        raise Invalid("amount", _("Écrivez le montant accordé."))
    most = largest_grant_cents(projects.facts_of(project), project.terms)  # type: ignore[arg-type]
    if amount_cents > most:
        raise Invalid(
            "amount",
            _(
                "Au plus %(most)s : la demande, le plafond, la part du coût et l’enveloppe ne permettent pas davantage.",
                most=euros(most),
            ),
        )
