"""Pages of the whole region: home, what is supported (gallery, map, figures, open data), the officers' desk."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import ColumnElement

from citizen import clock
from citizen.ballots.queries import open_polls
from citizen.ballots.showing import face
from citizen.nqe.queries import current_edition
from citizen.projects import listing
from citizen.region import figures, publishing, queries
from citizen.region import listing as shown
from citizen.region.rules import Asked, Cluster, marker
from citizen.web.access import public
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number

pages = Blueprint("region", __name__)
NEWEST = OPEN_POLLS = 6
PER_PAGE = 24
GEOJSON = "application/geo+json"


@pages.get("/")
@public
def home() -> str:
    today = clock.today()
    edition = current_edition(today)
    return render_template(
        "region/home.html",
        today=today,
        calls=queries.open_calls(),
        polls=[face(poll) for poll in open_polls()[:OPEN_POLLS]],
        edition=edition if edition and edition.season_ends_on >= today else None,
        newest=shown.cards(queries.anywhere(), limit=NEWEST),
        totals=figures.totals(),
    )


def _page(condition: ColumnElement[bool], per_page: int) -> Page:
    number = asked_number()
    rows, total = listing.page_of(condition, number, per_page)
    return Page(rows, number, per_page, total)


def _asked() -> Asked:
    """The filters, from the address."""
    return Asked(**{name: clean(request.args.get(name))[:200] for name in Asked.__dataclass_fields__})


def _gallery(template: str, per_page: int, **values: Any) -> str:
    asked, number = _asked(), asked_number()
    found, total = shown.page_of(queries.asked_for(asked), number, per_page)
    page = Page(found, number, per_page, total)
    return render_template(template, page=page, asked=asked, choices=queries.choices(), **values)


@pages.get("/initiatives")
@public
def gallery() -> str:
    return _gallery(
        "region/gallery.html", PER_PAGE, month=shown.picture_of_month(), collections=shown.shown_collections()
    )  # fmt: skip


@pages.get("/initiatives/carte")
@public
def map_page() -> str:
    """The same list beside its map, and quarter by quarter; without script the lists stand alone."""
    asked = _asked()
    clusters = [(one, _on_map(asked, one)) for one in shown.clusters(queries.asked_for(asked))]
    return _gallery("region/map.html", listing.PER_PAGE, clusters=clusters)


def _on_map(asked: Asked, cluster: Cluster) -> str:
    """The list of what a marker counts, under the same filters."""
    filters: dict[str, Any] = asked.given | cluster.filter
    return url_for("region.map_page", **filters)


@pages.get("/initiatives/points.geojson")
@public
def points() -> Response:
    """What the map shows: how many in each quarter, under the filters of the address."""
    asked = _asked()
    return publishing.published(
        lambda: publishing.collection(
            iter([marker(one, _on_map(asked, one)) for one in shown.clusters(queries.asked_for(asked))])
        ),
        GEOJSON,
    )
