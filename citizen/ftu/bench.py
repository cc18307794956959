"""The bench of unit prices: a fund's own list, one line a thing, and the interval that enough past works give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from citizen.kernel import money
from citizen.kernel.words import N_, Words, plain

SOURCES = {
    "works": N_("travaux déjà faits"),
    "fund": N_("barème du fonds"),
    "study": N_("prix écrit par le service"),
}
# No regional price is published: a fund writes its own after « ; ».
ITEMS = (
    N_("Banc ; pièce"),
    N_("Arbre ; pièce"),
    N_("Borne ; pièce"),
    N_("Corbeille ; pièce"),
    N_("Point lumineux ; pièce"),
    N_("Chemin ; m²"),
)


@dataclass(frozen=True)
class Price:
    """A thing, its unit, and what one costs, in cents; None when nobody knows yet."""

    label: str
    unit: str = ""
    low_cents: int | None = None
    high_cents: int | None = None


def price_of(line: str) -> Price | None:
    """« Banc ; pièce ; 400 ; 900 » read; one price is both ends; None when it cannot be."""
    parts = [part.strip() for part in line.split(";")]
    label, unit, *told = [*parts, ""] if len(parts) == 1 else parts
    cents = [money.parse(part) for part in told if part]
    if not label or len(told) > 2 or None in cents or any(not one for one in cents):
        return None
    known = sorted(one for one in cents if one)
    return Price(label, unit, known[0], known[-1]) if known else Price(label, unit)


def prices(lines: Iterable[str]) -> dict[str, Price]:
    """The bench by its plain names."""
    return {plain(price.label): price for line in lines if (price := price_of(line))}


def faults(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The first line that cannot be read."""
    unread = next((line for line in terms.get("prices", ()) if price_of(line) is None), None)
    if unread is not None:
        yield "prices", Words("« %(line)s » ne se lit pas : écrivez « Banc ; pièce ; 400 ; 900 ».", line=unread)


def interval(cents: Sequence[int]) -> tuple[int, int]:
    """Half of the known prices lie between these two, in cents of whole euros."""
    low, _middle, high = quantiles(cents, n=4, method="inclusive")
    return max(round(low / 100) * 100, 1_00), max(round(high / 100) * 100, 1_00)


def times(hundredths: int, cents: int) -> int:
    """So many hundredths of a unit at this price, rounded to the cent."""
    return (hundredths * cents + 50) // 100
