"""Where a reader of a list stands: a cursor names the last thing read, so that what is added meanwhile moves nothing."""

import re

CURSOR = r"^(?:[0-9a-f]{2}){2,20}$"
FARTHEST = 2**31 - 1


def cursor_after(key: int | str) -> str:
    """What is asked for to go on after this number or this code."""
    return f"{key:08x}" if isinstance(key, int) else key.encode().hex()


def number_at(cursor: str) -> int:
    """The number where a cursor stands; whatever is written so stands somewhere."""
    return min(int(cursor, 16), FARTHEST)


def code_at(cursor: str) -> str:
    """The code where a cursor stands."""
    return re.sub(r"[^0-9A-Za-z-]", "", bytes.fromhex(cursor).decode("latin-1"))
