"""Opening an edition, writing a season's programme, deciding, and changing a date once the summer has come."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import services as funds
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.nqe import letters as season_letters
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.nqe.rules import edition_number, is_upside_down
from citizen.places import queries as places
from citizen.places.models import Perimeter
from citizen.places.rules import QUARTERS, Status
from citizen.projects import letters
from citizen.projects import services as projects
from citizen.projects.models import News, Project
from citizen.web.filters import day as french_day

MAX_DATES = 200
MAX_QUARTERS = 30


def open_edition(
    actor: Actor, fund_id: int, *, year: int, theme_title: str, theme_text: str, axes: Sequence[str],
    season_starts_on: date, season_ends_on: date, opens_on: date, closes_on: date, envelope_cents: int,
    examples: str = "", questions: Sequence[str] = (), image_id: int | None = None,
) -> Call:  # fmt: skip
    """The Region opens the summer of ``year`` under the newest rules of its fund; one edition a year."""
    _refuse_odd_days(year, season_starts_on, season_ends_on, closes_on)
    with transaction():
        if db.session.scalar(select(Edition.id).where(Edition.year == year)):
            raise Invalid("year", _("L’édition %(year)s existe déjà.", year=str(year)))
        return funds.open_call(
            actor, Edition, fund_id, title=_("Nos quartiers d’été %(year)s", year=str(year)), opens_on=opens_on,
            closes_on=closes_on, envelope_cents=envelope_cents, year=year, ordinal=edition_number(year),
            theme_title=theme_title, theme_text=theme_text, axes=list(dict.fromkeys(axes)),
            season_starts_on=season_starts_on, season_ends_on=season_ends_on, examples=examples, questions=list(questions),
            image_id=image_id,
        )  # fmt: skip


def _refuse_odd_days(year: int, starts_on: date, ends_on: date, closes_on: date) -> None:
    if edition_number(year) < 1:
        raise Invalid("year", _("La première édition date de 1990."))
    if ends_on < starts_on:
        raise Invalid("season_ends_on", _("La fin vient avant le début."))
    if {starts_on.year, ends_on.year} != {year}:
        raise Invalid("season_starts_on", _("La saison tombe en %(year)s.", year=str(year)))
    if closes_on >= starts_on:
        raise Invalid("closes_on", _("Le dépôt se termine avant le début de la saison."))


def write(actor: Actor, project_id: int, change: Callable[[NqeProject], Any]) -> NqeProject:
    """Applies ``change`` while the team may write."""
    return of_summer(projects.edit(actor, project_id, lambda project: change(of_summer(project))))


def of_summer(project: Project) -> NqeProject:
    """The project as one of the summer; the views never send another."""
    if not isinstance(project, NqeProject):
        raise Forbidden("nqe")
    return project


def add_quarter(actor: Actor, project_id: int, perimeter_id: int) -> NqeProject:
    """One more quarter that the season reaches."""

    def change(project: NqeProject) -> None:
        quarter = db.session.get(Perimeter, perimeter_id)
        if quarter is None or quarter.kind not in QUARTERS:
            raise Invalid("quarter", _("Choisissez un quartier de la liste."))
        if len(project.quarters) >= MAX_QUARTERS:
            raise Invalid("quarter", _("%(count)d quartiers au plus.", count=MAX_QUARTERS))
        if quarter not in project.quarters:
            project.quarters.append(quarter)

    return write(actor, project_id, change)


def remove_quarter(actor: Actor, project_id: int, perimeter_id: int) -> NqeProject:
    """Takes a quarter away, unless a date of the programme happens there."""

    def change(project: NqeProject) -> None:
        if any(event.perimeter_id == perimeter_id for event in project.programme):
            raise Invalid("quarter", _("Une date du programme se passe dans ce quartier : changez-la d’abord."))
        project.quarters = [quarter for quarter in project.quarters if quarter.id != perimeter_id]

    return write(actor, project_id, change)


def write_date(actor: Actor, project_id: int, event_id: int | None, **values: Any) -> ProgrammeEvent | None:
    """Adds a date (``event_id`` None) or writes it again; returns it, or None when it is not one of this project's."""
    found: list[ProgrammeEvent] = []

    def change(project: NqeProject) -> None:
        _refuse_odd_date(project, **values)
        spot = quarter_at(project, values.get("lon"), values.get("lat"), values["on"])
        event = next((each for each in project.programme if each.id == event_id), None) if event_id else ProgrammeEvent()
        if event is None:
            return
        if event_id is None:
            if len(project.programme) >= MAX_DATES:
                raise Invalid("title", _("%(count)d dates au plus.", count=MAX_DATES))
            project.programme.append(event)
        for name, value in values.items():
            setattr(event, name, value)
        event.perimeter_id = event.perimeter_id or spot
        event.changed_at = clock.now()
        found.append(event)
        follow_programme(project)

    write(actor, project_id, change)
    return found[0] if found else None


def quarter_at(project: NqeProject, lon: float | None, lat: float | None, on: date) -> int | None:
    """The quarter of the project that a point of the map is in."""
    found = places.locate(lon, lat, on) if lon is not None and lat is not None else None
    own = {quarter.id for quarter in project.quarters}
    return found.perimeter_id if found and found.status == Status.INSIDE and found.perimeter_id in own else None


def remove_date(actor: Actor, project_id: int, event_id: int) -> NqeProject:
    """Takes a date out of a programme that is not decided yet."""

    def change(project: NqeProject) -> None:
        project.programme = [event for event in project.programme if event.id != event_id]
        follow_programme(project)

    return write(actor, project_id, change)


def _refuse_odd_date(
    project: NqeProject, *, starts_at: time, ends_at: time | None, perimeter_id: int | None = None,
    lon: float | None = None, lat: float | None = None, **_rest: Any,
) -> None:  # fmt: skip
    if is_upside_down(starts_at, ends_at):
        raise Invalid("ends_at", _("La fin vient avant le début."))
    if perimeter_id is not None and perimeter_id not in {quarter.id for quarter in project.quarters}:
        raise Invalid("perimeter_id", _("Choisissez un des quartiers du projet."))
    if (lon is None) != (lat is None):
        raise Invalid("lat", _("Il faut la latitude et la longitude, ou aucune des deux."))


def follow_programme(project: NqeProject) -> None:
    """The project lasts from its first date to its last."""
    days = [event.on for event in project.programme]
    project.starts_on, project.ends_on = min(days, default=None), max(days, default=None)


def grant(actor: Actor, project_id: int, *, amount_cents: int, reason: str, act_reference: str) -> Project:
    """The Commission permanente's yes: the amount, under the request, the cap and the envelope."""
    if not act_reference.strip():
        raise Invalid("act_reference", _("Écrivez la référence de la délibération."))

    def within_request(project: Project) -> None:
        _decided_here(project)
        cap = project.terms.max_amount_cents
        if amount_cents > project.requested_cents:
            raise Invalid("amount", _("Le montant accordé ne dépasse pas la demande."))
        if cap is not None and amount_cents > cap:
            raise Invalid("amount", _("Le montant accordé ne dépasse pas le plafond du règlement."))

    return projects.decide(
        actor, project_id, "grant", amount_cents=amount_cents, reason=reason, act_reference=act_reference, effect=within_request
    )


def reject(actor: Actor, project_id: int, *, reason: str, act_reference: str = "") -> Project:
    """The Commission permanente's no, with its reason."""
    return projects.decide(actor, project_id, "reject", reason=reason, act_reference=act_reference, effect=_decided_here)


def _decided_here(project: Project) -> None:
    if project.terms.has_committee:
        raise NotNow(_("Dans cette édition, la décision se prend en séance."))


def answer_derogation(actor: Actor, project_id: int, *, is_granted: bool, reason: str) -> Project:
    """The Region's answer to an association that it already funds."""

    def answer(project: Project) -> None:
        asked = of_summer(project)
        asked.is_derogation_granted, asked.derogation_answer = is_granted, reason

    return projects.take(actor, project_id, "answer_derogation", reason=reason, effect=answer)


def move_date(
    actor: Actor, project_id: int, event_id: int, *, on: date, starts_at: time, ends_at: time | None, place: str, note: str
) -> ProgrammeEvent:
    """Another day, hour or place, once the season is decided; those who follow are told why."""

    def move(project: NqeProject, event: ProgrammeEvent) -> str:
        _refuse_odd_date(project, starts_at=starts_at, ends_at=ends_at)
        edition = project.edition
        if edition and not edition.season_starts_on <= on <= edition.season_ends_on:
            first, last = french_day(edition.season_starts_on), french_day(edition.season_ends_on)
            raise Invalid("on", _("La saison va du %(first)s au %(last)s.", first=first, last=last))
        if (event.on, event.starts_at, event.ends_at, event.place) == (on, starts_at, ends_at, place):
            raise Invalid("on", _("Rien n’a changé : écrivez le nouveau jour, la nouvelle heure ou le nouveau lieu."))
        if event.planned_on is None:
            event.planned_on, event.planned_at = event.on, event.starts_at
        event.on, event.starts_at, event.ends_at, event.place, event.status = on, starts_at, ends_at, place, "moved"
        follow_programme(project)
        moment = {"day": french_day(on), "hour": f"{starts_at:%H:%M}", "place": place or _("même lieu")}
        return _("« %(title)s » est déplacé : ce sera le %(day)s à %(hour)s, %(place)s.", title=event.title, **moment)

    return _change_date(actor, project_id, event_id, note, move)


def cancel_date(actor: Actor, project_id: int, event_id: int, *, note: str) -> ProgrammeEvent:
    """A date that will not happen; it stays in the calendar, marked, and those who follow are told why."""

    def cancel(_project: NqeProject, event: ProgrammeEvent) -> str:
        event.status = "cancelled"
        return _("« %(title)s » du %(day)s est annulé.", title=event.title, day=french_day(event.on))

    return _change_date(actor, project_id, event_id, note, cancel)


def _change_date(
    actor: Actor, project_id: int, event_id: int, note: str, change: Callable[[NqeProject, ProgrammeEvent], str]
) -> ProgrammeEvent:
    if not note.strip():
        raise Invalid("note", _("Dites pourquoi, en une phrase : les familles la liront."))
    with transaction():
        project = of_summer(projects.locked(project_id))
        projects.judge(actor, project, "change_date")
        event = db.session.get_one(ProgrammeEvent, event_id, with_for_update=True, populate_existing=True)
        if event.project_id != project_id:
            raise Forbidden("change_date")
        if event.status == "cancelled":
            raise Invalid("note", _("Cette date est déjà annulée."))
        event.note, event.changed_at, event.changes = note, clock.now(), event.changes + 1
        told = f"{change(project, event)} {note}"
        project.news.append(News(text=told, author_id=actor.person_id, at=clock.now()))
        db.session.flush()
        journal.record(actor, project.on, "change_date", before=project.state, after=project.state, reason=told)
        letters.tell_news(project, told)
        season_letters.tell_change(event, told)
        return event
