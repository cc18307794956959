"""The commune's acts: open a campaign, study, put to the vote, count, validate."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import IO, cast

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.ballots import queries as ballots_of
from citizen.ballots import roll
from citizen.ballots import services as ballots
from citizen.ballots.models import Poll, PollResult, Voter
from citizen.db import db, transaction
from citizen.files import services as files
from citizen.ftu import letters, queries
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.phases import Calendar, Days, Phase, faults, moves
from citizen.ftu.queries import CALENDAR_CHANGED
from citizen.funds import services as funds
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.people import identifiers
from citizen.people.services import require_verified
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from citizen.projects.models import Attachment, Project
from citizen.web.filters import say

FIELDS = {
    "propose_first": "opens_on",
    "propose_last": "closes_on",
    "vote_first": "vote_opens_on",
    "vote_last": "vote_closes_on",
}


def open_campaign(
    actor: Actor, fund_id: int, *, title: str, opens_on: date, closes_on: date, envelope_cents: int,
    vote_opens_on: date, vote_closes_on: date, perimeter_ids: Iterable[int] = (), phases: Calendar | None = None,
) -> Campaign:  # fmt: skip
    """A new round under the newest rules of the fund; its days are told, the vote itself comes after the study.

    ``phases``: the days of the other phases that it has.
    """
    if envelope_cents <= 0:
        raise Invalid("envelope", _("L’enveloppe est plus grande que zéro."))
    needed = {Phase.PROPOSE: Days(opens_on, closes_on), Phase.VOTE: Days(vote_opens_on, vote_closes_on)}
    calendar = {phase: days for phase in Phase if (days := needed.get(phase) or (phases or {}).get(phase))}
    for field, sentence in faults(calendar):
        raise Invalid(FIELDS.get(field, field), say(sentence))
    with transaction():
        perimeters = db.session.scalars(select(Perimeter).where(Perimeter.id.in_(list(perimeter_ids)))).all()
        opened = cast(
            Campaign,
            funds.open_call(
                actor, Campaign, fund_id, title=title, opens_on=opens_on, closes_on=closes_on, envelope_cents=envelope_cents,
                perimeters=list(perimeters),
            ),
        )  # fmt: skip
        opened.set_calendar(calendar)
        return opened


def change_calendar(actor: Actor, campaign_id: int, calendar: Calendar, *, reason: str) -> Campaign:
    """Other days for what has not begun, with the reason; those who follow a project of the campaign are told."""
    with transaction():
        campaign = db.session.get_one(Campaign, campaign_id, with_for_update={"of": Call.__table__}, populate_existing=True)
        funds.require_keeper(actor, campaign.fund)
        before = campaign.calendar
        if ballots_of.poll_of(campaign_id) and before[Phase.VOTE] != calendar.get(Phase.VOTE):
            raise Invalid("vote_first", _("Le vote est annoncé : ses jours ne changent plus."))
        for field, sentence in chain(moves(before, calendar, clock.today()), faults(calendar)):
            raise Invalid(field, say(sentence))
        if before == calendar:
            raise Invalid("reason", _("Aucun jour n’a changé."))
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi : la raison est publiée avec le calendrier."))
        campaign.set_calendar(calendar)
        journal.record(actor, campaign.on, CALENDAR_CHANGED, reason=reason.strip())
        letters.tell_calendar(campaign, reason.strip())
        return campaign


def share(actor: Actor, project_id: int, *, link: str) -> Project:
    """Shows the idea to everybody, before its file is whole; who proposes declares what ties them to the quarter."""
    require_verified(actor)

    def declare(project: Project) -> None:
        project = cast(FtuProject, project)
        if link not in project.terms.proposer_links:
            raise Invalid("link", _("Dites ce qui vous lie au quartier."))
        project.bearer_link, project.shared_at = link, clock.now()
        projects.publish_text(project)

    return projects.take(actor, project_id, "share", effect=declare)


MOST_PHOTOS = 3


def propose_idea(
    actor: Actor, campaign_id: int, *, title: str, summary: str, perimeter_id: int, place: str, lon: float | None, lat: float | None,
    link: str, photos: Sequence[tuple[IO[bytes], str]] = (),
) -> Project:  # fmt: skip
    """An idea in one go: a project of the campaign that everybody reads, whose file is completed later at the same address."""
    if len(photos) > MOST_PHOTOS:
        raise Invalid("photos", _("%(count)d photos au plus.", count=MOST_PHOTOS))
    try:
        prepared = [files.prepare(stream, name, images_only=True) for stream, name in photos]
    except Invalid as error:
        raise Invalid("photos", error.message) from None

    def write(project: Project) -> None:
        perimeter = db.session.get_one(Perimeter, perimeter_id)
        projects.put(project, perimeter.communes[0].code, perimeter_id, place=place, lon=lon, lat=lat)
        for photo in prepared:
            project.attachments.append(Attachment(document_id=files.keep(actor, photo).id, kind="photo"))

    with transaction():
        if not db.session.get_one(Campaign, campaign_id).is_open(clock.today()):
            raise NotNow(_("Les propositions ne sont pas ouvertes en ce moment."))
        project_id = projects.propose(actor, title=title, summary=summary).id
        projects.orient(actor, project_id, FtuProject, campaign_id)
        projects.edit(actor, project_id, write)
        try:
            return share(actor, project_id, link=link)
        except NotReady as error:
            raise Invalid("quarter", " ".join(say(one.fact) for one in error.findings)) from None


def study(
    actor: Actor, project_id: int, *, is_feasible: bool, reason: str, cost_cents: int | None = None, upkeep: str = "",
    safety: str = "", better_exit: str = "", exit_email: str = "", inclusion: Mapping[str, tuple[str, str]] | None = None,
) -> Project:  # fmt: skip
    """What the commune's services found: feasible at this cost, or not, why, and where the idea may go instead."""
    if is_feasible and not cost_cents:
        raise Invalid("cost", _("Écrivez le coût étudié : il sera celui du vote."))
    service = identifiers.email_address(exit_email) if exit_email else ""
    if service is None:
        raise Invalid("exit_email", _("Écrivez une adresse comme prenom@exemple.fr."))

    def found(project: FtuProject) -> None:
        project.is_feasible, project.study_reason, project.studied_at = is_feasible, reason, clock.now()
        project.upkeep, project.safety, project.studied_cost_cents = upkeep, safety, cost_cents
        project.better_exit = "" if is_feasible else better_exit
        project.inclusion_found = {group: list(told) for group, told in (inclusion or {}).items()}
        if is_feasible and cost_cents:
            project.cost_cents = project.requested_cents = cost_cents

    with transaction():
        # written first: the step that says « feasible » is judged on what the study found
        project = cast(FtuProject, projects.locked(project_id))
        action = "admit" if is_feasible else "not_feasible"
        projects.judge(actor, project, action)
        found(project)
        db.session.flush()
        projects.take(actor, project_id, action, reason=reason)
        if not is_feasible:
            letters.tell_exit(project, service)
        return project


def announce_poll(
    actor: Actor, campaign_id: int, *, opens_on: date, closes_on: date, announcement: str, draw_text: str = "",
    rivals: Mapping[int, str] | None = None,
) -> Poll:  # fmt: skip
    """The vote of a campaign, on every feasible project at its studied cost, from the first to the last of these days.

    ``draw_text`` announces the public number of a draw; of the projects with the same letter in ``rivals``, one at most wins.
    """
    with transaction():
        campaign = db.session.get_one(Campaign, campaign_id, populate_existing=True)
        if clock.today() <= campaign.closes_on:
            raise NotNow(_("Les propositions sont encore ouvertes : le vote s’annonce après."))
        if waiting := queries.unanswered(campaign_id):
            titles = ", ".join(_("« %(title)s »", title=title) for title in waiting)
            raise Invalid("opens_on", _("Une étude ou un complément est encore attendu : %(titles)s.", titles=titles))
        terms = queries.terms_of(campaign)
        if terms.committee_role == "decides":
            raise NotNow(_("Dans ce fonds, c’est le comité de gestion urbaine qui choisit : il n’y a pas de vote."))
        if waiting := queries.unheard(campaign_id):
            titles = ", ".join(_("« %(title)s »", title=title) for title in waiting)
            raise Invalid("opens_on", _("L’avis du comité est encore attendu : %(titles)s.", titles=titles))
        costs = queries.studied_costs(campaign_id)
        poll = ballots.announce(
            actor, campaign_id, title=campaign.title, announcement=announcement, electorate=" ".join(map(say, terms.electorate)),
            max_choices=terms.choices, min_votes=terms.min_votes, rule=terms.rule, compared=terms.compared, ties=terms.ties,
            has_each_sector=terms.has_each_sector, draw_text=draw_text.strip(), opens_at=midnight(opens_on),
            closes_at=midnight(closes_on + timedelta(days=1)), costs=costs, sectors=queries.quarters(campaign_id), rivals=rivals,
        )  # fmt: skip
        calendar = campaign.calendar | {Phase.VOTE: Days(opens_on, closes_on)}
        for _field, sentence in faults(calendar):
            raise Invalid("opens_on", say(sentence))
        campaign.set_calendar(calendar)
        for project_id in costs:
            projects.take(actor, project_id, "put_on_ballot")
        return poll


def forget_rolls() -> None:
    """Erases the names of each roll whose result can no longer be contested."""
    counted = select(Poll).where(
        Poll.tallied_at.is_not(None), Poll.id.in_(select(Voter.poll_id).where(Voter.search_name != ""))
    )
    for poll in db.session.scalars(counted.order_by(Poll.id)).all():
        kept = timedelta(days=queries.terms_of(cast(Campaign, poll.call)).names_kept_days)
        if poll.tallied_at and poll.tallied_at + kept <= clock.now():
            roll.forget_names(poll.id)


def midnight(day: date) -> datetime:
    """The first instant of the day, in the quarter."""
    return datetime.combine(day, time.min, clock.LOCAL)


def count_poll(actor: Actor, poll_id: int, *, draw_number: str = "") -> list[PollResult]:
    """Counts the campaign's vote and tells each project its result, with the reason."""
    with transaction():
        results = ballots.tally(actor, poll_id, draw_number=draw_number)
        for result in results:
            action = "select" if result.is_selected else "not_select"
            projects.take(actor, result.option.project_id, action, reason=" ".join(say(words) for words in result.reasons))
        return results
