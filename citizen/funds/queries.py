"""Reading funds, their rules and their calls."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from citizen.db import db
from citizen.funds.models import Call, Fund, RulesetDraft


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


def draft_of(fund_id: int) -> RulesetDraft | None:
    """The next rules while they are written."""
    return db.session.get(RulesetDraft, fund_id)
