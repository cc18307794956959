"""A programme typed on a phone: a date that comes back, a file read whole or not at all, what stands in the way of another date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.words import plain
from citizen.nqe import clocks, services
from citizen.nqe.clocks import Slot
from citizen.nqe.loading import Wrong, as_values, load
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.registration_models import ProgrammeImport
from citizen.nqe.rules import is_upside_down
from citizen.people.models import Organisation
from citizen.places.models import Perimeter
from citizen.projects.models import Project
from citizen.projects.steps import S
from citizen.web.filters import day as french_day
from citizen.web.filters import say
from citizen.web.forms import clean

COPIED = ("title", "details", "starts_at", "ends_at", "place", "perimeter_id", "lon", "lat", "kind", "audience", "permit",
          "is_highlight", "is_accessible", "fallback", "capacity")  # fmt: skip
MAX_BYTES = 500_000
OVER = (S.CANCELLED, S.WITHDRAWN, S.REJECTED, S.INADMISSIBLE)


# --- A date that comes back ---


def repeat(actor: Actor, project_id: int, event_id: int, *, every_days: int, until: date) -> int:
    """Copies a date every so many days until a day included; gives how many. Nothing is copied when one cannot be."""
    made: list[date] = []

    def change(project: NqeProject) -> None:
        event = next((each for each in project.programme if each.id == event_id), None)
        if event is None:
            raise Invalid("until", _("Cette date n’est plus au programme."))
        last = project.edition.season_ends_on if project.edition else until
        if until > last:
            raise Invalid("until", _("La saison finit le %(day)s.", day=french_day(last)))
        taken = {(each.title, each.on, each.starts_at) for each in project.programme}
        made.extend(
            on for on in clocks.repeated(event.on, every_days, until) if (event.title, on, event.starts_at) not in taken
        )
        if not made:
            raise Invalid("until", _("Aucun jour de plus avant cette fin."))
        _add(project, [{name: getattr(event, name) for name in COPIED} | {"on": on} for on in made])

    services.write(actor, project_id, change)
    return len(made)


def _add(project: NqeProject, dates: Iterable[dict[str, Any]]) -> None:
    project.programme += [ProgrammeEvent(changed_at=clock.now(), **values) for values in dates]
    if len(project.programme) > services.MAX_DATES:
        raise Invalid("file", _("%(count)d dates au plus.", count=services.MAX_DATES))
    services.follow_programme(project)


# --- A file: read, shown, then loaded whole ---


def read_file(actor: Actor, project_id: int, stream: IO[bytes], name: str) -> None:
    """Keeps what a spreadsheet or a calendar holds until the team has looked at it; Invalid("file") when it cannot be read."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid("file", _("Ce fichier est trop gros : %(max)d Ko au plus.", max=MAX_BYTES // 1000))
    try:
        found = load(content, name)
    except Wrong as error:
        raise Invalid("file", say(error.args[0])) from None

    def keep(project: NqeProject) -> None:
        faults = [(line, say(words)) for line, words in found.faults] + _faults(project, found.dates)
        kept = {"dates": found.dates, "faults": sorted(faults)}
        db.session.merge(ProgrammeImport(project_id=project.id, name=clean(name)[:100], content=kept, at=clock.now()))

    services.write(actor, project_id, keep)


def waiting_file(project_id: int) -> ProgrammeImport | None:
    """The file that was read and not loaded yet."""
    return db.session.get(ProgrammeImport, project_id)


def load_file(actor: Actor, project_id: int) -> int:
    """Adds every date of the file that was read, or none; gives how many."""
    with transaction():
        kept = db.session.get(ProgrammeImport, project_id, with_for_update=True, populate_existing=True)
        dates = kept.content["dates"] if kept else []

        def change(project: NqeProject) -> None:
            if kept is None or kept.content["faults"] or _faults(project, dates):
                raise Invalid("file", _("Des lignes sont à corriger : rien n’est ajouté."))
            _add(project, [as_values(one) | {"perimeter_id": _quarter_of(project, one)} for one in dates])
            db.session.delete(kept)

        project = services.write(actor, project_id, change)
        journal.record(actor, project.on, "programme_loaded")
        return len(dates)


def forget_file(actor: Actor, project_id: int) -> None:
    """Puts the file aside: nothing of it is kept."""
    kept = waiting_file(project_id)
    if kept is not None:
        services.write(actor, project_id, lambda _project: db.session.delete(kept))


def _faults(project: NqeProject, dates: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """What the file's dates meet in this project: the season, its quarters, what is there already."""
    taken = {(each.title, each.on.isoformat(), f"{each.starts_at:%H:%M}") for each in project.programme}
    faults = []
    for one in dates:
        values, key = as_values(one), (one["title"], one["on"], one["starts_at"])
        wrong = ""
        if key in taken:
            wrong = _("« %(title)s » est déjà au programme ce jour-là.", title=one["title"])
        elif is_upside_down(values["starts_at"], values["ends_at"]):
            wrong = _("La fin vient avant le début.")
        elif project.edition and not project.edition.season_starts_on <= values["on"] <= project.edition.season_ends_on:
            wrong = _("Le %(day)s est hors de la saison.", day=french_day(values["on"]))
        elif one["quarter"] and _quarter_of(project, one) is None:
            wrong = _("« %(name)s » n’est pas un quartier du projet.", name=one["quarter"][:40])
        elif (one["lon"] is None) != (one["lat"] is None):
            wrong = _("Il faut la latitude et la longitude, ou aucune des deux.")
        taken.add(key)
        faults += [(one["line"], wrong)] if wrong else []
    if len(project.programme) + len(dates) > services.MAX_DATES:
        faults.append((0, _("%(count)d dates au plus.", count=services.MAX_DATES)))
    return faults


def _quarter_of(project: NqeProject, one: dict[str, Any]) -> int | None:
    """The project's quarter that a line names, else the one that its point is in."""
    wanted = plain(one["quarter"])
    if wanted:
        return next((each.id for each in project.quarters if wanted in (plain(each.name), plain(each.code))), None)
    return services.quarter_at(project, one["lon"], one["lat"], date.fromisoformat(one["on"]))


# --- What stands in the way ---


@dataclass(frozen=True)
class Clash:
    """A date of ours and one of another project, the same evening and near; ``title`` and ``lead`` once that project is public."""

    event: ProgrammeEvent
    title: str
    lead: str
    starts_at: Any
    metres: int
    free: tuple[date, ...]


def clashes(project: NqeProject) -> list[Clash]:
    """Each date of the programme that meets one of another project of the same summer, with days on which nothing does."""
    within, own = project.terms.clash_metres, {slot.number: slot for slot in map(_slot, project.programme) if slot}
    edition = project.edition
    if not within or not own or edition is None:
        return []
    others = {row.id: row for row in db.session.execute(_others(project, [slot.on for slot in own.values()]))}
    slots = [Slot(row.id, row.on, row.starts_at, row.ends_at, row.lon, row.lat) for row in others.values()]
    slots_with_ours = [*slots, *own.values()]
    found = []
    for event in project.programme:
        near = clocks.in_the_way(own[event.id], slots, within) if event.id in own and not event.is_cancelled else []
        rest = [slot for slot in slots_with_ours if slot.number != event.id] if near else []
        for other, far in near:
            row = others[other.number]
            free = clocks.free_days(own[event.id], rest, within, edition.season_starts_on, edition.season_ends_on)
            title, lead = (row.title, row.lead or "") if row.is_public else ("", "")
            found.append(Clash(event, title, lead, row.starts_at, far, tuple(free)))
    return found


def _slot(event: ProgrammeEvent) -> Slot | None:
    spot = event if event.lon is not None else event.perimeter
    if spot is None or spot.lon is None or spot.lat is None:
        return None
    return Slot(event.id, event.on, event.starts_at, event.ends_at, spot.lon, spot.lat)


def _others(project: NqeProject, days: list[date]) -> Any:
    """Dates of the other projects of the summer around these days, with a point."""
    lon, lat = func.coalesce(ProgrammeEvent.lon, Perimeter.lon), func.coalesce(ProgrammeEvent.lat, Perimeter.lat)
    seen = (ProgrammeEvent.id, ProgrammeEvent.on, ProgrammeEvent.starts_at, ProgrammeEvent.ends_at, lon.label("lon"), lat.label("lat"),
            ProgrammeEvent.title, Project.is_public, Organisation.name.label("lead"))  # fmt: skip
    return (
        select(*seen).select_from(ProgrammeEvent)
        .join(Project, Project.id == ProgrammeEvent.project_id)
        .outerjoin(Perimeter, Perimeter.id == ProgrammeEvent.perimeter_id)
        .outerjoin(Organisation, Organisation.id == Project.organisation_id)
        .where(
            Project.call_id == project.call_id, Project.scheme == "nqe", Project.id != project.id, Project.state.not_in(OVER),
            ProgrammeEvent.status != "cancelled", lon.is_not(None),
            ProgrammeEvent.on.between(min(days) - clocks.AROUND, max(days) + clocks.AROUND),
        )
        .order_by(ProgrammeEvent.on, ProgrammeEvent.id)
    )  # fmt: skip
