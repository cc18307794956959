"""What the commune and the team gather before the vote: opinions asked by a mailed link, the cost line by line, walks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.files.models import Document
from citizen.ftu.bench import SOURCES, times
from citizen.ftu.conditions import VERDICTS
from citizen.ftu.models import FtuFund, FtuProject
from citizen.kernel.words import N_
from citizen.people.models import Organisation
from citizen.places.models import Perimeter

POINT_KINDS = {"idea": N_("une idée de travaux"), "upkeep": N_("un entretien à faire")}
_VERDICTS = ", ".join(f"'{code}'" for code in ("", *VERDICTS))


class Opinion(db.Model):
    """A service of the commune, or the owner of the place, asked by a link that serves once and until ``due_on``.

    The address goes with the answer; what stays is who answered, when, and the reason.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(info={"erased": "une personne"})
    email: Mapped[str] = mapped_column(default="", info={"address": "erased", "erased": ""})
    words: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    signature: Mapped[str] = mapped_column(default="", info={"erased": "une personne"})
    answered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    project: Mapped[FtuProject] = relationship(back_populates="opinions")

    __table_args__ = (
        CheckConstraint("kind IN ('service', 'owner')", name="kind"),
        CheckConstraint(f"verdict IN ({_VERDICTS})", name="verdict"),
        CheckConstraint("(verdict = '') = (answered_at IS NULL)", name="answered_has_moment"),
        CheckConstraint("answered_at IS NULL OR cancelled_at IS NULL", name="answered_or_cancelled"),
    )

    @property
    def label(self) -> str:
        """The answer in words: a service gives an opinion, an owner an agreement."""
        return VERDICTS[self.verdict].of_owner if self.kind == "owner" else VERDICTS[self.verdict].of_service

    @property
    def tone(self) -> str:
        return VERDICTS[self.verdict].tone

    def is_open(self, today: date) -> bool:
        """Whether its link still serves."""
        return self.answered_at is None and self.cancelled_at is None and today <= self.due_on


class CostLine(db.Model):
    """So many of one thing: the known interval of its price, where it comes from, and the price that the study keeps; per unit.

    The quantity is in hundredths: 12,5 m² is 1250.
    """

    __tablename__ = "cost_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("ftu_project.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(index=True)
    unit: Mapped[str] = mapped_column(default="")
    quantity: Mapped[int]
    low_cents: Mapped[int]
    high_cents: Mapped[int]
    chosen_cents: Mapped[int]
    source: Mapped[str]
    project: Mapped[FtuProject] = relationship(back_populates="costs")

    __table_args__ = (
        CheckConstraint(f"source IN ({', '.join(repr(code) for code in SOURCES)})", name="source"),
        CheckConstraint("quantity > 0 AND chosen_cents > 0 AND low_cents > 0", name="positive"),
        CheckConstraint("low_cents <= high_cents", name="low_before_high"),
    )

    @property
    def source_label(self) -> str:
        return SOURCES[self.source]

    @property
    def low(self) -> int:
        """The low end for the whole line, in cents."""
        return times(self.quantity, self.low_cents)

    @property
    def high(self) -> int:
        return times(self.quantity, self.high_cents)

    @property
    def chosen(self) -> int:
        return times(self.quantity, self.chosen_cents)


class Walk(db.Model):
    """A walk through a quarter with those who live there: what was seen, point by point; everybody reads it once it is closed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    perimeter_id: Mapped[int] = mapped_column(ForeignKey("perimeter.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # the association that opened it
    title: Mapped[str]
    held_on: Mapped[date]
    people: Mapped[str] = mapped_column(Text, default="")
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    fund: Mapped[FtuFund] = relationship()
    perimeter: Mapped[Perimeter] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    points: Mapped[list["WalkPoint"]] = relationship(
        order_by="WalkPoint.number", cascade="all, delete-orphan", back_populates="walk"
    )

    @property
    def on(self) -> str:
        return f"walk:{self.id}"


class WalkPoint(db.Model):
    """Something seen: an idea, which becomes a project of somebody, or upkeep, which a service answers in public."""

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    place: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("ftu_project.id"))
    offered_at: Mapped[datetime | None]
    service: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    walk: Mapped[Walk] = relationship(back_populates="points")
    document: Mapped[Document | None] = relationship(lazy="selectin")
    project: Mapped[FtuProject | None] = relationship(lazy="selectin")

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(code) for code in POINT_KINDS)})", name="kind"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_point"),
        CheckConstraint("kind = 'idea' OR project_id IS NULL", name="only_ideas_become_projects"),
        CheckConstraint("kind = 'upkeep' OR (service = '' AND done_at IS NULL)", name="only_upkeep_is_sent"),
        CheckConstraint("done_at IS NULL OR answer <> ''", name="done_has_answer"),
    )

    @property
    def kind_label(self) -> str:
        return POINT_KINDS[self.kind]

    @property
    def standing(self) -> tuple[str, str]:
        """Where it stands, in words, with its tone."""
        if self.kind == "idea":
            return (N_("devenue un projet"), "ok") if self.project_id else (N_("idée à prendre"), "info")
        if self.done_at:
            return N_("fait"), "ok"
        return (N_("transmis au service"), "wait") if self.sent_at else (N_("à transmettre"), "neutral")
