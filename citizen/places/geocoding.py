"""Addresses found by a geocoder of the national shape (Géoplateforme, /search), when the site sets one."""

import json
import logging
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import current_app

from citizen.kernel.words import N_
from citizen.places.rules import searchable

log = logging.getLogger(__name__)
SECONDS = 3
MOST_BYTES = 1_000_000
TOO_COARSE = {"municipality", "street"}  # a town or a whole street is not one place in a quarter

ASLEEP = N_("La recherche d’adresse ne répond pas. Choisissez un quartier dans la liste ou un point sur la carte.")
BUSY = N_("La recherche d’adresse reçoit trop de demandes. Attendez un instant, puis recommencez.")
COARSE = N_("Cette réponse est trop large pour dire le quartier : ajoutez le numéro et la commune.")
NOTHING = N_("Aucune adresse trouvée.")
SHORT = N_("Écrivez au moins trois lettres ou chiffres.")


@dataclass(frozen=True)
class Candidate:
    """A place that the words may mean; WGS84 degrees, ``citycode`` is the commune's INSEE code."""

    label: str
    lon: float
    lat: float
    citycode: str


@dataclass(frozen=True)
class Answer:
    """What was found, and a French sentence when nothing was or when there is something to say."""

    candidates: tuple[Candidate, ...] = ()
    message: str = ""


class _StayThere(HTTPRedirectHandler):
    """What people type goes to the address that is set and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def is_on() -> bool:
    """Whether the site has a geocoder."""
    return bool(current_app.config["SETTINGS"].geocoder_url)


def search(text: str, *, citycode: str | None = None, limit: int = 5) -> Answer:
    """The addresses that the words may mean; never raises: without an answer the sentence says what to do instead."""
    if not is_on():
        return Answer()
    words = " ".join(text.split())[:200]
    if len(searchable(words)) < 3:
        return Answer(message=SHORT)
    asked = {"q": words, "limit": limit, "index": "address", "autocomplete": 0} | ({"citycode": citycode} if citycode else {})
    try:
        return _understood(_fetch(f"{current_app.config['SETTINGS'].geocoder_url.rstrip('/')}/search?{urlencode(asked)}"))
    except HTTPError as error:
        log.warning("geocoder: status %s", error.code)
        return Answer(message=BUSY if error.code == 429 else ASLEEP)
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        log.warning("geocoder: %r", error)
        return Answer(message=ASLEEP)


def _fetch(url: str) -> Any:
    """The JSON at this address; an OSError or a ValueError when there is none."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(url)
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "citizen"})  # noqa: S310 the scheme is checked above
    with build_opener(_StayThere).open(request, timeout=SECONDS) as response:
        return json.loads(response.read(MOST_BYTES))


def _understood(found: Any) -> Answer:
    """The candidates precise enough to be one place."""
    features = found["features"]
    precise = tuple(_candidate(feature) for feature in features if feature["properties"]["type"] not in TOO_COARSE)
    if precise:
        return Answer(precise)
    return Answer(message=COARSE if features else NOTHING)


def _candidate(feature: Any) -> Candidate:
    lon, lat = feature["geometry"]["coordinates"][:2]
    told = feature["properties"]
    if not (abs(float(lon)) <= 180 and abs(float(lat)) <= 90):
        raise ValueError(feature["geometry"])
    return Candidate(str(told["label"]), float(lon), float(lat), str(told["citycode"]))
