"""Who writes a file and what was asked of it: the team and its tasks, invitations, helpers, points to complete, versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import append_only, db
from citizen.kernel.words import N_
from citizen.people.models import Person

TEAM_ROLES = {
    "": N_("membre"),
    "treasurer": N_("tient l’argent du groupe"),
    "secretary": N_("écrit les papiers"),
    "publicity": N_("fait connaître le projet"),
    "logistics": N_("s’occupe du matériel"),
}


def _of_project(**options: Any) -> Mapped[int]:
    return mapped_column(ForeignKey("project.id", ondelete="CASCADE"), **options)


class TeamMember(db.Model):
    """Somebody who carries the project, by name; ``person_id`` once they accepted. ``household`` numbers the homes, never shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(info={"erased": "habitant·e"})
    household: Mapped[int]
    task: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="", server_default="")
    is_presenter: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime | None]
    invitation: Mapped["Invitation | None"] = relationship(back_populates="member", cascade="all, delete-orphan")

    @property
    def role_label(self) -> str:
        """What they are in the group, in words."""
        return TEAM_ROLES[self.role]

    __table_args__ = (
        CheckConstraint("household > 0", name="household"),
        CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in TEAM_ROLES)), name="role"),
    )


class FormerMember(db.Model):
    """Somebody with an account who left the team of a file already lodged: they had a part in it, and never judge it."""

    project_id: Mapped[int] = _of_project(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    left_at: Mapped[datetime]


class TeamTask(db.Model):
    """Something to do, by whom, done or not."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    label: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id", ondelete="SET NULL"))
    is_done: Mapped[bool] = mapped_column(default=False)
    member: Mapped[TeamMember | None] = relationship()


class Invitation(db.Model):
    """A link mailed once, to somebody named in the team or to a helper; the row goes when it is answered or cancelled."""

    __tablename__ = "team_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(info={"address": "gone"})
    quality: Mapped[str] = mapped_column(default="")  # of a helper
    words: Mapped[str] = mapped_column(Text, default="")  # the group's consent to a helper
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    member: Mapped[TeamMember | None] = relationship(back_populates="invitation")

    __table_args__ = (CheckConstraint("member_id IS NOT NULL OR words <> ''", name="helper_with_consent"),)


class Helper(db.Model):
    """Somebody who writes with the group and never owns the project: who consented, when and in which words; until when."""

    __tablename__ = "project_helper"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    quality: Mapped[str]
    offered_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    consenter: Mapped[Person | None] = relationship(foreign_keys=[consented_by])

    @property
    def is_helping(self) -> bool:
        """Whether the group's consent is given and not withdrawn."""
        return self.consented_at is not None and self.ended_at is None

    @property
    def signature(self) -> str:
        """« Karim, du centre social »."""
        return f"{self.person.name}, {self.quality}"

    __table_args__ = (
        CheckConstraint(
            "(consented_at IS NULL) = (consented_by IS NULL) AND (consented_at IS NULL) = (words = '')", name="consent"
        ),
        Index(
            "uq_project_helper_open", "project_id", "person_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip


class WritingDay(db.Model):
    """A day on which somebody wrote in the file: what a helper's share is counted from."""

    project_id: Mapped[int] = _of_project(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)


class Handover(db.Model):
    """The bearer offers the place to another of the team, who has not answered yet."""

    project_id: Mapped[int] = _of_project(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id", ondelete="CASCADE"))
    offered_at: Mapped[datetime]
    member: Mapped[TeamMember] = relationship()


WHOLE = "project"


class Hiding(db.Model):
    """What is hidden from the public: a news, a photo, or the whole project when neither is named; until ``lifted_at``."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    news_id: Mapped[int | None] = mapped_column(ForeignKey("news.id", ondelete="CASCADE"), index=True)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    hidden_at: Mapped[datetime]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("news_id IS NULL OR attachment_id IS NULL", name="one_thing"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason = '')", name="lifted_has_reason"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_has_words"),
    )

    @property
    def key(self) -> str:
        """What is hidden, as forms name it."""
        return f"news-{self.news_id}" if self.news_id else f"photo-{self.attachment_id}" if self.attachment_id else WHOLE

    @property
    def what(self) -> str:
        """What is hidden, in words."""
        return N_("Une nouvelle") if self.news_id else N_("Une photo") if self.attachment_id else N_("Le projet")


POINT_STATES = {
    "asked": N_("à répondre"), "answered": N_("répondu"), "accepted": N_("accepté"), "again": N_("redemandé"),
}  # fmt: skip


class Point(db.Model):
    """One thing that a reviewer or the committee asks to complete: where in the file, in words, and what the team answered.

    ``target`` is a part of the file (« budget.lines ») or one of its fields (« pic.conditions#learning »); empty: the whole file.
    """

    __tablename__ = "completion_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = _of_project(index=True)
    target: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="asked")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    @property
    def status_label(self) -> str:
        """Where it stands, in words."""
        return POINT_STATES[self.status]

    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{state}'" for state in POINT_STATES)), name="status"),
        CheckConstraint("status <> 'answered' OR answered_at IS NOT NULL", name="answered_has_moment"),
        CheckConstraint("(status IN ('accepted', 'again')) = (settled_at IS NOT NULL)", name="settled_has_moment"),
    )


class Version(db.Model):
    """The file as it was each time it was lodged; people with an account stand in it by their number, never by name."""

    __tablename__ = "project_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("project_id", "number"), CheckConstraint("number > 0", name="number"))


append_only("project_version")
