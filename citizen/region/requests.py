"""What waits for the Region: its files, each with its clock, and the opinions it asked and has not got."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select

from citizen import clock
from citizen.db import db
from citizen.funds.models import Ruleset
from citizen.journal.models import Event
from citizen.kernel.access import Role
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import TownOpinion
from citizen.places.models import Commune, Perimeter
from citizen.projects import listing
from citizen.projects.models import Project
from citizen.projects.steps import S
from citizen.region.queries import awaiting
from citizen.region.territory import Territory
from citizen.web.sheets import Cell, euros_cell

MOST = 200
LONG_READ = timedelta(days=60)  # how far back the decided files go, whose letters may be printed again
UNDECIDED = (S.SUBMITTED, S.ADMISSIBLE)
ANSWERED = (S.GRANTED, S.REJECTED, S.INADMISSIBLE, S.INCOMPLETE)


@dataclass(frozen=True)
class Waiting(listing.Row):
    """A file and its clock: ``since`` the Region has it, ``due_on`` the day promised by its rules; None: no day is promised."""

    lodged_at: datetime | None
    terms: dict[str, Any] | None

    @property
    def since(self) -> date:
        moment = (self.lodged_at if self.state in UNDECIDED else None) or self.changed_at
        return moment.astimezone(clock.LOCAL).date()

    @property
    def due_on(self) -> date | None:
        days = (self.terms or {}).get("decision_delay_days")
        return self.since + timedelta(days=days) if days and self.state in UNDECIDED else None

    @property
    def days_left(self) -> int | None:
        """Below zero: days late."""
        return (self.due_on - clock.today()).days if self.due_on else None


def condition(scheme: str, place: Territory, *, is_answered: bool = False) -> ColumnElement[bool]:
    """Files of the Region that wait for it, or that it answered lately, under the filters of the desk."""
    mine = awaiting(Role.REGION_OFFICER)
    if is_answered:
        schemes = {code for code, table in listing.lifecycles().items() if _decides(table.steps)}
        mine = and_(Project.scheme.in_(schemes), Project.state.in_(ANSWERED), Project.changed_at > clock.now() - LONG_READ)
    return and_(mine, place.here(), *([Project.scheme == scheme] if scheme else []))


def _decides(steps: Collection[Any]) -> bool:
    return any(step.action == "admit" and Role.REGION_OFFICER in step.who for step in steps)


def waiting(wanted: ColumnElement[bool], limit: int | None = MOST) -> list[Waiting]:
    """Public files under ``wanted``: the soonest day on top, then the oldest."""
    query = (
        select(
            Project.id, Project.scheme, Project.state, Project.title, Project.summary, Commune.name, Perimeter.name.label("quarter"),
            Project.requested_cents, Project.granted_cents, Project.changed_at, Project.lodged_at, Ruleset.terms,
        )
        .outerjoin(Commune, Commune.code == Project.commune_code)
        .outerjoin(Perimeter, Perimeter.id == Project.perimeter_id)
        .outerjoin(Ruleset, Ruleset.id == Project.ruleset_id)
        .where(Project.is_public.is_(True), wanted)
        .order_by(func.coalesce(Project.lodged_at, Project.changed_at), Project.id)
        .limit(limit)
    )  # fmt: skip
    rows = [Waiting(*tuple(row)) for row in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.since, row.id))


def chosen(numbers: Collection[int]) -> list[Waiting]:
    """These files, those that are public."""
    return waiting(Project.id.in_(numbers), None)


def opinions(place: Territory) -> Sequence[TownOpinion]:
    """Opinions asked on files that still wait, and not given: the latest day first to come on top."""
    query = select(TownOpinion).join(NqeProject, NqeProject.id == TownOpinion.project_id).where(
        TownOpinion.outcome == "", NqeProject.state.in_(UNDECIDED), NqeProject.is_public.is_(True), place.here()
    )  # fmt: skip
    return db.session.scalars(query.order_by(TownOpinion.due_on, TownOpinion.id).limit(MOST)).all()


def rows(found: Sequence[Waiting]) -> tuple[Sequence[str], list[Sequence[Cell]]]:
    """The desk for a spreadsheet; nobody is named."""
    head = (_("Numéro"), _("Dispositif"), _("Projet"), _("Commune"), _("Quartier"), _("Étape"), _("Depuis le"), _("Réponse promise le"),
            _("Jours restants"), _("Aide demandée"))  # fmt: skip
    return head, [
        (one.id, one.scheme.upper(), one.title, one.commune, one.quarter, _(one.state_label), one.since, one.due_on, one.days_left,
         euros_cell(one.requested_cents))
        for one in found
    ]  # fmt: skip


def reasons(subjects: Collection[str]) -> dict[tuple[str, str], str]:
    """Why each of these files entered each of its states, the last time; by (file, state)."""
    query = select(Event.subject, Event.to_state, Event.reason).where(Event.subject.in_(subjects), Event.to_state.is_not(None))
    return {(subject, state or ""): reason for subject, state, reason in db.session.execute(query.order_by(Event.id))}
