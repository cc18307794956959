"""The published initiatives in the pages of other sites: a list, a map drawn without script, and what to copy."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from citizen.nqe.agenda_views import drawn
from citizen.nqe.ground import Spot
from citizen.nqe.posters import mention
from citizen.region import listing as shown
from citizen.region import queries
from citizen.region.rules import Asked
from citizen.web import embedding
from citizen.web.access import public
from citizen.web.forms import clean
from citizen.web.views import settings

pages = Blueprint("embeds", __name__)
MOST = 20
KINDS = {"liste": "embeds.initiatives", "carte": "embeds.map_page"}


def _typed() -> dict[str, str]:
    return {name: clean(value)[:200] for name, value in request.args.items()}


def _asked() -> Asked:
    return Asked(**{name: value for name, value in _typed().items() if name in Asked.__dataclass_fields__})


def _base() -> str:
    return settings().base_url.rstrip("/")


def _framed(template: str, asked: Asked, **values: Any) -> Response:
    """The frame, with the way to the whole."""
    filters: dict[str, Any] = asked.given
    whole = _base() + url_for("region.gallery", **filters)
    told = {"look": embedding.look(_typed()), "base": _base(), "whole": whole, "mention": mention()}
    return embedding.framed(render_template(template, **told, **values))


@pages.get("/integrer/initiatives")
@public
def initiatives() -> Response:
    """The newest, for the frame of another site."""
    asked = _asked()
    return _framed("api/embed_list.html", asked, cards=shown.cards(queries.asked_for(asked), limit=MOST))


@pages.get("/integrer/carte")
@public
def map_page() -> Response:
    """How many in each quarter: drawn, and as a list."""
    asked = _asked()
    clusters = list(shown.clusters(queries.asked_for(asked)))
    spots = [
        Spot(one.quarter or one.commune or "", one.quarter_code, round(one.lat, 3), round(one.lon, 3), one.count)
        for one in sorted(clusters, key=lambda one: -one.count)
        if one.lat is not None and one.lon is not None
    ]
    ways = [(one, _base() + url_for("region.map_page", **dict[str, Any](asked.given | one.filter))) for one in clusters]
    return _framed("api/embed_map.html", asked, drawn=drawn(spots), clusters=ways)


@pages.get("/integrer")
@public
def compose() -> str:
    """What a commune or an association copies into its own page."""
    typed, asked = _typed(), _asked()
    kind = typed.get("forme", "") if typed.get("forme") in KINDS else "liste"
    filters: dict[str, Any] = asked.given | embedding.chosen(typed)
    address = _base() + url_for(KINDS[kind], **filters)
    return render_template(
        "api/embedding.html", asked=asked, kind=kind, look=embedding.look(typed), choices=queries.choices(), address=address,
        snippet=embedding.snippet(address, _("Les initiatives soutenues")),
    )  # fmt: skip
