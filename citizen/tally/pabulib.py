"""Pabulib files (.pb): one election in three sections, META, PROJECTS and VOTES, read as they come and written back.

Format: http://pabulib.org/format. Amounts are exact; a line that does not hold is named by its number.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TextIO

from citizen.tally.profile import Amount, Ballot, Kind, Profile, Project, each_ballot, exact

KINDS = {
    "approval": Kind.APPROVAL,
    "choose-1": Kind.APPROVAL,
    "cumulative": Kind.POINTS,
    "scoring": Kind.POINTS,
    "ordinal": Kind.RANKING,
}
VOTE_TYPES = {Kind.APPROVAL: "approval", Kind.POINTS: "scoring", Kind.RANKING: "ordinal"}
SECTIONS = ("META", "PROJECTS", "VOTES")
PROGRESS_EVERY = 10_000
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:/[1-9][0-9]{0,19}|(?:[.,][0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?)")

Progress = Callable[[int, int | None], None]  # ballots read, ballots announced


class BadFile(Exception):
    """What is wrong, and on which line (0: in the whole file)."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"ligne {line} : {words}" if line else words)
        self.line = line


class _Lines:
    """Rows of the file, blank ones left out, with the number of the last line read."""

    def __init__(self, opened: TextIO) -> None:
        self._reader = csv.reader(opened, delimiter=";")

    @property
    def number(self) -> int:
        return self._reader.line_num

    def rows(self) -> Iterator[list[str]]:
        try:
            for row in self._reader:
                if row and (len(row) > 1 or row[0].strip()):
                    yield row
        except UnicodeDecodeError:
            raise BadFile(self.number + 1, "ce n’est pas du texte UTF-8") from None
        except csv.Error as error:
            raise BadFile(self.number, f"ligne illisible ({error})") from None


def read(path: Path, progress: Progress | None = None) -> Profile:
    """The election of a file; raises BadFile, or OSError when it cannot be opened."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return parse(opened, progress)


def parse(opened: TextIO, progress: Progress | None = None) -> Profile:
    lines = _Lines(opened)
    rows = lines.rows()
    meta = _meta(lines, rows)
    budget = _amount(meta.get("budget", ""), 0, "META budget")
    kind = KINDS.get(meta.get("vote_type", ""))
    if kind is None:
        raise BadFile(0, f"META vote_type : « {meta.get('vote_type', '')} » n’est pas un type de vote connu")
    projects = _projects(lines, rows)
    _require_number(meta, "num_projects", len(projects))
    ballots, read_ballots = _votes(lines, rows, kind, projects, progress, _whole(meta.get("num_votes")))
    _require_number(meta, "num_votes", read_ballots)
    return Profile(budget, projects, ballots, kind, meta)


def _section(row: Sequence[str]) -> str:
    return row[0].strip().upper() if len(row) == 1 or not any(row[1:]) else ""


def _meta(lines: _Lines, rows: Iterator[list[str]]) -> dict[str, str]:
    first = next(rows, None)
    if first is None or _section(first) != "META":
        raise BadFile(lines.number, "un fichier Pabulib commence par une ligne « META »")
    next(rows, None)  # key;value
    meta: dict[str, str] = {}
    for row in rows:
        if _section(row) == "PROJECTS":
            return meta
        if len(row) < 2:
            raise BadFile(lines.number, f"« {row[0]} » n’a pas de valeur")
        meta[row[0].strip()] = row[1].strip()
    raise BadFile(lines.number, "la partie « PROJECTS » manque")


def _heads(lines: _Lines, rows: Iterator[list[str]], *wanted: str) -> list[str]:
    heads = [head.strip() for head in next(rows, [])]
    for head in wanted:
        if head not in heads:
            raise BadFile(lines.number, f"la colonne « {head} » manque")
    return heads


def _projects(lines: _Lines, rows: Iterator[list[str]]) -> tuple[Project, ...]:
    heads = _heads(lines, rows, "project_id", "cost")
    sector = "category" if "category" in heads else ""
    projects: dict[str, Project] = {}
    for row in rows:
        if _section(row) == "VOTES":
            return tuple(projects.values())
        cells = dict(zip(heads, map(str.strip, row), strict=False))
        name = cells["project_id"]
        if not name or name in projects:
            raise BadFile(lines.number, f"le projet « {name} » est déjà dans la liste" if name else "un projet sans numéro")
        cost = _amount(cells.get("cost", ""), lines.number, f"coût du projet « {name} »")
        projects[name] = Project(name, cost, cells.get("name", ""), cells.get(sector, ""), len(projects))
    raise BadFile(lines.number, "la partie « VOTES » manque")


def _votes(
    lines: _Lines, rows: Iterator[list[str]], kind: Kind, projects: Sequence[Project], progress: Progress | None,
    announced: int | None,
) -> tuple[dict[Ballot, int], int]:  # fmt: skip
    heads = _heads(lines, rows, "vote", *(["points"] if kind is Kind.POINTS else []))
    vote_at, points_at = heads.index("vote"), heads.index("points") if kind is Kind.POINTS else None
    positions = {project.id: position for position, project in enumerate(projects)}
    spelled: dict[str, list[int]] = {}  # a ballot as written, « vote;points »: [number of them, first line]
    count = 0
    for row in rows:
        try:
            key = row[vote_at] if points_at is None else f"{row[vote_at]};{row[points_at]}"
        except IndexError:
            raise BadFile(lines.number, "ce bulletin n’a pas toutes ses colonnes") from None
        known = spelled.get(key)
        if known is None:
            spelled[key] = [1, lines.number]
        else:
            known[0] += 1
        count += 1
        if progress and not count % PROGRESS_EVERY:
            progress(count, announced)
    return _understood(spelled, kind, positions), count


def _understood(spelled: dict[str, list[int]], kind: Kind, positions: Mapping[str, int]) -> dict[Ballot, int]:
    """Takes the last one first, and drops its text at once: both forms of a large election are never held together."""
    ballots: dict[Ballot, int] = {}
    wrong: BadFile | None = None
    while spelled:
        key, (number, line) = spelled.popitem()
        try:
            ballot = _ballot(key, kind, positions, line)
        except BadFile as error:
            wrong = error
            continue
        ballots[ballot] = ballots.get(ballot, 0) + number
    if wrong:
        raise wrong
    return ballots


def _ballot(spelled: str, kind: Kind, positions: Mapping[str, int], line: int) -> Ballot:
    vote, _sign, points = spelled.rpartition(";") if kind is Kind.POINTS else (spelled, "", "")
    names = vote.split(",") if vote.strip() else []
    try:
        chosen = [positions[name] for name in names]
    except KeyError:
        chosen = [_position(name.strip(), positions, line) for name in names if name.strip()]
    if kind is Kind.RANKING:
        return tuple(dict.fromkeys(chosen))
    if kind is Kind.APPROVAL:
        return tuple(sorted(set(chosen)))
    given = [_points(one, line) for one in points.split(",")] if points.strip() else []
    if len(given) != len(chosen):
        raise BadFile(line, f"{len(chosen)} projets mais {len(given)} notes")
    if len(set(chosen)) < len(chosen):
        raise BadFile(line, "le même projet est noté deux fois")
    return tuple(sorted(zip(chosen, given, strict=True)))


def _position(name: str, positions: Mapping[str, int], line: int) -> int:
    if name not in positions:
        raise BadFile(line, f"le projet « {name} » n’est pas dans la liste")
    return positions[name]


def _number(text: str) -> Amount | None:
    return exact(Fraction(text.strip().replace(",", "."))) if NUMBER.fullmatch(text.strip()) else None


def _amount(text: str, line: int, what: str) -> Amount:
    amount = _number(text)
    if amount is None or amount < 0:
        raise BadFile(line, f"{what} : « {text[:40]} » n’est pas un montant")
    return amount


def _points(text: str, line: int) -> Amount:
    points = _number(text)
    if points is None:
        raise BadFile(line, f"« {text[:40]} » n’est pas une note")
    return points


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _require_number(meta: Mapping[str, str], key: str, found: int) -> None:
    told = _whole(meta.get(key))
    if told is not None and told != found:
        raise BadFile(0, f"META {key} annonce {told}, le fichier en contient {found} : il est incomplet ou modifié")


def write(profile: Profile, meta: Mapping[str, str], out: TextIO) -> None:
    """The file of an election; the ballots come sorted, so that their order says nothing of who voted when."""
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerows([["META"], ["key", "value"]])
    counted = {
        "num_projects": len(profile.projects),
        "num_votes": profile.turnout,
        "budget": said(profile.budget),
        "vote_type": meta.get("vote_type", VOTE_TYPES[profile.kind]),
    }
    rows.writerows((meta | counted).items())  # type: ignore[operator]
    rows.writerows([["PROJECTS"], ["project_id", "cost", "votes", "name", "category"]])
    for project, votes in zip(profile.projects, profile.votes, strict=True):
        rows.writerow([project.id, said(project.cost), votes, project.title, project.sector])
    has_points = profile.kind is Kind.POINTS
    rows.writerows([["VOTES"], ["voter_id", "vote", *(["points"] if has_points else [])]])
    for number, ballot in enumerate(each_ballot(profile), start=1):
        chosen = [profile.projects[one if isinstance(one, int) else one[0]].id for one in ballot]
        points = [",".join(said(one[1]) for one in ballot if not isinstance(one, int))] if has_points else []
        rows.writerow([number, ",".join(chosen), *points])


def said(amount: Amount) -> str:
    """« 12 », « 12.5 »; a fraction that six decimals cannot say stays « 1/3 »."""
    millionths = Fraction(amount) * 10**6
    if millionths.denominator > 1:
        return str(Fraction(amount))
    whole, rest = divmod(abs(millionths.numerator), 10**6)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}" + f".{rest:06d}".rstrip("0").rstrip(".")
