"""What a group may tell of its people in numbers, so that the dashboard knows who bears projects."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citizen.db import db

MOST_PEOPLE, YOUNG_UNDER = 500, 26


class TeamCount(db.Model):
    """How many bear a project, and how many of them are women, or young; each told only if the group wishes. Never who."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    people: Mapped[int]
    women: Mapped[int | None]
    young: Mapped[int | None]
    declared_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"people BETWEEN 1 AND {MOST_PEOPLE}", name="people"),
        CheckConstraint("women BETWEEN 0 AND people", name="women"),
        CheckConstraint("young BETWEEN 0 AND people", name="young"),
    )
