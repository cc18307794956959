"""The blueprint that the pages of accounts and organisations share, and what they all do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from citizen.people import rules, services
from citizen.people.signing import visitor
from citizen.web.access import current_actor
from citizen.web.forms import Form

pages = Blueprint("people", __name__)
ORGANISATION = "<int(max=2147483647):organisation_id>"
PERSON = "<int(max=2147483647):person_id>"
Answer = str | Response | tuple[str, int]


@contextmanager
def no_sooner_than(seconds: float) -> Iterator[None]:
    """Makes the work inside last at least this long: a letter written or not cannot be told apart by a stopwatch."""
    end = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, end - time.monotonic()))


def shown(template: str, form: Form, **values: Any) -> Answer:
    """The page of a form; 422 when it says what to correct."""
    return render_template(template, form=form, **values), 422 if form.errors else 200


def dead_link() -> Answer:
    """A link too old, used, or meant for something else."""
    return render_template("people/dead_link.html"), 410


def enter(token: str, *, is_long: bool = False, then: str = "") -> Response:
    """Opens the session in this browser, under a new cookie, and goes on to a page of ours."""
    leave()
    session.permanent = is_long
    login_user(visitor(token))
    return redirect(rules.local_path(then) or url_for("projects.desk"), 303)


def leave() -> None:
    """Ends the session that this browser holds, if it holds one, and empties its cookie."""
    if current_actor().is_signed_in:
        services.sign_out(current_user.token)
    logout_user()
    session.clear()
