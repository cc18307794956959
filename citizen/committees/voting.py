"""Votes of a committee: put a question, vote on one's phone or by raised hands, count, break a tie."""

import secrets
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from citizen import clock
from citizen.committees import presence, sitting
from citizen.committees.models import AgendaItem
from citizen.committees.presence import Room
from citizen.committees.questions import Question, SecretBallot, Vote
from citizen.committees.quorum import SECRET_FROM, verdict
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.kernel.words import N_

CHOICES = {"for": N_("Pour"), "against": N_("Contre"), "abstain": N_("Abstention")}


def require_quorum(found: Room, item: AgendaItem) -> None:
    """NotReady, with what lacks, when the committee cannot decide on this item."""
    if missing := blocking(found.quorum(presence.recused_from(item)).findings):
        raise NotReady(missing)


def put(
    actor: Actor, item_id: int, subject: str, *, action: str | None = None, amount_cents: int | None = None, asked: str = ""
) -> Question:
    """Opens the vote on a condition or on a proposal; the same question put twice is one question."""
    with transaction():
        found, item = sitting.conducted(actor, item_id)
        sitting.unsettled(item)
        sitting.detect(actor, found, [item])
        require_quorum(found, item)
        now_open = open_question(item)
        if now_open and (now_open.subject, now_open.action, now_open.amount_cents) == (subject, action, amount_cents):
            return now_open
        if now_open:
            raise NotNow(_("Un vote est déjà ouvert sur ce projet : comptez-le d’abord."))
        question = Question(
            agenda_item_id=item_id, subject=subject, action=action, amount_cents=amount_cents, asked=asked,
            is_secret=is_secret(found, item), opened_at=clock.now(),
        )  # fmt: skip
        db.session.add(question)
        db.session.flush()
        journal.record(actor, sitting.passage(item), "question_put", reason=subject)
        return question


def is_secret(found: Room, item: AgendaItem) -> bool:
    """How a vote put now is held: the rules may want it secret, which it cannot stay when too few people vote."""
    return found.terms.ballot == "secret" and len(found.people(presence.recused_from(item))) >= SECRET_FROM


def open_question(item: AgendaItem) -> Question | None:
    """What is being voted on this item."""
    return next((one for one in item.questions if one.closed_at is None), None)


def cast(actor: Actor, question_id: int, choice: str, seat_id: int | None = None) -> Question:
    """The actor's vote, or that of somebody whose proxy the actor holds.

    Sent again, it counts once. An open vote may change until it is counted; a secret one never, whatever is sent again.
    """
    if choice not in CHOICES:
        raise Invalid("choice", _("Choisissez pour, contre ou abstention."))
    with transaction():
        found, item, question = _voted(question_id)
        mine = found.seat_of(actor)
        if mine is None:
            raise Forbidden(f"vote:{question_id}")
        seat_id = seat_id or mine.id
        kept = db.session.get(Vote, (question_id, seat_id), populate_existing=True)
        if kept and (question.is_secret or kept.choice == choice) and mine.id in (kept.seat_id, kept.holder_id):
            return question  # it had arrived
        _require_open(found, question)
        if kept and question.is_secret:  # its ballot is in the box, whoever holds its proxy now
            raise NotNow(_("Ce siège a déjà voté."))
        recused = presence.recused_from(item)
        if seat_id not in {seat.id for seat in found.seats_for(actor, recused)}:
            _refuse_vote(found, mine.id, seat_id, recused)
        _keep(found, item, question, {seat_id: choice})
        if question.is_secret:
            _drop([choice], question)
        return question


def _voted(question_id: int) -> tuple[Room, AgendaItem, Question]:
    """The room, the item and the question, held in this order."""
    item_id = db.session.get_one(Question, question_id).agenda_item_id
    found = sitting.room(db.session.get_one(AgendaItem, item_id).session_id)
    item = sitting.item_of(found, item_id)
    return found, item, db.session.get_one(Question, question_id, populate_existing=True)


def _require_open(found: Room, question: Question) -> None:
    if question.closed_at:
        raise NotNow(_("Ce vote est clos."))
    if not found.session.is_sitting:
        raise NotNow(sitting.not_sitting(found.session))


def _refuse_vote(found: Room, mine: int, seat_id: int, recused: frozenset[int]) -> None:
    """Why this seat does not vote, or not by this person."""
    if mine in recused or (seat_id != mine and found.holders.get(seat_id) != mine):
        raise Forbidden(f"vote:{seat_id}")
    if mine not in found.present:
        raise NotNow(_("Vous n’êtes pas noté présent : demandez au secrétariat."))
    raise NotNow(_("Ce siège ne vote pas sur ce projet."))


def _keep(found: Room, item: AgendaItem, question: Question, choices: Mapping[int, str]) -> None:
    """Notes who took part, with what was chosen when the vote is open."""
    voters = found.voters(presence.recused_from(item))
    for seat_id, choice in choices.items():
        if seat_id not in voters:
            raise Invalid("hands", _("Ce siège ne vote pas sur ce projet."))
        vote = db.session.get(Vote, (question.id, seat_id))
        if vote is None:
            vote = Vote(question_id=question.id, seat_id=seat_id)
            db.session.add(vote)
        vote.holder_id, vote.choice = voters[seat_id], None if question.is_secret else choice
    db.session.flush()


def _drop(choices: list[str], question: Question) -> None:
    """Ballots fall in the box: nothing on them says whose they are."""
    rows = [{"id": secrets.token_urlsafe(16), "question_id": question.id, "choice": choice} for choice in choices]
    db.session.execute(insert(SecretBallot).values(sorted(rows, key=lambda row: str(row["id"]))))


def raise_hands(actor: Actor, question_id: int, choices: Mapping[int, str]) -> Question:
    """The hands that the secretary saw, by seat; what somebody voted on a phone meanwhile is replaced by what was seen."""
    with transaction():
        found, item, question = _conducted(actor, question_id)
        if question.is_secret:
            raise NotNow(_("Ce vote est secret : il se fait sur les téléphones ou dans l’urne."))
        if unknown := set(choices.values()) - set(CHOICES):
            raise Invalid("hands", _("Choix inconnu : %(choice)s.", choice=min(unknown)))
        _keep(found, item, question, choices)
        return question


def count_urn(
    actor: Actor, question_id: int, seat_ids: list[int], *, votes_for: int, votes_against: int, abstentions: int
) -> Question:
    """The papers of the box: as many as the members who put one in, none of whom voted on a phone."""
    with transaction():
        found, item, question = _conducted(actor, question_id)
        if not question.is_secret:
            raise NotNow(_("Ce vote est à main levée."))
        if min(votes_for, votes_against, abstentions) < 0 or votes_for + votes_against + abstentions != len(set(seat_ids)):
            raise Invalid("votes_for", _("Il y a autant de papiers que de personnes qui ont voté : recomptez."))
        voted = set(db.session.scalars(select(Vote.seat_id).where(Vote.question_id == question_id)))
        if voted & set(seat_ids):
            raise Invalid("seats", _("Quelqu’un de cette liste a déjà voté sur son téléphone."))
        voters = found.voters(presence.recused_from(item))
        if len({voters.get(seat_id) or seat_id for seat_id in seat_ids}) < SECRET_FROM:
            raise Invalid(
                "seats",
                _(
                    "Il faut au moins %(least)d personnes dans l’urne : à moins, elle dirait qui a voté quoi.",
                    least=SECRET_FROM,
                ),
            )
        papers = ["for"] * votes_for + ["against"] * votes_against + ["abstain"] * abstentions
        _keep(found, item, question, dict.fromkeys(seat_ids, ""))
        if papers:
            _drop(papers, question)
        return question


def _conducted(actor: Actor, question_id: int) -> tuple[Room, AgendaItem, Question]:
    """The open question, for who conducts its item."""
    item_id = db.session.get_one(Question, question_id).agenda_item_id
    found, item = sitting.conducted(actor, item_id)
    question = db.session.get_one(Question, question_id, populate_existing=True)
    _require_open(found, question)
    return found, item, question


def close(actor: Actor, question_id: int) -> Question:
    """Counts the vote under the rules of the day; counted twice, it says the same."""
    with transaction():
        found, item = sitting.conducted(actor, db.session.get_one(Question, question_id).agenda_item_id)
        question = db.session.get_one(Question, question_id, populate_existing=True)
        if question.closed_at:
            return question
        require_quorum(found, item)
        if question.is_secret and not _holds_secret(found, item, question):
            sitting.void(question)
            journal.record(actor, sitting.passage(item), "question_void", reason=question.subject)
            return question
        counts = _count(question)
        if not sum(counts.values()):
            raise NotNow(_("Personne n’a encore voté."))
        if question.is_secret:
            _shuffle(question)
        question.votes_for, question.votes_against = counts["for"], counts["against"]
        question.abstentions = counts["abstain"]
        question.result, question.closed_at = _result(counts, found), clock.now()
        if question.result == "tied":
            _untie(found, item, question)
        db.session.flush()
        journal.record(actor, sitting.passage(item), "question_counted", reason=f"{question.subject} {question.result}")
        return question


def _holds_secret(found: Room, item: AgendaItem, question: Question) -> bool:
    """Whether enough people voted; False once they cannot: the vote is void and is put again by raised hands.

    Raises NotNow while others are awaited.
    """
    voted = db.session.scalars(select(func.coalesce(Vote.holder_id, Vote.seat_id)).where(Vote.question_id == question.id)).all()
    if len(set(voted)) >= SECRET_FROM:
        return True
    if len(found.people(presence.recused_from(item)) | set(voted)) >= SECRET_FROM:
        raise NotNow(
            _(
                "Moins de %(least)d personnes ont voté : compter maintenant dirait qui a voté quoi. Attendez les autres.",
                least=SECRET_FROM,
            )
        )
    return False


def _result(counts: Mapping[str, int], found: Room) -> str:
    return verdict(counts["for"], counts["against"], counts["abstain"], found.terms.majority)


def _count(question: Question) -> dict[str, int]:
    box = SecretBallot if question.is_secret else Vote
    found = db.session.execute(
        select(box.choice, func.count()).where(box.question_id == question.id).group_by(box.choice)
    ).all()  # fmt: skip
    return dict.fromkeys(CHOICES, 0) | {str(choice): count for choice, count in found}


def _shuffle(question: Question) -> None:
    """Takes the ballots out and puts them back in the order of their random names: the database keeps no trace of the order."""
    mine = SecretBallot.question_id == question.id
    choices = list(db.session.scalars(select(SecretBallot.choice).where(mine)))
    db.session.execute(delete(SecretBallot).where(mine))
    _drop(choices, question)


def _untie(found: Room, item: AgendaItem, question: Question) -> None:
    """What the rules say of equal votes: the president's vote decides, the project is deferred (it stays tied), or not granted."""
    if found.terms.tie_rule == "reject":
        question.result = "rejected"
    elif found.terms.tie_rule == "president" and not question.is_secret:
        president = found.session.president_seat_id
        vote = db.session.get(Vote, (question.id, president)) if president else None
        if vote and vote.choice in ("for", "against") and president not in presence.recused_from(item):
            _settle_tie(question, vote.choice)


def _settle_tie(question: Question, choice: str) -> None:
    question.casting, question.result = choice, "adopted" if choice == "for" else "rejected"


def may_untie(found: Room, item: AgendaItem, question: Question) -> bool:
    """Whether the president's word is awaited: equal votes, the rules give it, and who presides is there without a link."""
    president = found.session.president_seat_id
    is_there = president in found.present and president not in presence.recused_from(item)
    return question.result == "tied" and found.terms.tie_rule == "president" and is_there


def untie(actor: Actor, question_id: int, choice: str) -> Question:
    """The president's word on equal votes, said by the president or noted by who conducts."""
    if choice not in ("for", "against"):
        raise Invalid("choice", _("Choisissez pour ou contre."))
    with transaction():
        found, item = sitting.conducted(actor, db.session.get_one(Question, question_id).agenda_item_id)
        question = db.session.get_one(Question, question_id, populate_existing=True)
        sitting.unsettled(item)
        if question.casting == choice:
            return question
        if not may_untie(found, item, question):
            raise NotNow(_("La voix de la présidence n’est pas attendue sur ce vote."))
        _settle_tie(question, choice)
        journal.record(actor, sitting.passage(item), "question_untied", reason=choice)
        return question
