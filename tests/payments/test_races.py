"""The same button pressed by twenty hands at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.payments import paying, queries
from tests import purse
from tests.payments.test_paying import AFTER

HANDS = 20


def press(app: Flask, act: Callable[[], object]) -> int:
    """How many of the hands were served."""
    db.session.remove()
    start = threading.Barrier(HANDS)

    def one(_hand: int) -> bool:
        with app.app_context(), clock.at(AFTER):
            start.wait()
            try:
                act()
            except (Invalid, NotNow):
                return False
            return True

    with ThreadPoolExecutor(HANDS) as pool:
        return sum(pool.map(one, range(HANDS)))


@pytest.mark.slow
def test_a_payment_is_prepared_and_paid_once_whoever_presses(app: Flask) -> None:
    project = purse.granted_with_bank()
    fund_id, number = project.call.fund_id, project.id
    treasurer, keys = purse.treasurer_of(project.call.fund), purse.due_keys(project.call.fund)
    assert press(app, lambda: paying.prepare(treasurer, fund_id, keys)) == 1
    (batch,) = queries.batches_of(fund_id)
    batch_id, orders = batch.id, [order.id for order in batch.orders]
    day = AFTER.date()
    assert press(app, lambda: paying.mark_paid(treasurer, batch_id, orders, on=day, reference="VIR")) == 1
    assert ledger.of_project(number).paid == 400_00


@pytest.mark.slow
def test_a_cancelled_order_is_never_paid_too(app: Flask) -> None:
    project = purse.granted_with_bank()
    fund_id, number = project.call.fund_id, project.id
    treasurer = purse.treasurer_of(project.call.fund)
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, project.call.fund)
    batch_id, order = batch.id, batch.orders[0].id
    turn = iter(range(HANDS))

    def act() -> None:
        if next(turn) % 2:
            paying.cancel_order(treasurer, order, reason="RIB refusé")
        else:
            paying.mark_paid(treasurer, batch_id, [order], on=AFTER.date(), reference="VIR")

    assert press(app, act) == 1
    state = queries.batches_of(fund_id)[0].orders[0].state
    assert (state, ledger.of_project(number).paid) in {("paid", 400_00), ("cancelled", 0)}
