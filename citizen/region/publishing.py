"""Open data as it leaves the house: streamed, dated by an ETag, the same for everyone."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain, islice

from flask import Response, request, stream_with_context, url_for
from sqlalchemy import ColumnElement

from citizen.region.queries import initiatives, published_version
from citizen.region.rules import COLUMNS, Initiative, cells
from citizen.web.views import settings

KEPT = "public, max-age=300"
ROWS_AT_A_TIME = 200


def addressed(condition: ColumnElement[bool], *, limit: int | None = None) -> Iterator[Initiative]:
    """Published projects, each with the address of its page on this site."""
    site = settings().base_url.rstrip("/")
    for initiative in initiatives(condition, limit=limit):
        yield replace(initiative, url=site + url_for("projects.show", project_id=initiative.number))


def csv_file(found: Iterable[Initiative]) -> Iterator[str]:
    """The lines of the CSV file (RFC 4180), the names of the columns first."""
    rows = chain([[column.name for column in COLUMNS]], map(cells, found))
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        page = io.StringIO()
        csv.writer(page).writerows(some)
        yield page.getvalue()


def collection(features: Iterator[str]) -> Iterator[str]:
    """A GeoJSON FeatureCollection (RFC 7946), some features at a time."""
    yield '{"type": "FeatureCollection", "features": [\n'
    yield ",\n".join(islice(features, ROWS_AT_A_TIME))
    while some := list(islice(features, ROWS_AT_A_TIME)):
        yield ",\n" + ",\n".join(some)
    yield "\n]}\n"


def published(lines: Callable[[], Iterator[str]], mimetype: str, *, name: str = "") -> Response:
    """The file, or 304 when the reader already has it; ``name`` makes it a download."""
    tag = sha256(f"{published_version()} {settings().base_url} {request.full_path}".encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(stream_with_context(lines()), content_type=f"{mimetype}; charset=utf-8")
        if name:
            response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = KEPT
    return response
