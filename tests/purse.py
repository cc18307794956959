"""A fund's purse: who holds it, bank details with right control keys, payments made."""

from citizen import clock
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.payments import banking, paying, queries
from citizen.payments.models import PaymentBatch
from citizen.pic.models import PicProject
from tests import factories

IBANS = ("FR7630006000011234567890189", "FR1420041010050500013M02606", "DE89370400440532013000")
OWN = "GB82WEST12345698765432"


def treasurer_of(fund: Fund) -> Actor:
    """Somebody who holds the fund's purse, from its own account."""
    holder = factories.actor(factories.person(duties=[(Role.TREASURER, fund.on)]))
    banking.give_own(holder, fund.id, holder="Association gestionnaire", iban=OWN)
    return holder


def bearer_of(project: PicProject) -> Actor:
    return factories.actor(project.bearer)


def granted_with_bank(call: object = None, *, iban: str = IBANS[0], **values: object) -> PicProject:
    """A granted project whose bearer said where to pay."""
    project = factories.pic_granted(call, **values)  # type: ignore[arg-type]
    banking.give(bearer_of(project), project.id, holder="Awa Dubois", iban=iban)
    return project


def due_keys(fund: Fund) -> list[str]:
    return [due.key for due in queries.dues_of(queries.money_of_fund(fund))]


def prepared(treasurer: Actor, fund: Fund) -> PaymentBatch:
    """All that is due, in one batch."""
    return paying.prepare(treasurer, fund.id, due_keys(fund))


def paid(treasurer: Actor, fund: Fund, *, reference: str = "Virement 1") -> PaymentBatch:
    """All that is due, paid."""
    batch = prepared(treasurer, fund)
    paying.mark_paid(treasurer, batch.id, [order.id for order in batch.orders], on=clock.today(), reference=reference)
    return batch
