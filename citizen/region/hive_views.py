"""Public pages of what the Region shows: the story of an initiative, its picture to share, its sheet, a collection."""

from typing import Any

from flask import Response, abort, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen.db import db
from citizen.kernel.money import euros
from citizen.nqe import posters
from citizen.projects.models import Project
from citizen.projects.views import ID
from citizen.region import listing as shown
from citizen.region.hive_models import Collection
from citizen.region.queries import open_publication
from citizen.region.showing import Story, on_project
from citizen.region.views import pages
from citizen.web.access import public
from citizen.web.printing import paper
from citizen.web.views import settings

pages.add_app_template_global(on_project, "on_project")
pages.add_app_template_global(shown.cover_url, "cover_url")


def published_story(project_id: int) -> Story:
    """The story of a published initiative; what is withdrawn, hidden or not yet published is not there."""
    project = db.session.get(Project, project_id) or abort(404)
    publication = open_publication(project_id)
    if publication is None or not project.is_public or not project.where_it_stands.is_supported:
        abort(404)
    return Story(project, publication)


def whole_url(endpoint: str, **values: Any) -> str:
    """An address with the site's own name."""
    return settings().base_url.rstrip("/") + url_for(endpoint, **values)


@pages.get(f"/initiatives/{ID}")
@public
def story(project_id: int) -> str:
    told = published_story(project_id)
    share = {name: whole_url(f"region.{name}", project_id=project_id) for name in ("story", "share")}
    return render_template("region/story.html", story=told, project=told.project, share=share)


@pages.get(f"/initiatives/{ID}/image.png")
@public
def share(project_id: int) -> Any:
    """What is shown where a story is shared; asked again each time, since it may be withdrawn."""
    told = published_story(project_id)
    project, report = told.project, told.report
    place = ", ".join(one.name for one in (project.perimeter, project.commune) if one)
    people = (
        ngettext("%(num)s personne venue", "%(num)s personnes venues", report.participants)
        if report and report.participants
        else ""
    )
    money = _("%(euros)s d’aide", euros=euros(project.granted_cents)) if project.granted_cents else ""
    card = posters.Card(
        " · ".join(filter(None, (project.scheme.upper(), place))), project.title, tuple(filter(None, (people, money))), "",
        posters.mention(),
    )  # fmt: skip
    cover = told.cover.document if told.cover else None
    path = posters.picture(card, cover, posters.WIDE, name=f"story-{project_id}")
    response = send_file(path, mimetype="image/png", etag=path.stem, conditional=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@pages.get(f"/initiatives/{ID}/fiche")
@public
def sheet(project_id: int) -> Response:
    """The story on a sheet of paper."""
    told = published_story(project_id)
    address = whole_url("region.story", project_id=project_id)
    return paper(
        "region/story_sheet.html", told.project.title, story=told, project=told.project, page=address, qr=posters.qr(address),
        image=posters.inlined(told.cover.document if told.cover else None), mention=posters.mention(),
    )  # fmt: skip


@pages.get("/initiatives/collections/<int(max=2147483647):collection_id>")
@public
def collection(collection_id: int) -> str:
    """What the Region put together, in its order."""
    found = db.session.get(Collection, collection_id)
    if found is None or not found.is_shown:
        abort(404)
    return render_template("region/collection.html", collection=found, cards=shown.of_collection(collection_id))
