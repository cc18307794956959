"""Who is in the room: present, represented, recused from an item; who may vote, who conducts; whether the committee can decide."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen.committees import queries
from citizen.committees.models import AgendaItem, Attendance, Proxy, Recusal, Seat, Session
from citizen.committees.questions import ConditionWord, Outcome, Question, Vote
from citizen.committees.quorum import Member, Quorum, quorum
from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.kernel.words import plain
from citizen.people.models import Duty
from citizen.projects import queries as projects
from citizen.projects.models import Project
from citizen.projects.steps import PART

HELD = (Role.BEARER, Role.TEAM, Role.HELPER, Role.ORGANISATION_MEMBER)


@dataclass(frozen=True)
class Room:
    """A session and its members as they are now, read once."""

    session: Session
    seats: Sequence[Seat]
    attendances: Sequence[Attendance]
    proxies: Sequence[Proxy]
    terms: Any

    @cached_property
    def present(self) -> frozenset[int]:
        return frozenset(one.seat_id for one in self.attendances if one.left_at is None)

    @cached_property
    def holders(self) -> dict[int, int]:
        """Who holds whose proxy: giver -> holder, while it is in force."""
        return {one.giver_id: one.holder_id for one in self.proxies if one.ended_at is None}

    def strays(self) -> list[Proxy]:
        """Proxies in force that cannot stay: somebody no longer sits or votes, the colleges differ, or the holder has too many."""
        people, held, found = {seat.id: seat for seat in self.seats}, Counter[int](), []
        for one in (one for one in self.proxies if one.ended_at is None):
            held[one.holder_id] += 1
            is_allowed = held[one.holder_id] <= self.terms.proxies_per_member
            if not is_allowed or not may_represent(people.get(one.holder_id), people.get(one.giver_id)):
                found.append(one)
        return found

    def since(self, seat_id: int) -> datetime | None:
        """When this member came in."""
        return next((one.arrived_at for one in self.attendances if one.seat_id == seat_id and one.left_at is None), None)

    def members(self, recused: Collection[int] = ()) -> list[Member]:
        return [
            Member(
                seat.id, seat.name, seat.college, seat.is_voting, seat.office, is_present=seat.id in self.present,
                is_represented=seat.id not in self.present and self._is_held(seat.id, recused), is_recused=seat.id in recused,
            )
            for seat in self.seats
        ]  # fmt: skip

    def _is_held(self, giver_id: int, recused: Collection[int]) -> bool:
        holder = self.holders.get(giver_id)
        return holder in self.present and holder not in recused

    def quorum(self, recused: Collection[int] = ()) -> Quorum:
        return quorum(self.members(recused), self.terms)

    def voters(self, recused: Collection[int] = ()) -> dict[int, int | None]:
        """Who may vote on an item: seat -> the one who holds its proxy, None when it votes itself."""
        return {
            one.seat_id: None if one.is_present else self.holders[one.seat_id] for one in self.members(recused) if one.counts
        }

    def people(self, recused: Collection[int] = ()) -> set[int]:
        """The members in the room who vote on an item, each for one's own seat or for those one represents."""
        return {holder or seat_id for seat_id, holder in self.voters(recused).items()}

    def seat_of(self, actor: Actor) -> Seat | None:
        """The actor's own seat that day."""
        return next((seat for seat in self.seats if seat.person_id == actor.person_id), None) if actor.is_signed_in else None

    def seats_for(self, actor: Actor, recused: Collection[int]) -> list[Seat]:
        """The seats that the actor votes for on an item: one's own, and those whose proxy one holds."""
        mine = self.seat_of(actor)
        voters = self.voters(recused)
        return [seat for seat in self.seats if mine and seat.id in voters and (voters[seat.id] or seat.id) == mine.id]

    def conducts(self, actor: Actor) -> bool:
        """Whether the actor leads: the fund's manager, or who presides or keeps the minutes."""
        if Role.FUND_MANAGER in queries.roles_on_fund(actor, self.session.fund):
            return True
        mine = self.seat_of(actor)
        leading = {self.session.president_seat_id, self.session.secretary_seat_id}
        return mine is not None and (mine.id in leading or mine.office != "member")


def may_represent(holder: Seat | None, giver: Seat | None) -> bool:
    """Whether one may hold the other's vote: both sit and vote, in the same college."""
    return holder is not None and giver is not None and holder.is_voting and giver.is_voting and holder.college == giver.college


def room_of(session: Session) -> Room:
    """The room of this session."""
    came = select(Attendance).where(Attendance.session_id == session.id).order_by(Attendance.id)
    given = select(Proxy).where(Proxy.session_id == session.id).order_by(Proxy.id)
    return Room(
        session,
        queries.seats_on(session.fund_id, session.held_on),
        db.session.scalars(came).all(),
        db.session.scalars(given).all(),
        queries.terms_on(session.fund, session.held_on),
    )


def agenda(session_id: int) -> Session | None:
    """A session with what the room shows of each item."""
    item = selectinload(Session.items)
    project = item.joinedload(AgendaItem.project)
    query = select(Session).where(Session.id == session_id).options(
        joinedload(Session.fund), item.selectinload(AgendaItem.recusals), item.selectinload(AgendaItem.outcomes),
        item.selectinload(AgendaItem.questions).selectinload(Question.votes), project.selectinload(Project.team), project.selectinload(Project.former), project.selectinload(Project.helpers), project.joinedload(Project.call),
    )  # fmt: skip
    return db.session.scalars(query).unique().one_or_none()


def item_in_room(item_id: int) -> AgendaItem | None:
    """An item with its session, what was voted and settled."""
    query = select(AgendaItem).where(AgendaItem.id == item_id).options(
        joinedload(AgendaItem.session).joinedload(Session.fund), joinedload(AgendaItem.project),
        selectinload(AgendaItem.recusals), selectinload(AgendaItem.outcomes),
        selectinload(AgendaItem.questions).selectinload(Question.votes),
    )  # fmt: skip
    return db.session.scalars(query).unique().one_or_none()


def is_of_room(actor: Actor, room: Room) -> bool:
    """Whether the actor manages the fund or is of its committee; or sits that day, until the session is closed."""
    sat = room.session.closed_at is None and room.seat_of(actor) is not None
    return sat or bool(queries.roles_on_fund(actor, room.session.fund))


def digest(session_id: int) -> str:
    """A few signs that change whenever something happens in the session: an open page learns that there is news."""
    mine = select(AgendaItem.id).where(AgendaItem.session_id == session_id).scalar_subquery()
    asked = select(Question.id).where(Question.agenda_item_id.in_(mine)).scalar_subquery()
    parts = (
        *(select(column).where(Session.id == session_id) for column in (Session.opened_at, Session.paused_at, Session.closed_at)),
        select(func.count() + func.count(Attendance.left_at)).where(Attendance.session_id == session_id),
        select(func.count() + func.count(Proxy.ended_at)).where(Proxy.session_id == session_id),
        select(func.count() + func.count(Question.closed_at) + func.count(Question.casting)).where(Question.agenda_item_id.in_(mine)),
        select(func.count()).select_from(Vote).where(Vote.question_id.in_(asked)),
        select(func.count()).select_from(Recusal).where(Recusal.agenda_item_id.in_(mine)),
        select(func.count()).select_from(Outcome).where(Outcome.agenda_item_id.in_(mine)),
        select(func.count(func.nullif(AgendaItem.hearing, ""))).where(AgendaItem.session_id == session_id),
        select(func.count()).select_from(ConditionWord).where(ConditionWord.agenda_item_id.in_(mine)),
    )  # fmt: skip
    found = db.session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return hashlib.sha256(repr(tuple(found)).encode()).hexdigest()[:16]


def recused_from(item: AgendaItem) -> frozenset[int]:
    """The seats that take no part in this item."""
    return frozenset(one.seat_id for one in item.recusals)


def is_apart(actor: Actor, item: AgendaItem, mine: Seat | None) -> bool:
    """Whether the actor has a part in the project, had one, or was recused: then nothing of it is read, conducted nor voted."""
    has_part = bool(projects.roles_on(actor, item.project) & (PART | {Role.HELPER}))
    return has_part or item.project.had_part(actor.person_id) or (mine is not None and mine.id in recused_from(item))


def grounds(seats: Iterable[Seat], project: Project) -> dict[int, str]:
    """The conflicts that can be seen: seat -> « bearer », « team », « helper » or « organisation »."""
    people: dict[int, int] = {seat.person_id: seat.id for seat in seats if seat.person_id}
    held = db.session.execute(select(Duty.person_id, Duty.role, Duty.on).where(Duty.person_id.in_(people), Duty.role.in_(HELD)))
    duties: dict[int, set[tuple[Role, str]]] = {}
    for person_id, role, on in held:
        duties.setdefault(person_id, set()).add((role, on))
    found = {}
    for person_id, seat_id in people.items():
        roles = projects.roles_on(Actor(person_id, "", frozenset(duties.get(person_id, ()))), project)
        if part := roles & (PART | {Role.HELPER}):
            found[seat_id] = _ground(part)
        elif project.had_part(person_id):
            found[seat_id] = "team"
    return found


def _ground(roles: Collection[Role]) -> str:
    order = (Role.BEARER, Role.HELPER, Role.TEAM)
    names = {Role.BEARER: "bearer", Role.HELPER: "helper", Role.TEAM: "team"}
    return next((names[role] for role in order if role in roles), "organisation")


def namesakes(seats: Iterable[Seat], project: Project) -> list[Seat]:
    """Members with the last name of somebody of the team: perhaps of the same home, which only they can say."""
    names = {last for member in project.team if (last := _last_name(member.name))}
    return [seat for seat in seats if _last_name(seat.name) in names]


def _last_name(name: str) -> str:
    """The last word of a name that has several."""
    words = plain(name).split()
    return words[-1] if len(words) > 1 else ""
