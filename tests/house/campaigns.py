"""Who opens the pages of a works campaign and of its vote, told from its rows."""

from sqlalchemy import select

from citizen import clock
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.ftu.models import Campaign
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from tests.house.polls import POLLS
from tests.house.samples import Values

YES, NO, ABSENT, NOT_NOW = {200}, {403}, {404}, {409}


def keeps(actor: Actor, values: Values) -> set[int]:
    """The officers of its commune."""
    campaign = db.session.get_one(Campaign, values["campaign_id"])
    return YES if (Role.COMMUNE_OFFICER, f"commune:{campaign.fund.commune_code}") in actor.duties else NO


def proposes(_actor: Actor, values: Values) -> set[int]:
    """Anybody who is signed in, while it takes proposals."""
    return YES if db.session.get_one(Campaign, values["campaign_id"]).is_open(clock.today()) else NOT_NOW


def opens(actor: Actor, values: Values) -> set[int]:
    """The officers of the commune of a works fund; for another fund's keepers it is not there."""
    fund = db.session.get_one(Fund, values["fund_id"])
    places = {f"fund:{fund.id}", f"fund:{fund.parent_id}", f"commune:{fund.commune_code}", "region"}
    if not any(role in fund.keepers and on in places for role, on in actor.duties):
        return ABSENT if fund.scheme != "ftu" else NO
    return YES if fund.scheme == "ftu" else ABSENT


def counts(actor: Actor, values: Values) -> set[int]:
    """The officers of its commune, once it has a vote."""
    has_vote = db.session.scalar(select(Poll.id).where(Poll.call_id == values["campaign_id"]))
    return keeps(actor, values) if has_vote or keeps(actor, values) is NO else ABSENT


CAMPAIGNS = {
    "ftu.open_campaign": opens,
    "ftu.announce": keeps,
    "ftu.calendar": keeps,
    "works.validate_all": keeps,
    "ftu.idea": proposes,
    "ftu.workbench": counts,
} | POLLS
