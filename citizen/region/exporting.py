"""The files of the open data: written beside, then put in place at once; never kept once what they name is withdrawn.

Each public name has a note (``projets.csv.json``) that says which file of the folder it is now: replacing the note is the one
moment when readers pass from the old file, which they may read to its end, to the new one.
"""

import csv
import fcntl
import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import sqlite_utils
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.places.contract_models import CityContract
from citizen.projects.models import Project
from citizen.region import columns, grants, tables
from citizen.region.publishing import collection
from citizen.region.queries import published, published_version, supported
from citizen.region.rules import DECIMAL, WHOLE, area, cell, feature
from citizen.web.views import settings

SQLITE, GRANTS = "citizen.sqlite", "subventions.csv"
LAG = dict.fromkeys(
    (SQLITE, "promesses.csv"), timedelta(hours=25)
)  # what takes long is written every day, and not for each reader
TYPES: dict[str, type] = {WHOLE: int, DECIMAL: float}
BATCH = 500
OPENINGS = 5


class Busy(Exception):
    """The file is being written again, and the former one may no longer be read."""


@dataclass(frozen=True)
class Kept:
    """A file as it was written; ``first`` and ``last``: the days that it covers, ``version``: of what was published then."""

    name: str
    stored: str
    rows: int
    at: str
    size: int
    sha256: str
    version: str
    first: str | None = None
    last: str | None = None
    left_out: dict[str, int] | None = None

    @property
    def path(self) -> Path:
        return folder() / self.stored

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


class Seen:
    """What passes while a file is written: rows, days, and the projects and contracts that it names by what makes them public."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.rows, self.progress = 0, progress
        self.first: str | None = None
        self.last: str | None = None
        self.named: dict[str, set[int]] = defaultdict(set)

    def of(self, table: columns.Table) -> Iterator[tuple[Any, ...]]:
        """The rows of this table, looked at as they pass."""
        dated = table.names.index(table.dated) if table.dated else None
        published = table.names.index("publie_le") if "publie_le" in table.names else None
        for project, cells in tables.ROWS[table.name]():
            self.rows += 1
            if project is not None:
                self.named["public" if table is columns.RESULTS else "supported"].add(project)
                if published is not None and cells[published]:
                    self.named["published"].add(project)
            if table in (columns.CONTRACTS, columns.CONTRACT_QUARTERS):
                self.named["contract"].add(cells[0])
            if dated is not None and (day := cells[dated]):
                self.first, self.last = min(self.first or day, day), max(self.last or day, day)
            if self.rows % BATCH == 0:
                self.progress(self.rows)
            yield cells


def folder() -> Path:
    """Where the files are."""
    return settings().data / "donnees"


def kept(name: str) -> Kept | None:
    """The file of this name as it was last written; None before the first time."""
    try:
        return Kept(**json.loads((folder() / f"{name}.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def ready(name: str) -> Kept:
    """The file, written again when what it names is withdrawn, or when it lags behind; raises Busy."""
    now = kept(name)
    is_whole = now is not None and _names_only_public(now)
    if now and is_whole and (now.version == published_version() or clock.now() - now.moment < LAG.get(name, timedelta(0))):
        return now
    with _alone(name) as is_mine:
        if is_mine:
            return write(name)
    if now and is_whole:
        return now
    raise Busy(name)


def opened(name: str) -> tuple[Kept, BinaryIO]:
    """The file, ready and open: it is read to its end even if another takes its place meanwhile; raises Busy."""
    for _try in range(OPENINGS):
        file = ready(name)
        try:
            return file, file.path.open("rb")
        except FileNotFoundError:  # replaced since its note was read
            continue
    raise Busy(name)


def publish(progress: Callable[[str, int], None] = lambda _name, _rows: None) -> list[Kept]:
    """Writes every file again."""
    done = []
    for name in FILES:
        with _alone(name, is_patient=True):
            done.append(write(name, progress))
    return done


def write(name: str, progress: Callable[[str, int], None] = lambda _name, _rows: None) -> Kept:
    """Writes one file and puts it in place; whoever reads the former one reads it to its end."""
    folder().mkdir(parents=True, exist_ok=True)
    version, at, seen = published_version(), clock.now(), Seen(lambda rows: progress(name, rows))
    stem, _dot, suffix = name.partition(".")
    path = folder() / f"{stem}-{secrets.token_hex(6)}.{suffix}"
    try:
        FILES[name](path, seen)
        _named_in(path).write_text(json.dumps({kind: sorted(numbers) for kind, numbers in seen.named.items()}))
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        lacking = dict(grants.left_out()) if name == GRANTS else None
        made = Kept(
            name, path.name, seen.rows, at.isoformat(), path.stat().st_size, digest, version, seen.first, seen.last, lacking
        )
        note = path.with_name(f"{path.name}.note")
        note.write_text(json.dumps(asdict(made)))
        note.replace(folder() / f"{name}.json")
    except BaseException:
        for left in folder().glob(f"{path.name}*"):
            left.unlink(missing_ok=True)
        raise
    for former in folder().glob(f"{stem}-*.{suffix}*"):
        if not former.name.startswith(path.name):
            former.unlink(missing_ok=True)
    progress(name, seen.rows)
    return made


def left_out() -> Counter[str]:
    """How many grants the national schema has no place for, by what they lack, when its file was written."""
    file = kept(GRANTS)
    return Counter(file.left_out if file else None)


def _named_in(path: Path) -> Path:
    return path.with_name(f"{path.name}.named")


def _names_only_public(file: Kept) -> bool:
    """Whether each project and contract that the file names may still be shown."""
    try:
        named = json.loads(_named_in(file.path).read_text())
    except FileNotFoundError:
        return False
    shown = {kind: select(Project.id).where(condition) for kind, condition in (
        ("supported", supported()), ("published", published()), ("public", Project.is_public))}  # fmt: skip
    shown["contract"] = select(CityContract.id).where(CityContract.state == "published")
    return all(set(numbers) <= {*db.session.scalars(shown[kind])} for kind, numbers in named.items())


@contextmanager
def _alone(name: str, *, is_patient: bool = False) -> Iterator[bool]:
    """Whether nobody else writes this file now; whoever is patient waits for their turn."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f".{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _csv(table: columns.Table) -> Callable[[Path, Seen], None]:
    def make(path: Path, seen: Seen) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(chain([table.names], (map(cell, cells) for cells in seen.of(table))))

    return make


def _map_of_projects(path: Path, seen: Seen) -> None:
    _lines(path, collection(map(feature, _looked_at(seen))))


def _looked_at(seen: Seen) -> Iterator[Any]:
    for one in tables.addressed(supported()):
        seen.rows += 1
        seen.named["supported"].add(one.number)
        if one.published_at:
            seen.named["published"].add(one.number)
        yield one


def _map_of_quarters(path: Path, seen: Seen) -> None:
    names = columns.QUARTERS.names
    _lines(
        path,
        collection(area(dict(zip(names, cells, strict=True)), tables.outline(cells[0])) for cells in seen.of(columns.QUARTERS)),
    )


def _lines(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)


def _sqlite(path: Path, seen: Seen) -> None:
    """One file that opens as it is in Datasette: tables and their keys, search, views, and what each column means."""
    base = sqlite_utils.Database(path)
    try:
        for table in columns.TABLES.values():
            _fill(base, table, seen)
        for name, (_about, query) in columns.VIEWS.items():
            base.create_view(name, query)
        base.table("fichiers").insert_all(
            ({"nom": one.name, "titre": one.title, "description": one.about} for one in columns.TABLES.values()), pk="nom"
        )
        base.table("colonnes").insert_all(
            (
                {"fichier": table.name, "colonne": one.name, "type": one.kind, "description": one.about}
                for table in columns.TABLES.values()
                for one in table.fields
            ),
            pk=("fichier", "colonne"),
            foreign_keys=[("fichier", "fichiers", "nom")],
        )
        base.analyze()
        base.vacuum()
    finally:
        base.close()


def _fill(base: sqlite_utils.Database, table: columns.Table, seen: Seen) -> None:
    kinds = {one.name: TYPES.get(one.kind, str) for one in table.fields}
    key = tuple(table.key.split())
    refers: list[Any] = [(name, *target.split(".")) for name, target in table.refers.items()]
    made = base.table(table.name)
    made.create(kinds, pk=key if len(key) > 1 else table.key or None, foreign_keys=refers)
    rows = (
        [
            float(value) if kind is float and value is not None else value
            for kind, value in zip(kinds.values(), cells, strict=True)
        ]
        for cells in seen.of(table)
    )
    head: list[list[Any]] = [list(kinds)]
    first = list(islice(rows, 1))
    if first:
        made.insert_all(chain(head, first, rows), batch_size=BATCH)
    for name in sorted({*table.indexed, *table.refers}):
        made.create_index([name])
    if table.searched:
        made.enable_fts(table.searched, tokenize="unicode61 remove_diacritics 2")


# The names that readers know, and what writes each.
FILES: dict[str, Callable[[Path, Seen], None]] = {
    **{f"{name}.csv": _csv(table) for name, table in columns.TABLES.items()},
    "projets.geojson": _map_of_projects,
    "quartiers.geojson": _map_of_quarters,
    SQLITE: _sqlite,
}
