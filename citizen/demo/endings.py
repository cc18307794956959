"""Ends that are not simple: a refund expected, a report sent back, one that is late, one that never came."""

from datetime import timedelta

from sqlalchemy import select

from citizen.db import db
from citizen.demo.pic import Room
from citizen.funds import ledger
from citizen.pic.models import PicProject
from citizen.projects import ending, outturn, reminding
from citizen.projects.steps import S

SET_ASIDE = "Du matériel qui reste : le règlement du fonds ne le paie pas."
TO_SEE_AGAIN = {
    "report.spending": "Il manque le ticket d’une dépense. Une photo suffit.",
    "report.people": "Combien de ces personnes habitent le quartier, à peu près ?",
}
NEVER_CAME = "Deux relances et un appel sont restés sans réponse. Un seul ticket a été retrouvé."


def play(room: Room) -> None:
    """After the payments: what the manager finds on its desk, and what it has just settled."""
    sent = _projects(room, S.REPORT_SUBMITTED)
    paid = [one for one in sent if ledger.of_project(one.id).paid]
    if len(sent) > 1 and paid:
        _ask_back(room, paid[0])
        with room.stage.days.at(-2, 11):
            ending.give_back(room.manager, next(one for one in sent if one is not paid[0]).id, TO_SEE_AGAIN)
    late = [one for one in _projects(room, S.GRANTED) if (due := outturn.report_due_on(one)) and due < room.stage.days.on(-30)]
    for project in late:
        _remind(room, project)
    if len(late) > 1:
        with room.stage.days.at(-3, 16):
            ending.close_without(room.manager, late[0].id, NEVER_CAME, proven_cents=40_00)


def _projects(room: Room, state: S) -> list[PicProject]:
    query = select(PicProject).where(PicProject.call_id.in_([call.id for call in room.calls]), PicProject.state == state)
    return list(db.session.scalars(query.order_by(PicProject.ends_on, PicProject.id)))


def _ask_back(room: Room, project: PicProject) -> None:
    """The dearest expense is set aside: less is due than was paid."""
    assert project.report is not None
    line = max((one for one in project.report.lines if one.side == "expense"), key=lambda one: one.spent_cents or 0)
    with room.stage.days.at(-2, 10):
        ending.set_aside(room.manager, project.id, line.id, SET_ASIDE)
        ending.close(room.manager, project.id)


def _remind(room: Room, project: PicProject) -> None:
    """The letters that left on their days."""
    due = outturn.report_due_on(project)
    assert due is not None
    for days in (-60, -15, 7, 30):
        with room.stage.days.at(room.stage.days.offset(due + timedelta(days=days)) + 1, 8):
            reminding.remind(project.id)
