"""Reading funds, their rules and their calls."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from citizen.db import db
from citizen.funds.models import Fund


def fund_with_rules(fund_id: int) -> Fund | None:
    """A fund with its versions of the rules and its calls."""
    loaded = (
        selectinload(Fund.rulesets),
        selectinload(Fund.calls),
        joinedload(Fund.organisation),
        selectinload(Fund.perimeters),
    )
    return db.session.scalar(select(Fund).where(Fund.id == fund_id).options(*loaded))
