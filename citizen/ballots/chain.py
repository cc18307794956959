"""The chained journal of a vote: each line holds the digest of the one before. Standard library only, so that anyone can run it.

One line of the file is canonical JSON (sorted keys, no spaces): ``number`` from 1, ``day``, ``kind``, ``content``, and ``hash``, the
SHA-256 of the previous line's hash, a line feed, and the line without its own hash. The digest of a day is the hash of its last line.
A ballot stands there by a commitment that says nothing of it without a number of 128 bits that is never published.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from citizen.kernel.words import N_, Words

START = "0" * 64  # what stands before the first line
# What a line tells, and what it adds to the number of people who took part.
KINDS: Mapping[str, tuple[str, int]] = {
    "announced": (N_("Vote annoncé"), 0),
    "roll": (N_("Liste des votants modifiée"), 0),
    "codes": (N_("Codes tirés"), 0),
    "ballot": (N_("Bulletin dans l’urne"), 1),
    "replaced": (N_("Bulletin remplacé"), 0),
    "withdrawn": (N_("Bulletin retiré"), -1),
    "paper": (N_("Émargement sur papier"), 1),
    "paper_prevails": (N_("Émargement sur papier, bulletin en ligne retiré"), 0),
    "unsigned": (N_("Émargement sur papier annulé"), -1),
    "day": (N_("Empreinte du jour"), 0),
    "closed": (N_("Vote fermé"), 0),
    "box": (N_("Feuille d’une urne papier"), 0),
    "counted": (N_("Vote dépouillé"), 0),
}


@dataclass(frozen=True)
class Line:
    """A line of the journal; ``content`` is kept as the text that was hashed."""

    number: int
    day: str
    kind: str
    content: str
    hash: str

    @property
    def text(self) -> str:
        """The line as the file holds it."""
        return canonical(self._told | {"hash": self.hash})

    @property
    def _told(self) -> dict[str, Any]:
        return {"number": self.number, "day": self.day, "kind": self.kind, "content": json.loads(self.content)}

    def expected(self, previous: str) -> str:
        """The hash that this line must have after ``previous``; empty when its content is not written as ours."""
        try:
            told = self._told
            is_ours = canonical(told["content"]) == self.content
            return hashlib.sha256(f"{previous}\n{canonical(told)}".encode()).hexdigest() if is_ours else ""
        except ValueError:
            return ""

    @property
    def told(self) -> Mapping[str, Any]:
        found = json.loads(self.content)
        return found if isinstance(found, dict) else {}

    @property
    def moved(self) -> tuple[set[str], set[str]]:
        """The commitments of the ballots that leave the box and that enter it: none or one of each."""
        told = self.told
        return ({str(told["withdrawn"])} if "withdrawn" in told else set()), (
            {str(told["commitment"])} if "commitment" in told else set()
        )


@dataclass(frozen=True)
class Day:
    """A day of the journal: how many lines it added, its last line, its digest, and how many had taken part by then."""

    day: str
    lines: int
    last: int
    digest: str
    turnout: int


class Unreadable(ValueError):
    """A line of the file is not one of ours."""


canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def commitment(poll_id: int, nonce: str, receipt: str, option_ids: Iterable[int]) -> str:
    """What the journal holds of a ballot: without the nonce nobody can tell from it what was chosen."""
    chosen = ",".join(map(str, sorted(option_ids)))
    return hashlib.sha256(f"{poll_id}/{nonce}/{receipt}/{chosen}".encode()).hexdigest()


def box_digest(poll_id: int, seal: str, ballots: Iterable[tuple[str, Iterable[int]]]) -> str:
    """One digest for all the ballots counted; ``seal`` is never published: a small box would be guessed from its digest."""
    lines = sorted(f"{receipt}/{','.join(map(str, sorted(chosen)))}" for receipt, chosen in ballots)
    return hashlib.sha256("\n".join([f"{poll_id}/{seal}", *lines]).encode()).hexdigest()


def extend(number: int, previous: str, day: str, kind: str, content: Mapping[str, Any]) -> Line:
    """The line that follows line ``number``, whose hash is ``previous`` (0 and START: there is none yet)."""
    if kind not in KINDS:
        raise KeyError(kind)
    line = Line(number + 1, day, kind, canonical(content), "")
    return Line(line.number, day, kind, line.content, line.expected(previous))


def read(text: str) -> Line:
    """A line of the file; raises Unreadable unless it is written exactly as the site writes it."""
    try:
        told = json.loads(text)
        line = Line(told["number"], told["day"], told["kind"], canonical(told["content"]), told["hash"])
        is_ours = line.text == text and all(isinstance(told[name], str) for name in ("day", "kind", "hash"))
    except (ValueError, TypeError, LookupError, RecursionError):
        is_ours = False
    if not is_ours:
        raise Unreadable(text[:80])
    return line


def days(lines: Iterable[Line]) -> list[Day]:
    """Each day of the journal, oldest first."""
    found, turnout = [], 0
    for day, of_day in groupby(lines, lambda line: line.day):
        kept = list(of_day)
        turnout += sum(KINDS[line.kind][1] for line in kept if line.kind in KINDS)
        found.append(Day(day, len(kept), kept[-1].number, kept[-1].hash, turnout))
    return found


def turnout(lines: Iterable[Line]) -> int:
    """How many people took part, as the journal tells."""
    return sum(KINDS[line.kind][1] for line in lines)


def faults(lines: Sequence[Line], posted: Collection[tuple[str, str]] = ()) -> list[Words]:
    """What is wrong with a journal, the first broken line alone; ``posted``: (day, digest) pairs that left the machine."""
    broken = _broken(lines)
    if broken:
        return [broken]
    missing = [Words("Empreinte affichée le %(day)s : le journal n’en a pas de telle ce jour-là. Il a été récrit ou coupé.", day=day)
               for day, digest in posted if not _was_posted(lines, day, digest)]  # fmt: skip
    return [*missing, *_untold(lines)]


def _broken(lines: Sequence[Line]) -> Words | None:
    """The first line that does not follow the one before, and why."""
    previous, day = START, ""
    for place, line in enumerate(lines, start=1):
        if line.number != place:
            return Words("Ligne %(number)d : il manque une ligne, ou elle a changé de place.", number=place)
        if line.hash != line.expected(previous):
            return Words("Ligne %(number)d : elle ne suit pas la précédente. L’une des deux a été changée.", number=place)
        if line.kind not in KINDS or (line.kind == "announced") != (place == 1):
            return Words("Ligne %(number)d : cette sorte de ligne n’a pas sa place ici.", number=place)
        if line.day < day:
            return Words("Ligne %(number)d : elle est d’un jour plus ancien que la précédente.", number=place)
        previous, day = line.hash, line.day
    return None if lines else Words("Le journal est vide.")


def _was_posted(lines: Sequence[Line], day: str, digest: str) -> bool:
    """Whether a line of that day had this digest; a day without any keeps the digest of the line before."""
    known = {line.hash for line in lines if line.day == day}
    before = [line.hash for line in lines if line.day < day]
    return digest in (known or set(before[-1:]))


def _untold(lines: Sequence[Line]) -> list[Words]:
    """What lines say against one another: ballots withdrawn that were not there, turnout, what follows the end."""
    seen: set[str] = set()
    box: set[str] = set()
    people, ended = 0, ""
    for line in lines:
        gone, come = line.moved
        people += KINDS[line.kind][1]
        if (
            not gone <= box or come & seen or line.told.get("turnout", people) != people
            or ended == "counted" or (ended and line.kind in ("ballot", "replaced"))
        ):  # fmt: skip
            return [Words("Ligne %(number)d : elle contredit les précédentes.", number=line.number)]
        seen, box = seen | come, (box - gone) | come
        ended = line.kind if line.kind in ("closed", "counted") else ended
    return []


def in_box(lines: Iterable[Line]) -> set[str]:
    """The commitments of the ballots that are in the box at the end of these lines."""
    box: set[str] = set()
    for line in lines:
        gone, come = line.moved
        box = (box - gone) | come
    return box
