"""A count done by hand from the tables, past the code: for tests that trust nothing else."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from citizen.db import db

Read = tuple[str, str]
HOSTS = "SELECT id FROM paper_box WHERE mixed_into_id IS NULL AND poll_id = :id"
SHEETS = "SELECT sum(found), sum(blank), sum(void) FROM paper_box WHERE id = :id OR mixed_into_id = :id"
ENTRIES = "SELECT turn, number, mark, chosen FROM paper_entry WHERE box_id = :id"


def rows(query: str, **values: Any) -> list[Any]:
    return list(db.session.execute(text(query), values))


def final(box: int, *, is_settled: bool = True) -> dict[int, Read] | None:
    """What each ballot of a pile says once two people read it, and a third where they differ; None while that is not so."""
    size = rows(SHEETS, id=box)[0][0]
    read: dict[int, dict[int, Read]] = {1: {}, 2: {}, 3: {}}
    for turn, number, mark, chosen in rows(ENTRIES, id=box):
        read[turn][number] = mark, chosen
    if not len(read[1]) == len(read[2]) == size:
        return None
    said = {number: one if one == read[2][number] else read[3].get(number) for number, one in read[1].items()}
    return None if is_settled and None in said.values() else said  # type: ignore[return-value]


def is_ready(poll: int, signatures: int) -> bool:
    """Whether the paper of this poll may be counted."""
    hosts = [box for (box,) in rows(HOSTS, id=poll)]
    if not signatures and not hosts:
        return True
    if rows("SELECT 1 FROM paper_box WHERE poll_id = :id AND found IS NULL", id=poll):
        return False
    found = 0
    for host in hosts:
        said, (size, *written) = final(host), rows(SHEETS, id=host)[0]
        if said is None or [sum(mark == kind for mark, _chosen in said.values()) for kind in ("blank", "void")] != written:
            return False
        found += size
    told = rows("SELECT difference FROM paper_gap WHERE poll_id = :id", id=poll)
    return found - signatures in (0, told[0][0] if told else 0)


def votes(poll: int, online: Iterable[Iterable[int]]) -> dict[int, int]:
    """Votes by project: ballots by the places of their projects, and paper."""
    counted = Counter({1: 0, 2: 0, 3: 0})
    for chosen in online:
        counted.update(place + 1 for place in chosen)
    for (box,) in rows(HOSTS, id=poll):
        for _mark, numbers in (final(box) or {}).values():
            counted.update(map(int, numbers.split()))
    return dict(counted)
