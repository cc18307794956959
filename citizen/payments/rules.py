"""What is due to a project, and since when, from its fund's rules and its ledger.

Source: règlement du fonds, versements et délai de versement (two instalments by default, 80 % at the decision, the rest on the
report); the last one takes what is left of what the project keeps, so that not a cent is lost nor paid twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Instalment:
    """A part of the grant: ``cents`` of it, ``paid`` so far; ``since`` is the day its trigger was reached, None before."""

    position: int  # from 1
    percent: int
    trigger: str
    cents: int
    paid: int
    since: date | None

    @property
    def due(self) -> int:
        return self.cents - self.paid if self.since else 0

    def due_by(self, delay_days: int) -> date | None:
        """The last day the fund promised."""
        return self.since + timedelta(days=delay_days) if self.since else None


def instalments(
    percents: Sequence[int], triggers: Sequence[str], *, granted: int, kept: int, paid: int, reached: Mapping[str, date]
) -> list[Instalment]:
    """The instalments of a grant of ``granted`` cents of which the project keeps ``kept``; ``paid`` is net of refunds.

    What is kept is shared in order, each instalment up to its percentage of the grant and the last one taking the rest: a
    report that cost less takes from the last. Once the report is accepted, everything kept is due. Payments fill the
    instalments that are due before the others. An instalment without a trigger waits for the report.
    """
    percents = percents or [100]
    waits = [*triggers[: len(percents)], *["report"] * (len(percents) - len(triggers))]
    ends = [min(granted * sum(percents[:rank]) // 100, kept) for rank in range(1, len(percents))] + [kept]
    parts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    since = [reached.get(trigger, reached.get("report")) for trigger in waits]
    filled, left = [0] * len(parts), min(paid, kept)
    for rank in sorted(range(len(parts)), key=lambda rank: since[rank] is None):
        filled[rank] = min(parts[rank], left)
        left -= filled[rank]
    return [
        Instalment(rank + 1, percents[rank], waits[rank], parts[rank], filled[rank], since[rank]) for rank in range(len(parts))
    ]
