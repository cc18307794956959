"""Who opens the pages of a works campaign and of its vote, told from its rows."""

from sqlalchemy import select

from citizen import clock
from citizen.ballots.models import Poll
from citizen.db import db
from citizen.ftu.idea_models import Walk
from citizen.ftu.models import Campaign
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.people.models import Organisation
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
    """The officers of the commune of a works fund; another fund has no campaign to open."""
    fund = db.session.get_one(Fund, values["fund_id"])
    if fund.scheme != "ftu":
        return ABSENT
    return YES if (Role.COMMUNE_OFFICER, f"commune:{fund.commune_code}") in actor.duties else NO


def counts(actor: Actor, values: Values) -> set[int]:
    """The officers of its commune, once it has a vote."""
    has_vote = db.session.scalar(select(Poll.id).where(Poll.call_id == values["campaign_id"]))
    return keeps(actor, values) if has_vote or keeps(actor, values) is NO else ABSENT


def walks_open(actor: Actor, values: Values) -> set[int]:
    """The commune's officers, and members of an association, for a works fund."""
    fund = db.session.get_one(Fund, values["fund_id"])
    if fund.scheme != "ftu":
        return ABSENT
    own = {int(on.split(":")[1]) for role, on in actor.duties if role is Role.ORGANISATION_MEMBER}
    is_member = any(db.session.get_one(Organisation, number).kind == "association" for number in own)
    return YES if is_member or (Role.COMMUNE_OFFICER, f"commune:{fund.commune_code}") in actor.duties else NO


def walks_on(actor: Actor, values: Values) -> set[int]:
    """Who opened the walk and the commune's officers; the others do not know of it before it is closed."""
    walk = db.session.get_one(Walk, values["walk_id"])
    is_keeper = (Role.COMMUNE_OFFICER, f"commune:{walk.fund.commune_code}") in actor.duties
    return YES if is_keeper or actor.person_id == walk.opened_by else NO if walk.closed_at else ABSENT


CAMPAIGNS = {
    "ftu.open_campaign": opens,
    "ftu.announce": keeps,
    "ftu.calendar": keeps,
    "works.validate_all": keeps,
    "ftu.idea": proposes,
    "walks.open_walk": walks_open,
    "walks.add": walks_on,
    "walks.point": walks_on,
    "ftu.workbench": counts,
} | POLLS
