"""Reading funds, their rules and their calls."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from citizen.db import db
from citizen.funds.models import Call, Fund, Ruleset


def fund_with_rules(fund_id: int) -> Fund | None:
    """A fund with its versions of the rules and its calls."""
    loaded = (
        selectinload(Fund.rulesets),
        selectinload(Fund.calls),
        joinedload(Fund.organisation),
        selectinload(Fund.perimeters),
    )
    return db.session.scalar(select(Fund).where(Fund.id == fund_id).options(*loaded))


def funds(scheme: str) -> Sequence[Fund]:
    """Every fund of a scheme, by title."""
    loaded = (selectinload(Fund.calls), joinedload(Fund.organisation), selectinload(Fund.rulesets))
    return db.session.scalars(select(Fund).where(Fund.scheme == scheme).order_by(Fund.title, Fund.id).options(*loaded)).all()


def newest_ruleset(fund_id: int) -> Ruleset | None:
    """The version in force."""
    query = select(Ruleset).where(Ruleset.fund_id == fund_id).order_by(Ruleset.version.desc()).limit(1)
    return db.session.scalar(query)


def calls_of(fund_id: int) -> Sequence[Call]:
    """The fund's calls, the newest first."""
    return db.session.scalars(select(Call).where(Call.fund_id == fund_id).order_by(Call.opens_on.desc(), Call.id)).all()
