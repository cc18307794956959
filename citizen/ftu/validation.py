"""The commune's act after the vote and the committee's opinion: followed, or not, and why; a whole campaign at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu import committee
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.works_models import WorksAct
from citizen.funds.models import Call
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.projects import queries
from citizen.projects import services as projects
from citizen.projects.models import Decision, Project
from citizen.projects.steps import S
from citizen.web.filters import day, say

KINDS = {"deliberation": N_("délibération"), "order": N_("arrêté"), "decision": N_("décision")}
# What the commune does not follow, in the order of life: (decision, what it departs from) -> how it reads.
DEPARTURES = {
    ("grant", "vote"): N_("Le vote n’avait pas retenu ce projet ; la commune le valide, parce que :"),
    ("grant", "opinion"): N_("Le comité avait donné un avis défavorable ; la commune valide ce projet, parce que :"),
    ("grant", "both"): N_("Ni le vote ni le comité n’avaient retenu ce projet ; la commune le valide, parce que :"),
    ("reject", "vote"): N_("Le vote avait retenu ce projet ; la commune ne le suit pas, parce que :"),
    ("reject", "opinion"): N_("Le comité avait donné un avis favorable ; la commune ne le suit pas, parce que :"),
    ("reject", "both"): N_("Le vote et le comité avaient retenu ce projet ; la commune ne les suit pas, parce que :"),
}


@dataclass(frozen=True)
class Act:
    """What the commune signed."""

    kind: str
    reference: str
    acted_on: date
    budget_line: str = ""

    def __str__(self) -> str:
        return _(
            "%(kind)s %(reference)s du %(day)s", kind=say(KINDS[self.kind]), reference=self.reference, day=day(self.acted_on)
        )


@dataclass(frozen=True)
class Choice:
    """What the commune decides of one project: « grant » an amount, or « reject »; and why."""

    project_id: int
    action: str
    reason: str
    amount_cents: int | None = None


def departs_from(project: FtuProject, action: str) -> str:
    """« vote », « opinion », « both », or nothing: what this decision would not follow."""
    facts: Any = queries.facts_of(project)
    is_granted, has_vote = action == "grant", facts.vote.is_selected is not None
    against_vote = has_vote and facts.vote.is_selected is not is_granted
    against_opinion = bool(facts.opinion) and (facts.opinion in committee.FAVOURABLE) is not is_granted
    return "both" if against_vote and against_opinion else "vote" if against_vote else "opinion" if against_opinion else ""


def decide(actor: Actor, choice: Choice, act: Act) -> Project:
    """One project: financed at most at its studied cost, within the envelope, or not; with the act."""
    with transaction():
        _check(act)
        project = cast(FtuProject, projects.locked(choice.project_id))
        if project.state == S.NOT_SELECTED and choice.action == "grant":
            projects.take(actor, project.id, "take_up", reason=choice.reason)
        departure = departs_from(project, choice.action)
        if choice.action == "grant":
            _check_amount(project, choice.amount_cents)
        decided = projects.decide(
            actor, project.id, choice.action, amount_cents=choice.amount_cents if choice.action == "grant" else None,
            reason=choice.reason, act_reference=str(act),
        )  # fmt: skip
        latest = db.session.scalars(
            select(Decision).where(Decision.project_id == project.id).order_by(Decision.id.desc())
        ).first()
        assert latest is not None
        db.session.add(
            WorksAct(
                decision_id=latest.id, kind=act.kind, reference=act.reference.strip(), acted_on=act.acted_on,
                budget_line=act.budget_line.strip(), departs_from=departure,
            )
        )  # fmt: skip
        db.session.flush()
        return decided


def _check(act: Act) -> None:
    if act.kind not in KINDS:
        raise Invalid("kind", _("Dites quel acte : délibération, arrêté ou décision."))
    if not act.reference.strip():
        raise Invalid("reference", _("Écrivez la référence de l’acte."))
    if act.acted_on > clock.today():
        raise Invalid("acted_on", _("Le jour de l’acte n’est pas encore venu."))


def _check_amount(project: FtuProject, amount_cents: int | None) -> None:
    if amount_cents is None:
        raise Invalid("amount", _("Écrivez le montant financé."))
    most = project.studied_cost_cents or 0
    if amount_cents > most:
        raise Invalid("amount", _("L’étude dit %(cost)s : ne financez pas plus.", cost=euros(most)))


class Undone(Exception):
    """What was tried is taken back."""


def decide_all(actor: Actor, campaign_id: int, choices: Sequence[Choice], act: Act, *, is_trial: bool = False) -> int:
    """Every choice of a campaign's list with one act, or none of them; gives what is left in the envelope.

    A trial judges it whole, then takes it back. What stands in the way of one project is Invalid on « action_N ».
    """
    left = 0
    try:
        with transaction():
            wanted = sorted(choices, key=lambda one: one.project_id)
            numbers = [one.project_id for one in wanted]
            known = db.session.scalars(
                select(Project).where(Project.id.in_(numbers)).order_by(Project.id).with_for_update()
            ).all()
            if not known or any(project.call_id != campaign_id for project in known):
                raise Invalid("", _("Choisissez au moins un projet de cette campagne."))
            for choice in wanted:
                _decide_one(actor, choice, act)
            left = db.session.get_one(Call, campaign_id, populate_existing=True).remaining_cents
            if is_trial:
                raise Undone
    except Undone:
        pass
    return left


def _decide_one(actor: Actor, choice: Choice, act: Act) -> None:
    field = f"action_{choice.project_id}"
    try:
        decide(actor, choice, act)
    except Invalid as error:
        if error.field in ("kind", "reference", "acted_on"):
            raise
        raise Invalid(field, error.message) from None
    except NotReady as error:
        words = " ".join(f"{say(one.title)} : {say(one.fact)} {say(one.todo)}" for one in error.findings)
        raise Invalid(field, words) from None
    except NotNow as error:
        raise Invalid(field, str(error)) from None


def to_decide(campaign: Campaign) -> Sequence[FtuProject]:
    """The projects of a campaign that an act may settle: retained first, then those that were not."""
    query = select(FtuProject).where(FtuProject.call_id == campaign.id, FtuProject.state.in_((S.SELECTED, S.NOT_SELECTED)))
    return db.session.scalars(query.order_by(FtuProject.state.desc(), FtuProject.title, FtuProject.id)).all()


def act_of(decision: Decision) -> WorksAct | None:
    """The commune's act, when the decision is one."""
    return db.session.get(WorksAct, decision.id)


def departure(departs_from: str, action: str) -> str:
    """« Le vote avait retenu ce projet ; la commune ne le suit pas, parce que : », or nothing."""
    return say(DEPARTURES.get((action, departs_from), ""))
