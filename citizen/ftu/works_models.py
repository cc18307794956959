"""After the vote: the commune's act, the Region's share, the works milestone by milestone, and how they are used."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import append_only, db, trigger
from citizen.ftu.milestones import KINDS, POLLED_AFTER, USED, WORKS, Stage
from citizen.ftu.models import FtuProject
from citizen.projects.budget import Attachment
from citizen.projects.models import Decision

ACTS = ("deliberation", "order", "decision")
UNORDERED = {"sqlite_with_rowid": False}  # no hidden row number: it would keep the order in which people answered


def _in(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


class WorksAct(db.Model):
    """The commune's act on works: what it is, its day, its budget line, and what it does not follow."""

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str]
    acted_on: Mapped[date]
    budget_line: Mapped[str] = mapped_column(default="", server_default="")
    departs_from: Mapped[str] = mapped_column(default="", server_default="")
    decision: Mapped[Decision] = relationship()

    __table_args__ = (
        CheckConstraint(_in("kind", ACTS), name="kind"),
        CheckConstraint("departs_from IN ('', 'vote', 'opinion', 'both')", name="departs_from"),
        CheckConstraint("reference <> ''", name="has_reference"),
    )


append_only("works_act")


class WorksMoney(db.Model):
    """The Region's share: asked, then agreed or refused; and what the works really cost."""

    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), primary_key=True)
    asked_cents: Mapped[int | None]
    asked_on: Mapped[date | None]
    agreed_cents: Mapped[int | None]  # 0: refused
    answered_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(default="", server_default="")
    real_cents: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("(asked_cents IS NULL) = (asked_on IS NULL)", name="asked_has_day"),
        CheckConstraint("asked_cents > 0", name="asked_positive"),
        CheckConstraint("(agreed_cents IS NULL) = (answered_on IS NULL)", name="answered_has_day"),
        CheckConstraint("agreed_cents IS NULL OR (asked_cents IS NOT NULL AND reference <> '')", name="answered_was_asked"),
        CheckConstraint("agreed_cents BETWEEN 0 AND asked_cents", name="agreed_at_most_asked"),
        CheckConstraint("answered_on >= asked_on", name="asked_before_answered"),
        CheckConstraint("real_cents > 0", name="real_positive"),
    )


class Milestone(db.Model):
    """One moment of the works; ``promised_on`` is the first day that was told, and never changes."""

    __tablename__ = "works_milestone"

    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    promised_on: Mapped[date]
    planned_on: Mapped[date]
    done_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(default="", server_default="")  # a service or a firm
    cause: Mapped[str] = mapped_column(Text, default="", server_default="")  # why it is late
    reservations: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        CheckConstraint(_in("kind", KINDS), name="kind"),
        CheckConstraint(
            "cause <> '' OR (planned_on <= promised_on AND (done_on IS NULL OR done_on <= promised_on))", name="late_has_cause"
        ),
    )

    @property
    def stage(self) -> Stage:
        return Stage(self.promised_on, self.planned_on, self.done_on)


trigger(
    "works_milestone_promise", "works_milestone", "UPDATE OF promised_on", "NEW.promised_on <> OLD.promised_on",
    "the first promise stays",
)  # fmt: skip


class WorksMove(db.Model):
    """Something moved on the site: told once to those who follow, with what else moved that day."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class WorksPhoto(db.Model):
    """A spot photographed before the works, then after them from the same place."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), index=True)
    spot: Mapped[str]
    before_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), index=True)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="SET NULL"), index=True)
    before: Mapped[Attachment] = relationship(foreign_keys=before_id)
    after: Mapped[Attachment | None] = relationship(foreign_keys=after_id)


class UsePoll(db.Model):
    """How a place is used so many months after its opening: asked once to those who follow, answered by the commune."""

    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True)
    opened_on: Mapped[date]
    closes_on: Mapped[date]
    asked: Mapped[int]
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    replied_on: Mapped[date | None]
    project: Mapped[FtuProject] = relationship()

    __table_args__ = (
        CheckConstraint(f"months IN ({', '.join(map(str, POLLED_AFTER))})", name="months"),
        CheckConstraint("opened_on <= closes_on", name="opens_before_it_closes"),
        CheckConstraint("(reply = '') = (replied_on IS NULL)", name="replied_has_day"),
    )


class UseLink(db.Model):
    """A link that was mailed and not used yet: nothing says to whom. It goes when the answer comes."""

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    months: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "months"], ["use_poll.project_id", "use_poll.months"], ondelete="CASCADE"),
        UNORDERED,
    )


class UseAnswer(db.Model):
    """One answer; ``id`` is random. Nothing says whose, nor when."""

    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    months: Mapped[int]
    used: Mapped[str]
    works: Mapped[str]
    mend: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "months"], ["use_poll.project_id", "use_poll.months"], ondelete="CASCADE"),
        CheckConstraint(_in("used", USED), name="used"),
        CheckConstraint(_in("works", WORKS), name="works"),
        UNORDERED,
    )
