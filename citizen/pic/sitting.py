"""What a committee says of a PIC in session: each of the three conditions, then the grant that all three allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from citizen.committees import recording, review, sitting, voting
from citizen.committees.models import AgendaItem
from citizen.committees.questions import ConditionWord, Outcome, Question
from citizen.committees.rules import without
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import NotReady
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicJudgement, PicProject
from citizen.pic.rules import TO_GRANT, VERDICTS, largest_grant_cents
from citizen.pic.terms import Facts
from citizen.pic.wording import settled_words
from citizen.projects import queries as projects
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


def facts_of(item: AgendaItem) -> Facts:
    """What the rules judge, with the committee's words as they are now."""
    project = cast(PicProject, item.project)
    verdicts = {slug: word.verdict for slug, word in words_of(item.id).items()}
    return project.judged_facts(projects.common_facts(project), verdicts)


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
            review.drop_proposal(item)


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


def put_condition(actor: Actor, item_id: int, slug: str) -> Question:
    """Opens the vote on one condition."""
    return voting.put(actor, item_id, BY_SLUG[slug].slug)


class PicPassage(review.Passage):
    """The three conditions, then a grant when all three are met."""

    proposals = {
        "grant": N_("Accorder"), "defer": N_("Ajourner : le projet revient à une autre séance"), "reject": N_("Refuser"),
    }  # fmt: skip
    named = {
        "grant": N_("Accorder %(amount)s"), "defer": N_("Ajourner : %(asked)s"), "reject": N_("Refuser : %(asked)s"),
    }  # fmt: skip
    conditions = {one.slug: one.title for one in CONDITIONS}
    asks = N_("Ce que l’équipe peut faire")
    asks_help = N_("Si vous ajournez : ce que le comité demande. Si vous refusez : ce qui pourrait être fait.")

    def check(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
        words = words_of(item.id)
        for condition in CONDITIONS:
            if condition.slug not in words:
                raise Invalid(f"verdict_{condition.number}", _("Dites d’abord ce que le comité pense des trois conditions."))
        if action == "grant":
            facts, terms = facts_of(item), item.project.terms
            if missing := blocking([check(facts, terms) for check in TO_GRANT]):
                raise NotReady(missing)
            _check_amount(amount_cents, largest_grant_cents(facts, terms))
        elif action == "reject" and all(word.verdict == "met" for word in words.values()):
            raise Invalid("action", _("Un refus nomme la condition qui n’est pas remplie. Sinon, ajournez."))
        if action != "grant" and not asked.strip():
            raise Invalid("asked", _("Dites à l’équipe ce qu’elle peut faire."))

    def suggested_cents(self, item: AgendaItem) -> int:
        return max(0, largest_grant_cents(facts_of(item), item.project.terms))

    def drafted(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> tuple[str, str]:
        failing = [say(BY_SLUG[slug].title) for slug, word in words_of(item.id).items() if word.verdict != "met"]
        official, easy = settled_words(
            action, title=item.project.title, asked_cents=item.project.requested_cents, amount_cents=amount_cents, failing=failing,
            asked=asked,
        )  # fmt: skip
        return say(official), say(easy)

    def hear_vote(self, question: Question) -> None:
        """The result of a vote on a condition becomes the committee's word."""
        if question.subject in BY_SLUG and question.result in VOTED:
            counted = ngettext(
                "Vote du comité : %(pour)d pour, %(contre)d contre, %(num)d abstention.",
                "Vote du comité : %(pour)d pour, %(contre)d contre, %(num)d abstentions.",
                question.abstentions, pour=question.votes_for, contre=question.votes_against,
            )  # fmt: skip
            _say(question.item, question.subject, Judged(VOTED[question.result][-1], counted))

    def verdicts(self, item: AgendaItem) -> dict[str, Any]:
        return {slug: {"verdict": one.verdict, "reason": one.reason} for slug, one in words_of(item.id).items()}

    def keep_released(self, item: AgendaItem, outcome: Outcome) -> None:
        names = recording.names_in(item.session)  # said in the room, published without them
        for slug, word in outcome.verdicts.items():
            reason = without(names, word["reason"], _("une personne"))
            db.session.add(PicJudgement(agenda_item_id=item.id, condition=slug, verdict=word["verdict"], reason=reason))


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


review.PASSAGES["pic"] = PicPassage()
