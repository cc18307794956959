"""Pages before the study: the calendar of a campaign, and an idea that is shown to everybody."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.ftu import forms, queries, services
from citizen.ftu.phases import LABELS, Phase
from citizen.ftu.views import CAMPAIGN, PROJECT, known_campaign, pages, seen_works
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.projects.views import act_page
from citizen.web.access import current_actor, duty, signed_in

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


@pages.route(f"/ftu/{PROJECT}/montrer", methods=["GET", "POST"])
@signed_in
def share(project_id: int) -> Any:
    """A draft becomes an idea that everybody reads and may support."""
    project = seen_works(project_id)
    form = forms.ShareForm(link=project.bearer_link or None)
    form.offer_links(project.terms)
    return act_page(
        project_id, "share", form, "ftu/share.html",
        lambda form: services.share(current_actor(), project_id, link=form.link.data),
    )  # fmt: skip
