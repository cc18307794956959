"""Two hundred people spending one envelope at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from citizen.db import db, transaction
from citizen.funds import ledger, services
from citizen.funds.models import Call, LedgerEntry
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.pic.models import PicCall, PicFund
from tests import factories
from tests.bench.filling import fill

ENVELOPE, EACH = 10_000_00, 400_00


@pytest.fixture
def call_id(app: Flask) -> int:
    """An envelope of 10,000 euros, and two hundred projects that want 400 euros each."""
    administrator = factories.administrator()
    association = factories.organisation(kind="association")
    fund = services.create_fund(
        administrator, PicFund, title="Fonds", organisation_id=association.id, adopted_on=date(2027, 1, 1), act_reference="AG"
    )
    keeper = Actor(administrator.person_id, "x", frozenset({(Role.FUND_MANAGER, fund.on)}))
    call = services.open_call(
        keeper, PicCall, fund.id, title="2027", opens_on=date(2027, 1, 1), closes_on=date(2027, 12, 31), envelope_cents=ENVELOPE
    )
    number = call.id
    fill(200)
    db.session.remove()
    return number


@pytest.mark.slow
def test_two_hundred_promises_at_once_never_exceed_the_envelope(app: Flask, call_id: int) -> None:
    start = threading.Barrier(20)

    def spend(numbers: range) -> int:
        accepted = 0
        with app.app_context():
            start.wait()
            for number in numbers:
                try:
                    ledger.promise(Actor(1, "x"), call_id, number, EACH)
                    accepted += 1
                except Invalid:
                    pass
        return accepted

    with ThreadPoolExecutor(20) as pool:
        accepted = sum(pool.map(spend, [range(n, n + 10) for n in range(1, 201, 10)]))
    assert accepted == ENVELOPE // EACH
    call = db.session.get_one(Call, call_id)
    promised = db.session.scalar(select(func.sum(LedgerEntry.amount_cents)).where(LedgerEntry.kind == "commitment"))
    assert call.committed_cents == promised == accepted * EACH


def test_the_schema_refuses_one_cent_too_many(app: Flask, call_id: int) -> None:
    ledger.promise(Actor(1, "x"), call_id, 1, ENVELOPE - 1)
    with pytest.raises(Exception, match="within_envelope"), transaction():
        db.session.execute(
            text(
                "INSERT INTO ledger_entry (call_id, project_id, kind, source, target, amount_cents, day, at)"
                f" VALUES ({call_id}, 2, 'commitment', 'available', 'promised', 2, '2027-03-10', '2027-03-10 12:00:00')"
            )
        )


def test_the_schema_promises_a_project_once(app: Flask, call_id: int) -> None:
    ledger.promise(Actor(1, "x"), call_id, 1, 100)
    with pytest.raises(Exception, match=r"(?i)unique"):
        ledger.promise(Actor(1, "x"), call_id, 1, 100)


def test_what_is_given_back_can_be_promised_again(app: Flask, call_id: int) -> None:
    ledger.promise(Actor(1, "x"), call_id, 1, ENVELOPE)
    ledger.give_back(Actor(1, "x"), call_id, 1, 300_00)
    assert db.session.get_one(Call, call_id).remaining_cents == 300_00
