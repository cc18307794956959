"""What a list shows, kept in the address: its page, its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from citizen import clock


@dataclass(frozen=True)
class Page:
    """One page of ``items`` out of ``total``; ``number`` counts from 1."""

    items: Sequence[Any]
    number: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def url(self, number: int) -> str:
        """The same list, another page."""
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
        # Never through url_for: what the address names is anybody's, and some names are its own (« _external »).
        return f"{url_for(request.endpoint or '', **(request.view_args or {}))}?{urlencode([*kept, ('page', number)])}"


def asked_number(limit: int = 10_000) -> int:
    """The page asked for; anything unreadable is the first."""
    typed = request.args.get("page", "")
    return min(max(int(typed[:9]), 1), limit) if typed.isascii() and typed.isdigit() else 1


def asked_day() -> date | None:
    """The day in the address (« au »); none when it is not one, is today or is to come."""
    try:
        found = date.fromisoformat(request.args.get("au", ""))
    except ValueError:
        return None
    return found if found < clock.today() else None
