"""The read API: ten lists and what they hold, for programs; its description, and the same as a page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request
from marshmallow import ValidationError

from citizen.api import pages as described
from citizen.api.queries import Wanted
from citizen.api.rules import cursor_after
from citizen.api.showing import RESOURCES, Resource, address
from citizen.places import queries as places
from citizen.region.queries import versions_of
from citizen.web.access import public
from citizen.web.errors import MACHINES, problem
from citizen.web.security import SLOW_DOWN, limiter
from citizen.web.views import settings

pages = Blueprint("api", __name__)
pages.before_request(limiter.limit(f"{described.PER_MINUTE} per minute", error_message=SLOW_DOWN)(lambda: None))
KNOWN_PLACES: dict[str, Callable[[str], Any]] = {"commune": places.commune, "quartier": versions_of}
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Retry-After"}
ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}  # fmt: skip


def asked(resource: Resource | None) -> dict[str, Any]:
    """The filters of the address; raises ValidationError with a sentence for each that is not known."""
    typed = request.args
    wrong = {
        name: ["Donnez-le une fois, sans signe invisible."]
        for name in typed
        if len(typed.getlist(name)) > 1 or not (name + typed[name]).isprintable()
    }
    if resource is None and typed:
        wrong = {name: ["Aucun filtre ici."] for name in typed} | wrong
    if wrong:
        raise ValidationError(wrong)
    return described.asked_of(resource)().load(typed.to_dict()) if resource else {}


def refused(error: ValidationError) -> Response:
    faults = [
        {"parametre": name, "message": " ".join(sentences)} for name, sentences in sorted(error.normalized_messages().items())
    ]
    told = " ".join(f"« {fault['parametre']} » : {fault['message']}" for fault in faults)
    return problem(422, told, faults)


def _list(resource: Resource) -> Callable[[], Response]:
    def read() -> Response:
        try:
            given = asked(resource)
        except ValidationError as error:
            return refused(error)
        for name in KNOWN_PLACES.keys() & given.keys():
            if not KNOWN_PLACES[name](given[name]):
                return problem(404, f"« {name} » : {given[name]} n’est le code d’aucun lieu connu ici.")
        limit, cursor = given.pop("limite"), given.pop("curseur", "")
        found = resource.read(Wanted(limit + 1, cursor, given))
        rows = [resource.show(one) for one in found[:limit]]
        after = cursor_after(rows[-1][resource.identifier]) if len(found) > limit else None
        kept = {name: value for name, value in request.args.items() if name != "curseur"}
        onward = f"{address(f'api.{resource.name}')}?{urlencode(kept | {'curseur': after})}" if after else None
        told = {"donnees": rows, "curseur_suivant": after, "suivant": onward}
        return jsonify(described.page_of(resource)().dump(told))

    return read


def _one(resource: Resource) -> Callable[..., Response]:
    def read(**key: Any) -> Response:
        (wanted,) = key.values()
        try:
            asked(None)
        except ValidationError as error:
            return refused(error)
        found = resource.one(wanted) if isinstance(wanted, int) or wanted.isprintable() else None
        return jsonify(resource.schema_one().dump(resource.show_one(found or abort(404))))

    return read


for _resource in RESOURCES:
    _converter, _name = _resource.key
    pages.add_url_rule(f"{MACHINES}{_resource.name}", _resource.name, public(_list(_resource)))
    pages.add_url_rule(f"{MACHINES}{_resource.name}/<{_converter}:{_name}>", f"{_resource.name}_one", public(_one(_resource)))


@pages.get("/api/v1/openapi.json")
@public
def openapi() -> Response:
    return jsonify(described.description(settings().base_url))


@pages.get("/api/v1")
@public
def index() -> str:
    """The description, for people."""
    return render_template("api/index.html", described=described.description(settings().base_url))


def install(app: Flask) -> None:
    """Lets the pages of other sites read the API; without credentials, as anybody."""

    @app.after_request
    def open_to_all(response: Response) -> Response:
        if request.path.startswith(MACHINES):
            response.headers.update(OPEN_TO_ALL | (ASKED_BEFORE if request.method == "OPTIONS" else {}))
        return response
