"""What a committee says of a PIC in session: each condition, a proposal, its vote, the outcome whose amount is reserved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from citizen import clock
from citizen.committees import sitting, voting
from citizen.committees.models import AgendaItem
from citizen.committees.questions import ConditionWord, Outcome, Question
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.kernel.money import euros
from citizen.pic.conditions import CONDITIONS
from citizen.pic.rules import TO_GRANT, VERDICTS, largest_grant_cents
from citizen.pic.wording import settled_words
from citizen.projects import queries as projects
from citizen.projects import services as life
from citizen.web.filters import say

BY_SLUG = {one.slug: one for one in CONDITIONS}
VOTED = {"adopted": ("met",), "rejected": ("partly", "not_met")}  # what a vote on a condition leaves to say


@dataclass(frozen=True)
class Judged:
    """The committee's word on a condition, and why."""

    verdict: str
    reason: str


def words_of(item_id: int) -> dict[str, ConditionWord]:
    """What was said of each condition, by slug."""
    found = db.session.scalars(select(ConditionWord).where(ConditionWord.agenda_item_id == item_id))
    return {one.condition: one for one in found}


def note(actor: Actor, item_id: int, judged: Mapping[str, Judged]) -> None:
    """The committee's word on conditions, each with its sentence; a vote on one of them decides its word."""
    with transaction():
        _found, item = sitting.conducted(actor, item_id)
        sitting.unsettled(item)
        for slug, word in judged.items():
            number = BY_SLUG[slug].number
            if word.verdict not in VERDICTS:
                raise Invalid(f"verdict_{number}", _("Dites si cette condition est remplie."))
            if not word.reason.strip():
                raise Invalid(f"reason_{number}", _("Écrivez pourquoi, en une phrase : elle sera publiée."))
            if word.verdict not in _open_words(item, slug):
                raise Invalid(f"verdict_{number}", _("Le comité a voté autrement sur cette condition."))
        if {slug for slug, word in judged.items() if _say(item, slug, word)}:
            _drop_proposal(item)


def _open_words(item: AgendaItem, slug: str) -> tuple[str, ...]:
    voted = [one.result for one in item.questions if one.subject == slug and one.result in VOTED]
    return VOTED[voted[-1]] if voted else tuple(VERDICTS)


def _say(item: AgendaItem, slug: str, word: Judged) -> bool:
    """Keeps the word; whether it changes what was said."""
    kept = db.session.get(ConditionWord, (item.id, slug)) or ConditionWord(agenda_item_id=item.id, condition=slug)
    is_new = kept.verdict != word.verdict
    kept.verdict, kept.reason = word.verdict, word.reason.strip()
    db.session.add(kept)
    db.session.flush()
    return is_new


def _drop_proposal(item: AgendaItem) -> None:
    """A proposal voted on other words than these is to be voted again."""
    for question in item.questions:
        if question.subject == "proposal" and question.result != "void":
            sitting.void(question)


def put_condition(actor: Actor, item_id: int, slug: str) -> Question:
    """Opens the vote on one condition."""
    return voting.put(actor, item_id, BY_SLUG[slug].slug)


def count(actor: Actor, question_id: int) -> Question:
    """Counts a vote; on a condition, its result becomes the committee's word."""
    with transaction():
        question = voting.close(actor, question_id)
        _hear_vote(question)
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
        _hear_vote(question)
        return question


def _hear_vote(question: Question) -> None:
    if question.subject in BY_SLUG and question.result in VOTED:
        counted = ngettext(
            "Vote du comité : %(pour)d pour, %(contre)d contre, %(num)d abstention.",
            "Vote du comité : %(pour)d pour, %(contre)d contre, %(num)d abstentions.",
            question.abstentions, pour=question.votes_for, contre=question.votes_against,
        )  # fmt: skip
        _say(question.item, question.subject, Judged(VOTED[question.result][-1], counted))


def propose(
    actor: Actor, item_id: int, action: str, *, amount_cents: int | None = None, asked: str = ""
) -> Question:  # fmt: skip
    """Puts a decision to the vote: « grant » an amount, « defer » asking for something, « reject » saying what could be done.

    Raises NotReady when a grant lacks the hearing or a condition, Invalid for what the committee cannot propose.
    """
    with transaction():
        _found, item = sitting.conducted(actor, item_id)
        _check(item, action, amount_cents, asked)
        return voting.put(
            actor, item_id, "proposal", action=action, amount_cents=amount_cents if action == "grant" else None,
            asked="" if action == "grant" else asked.strip(),
        )  # fmt: skip


def _check(item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
    words = words_of(item.id)
    for condition in CONDITIONS:
        if condition.slug not in words:
            raise Invalid(f"verdict_{condition.number}", _("Dites d’abord ce que le comité pense des trois conditions."))
    project: Any = item.project
    facts = project.judged_facts(projects.common_facts(project), {slug: word.verdict for slug, word in words.items()})
    if action == "grant":
        if missing := blocking([check(facts, project.terms) for check in TO_GRANT]):
            raise NotReady(missing)
        _check_amount(amount_cents, largest_grant_cents(facts, project.terms))
    elif action == "reject" and all(word.verdict == "met" for word in words.values()):
        raise Invalid("action", _("Un refus nomme la condition qui n’est pas remplie. Sinon, ajournez."))
    elif action not in ("reject", "defer"):
        raise Invalid("action", _("Choisissez une décision."))
    if action != "grant" and not asked.strip():
        raise Invalid("asked", _("Dites à l’équipe ce qu’elle peut faire."))


def _check_amount(amount_cents: int | None, most: int) -> None:
    if amount_cents is None or amount_cents <= 0:
        raise Invalid("amount", _("Écrivez le montant accordé."))
    if amount_cents > most:
        raise Invalid(
            "amount",
            _(
                "Au plus %(most)s : la demande, le plafond, la part du coût et l’enveloppe ne permettent pas davantage.",
                most=euros(most),
            ),
        )


def to_settle(item: AgendaItem) -> tuple[Question, str] | None:
    """The proposal that was voted and the action it leads to; None while nothing is decided."""
    voted = [one for one in item.questions if one.subject == "proposal" and one.result != "void"]
    if not voted or item.outcome:
        return None
    latest = voted[-1]
    if latest.result == "adopted" and latest.action:
        return latest, latest.action
    return (latest, "defer") if latest.result == "tied" else None


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
        assert item.project.call_id is not None
        ledger.reserve(actor, item.project.call_id, item.project_id, outcome.amount_cents or 0)
        return outcome


def _write(
    actor: Actor, item: AgendaItem, question: Question, action: str, asked: str, sentence: str, easy: str, correction: str = ""
) -> Outcome:
    amount = question.amount_cents if action == "grant" else None
    official, plain = drafted(item, action, amount, asked)
    outcome = Outcome(
        agenda_item_id=item.id, version=len(item.outcomes) + 1, question_id=question.id, action=action, amount_cents=amount,
        asked=asked, sentence=sentence.strip() or official, easy=easy.strip() or plain, correction=correction,
        verdicts={slug: {"verdict": one.verdict, "reason": one.reason} for slug, one in words_of(item.id).items()},
        evidence=life.evidence_of(item.project), settled_at=clock.now(), settled_by_id=actor.person_id,
    )  # fmt: skip
    db.session.add(outcome)
    db.session.flush()
    journal.record(actor, sitting.passage(item), "settled", reason=action)
    db.session.refresh(item, ["outcomes"])
    return outcome


def drafted(item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> tuple[str, str]:
    """The official sentence and the easy one, as the regulation words them."""
    failing = [say(BY_SLUG[slug].title) for slug, word in words_of(item.id).items() if word.verdict != "met"]
    official, easy = settled_words(
        action, title=item.project.title, asked_cents=item.project.requested_cents, amount_cents=amount_cents, failing=failing,
        asked=asked,
    )  # fmt: skip
    return say(official), say(easy)


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
        _drop_proposal(item)
        assert item.project.call_id is not None
        ledger.reserve(actor, item.project.call_id, item.project_id, 0)
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
