"""The purse of each PIC fund: bank details, batches paid month after month, one that waits for the bank, and what is due today."""

from citizen.demo import identifiers
from citizen.demo.pic import Room
from citizen.kernel.access import Actor, Role
from citizen.payments import banking, paying, queries
from citizen.payments.models import PaymentBatch

RHYTHM = range(-420, -12, 7)
TO_SEND = -2  # the day of the batch that the bank has not yet paid


def play(room: Room, treasurer: Actor) -> None:
    """The treasurer's work, from the first grant to today; one bearer in nine has not said where to pay."""
    days, fund = room.stage.days, room.fund
    treasurer = room.stage.cast.serve(treasurer, Role.TREASURER, fund.on)
    with days.at(-410):
        banking.give_own(treasurer, fund.id, holder=fund.organisation.name, iban=identifiers.iban())
    found = queries.money_of_fund(fund)
    for rank, money in enumerate(found):
        project = money.project
        step = project.rules.lifecycle.step("give_bank")
        if rank % 9 != 4 and step and project.state in step.before and project.decided_on:
            with days.at(days.offset(project.decided_on), 22):
                holder = project.organisation.name if project.organisation else project.bearer.name
                bearer = room.stage.cast.actor(project.bearer_id)
                banking.give(bearer, project.id, holder=holder, iban=identifiers.iban())
    for day in RHYTHM:
        batch = _prepare(room, treasurer, day)
        if batch:
            with days.at(day + 2, 10):
                orders = [order.id for order in batch.orders]
                paying.mark_paid(treasurer, batch.id, orders, on=days.on(day + 2), reference=f"Virement {batch.id}")
    _prepare(room, treasurer, TO_SEND, most=1)


def _prepare(room: Room, treasurer: Actor, day: int, most: int | None = None) -> PaymentBatch | None:
    """What is due that day and has an account, in one batch."""
    days = room.stage.days
    dues = queries.dues_of(queries.money_of_fund(room.fund))
    ready = [due for due in dues if due.money.bank and due.instalment.since and due.instalment.since <= days.on(day)]
    with days.at(day, 9):
        return paying.prepare(treasurer, room.fund.id, [due.key for due in ready[:most]]) if ready else None
