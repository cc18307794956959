"""What awaits a treasurer, said where they come in."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.payments import queries
from citizen.web.tasks import Task


def tasks(actor: Actor) -> list[Task]:
    """What awaits the actor in every purse."""
    funds = [queries.fund(int(on.removeprefix("fund:"))) for on in sorted(actor.targets(Role.TREASURER))]
    return [task for fund in funds if fund for task in _in_purse(fund)]


def _in_purse(fund: Fund) -> Iterator[Task]:
    desk = url_for("payments.desk", fund_id=fund.id)
    found = queries.money_of_fund(fund)
    if dues := queries.dues_of(found):
        words = ngettext("Préparer %(num)s versement : %(fund)s", "Préparer %(num)s versements : %(fund)s", len(dues), fund=fund.title)  # fmt: skip
        yield Task(words, desk)
    for batch in queries.batches_of(fund.id):
        if batch.waiting:
            words = _("Envoyer le lot %(number)s à la banque, puis noter ce qui est parti", number=batch.id)
            yield Task(words, url_for("payments.batch", batch_id=batch.id))
    if owing := sum(money.to_return > 0 for money in found):
        words = ngettext("Suivre %(num)s remboursement attendu : %(fund)s", "Suivre %(num)s remboursements attendus : %(fund)s", owing, fund=fund.title)  # fmt: skip
        yield Task(words, f"{desk}#a-rendre")
