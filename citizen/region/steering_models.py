"""The promises made to each lodged file, written down so that those of the whole region are counted at once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citizen.db import db
from citizen.pic.queries import PUBLISHED


class PromiseDay(db.Model):
    """When a promise was to be kept, and when it was; counted again from the file when it moves."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("slug IN ({})".format(", ".join(f"'{slug}'" for slug in PUBLISHED)), name="slug"),
        Index("ix_promise_day_due_on", "slug", "due_on", "done_on", "project_id"),  # all that the dashboard reads
    )


class PromiseStamp(db.Model):
    """One row: the last event and the last entry of the ledgers that were looked at."""

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    entry_id: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)
