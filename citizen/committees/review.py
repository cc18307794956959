"""What a committee proposes, votes and settles on a project, then releases; each scheme says what may be proposed, and when."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.committees import sitting, voting
from citizen.committees.models import AgendaItem
from citizen.committees.questions import Outcome, Question
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.kernel.money import euros
from citizen.kernel.words import Words
from citizen.projects import services as life
from citizen.projects.models import Decision, Project
from citizen.web.filters import say


class Passage:
    """What one scheme adds to the passage of a project before the committee; the schemes put theirs in ``PASSAGES``."""

    proposals: ClassVar[Mapping[str, str]]  # action -> what the form offers
    named: ClassVar[Mapping[str, str]]  # action -> what is voted, with its amount and what is asked
    sentences: ClassVar[Mapping[str, tuple[str, str]]]  # action, or « part » of a grant -> official words, words easy to read
    conditions: ClassVar[Mapping[str, str]] = {}  # what may be voted beside a proposal, by slug
    asks: ClassVar[str]  # what is written beside a proposal
    asks_help: ClassVar[str]

    def check(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
        """Raises NotReady or Invalid for what the committee cannot decide."""

    def suggested_cents(self, item: AgendaItem) -> int | None:
        """The amount that the form of a proposal starts from."""
        return None

    def drafted(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> tuple[str, str]:
        """The official sentence and the easy one."""
        wanted, amount = item.project.requested_cents, amount_cents or 0
        official, easy = self.sentences["part" if action == "grant" and amount < wanted else action]
        told = {"title": item.project.title, "amount": euros(amount), "wanted": euros(wanted), "asked": asked}
        return say(Words(official, **told)), say(Words(easy, **told))

    def hear_vote(self, question: Question) -> None:
        """What a counted vote, on something else than a proposal, changes."""

    def verdicts(self, item: AgendaItem) -> dict[str, Any]:
        """What was said beside the proposal, kept with the outcome."""
        return {}

    def keep_released(self, item: AgendaItem, outcome: Outcome) -> None:
        """What the scheme keeps of an outcome at its release, before the decision is taken."""

    def follow_released(self, actor: Actor, project: Project, outcome: Outcome) -> None:
        """What the decision leads to, in the same transaction."""


PASSAGES: dict[str, Passage] = {}


def passage_of(item: AgendaItem) -> Passage:
    return PASSAGES[item.project.scheme]


def named(question: Question) -> str:
    """What is put to the vote, in words."""
    passage = passage_of(question.item)
    if not question.action:
        return _("La condition « %(title)s » est remplie", title=say(passage.conditions[question.subject]))
    return say(Words(passage.named[question.action], amount=euros(question.amount_cents or 0), asked=question.asked))


def drop_proposal(item: AgendaItem) -> None:
    """A proposal voted on other words than these is to be voted again."""
    for question in item.questions:
        if question.subject == "proposal" and question.result != "void":
            sitting.void(question)


def count(actor: Actor, question_id: int) -> Question:
    """Counts a vote, and draws what its scheme draws from it."""
    with transaction():
        question = voting.close(actor, question_id)
        passage_of(question.item).hear_vote(question)
        return question


def raise_hands(actor: Actor, question_id: int, choices: Mapping[int, str], *, is_counted: bool) -> None:
    """The hands that were seen, counted at once when the secretary says so."""
    with transaction():
        voting.raise_hands(actor, question_id, choices)
        if is_counted:
            count(actor, question_id)


def untie(actor: Actor, question_id: int, choice: str) -> Question:
    """The president's word on equal votes."""
    with transaction():
        question = voting.untie(actor, question_id, choice)
        passage_of(question.item).hear_vote(question)
        return question


def propose(
    actor: Actor, item_id: int, action: str, *, amount_cents: int | None = None, asked: str = ""
) -> Question:  # fmt: skip
    """Puts a decision to the vote: one of the scheme's, with its amount when it gives money, and what is asked or said.

    Raises NotReady when something is missing, Invalid for what the committee cannot propose.
    """
    with transaction():
        _found, item = sitting.conducted(actor, item_id)
        _check(item, action, amount_cents, asked)
        return voting.put(
            actor, item_id, "proposal", action=action, amount_cents=amount_cents if action == "grant" else None,
            asked="" if action == "grant" else asked.strip(),
        )  # fmt: skip


def _check(item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
    if action not in passage_of(item).proposals:
        raise Invalid("action", _("Choisissez une décision."))
    passage_of(item).check(item, action, amount_cents, asked)


def to_settle(item: AgendaItem) -> tuple[Question, str] | None:
    """The proposal that was voted and the action it leads to; None while nothing is decided."""
    voted = [one for one in item.questions if one.subject == "proposal" and one.result != "void"]
    if not voted or item.outcome:
        return None
    latest = voted[-1]
    if latest.result == "adopted" and latest.action:
        return latest, latest.action
    return (latest, "defer") if latest.result == "tied" else None


def drafted(item: AgendaItem) -> tuple[str, str] | None:
    """The sentences of what was voted, as they write themselves; None while nothing is decided."""
    decided = to_settle(item)
    return passage_of(item).drafted(item, decided[1], decided[0].amount_cents, decided[0].asked) if decided else None


def settle(actor: Actor, item_id: int, *, sentence: str = "", easy: str = "", asked: str = "") -> Outcome:
    """Settles the item as it was voted: the amount is reserved, nothing leaves the room. Settled twice, it is settled once."""
    with transaction():
        found, item = sitting.conducted(actor, item_id)
        if item.outcome:
            return item.outcome
        sitting.detect(actor, found, [item])
        voting.require_quorum(found, item)
        decided = to_settle(item)
        if decided is None:
            raise NotNow(_("Le comité n’a pas encore adopté de décision sur ce projet."))
        question, action = decided
        asked = asked.strip() or question.asked
        _check(item, action, question.amount_cents, asked)
        outcome = _write(actor, item, question, action, asked, sentence, easy)
        _reserve(actor, item, outcome.amount_cents or 0)
        return outcome


def _reserve(actor: Actor, item: AgendaItem, amount_cents: int) -> None:
    assert item.project.call_id is not None
    ledger.reserve(actor, item.project.call_id, item.project_id, amount_cents)


def _write(
    actor: Actor, item: AgendaItem, question: Question, action: str, asked: str, sentence: str, easy: str, correction: str = ""
) -> Outcome:
    amount, passage = question.amount_cents if action == "grant" else None, passage_of(item)
    official, plain = passage.drafted(item, action, amount, asked)
    outcome = Outcome(
        agenda_item_id=item.id, version=len(item.outcomes) + 1, question_id=question.id, action=action, amount_cents=amount,
        asked=asked, sentence=sentence.strip() or official, easy=easy.strip() or plain, correction=correction,
        verdicts=passage.verdicts(item), evidence=life.evidence_of(item.project), settled_at=clock.now(),
        settled_by_id=actor.person_id,
    )  # fmt: skip
    db.session.add(outcome)
    db.session.flush()
    journal.record(actor, sitting.passage(item), "settled", reason=action)
    db.session.refresh(item, ["outcomes"])
    return outcome


def reopen(actor: Actor, item_id: int, reason: str) -> Outcome:
    """Takes a settled item back to the vote, with the reason: what was settled stays in the history, its amount is free again."""
    with transaction():
        _found, item = sitting.conducted(actor, item_id)
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi, en une phrase."))
        if item.outcome is None:
            raise NotNow(_("Ce point n’est pas décidé."))
        outcome = Outcome(
            agenda_item_id=item_id, version=len(item.outcomes) + 1, action="reopened", correction=reason.strip(),
            settled_at=clock.now(), settled_by_id=actor.person_id,
        )  # fmt: skip
        db.session.add(outcome)
        drop_proposal(item)
        _reserve(actor, item, 0)
        journal.record(actor, sitting.passage(item), "reopened", reason=reason)
        db.session.flush()
        db.session.refresh(item, ["outcomes"])
        return outcome


def correct(actor: Actor, item_id: int, *, sentence: str, easy: str, asked: str, reason: str) -> Outcome:
    """Better words for what was settled, until it is released; the vote, the amount and the reason of each word stay."""
    with transaction():
        item = db.session.get_one(AgendaItem, item_id)
        found = sitting.room(item.session_id)
        item = sitting.item_of(found, item_id)
        sitting.require_conductor(actor, found)
        sitting.require_no_part(actor, found, item)
        outcome = item.outcome
        if outcome is None or outcome.question is None:
            raise NotNow(_("Ce point n’est pas décidé."))
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi, en une phrase."))
        if not sentence.strip() or not easy.strip():
            raise Invalid("sentence", _("Les deux phrases sont nécessaires."))
        return _write(actor, item, outcome.question, outcome.action, asked.strip(), sentence, easy, reason.strip())


def release(actor: Actor, item_id: int, *, act_reference: str = "") -> Project | None:
    """Takes the decision that the committee settled on this item; None when it settled nothing, or the project has left.

    Part of the release of a whole session: the actor is the committee itself.
    """
    with transaction():
        project = life.locked(db.session.get_one(AgendaItem, item_id).project_id)
        item = db.session.get_one(AgendaItem, item_id, with_for_update={"of": AgendaItem.__table__}, populate_existing=True)
        outcome = item.outcome
        step = project.rules.lifecycle.step(outcome.action) if outcome else None
        if outcome is None or step is None or not item.is_waiting or project.state not in step.before:
            return None
        passage = passage_of(item)
        passage.keep_released(item, outcome)
        db.session.flush()
        db.session.expire(project)
        decided = life.decide(
            actor, project.id, outcome.action, amount_cents=outcome.amount_cents, reason=outcome.sentence,
            asked=outcome.asked, act_reference=act_reference, evidence=outcome.evidence,
        )  # fmt: skip
        item.decision_id = db.session.scalar(select(func.max(Decision.id)).where(Decision.project_id == project.id))
        db.session.flush()
        passage.follow_released(actor, decided, outcome)
        return decided
