"""Preparing a committee's session: schedule, inscribe, close."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from citizen import clock
from citizen.committees import presence, queries
from citizen.committees.models import AgendaItem, Session
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.projects.rules import french_day
from citizen.web.filters import day


def schedule(actor: Actor, fund_id: int, *, held_at: datetime, place: str, kind: str = "ordinary") -> Session:
    """A session to come; the fund's manager sets it."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
        require_manager(actor, fund)
        require_free(fund_id, held_at)
        session = Session(fund_id=fund_id, held_at=held_at, place=place, kind=kind)
        db.session.add(session)
        db.session.flush()
        journal.record(actor, fund.on, "session_scheduled", reason=french_day(session.held_on))
        return session


def require_manager(actor: Actor, fund: Fund) -> None:
    """Forbidden but for the fund's manager."""
    if Role.FUND_MANAGER not in queries.roles_on_fund(actor, fund):
        raise Forbidden(f"manage:{fund.id}")


def require_free(fund_id: int, held_at: datetime) -> None:
    """Invalid unless a session can be set at this moment: to come, and no other then."""
    if held_at <= clock.now():
        raise Invalid("held_on", _("La séance est à venir : choisissez une date après aujourd’hui."))
    taken = (Session.fund_id == fund_id, Session.held_at == held_at, Session.cancelled_at.is_(None))
    if db.session.scalar(select(Session.id).where(*taken)):
        raise Invalid("held_on", _("Une séance est déjà fixée à ce moment."))


def inscribe(actor: Actor, session_id: int, project_id: int) -> AgendaItem:
    """Puts a project on a session's agenda, the notice of its rules being kept; one that waited elsewhere moves here."""
    with transaction():
        session = _open(session_id)
        life.take(
            actor, project_id, "inscribe", reason=_("Séance du %(day)s", day=day(session.held_on)),
            effect=lambda project: _place(session, project),
        )  # fmt: skip
        return db.session.scalars(select(AgendaItem).where(*_waits(project_id))).one()


def _place(session: Session, project: Project) -> None:
    if refused := unfit(session, project):
        raise Invalid("session", refused)
    last = db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.session_id == session.id)) or 0
    item = db.session.scalars(select(AgendaItem).where(*_waits(project.id))).one_or_none() or AgendaItem(project_id=project.id)
    if item.session_id != session.id:
        item.session_id, item.position, item.hearing = session.id, last + 1, ""
    db.session.add(item)
    db.session.flush()


def unfit(session: Session, project: Project) -> str:
    """Why the project cannot come before this session, in a sentence; empty when it can."""
    if project.call is None or project.call.fund_id != session.fund_id:
        return _("Cette séance est celle d’un autre fonds.")
    if session.held_at <= clock.now():
        return _("Cette séance est passée : choisissez-en une à venir.")
    lodged_on = project.lodged_at.astimezone(clock.LOCAL).date() if project.lodged_at else clock.today()
    if session.held_on < lodged_on + project.terms.notice:
        return _("Le règlement demande %(days)d jours entre le dépôt et la séance.", days=project.terms.notice.days)
    if project.is_paid_to_team and project.starts_on and session.held_on > project.starts_on:  # works wait for the committee
        return _("Le projet commence le %(day)s, avant cette séance.", day=day(project.starts_on))
    if any(item.project_id == project.id and item.decision_id for item in session.items):
        return _("Le projet est déjà passé devant cette séance.")
    return ""


def close(actor: Actor, session_id: int) -> Session:
    """Ends a session: every project of its agenda was decided, or moved to another session."""
    with transaction():
        session = _open(session_id)
        if not presence.room_of(session).conducts(actor):
            raise Forbidden(f"close:{session_id}")
        require_begun(session)
        if any(_is_pending(item) for item in session.items):
            raise NotNow(_("Il reste des projets sans décision : décidez, ajournez, ou inscrivez-les à une autre séance."))
        session.closed_at = clock.now()
        journal.record(actor, session.fund.on, "session_closed", reason=french_day(session.held_on))
        return session


def _is_pending(item: AgendaItem) -> bool:
    """Whether its project still waits for this session: one withdrawn or found not admissible does not."""
    project = item.project
    step = project.rules.lifecycle.step("defer")
    is_of_fund = project.call is not None and project.call.fund_id == item.session.fund_id
    return item.is_waiting and item.outcome is None and is_of_fund and step is not None and project.state in step.before


def require_room(actor: Actor, fund: Fund) -> None:
    """Forbidden unless the actor sits for this fund."""
    if not queries.roles_on_fund(actor, fund):
        raise Forbidden(f"room:{fund.id}")


def require_begun(session: Session) -> None:
    """NotNow before the day of the session."""
    if session.held_on > clock.today():
        raise NotNow(_("La séance n’a pas encore eu lieu : elle est fixée au %(day)s.", day=day(session.held_on)))


def open_session(actor: Actor, session_id: int) -> Session:
    """The session, held until the transaction ends, for its fund's manager; NotNow when it is closed."""
    session = _open(session_id)
    require_manager(actor, session.fund)
    return session


def _open(session_id: int) -> Session:
    """The session, held until the transaction ends; NotNow when it is closed."""
    session = db.session.get_one(Session, session_id, with_for_update={"of": Session.__table__}, populate_existing=True)
    if session.closed_at is not None:
        raise NotNow(_("Cette séance est close."))
    return session


def _waits(project_id: int) -> tuple[ColumnElement[bool], ...]:
    return AgendaItem.project_id == project_id, *queries.WAITING
