"""Open data as it leaves the house: streamed, dated by an ETag, the same for everyone."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice

from flask import Response, request, stream_with_context

from citizen.region.queries import published_version
from citizen.region.tables import addressed as addressed
from citizen.web.views import settings

KEPT = "public, max-age=300"
ROWS_AT_A_TIME = 200


def collection(features: Iterator[str]) -> Iterator[str]:
    """A GeoJSON FeatureCollection (RFC 7946), some features at a time."""
    yield '{"type": "FeatureCollection", "features": [\n'
    yield ",\n".join(islice(features, ROWS_AT_A_TIME))
    while some := list(islice(features, ROWS_AT_A_TIME)):
        yield ",\n" + ",\n".join(some)
    yield "\n]}\n"


def published(lines: Callable[[], Iterator[str]], mimetype: str) -> Response:
    """What is made while it leaves, or 304 when the reader already has it."""
    tag = sha256(f"{published_version()} {settings().base_url} {request.full_path}".encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(stream_with_context(lines()), content_type=f"{mimetype}; charset=utf-8")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = KEPT
    return response
