"""What anybody reads of campaigns: their list, the page of one, and the same on paper."""

from typing import Any

from flask import Response, render_template

from citizen import clock
from citizen.ballots import queries as ballots
from citizen.ballots.showing import bars, face
from citizen.ftu import queries
from citizen.ftu.models import Campaign
from citizen.ftu.phases import LABELS
from citizen.ftu.rules import FTU
from citizen.ftu.views import CAMPAIGN, known_campaign, pages
from citizen.funds import services as funds
from citizen.web.access import current_actor, public
from citizen.web.printing import paper


@pages.get("/ftu")
@public
def about() -> str:
    """What the fund is, and its campaigns: what goes on in each, those that are over apart."""
    found, today = queries.campaigns(), clock.today()
    faces = {call_id: face(poll) for call_id, poll in queries.polls_of([campaign.id for campaign in found]).items()}
    now = {campaign.id: [LABELS[phase] for phase, days in campaign.calendar.items() if days.holds(today)] for campaign in found}
    is_over = {
        campaign.id for campaign in found if (vote := faces.get(campaign.id)) and vote.is_counted and not now[campaign.id]
    }
    return render_template("ftu/about.html", scheme=FTU, campaigns=found, faces=faces, now=now, is_over=is_over, today=today)


@pages.get(f"/ftu/campagnes/{CAMPAIGN}")
@public
def campaign(campaign_id: int) -> str:
    """Its calendar, its envelope, its projects on a map and in a list, its vote and what came out of it."""
    return render_template("ftu/campaign.html", **_told(known_campaign(campaign_id)))


@pages.get(f"/ftu/campagnes/{CAMPAIGN}/papier")
@public
def campaign_paper(campaign_id: int) -> Response:
    """The same, to post on a board."""
    found = known_campaign(campaign_id)
    return paper("ftu/campaign_print.html", found.title, **_told(found))


def _told(found: Campaign) -> dict[str, Any]:
    poll = ballots.poll_of(found.id)
    vote = face(poll) if poll else None
    shown = bars(ballots.results(poll.id)) if poll and vote and vote.is_counted else []
    return {
        "campaign": found, "phases": queries.phases(found, poll), "poll": poll, "face": vote,
        "projects": queries.projects_in([found.id]), "terms": queries.terms_of(found), "today": clock.today(),
        "now": clock.now(), "sessions": queries.sessions_of(found), "is_keeper": funds.keeps(current_actor(), found.fund),
        "days": ballots.turnout_by_day(poll) if poll and vote and vote.moment != "announced" else [],
        "bars": shown, "votes": {bar.project_id: bar.votes for bar in shown} if vote and vote.shows_votes else {},
    }  # fmt: skip
