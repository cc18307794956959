"""What each adopted rule says of a counted box, kept as it was said."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citizen.ballots.models import one_of
from citizen.ballots.rules import RULES
from citizen.db import append_only, db


class PollCount(db.Model):
    """One rule on one box. ``served`` people got at least one of their choices; ``lines`` are the projects in the order of the
    count: {option_id, is_selected, remaining_cents, said}, the money being what was left when its turn came. ``is_recounted``: what
    would have been enough was looked for by counting again."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    left_cents: Mapped[int]
    served: Mapped[int]
    is_recounted: Mapped[bool]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (
        CheckConstraint("left_cents >= 0 AND served >= 0", name="not_negative"),
        CheckConstraint(one_of("rule", RULES), name="rule"),
    )


append_only("poll_count")
