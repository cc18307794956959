"""The description of the API (OpenAPI 3.1), made from the table of its lists."""

from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from citizen.api import schemas
from citizen.api.rules import FARTHEST
from citizen.api.showing import RESOURCES, Resource
from citizen.web.errors import MACHINES, PROBLEM, SAID

PATTERNS = {"code": schemas.QUARTER, "siren": schemas.SIREN}
PER_MINUTE = 300
ABOUT = "\n\n".join(
    (
        "Tout ce que le site montre à tout le monde, à lire par programme ; rien d’autre, et rien de plus.",
        "Lecture seule, sans clé. Les numéros, les codes et les noms des champs ne changent pas ; un champ peut être ajouté.",
        "Une liste se lit page par page : demandez « suivant » jusqu’à ce qu’il soit vide. Un curseur reste bon quand des lignes s’ajoutent.",
        "Un filtre inconnu ou une valeur inconnue est refusé par une phrase (422).",
        "Renvoyez l’ETag dans If-None-Match : rien n’est transféré quand rien n’a changé (304).",
        f"{PER_MINUTE} demandes par minute et par adresse ; au-delà, la réponse 429 dit dans Retry-After combien de secondes attendre.",
        "Toute page d’un autre site peut lire ces adresses (CORS, sans identifiants).",
        "Licence Ouverte 2.0 (Etalab).",
    )
)
LICENCE = {"name": "Licence Ouverte 2.0", "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
HEADERS = {
    "ETag": {"description": "À renvoyer dans If-None-Match.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Secondes à attendre.", "schema": {"type": "integer", "minimum": 1}},
}


@cache
def page_of(resource: Resource) -> type[Schema]:
    """A page of a list: its rows, and how to go on."""
    return Schema.from_dict(
        {
            "donnees": schemas.many(fields.Nested(resource.schema), "Les lignes."),
            "curseur_suivant": schemas.text("Où reprendre ; vide : c’est fini.", **schemas.MAYBE),
            "suivant": schemas.text("L’adresse de la page suivante ; vide : c’est fini.", **schemas.MAYBE),
        },
        name=f"PageDe{resource.schema.__name__}",
    )


@cache
def asked_of(resource: Resource) -> type[Schema]:
    return schemas.asked(f"Demande{resource.schema.__name__}", *resource.filters)


def _responses(schema: type[Schema], *, is_list: bool) -> dict[str, Any]:
    told = {
        str(status): {"description": SAID[status][0], "content": {PROBLEM: {"schema": schemas.Problem}}}
        for status in (404, 422, 429, 500, 503)
    }
    told["429"]["headers"] = {"Retry-After": HEADERS["Retry-After"]}
    return {
        "200": {
            "description": "Les lignes demandées." if is_list else "Ce qui porte ce numéro ou ce code.",
            "headers": {"ETag": HEADERS["ETag"]}, "content": {"application/json": {"schema": schema}},
        },
        "304": {"description": "Rien n’a changé depuis cet ETag.", "headers": {"ETag": HEADERS["ETag"]}},
        **told,
    }  # fmt: skip


def _key(resource: Resource) -> dict[str, Any]:
    name = resource.key[1]
    if resource.identifier == "numero":
        schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": FARTHEST}
    else:
        schema = {"type": "string", "pattern": schemas.COMMUNE if resource.name == "communes" else PATTERNS[name]}
    return {"in": "path", "name": name, "required": True, "schema": schema, "description": "Numéro ou code."}


@cache
def description(site: str) -> dict[str, Any]:
    """The whole description, for the site at this address."""
    spec = APISpec(
        title="citizen", version="1.0", openapi_version="3.1.0", plugins=[MarshmallowPlugin()],
        info={"description": ABOUT, "license": LICENCE, "summary": "Les petits projets des quartiers des Hauts-de-France."},
        servers=[{"url": site}],
    )  # fmt: skip
    for resource in RESOURCES:
        spec.tag({"name": resource.name, "description": resource.about})
        path = f"{MACHINES}{resource.name}"
        shared = {"tags": [resource.name]}
        spec.path(path, operations={"get": shared | {
            "operationId": resource.name, "summary": resource.title, "description": resource.about,
            "parameters": [{"in": "query", "schema": asked_of(resource)}],
            "responses": _responses(page_of(resource), is_list=True),
        }})  # fmt: skip
        spec.path(f"{path}/{{{resource.key[1]}}}", operations={"get": shared | {
            "operationId": f"{resource.name}-un", "summary": f"{resource.title} : l’un d’eux", "parameters": [_key(resource)],
            "responses": _responses(resource.schema_one, is_list=False),
        }})  # fmt: skip
    return spec.to_dict()
