"""The one clock: moments in UTC, days in the site's time zone; tests and the demonstration may move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Paris")
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """The day it is in the quarter."""
    return now().astimezone(LOCAL).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is ``moment`` (aware)."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
