"""Atom feeds: what the Region publishes, what moves in a territory, what the teams of a fund tell."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from citizen.api import feed
from citizen.db import db
from citizen.funds.models import Fund
from citizen.region import queries as region
from citizen.region.territory_views import found as territory_of
from citizen.web import feeds
from citizen.web.access import public
from citizen.web.views import settings

pages = Blueprint("feeds", __name__)


def _told(title: str, entries: list[feeds.Entry], endpoint: str, **values: Any) -> Response:
    """The feed, beside the page that shows the same."""
    base = settings().base_url.rstrip("/")
    page = base + url_for(endpoint, **values)
    text = feeds.atom(title, entries, address=base + request.path, page=page, author=settings().publisher)
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@pages.get("/initiatives.atom")
@public
def initiatives() -> Response:
    return _told(_("Les initiatives soutenues"), feed.initiatives(region.anywhere()), "region.gallery")


def _of_place(kind: str, endpoint: str) -> Callable[..., Response]:
    @public
    def place(**key: str) -> Response:
        """What moves in a territory."""
        found = territory_of(kind, next(iter(key.values())))
        title = _("Les projets d’ici : %(place)s", place=found.name)
        return _told(title, feed.of_place(found.here()), endpoint, **dict.fromkeys(key, found.code))

    return place


for _kind, _path, _name in (
    ("quartier", "/quartiers/<code>", "quarter"), ("commune", "/communes/<code>", "commune"),
    ("epci", "/intercommunalites/<siren>", "intermunicipality"), ("contrat", "/contrats/<slug>", "contract"),
):  # fmt: skip
    pages.add_url_rule(f"{_path}.atom", _name, _of_place(_kind, f"region.{_name}"))


@pages.get("/fonds/<int(max=2147483647):fund_id>.atom")
@public
def fund(fund_id: int) -> Response:
    found = db.session.get(Fund, fund_id) or abort(404)
    title = _("Les nouvelles des projets : %(fund)s", fund=found.title)
    return _told(title, feed.of_fund(fund_id), "funds.rules", fund_id=fund_id)
