"""The tree of envelopes: who opens, passes on and moves money, what each figure says on any day, what the schema refuses."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from citizen.db import db, transaction
from citizen.funds import envelopes, ledger, showing
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer
from citizen.funds.envelopes import key_of
from citizen.funds.models import Call
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.payments import figures
from tests import factories
from tests.counting import counted
from tests.envelopes import approved, part, region_officer, regional, under


def left(envelope: Envelope) -> int:
    return db.session.get_one(Envelope, envelope.id).left_cents


def test_money_goes_down_the_tree_and_every_line_counts_what_is_under_it(app: Flask) -> None:
    root = regional(100_000_00)
    lille = part(root, 40_000_00)
    call = under(lille, 5_000_00)
    project = factories.pic_admissible(call)
    ledger.reserve(region_officer(), call.id, project.id, 300_00)
    lines = showing.tree(2027)
    assert [(one.depth, one.own.left, one.whole.envelope, one.whole.reserved, one.whole.left) for one in lines] == [
        # 10,000 euros of the call come straight from its funders
        (0, 60_000_00, 110_000_00, 300_00, 109_700_00),
        (1, 35_000_00, 50_000_00, 300_00, 49_700_00),
        (2, 14_700_00, 15_000_00, 300_00, 14_700_00),
    ]
    assert figures.differences() == []
    ledger.promise(region_officer(), call.id, project.id, 300_00)
    whole = showing.tree(2027)[0].whole
    assert (whole.reserved, whole.promised, whole.left) == (0, 300_00, 109_700_00)


def test_a_past_day_shows_what_was_there_then(app: Flask) -> None:
    root = regional(100_000_00)
    under(part(root, 40_000_00), 5_000_00)
    envelopes.endow(region_officer(), root.id, 20_000_00, act_reference="DM n° 1", adopted_on=date(2027, 3, 1))
    days = (date(2027, 1, 27), date(2027, 1, 28), date(2027, 2, 28), date(2027, 3, 9), None)
    found = [[one.whole.envelope for one in showing.tree(2027, day)] for day in days]
    assert found == [[0, 0, 0], *[[100_000_00, 0, 0]] * 2, [120_000_00, 0, 0], [130_000_00, 50_000_00, 15_000_00]]


def test_nobody_passes_on_what_is_not_there(app: Flask) -> None:
    root, region = regional(1_000_00), region_officer()
    with pytest.raises(Invalid, match=r"1.000"):
        part(root, 1_000_01)
    with pytest.raises(Invalid, match="juste en dessous"):
        envelopes.allot(region, root.id, key_of(factories.pic_call()), 1, act_reference="CP")
    with pytest.raises(Invalid, match="existe déjà"):
        regional()
    with pytest.raises(Invalid, match="n’est pas encore pris"):
        envelopes.endow(region, root.id, 1, act_reference="CP", adopted_on=date(2027, 3, 11))
    assert left(root) == 1_000_00


def test_only_the_region_opens_endows_attaches_and_passes_on(app: Flask) -> None:
    root, call = regional(), factories.pic_call()
    acts: list[Callable[..., object]] = [
        lambda who: regional(scheme="ftu", actor=who),
        lambda who: part(root, 1, actor=who),
        lambda who: envelopes.endow(who, root.id, 1, act_reference="x", adopted_on=date(2027, 3, 1)),
        lambda who: envelopes.attach(who, root.id, call.id),
        lambda who: envelopes.allot(who, root.id, key_of(call), 1, act_reference="x"),
    ]
    commune = factories.actor(factories.person(duties=[(Role.COMMUNE_OFFICER, f"commune:{call.fund.commune_code}")]))
    for who in (commune, factories.manager_of(call.fund), factories.administrator()):
        for act in acts:
            with pytest.raises(Forbidden):
                act(who)


def test_a_transfer_moves_when_somebody_else_on_the_other_side_agrees(app: Flask) -> None:
    pic, nqe = regional(10_000_00), regional(0, scheme="nqe")
    giver, taker = region_officer(), region_officer()
    asked = envelopes.propose(giver, key_of(pic), key_of(nqe), 4_000_00, act_reference="CP", reason="L’été est court.")
    assert (left(pic), left(nqe)) == (10_000_00, 0)
    with pytest.raises(Forbidden):
        envelopes.decide(giver, asked.id, is_approved=True)
    envelopes.decide(taker, asked.id, is_approved=True)
    assert (left(pic), left(nqe)) == (6_000_00, 4_000_00)
    with pytest.raises(NotNow):
        envelopes.decide(taker, asked.id, is_approved=True)
    assert figures.differences() == []


def test_each_side_speaks_for_itself(app: Flask) -> None:
    """The manager of a fund asks the Region; neither a stranger nor the taker's side may answer."""
    root, call = regional(10_000_00), factories.pic_call()
    manager, other = factories.manager_of(call.fund), factories.manager_of(call.fund)
    commune = factories.actor(factories.person(duties=[(Role.COMMUNE_OFFICER, f"commune:{call.fund.commune_code}")]))
    with pytest.raises(Forbidden):
        envelopes.propose(commune, key_of(root), key_of(call), 1, act_reference="x", reason="x")
    asked = envelopes.propose(manager, key_of(root), key_of(call), 2_000_00, act_reference="AG", reason="Trop de demandes.")
    assert asked.side == "taker"
    for who in (manager, other, commune):
        with pytest.raises(Forbidden):
            envelopes.decide(who, asked.id, is_approved=True)
    envelopes.decide(region_officer(), asked.id, is_approved=True)
    assert db.session.get_one(Call, call.id).envelope_cents == 12_000_00


def test_a_refusal_has_its_reason_and_moves_nothing(app: Flask) -> None:
    root, call, region = regional(10_000_00), factories.pic_call(), region_officer()
    asked = envelopes.propose(region, key_of(root), key_of(call), 1_00, act_reference="CP", reason="Pour l’été.")
    manager = factories.manager_of(call.fund)
    with pytest.raises(Invalid, match="pourquoi"):
        envelopes.decide(manager, asked.id, is_approved=False)
    envelopes.decide(manager, asked.id, is_approved=False, answer="Nous avons assez.")
    assert db.session.get_one(EnvelopeTransfer, asked.id).state == "refused"
    assert left(root) == 10_000_00
    again = envelopes.propose(region, key_of(root), key_of(call), 1_00, act_reference="CP", reason="Vraiment.")
    with pytest.raises(Forbidden):
        envelopes.withdraw(manager, again.id)
    envelopes.withdraw(region_officer(), again.id)
    with pytest.raises(NotNow):
        envelopes.decide(manager, again.id, is_approved=True)


def test_money_spent_meanwhile_stops_the_transfer_and_it_still_waits(app: Flask) -> None:
    root, nqe, one, two = regional(1_000_00), regional(0, scheme="nqe"), region_officer(), region_officer()
    asked = envelopes.propose(one, key_of(root), key_of(nqe), 600_00, act_reference="CP", reason="Pour l’été.")
    part(root, 500_00)
    with pytest.raises(Invalid, match="n’a plus assez"):
        envelopes.decide(two, asked.id, is_approved=True)
    assert db.session.get_one(EnvelopeTransfer, asked.id).state == "waiting"
    assert left(root) == 500_00


def test_the_other_side_is_written_to(app: Flask) -> None:
    root, call = regional(), factories.pic_call()
    manager, region = factories.manager_of(call.fund), region_officer()
    approved(region, manager, (key_of(root), key_of(call)), 1_00)
    subjects = [letter.subject for letter in db.session.query(Letter).order_by(Letter.id) if "irement" in letter.subject]
    assert "Un virement entre enveloppes attend votre réponse" in subjects
    assert "Votre virement est accepté" in subjects


def entry(columns: str, values: str, where: str = "") -> str:
    """An entry of the first envelope, by hand."""
    return (
        f"INSERT INTO ledger_entry (envelope_id, amount_cents, day, at, kind, source, target{columns})"
        f" SELECT 1, 1, '2027-03-10', '2027-03-10 12:00:00', {values} {where}"
    )


OUT, INTO = "'transfer_out', 'available', 'elsewhere'", "'allotment_in', 'elsewhere', 'available'"
APPROVED_BY_ONE = "UPDATE envelope_transfer SET state = 'approved', decided_by = proposed_by, decided_at = proposed_at"
PROPOSED = "FROM envelope_transfer WHERE state = 'waiting'"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE envelope SET left_cents = -1", "never_negative"),
        ("UPDATE envelope SET scheme = 'nqe'", "keeps its place"),
        ("UPDATE funding_call SET envelope_id = NULL WHERE envelope_id IS NOT NULL", "stays under"),
        ("UPDATE envelope_transfer SET amount_cents = 2 WHERE state = 'waiting'", "does not change"),
        ("UPDATE envelope_transfer SET state = 'withdrawn' WHERE state = 'approved'", "decided once"),
        (f"{APPROVED_BY_ONE} WHERE state = 'waiting'", "two_people"),
        ("DELETE FROM envelope_transfer", "keeps its rows"),
        (entry(", other_call_id", f"{OUT}, id", "FROM funding_call"), "transfer_is_approved"),
        (entry(", other_call_id, transfer_id", f"{OUT}, taker_call_id, id", PROPOSED), "two keepers approved"),
        (entry(", other_envelope_id", f"{INTO}, 2"), "the one above"),
        (entry("", OUT), "moved_has_two_ends"),
    ],
)
def test_the_schema_refuses_what_the_services_refuse(app: Flask, sql: str, why: str) -> None:
    root = regional(1_000_00)
    part(root, 10_00)
    call = under(root, 100_00)
    one, two = region_officer(), factories.manager_of(call.fund)
    approved(one, two, (key_of(root), key_of(call)), 1_00)
    envelopes.propose(one, key_of(root), key_of(call), 1_00, act_reference="CP", reason="Encore.")
    with pytest.raises(Exception, match=why), transaction():
        db.session.execute(text(sql))


def test_the_recount_finds_what_was_moved_by_hand(app: Flask) -> None:
    root = regional(1_000_00)
    part(root, 10_00)
    with transaction():
        db.session.execute(text("UPDATE envelope SET left_cents = 7 WHERE parent_id IS NULL"))
    assert figures.differences() == ["enveloppe 1 : il reste 0,07\u202f€, le registre dit 990\u202f€"]


def test_the_tree_asks_the_database_the_same_whatever_it_holds(app: Flask) -> None:
    root_id, counts = regional().id, []
    for more in (1, 5):
        for number in range(more):
            under(part(db.session.get_one(Envelope, root_id), 100_00, title=f"Contrat {more} {number}"), 1_00)
        db.session.expunge_all()
        with counted() as statements:
            showing.tree(2027)
        counts.append(len(statements))
    assert counts[0] == counts[1]
