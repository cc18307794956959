"""What the agenda has read stays known, in this process, while nothing in the house has moved."""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, has_app_context
from sqlalchemy import func, select

from citizen.db import db
from citizen.journal.models import Event
from citizen.nqe.models import ProgrammeEvent
from citizen.places.models import TerritoryStamp

MOST = 300  # readings kept at once
FRESH_SECONDS = 30  # and never longer: on PostgreSQL an act may be recorded after one of a higher number
P = ParamSpec("P")
R = TypeVar("R")
_kept: dict[Hashable, Any] = {}
_stamps: list[Any] = [None]
_NEWEST = select(
    select(func.max(Event.id)).scalar_subquery(),
    select(func.max(ProgrammeEvent.id)).scalar_subquery(),
    select(TerritoryStamp.value).scalar_subquery(),
)


def _stamp() -> Any:
    """What changes as soon as an act is recorded, a date is added or the territory is imported; asked once a request."""
    if "agenda_stamp" not in g:
        g.agenda_stamp = (time.monotonic() // FRESH_SECONDS, *db.session.connection().execute(_NEWEST).one())
    return g.agenda_stamp


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """``read`` once for these arguments, until the stamp changes; its answer is never changed by who is given it."""

    @wraps(read)
    def known(*args: P.args, **kwargs: P.kwargs) -> R:
        stamp, key = _stamp(), (read.__name__, args, tuple(kwargs.items()))
        if _stamps[0] != stamp or len(_kept) >= MOST:
            _kept.clear()
            _stamps[0] = stamp
        if key not in _kept:
            _kept[key] = read(*args, **kwargs)
        return _kept[key]  # type: ignore[no-any-return]

    return known


def forget() -> None:
    """Knows nothing any more."""
    _kept.clear()
    if has_app_context():
        g.pop("agenda_stamp", None)
