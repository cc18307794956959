"""Importing the territory: all the files or nothing, as often as one wants, versions side by side."""

import itertools
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.words import N_, Words
from citizen.places import loading, reading
from citizen.places.loading import Imported
from citizen.places.models import TerritoryStamp
from citizen.places.reading import Content, PerimeterRow, Problem, Reading, Refused
from citizen.places.rules import OFFICIAL_DAYS

Progress = Callable[[int, int], None]
WRITTEN_IN_ORDER = (Content.INTERMUNICIPALITIES, Content.COMMUNES, Content.PERIMETERS)


@dataclass(frozen=True)
class _Job:
    """One file, read and dated."""

    reading: Reading
    report: Imported
    days: loading.Days


def import_file(
    path: Path | str,
    *,
    version: str | None = None,
    valid_from: date | None = None,
    on_progress: Progress | None = None,
    actor: Actor = NOBODY,
) -> Imported:
    """Imports one file; see import_files."""
    return import_files([path], version=version, valid_from=valid_from, on_progress=on_progress, actor=actor)[0]


def import_files(
    paths: Sequence[Path | str],
    *,
    version: str | None = None,
    valid_from: date | None = None,
    on_progress: Progress | None = None,
    actor: Actor = NOBODY,
) -> list[Imported]:
    """Imports files of any known format in one transaction; raises Refused with every problem of every file.

    ``version`` and ``valid_from`` are for perimeters without an official code. ``on_progress`` gets (rows done, rows in all).
    """
    jobs = _read(paths, version, valid_from)
    count = _counter(sum(len(job.reading.rows) for job in jobs), on_progress)
    with transaction():
        stamp = db.session.scalar(select(TerritoryStamp).with_for_update())  # imports take turns
        for job in sorted(jobs, key=lambda job: WRITTEN_IN_ORDER.index(job.reading.content)):
            _load(job, count)
            db.session.flush()
        _record(actor, [job.report for job in jobs if job.report.has_changed], stamp)
    return [job.report for job in jobs]


def _read(paths: Sequence[Path | str], version: str | None, valid_from: date | None) -> list[_Job]:
    """Every file read; what is wrong is told once for all of them."""
    jobs: list[_Job] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        try:
            jobs.append(_job(path, version, valid_from))
        except Refused as error:
            problems += [replace(problem, file=path.name) for problem in error.problems]
    if problems:
        raise Refused(problems)
    return jobs


def _job(path: Path, version: str | None, valid_from: date | None) -> _Job:
    try:
        seen = reading.read(path.read_bytes())
    except OSError as error:
        raise Refused([Problem(0, Words("le fichier ne s’ouvre pas (%(error)s).", error=error.strerror))]) from None
    except reading.UnknownFile as error:
        raise Refused([Problem(0, error.args[0])]) from None
    if seen.problems:
        raise Refused(seen.problems)
    report = Imported(path.name, seen.content)
    if seen.content is not Content.PERIMETERS:
        return _Job(seen, report, (date.min, None))
    report.version = version or _told_version([row for row in seen.rows if isinstance(row, PerimeterRow)])
    return _Job(seen, report, _days(report.version, valid_from))


def _told_version(rows: list[PerimeterRow]) -> str:
    """The version that official codes tell; they must all tell the same."""
    told = rows[0].official_version
    if told is None:
        raise Refused([Problem(0, N_("ce fichier ne dit pas sa version : donnez --version et --valid-from."))])
    others = [row for row in rows if row.official_version != told]
    if others:
        reason = N_("le code %(code)s n’est pas de la version %(version)s, comme le premier du fichier.")
        raise Refused([Problem(row.number, Words(reason, code=row.code, version=told), row.is_line) for row in others])
    return told


def _days(version: str, valid_from: date | None) -> loading.Days:
    """The first and last day in force: those told, else the official ones."""
    first, last = OFFICIAL_DAYS.get(version, (None, None))
    first = valid_from or first
    if first is None:
        reason = N_("depuis quand la version « %(version)s » vaut-elle ? Donnez --valid-from.")
        raise Refused([Problem(0, Words(reason, version=version))])
    if last and first > last:
        raise Refused([Problem(0, Words("la version %(version)s finit le %(last)s.", version=version, last=last.isoformat()))])
    return first, last


def _load(job: _Job, count: loading.Count) -> None:
    loaders = {
        Content.INTERMUNICIPALITIES: loading.load_intermunicipalities,
        Content.COMMUNES: loading.load_communes,
        Content.PERIMETERS: loading.load_perimeters,
    }
    try:
        loaders[job.reading.content](job.reading.rows, job.days, job.report, count)  # type: ignore[operator]
    except Refused as error:
        raise Refused([replace(problem, file=job.report.file) for problem in error.problems]) from None


def _record(actor: Actor, changed: list[Imported], stamp: TerritoryStamp | None) -> None:
    """One event for each file, and a new stamp, so that every process reads the outlines again."""
    for report in changed:
        reason = f"{report.file} {report.version}: {report.created} created, {report.updated} updated, {report.closed} closed"
        journal.record(actor, "places", "imported", after=report.content.value, reason=reason)
    if changed:
        stamp = stamp or TerritoryStamp(id=1)
        stamp.value = secrets.token_hex(8)
        db.session.add(stamp)


def _counter(total: int, on_progress: Progress | None) -> loading.Count:
    """Something to call once a row."""
    done = itertools.count(1)
    return (lambda: on_progress(next(done), total)) if on_progress else (lambda: None)
