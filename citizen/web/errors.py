"""Errors, in plain French, with the status that fits."""

import logging
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException

from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.web.security import limiter

log = logging.getLogger(__name__)
PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503}
MACHINES, PROBLEM = "/api/v1/", "application/problem+json"  # programs read a refusal as RFC 9457 writes it
SAID = {
    400: ("Demande illisible", "Cette demande ne peut pas être lue."),
    404: ("Introuvable", "Rien de public ne porte ce numéro, ce code ou cette adresse."),
    405: ("Lecture seule", "Ici on ne fait que lire, par GET."),
    422: ("Demande refusée", "Un filtre ou une valeur n’est pas connu."),
    429: ("Trop de demandes", "Attendez le nombre de secondes que dit Retry-After, puis recommencez."),
    500: ("Panne", "Une erreur de notre côté. Elle est notée."),
    503: ("Momentanément fermé", "La base de données ne répond pas. Recommencez dans une minute."),
}


def problem(status: int, detail: str = "", errors: Sequence[dict[str, str]] = ()) -> Response:
    """A refusal for a program."""
    title, usual = SAID.get(status, SAID[400])
    response = jsonify(type="about:blank", title=title, status=status, detail=detail or usual, errors=list(errors))
    response.status_code, response.mimetype = status, PROBLEM
    return response


def page(status: int, **values: object) -> Any:
    """The error page of ``status``."""
    if request.path.startswith(MACHINES):
        return problem(status)
    return render_template(f"errors/{status if status in PAGES else 400}.html", **values), status


def install(app: Flask) -> None:
    """Gives each refusal its page."""
    app.register_error_handler(Forbidden, lambda _error: page(403))
    app.register_error_handler(NotNow, lambda error: page(409, message=str(error)))
    app.register_error_handler(NotReady, lambda error: page(422, findings=error.findings))
    app.register_error_handler(Invalid, lambda error: page(422, message=error.message))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(NoResultFound, lambda _error: page(404))  # gone since the page that leads there was read
    app.register_error_handler(IntegrityError, _raced)
    app.register_error_handler(DataError, _too_big)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(HTTPException, _http)


def _stale_form(_error: CSRFError) -> Any:
    return page(
        400,
        message=_("Cette page était ouverte depuis trop longtemps. Revenez en arrière et renvoyez : votre texte y est encore."),
    )


def _raced(error: IntegrityError) -> Any:
    """The schema refused: somebody else was faster, or the identifier sent does not exist."""
    log.warning("refused by the schema on %s: %s", request.path, _said(error))
    return page(409, message=_("Quelqu’un d’autre vient de changer ceci. Rechargez la page."))


def _said(error: DBAPIError) -> str:
    """The refusal without its details: PostgreSQL would write the whole row, addresses and bank numbers too."""
    return str(error.orig).partition("\n")[0]


def _too_big(error: DataError) -> Any:
    """A value that its column cannot hold."""
    log.warning("too big for the schema on %s: %s", request.path, _said(error))
    return page(422, message=_("Un nombre ou un texte est trop grand. Corrigez-le, puis renvoyez."))


def _unavailable(error: OperationalError) -> Any:
    log.error("database unavailable on %s: %s", request.path, error.orig)
    return page(HTTPStatus.SERVICE_UNAVAILABLE)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    response = make_response(page(error.code))
    if allow := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allow
    if error.code == HTTPStatus.TOO_MANY_REQUESTS and (limit := limiter.current_limit):
        response.headers["Retry-After"] = str(max(1, int(limit.reset_at - time.time())))
    return response
