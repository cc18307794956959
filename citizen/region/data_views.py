"""Open data: the page that explains each file, the files themselves, their catalogue."""

from collections.abc import Iterator

from flask import jsonify, make_response, render_template, request, send_file
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from citizen.ballots.models import Poll
from citizen.db import db
from citizen.people.links import address
from citizen.region import catalogue, columns, exporting
from citizen.region.catalogue import File
from citizen.region.rules import FEW
from citizen.region.views import pages
from citizen.web import errors
from citizen.web.access import public
from citizen.web.views import settings

RETRY_SECONDS = 30
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, no-cache"}


@pages.get("/donnees")
@public
def data() -> str:
    """What is published, file by file and column by column."""
    return render_template(
        "region/data.html", tables=columns.SHOWN, views=columns.VIEWS, files=_files(), base=_file(exporting.SQLITE),
        left_out=exporting.left_out(),
    )  # fmt: skip


@pages.get(f"/donnees/<any({', '.join(repr(name) for name in exporting.FILES)}):file>")
@public
def data_file(file: str) -> Answer:
    """One file, as it was written last; what is withdrawn since is no longer in it."""
    try:
        kept, content = exporting.opened(file)
    except exporting.Busy:
        answer = make_response(errors.page(503))
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    media = catalogue.FORMATS[file.rpartition(".")[2]][0]
    answer = send_file(content, media, as_attachment=True, download_name=file, conditional=False, etag=False)
    answer.last_modified, answer.content_length = kept.moment, kept.size
    answer.set_etag(kept.sha256[:32], weak=True)
    answer.headers.update(ANYWHERE)
    return answer.make_conditional(request.environ, accept_ranges=True, complete_length=kept.size)


@pages.get("/donnees/catalogue.jsonld")
@public
def data_catalogue() -> Answer:
    """The same for other catalogues."""
    files = _files()
    files["resultats"] += _ballots()
    told = catalogue.described(_site(), settings().publisher, files, _file(exporting.SQLITE))
    return _json(told, "application/ld+json")


@pages.get("/donnees/datasette.json")
@public
def datasette() -> Answer:
    """What Datasette shows beside the SQLite file."""
    return _json(catalogue.for_datasette(_site(), settings().publisher), "application/json")


def _json(told: object, mimetype: str) -> Answer:
    answer = jsonify(told)
    answer.mimetype = mimetype
    answer.headers.update(ANYWHERE)
    answer.add_etag()
    return answer.make_conditional(request.environ)


def _site() -> str:
    return settings().base_url.rstrip("/")


def _file(name: str) -> File:
    url, kept = address("region.data_file", file=name), exporting.kept(name)
    if kept is None:
        return File(name, url)
    return File(name, url, kept.moment, kept.size, kept.sha256, kept.rows, kept.first, kept.last)


def _files() -> dict[str, list[File]]:
    """The files that hold each table."""
    found = {
        name: [_file(f"{name}.csv")] + ([_file(f"{name}.geojson")] if table.has_map else [])
        for name, table in columns.TABLES.items()
    }
    found["agenda"].append(File("agenda.ics", address("nqe.feed")))
    return found


def _ballots() -> Iterator[File]:
    """The ballots of each vote, unless they are so few that one would be somebody's."""
    counted = select(Poll.id).where(Poll.tallied_at.is_not(None), Poll.ballot_count >= FEW)
    for number in db.session.scalars(counted.order_by(Poll.id)):
        yield File(f"vote-{number}.pb", address("ballots.ballots_file", poll_id=number))
