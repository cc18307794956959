"""When a committee sits, who may ask for it, and what its minutes may tell everybody."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


def hour_of(held_at: datetime, minutes_each: int, rank: int) -> datetime:
    """When the ``rank``-th file of the agenda (from 0) is expected."""
    return held_at + timedelta(minutes=minutes_each * rank)


@dataclass(frozen=True)
class Rhythm:
    """The ordinary sessions of a year: promised by the rules, held, still to come. Source: règlement du fonds, rythme (P15)."""

    promised: int
    held: int
    coming: int

    @property
    def missing(self) -> int:
        return max(self.promised - self.held - self.coming, 0)


def proof(content: Mapping[str, Any]) -> str:
    """The fingerprint of minutes: one letter changed, another fingerprint."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def without(names: Iterable[str], text: str, instead: str) -> str:
    """``text`` with « instead » where somebody is named; a name inside a longer word, as in « Saint-Pierre », stays."""
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    if not known:
        return text
    return re.sub(rf"(?<![\w-])(?:{'|'.join(map(re.escape, known))})(?![\w-])", instead, text, flags=re.IGNORECASE)


PUBLISHED = ("position", "project_id", "title", "requested_cents", "action", "amount_cents", "votes", "has_left")


def extract(content: Mapping[str, Any], names: Iterable[str], instead: str) -> dict[str, Any]:
    """What everybody may read of minutes: projects, decisions, amounts, reasons and counts; nobody is named."""
    known = list(names)

    def hide(text: str) -> str:
        return without(known, text, instead)

    return {
        **{name: content[name] for name in ("fund", "keeper", "scheme", "kind", "held_at", "place", "envelopes")},
        "colleges": [
            {"name": one["name"], "is_voting": one["is_voting"], "present": len(one["present"]), "represented": len(one["represented"])}
            for one in content["colleges"]
        ],
        "items": [
            {name: one[name] for name in PUBLISHED}
            | {"recused": len(one["recusals"]), "sentence": hide(one["sentence"]), "asked": hide(one["asked"])}
            | {"verdicts": {slug: word | {"reason": hide(word["reason"])} for slug, word in one["verdicts"].items()}}
            for one in content["items"]
        ],
    }  # fmt: skip
