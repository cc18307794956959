"""What the files that were granted planned for the same thing: never which ones, and only when there are enough of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from sqlalchemy import select

from citizen.db import db
from citizen.projects.accounts import stems
from citizen.projects.models import BudgetLine, Project
from citizen.projects.steps import HAS_MONEY

ENOUGH = 5  # files; below it, a price would say whose it is
READ = 2_000  # lines, the newest: prices age


@dataclass(frozen=True)
class Usual:
    """Half of the files lie between ``low`` and ``high``; in cents of whole euros."""

    low: int
    median: int
    high: int

    def is_far(self, cents: int) -> bool:
        """Much more, or much less."""
        return cents * 2 > self.high * 3 or cents * 2 < self.low


def usual_prices(lines: Iterable[BudgetLine]) -> dict[int, Usual]:
    """By line, for the expenses that enough granted files also had: same account, and a word in common."""
    wanted = [line for line in lines if line.side == "expense"]
    if not wanted:
        return {}
    query = (
        select(BudgetLine.account, BudgetLine.label, BudgetLine.amount_cents, BudgetLine.project_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .where(
            BudgetLine.account.in_({line.account for line in wanted}), Project.state.in_(HAS_MONEY),
            BudgetLine.project_id != wanted[0].project_id,
        )
        .order_by(BudgetLine.id.desc())
        .limit(READ)
    )  # fmt: skip
    known = [(account, stems(label), cents, number) for account, label, cents, number in db.session.execute(query)]
    found = {line.id: _usual(line, known) for line in wanted}
    return {number: usual for number, usual in found.items() if usual}


def _usual(line: BudgetLine, known: Iterable[tuple[str, frozenset[str], int, int]]) -> Usual | None:
    said = stems(line.label)
    alike = [(cents, number) for account, words, cents, number in known if account == line.account and words & said]
    if len({number for _cents, number in alike}) < ENOUGH:
        return None
    return Usual(*(round(cut / 100) * 100 for cut in quantiles((cents for cents, _number in alike), n=4, method="inclusive")))
