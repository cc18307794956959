"""Posters, leaflets and pictures of a programme, of a date, of a week for the entrance hall; a list for other sites."""

from typing import Any

from flask import Response, abort, render_template, send_file, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.nqe import agenda, forms, ground, posters, season
from citizen.nqe.agenda_views import base_url, known, typed
from citizen.nqe.editing import summer_project
from citizen.nqe.feed import where
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.posters import Card
from citizen.nqe.views import hour, pages, weekday
from citizen.projects.views import ID
from citizen.web import embedding
from citizen.web.access import public
from citizen.web.printing import paper

# size -> the lines of text that its list holds, and about how many signs make a line
ROOM = {"a3": (44, 34), "a4": (44, 34), "a6": (15, 46)}


def _shown(project_id: int) -> NqeProject:
    """A project whose programme is public."""
    project = summer_project(project_id)
    return project if project.where_it_stands.is_supported else abort(404)


@pages.get(f"/nqe/{ID}/affiches", endpoint="posters")
@public
def show(project_id: int) -> str:
    """What can be printed or shared for a programme."""
    return render_template("nqe/posters.html", project=_shown(project_id), sizes=posters.SIZES)


@pages.get(f"/nqe/{ID}/affiches/<any(a3,a4,a6):size>")
@public
def poster(project_id: int, size: str) -> Response:
    """The programme on one page: the next dates first when not all of them fit."""
    project = _shown(project_id)
    dates = [event for event in project.programme if not event.is_cancelled]
    ahead = [event for event in dates if event.on >= clock.today()] or dates
    shown = _fitting(ahead, *ROOM[size])
    page = base_url() + url_for("projects.show", project_id=project.id)
    return paper(
        "nqe/poster.html", project.title, size=size, project=project, dates=shown, left=len(ahead) - len(shown), page=page,
        qr=posters.qr(page), image=posters.inlined(posters.theme_picture(project.edition)), mention=posters.mention(),
    )  # fmt: skip


def _fitting(dates: list[ProgrammeEvent], lines: float, signs: int) -> list[ProgrammeEvent]:
    """As many as fit, the highlights before the others; in the order they happen."""
    kept: list[ProgrammeEvent] = []
    for event in sorted(dates, key=lambda event: (not event.is_highlight, event.on, event.starts_at)):
        lines -= 1.6 + -(-len(event.title) // signs) + -(-len(event.place) // signs)
        if lines < 0:
            break
        kept.append(event)
    return sorted(kept, key=lambda event: (event.on, event.starts_at))


@pages.get(f"/nqe/{ID}/affiches/carre.png")
@public
def social(project_id: int) -> Any:
    """The programme as a square picture for social networks."""
    project = _shown(project_id)
    dates = [event for event in project.programme if not event.is_cancelled]
    highlights = sorted(dates, key=lambda event: (not event.is_highlight, event.on))[:3]
    lines = tuple(
        f"{weekday(event.on).rsplit(' ', 1)[0]} · {event.title}" for event in sorted(highlights, key=lambda event: event.on)
    )
    card = Card(_above(project), project.title, lines, "", posters.mention())
    return _sent(posters.picture(card, posters.theme_picture(project.edition), posters.SQUARE, name=f"project-{project.id}"))


@pages.get("/agenda/<int(max=2147483647):event_id>.png")
@public
def share(event_id: int) -> Any:
    """What is shown where a date is shared."""
    event = known(event_id)
    alarm = _("ANNULÉ") if event.is_cancelled else _("DÉPLACÉ") if event.is_moved else ""
    lines = (f"{weekday(event.on)}, {hour(event.starts_at)}", ", ".join(where(event)))
    card = Card(_above(event.project), event.title, lines, alarm, posters.mention())
    return _sent(posters.picture(card, posters.theme_picture(event.project.edition), posters.WIDE, name=f"date-{event.id}"))


def _above(project: NqeProject) -> str:
    edition = project.edition
    return " · ".join(filter(None, (_("Nos quartiers d’été"), edition.theme_title if edition else "")))


def _sent(path: Any) -> Any:
    response = send_file(path, mimetype="image/png", etag=path.stem, conditional=True)
    response.cache_control.public, response.cache_control.max_age = True, 300
    return response


@pages.get("/agenda/semaine")
@public
def poster_week() -> Response:
    """A week on one sheet, for the entrance hall of a building."""
    values = typed()
    wanted = season.asked(values | {"vue": "semaine"}, clock.today())
    assert wanted.first is not None
    address = base_url() + url_for("nqe.agenda", vue="semaine", jour=wanted.first.isoformat(), **wanted.kept)
    communes, quarters = ground.choices()
    place = dict(quarters).get(wanted.quarter) or dict(communes).get(wanted.commune) or _("Hauts-de-France")
    return paper(
        "nqe/poster_week.html", _("Cette semaine : %(place)s", place=place), days=agenda.days_of_week(wanted), wanted=wanted, qr=posters.qr(address),
        page=address, kinds=forms.KIND_LABELS, mention=posters.mention(),
    )  # fmt: skip


MOST_EMBEDDED = 20


@pages.get("/agenda/liste")
@public
def embedded() -> Response:
    """The next dates, for the frame of another site."""
    values = typed()
    wanted = season.asked(values, clock.today())
    lines = agenda.lines(wanted, limit=MOST_EMBEDDED)
    page = render_template(
        "nqe/embed.html", lines=lines, look=embedding.look(values), whole=base_url() + url_for("nqe.agenda", **wanted.kept), base=base_url(),
        mention=posters.mention(),
    )  # fmt: skip
    response = embedding.framed(page)
    response.cache_control.public, response.cache_control.max_age = True, 300
    return response


@pages.get("/agenda/integrer", endpoint="embedding")
@public
def compose() -> str:
    """What a commune copies into its own page."""
    values = typed()
    wanted = season.asked(values, clock.today())
    communes, quarters = ground.choices()
    address = base_url() + url_for("nqe.embedded", **wanted.kept, **embedding.chosen(values))
    return render_template(
        "nqe/embedding.html", wanted=wanted, communes=communes, quarters=quarters, kinds=forms.KIND_LABELS,
        look=embedding.look(values), kept=wanted.kept, address=address, snippet=embedding.snippet(address, _("Agenda de l’été")),
    )  # fmt: skip
