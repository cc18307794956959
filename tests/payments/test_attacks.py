"""What a treasurer could try with money of their own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.payments import paying, queries
from citizen.people.models import Person
from citizen.people.services import give_duty
from tests import factories, purse
from tests.payments.test_paying import AFTER


def test_a_treasurer_neither_pays_nor_settles_their_own_project(app: Flask, client: FlaskClient) -> None:
    """Another treasurer does: to pay, to cancel, and above all to say that money came back."""
    project = purse.granted_with_bank()
    fund, bearer_id = project.call.fund, project.bearer_id
    with clock.at(AFTER):
        honest = purse.treasurer_of(fund)
        give_duty(factories.administrator(), bearer_id, Role.TREASURER, fund.on)
        own = factories.actor(db.session.get_one(Person, bearer_id))
        with pytest.raises(Invalid, match="une part"):
            paying.prepare(own, fund.id, purse.due_keys(fund))
        batch = purse.prepared(honest, fund)
        order = batch.orders[0].id
        with pytest.raises(Invalid, match="une part"):
            paying.mark_paid(own, batch.id, [order], on=clock.today(), reference="VIR 1")
        with pytest.raises(Invalid, match="une part"):
            paying.cancel_order(own, order, reason="Plus tard.")
        factories.login(client, db.session.get_one(Person, bearer_id))
        paid = {"chosen": str(order), "paid_on": clock.today().isoformat(), "reference": "VIR 1"}
        answer = client.post(f"/tresorerie/lots/{batch.id}", data=paid)
        assert answer.status_code == 422 and "une autre personne de la trésorerie" in answer.text
        paying.mark_paid(honest, batch.id, [order], on=clock.today(), reference="VIR 1")
        with pytest.raises(Invalid, match="une part"):
            paying.receive(own, fund.id, project.id, 100_00, on=clock.today(), reference="Rendu")
        assert queries.money_of_fund(fund)[0].standing.refunded == 0


def test_a_treasurer_reaches_no_other_fund(app: Flask, client: FlaskClient) -> None:
    """Another fund's batch, order, project and envelope, named in one's own addresses."""
    mine, theirs = purse.granted_with_bank(), purse.granted_with_bank(iban=purse.IBANS[1])
    with clock.at(AFTER):
        me, them = purse.treasurer_of(mine.call.fund), purse.treasurer_of(theirs.call.fund)
        batch = purse.prepared(them, theirs.call.fund)
        batch_id, order_id = batch.id, batch.orders[0].id
        here, there = mine.call.fund_id, theirs.call.fund_id
        factories.login(client, db.session.get_one(Person, me.person_id))
        paid = {"chosen": str(order_id), "paid_on": clock.today().isoformat(), "reference": "VIR"}
        for path, data in {
            f"/tresorerie/lots/{batch_id}": paid,
            f"/tresorerie/lots/{batch_id}/fichier": {"version": "csv"},
            f"/tresorerie/ordres/{order_id}/annuler": {"reason": "Non."},
            f"/tresorerie/{there}/rib/voir": {"project": str(theirs.id)},
            f"/tresorerie/{here}/rib/voir": {"project": str(theirs.id)},
            f"/tresorerie/{here}/rib/demander": {"project": str(theirs.id)},
            f"/tresorerie/{here}": {"chosen": f"{theirs.id}-1"},
            f"/tresorerie/{here}/remboursements": {
                "project": str(theirs.id), "amount": "10", "received_on": clock.today().isoformat(), "reference": "R",
            },
            f"/tresorerie/{here}/virements": {
                "from_call": str(theirs.call_id), "to_call": str(mine.call_id), "amount": "10", "act_reference": "A",
            },
        }.items():  # fmt: skip
            answer = client.post(path, data=data)
            assert answer.status_code in (403, 404, 422), path
            assert purse.IBANS[1] not in answer.text
