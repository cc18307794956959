"""create_app: the one place that knows every part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_babel import Babel, get_locale
from jinja2 import StrictUndefined

from citizen import db as database
from citizen.api import caching, embed_views, feed_views
from citizen.api import views as api_pages
from citizen.ballots import (
    paper_views,
    workbench_views,  # noqa: F401  its pages are of the same blueprint
)
from citizen.ballots import reading_views as poll_journal
from citizen.ballots import views as ballots_pages
from citizen.committees import answer_views, convening_views, minutes_views, reading_views, review_views, sitting_views
from citizen.committees import views as committees_pages
from citizen.config import Settings
from citizen.ftu import campaign_views as _ftu_campaigns  # noqa: F401  its pages are of the same blueprint
from citizen.ftu import costing_views, opinion_views, walk_views, works_views
from citizen.ftu import idea_views as ftu_pages
from citizen.ftu import workbench_views as _ftu_workbench  # noqa: F401  its pages are of the same blueprint
from citizen.funds import drafting_views, envelope_views
from citizen.funds import views as funds_pages
from citizen.kernel.access import Role
from citizen.mail import views as mail_pages
from citizen.nqe import (  # noqa: F401  their pages are of the same blueprint
    agenda_views,
    booking_views,
    day_views,
    poster_views,
    programme_views,
    registration_views,
)
from citizen.nqe import editing as nqe_pages
from citizen.nqe import report_views as _summer_report  # noqa: F401
from citizen.nqe import review_views as _summer_review  # noqa: F401
from citizen.nqe import sitting as _summer_room  # noqa: F401
from citizen.nqe import writing as editions
from citizen.payments import account_views, statement_views
from citizen.payments import views as payments_pages
from citizen.people import signing
from citizen.people import views as people_pages
from citizen.pic import drafting_views as pic_drafting
from citizen.pic import report_views as pic_pages
from citizen.pic import sitting_views as pic_judging
from citizen.places import contract_views
from citizen.places import views as places_pages
from citizen.projects import (
    budget_views,
    closing_views,
    completing_views,
    hiding_views,
    report_views,
    reviewing,
    support_views,
    team_views,
    writing,
)
from citizen.projects import views as projects_pages
from citizen.region import bulk_views as _region_desk  # noqa: F401  its pages are of the same blueprint
from citizen.region import copy_views as _copies  # noqa: F401  its pages are of the same blueprint
from citizen.region import data_views as _open_data  # noqa: F401
from citizen.region import editing as _publications  # noqa: F401
from citizen.region import hive_views as _stories  # noqa: F401
from citizen.region import steering_views
from citizen.region import territory_views as _territories  # noqa: F401
from citizen.region import views as region_pages
from citizen.web import access, errors, filters, security, typography, upgrades, views

BLUEPRINTS = (
    views.pages,
    mail_pages.pages,
    people_pages.pages,
    places_pages.pages,
    contract_views.pages,
    funds_pages.pages,
    drafting_views.pages,
    envelope_views.pages,
    projects_pages.pages,
    writing.pages,
    budget_views.pages,
    reviewing.pages,
    report_views.pages,
    closing_views.pages,
    payments_pages.pages,
    account_views.pages,
    team_views.pages,
    completing_views.pages,
    hiding_views.pages,
    support_views.pages,
    statement_views.pages,
    committees_pages.pages,
    sitting_views.pages,
    convening_views.pages,
    answer_views.pages,
    reading_views.pages,
    minutes_views.pages,
    review_views.pages,
    ballots_pages.pages,
    poll_journal.pages,
    paper_views.pages,
    pic_pages.pages,
    pic_drafting.pages,
    pic_judging.pages,
    ftu_pages.pages,
    opinion_views.pages,
    costing_views.pages,
    walk_views.pages,
    works_views.pages,
    nqe_pages.pages,
    registration_views.pages,
    programme_views.pages,
    editions.pages,
    region_pages.pages,
    steering_views.pages,
    api_pages.pages,
    feed_views.pages,
    embed_views.pages,
)  # fmt: skip


class House(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No page is asynchronous: nothing to look for at each of the twenty functions that a request calls."""
        return func


def create_app(settings: Settings, **config: object) -> Flask:
    """The application for these settings; refuses to start when a page does not say who may open it."""
    app = House(
        "citizen",
        template_folder=str(upgrades.data_dir("templates")),
        static_folder=str(upgrades.data_dir("static")),
    )
    app.config.update(SECRET_KEY=settings.secret_key, SETTINGS=settings, **config)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    database.configure(app, settings.database_url)
    upgrades.install(app)
    _install_languages(app, settings.data / "translations")
    caching.install(app)  # before the proxies are trusted: it sees the address that the visitor asked for
    security.install(app, settings)
    signing.install(app)
    errors.install(app)
    filters.install(app)
    api_pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(
        lambda: {"actor": access.current_actor(), "settings": settings, "Role": Role, "get_locale": get_locale}
    )
    access.refuse_unmarked(app)
    return app


def _install_languages(app: Flask, folder: Path) -> None:
    """French needs no catalogue: it is what the code is written in; another language is one more file in ``folder``."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="fr", BABEL_DEFAULT_TIMEZONE="Europe/Paris", BABEL_TRANSLATION_DIRECTORIES=str(folder)
    )
    known = ["fr", *sorted(found.parent.parent.name for found in folder.glob("*/LC_MESSAGES/messages.mo"))]
    app.config["LANGUAGES"] = known
    Babel(app, locale_selector=lambda: request.accept_languages.best_match(known, "fr") if request else "fr")
    typography.install(app)
