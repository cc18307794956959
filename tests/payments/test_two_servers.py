"""Two servers of ours on one database, two hundred hands on one envelope: never a euro too many, and no payment twice."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.funds import ledger
from citizen.funds.models import Call, LedgerEntry
from citizen.payments import figures
from citizen.projects.models import Project
from tests import factories
from tests.bench.filling import fill
from tests.servers import fire, ports

__all__ = ["ports"]
pytestmark = pytest.mark.slow
ENVELOPE, EACH, HANDS = 10_000_00, 400_00, 200


def test_two_hundred_grants_through_two_servers_never_exceed_the_envelope(app: Flask, ports: list[int]) -> None:
    call_id = factories.pic_call(envelope_cents=ENVELOPE).id
    fill(HANDS)
    projects = db.session.scalars(select(Project.id)).all()
    db.session.remove()
    answers = fire(ports, [f"/essai/promise/{call_id}/{number}/{EACH}" for number in projects])
    assert set(answers) == {201, 422}
    assert answers.count(201) == ENVELOPE // EACH
    call = db.session.get_one(Call, call_id)
    promised = db.session.scalar(select(func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.kind == "commitment"))
    assert call.committed_cents == promised == ENVELOPE
    assert not [line for line in figures.differences() if line.startswith("période")]


def test_forty_presses_pay_once(app: Flask, ports: list[int]) -> None:
    project = factories.pic_granted(amount_cents=500_00)
    call_id, number = project.call_id, project.id
    db.session.remove()
    answers = fire(ports, [f"/essai/pay/{call_id}/{number}/{500_00}"] * 40)
    assert answers.count(201) == 1 and answers.count(422) == 39
    assert ledger.of_project(number).paid == 500_00
