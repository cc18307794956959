"""Who reads the statements of a fund and the transfers between envelopes, told without asking the code under test."""

from citizen.db import db
from citizen.funds.envelope_models import EnvelopeTransfer
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Actor, Role
from tests.house.samples import Values
from tests.house.towards import NO, YES, keeps


def reads_statements(actor: Actor, values: Values) -> set[int]:
    """The office and the committee of a fund that pays instalments, and the Region."""
    fund = db.session.get_one(Fund, values["fund_id"])
    office = {(role, fund.on) for role in (Role.TREASURER, Role.FUND_MANAGER, Role.COMMITTEE_MEMBER)}
    if fund.scheme == "ftu":  # a commune pays its own bills
        return {404}
    return {200} if (office | {(Role.REGION_OFFICER, "region")}) & actor.duties else {403}


def reads_transfer(actor: Actor, values: Values) -> set[int]:
    """Who keeps one of its sides: above the calls the Region, for a call who keeps its fund."""
    asked = db.session.get_one(EnvelopeTransfer, values["transfer_id"])
    is_region = (Role.REGION_OFFICER, "region") in actor.duties
    for call_id, envelope_id in (
        (asked.giver_call_id, asked.giver_envelope_id),
        (asked.taker_call_id, asked.taker_envelope_id),
    ):
        if (envelope_id and is_region) or (call_id and keeps(actor, db.session.get_one(Call, call_id).fund) is YES):
            return YES
    return NO
