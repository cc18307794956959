"""Dates of the season as a calendar file (RFC 5545), for telephones and agendas."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _

from citizen.clock import LOCAL
from citizen.nqe.models import ProgrammeEvent
from citizen.web.calendars import Entry, calendar_file

USUAL_LENGTH = timedelta(hours=2)  # when no end is told


def moments(event: ProgrammeEvent) -> tuple[datetime, datetime]:
    """When it starts and ends, aware, on the quarter's clock; an evening may end on the next day."""
    starts = datetime.combine(event.on, event.starts_at, LOCAL)
    if event.ends_at is None:
        # counted in real time: two hours stay two hours on the night the clocks change
        return starts, (starts.astimezone(UTC) + USUAL_LENGTH).astimezone(LOCAL)
    ends = datetime.combine(event.on, event.ends_at, LOCAL)
    return starts, ends if event.ends_at > event.starts_at else ends + timedelta(days=1)


def calendar_of(events: Iterable[ProgrammeEvent], *, host: str, address: Callable[[ProgrammeEvent], str]) -> bytes:
    """The events as one calendar; ``host`` makes their identifiers stable, ``address`` gives their page."""
    return calendar_file(_("Agenda de l’été"), (_entry(event, host, address(event)) for event in events))


def _entry(event: ProgrammeEvent, host: str, address: str) -> Entry:
    starts, ends = moments(event)
    return Entry(
        uid=f"date-{event.id}@{host}", changes=event.changes, changed_at=event.changed_at, starts_at=starts, ends_at=ends,
        title=title_of(event), place=", ".join(filter(None, where(event))), url=address, is_cancelled=event.is_cancelled,
        text="\n\n".join(filter(None, (event.note, event.details, event.fallback, address))),
        point=(event.lat, event.lon) if event.lat is not None and event.lon is not None else None,
    )  # fmt: skip


def title_of(event: ProgrammeEvent) -> str:
    """The title, with what must be known at once in front."""
    if event.is_cancelled:
        return _("ANNULÉ : %(title)s", title=event.title)
    return _("DÉPLACÉ : %(title)s", title=event.title) if event.is_moved else event.title


def where(event: ProgrammeEvent) -> list[str]:
    """The place in words, from the spot to the commune."""
    quarter = event.perimeter
    return [event.place, quarter.name if quarter else "", ", ".join(town.name for town in quarter.communes) if quarter else ""]
