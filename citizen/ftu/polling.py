"""How a place is used, 6 and 12 months after its opening: three questions by a link that serves once, counted without names."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu import letters
from citizen.ftu.milestones import FEW, POLLED_AFTER, USED, WORKS, months_after
from citizen.ftu.models import FtuProject
from citizen.ftu.works_models import Milestone, UseAnswer, UseLink, UsePoll, WorksMove
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.projects import services as projects

OPEN_FOR = timedelta(days=30)


def ask_all() -> int:
    """Asks for every place whose day has come, each once; forgets the links that serve no more. Gives how many letters left."""
    today = clock.today()
    with transaction():
        over = select(UsePoll.project_id, UsePoll.months).where(UsePoll.closes_on < today)
        for project_id, months in db.session.execute(over).all():
            _forget_links(project_id, months)
    opened = select(Milestone.project_id, Milestone.done_on).where(Milestone.kind == "opening", Milestone.done_on.is_not(None))
    due = [(number, months) for number, day in db.session.execute(opened).all() if day for months in _due(day, today)]
    return sum(len(ask(number, months)) for number, months in due)


def _due(opened_on: date, today: date) -> list[int]:
    """The polls whose month it is."""
    return [one for one in POLLED_AFTER if months_after(opened_on, one) <= today < months_after(opened_on, one) + OPEN_FOR]


def ask(project_id: int, months: int) -> list[str]:
    """Asks whoever follows one place, once; gives the links that left."""
    with transaction():
        project = projects.locked(project_id)
        if db.session.get(UsePoll, (project_id, months)) or not project.where_it_stands.is_supported:
            return []
        people = letters.followers_of(project)
        closes_on = clock.today() + OPEN_FOR
        db.session.add(
            UsePoll(project_id=project_id, months=months, opened_on=clock.today(), closes_on=closes_on, asked=len(people))
        )
        db.session.flush()
        tokens = [secrets.token_urlsafe(24) for _person in people]
        for person, token in zip(people, tokens, strict=True):
            db.session.add(UseLink(token_hash=_hashed(token), project_id=project_id, months=months))
            letters.ask_use(person, project, months, token, closes_on)
        return tokens


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _forget_links(project_id: int, months: int) -> None:
    db.session.execute(delete(UseLink).where(UseLink.project_id == project_id, UseLink.months == months))


def poll_of(token: str) -> UsePoll | None:
    """The poll that a link opens, while it serves."""
    link = db.session.get(UseLink, _hashed(token))
    found = db.session.get(UsePoll, (link.project_id, link.months)) if link else None
    return found if found and found.closes_on >= clock.today() and not found.reply else None


def answer(token: str, *, used: str, works: str, mend: str) -> None:
    """One answer; the link is forgotten with it, and nothing says whose it was."""
    with transaction():
        query = select(UseLink).where(UseLink.token_hash == _hashed(token)).with_for_update()
        link, poll = db.session.scalars(query).one_or_none(), poll_of(token)
        if link is None or poll is None:
            raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
        if used not in USED or works not in WORKS:
            raise Invalid("used", _("Choisissez une réponse."))
        db.session.add(
            UseAnswer(
                id=secrets.token_urlsafe(16), project_id=poll.project_id, months=poll.months, used=used, works=works,
                mend=mend.strip(),
            )
        )  # fmt: skip
        db.session.delete(link)


@dataclass(frozen=True)
class Use:
    """What was answered to one poll; ``used`` and ``works`` are None while figures would say who said what."""

    poll: UsePoll
    is_over: bool
    answers: int
    used: dict[str, int] | None = None
    works: dict[str, int] | None = None
    mend: Sequence[str] = ()


def uses_of(project: FtuProject) -> list[Use]:
    """Every poll of a place. Counts show once it is over, from so many answers on; what to mend is for the commune alone."""
    query = select(UseAnswer).where(UseAnswer.project_id == project.id).order_by(UseAnswer.id)
    answers = db.session.scalars(query).all()
    return [_use(poll, [one for one in answers if one.months == poll.months]) for poll in project.use_polls]


def _use(poll: UsePoll, answers: Sequence[UseAnswer]) -> Use:
    is_over = bool(poll.reply) or poll.closes_on < clock.today()
    mend = [one.mend for one in answers if one.mend]
    if not is_over or len(answers) < FEW:
        return Use(poll, is_over, len(answers), mend=mend)
    used, works = Counter(one.used for one in answers), Counter(one.works for one in answers)
    return Use(poll, is_over, len(answers), {one: used[one] for one in USED}, {one: works[one] for one in WORKS}, mend)


def reply(actor: Actor, project_id: int, *, text: str) -> UsePoll:
    """The commune says what it does with the answers to the last poll, and closes it; who follows is told."""
    with transaction():
        project = projects.locked(project_id)
        projects.judge(actor, project, "answer_use")
        query = select(UsePoll).where(UsePoll.project_id == project_id, UsePoll.reply == "").order_by(UsePoll.months)
        poll = db.session.scalars(query).first()
        if poll is None:
            raise NotNow(_("Aucun sondage n’attend de réponse."))
        if not text.strip():
            raise Invalid("text", _("Écrivez la réponse de la commune."))
        poll.reply, poll.replied_on, poll.closes_on = text.strip(), clock.today(), min(poll.closes_on, clock.today())
        _forget_links(project_id, poll.months)
        said = _("Sur l’usage du lieu, la commune répond : %(text)s", text=poll.reply)
        db.session.add(WorksMove(project_id=project_id, text=said, at=clock.now()))
        journal.record(actor, project.on, "answer_use", reason=poll.reply)
        return poll
