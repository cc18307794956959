"""Pages of the house itself: help, legal notices, health, style sheet of components, vendor files."""

import shutil
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import distribution

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, send_from_directory
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from citizen.config import Settings
from citizen.db import db, wrong_settings
from citizen.web.access import public
from citizen.web.paging import Page
from citizen.web.sample import SampleForm
from citizen.web.upgrades import is_up_to_date

pages = Blueprint("web", __name__)
VENDOR = {"leaflet": ("django-js-lib-leaflet", "js_lib_leaflet/static/js_lib_leaflet")}


def settings() -> Settings:
    """The settings of the running application."""
    return current_app.config["SETTINGS"]


@cache
def vendor_folder(library: str) -> str:
    """Where the installed package keeps the files of ``library``."""
    name, path = VENDOR[library]
    return str(distribution(name).locate_file(path))


@pages.get("/vendor/<any(leaflet):library>/<path:name>")
@public
def vendor(library: str, name: str) -> Response:
    return send_from_directory(vendor_folder(library), name, max_age=31_536_000)


@pages.get("/aide")
@public
def help_page() -> str:
    return render_template("pages/help.html")


@pages.get("/accessibilite")
@public
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@pages.get("/confidentialite")
@public
def privacy() -> str:
    return render_template("pages/privacy.html")


@pages.get("/mentions-legales")
@public
def legal() -> str:
    return render_template("pages/legal.html")


@pages.get("/style")
@public
def style() -> str:
    """Every component in every state; development and demonstration only."""
    if not (settings().is_development or settings().is_demo):
        abort(404)
    return render_template("style.html", form=SampleForm.refused(), page=Page(items=(), number=4, per_page=25, total=290))


@dataclass(frozen=True)
class Check:
    name: str
    is_ok: bool
    words: str


@pages.get("/sante")
@public
def health() -> tuple[str | Response, int]:
    checks = [_database(), _migrations(), _disk(), _mail()]
    status = 200 if all(check.is_ok for check in checks) else 503
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(checks=[asdict(check) for check in checks], is_ok=status == 200), status
    return render_template("pages/health.html", checks=checks), status


def _database() -> Check:
    try:
        wrong = wrong_settings(db.session.connection())
    except SQLAlchemyError:
        return Check(_("Base de données"), False, _("La base ne répond pas."))
    return Check(_("Base de données"), not wrong, ", ".join(wrong) or _("Elle répond et elle est bien réglée."))


def _migrations() -> Check:
    try:
        is_ok = is_up_to_date(db.session.connection())
    except SQLAlchemyError:
        is_ok = False
    return Check(_("Migrations"), is_ok, _("À jour.") if is_ok else _("À faire : lancez citizen migrate."))


def _disk() -> Check:
    free = shutil.disk_usage(settings().data).free
    return Check(_("Disque"), free > 200_000_000, _("%(size)d Mo libres.", size=free // 1_000_000))


def _mail() -> Check:
    query = text("SELECT count(*) FROM outbox_letter WHERE sent_at IS NULL AND tries > 2")
    try:
        late = db.session.scalar(query) or 0
    except SQLAlchemyError:
        return Check(_("Courrier"), False, _("La file d’attente ne répond pas."))
    return Check(_("Courrier"), late == 0, _("Rien en retard.") if not late else _("%(count)d lettres en retard.", count=late))
