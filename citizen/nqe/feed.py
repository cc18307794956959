"""Dates of the season for machines: a calendar file (RFC 5545), news (RSS 2.0), and what search engines read (schema.org)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from citizen.clock import LOCAL
from citizen.nqe.agenda import Line
from citizen.nqe.models import ProgrammeEvent
from citizen.nqe.season_models import EventDay
from citizen.web.calendars import Entry, calendar_stream
from citizen.web.feeds import Entry as News
from citizen.web.feeds import rss
from citizen.web.filters import day

USUAL_LENGTH = timedelta(hours=2)  # when no end is told
AT_A_TIME = 50
Dated = ProgrammeEvent | Line
Address = Callable[[Dated], str]


def moments(event: Dated) -> tuple[datetime, datetime]:
    """When it starts and ends, aware, on the quarter's clock; an evening may end on the next day."""
    starts = datetime.combine(event.on, event.starts_at, LOCAL)
    if event.ends_at is None:
        # counted in real time: two hours stay two hours on the night the clocks change
        return starts, (starts.astimezone(UTC) + USUAL_LENGTH).astimezone(LOCAL)
    ends = datetime.combine(event.on, event.ends_at, LOCAL)
    return starts, ends if event.ends_at > event.starts_at else ends + timedelta(days=1)


def calendar_of(events: Iterable[Dated], *, base: str, address: Address) -> Iterator[bytes]:
    """The events as one calendar, some at a time; ``base`` makes their identifiers stable, ``address`` gives their page."""
    host = urlsplit(base).hostname or "citizen"
    parts = calendar_stream(_("Agenda de l’été"), (_entry(event, host, address(event)) for event in events))
    return _some_at_a_time(parts)


def _some_at_a_time(parts: Iterable[bytes]) -> Iterator[bytes]:
    kept: list[bytes] = []
    for part in parts:
        kept.append(part)
        if len(kept) == AT_A_TIME:
            yield b"".join(kept)
            kept = []
    yield b"".join(kept)


def _entry(event: Dated, host: str, address: str) -> Entry:
    starts, ends = moments(event)
    return Entry(
        uid=f"date-{event.id}@{host}", changes=event.changes, changed_at=event.changed_at, starts_at=starts, ends_at=ends,
        title=title_of(event), place=", ".join(where(event)), url=address, is_cancelled=event.is_cancelled,
        text="\n\n".join(filter(None, (event.note, event.details, event.fallback, address))),
        point=(event.lat, event.lon) if event.lat is not None and event.lon is not None else None,
    )  # fmt: skip


def title_of(event: Dated) -> str:
    """The title, with what must be known at once in front."""
    if event.is_cancelled:
        return _("ANNULÉ : %(title)s", title=event.title)
    return _("DÉPLACÉ : %(title)s", title=event.title) if event.is_moved else event.title


def where(event: Dated) -> list[str]:
    """The place in words, from the spot to the commune."""
    if isinstance(event, Line):
        return event.where
    quarter = event.perimeter
    towns = ", ".join(town.name for town in quarter.communes) if quarter else ""
    return [words for words in (event.place, quarter.name if quarter else "", towns) if words]


def news_of(events: Iterable[Dated], *, base: str, home: str, address: Address) -> Iterator[bytes]:
    """The events as RSS 2.0, in the order they happen; a change has another identity, so that readers show it again."""
    host = urlsplit(base).hostname or "citizen"
    told = (_news(event, host, address(event)) for event in events)
    about = _("Ce qui se passe dans les quartiers : gratuit, pour tout le monde.")
    return _some_at_a_time(part.encode() for part in rss(_("Agenda de l’été"), about, told, page=home))


def _news(event: Dated, host: str, address: str) -> News:
    starts = moments(event)[0]
    when = _("%(day)s à %(hour)s", day=day(event.on), hour=f"{starts:%H:%M}")
    told = " · ".join(filter(None, (when, ", ".join(where(event)), event.note, event.details)))
    return News(
        f"date-{event.id}-{event.changes}@{host}", f"{title_of(event)} – {when}", address, event.changed_at, told, event.kind
    )


def schema_of(event: ProgrammeEvent, around: EventDay | None, *, address: str, image: str, lead_address: str) -> dict[str, Any]:
    """The date as a schema.org Event, for search engines (JSON-LD)."""
    starts, ends = moments(event)
    status = "EventCancelled" if event.is_cancelled else "EventRescheduled" if event.is_moved else "EventScheduled"
    lead, quarter = event.project.organisation, event.perimeter
    town = quarter.communes[0] if quarter and quarter.communes else event.project.commune
    place: dict[str, Any] = {
        "@type": "Place", "name": event.place,
        "address": {"@type": "PostalAddress", "streetAddress": event.place, "addressCountry": "FR",
                    **({"addressLocality": town.name} if town else {})},
    }  # fmt: skip
    if event.lat is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.lat, "longitude": event.lon}
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "Event", "name": event.title, "url": address, "image": [image],
        "startDate": starts.isoformat(), "endDate": ends.isoformat(), "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode", "location": place, "inLanguage": "fr",
        "description": event.details or event.project.summary, "isAccessibleForFree": bool(event.project.is_free),
    }  # fmt: skip
    if lead:
        found["organizer"] = {"@type": "Organization", "name": lead.name, "url": lead_address}
    if event.is_moved and event.planned_on and event.planned_at:
        found["previousStartDate"] = datetime.combine(event.planned_on, event.planned_at, LOCAL).isoformat()
    is_full = bool(event.capacity and around and around.takes_bookings and around.booked >= event.capacity)
    if event.project.is_free:
        stock = "https://schema.org/SoldOut" if is_full else "https://schema.org/InStock"
        found["offers"] = {"@type": "Offer", "price": 0, "priceCurrency": "EUR", "availability": stock, "url": address}
    if event.capacity:
        found["maximumAttendeeCapacity"] = event.capacity
        if around and around.takes_bookings:
            found["remainingAttendeeCapacity"] = max(0, event.capacity - around.booked)
    return found
