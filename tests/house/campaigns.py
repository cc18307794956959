"""Who opens the pages of a works campaign, told from its rows."""

from citizen import clock
from citizen.db import db
from citizen.ftu.models import Campaign
from citizen.kernel.access import Actor, Role
from tests.house.samples import Values

YES, NO, NOT_NOW = {200}, {403}, {409}


def keeps(actor: Actor, values: Values) -> set[int]:
    """The officers of its commune."""
    campaign = db.session.get_one(Campaign, values["campaign_id"])
    return YES if (Role.COMMUNE_OFFICER, f"commune:{campaign.fund.commune_code}") in actor.duties else NO


def proposes(_actor: Actor, values: Values) -> set[int]:
    """Anybody who is signed in, while it takes proposals."""
    return YES if db.session.get_one(Campaign, values["campaign_id"]).is_open(clock.today()) else NOT_NOW


CAMPAIGNS = {"ftu.announce": keeps, "ftu.calendar": keeps, "ftu.idea": proposes}
