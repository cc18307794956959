"""The agenda of the season: list, week, month and map; a page a date; calendar, news and points; a list for other sites."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, jsonify, render_template, request, session, stream_with_context, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.nqe import agenda, forms, ground, season
from citizen.nqe.agenda import Line
from citizen.nqe.feed import calendar_of, news_of, schema_of, where
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.season import Asked
from citizen.nqe.views import pages
from citizen.web.access import public
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number
from citizen.web.views import settings

LETTER = 26  # how wide a letter of a name is on the drawn map, at its largest
LIKED = "interested"  # the dates that this browser finds interesting: in its signed cookie, and nowhere else


def typed() -> dict[str, str]:
    """The filters of the address, cleaned."""
    return {name: clean(value) for name, value in request.args.items()}


def base_url() -> str:
    return settings().base_url.rstrip("/")


def page_of(event: ProgrammeEvent | Line) -> str:
    """The whole address of the page of a date."""
    return base_url() + url_for("nqe.event", event_id=event.id)


def known(event_id: int) -> ProgrammeEvent:
    """A date that the public may know; else 404."""
    return agenda.public_date(event_id) or abort(404)


@pages.get("/agenda", endpoint="agenda")
@public
def show() -> str:
    """The dates of the season under the filters of the address: a list by pages, a week, a month, or a map."""
    today = clock.today()
    wanted = season.asked(typed(), today)
    communes, quarters = ground.choices()
    return render_template(
        "nqe/agenda.html", wanted=wanted, today=today, kinds=forms.KIND_LABELS, audiences=forms.AUDIENCE_LABELS, communes=communes, quarters=quarters,
        lead=agenda.lead_name(wanted.lead) if wanted.lead else "", distances=[(km, _("%(km)d km", km=km)) for km in season.RADII],
        kept=wanted.kept, **SHOWN[wanted.view](wanted),
    )  # fmt: skip


def _list(wanted: Asked) -> dict[str, Any]:
    number = asked_number()
    dates = agenda.lines(wanted, limit=agenda.PER_PAGE, offset=(number - 1) * agenda.PER_PAGE)
    month = wanted.month or (dates[0].on if dates else wanted.first or clock.today()).replace(day=1)
    is_all = number == 1 and len(dates) < agenda.PER_PAGE
    page = Page(dates, number, agenda.PER_PAGE, len(dates) if is_all else agenda.count(wanted))
    return {"page": page, "month": month, "weeks": agenda.weeks(wanted, month), "neighbours": agenda.neighbours(month)}


def _week(wanted: Asked) -> dict[str, Any]:
    assert wanted.first is not None
    before, after = wanted.first - season.A_WEEK, wanted.first + season.A_WEEK
    return {"days": agenda.days_of_week(wanted), "around": (before, after)}


def _month(wanted: Asked) -> dict[str, Any]:
    assert wanted.month is not None
    weeks = agenda.weeks(wanted, wanted.month, with_titles=True)
    return {"month": wanted.month, "weeks": weeks, "neighbours": agenda.neighbours(wanted.month)}


def _map(wanted: Asked) -> dict[str, Any]:
    spots = ground.spots(wanted)
    return {"spots": spots, "drawn": drawn(spots)}


SHOWN: dict[str, Callable[[Asked], dict[str, Any]]] = {"": _list, "semaine": _week, "mois": _month, "carte": _map}


def drawn(spots: list[ground.Spot]) -> list[dict[str, Any]]:
    """The spots on a square of a thousand by a thousand, so that a map can be drawn without a script."""
    if not spots:
        return []
    lats, lons = [spot.lat for spot in spots], [spot.lon for spot in spots]
    south, west = min(lats), min(lons)
    side = max(max(lats) - south, (max(lons) - west) * 0.64, 0.02)  # at 50° north a degree of longitude is 0.64 of latitude
    across = (side - (max(lons) - west) * 0.64) / 2
    up = (side - (max(lats) - south)) / 2
    placed: list[dict[str, Any]] = [
        {
            "spot": spot, "x": round(80 + 840 * ((spot.lon - west) * 0.64 + across) / side),
            "y": round(920 - 840 * (spot.lat - south + up) / side), "r": round(12 + min(spot.count, 60) ** 0.5 * 5),
        }
        for spot in spots
    ]  # fmt: skip
    for rank, one in enumerate(placed):  # the busiest places are named; a name never hides another
        wide = LETTER * len(one["spot"].name)
        one["anchor"], left = ("start", 0) if one["x"] < 240 else ("end", wide) if one["x"] > 760 else ("middle", wide // 2)
        one["west"], one["east"] = one["x"] - left, one["x"] - left + wide
        one["is_named"] = wide > 0 and not any(
            other["is_named"]
            and abs(one["y"] - other["y"]) < 60
            and one["west"] < other["east"]
            and other["west"] < one["east"]
            for other in placed[:rank]
        )
    return placed


@pages.get("/agenda/points.geojson")
@public
def points() -> Response:
    """The spots of the map."""
    wanted = season.asked(typed(), clock.today())
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
            "properties": {
                "scheme": "nqe", "title": f"{spot.name} ({spot.count})",
                "url": url_for("nqe.agenda", quand=wanted.when or None, **wanted.kept | {"quartier": spot.quarter})
                if spot.quarter
                else None,
            },
        }
        for spot in ground.spots(wanted)
    ]  # fmt: skip
    response = jsonify(type="FeatureCollection", features=features)
    response.mimetype = "application/geo+json"
    return response


@pages.get("/agenda.ics")
@public
def feed() -> Response:
    """The same dates as a calendar file; the whole season when the address names no day."""
    return _streamed("text/calendar", lambda lines: calendar_of(lines, base=base_url(), address=page_of))


@pages.get("/agenda.rss")
@public
def news() -> Response:
    """The same dates as a news feed."""
    home = base_url() + url_for("nqe.agenda")
    return _streamed("application/rss+xml", lambda lines: news_of(lines, base=base_url(), home=home, address=page_of))


def _streamed(mimetype: str, write: Callable[[Iterator[Line]], Iterator[bytes]]) -> Response:
    """The dates asked for as a file that is made while it leaves; 304 when the reader has it already."""
    values = typed()
    if not any(values.get(name) for name in ("quand", "jour", "mois", "vue")):
        values["quand"] = "saison"
    wanted = season.asked(values, clock.today())
    tag = hashlib.sha256(repr((wanted, agenda.stamp(wanted))).encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304, mimetype=mimetype)
    else:
        response = Response(stream_with_context(write(agenda.stream(wanted))), content_type=f"{mimetype}; charset=utf-8")
    response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    return response


@pages.get("/agenda/<int(max=2147483647):event_id>")
@public
def event(event_id: int) -> str:
    found, day = known(event_id), agenda.day_of(event_id)
    return render_template(
        "nqe/event.html", event=found, day=day, is_liked=event_id in session.get(LIKED, ()), today=clock.today(), where=where(found), kinds=forms.KIND_LABELS, audiences=forms.AUDIENCE_LABELS, page_url=page_of(found),
        schema=schema_of(
            found, day, address=page_of(found), image=page_of(found) + ".png",
            lead_address=base_url() + url_for("nqe.agenda", porteur=found.project.organisation_id),
        ),
        directions=directions_to(found),
    )  # fmt: skip


def directions_to(event: ProgrammeEvent) -> str:
    """A map that leads there: to the point when it is known, else to the words of the place."""
    if event.lat is not None:
        return f"https://www.openstreetmap.org/directions?to={event.lat:.5f}%2C{event.lon:.5f}"
    return "https://www.openstreetmap.org/search?" + urlencode({"query": ", ".join(where(event))})


@pages.get("/agenda/<int(max=2147483647):event_id>.ics")
@public
def event_feed(event_id: int) -> Response:
    return Response(b"".join(calendar_of([known(event_id)], base=base_url(), address=page_of)), mimetype="text/calendar")
