"""Reading the committee's work: sessions, agendas, projects that wait for one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.committees.models import AgendaItem, Recusal, Seat, Session
from citizen.committees.questions import Outcome, Question
from citizen.db import db
from citizen.funds.models import Call, Fund
from citizen.journal import queries as journal
from citizen.journal.models import Event
from citizen.kernel.access import Actor, Role
from citizen.people import queries as people
from citizen.projects import queries as projects
from citizen.projects.budget import Attachment
from citizen.projects.models import Project
from citizen.projects.steps import PART

WAITING = (AgendaItem.decision_id.is_(None), AgendaItem.left_at.is_(None))
ROOM = frozenset({Role.FUND_MANAGER, Role.COMMITTEE_MEMBER})


def roles_on_fund(actor: Actor, fund: Fund) -> frozenset[Role]:
    """What the actor is in the room of this fund: who keeps a fund manages its committee."""
    found = actor.roles_on({fund.on}) & ROOM
    return found | {Role.FUND_MANAGER} if actor.roles_on(fund.targets) & fund.keepers else found


def funds_of(actor: Actor) -> list[Fund]:
    """The funds in whose room the actor is."""
    held = {on.removeprefix("fund:") for on in actor.targets(*ROOM)}
    communes = {on.removeprefix("commune:") for on in actor.targets(Role.COMMUNE_OFFICER)}
    query = select(Fund).where(or_(Fund.id.in_([int(one) for one in held]), Fund.commune_code.in_(communes))).order_by(Fund.id)
    return [fund for fund in db.session.scalars(query) if roles_on_fund(actor, fund)]


def has_part(actor: Actor, project: Project) -> bool:
    """Whether the actor is of the project's team, or of the organisation that bears it: then the actor never judges it."""
    return bool(projects.roles_on(actor, project) & PART) or project.bars(actor.person_id)


def terms_on(fund: Fund, day: date) -> Any:
    """What the fund's rules in force that day say; the committee's procedure follows the day of its session."""
    return fund.rules.terms_type(**fund.ruleset_on(day).terms)


def seats_of(fund_id: int) -> Sequence[Seat]:
    """Every seat of a committee, past ones too, by college and name."""
    return db.session.scalars(select(Seat).where(Seat.fund_id == fund_id).order_by(Seat.college, Seat.name, Seat.id)).all()


def seats_on(fund_id: int, day: date) -> list[Seat]:
    """Who sits that day."""
    return [seat for seat in seats_of(fund_id) if seat.is_in_office(day)]


def is_invited(actor: Actor, seat: Seat) -> bool:
    """Whether this free seat waits for the actor: it was offered to an address that has answered."""
    return seat.person_id is None and people.is_verified(actor) and people.person(actor).email == seat.email != ""


def said_of(subject: str) -> Sequence[Event]:
    """What the journal keeps of an item."""
    return journal.events_of(subject)


def sessions_of(fund_id: int, limit: int = 40) -> Sequence[Session]:
    """The sessions of a fund with their agendas, the latest first."""
    query = select(Session).where(Session.fund_id == fund_id).order_by(Session.held_at.desc(), Session.id.desc()).limit(limit)
    return db.session.scalars(query.options(selectinload(Session.items))).all()


def session_with_agenda(session_id: int) -> Session | None:
    """A session, its items, and what their projects show."""
    item = selectinload(Session.items)
    project = item.joinedload(AgendaItem.project)
    query = select(Session).where(Session.id == session_id)
    parts = (item.joinedload(AgendaItem.decision), item.selectinload(AgendaItem.recusals))
    return db.session.scalar(query.options(joinedload(Session.fund), *parts, project))


def load_files(session: Session) -> None:
    """Reads all that is shown of the session's files at once: a page asks as much for thirty as for one."""
    kind: Any = Project.__mapper__.polymorphic_map[session.fund.scheme].class_
    lists = [selectinload(one.class_attribute) for one in kind.__mapper__.relationships if one.uselist]
    papers = selectinload(kind.attachments).joinedload(Attachment.document)
    files = select(kind).where(kind.id.in_([item.project_id for item in session.items]))
    db.session.scalars(files.options(*lists, papers)).all()


def coming_sessions(fund_id: int) -> Sequence[Session]:
    """Sessions that can still take a project, the next first."""
    query = select(Session).where(Session.fund_id == fund_id, Session.closed_at.is_(None), Session.held_at >= clock.now())
    return db.session.scalars(query.order_by(Session.held_at, Session.id)).all()


def awaiting(fund_id: int) -> Sequence[Project]:
    """Projects that a step « inscribe » can take and that wait before none of its sessions, the oldest lodged first."""
    found: Sequence[Any] = db.session.scalars(awaiting_query(fund_id).order_by(Project.lodged_at, Project.id)).all()
    load_passages(found)
    return [project for project in found if project.awaits_committee]


def load_passages(projects: Sequence[Any]) -> None:
    """Reads every passage of these projects of one scheme at once, with what was decided."""
    if projects:
        kind = type(projects[0])
        passages = selectinload(kind.agenda_items).options(joinedload(AgendaItem.decision), joinedload(AgendaItem.session))
        db.session.scalars(select(kind).where(kind.id.in_([one.id for one in projects])).options(passages)).all()


def awaiting_query(fund_id: int) -> Select[Any]:
    """The same, to ask something of."""
    inscribed = select(AgendaItem.project_id).join(Session).where(*WAITING, Session.fund_id == fund_id)
    return (
        select(Project)
        .join(Call, Call.id == Project.call_id)
        .where(Call.fund_id == fund_id, Project.state.in_(_takeable(fund_id)), Project.id.not_in(inscribed))
    )


def to_admit(fund_id: int) -> Sequence[Project]:
    """Projects lodged in this fund whose admissibility nobody has judged yet, the oldest first."""
    query = select(Project).join(Call, Call.id == Project.call_id).where(Call.fund_id == fund_id)
    return db.session.scalars(
        query.where(Project.state.in_(_takeable(fund_id, "admit"))).order_by(Project.lodged_at, Project.id)
    ).all()


def is_kept_from(actor: Actor, session_id: int) -> bool:
    """Whether something was settled in this session without the actor: what is left in the envelope would tell it."""
    mine = (Seat.person_id == actor.person_id, AgendaItem.session_id == session_id, AgendaItem.decision_id.is_(None))
    settled = (
        select(Outcome.id)
        .join(AgendaItem)
        .join(Recusal, Recusal.agenda_item_id == AgendaItem.id)
        .join(Seat, Seat.id == Recusal.seat_id)
    )
    return db.session.scalar(settled.where(*mine).limit(1)) is not None


def now_voting(fund_id: int) -> Sequence[AgendaItem]:
    """What is being voted in this fund at this moment."""
    running = (
        Session.fund_id == fund_id,
        Session.opened_at.is_not(None),
        Session.paused_at.is_(None),
        Session.closed_at.is_(None),
    )
    query = select(AgendaItem).join(Session).join(Question).where(*running, *WAITING, Question.closed_at.is_(None))
    return db.session.scalars(query.options(joinedload(AgendaItem.project), joinedload(AgendaItem.session))).all()


def _takeable(fund_id: int, action: str = "inscribe") -> list[str]:
    fund = db.session.get(Fund, fund_id)
    step = fund.rules.lifecycle.step(action) if fund else None
    return sorted(step.before) if step else []
