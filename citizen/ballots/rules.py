"""A residents' vote: what a ballot may hold, when it is open, and the rules by which it may be counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor
from types import SimpleNamespace
from typing import Any

from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros
from citizen.kernel.words import N_, Words

MOST_CHOICES = 10
FEW = 11  # with fewer ballots, votes by project could tell what a neighbour chose


@dataclass(frozen=True)
class Counting:
    """A rule of the count as people read it: its title, and what is done, sentence by sentence."""

    title: str
    steps: tuple[str, ...]


_MOST = N_("Les projets sont pris du plus soutenu au moins soutenu, tant que l’enveloppe le permet.")
_NEXT = N_("Un projet qui ne tient plus est passé, et le suivant est essayé.")
_SHARES = (
    N_("L’enveloppe est divisée en parts égales entre les personnes qui ont voté."),
    N_(
        "Celles qui ont choisi le même projet l’achètent ensemble, avec leurs parts : d’abord le projet qui leur prend le moins."
    ),
)
_REST = N_("Ce qui reste va aux projets qui ont le plus de voix, s’ils tiennent encore.")
# What may decide, by its name in the engine.
RULES = {
    "greedy:cost": Counting(N_("Le plus de voix d’abord"), (_MOST, _NEXT)),
    "greedy_stop:cost": Counting(
        N_("Le plus de voix d’abord, sans sauter de projet"), (_MOST, N_("Quand un projet ne tient plus, le compte s’arrête."))
    ),
    "greedy:card": Counting(
        N_("Le plus de voix pour chaque euro"),
        (N_("Les voix de chaque projet sont divisées par son coût : le plus grand résultat est pris d’abord."), _NEXT),
    ),
    "mes_greedy:cost": Counting(N_("Parts égales, puis le plus de voix"), (*_SHARES, _REST)),
    "mes_add1_greedy:cost": Counting(
        N_("Parts égales augmentées, puis le plus de voix"),
        (*_SHARES, N_("Chaque part grandit d’un euro, et l’on recommence, tant que l’enveloppe n’est pas dépassée."), _REST),
    ),
}
# What settles equal votes, in order.
TIES = {
    "cheaper,lodged": N_("le moins cher, puis le premier déposé"),
    "lodged": N_("le premier déposé"),
    "cheaper,draw": N_("le moins cher, puis un tirage au sort"),
    "draw": N_("un tirage au sort"),
}
LETTERS = "ABCDEFGH"  # of two projects with the same letter, at most one is retained


class Moment(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


MOMENT_LABELS = {
    Moment.ANNOUNCED: (N_("Bientôt"), "neutral"),
    Moment.OPEN: (N_("Vote ouvert"), "ok"),
    Moment.CLOSED: (N_("Dépouillement attendu"), "wait"),
    Moment.COUNTED: (N_("Résultat publié"), "info"),
}


class RollKind(StrEnum):
    """Who is on the roll: whoever declares it with a verified account, or the lines of a list and the codes alone."""

    DECLARED = "declared"
    LISTED = "listed"


class Origin(StrEnum):
    """Where a line of the roll comes from."""

    ACCOUNT = "account"
    LIST = "list"
    CODE = "code"
    DESK = "desk"


class Channel(StrEnum):
    """How a voter took part."""

    ONLINE = "online"
    DESK = "desk"
    PAPER = "paper"


@dataclass(frozen=True)
class WithCode:
    """Somebody who typed a code; only what it hashes to is known here."""

    code_hash: str


@dataclass(frozen=True)
class AtDesk:
    """Somebody whom a voting desk checked in, on its tablet."""

    voter_id: int


Elector = Actor | WithCode | AtDesk  # by what somebody comes to a ballot: an account, a code, a desk


class Mark(StrEnum):
    """What a ballot on paper is worth."""

    VALID = "valid"
    BLANK = "blank"
    VOID = "void"


WORDS_OF_MARKS = {"blanc": Mark.BLANK, "b": Mark.BLANK, "nul": Mark.VOID, "n": Mark.VOID}
SHEET = ("supplied", "unused", "spoiled", "found", "blank", "void")


@dataclass(frozen=True)
class Standing:
    """A project in a vote: on the ballot or not, and what the count said (None: not counted yet)."""

    is_listed: bool = False
    is_selected: bool | None = None


def said_euros(amount: int | Fraction) -> str:
    """An amount of a count, in euros."""
    return euros(floor(amount * 100))


def moment_of(now: datetime, opens_at: datetime, closes_at: datetime, *, is_tallied: bool) -> Moment:
    """Open from the first instant of ``opens_at`` to the last before ``closes_at``."""
    if is_tallied:
        return Moment.COUNTED
    if now < opens_at:
        return Moment.ANNOUNCED
    return Moment.OPEN if now < closes_at else Moment.CLOSED


class Opening:
    """What the days of a vote say, of its row or of what was read of it."""

    @property
    def last_minute(self: Any) -> datetime:
        """The end as people say it: a vote that closes at midnight ends on the day before at 23:59."""
        return self.closes_at - timedelta(minutes=1)  # type: ignore[no-any-return]

    def moment(self: Any, now: datetime) -> Moment:
        """Where it stands: announced, open, closed (not counted yet) or counted."""
        return moment_of(now, self.opens_at, self.closes_at, is_tallied=self.tallied_at is not None)


class OpenPoll(Opening, SimpleNamespace):
    """What a vote reads of its poll: an object of the session costs as much as a statement, while everybody else waits."""


def require_choices(option_ids: Sequence[int], known: Collection[int], most: int) -> None:
    """What a ballot may hold: one to ``most`` different projects of this vote; raises Invalid."""
    if not option_ids:
        raise Invalid("choices", N_("Choisissez au moins un projet."))
    if not set(option_ids) <= set(known):
        raise Invalid("choices", N_("Un de ces projets n’est pas dans ce vote. Choisissez dans la liste."))
    if len(set(option_ids)) < len(option_ids):
        raise Invalid("choices", N_("Le même projet est choisi deux fois."))
    if len(option_ids) > most:
        told = Words("%(most)d choix au plus : vous en avez coché %(got)d.", most=most, got=len(option_ids))
        raise Invalid("choices", told)


def time_left(now: datetime, closes_at: datetime) -> Words:
    """« Il reste 3 jours »: whole days, then hours, then minutes, never more than is left."""
    minutes = max(0, int((closes_at - now).total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return Words("Il reste %(days)d jours", days=minutes // (24 * 60))
    if minutes >= 2 * 60:
        return Words("Il reste %(hours)d heures", hours=minutes // 60)
    return Words("Il reste %(minutes)d minutes", minutes=minutes)


def read_paper(typed: str, known: Collection[int], most: int) -> tuple[Mark, list[int]]:
    """What a reader typed of a ballot: « 3 7 12 », « blanc » or « nul »; raises Invalid with what to type instead."""
    words = typed.replace(",", " ").replace(";", " ").lower().split()
    if len(words) == 1 and words[0] in WORDS_OF_MARKS:
        return WORDS_OF_MARKS[words[0]], []
    if not words or not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        raise Invalid("typed", N_("Tapez les numéros des projets cochés, par exemple « 3 7 12 », ou « blanc », ou « nul »."))
    numbers = sorted({int(word) for word in words})
    if len(numbers) < len(words):
        raise Invalid("typed", N_("Le même numéro est tapé deux fois. Regardez encore le bulletin."))
    if strange := [number for number in numbers if number not in known]:
        raise Invalid("typed", Words("Il n’y a pas de projet %(number)d sur ce bulletin.", number=strange[0]))
    if len(numbers) > most:
        told = Words(
            "%(got)d projets cochés pour %(most)d au plus : ce bulletin est nul. Tapez « nul ».", got=len(numbers), most=most
        )
        raise Invalid("typed", told)
    return Mark.VALID, numbers


def require_sheet(supplied: int, unused: int, spoiled: int, found: int, blank: int, void: int) -> None:
    """The arithmetic of a box's sheet; raises Invalid beside the figure to look at again."""
    if unused + spoiled > supplied:
        told = Words("Il restait %(unused)d bulletins et %(spoiled)d étaient abîmés : plus que les %(supplied)d reçus.",
                     unused=unused, spoiled=spoiled, supplied=supplied)  # fmt: skip
        raise Invalid("unused", told)
    given = supplied - unused - spoiled
    if found > given:
        told = Words("%(found)d bulletins dans l’urne, mais %(given)d ont été remis : %(more)d de trop. Recomptez les bulletins.",
                     found=found, given=given, more=found - given)  # fmt: skip
        raise Invalid("found", told)
    if blank + void > found:
        told = Words("%(sum)d bulletins blancs et nuls, mais %(found)d dans l’urne.", sum=blank + void, found=found)
        raise Invalid("blank", told)
