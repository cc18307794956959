"""The local letter box: on a demonstration or a developer's machine, what would have been sent."""

from flask import Blueprint, abort, current_app, render_template

from citizen.mail import queries
from citizen.web.access import public

pages = Blueprint("mail", __name__)


@pages.get("/courrier")
@public
def outbox() -> str:
    settings = current_app.config["SETTINGS"]
    if not (settings.is_demo or settings.is_development):
        abort(404)
    return render_template("pages/outbox.html", messages=queries.delivered(settings.mail_folder))
