"""Around an edition and its registrations: the next one while it is written, its documents, opinions, instruction, shared equipment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen import clock
from citizen.db import db, trigger
from citizen.files.models import Document
from citizen.kernel.words import N_
from citizen.nqe.models import NqeProject
from citizen.people.models import Organisation, Person

LEVELS = {"commune": N_("la commune"), "intermunicipality": N_("l’intercommunalité"), "partner": N_("la structure partenaire")}
OPINIONS = {"favourable": N_("favorable"), "reserved": N_("favorable avec réserve"), "unfavourable": N_("défavorable")}
THINGS = {
    "stage": N_("Scène"), "tent": N_("Tente, barnum"), "cups": N_("Gobelets, vaisselle"), "sound": N_("Son, lumière"),
    "furniture": N_("Tables, bancs"), "games": N_("Jeux"), "transport": N_("Vélos, remorque"), "other": N_("Autre"),
}  # fmt: skip
MARKS = {"convincing": N_("Convaincant"), "unclear": N_("À préciser"), "weak": N_("Insuffisant")}
DOCUMENT_KINDS = {"text": N_("À lire"), "kit": N_("Kit de communication")}


def _listed(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in names)


class EditionDraft(db.Model):
    """The next edition, copied from the last one: what is written so far, and the lines read again by hand."""

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    content: Mapped[dict[str, Any]]
    reread: Mapped[list[str]] = mapped_column(default=list)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class EditionDocument(db.Model):
    """Something to read about an edition, or a piece of its communication kit."""

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str]
    title: Mapped[str]
    document: Mapped[Document] = relationship()

    __table_args__ = (CheckConstraint(f"kind IN ({_listed(DOCUMENT_KINDS)})", name="kind"),)


class TownOpinion(db.Model):
    """What a commune or an intermunicipality thinks of a project, asked by a mailed link until ``due_on``."""

    __tablename__ = "nqe_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), index=True)
    level: Mapped[str]
    body: Mapped[str]
    email: Mapped[str] = mapped_column(info={"address": "erased", "erased": ""})
    token_hash: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[str] = mapped_column(default="", info={"erased": "habitant·e"})
    project: Mapped[NqeProject] = relationship(back_populates="opinions")

    __table_args__ = (
        UniqueConstraint("project_id", "level", "body"),
        CheckConstraint(f"level IN ({_listed(LEVELS)})", name="level"),
        CheckConstraint(f"outcome IN ('', {_listed(OPINIONS)})", name="outcome"),
        CheckConstraint("(outcome = '') = (answered_at IS NULL)", name="answered_has_moment"),
    )

    def is_open(self, today: date) -> bool:
        """Whether its link still serves, and its project still asks."""
        return not self.outcome and today <= self.due_on and self.project.lodged_at is not None

    @property
    def is_late(self) -> bool:
        return not self.outcome and self.due_on < clock.today()


class Reading(db.Model):
    """The Region's instruction of a project: whose it is, a mark and words for each line of the grid, and what to remember."""

    __tablename__ = "nqe_reading"

    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    officer: Mapped[Person | None] = relationship()

    def is_whole(self, lines: Iterable[str]) -> bool:
        """Whether each of these lines of the grid has its mark."""
        return all(self.marks.get(line, {}).get("mark") for line in lines)


class ProgrammeImport(db.Model):
    """A file read line by line and shown before it enters the programme: dates that stand, and what is wrong by line."""

    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Equipment(db.Model):
    """Something an organisation lends to the projects of the summer: how many, where, under which conditions."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str]
    label: Mapped[str]
    quantity: Mapped[int]
    place: Mapped[str]
    conditions: Mapped[str] = mapped_column(Text, default="")
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(THINGS)})", name="kind"),
        CheckConstraint("quantity > 0", name="quantity"),
    )


class EquipmentDay(db.Model):
    """So many of a thing kept for a project on a day; together never more than there are."""

    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    booked_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_equipment_day_equipment_id_day", "equipment_id", "day"),
        Index("ix_equipment_day_project_id", "project_id"),
    )


for _when in ("INSERT", "UPDATE"):
    trigger(
        f"equipment_day_within_{_when.lower()}", "equipment_day", _when,
        "(SELECT coalesce(sum(quantity), 0) FROM equipment_day WHERE equipment_id = NEW.equipment_id AND day = NEW.day"
        " AND project_id <> NEW.project_id) + NEW.quantity > (SELECT quantity FROM equipment WHERE id = NEW.equipment_id)",
        "more is booked than there is",
    )  # fmt: skip
trigger(
    "equipment_keeps_booked", "equipment", "UPDATE OF quantity",
    "EXISTS (SELECT 1 FROM equipment_day WHERE equipment_id = NEW.id GROUP BY day HAVING sum(quantity) > NEW.quantity)",
    "less is left than is booked",
)  # fmt: skip
