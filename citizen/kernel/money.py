"""Money in whole cents: read as people type it, shown as French writes it, shared without losing a cent."""

import re
from fractions import Fraction

NBSP = "\N{NARROW NO-BREAK SPACE}"
MAX_CENTS = 100_000_000_00  # a hundred million euros: beyond it, a typing mistake
_TYPED = re.compile(r"(\d[\d\s.\u00a0\u202f]*)(?:,(\d{1,2}))?\s*(?:€|euros?|eur)?", re.IGNORECASE)
_ENGLISH = re.compile(r"(\d+)\.(\d{1,2})")


def euros(cents: int) -> str:
    """``123450`` -> « 1 234,50 € »; whole euros without decimals."""
    sign, units, rest = ("-" if cents < 0 else ""), *divmod(abs(cents), 100)
    grouped = f"{units:,}".replace(",", NBSP)
    return f"{sign}{grouped}{f',{rest:02d}' if rest else ''}{NBSP}€"


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
