"""Opinions asked by a mailed link, without an account: of the services of the commune, and of the owner of the place."""

from datetime import date
from typing import cast

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu import letters
from citizen.ftu.idea_models import Opinion
from citizen.ftu.models import FtuProject
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.projects import queries, requests
from citizen.projects import services as projects
from citizen.projects.steps import WRITERS

MOST_ASKED = 30


def ask(actor: Actor, project_id: int, *, kind: str, name: str, email: str, due_on: date, words: str = "") -> Opinion:
    """Mails a link to « service » or « owner »; who may ask is a step of the table."""
    if due_on <= clock.today():
        raise Invalid("due_on", _("Choisissez une date après aujourd’hui."))
    with transaction():
        project = cast(FtuProject, projects.locked(project_id))
        projects.judge(actor, project, action := _step(actor, project, kind))
        if len(project.opinions) >= MOST_ASKED:
            raise Invalid("name", _("%(count)d demandes au plus.", count=MOST_ASKED))
        address = requests.addressed(actor, f"{project.on}:{kind}", email)
        opinion = Opinion(kind=kind, name=name, email=address, words=words, due_on=due_on, asked_at=clock.now())
        project.opinions.append(opinion)
        db.session.flush()
        journal.record(actor, project.on, action, reason=name if kind == "service" else "")
        letters.ask_opinion(opinion)
        return opinion


def answer(opinion_id: int, *, verdict: str, reason: str, signature: str) -> Opinion:
    """What the holder of the link says; it serves once. The address is forgotten."""
    with transaction():
        opinion = _held(opinion_id)
        opinion.verdict, opinion.reason, opinion.signature = verdict, reason, signature
        opinion.answered_at, opinion.email = clock.now(), ""
        journal.record(NOBODY, opinion.project.on, f"{opinion.kind}_answered", reason=verdict)
        letters.tell_opinion(opinion)
        return opinion


def _step(actor: Actor, project: FtuProject, kind: str) -> str:
    """The team asks the owner; the commune asks anybody."""
    return "ask_owner" if kind == "owner" and queries.roles_on(actor, project) & WRITERS else "ask_service"


def cancel(actor: Actor, project_id: int, opinion_id: int) -> None:
    """The link serves no more; by who may ask such an opinion. One of another project is not there."""
    with transaction():
        project = cast(FtuProject, projects.locked(project_id))
        opinion = next((one for one in project.opinions if one.id == opinion_id and not one.answered_at), None)
        if opinion is not None:
            projects.judge(actor, project, _step(actor, project, opinion.kind))
            opinion.cancelled_at, opinion.email = clock.now(), ""
            journal.record(actor, project.on, "opinion_cancelled")


def remind_all() -> int:
    """One reminder to each who has not answered three days before the end; gives how many left."""
    return requests.remind_all(Opinion, letters.ask_opinion, Opinion.cancelled_at.is_(None))


def _held(opinion_id: int) -> Opinion:
    """The question, its project held first, while its link serves."""
    opinion: Opinion = requests.held(Opinion, opinion_id)
    if not opinion.is_open(clock.today()):
        raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
    return opinion
