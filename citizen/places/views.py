"""Public pages to find a place: outlines for the maps, search by name or address, where a point stands."""

import hashlib
import json
from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from citizen import clock
from citizen.kernel.findings import Invalid
from citizen.places import geocoding, index, queries
from citizen.places.geometry import Placed, simplified
from citizen.places.rules import KIND_LABELS, point
from citizen.web.access import public
from citizen.web.forms import clean
from citizen.web.security import limiter

pages = Blueprint("places", __name__)
OUTLINES_KEPT_SECONDS = 300
CLOSE_WITHIN_METRES = 5


@pages.get("/lieux/contours.geojson")
@public
def outlines() -> Response:
    """The quarters in force, light; ``?commune=`` gives every perimeter that touches one commune, precisely."""
    code = request.args.get("commune")
    if code and queries.commune(clean(code)) is None:
        abort(404)
    tag = hashlib.sha256(f"{index.stamp()} {clock.today()} {code or ''}".encode()).hexdigest()[:20]
    response = (
        Response(status=304) if request.if_none_match.contains_weak(tag) else _geojson(queries.drawn(code), is_close=bool(code))
    )
    response.set_etag(tag, weak=True)  # weak: the compressed answer keeps it
    response.headers["Cache-Control"] = f"public, max-age={OUTLINES_KEPT_SECONDS}"
    return response


def _geojson(perimeters: list[Placed], *, is_close: bool) -> Response:
    features = [_feature(perimeter, is_close=is_close) for perimeter in perimeters]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/geo+json")


def _feature(perimeter: Placed, *, is_close: bool) -> dict[str, object]:
    parts = simplified(perimeter.outline.parts, metres=CLOSE_WITHIN_METRES, digits=5) if is_close else perimeter.drawing
    told = {"code": perimeter.code, "name": perimeter.name, "kind": perimeter.kind, "version": perimeter.version}
    url = url_for("region.quarter", code=perimeter.code)
    return {"type": "Feature", "properties": told | {"url": url}, "geometry": {"type": "MultiPolygon", "coordinates": parts}}


@pages.get("/lieux/chercher")
@public
@limiter.limit("60 per minute")
def search() -> str:
    """Communes, quarters, intermunicipalities, contracts and, with a geocoder, addresses that the words may mean."""
    text = clean(request.args.get("q"))[:200]
    return render_template(
        "places/search.html",
        text=text,
        communes=queries.communes_matching(text),
        quarters=queries.perimeters_matching(text),
        intermunicipalities=queries.intermunicipalities_matching(text),
        contracts=queries.contracts_matching(text),
        has_addresses=geocoding.is_on(),
        addresses=geocoding.search(text) if text else geocoding.Answer(),
        kinds=KIND_LABELS,
    )


@pages.get("/lieux/situer")
@public
def situate() -> tuple[str | Response, int]:
    """Where a point stands; without a point, the form that asks for one."""
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    typed = {name: clean(request.args.get(name))[:40] for name in ("lon", "lat")}
    found, error = None, None
    if wants_json or any(typed.values()):
        try:
            found = queries.locate(*point(typed["lon"], typed["lat"]))
        except Invalid as refusal:
            error = refusal
    status = 422 if error else 200
    if wants_json:
        return jsonify(asdict(found) if found else {"field": error.field, "error": error.message}), status  # type: ignore[union-attr]
    return render_template("places/situate.html", found=found, error=error, kinds=KIND_LABELS, **typed), status
