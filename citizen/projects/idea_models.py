"""What an idea gathers before it is decided: residents who support it, and two teams that join."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.projects.models import Project
from citizen.projects.team_models import Version


class Support(db.Model):
    """Somebody supports an idea: once, of the ``version`` of its text that they read last; ``told_at``, that it changed since."""

    __tablename__ = "project_support"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    version: Mapped[int]
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Supports:
    """How many support an idea, and how many of them have not read its newest text."""

    total: int
    to_confirm: int


def newest_version(project_id: int) -> int:
    """The number of the text that everybody reads; 0 when none was kept."""
    return db.session.scalar(select(func.max(Version.number)).where(Version.project_id == project_id)) or 0


def supports_of(project_id: int) -> Supports:
    """Never who."""
    newest = select(func.coalesce(func.max(Version.number), 0)).where(Version.project_id == project_id).scalar_subquery()
    query = select(func.count(), func.count().filter(Support.version < newest)).where(Support.project_id == project_id)
    return Supports(*db.session.execute(query.select_from(Support)).one())


class Joining(db.Model):
    """Project ``project_id`` goes in favour of ``into_id``: proposed to the other team, then accepted or refused; or done alone.

    ``asked_id`` is the project whose bearer answers; empty when the bearer of the first one decided alone.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    project: Mapped[Project] = relationship(foreign_keys=[project_id])
    into: Mapped[Project] = relationship(foreign_keys=[into_id])

    __table_args__ = (
        CheckConstraint("project_id <> into_id", name="two_projects"),
        CheckConstraint("(is_accepted IS NULL) = (answered_at IS NULL)", name="answered_has_moment"),
        CheckConstraint("asked_id IS NULL OR asked_id IN (project_id, into_id)", name="asked_is_one_of_them"),
        CheckConstraint("asked_id IS NOT NULL OR is_accepted", name="alone_is_done"),
        # a project goes once
        Index(
            "uq_joining_done", "project_id", unique=True,
            sqlite_where=text("is_accepted"), postgresql_where=text("is_accepted"),
        ),
    )  # fmt: skip
