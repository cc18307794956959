"""What organisations lend each other for the summer: a board, and bookings that never hold more than there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import THINGS, Equipment, EquipmentDay
from citizen.people.models import Duty, Person
from citizen.projects import services as projects
from citizen.projects.models import Project
from citizen.projects.queries import roles_on
from citizen.projects.steps import WRITERS
from citizen.web.filters import day as french_day

MAX_THINGS = 200  # of one organisation
MAX_DAYS = 15
AHEAD = timedelta(days=600)  # the summer after the next one


def board(kind: str = "") -> Sequence[Equipment]:
    """What can be booked, by kind and name."""
    query = select(Equipment).where(Equipment.is_withdrawn.is_(False)).options(joinedload(Equipment.organisation))
    if kind in THINGS:
        query = query.where(Equipment.kind == kind)
    return db.session.scalars(query.order_by(Equipment.kind, Equipment.label, Equipment.id)).all()


def thing(equipment_id: int) -> Equipment | None:
    """One thing of the board, even withdrawn: its bookings stay."""
    return db.session.get(Equipment, equipment_id, options=[joinedload(Equipment.organisation)])


def taken(equipment_id: int, since: date) -> Sequence[tuple[date, int]]:
    """(day, how many are booked) from that day on."""
    query = select(EquipmentDay.day, func.sum(EquipmentDay.quantity)).where(EquipmentDay.equipment_id == equipment_id)
    return db.session.execute(
        query.where(EquipmentDay.day >= since).group_by(EquipmentDay.day).order_by(EquipmentDay.day)
    ).all()


@dataclass(frozen=True)
class Booking:
    """Days in a row on which a project keeps so many of a thing."""

    thing: Equipment
    project_id: int
    title: str
    first: date
    last: date
    quantity: int


def bookings(*, equipment_id: int | None = None, project_id: int | None = None) -> list[Booking]:
    """What is booked from today on, of a thing or by a project."""
    query = (
        select(EquipmentDay, Equipment, Project.title)
        .join(Equipment, Equipment.id == EquipmentDay.equipment_id)
        .join(Project, Project.id == EquipmentDay.project_id)
        .where(EquipmentDay.day >= clock.today())
    )
    if equipment_id is not None:
        query = query.where(EquipmentDay.equipment_id == equipment_id)
    if project_id is not None:
        query = query.where(EquipmentDay.project_id == project_id)
    runs: list[Booking] = []
    for row, found, title in db.session.execute(query.order_by(Equipment.id, Project.id, EquipmentDay.day)):
        one = Booking(found, row.project_id, title, row.day, row.day, row.quantity)
        if runs and replace(runs[-1], first=row.day, last=row.day) == one and runs[-1].last + timedelta(days=1) == row.day:
            runs[-1] = replace(runs[-1], last=row.day)
        else:
            runs.append(one)
    return sorted(runs, key=lambda run: (run.first, run.thing.id, run.project_id))


def lends(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor speaks for the organisation that owns a thing."""
    return actor.holds(Role.ORGANISATION_MEMBER, f"organisation:{organisation_id}")


def offer(actor: Actor, equipment_id: int | None, organisation_id: int, values: Mapping[str, Any]) -> Equipment:
    """Puts a thing on the board (``equipment_id`` None) or says it again; never fewer than are booked."""
    with transaction():
        if not lends(actor, organisation_id):
            raise Forbidden("equipment")
        owned = select(func.count()).select_from(Equipment).where(Equipment.organisation_id == organisation_id)
        if equipment_id is None:
            if (db.session.scalar(owned) or 0) >= MAX_THINGS:
                raise Invalid("label", _("%(count)d prêts au plus.", count=MAX_THINGS))
            found = Equipment(organisation_id=organisation_id)
            db.session.add(found)
        else:
            found = _held(equipment_id)
            if found.organisation_id != organisation_id:
                raise Forbidden("equipment")
            most = max((count for _day, count in taken(equipment_id, clock.today())), default=0)
            if values["quantity"] < most:
                raise Invalid("quantity", _("%(count)d sont déjà réservés le même jour.", count=most))
        for name, value in values.items():
            setattr(found, name, value)
        db.session.flush()
        journal.record(actor, f"equipment:{found.id}", "offered")
        return found


def withdraw(actor: Actor, equipment_id: int, *, is_withdrawn: bool) -> None:
    """Takes a thing off the board, or puts it back; what is booked stays booked."""
    with transaction():
        found = _held(equipment_id)
        if not lends(actor, found.organisation_id):
            raise Forbidden("equipment")
        found.is_withdrawn = is_withdrawn
        journal.record(actor, f"equipment:{found.id}", "withdrawn" if is_withdrawn else "offered")


def book(actor: Actor, equipment_id: int, project_id: int, *, first: date, last: date, quantity: int) -> None:
    """Keeps so many for the project on each of these days, or on none; the owner is told."""
    _refuse_odd_days(first, last)
    with transaction():
        project = _borrower(actor, project_id)
        found = _held(equipment_id)
        if found.is_withdrawn:
            raise NotNow(_("Ce prêt n’est plus proposé."))
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        mine = (EquipmentDay.equipment_id == equipment_id, EquipmentDay.project_id == project_id, EquipmentDay.day.in_(days))
        db.session.execute(delete(EquipmentDay).where(*mine))
        busy = dict(taken(equipment_id, first))
        for day in days:
            left = found.quantity - busy.get(day, 0)
            if quantity > left:
                raise Invalid("quantity", _("Le %(day)s, il en reste %(left)d.", day=french_day(day), left=left))
            db.session.add(
                EquipmentDay(
                    equipment_id=equipment_id, project_id=project_id, day=day, quantity=quantity, booked_at=clock.now()
                )
            )
        db.session.flush()
        journal.record(actor, project.on, "equipment_booked")
        _tell_owner(found, project, first, last, quantity)


def release(actor: Actor, equipment_id: int, project_id: int, *, first: date, last: date) -> None:
    """Gives back what was booked for the project on these days: by its team, or by the owner."""
    with transaction():
        found = _held(equipment_id)
        if not lends(actor, found.organisation_id):
            _borrower(actor, project_id)
        days = EquipmentDay.equipment_id == equipment_id, EquipmentDay.project_id == project_id
        db.session.execute(delete(EquipmentDay).where(*days, EquipmentDay.day.between(first, last)))
        journal.record(actor, f"project:{project_id}", "equipment_released")


def _refuse_odd_days(first: date, last: date) -> None:
    if last < first:
        raise Invalid("last", _("La fin vient avant le début."))
    if (last - first).days >= MAX_DAYS:
        raise Invalid("last", _("%(count)d jours de suite au plus.", count=MAX_DAYS))
    if not clock.today() <= first <= clock.today() + AHEAD:
        raise Invalid("first", _("Choisissez un jour à venir."))


def _borrower(actor: Actor, project_id: int) -> NqeProject:
    """The summer project, held, for those who write it, while it lives."""
    project = projects.locked(project_id)
    if not isinstance(project, NqeProject) or not roles_on(actor, project) & WRITERS:
        raise Forbidden("equipment")
    if project.where_it_stands.is_final:
        raise NotNow(_("Ce projet est terminé."))
    return project


def _held(equipment_id: int) -> Equipment:
    """The thing, held: of two bookings at once, the second counts the first."""
    return db.session.get_one(Equipment, equipment_id, with_for_update={"of": Equipment.__table__}, populate_existing=True)


def _tell_owner(found: Equipment, project: NqeProject, first: date, last: date, quantity: int) -> None:
    held = select(Duty.person_id).where(
        Duty.on == f"organisation:{found.organisation_id}", Duty.role == Role.ORGANISATION_MEMBER
    )
    reachable = Person.verified_at.is_not(None) & Person.is_suspended.is_(False)
    for person in db.session.scalars(select(Person).where(Person.id.in_(held), reachable)):
        mail.write(person.email, _("%(label)s : une réservation", label=found.label), "equipment_booked",
                   person=person, thing=found, project=project, first=first, last=last, quantity=quantity)  # fmt: skip
