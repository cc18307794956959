"""Public pages of the summer: what it is, its editions, the calendar of the season; the form that opens an edition."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date, format_time
from flask_babel import gettext as _

from citizen import clock
from citizen.kernel.access import Role
from citizen.nqe import forms, queries, season, services
from citizen.nqe.feed import calendar_of, moments, where
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.rules import NQE
from citizen.web.access import current_actor, duty, public
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number
from citizen.web.views import settings

pages = Blueprint("nqe", __name__)
COPIED = ("year", "theme_title", "theme_text", "season_starts_on", "season_ends_on", "opens_on", "closes_on")
FILTERS = ("commune", "quartier", "genre", "accessible")


@pages.app_template_filter("hour")
def hour(value: time) -> str:
    """« 14 h 30 »."""
    return format_time(datetime.combine(date.min, value), _("H 'h' mm"), rebase=False).removesuffix(" 00")


@pages.app_template_filter("weekday")
def weekday(value: date) -> str:
    """« samedi 12 juin 2027 »."""
    return format_date(value, _("EEEE d MMMM y"))


@pages.app_template_filter("month")
def month_name(value: date) -> str:
    """« juin 2027 »."""
    return format_date(value, _("MMMM y"))


@pages.get("/nqe")
@public
def about() -> str:
    """What it is, who decides, who may do what, this year's theme."""
    today = clock.today()
    return render_template(
        "nqe/about.html", scheme=NQE, edition=queries.current_edition(today), editions=queries.editions(),
        fund=queries.region_fund(), today=today,
    )  # fmt: skip


@pages.get("/nqe/editions/<int(max=9999):year>")
@public
def edition(year: int) -> str:
    found = queries.edition_of(year)
    if found is None:
        abort(404)
    return render_template(
        "nqe/edition.html",
        edition=found,
        figures=queries.figures(found),
        projects=queries.supported_projects(found),
        today=clock.today(),
    )


@pages.route("/nqe/editions/nouvelle", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def new_edition() -> Any:
    fund = queries.region_fund()
    form = forms.EditionForm()
    if fund and form.is_posted:
        done = form.submit_to(
            services.open_edition, current_actor(), fund.id, axes=form.axes_list, envelope_cents=form.envelope.data,
            **{name: form[name].data for name in COPIED},
        )  # fmt: skip
        if done:
            flash(_("L’édition est ouverte."), "success")
            return redirect(url_for("nqe.edition", year=form.year.data), 303)
    return render_template("nqe/new_edition.html", form=form, fund=queries.region_fund()), 422 if form.is_posted else 200


@pages.get("/agenda")
@public
def agenda() -> str:
    """The dates of the season, a page at a time, under the filters of the address."""
    values = _typed()
    wanted, number = season.asked(values, clock.today()), asked_number()
    dates = season.dates(wanted, limit=season.PER_PAGE, offset=(number - 1) * season.PER_PAGE)
    page = Page(dates, number, season.PER_PAGE, season.count(wanted))
    month = wanted.month or (dates[0].on if dates else wanted.first or clock.today()).replace(day=1)
    return render_template(
        "nqe/agenda.html", page=page, wanted=wanted, today=clock.today(), month=month, weeks=season.weeks(wanted, month),
        neighbours=season.neighbours(month), kinds=forms.KIND_LABELS, communes=season.commune_choices(),
        quarters=season.quarter_choices(), kept={name: values[name] for name in FILTERS if values.get(name)}, where=where,
    )  # fmt: skip


@pages.get("/agenda.ics")
@public
def feed() -> Response:
    """The same dates as a calendar file; the whole season when the address names no day."""
    values = _typed()
    if not any(values.get(name) for name in ("quand", "jour", "mois")):
        values["quand"] = "saison"
    wanted = season.asked(values, clock.today())
    response = Response(mimetype="text/calendar")
    response.set_etag(hashlib.sha256(repr((wanted, season.stamp(wanted))).encode()).hexdigest()[:32])
    response.cache_control.no_cache = True
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    response.data = _calendar(season.dates(wanted, limit=season.MOST_IN_FEED))
    return response


@pages.get("/agenda/<int(max=2147483647):event_id>")
@public
def event(event_id: int) -> str:
    found = _known(event_id)
    return render_template("nqe/event.html", event=found, moments=moments(found), where=where(found), kinds=forms.KIND_LABELS)


@pages.get("/agenda/<int(max=2147483647):event_id>.ics")
@public
def event_feed(event_id: int) -> Response:
    return Response(_calendar([_known(event_id)]), mimetype="text/calendar")


def _typed() -> dict[str, str]:
    return {name: clean(value) for name, value in request.args.items()}


def _known(event_id: int) -> ProgrammeEvent:
    found = season.public_date(event_id)
    if found is None:
        abort(404)
    return found


def _calendar(events: Sequence[ProgrammeEvent]) -> bytes:
    base = settings().base_url.rstrip("/")
    return calendar_of(
        events, host=urlsplit(base).hostname or "citizen", address=lambda event: base + url_for("nqe.event", event_id=event.id)
    )
