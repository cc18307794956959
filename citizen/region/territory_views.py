"""One page for each quarter, commune, intermunicipality and city contract: all that goes with it, and what leads up and down."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape

from citizen import clock
from citizen.db import db
from citizen.places import index
from citizen.places import queries as places
from citizen.places.models import Intermunicipality
from citizen.places.rules import QUARTERS, RENEWAL_LABELS, SIGNATORY_LABELS
from citizen.projects import listing
from citizen.projects.models import Project
from citizen.region import pages as here
from citizen.region import publishing, queries, territory
from citizen.region.pages import Around
from citizen.region.rules import DEPARTEMENTS, limits
from citizen.region.territory import Territory
from citizen.region.views import GEOJSON, pages
from citizen.web.access import public
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number
from citizen.web.views import settings

SCHEMES = ("pic", "ftu", "nqe", "idea")
PER_PAGE = 12


def found(kind: str, code: str) -> Territory:
    return territory.find(f"{kind}:{clean(code)}") or abort(404)


def trail(place: Territory, around: Around) -> list[tuple[str, str | None]]:
    """The way down to the place: its contract, its intermunicipality, its commune."""
    held: dict[str, list[tuple[str, str | None]]] = {
        "contrat": [(one.title, url_for("region.contract", slug=one.slug)) for one in around.contracts],
        "epci": [(one.name, url_for("region.intermunicipality", siren=one.siren)) for one in around.intermunicipalities],
        "commune": [(one.name, url_for("region.commune", code=one.code)) for one in around.communes],
    }
    above = [kind for kind in held if kind != place.kind][: [*held, "quartier"].index(place.kind)]
    first = [(_("Contrats de ville"), url_for("region.contracts"))] if around.contracts else []
    return [
        (_("Accueil"), url_for("region.home")),
        *first,
        *(held[kind][0] for kind in above if held[kind]),
        (place.name, None),
    ]


def shown(template: str, place: Territory, **more: Any) -> str:
    """The page of a place: as many questions to the database whatever happens there."""
    scheme = request.args.get("dispositif", "")
    scheme = scheme if scheme in SCHEMES else ""
    number, wanted = asked_number(), place.here()
    if scheme:
        wanted &= Project.scheme == scheme
    rows, total = listing.page_of(wanted, number, PER_PAGE)
    around = here.around(place)
    return render_template(
        f"region/{template}.html", place=place, around=around, trail=trail(place, around), money=here.money(place),
        feed=url_for(f"feeds.{template}", **(request.view_args or {})), calls=here.calls(place), polls=here.polls(place), dates=here.dates(place), sittings=here.sittings(place),
        contacts=here.contacts(place), help=here.help_near(place), scheme=scheme, today=clock.today(),
        page=Page(rows, number, PER_PAGE, total), **more,
    )  # fmt: skip


@pages.get("/quartiers/<code>")
@public
def quarter(code: str) -> Any:
    """Everything of one quarter, whatever the version of its outline."""
    place = territory.find(f"quartier:{clean(code)}")
    if place is None and places.commune(clean(code)):  # an outline of a whole commune
        return redirect(url_for("region.commune", code=clean(code)))
    return shown("quarter", place or abort(404))


@pages.get("/communes/<code>")
@public
def commune(code: str) -> str:
    """Everything of one commune."""
    place = found("commune", code)
    return shown("commune", place, commune=places.commune(place.code))


@pages.get("/intercommunalites/<siren>")
@public
def intermunicipality(siren: str) -> str:
    """Everything of one intermunicipality."""
    place = found("epci", siren)
    return shown("intermunicipality", place, group=db.session.get(Intermunicipality, place.code))


@pages.get("/contrats/<slug>")
@public
def contract(slug: str) -> str:
    """Everything of one city contract: what was signed, what is not known, and what happens on its quarters."""
    place = found("contrat", slug)
    kinds = {"signatory_kinds": SIGNATORY_LABELS, "renewal_kinds": RENEWAL_LABELS}
    return shown("contract", place, contract=places.contract(place.code), **kinds)


@pages.get("/contrats")
@public
def contracts() -> str:
    """Every city contract that the Region has described."""
    return render_template("region/contracts.html", contracts=places.contracts(), today=clock.today())


@pages.get("/lieux")
@public
def every_place() -> str:
    """All the places that have a page, from the département down to the quarter."""
    return render_template("region/places.html", listed=here.listed(), departements=DEPARTEMENTS)


MAIN = ("region.home", "region.gallery", "region.every_place", "region.contracts", "projects.index", "nqe.agenda", "ballots.index",
        "pic.about", "ftu.about", "nqe.about", "region.data", "web.help_page")  # fmt: skip


@pages.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The addresses of the main pages and of every place, for search engines. Source: sitemaps.org, protocol 0.9."""
    rows, base = here.listed(), settings().base_url.rstrip("/")
    paths = [url_for(endpoint) for endpoint in MAIN]
    paths += [url_for("region.contract", slug=one.slug) for one in places.contracts()]
    paths += [url_for("region.intermunicipality", siren=siren) for siren in sorted({one.siren for one in rows} - {""})]
    paths += [url_for("region.commune", code=code) for code in sorted({one.town_code for one in rows})]
    paths += [url_for("region.quarter", code=code) for code in sorted({one.code for one in rows})]
    urls = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Response(text, content_type="application/xml; charset=utf-8")


@pages.get("/quartiers/<code>/contour.geojson")
@public
def outline(code: str) -> Response:
    """The limits of the quarter; an old one is no longer among the outlines in force."""
    newest, *_former = queries.versions_of(clean(code), with_outline=True) or abort(404)
    return publishing.published(lambda: publishing.collection(iter([limits(newest.name, newest.outline)])), GEOJSON)


@pages.get("/<any(contrats, intercommunalites):kind>/<code>/contours.geojson")
@public
def outlines(kind: str, code: str) -> Response:
    """The limits of the quarters of a contract or an intermunicipality, light."""
    place = found({"contrats": "contrat", "intercommunalites": "epci"}[kind], code)
    mine = {one.id for one in here.around(place).quarters if one.valid_until is None or kind == "contrats"}
    drawn = [one for one in index.placed(QUARTERS) if one.id in mine]
    lines = (limits(one.name, one.drawing, url_for("region.quarter", code=one.code)) for one in drawn)
    return publishing.published(lambda: publishing.collection(lines), GEOJSON)
