"""Dates of the season as a calendar file (RFC 5545), for telephones and agendas."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone

from citizen.clock import LOCAL
from citizen.nqe.models import ProgrammeEvent

# For readers that know no time zones. The hour changes on the last Sundays of March and October. Source: directive 2000/84/CE
PARIS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
USUAL_LENGTH = timedelta(hours=2)  # when no end is told


def moments(event: ProgrammeEvent) -> tuple[datetime, datetime]:
    """When it starts and ends, aware, on the quarter's clock; an evening may end on the next day."""
    starts = datetime.combine(event.on, event.starts_at, LOCAL)
    if event.ends_at is None:
        # counted in real time: two hours stay two hours on the night the clocks change
        return starts, (starts.astimezone(UTC) + USUAL_LENGTH).astimezone(LOCAL)
    ends = datetime.combine(event.on, event.ends_at, LOCAL)
    return starts, ends if event.ends_at > event.starts_at else ends + timedelta(days=1)


def calendar_file(events: Iterable[ProgrammeEvent], *, host: str, address: Callable[[ProgrammeEvent], str]) -> bytes:
    """The events as one calendar; ``host`` makes their identifiers stable, ``address`` gives their page."""
    book = Calendar()
    book.add("prodid", "-//citizen//agenda//FR")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("Agenda de l’été"))
    book.add("x-wr-timezone", str(LOCAL))
    book.add_component(Timezone.from_ical(PARIS))
    for event in events:
        book.add_component(_entry(event, host, address(event)))
    return book.to_ical()


def _entry(event: ProgrammeEvent, host: str, address: str) -> Event:
    starts, ends = moments(event)
    entry = Event()
    entry.add("uid", f"date-{event.id}@{host}")
    entry.add("sequence", event.changes)
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("dtstart", starts)
    entry.add("dtend", ends)
    entry.add("summary", title_of(event))
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("location", ", ".join(filter(None, where(event))))
    entry.add("description", "\n\n".join(filter(None, (event.note, event.details, event.fallback, address))))
    entry.add("url", address)
    if event.lat is not None and event.lon is not None:
        entry.add("geo", (event.lat, event.lon))
    return entry


def title_of(event: ProgrammeEvent) -> str:
    """The title, with what must be known at once in front."""
    if event.is_cancelled:
        return _("ANNULÉ : %(title)s", title=event.title)
    return _("DÉPLACÉ : %(title)s", title=event.title) if event.is_moved else event.title


def where(event: ProgrammeEvent) -> list[str]:
    """The place in words, from the spot to the commune."""
    quarter = event.perimeter
    return [event.place, quarter.name if quarter else "", ", ".join(town.name for town in quarter.communes) if quarter else ""]
