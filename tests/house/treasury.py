"""Who reads the statements of a fund, told without asking the code under test."""

from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from tests.house.samples import Values


def reads_statements(actor: Actor, values: Values) -> set[int]:
    """The office and the committee of a fund that pays instalments, and the Region."""
    fund = db.session.get_one(Fund, values["fund_id"])
    office = {(role, fund.on) for role in (Role.TREASURER, Role.FUND_MANAGER, Role.COMMITTEE_MEMBER)}
    if fund.scheme == "ftu":  # a commune pays its own bills
        return {404}
    return {200} if (office | {(Role.REGION_OFFICER, "region")}) & actor.duties else {403}
