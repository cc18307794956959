"""Public pages of the summer: what it is, its editions; the form that opens an edition."""

from datetime import date, time
from functools import lru_cache
from typing import Any

from babel.dates import format_time
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from citizen import clock
from citizen.kernel.access import Role
from citizen.nqe import edition as writing
from citizen.nqe import forms, queries, services
from citizen.nqe.milestones import KNOWN
from citizen.nqe.rules import NQE
from citizen.web.access import current_actor, duty, public

pages = Blueprint("nqe", __name__)


@pages.app_template_filter("hour")
def hour(value: time) -> str:
    """« 14 h 30 », never cut at the end of a line."""
    return _hour(value, _("H 'h' mm"), str(get_locale() or "fr"))


@lru_cache(maxsize=2_000)  # a page of dates tells the same hours again and again
def _hour(value: time, pattern: str, locale: str) -> str:
    return format_time(value, pattern, locale=locale).removesuffix(" 00").replace(" ", "\N{NO-BREAK SPACE}")


@pages.app_template_filter("weekday")
def weekday(value: date) -> str:
    """« samedi 12 juin 2027 »."""
    return format_date(value, _("EEEE d MMMM y"))


@pages.app_template_filter("shortday")
def shortday(value: date) -> str:
    """« sam. 12 juin »."""
    return format_date(value, _("EEE d MMM"))


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
        fund=queries.region_fund(), today=today, known=KNOWN,
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
        documents=writing.documents(found.id),
        review=queries.review_of(found),
        today=clock.today(),
    )


@pages.route("/nqe/editions/nouvelle", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def new_edition() -> Any:
    fund = queries.region_fund()
    form = forms.EditionForm()
    if fund and form.is_posted and form.submit_to(lambda: services.open_edition(current_actor(), fund.id, **form.values)):
        flash(_("L’édition est ouverte."), "success")
        return redirect(url_for("nqe.edition", year=form.year.data), 303)
    values = {
        "form": form,
        "fund": queries.region_fund(),
        "last": next(iter(queries.editions()), None),
        "draft": writing.draft(),
    }
    return render_template("nqe/new_edition.html", **values), 422 if form.is_posted else 200
