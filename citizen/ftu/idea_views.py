"""Pages before the study: the calendar of a campaign, and an idea that is shown to everybody."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.ftu import forms, idea_forms, listing, queries, services
from citizen.ftu.listing import Asked
from citizen.ftu.models import Campaign
from citizen.ftu.phases import LABELS, Phase
from citizen.ftu.views import CAMPAIGN, PROJECT, known_campaign, pages, seen_works
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.places import geocoding
from citizen.places.models import Perimeter
from citizen.places.rules import point
from citizen.projects.models import Project
from citizen.projects.views import act_page
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.forms import clean, options
from citizen.web.paging import Page, asked_number
from citizen.web.security import SLOW_DOWN, limiter

pages.add_app_template_global(queries.calendar_changes, "calendar_changes")


@pages.route(f"/ftu/campagnes/{CAMPAIGN}/calendrier", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def calendar(campaign_id: int) -> Any:
    """The days of each phase, for the commune to move."""
    found = known_campaign(campaign_id)
    funds.require_keeper(current_actor(), found.fund)
    known = {f"{phase}_{end}": getattr(days, end) for phase, days in found.calendar.items() for end in forms.ENDS}
    form: Any = forms.CalendarForm(data=known)
    if form.is_posted and form.submit_to(
        lambda: services.change_calendar(current_actor(), campaign_id, form.calendar(), reason=form.reason.data)
    ):
        flash(_("Le calendrier est changé et les personnes qui suivent sont prévenues."), "success")
        return redirect(url_for("ftu.campaign", campaign_id=campaign_id), 303)
    page = render_template("ftu/calendar.html", campaign=known_campaign(campaign_id), form=form, phases=Phase, labels=LABELS)
    return page, 422 if form.is_posted else 200


PER_PAGE = 24


def _asked() -> Asked:
    """The filters, from the address."""
    return Asked(**{name: clean(request.args.get(name))[:200] for name in Asked.__dataclass_fields__})


@pages.get(f"/ftu/campagnes/{CAMPAIGN}/idees")
@public
def ideas(campaign_id: int) -> str:
    """The ideas beside their map: the list says all that the map shows."""
    campaign, asked, number = known_campaign(campaign_id), _asked(), asked_number()
    whole = listing.ideas(campaign_id, Asked(tri=asked.tri))
    found = [idea for idea in whole if asked.keeps(idea)]
    page = Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], number, PER_PAGE, len(found))
    return render_template(
        "ftu/ideas.html", campaign=campaign, asked=asked, choices=listing.choices(whole), page=page, today=clock.today()
    )


@pages.get(f"/ftu/campagnes/{CAMPAIGN}/idees.geojson")
@public
def ideas_map(campaign_id: int) -> Response:
    """The points of the same list, the same filters."""
    known_campaign(campaign_id)
    found = listing.ideas(campaign_id, _asked())
    features = [listing.feature(idea) for idea in found if idea.lon is not None]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(text, mimetype="application/geo+json")


@pages.get(f"/ftu/campagnes/{CAMPAIGN}/semblables")
@public
@limiter.limit("60 per minute")
def similar(campaign_id: int) -> str:
    """Ideas like the one that the address tells; the script of the next page shows the list while one writes."""
    campaign, lon, lat = known_campaign(campaign_id), None, None
    with suppress(Invalid):
        lon, lat = point(*(clean(request.args.get(name))[:40] for name in ("lon", "lat")))
    found = listing.similar(campaign_id, title=clean(request.args.get("titre"))[:200], lon=lon, lat=lat)
    return render_template("ftu/similar_page.html", campaign=campaign, similar=found)


@pages.route(f"/ftu/campagnes/{CAMPAIGN}/idee", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def idea(campaign_id: int) -> Any:
    """« Une idée pour mon quartier »: where and what; then what looks like it, the photos, and it is sent."""
    campaign = known_campaign(campaign_id)
    if not campaign.is_open(clock.today()):
        raise NotNow(_("Les propositions ne sont pas ouvertes en ce moment : regardez le calendrier de la campagne."))
    quarters = options((str(one.id), one.name) for one in _quarters(campaign))
    step = request.form.get("etape", "")
    form: Any = idea_forms.IdeaForm() if step != "envoyer" or "corriger" in request.form else idea_forms.SendIdeaForm()
    form.quarter.choices = quarters
    if isinstance(form, idea_forms.SendIdeaForm):
        return _sent(campaign, form)
    if form.is_posted and "corriger" not in request.form and form.validate():
        _find_address(campaign, form)
        sending: Any = idea_forms.SendIdeaForm(formdata=None, data=form.data)
        sending.quarter.choices = quarters
        return _last_page(campaign, sending)
    return _first_page(campaign_id, form, 422 if form.errors else 200)


def _quarters(campaign: Campaign) -> Sequence[Perimeter]:
    return campaign.perimeters or queries.quarters_of(campaign.fund.commune_code)


def _first_page(campaign_id: int, form: Any, status: int) -> Any:
    """Where and what; the map opens on the first quarter."""
    campaign = known_campaign(campaign_id)
    centre = next(((one.lat, one.lon) for one in _quarters(campaign) if one.lat is not None), (None, None))
    return render_template("ftu/idea.html", campaign=campaign, form=form, centre=centre), status


def _sent(campaign: Campaign, form: Any) -> Any:
    """Keeps the idea; a place or a word that does not fit goes back to the first page, with all that was typed."""
    campaign_id = campaign.id
    form.offer_links(queries.terms_of(campaign))

    def propose() -> Project:
        lon, lat = form.point
        return services.propose_idea(
            current_actor(), campaign_id, title=form.title.data, summary=form.summary.data, perimeter_id=int(form.quarter.data),
            place=form.place.data, lon=lon, lat=lat, link=form.link.data,
            photos=[(photo.stream, photo.filename) for photo in form.sent],
        )  # fmt: skip

    made = form.submit_to(propose)
    if isinstance(made, Project):
        flash(
            _("Merci ! Votre idée est publiée. Montrez-la autour de vous, et complétez son dossier quand vous voulez."),
            "success",
        )
        return redirect(url_for("projects.show", project_id=made.id), 303)
    if made:  # sent twice
        return redirect(url_for("ftu.ideas", campaign_id=campaign_id), 303)
    if {field.name for field in idea_forms.IdeaForm(formdata=None)} & set(form.errors):
        return _first_page(campaign_id, form, 422)
    return _last_page(known_campaign(campaign_id), form, 422)


def _last_page(campaign: Campaign, form: Any, status: int = 200) -> Any:
    form.offer_links(queries.terms_of(campaign))
    lon, lat = form.point
    found = listing.similar(campaign.id, title=form.title.data or "", lon=lon, lat=lat)
    quarter = next((str(choice.label) for choice in form.quarter.choices if choice.value == form.quarter.data), "")
    return render_template("ftu/idea_send.html", campaign=campaign, form=form, similar=found, quarter=quarter), status


def _find_address(campaign: Campaign, form: Any) -> None:
    """Without a point, an address that the geocoder knows in the commune gives one."""
    if form.point == (None, None):
        found = geocoding.search(form.place.data, citycode=campaign.fund.commune_code).candidates
        if len(found) == 1:
            form.lon.data, form.lat.data = found[0].lon, found[0].lat


@pages.route(f"/ftu/{PROJECT}/montrer", methods=["GET", "POST"])
@signed_in
def share(project_id: int) -> Any:
    """A draft becomes an idea that everybody reads and may support."""
    project = seen_works(project_id)
    form = idea_forms.ShareForm(link=project.bearer_link or None)
    form.offer_links(project.terms)
    return act_page(
        project_id, "share", form, "ftu/share.html",
        lambda form: services.share(current_actor(), project_id, link=form.link.data),
    )  # fmt: skip
