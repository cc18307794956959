"""What the committee's pages show: what awaits each, by role."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.committees import convening, letters, minutes, preparation, queries, recording
from citizen.committees.models import Session
from citizen.committees.rules import proof
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.web.filters import day, moment
from citizen.web.tasks import Task

# By scheme, what the agenda and the reading pack show of each of a session's files, by project, read at once.
Reader = Callable[[Sequence[Any]], Mapping[int, Any]]
SHEETS: dict[str, Reader] = {}
PACKS: dict[str, Reader] = {}
AHEAD = timedelta(days=60)  # what is further does not press


def read(readers: Mapping[str, Reader], session: Session, apart: Container[int]) -> Mapping[int, Any]:
    """What these readers say of the session's files; not of those of which the actor takes no part."""
    reader, files = readers.get(session.fund.scheme), [item.project for item in session.items if item.id not in apart]
    return reader(files) if reader and files else {}


def tasks(actor: Actor) -> list[Task]:
    """What awaits the actor in every committee."""
    return [task for fund in queries.funds_of(actor) if preparation.has_committee(fund) for task in tasks_in(actor, fund)]


def may_ask(actor: Actor, fund: Fund) -> bool:
    """Whether the actor may ask this fund for a session, and its rules know such sessions."""
    return preparation.may_ask(actor, fund) and queries.terms_on(fund, clock.today()).extraordinary_allowed


def tasks_in(actor: Actor, fund: Fund) -> list[Task]:
    """What awaits the actor in the committee of this fund: first what presses."""
    sessions = [one for one in queries.sessions_of(fund.id) if one.closed_at is None and one.held_at < clock.now() + AHEAD]
    sessions.sort(key=lambda one: one.held_at)
    roles = queries.roles_on_fund(actor, fund)
    found = [*_to_vote(actor, fund), *(task for one in sessions for task in _in_session(one)), *_to_sign(actor, fund)]
    if Role.COMMITTEE_MEMBER in roles:
        found += [task for one in sessions for task in _of_member(actor, one)]
    if Role.FUND_MANAGER in roles:
        found += [*_of_manager(fund), *(task for one in sessions for task in _of_convener(one))]
    return found


def _to_vote(actor: Actor, fund: Fund) -> Iterator[Task]:
    for item in queries.now_voting(fund.id):
        if item.id not in preparation.apart(actor, item.session):
            url = url_for("passage.show", item_id=item.id, _anchor="vote")
            yield Task(_("Vote ouvert maintenant : %(title)s", title=item.project.title), url)


def _to_sign(actor: Actor, fund: Fund) -> Iterator[Task]:
    for session in recording.unsealed(fund.id):
        signed = {one.office for one in recording.signatures(session.id, proof(recording.content(session)))}
        if set(minutes.offices_of(actor, session)) - signed:
            url = url_for("minutes.show", session_id=session.id)
            yield Task(_("Relire et signer le procès-verbal du %(day)s", day=day(session.held_on)), url)


def _in_session(session: Session) -> Iterator[Task]:
    if session.held_on == clock.today() and session.items:
        yield Task(
            _("Entrer dans la séance d’aujourd’hui, %(place)s", place=session.place),
            url_for("sitting.room" if session.is_sitting else "committees.session", session_id=session.id),
        )


def _of_member(actor: Actor, session: Session) -> Iterator[Task]:
    if session.held_at <= clock.now():
        return
    when, mine = moment(session.held_at), preparation.invitation_to(actor, session.id)
    if mine and not mine.answer and mine.cancelled_at is None:
        url = url_for("answering.answer", token=letters.token_of(mine.id))
        yield Task(_("Dire si vous venez à la séance du %(when)s", when=when), url)
    if session.items:
        url = url_for("reading.pack", session_id=session.id)
        yield Task(_("Lire le dossier de la séance du %(when)s", when=when), url)


def _of_manager(fund: Fund) -> Iterator[Task]:
    for request in preparation.open_requests(fund.id):
        url = url_for("convening.answer_request", request_id=request.id)
        yield Task(_("Répondre à %(name)s, qui demande une séance", name=request.person.name), url)
    if missing := preparation.rhythm(fund).missing:
        words = ngettext("Fixer %(num)s séance : le règlement la promet cette année",
                         "Fixer %(num)s séances : le règlement les promet cette année", missing)  # fmt: skip
        yield Task(words, url_for("committees.room", fund_id=fund.id, _anchor="fixer"))


def _of_convener(session: Session) -> Iterator[Task]:
    url, when = url_for("convening.prepare", session_id=session.id), moment(session.held_at)
    if session.held_at <= clock.now():
        if session.held_on < clock.today():
            yield Task(_("Clore la séance du %(when)s", when=when), url_for("committees.session", session_id=session.id))
    elif not session.items:
        yield Task(_("Composer l’ordre du jour de la séance du %(when)s", when=when), url)
    elif untold := len(convening.untold(session)):
        words = ngettext("Envoyer %(num)s invitation pour la séance du %(when)s",
                         "Envoyer %(num)s invitations pour la séance du %(when)s", untold, when=when)  # fmt: skip
        yield Task(words, url + "#invitations")
