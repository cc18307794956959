"""Pages of a long list, kept in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for


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
        kept: dict[str, Any] = {key: request.args.getlist(key) for key in request.args if key != "page"}
        return url_for(request.endpoint or "", **(request.view_args or {}), **kept, page=number)


def asked_number(limit: int = 10_000) -> int:
    """The page asked for; anything unreadable is the first."""
    typed = request.args.get("page", "")
    return min(int(typed), limit) if typed.isascii() and typed.isdigit() and int(typed[:9]) > 0 else 1
