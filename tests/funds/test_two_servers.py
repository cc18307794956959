"""Two hundred transfers at once between two envelopes, through two servers: the sum is kept, and none goes below zero."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.funds import envelopes
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer
from citizen.funds.envelopes import key_of
from citizen.payments import figures
from tests.envelopes import region_officer, regional
from tests.servers import fire, ports

__all__ = ["ports"]
HANDS, EACH, ROOM = 200, 100_00, 30


@pytest.mark.slow
def test_two_hundred_transfers_through_two_servers_keep_the_sum(app: Flask, ports: list[int]) -> None:
    """Half each way, from two envelopes that hold thirty at most; a tenth are pressed twice."""
    ends = (regional(ROOM * EACH), regional(0, scheme="nqe"))
    numbers = [end.id for end in ends]
    one, two = region_officer(), region_officer()
    offered = [
        envelopes.propose(one, key_of(giver), key_of(taker), EACH, act_reference="CP", reason="Essai.").id
        for giver, taker in [ends] * (HANDS // 2)
    ]
    # those of the empty one are offered while it is full, so that all two hundred are there to be accepted at once
    envelopes.endow(
        one, numbers[1], ROOM * EACH, act_reference="CP", adopted_on=db.session.get_one(Envelope, numbers[0]).adopted_on
    )
    offered += [
        envelopes.propose(one, key_of(ends[1]), key_of(ends[0]), EACH, act_reference="CP", reason="Essai.").id
        for _hand in range(HANDS // 2)
    ]
    db.session.remove()
    mixed = [number for pair in zip(offered[: HANDS // 2], offered[HANDS // 2 :], strict=True) for number in pair]
    asked = [*mixed, *mixed[::10]]
    answers = fire(ports, [f"/essai/accepter/{two.person_id}/{number}" for number in asked])
    done = dict(
        db.session.execute(
            select(EnvelopeTransfer.giver_envelope_id, func.count()).where(EnvelopeTransfer.state == "approved").group_by(EnvelopeTransfer.giver_envelope_id)
        ).all()
    )  # fmt: skip
    assert set(answers) <= {201, 422}
    assert answers.count(201) == sum(done.values())
    left = [db.session.get_one(Envelope, number).left_cents for number in numbers]
    net = (done.get(numbers[0], 0) - done.get(numbers[1], 0)) * EACH
    assert left == [ROOM * EACH - net, ROOM * EACH + net]
    assert min(left) >= 0 and sum(left) == 2 * ROOM * EACH
    assert figures.differences() == []


@pytest.mark.slow
def test_two_hundred_hands_empty_an_envelope_and_no_more(app: Flask, ports: list[int]) -> None:
    giver, taker = regional(ROOM * EACH), regional(0, scheme="nqe")
    numbers, one, two = (giver.id, taker.id), region_officer(), region_officer()
    keys = key_of(giver), key_of(taker)
    offered = [envelopes.propose(one, *keys, EACH, act_reference="CP", reason="Essai.").id for _hand in range(HANDS)]
    db.session.remove()
    answers = fire(ports, [f"/essai/accepter/{two.person_id}/{number}" for number in offered])
    assert (answers.count(201), answers.count(422)) == (ROOM, HANDS - ROOM)
    assert [db.session.get_one(Envelope, number).left_cents for number in numbers] == [0, ROOM * EACH]
    assert figures.differences() == []
