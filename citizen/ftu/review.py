"""The urban management committee's opinion on works, in session."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citizen.ballots.models import PollOption, PollResult
from citizen.committees import review
from citizen.committees import showing as reading
from citizen.committees.models import AgendaItem
from citizen.committees.questions import Outcome
from citizen.db import db
from citizen.ftu import committee
from citizen.ftu.models import FtuProject
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.projects import queries, services
from citizen.projects.models import Project

# The official sentence, and the one easy to read.
SENTENCES = {
    "favourable": (
        N_("Le comité donne un avis favorable au projet « %(title)s » : %(asked)s"),
        N_("Le comité est d’accord avec votre projet. Il dit : %(asked)s"),
    ),
    "conditional": (
        N_("Le comité donne un avis favorable au projet « %(title)s », sous conditions : %(asked)s"),
        N_("Le comité est d’accord avec votre projet, à une condition : %(asked)s"),
    ),
    "unfavourable": (
        N_("Le comité donne un avis défavorable au projet « %(title)s » : %(asked)s"),
        N_("Le comité n’est pas d’accord avec votre projet. Il dit : %(asked)s"),
    ),
    "defer": (
        N_("Le comité ajourne son avis sur le projet « %(title)s ». Il demande : %(asked)s"),
        N_("Le comité n’a pas encore dit ce qu’il pense. Il demande : %(asked)s Ensuite, il regarde de nouveau le projet."),
    ),
}


class WorksPassage(review.Passage):
    """An opinion in one sentence; it grants nothing, the commune's act does."""

    proposals = {
        "favourable": N_("Avis favorable"), "conditional": N_("Avis favorable sous conditions"),
        "unfavourable": N_("Avis défavorable"), "defer": N_("Ajourner : le projet revient à une autre séance"),
    }  # fmt: skip
    named = {
        "favourable": N_("Avis favorable : %(asked)s"), "conditional": N_("Avis favorable, à ces conditions : %(asked)s"),
        "unfavourable": N_("Avis défavorable : %(asked)s"), "defer": N_("Ajourner : %(asked)s"),
    }  # fmt: skip
    sentences = SENTENCES
    asks = N_("L’avis, en une phrase")
    asks_help = N_("Elle sera publiée. Avec des conditions : dites lesquelles. Si vous ajournez : ce que le comité demande.")

    def check(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
        if not asked.strip():
            raise Invalid("asked", _("Écrivez l’avis en une phrase : elle sera publiée."))
        if action in committee.FAVOURABLE and item.project.terms.bearer_presence_required and not item.is_heard:
            raise Invalid("action", _("Le règlement demande que l’équipe soit entendue avant un avis favorable."))

    def follow_released(self, actor: Actor, project: Project, outcome: Outcome) -> None:
        """Where the committee chooses, or stops a project before the vote, its opinion is the result."""
        if outcome.action == "defer" or project.state != "admissible":
            return
        facts: Any = queries.facts_of(project)
        is_retained = committee.retained(facts, project.terms)
        if is_retained is not None:
            services.take(actor, project.id, "select" if is_retained else "not_select", reason=outcome.sentence)


review.PASSAGES["ftu"] = WorksPassage()


def results_of(project_ids: Collection[int]) -> dict[int, PollResult]:
    """What the residents' vote said of each of these projects, once it is counted."""
    query = (
        select(PollResult)
        .join(PollOption)
        .where(PollOption.project_id.in_(project_ids))
        .options(joinedload(PollResult.option).joinedload(PollOption.poll))
    )
    return {one.option.project_id: one for one in db.session.scalars(query.order_by(PollOption.id))}


def sheets(files: Sequence[FtuProject]) -> dict[int, dict[str, Any]]:
    """What the committee reads of each of these works: the study, the vote."""
    found = results_of([project.id for project in files])
    return {one.id: {"facts": _facts(one), "vote": found.get(one.id)} for one in files}


def _facts(project: FtuProject) -> list[tuple[str, str]]:
    cost = project.studied_cost_cents
    return [
        (_("Coût étudié"), euros(cost) if cost else _("pas encore")),
        (_("Ce que dit l’étude"), project.study_reason or _("pas encore")),
        (_("Entretien"), project.upkeep or _("à préciser")),
        (_("Sécurité"), project.safety or _("à préciser")),
    ]


reading.SHEETS["ftu"] = reading.PACKS["ftu"] = sheets
