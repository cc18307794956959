"""The ledger: each movement, what it refuses, and what raw SQL cannot do either."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.accounts import MOVES
from citizen.funds.models import Call, LedgerEntry
from citizen.kernel.access import NOBODY
from citizen.kernel.findings import Invalid
from citizen.projects import services as life
from tests import factories
from tests.conftest import NOON

ENVELOPE = 1_000_00


@pytest.fixture
def ids(app: Flask) -> tuple[int, int]:
    """An envelope of 1,000 euros and a file of it."""
    project = factories.pic_draft(factories.pic_call(envelope_cents=ENVELOPE))
    assert project.call_id is not None
    return project.call_id, project.id


def refused(do: object, *, match: str) -> None:
    with pytest.raises(Invalid, match=match):
        do()  # type: ignore[operator]


def test_opening_a_call_enters_its_envelope_in_the_ledger(ids: tuple[int, int]) -> None:
    assert ledger.balance(ids[0]).envelope == ENVELOPE == db.session.get_one(Call, ids[0]).envelope_cents


def test_a_reservation_replaces_the_one_before_and_0_lifts_it(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    for cents in (700_00, 1_000_00, 300_00):
        ledger.reserve(NOBODY, call_id, project_id, cents)
        assert (ledger.balance(call_id).reserved, ledger.balance(call_id).left) == (cents, ENVELOPE - cents)
    refused(lambda: ledger.reserve(NOBODY, call_id, project_id, ENVELOPE + 1), match="1.000")
    assert ledger.of_project(project_id).reserved == 300_00
    ledger.reserve(NOBODY, call_id, project_id, 0)
    assert ledger.balance(call_id).left == ENVELOPE


def test_a_grant_takes_the_reservation_first_and_frees_what_is_not_granted(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    ledger.reserve(NOBODY, call_id, project_id, ENVELOPE)
    ledger.promise(NOBODY, call_id, project_id, 600_00)
    balance = ledger.balance(call_id)
    assert (balance.reserved, balance.promised, balance.left) == (0, 600_00, 400_00)


def test_what_one_file_holds_nobody_else_can_take(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    other = factories.pic_draft(db.session.get_one(Call, call_id)).id
    ledger.reserve(NOBODY, call_id, project_id, 800_00)
    refused(lambda: ledger.promise(NOBODY, call_id, other, 200_01), match="200")
    ledger.promise(NOBODY, call_id, other, 200_00)


def test_a_report_that_cost_less_frees_what_is_not_paid_and_claims_the_rest(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    ledger.promise(NOBODY, call_id, project_id, 1_000_00)
    ledger.pay(NOBODY, call_id, project_id, 800_00, reference="virement 1")
    ledger.give_back(NOBODY, call_id, project_id, 500_00)
    standing = ledger.of_project(project_id)
    assert (standing.kept, standing.paid, standing.balance) == (500_00, 800_00, -300_00)
    assert ledger.balance(call_id).left == 200_00, "what the bearer still has is not free"
    refused(lambda: ledger.pay(NOBODY, call_id, project_id, 1, reference="virement 2"), match="0")
    ledger.refund(NOBODY, call_id, project_id, 300_00, reference="chèque 12")
    assert ledger.balance(call_id).left == 500_00
    assert ledger.of_project(project_id).balance == 0


def test_money_given_back_unasked_is_free_again(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    ledger.promise(NOBODY, call_id, project_id, 1_000_00)
    ledger.pay(NOBODY, call_id, project_id, 800_00, reference="virement 1")
    refused(lambda: ledger.refund(NOBODY, call_id, project_id, 800_01, reference="chèque"), match="800")
    ledger.refund(NOBODY, call_id, project_id, 100_00, reference="chèque")
    assert (ledger.balance(call_id).left, ledger.of_project(project_id).balance) == (100_00, 200_00)


def test_nothing_is_paid_beyond_the_promise(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    ledger.promise(NOBODY, call_id, project_id, 400_00)
    refused(lambda: ledger.pay(NOBODY, call_id, project_id, 400_01, reference="x"), match="400")
    ledger.pay(NOBODY, call_id, project_id, 400_00, reference="x")
    assert db.session.get_one(Call, call_id).paid_cents == 400_00


def test_an_envelope_passes_to_the_next_by_an_act_and_no_further_than_it_holds(ids: tuple[int, int]) -> None:
    first = db.session.get_one(Call, ids[0])
    second = factories.pic_call(first.fund, envelope_cents=500_00)
    ledger.promise(NOBODY, first.id, ids[1], 900_00)
    refused(lambda: ledger.transfer(NOBODY, first.id, second.id, 100_01, act_reference="CA"), match="100")
    refused(lambda: ledger.transfer(NOBODY, first.id, first.id, 1, act_reference="CA"), match="même dispositif")
    ledger.transfer(NOBODY, first.id, second.id, 100_00, act_reference="CA du 4 mai")
    assert [ledger.balance(call.id).envelope for call in (first, second)] == [900_00, 600_00]


def test_an_envelope_is_told_as_it_was_on_any_day(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    with clock.at(clock.now() + timedelta(days=30)):
        ledger.promise(NOBODY, call_id, project_id, 400_00)
    lefts = [ledger.balance(call_id, clock.today() + timedelta(days=days)).left for days in (-1, 0, 29, 30)]
    assert lefts == [0, ENVELOPE, ENVELOPE, ENVELOPE - 400_00]


def test_the_counters_say_what_the_entries_add_up_to(ids: tuple[int, int]) -> None:
    call_id, project_id = ids
    ledger.reserve(NOBODY, call_id, project_id, 900_00)
    ledger.promise(NOBODY, call_id, project_id, 900_00)
    ledger.pay(NOBODY, call_id, project_id, 700_00, reference="x")
    ledger.give_back(NOBODY, call_id, project_id, 400_00)
    ledger.refund(NOBODY, call_id, project_id, 50_00, reference="x")
    call, balance = db.session.get_one(Call, call_id), ledger.balance(call_id)
    counters = (call.envelope_cents, call.reserved_cents, call.committed_cents, call.remaining_cents)
    assert counters == (balance.envelope, balance.reserved, balance.promised, balance.left) == (ENVELOPE, 0, 650_00, 350_00)
    assert call.paid_cents == balance.paid - balance.refunded == 650_00


@pytest.mark.parametrize(
    ("kind", "cents", "match"),
    [
        ("reservation", ENVELOPE, "within_envelope"),
        ("unreservation", 1, "holds"),
        ("commitment", 1, r"(?i)unique"),
        ("release", 200_01, "holds"),
        ("payment", 200_01, "holds"),
        ("recall", 300_01, "holds"),
        ("refund", 1, "holds"),
        ("payment", 0, "positive"),
    ],
)
def test_raw_sql_cannot_move_what_is_not_there(ids: tuple[int, int], kind: str, cents: int, match: str) -> None:
    call_id, project_id = ids
    ledger.promise(NOBODY, call_id, project_id, 500_00)
    ledger.pay(NOBODY, call_id, project_id, 300_00, reference="x")
    source, target = MOVES[kind]
    values = f"{call_id}, {project_id}, '{kind}', '{source}', '{target}', {cents}, '{date(2027, 3, 10)}', '2027-03-10 12:00:00'"
    with pytest.raises(Exception, match=match), transaction():
        db.session.execute(
            text(
                f"INSERT INTO ledger_entry (call_id, project_id, kind, source, target, amount_cents, day, at) VALUES ({values})"
            )
        )


def test_a_kind_moves_money_between_its_own_accounts_only(ids: tuple[int, int]) -> None:
    values = {"kind": "payment", "source": "available", "target": "paid", "amount_cents": 1, "day": clock.today(), "at": NOON}
    with pytest.raises(Exception, match="moves"), transaction():
        db.session.execute(insert(LedgerEntry).values(call_id=ids[0], project_id=ids[1], **values))


def test_a_file_withdrawn_before_the_decision_keeps_nothing(app: Flask) -> None:
    bearer = factories.actor(factories.person())
    project = factories.pic_admissible(bearer=bearer)
    assert project.call_id is not None
    ledger.reserve(NOBODY, project.call_id, project.id, 500_00)
    life.take(bearer, project.id, "withdraw", reason="Nous partons.")
    assert ledger.balance(project.call_id).reserved == 0
    kinds = db.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.project_id == project.id)).all()
    assert kinds == ["reservation", "unreservation"]
