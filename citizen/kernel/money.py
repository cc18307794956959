"""Money in whole cents: read as people type it, shown as French writes it, shared without losing a cent."""

import re
from collections.abc import Sequence
from fractions import Fraction

NBSP = "\N{NARROW NO-BREAK SPACE}"
MAX_CENTS = 20_000_000_00  # twenty million euros: what a 32-bit column holds; beyond it, a typing mistake
_GROUPED = r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:[ \u00a0\u2009\u202f][0-9]{3})+)"  # « 1.200 », « 1 200 »
_UNIT = r"\s*(?:€|euros?|eur)?"
_TYPED = re.compile(rf"({_GROUPED}|[0-9]+)(?:,([0-9]{{1,2}}))?{_UNIT}", re.IGNORECASE)
_ENGLISH = re.compile(rf"([0-9]+)\.([0-9]{{1,2}}){_UNIT}", re.IGNORECASE)


def euros(cents: int) -> str:
    """``123450`` -> « 1 234,50 € »; whole euros without decimals."""
    sign, units, rest = ("-" if cents < 0 else ""), *divmod(abs(cents), 100)
    grouped = f"{units:,}".replace(",", NBSP)
    return f"{sign}{grouped}{f',{rest:02d}' if rest else ''}{NBSP}€"


def plain(cents: int) -> str:
    """``123450`` -> « 1234,50 »: an amount as a field holds it, which ``parse`` reads back."""
    return f"{cents // 100}" + (f",{cents % 100:02d}" if cents % 100 else "")


def parse(typed: str) -> int | None:
    """Cents of an amount as typed (« 1 200,50 € », « 12.5 »), or None when it is not one."""
    text = typed.strip()
    match = _ENGLISH.fullmatch(text) or _TYPED.fullmatch(text)
    if not match:
        return None
    whole = re.sub(r"\D", "", match[1])
    if len(whole) > 11:
        return None
    cents = int(whole) * 100 + int((match[2] or "0").ljust(2, "0"))
    return cents if cents <= MAX_CENTS else None


def share(cents: int, part: Fraction) -> int:
    """``part`` of ``cents``, rounded down to the cent: a cap is never exceeded by rounding."""
    return cents * part.numerator // part.denominator


def split(cents: int, percents: Sequence[int]) -> list[int]:
    """``cents`` shared to the cent among parts that make 100: each its whole cents, the cents left to the largest rests.

    At equal rests the first in the list is served first.
    """
    if sum(percents) != 100 or min(percents) < 0:
        raise ValueError(f"{list(percents)} do not make 100")
    shares, rests = zip(*(divmod(cents * percent, 100) for percent in percents), strict=True)
    served = sorted(range(len(percents)), key=lambda rank: -rests[rank])[: cents - sum(shares)]
    return [share + (rank in served) for rank, share in enumerate(shares)]
