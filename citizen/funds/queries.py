"""Reading funds, their rules, their calls and the envelopes above."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from citizen.db import db
from citizen.funds.models import Call, Fund, LedgerEntry, RulesetDraft
from citizen.kernel.access import Actor


def fund_with_rules(fund_id: int) -> Fund | None:
    """A fund with its versions of the rules and its calls."""
    loaded = (
        selectinload(Fund.rulesets),
        selectinload(Fund.calls).selectinload(Call.funders),
        joinedload(Fund.organisation),
        selectinload(Fund.perimeters),
        selectinload(Fund.communes),
        selectinload(Fund.subfunds),
    )
    return db.session.scalar(select(Fund).where(Fund.id == fund_id).options(*loaded))


def titles_for(actor: Actor) -> dict[str, str]:
    """The title of each fund in which the actor holds a duty, by its name among duties."""
    numbers = [int(on.removeprefix("fund:")) for _role, on in actor.duties if on.startswith("fund:")]
    found = db.session.execute(select(Fund.id, Fund.title).where(Fund.id.in_(numbers))) if numbers else ()
    return {f"fund:{number}": title for number, title in found}


def draft_of(fund_id: int) -> RulesetDraft | None:
    """The next rules while they are written."""
    return db.session.get(RulesetDraft, fund_id)


def first_payments(project_ids: Collection[int]) -> dict[int, date]:
    """The day of the first payment to each of these projects that was paid."""
    paid = (LedgerEntry.kind == "payment", LedgerEntry.project_id.in_(project_ids))
    query = select(LedgerEntry.project_id, func.min(LedgerEntry.day)).where(*paid).group_by(LedgerEntry.project_id)
    return {project_id: day for project_id, day in db.session.execute(query) if project_id}
