"""Sending a document: a picture is shown, anything else is downloaded, and neither can run as a page of this site."""

import logging

from flask import Response, abort, send_file

from citizen.files.models import Document
from citizen.files.services import path_of

log = logging.getLogger(__name__)
POLICY = "default-src 'none'; sandbox"


def respond(document: Document, *, thumbnail: bool = False) -> Response:
    """The answer that carries the document; who may see it has been judged by the caller."""
    path = path_of(document, is_thumbnail=thumbnail and document.is_image)
    if not path.is_file():
        log.error("document %s has lost its file", document.id)
        abort(404)
    response = send_file(
        path, mimetype=document.media_type, as_attachment=not document.is_image, download_name=document.name,
        etag=f"{document.sha256}{'-small' * thumbnail}", conditional=True,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"  # asked again each time: a document may stop being public
    return response
