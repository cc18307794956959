"""Dates as a calendar file (RFC 5545), for telephones and agendas; and as an invitation that follows its changes (RFC 5546)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, Timezone

from citizen.clock import LOCAL

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


@dataclass(frozen=True)
class Entry:
    """One date. ``uid`` stays the same whatever changes; ``changes`` counts them; moments are aware, on the quarter's clock."""

    uid: str
    changes: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    text: str
    url: str
    is_cancelled: bool = False
    point: tuple[float, float] | None = None  # latitude, longitude


def calendar_file(name: str, entries: Iterable[Entry], *, method: str = "PUBLISH", host: str = "", guest: str = "") -> bytes:
    """The entries as one calendar. With « REQUEST » or « CANCEL » it invites ``guest`` in the name of ``host``, both addresses."""
    return b"".join(calendar_stream(name, entries, method=method, host=host, guest=guest))


def calendar_stream(
    name: str, entries: Iterable[Entry], *, method: str = "PUBLISH", host: str = "", guest: str = ""
) -> Iterator[bytes]:
    """The same calendar, one entry at a time: its length costs no memory."""
    book = Calendar()
    book.add("prodid", "-//citizen//agenda//FR")
    book.add("version", "2.0")
    book.add("method", method)
    book.add("x-wr-calname", name)
    book.add("x-wr-timezone", str(LOCAL))
    book.add_component(Timezone.from_ical(PARIS))
    head, end, _nothing = book.to_ical().partition(b"END:VCALENDAR")
    yield head
    for one in entries:
        event = _event(one)
        if guest:
            event.add("organizer", f"mailto:{host}")
            event.add("attendee", f"mailto:{guest}", parameters={"RSVP": "FALSE"})
        yield event.to_ical()
    yield end + b"\r\n"


def _event(one: Entry) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.changes)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", one.title)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("location", one.place)
    event.add("description", one.text)
    event.add("url", one.url)
    if one.point:
        event.add("geo", one.point)
    return event
