"""The final report, line by line; how a project ended; which reminders left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import append_only, db
from citizen.projects.settlement import PUBLIC_FROM

BANDS = ("children", "teenagers", "young", "adults", "seniors")
COUNTS = ("participants", "from_quarter", "newcomers", *BANDS, "women", "volunteers", "paperwork_minutes")


def _text() -> Mapped[str]:
    return mapped_column(Text, default="", server_default="")


class FinalReport(db.Model):
    """What was really done, written little by little; numbers are None while nobody knows. ``sent_at``: sent the first time."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="", server_default="")
    participants: Mapped[int | None]
    from_quarter: Mapped[int | None]
    newcomers: Mapped[int | None]
    children: Mapped[int | None]
    teenagers: Mapped[int | None]
    young: Mapped[int | None]
    adults: Mapped[int | None]
    seniors: Mapped[int | None]
    women: Mapped[int | None]
    volunteers: Mapped[int | None]
    story: Mapped[str] = _text()
    obstacles: Mapped[str] = _text()
    learnt: Mapped[str] = _text()
    differently: Mapped[str] = _text()
    will_go_on: Mapped[bool | None]
    paperwork_minutes: Mapped[int | None]
    actual_cost_cents: Mapped[int] = mapped_column(default=0, server_default="0")  # the total of its expenses
    points: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # page -> what the reviewer asks there
    sent_at: Mapped[datetime | None]
    lines: Mapped[list["ReportLine"]] = relationship(order_by="ReportLine.id", cascade="all, delete-orphan")
    pictures: Mapped[list["ReportPicture"]] = relationship(order_by="ReportPicture.attachment_id", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(" AND ".join(f"({name} IS NULL OR {name} >= 0)" for name in COUNTS), name="not_negative"),
        CheckConstraint("actual_cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("sent_at IS NULL OR participants IS NOT NULL", name="sent_has_people"),
    )

    @property
    def bands(self) -> dict[str, int]:
        """People by age, as far as they were counted."""
        return {name: count for name in BANDS if (count := getattr(self, name)) is not None}

    @property
    def public_bands(self) -> dict[str, int]:
        """The same for everybody: only when enough people came that nobody can be known by it."""
        return self.bands if (self.participants or 0) >= PUBLIC_FROM else {}


class ReportLine(db.Model):
    """One line of the account: a line of the budget (``line_id``) or one more; set aside when the reviewer says why."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("final_report.project_id", ondelete="CASCADE"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id", ondelete="SET NULL"), unique=True)
    side: Mapped[str]
    nature: Mapped[str]
    label: Mapped[str]
    spent_cents: Mapped[int | None]
    set_aside_reason: Mapped[str] = _text()

    __table_args__ = (
        CheckConstraint(
            "(side = 'expense' AND nature IN ('operating', 'capital')) OR (side = 'income' AND nature IN ('own', 'other'))",
            name="side_and_nature",
        ),
        CheckConstraint("spent_cents IS NULL OR spent_cents >= 0", name="not_negative"),
    )


class ReportPicture(db.Model):
    """A picture of the report: whether somebody can be recognised, and then whether they agreed in writing and who keeps it."""

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("final_report.project_id", ondelete="CASCADE"), index=True)
    shows_people: Mapped[bool]
    has_consent: Mapped[bool] = mapped_column(default=False)
    consent_kept_by: Mapped[str] = mapped_column(default="")
    attachment: Mapped[Any] = relationship("Attachment")

    __table_args__ = (CheckConstraint("NOT has_consent OR consent_kept_by <> ''", name="consent_is_kept"),)

    @property
    def may_be_shown(self) -> bool:
        return self.has_consent or not self.shows_people


class Closing(db.Model):
    """How a project ended, and the cost taken into account: report « accepted », closed « without », or « cancelled »."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    kind: Mapped[str]
    eligible_cents: Mapped[int]
    closed_on: Mapped[date]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("kind IN ('accepted', 'without', 'cancelled')", name="kind"),
        CheckConstraint("eligible_cents >= 0", name="not_negative"),
    )


append_only("closing")


class SentReminder(db.Model):
    """A reminder that left: never twice for the same project."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str]
    sent_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("project_id", "kind"),)


append_only("sent_reminder")
