"""From the grant to the bank and back: what is due, batches, payments, refunds, and who may."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.models import Call
from citizen.journal.queries import events_of
from citizen.kernel.access import NOBODY, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.payments import banking, figures, paying, queries
from citizen.payments.models import BankDetails, PaymentOrder
from citizen.people import personal_data
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import ending
from tests import factories, purse

AFTER = datetime(2027, 4, 2, 9, tzinfo=clock.LOCAL)  # the committee sat on 30 March


@pytest.fixture
def project(app: Flask) -> PicProject:
    """500 euros granted, to a bearer whose bank details are known."""
    return purse.granted_with_bank()


@pytest.fixture
def treasurer(project: PicProject) -> Actor:
    assert project.call is not None
    return purse.treasurer_of(project.call.fund)


def money(project: PicProject) -> queries.Money:
    db.session.expire_all()
    return queries.money_of([db.session.get_one(PicProject, project.id)])[0]


def test_the_first_instalment_is_due_at_the_decision_with_the_funds_promise(project: PicProject) -> None:
    (due,) = queries.dues_of([money(project)])
    assert (due.instalment.due, due.instalment.since) == (400_00, project.decided_on)
    assert due.by == project.decided_on + timedelta(days=8)
    assert due.is_late(due.by + timedelta(days=1)) and not due.is_late(due.by)


def test_a_payment_goes_to_a_batch_then_to_the_ledger_with_a_letter(project: PicProject, treasurer: Actor) -> None:
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, project.call.fund)
        assert [order.bank.iban for order in batch.orders if order.bank] == [purse.IBANS[0]]
        assert queries.dues_of([money(project)]) == [], "it waits in a batch"
        paying.mark_paid(treasurer, batch.id, [batch.orders[0].id], on=clock.today(), reference="VIR 12")
    found = money(project)
    assert (found.standing.paid, found.standing.balance) == (400_00, 100_00)
    letter = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None and letter.to == project.bearer.email and "400" in letter.body
    assert purse.IBANS[0] not in letter.body


def test_a_second_press_prepares_and_pays_nothing_more(project: PicProject, treasurer: Actor) -> None:
    keys = purse.due_keys(project.call.fund)
    with clock.at(AFTER):
        batch = paying.prepare(treasurer, project.call.fund_id, keys)
        with pytest.raises(Invalid, match="au moins un versement"):
            paying.prepare(treasurer, project.call.fund_id, keys)
        order_id = batch.orders[0].id
        paying.mark_paid(treasurer, batch.id, [order_id], on=clock.today(), reference="VIR 12")
        with pytest.raises(Invalid, match="qui attend"):
            paying.mark_paid(treasurer, batch.id, [order_id], on=clock.today(), reference="VIR 12")
    assert money(project).standing.paid == 400_00


def test_the_schema_lets_an_instalment_wait_in_one_batch_only(project: PicProject, treasurer: Actor) -> None:
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, project.call.fund)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        db.session.execute(insert(PaymentOrder).values(batch_id=batch.id, project_id=project.id, position=1, amount_cents=1))


def test_a_cancelled_order_is_due_again(project: PicProject, treasurer: Actor) -> None:
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, project.call.fund)
        paying.cancel_order(treasurer, batch.orders[0].id, reason="RIB refusé par la banque")
        with pytest.raises(NotNow):
            paying.cancel_order(treasurer, batch.orders[0].id, reason="encore")
        assert len(queries.dues_of([money(project)])) == 1


def test_what_left_for_a_project_cancelled_meanwhile_is_owed(project: PicProject, treasurer: Actor) -> None:
    fund, call_id = project.call.fund, project.call_id
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, fund)
        ending.cancel(factories.manager_of(fund), project.id, "La salle est fermée.")
        assert money(project).to_return == 0 and ledger.balance(call_id).left == 10_000_00
        paying.mark_paid(treasurer, batch.id, [batch.orders[0].id], on=clock.today(), reference="Virement 3")
        assert (money(project).standing.paid, money(project).to_return, money(project).standing.kept) == (400_00, 400_00, 0)
        assert ledger.balance(call_id).left == 9_600_00 and queries.dues_of([money(project)]) == []
        assert list(figures.differences()) == []
        paying.receive(treasurer, fund.id, project.id, 400_00, on=clock.today(), reference="Rendu")
    assert ledger.balance(call_id).left == 10_000_00 and list(figures.differences()) == []


def test_what_left_is_refused_while_the_envelope_cannot_bear_it(project: PicProject, treasurer: Actor) -> None:
    fund = project.call.fund
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, fund)
        ending.cancel(factories.manager_of(fund), project.id, "La salle est fermée.")
        other = factories.pic_draft(project.call)
        ledger.promise(treasurer, project.call_id, other.id, 9_700_00)
        with pytest.raises(Invalid, match="d’une autre"):
            paying.mark_paid(treasurer, batch.id, [batch.orders[0].id], on=clock.today(), reference="x")


def test_no_refund_before_what_it_gives_back(project: PicProject, treasurer: Actor) -> None:
    fund = project.call.fund
    with clock.at(AFTER):
        purse.paid(treasurer, fund)
        before = clock.today() - timedelta(days=1)
        with pytest.raises(Invalid, match="suit le versement"):
            paying.receive(treasurer, fund.id, project.id, 100_00, on=before, reference="x")
        paying.receive(treasurer, fund.id, project.id, 100_00, on=clock.today(), reference="x")


def test_an_account_that_changed_stops_the_file_until_somebody_chooses(
    project: PicProject, treasurer: Actor, client: FlaskClient
) -> None:
    fund = project.call.fund
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, fund)
        banking.give(purse.bearer_of(project), project.id, holder="Awa Dubois", iban=purse.IBANS[1])
        with pytest.raises(NotNow, match=project.title):
            banking.read_batch(treasurer, batch.id)
        factories.login(client, db.session.get_one(Person, treasurer.person_id))
        page = f"/tresorerie/lots/{batch.id}"
        assert "sur le nouveau compte" in client.get(page).text and "2606" in client.get(page).text
        refused = client.post(f"{page}/fichier", data={"version": "csv"})
        assert refused.status_code == 303 and purse.IBANS[1] not in refused.text
        client.post(f"/tresorerie/ordres/{batch.orders[0].id}/rib")
        assert "sur le nouveau compte" not in client.get(page).text
        assert purse.IBANS[1] in client.post(f"{page}/fichier", data={"version": "csv"}).text


def test_a_project_cancelled_after_a_payment_gives_it_back(project: PicProject, treasurer: Actor) -> None:
    with clock.at(AFTER):
        purse.paid(treasurer, project.call.fund)
        ending.cancel(factories.manager_of(project.call.fund), project.id, "La salle est fermée.")
        assert money(project).to_return == 400_00
        with pytest.raises(Invalid, match="400"):
            paying.receive(treasurer, project.call.fund_id, project.id, 400_01, on=clock.today(), reference="chèque")
        paying.receive(treasurer, project.call.fund_id, project.id, 400_00, on=clock.today(), reference="chèque 7")
    assert money(project).to_return == 0
    assert ledger.balance(project.call_id).left == 10_000_00


def test_a_day_to_come_or_before_the_grant_is_refused(project: PicProject, treasurer: Actor) -> None:
    with clock.at(AFTER):
        batch = purse.prepared(treasurer, project.call.fund)
        for day in (clock.today() + timedelta(days=1), date(2027, 3, 1)):
            with pytest.raises(Invalid):
                paying.mark_paid(treasurer, batch.id, [batch.orders[0].id], on=day, reference="x")


def test_the_agreement_is_signed_once_by_the_bearer_by_name(app: Flask) -> None:
    call = factories.pic_call(factories.pic_fund(instalments=[60, 40], instalment_triggers=["agreement", "report"]))
    project = purse.granted_with_bank(call)
    bearer = purse.bearer_of(project)
    assert queries.dues_of([money(project)]) == [] and money(project).awaits_agreement
    with pytest.raises(Invalid, match="nom"):
        banking.sign(bearer, project.id, name="Quelqu’un d’autre")
    banking.sign(bearer, project.id, name=f" {project.bearer.name.upper()} ")
    with pytest.raises(NotNow):
        banking.sign(bearer, project.id, name=project.bearer.name)
    assert [due.instalment.due for due in queries.dues_of([money(project)])] == [300_00]


@pytest.mark.parametrize(
    ("iban", "bic", "field"),
    [("FR7630006000011234567890188", "", "iban"), ("bonjour", "", "iban"), (purse.IBANS[0], "AGRI", "bic")],
)
def test_bank_details_with_a_wrong_key_are_refused(app: Flask, iban: str, bic: str, field: str) -> None:
    project = factories.pic_granted()
    with pytest.raises(Invalid) as refused:
        banking.give(purse.bearer_of(project), project.id, holder="Awa", iban=iban, bic=bic)
    assert refused.value.field == field


def test_bank_details_are_kept_for_the_next_project_and_replaced_by_the_last(project: PicProject, treasurer: Actor) -> None:
    bearer = purse.bearer_of(project)
    banking.give(bearer, project.id, holder="Awa Dubois", iban=purse.IBANS[0])
    assert len(db.session.scalars(select(BankDetails).where(BankDetails.fund_id.is_(None))).all()) == 1, "the same, once"
    banking.give(bearer, project.id, holder="Awa Dubois", iban=" de89 3704 0044 0532 0130 00 ")
    assert banking.reveal(treasurer, project.id).iban == purse.IBANS[2]
    second = factories.pic_granted(bearer=bearer)
    assert queries.money_of([second])[0].bank is not None


def test_only_the_treasurer_reads_a_number_and_the_journal_keeps_it(project: PicProject, treasurer: Actor) -> None:
    fund = project.call.fund
    for role in set(Role) - {Role.TREASURER}:
        with pytest.raises(Forbidden):
            banking.reveal(Actor(99, "x", frozenset({(role, fund.on), (role, project.on)})), project.id)
    with pytest.raises(Forbidden):
        banking.reveal(Actor(99, "x", frozenset({(Role.TREASURER, "fund:99999")})), project.id)
    with clock.at(AFTER):
        banking.reveal(treasurer, project.id)
    assert (events_of(project.on)[-1].action, events_of(project.on)[-1].actor_id) == ("bank_read", treasurer.person_id)


def test_what_a_person_may_take_away_holds_no_bank_number_and_erasing_forgets_it(project: PicProject) -> None:
    bearer = purse.bearer_of(project)
    assert purse.IBANS[0] not in str(personal_data.export(bearer))
    personal_data.erase(bearer, factories.PASSWORD)
    assert purse.IBANS[0] not in {bank.iban for bank in db.session.scalars(select(BankDetails))}
    assert money(project).bank is None


def test_the_bearer_is_asked_once_a_day_for_missing_bank_details(app: Flask) -> None:
    project = factories.pic_granted()
    treasurer = purse.treasurer_of(project.call.fund)
    assert banking.ask(treasurer, project.id) and not banking.ask(treasurer, project.id)
    with clock.at(clock.now() + timedelta(days=1)):
        assert banking.ask(treasurer, project.id)


def test_the_purse_is_given_and_taken_back_by_the_funds_manager(app: Flask) -> None:
    fund, somebody = factories.pic_call().fund, factories.person()
    manager = factories.manager_of(fund)
    with pytest.raises(Forbidden):
        paying.appoint(factories.committee_member_of(fund), fund.id, somebody.email)
    with pytest.raises(Invalid):
        paying.appoint(manager, fund.id, "inconnu@exemple.fr")
    paying.appoint(manager, fund.id, somebody.email)
    assert factories.actor(somebody).holds(Role.TREASURER, fund.on)
    paying.dismiss(manager, fund.id, somebody.id)
    assert not factories.actor(somebody).holds(Role.TREASURER, fund.on)


def test_money_passes_between_the_funds_own_envelopes_only(project: PicProject, treasurer: Actor) -> None:
    fund, stranger = project.call.fund, factories.pic_call()
    last = factories.pic_call(fund, envelope_cents=100_00)
    with pytest.raises(Forbidden):
        paying.transfer(treasurer, fund.id, project.call_id, stranger.id, 1, act_reference="CA")
    with pytest.raises(Forbidden):
        paying.transfer(treasurer, fund.id, stranger.id, last.id, 1, act_reference="CA")
    paying.transfer(treasurer, fund.id, project.call_id, last.id, 900_00, act_reference="CA du 2 avril")
    assert db.session.get_one(Call, last.id, populate_existing=True).envelope_cents == 1_000_00


@pytest.mark.parametrize("role", [Role.FUND_MANAGER, Role.COMMITTEE_MEMBER, Role.ADMINISTRATOR])
def test_nobody_else_pays(project: PicProject, treasurer: Actor, role: Role) -> None:
    other = Actor(99, "x", frozenset({(role, project.call.fund.on)}))
    with clock.at(AFTER):
        with pytest.raises(Forbidden):
            paying.prepare(other, project.call.fund_id, purse.due_keys(project.call.fund))
        batch = purse.prepared(treasurer, project.call.fund)
        for act in (
            lambda: paying.mark_paid(other, batch.id, [1], on=clock.today(), reference="x"),
            lambda: paying.cancel_order(other, batch.orders[0].id, reason="x"),
            lambda: banking.give_own(other, project.call.fund_id, holder="x", iban=purse.OWN),
            lambda: banking.read_batch(other, batch.id),
        ):
            with pytest.raises(Forbidden):
                act()


def test_nobody_says_where_to_pay_but_the_bearer(project: PicProject) -> None:
    for actor in (NOBODY, factories.manager_of(project.call.fund)):
        with pytest.raises(Forbidden):
            banking.give(actor, project.id, holder="x", iban=purse.IBANS[1])
