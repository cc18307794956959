"""What the Region shows of what it supports: publications, who else may publish, collections, the picture of a month, descents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.projects.models import Project

_OPEN, _SHOWN = text("withdrawn_at IS NULL"), text("published_at IS NOT NULL")
# all that the gallery's filters and counts read of what is shown, without its long texts
_read = Project.__table__.c
Index(
    "ix_project_published", _read.published_at, _read.id, _read.is_public, _read.scheme, _read.state, _read.commune_code,
    _read.perimeter_id, _read.decided_on, sqlite_where=_SHOWN, postgresql_where=_SHOWN,
)  # fmt: skip


def _by() -> Mapped[int | None]:
    return mapped_column(ForeignKey("person.id"))


class Publication(db.Model):
    """A supported project shown to all, with its texts as a person reread them, until it is withdrawn with a reason.

    Nothing is published before each point of the checklist is answered. A project that is shown again has a new publication.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    story: Mapped[str] = mapped_column(Text, default="")  # empty until the team has told what was done
    differently: Mapped[str] = mapped_column(Text, default="")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="SET NULL"), index=True)
    cover_words: Mapped[str] = mapped_column(default="")  # what the picture shows, for who does not see it
    has_consents: Mapped[bool]
    names_region: Mapped[bool]
    is_reread: Mapped[bool]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = _by()
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = _by()
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    project: Mapped[Project] = relationship()

    __table_args__ = (
        CheckConstraint("has_consents AND names_region AND is_reread", name="checklist"),
        CheckConstraint("summary <> ''", name="summary"),
        CheckConstraint("cover_id IS NULL OR cover_words <> ''", name="cover_is_told"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_has_reason"),
        Index("uq_publication_open", "project_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_publication_shown", "published_at", "project_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class PublishingDelegation(db.Model):
    """The Region lets who keeps this fund publish what the fund supports."""

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime]
    given_by: Mapped[int | None] = _by()


class Collection(db.Model):
    """Initiatives that the Region puts together, in its order; everybody reads it once it is shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    is_shown: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = _by()
    items: Mapped[list["CollectionItem"]] = relationship(
        order_by="CollectionItem.position, CollectionItem.project_id", cascade="all, delete-orphan"
    )


class CollectionItem(db.Model):
    """One initiative of a collection, at its place."""

    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    position: Mapped[int]


class MonthPicture(db.Model):
    """The picture of a month, named by its first day: whose it is, and what it shows."""

    month: Mapped[date] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    credit: Mapped[str]
    words: Mapped[str]
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[int | None] = _by()

    __table_args__ = (CheckConstraint("credit <> '' AND words <> ''", name="credit"),)


class Descent(db.Model):
    """A project that began as the copy of another."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    copied_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("project_id <> origin_id", name="not_its_own_origin"),)
