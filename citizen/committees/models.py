"""Committees: their sessions, and the projects on each agenda; seats, quorum and votes come beside them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.clock import LOCAL
from citizen.db import db, guard
from citizen.funds.models import Fund
from citizen.projects.models import Decision, Project
from citizen.projects.steps import S


class Session(db.Model):
    """A day when the committee of a fund meets; nothing changes on its agenda once it is closed."""

    __tablename__ = "committee_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    held_at: Mapped[datetime]
    place: Mapped[str]
    closed_at: Mapped[datetime | None]
    fund: Mapped[Fund] = relationship()
    items: Mapped[list["AgendaItem"]] = relationship(back_populates="session", order_by="AgendaItem.position, AgendaItem.id")

    __table_args__ = (Index("ix_committee_session_fund_id_held_at", "fund_id", "held_at"),)

    @property
    def held_on(self) -> date:
        """The day in the quarter."""
        return self.held_at.astimezone(LOCAL).date()


class AgendaItem(db.Model):
    """A project before the committee; ``decision_id`` None: not decided yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("committee_session.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    is_heard: Mapped[bool] = mapped_column(default=False)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    session: Mapped[Session] = relationship(back_populates="items")
    project: Mapped[Project] = relationship()
    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "project_id"),
        CheckConstraint("position > 0", name="position"),
        # a project waits before one session at a time
        Index(
            "uq_agenda_item_waiting", "project_id", unique=True,
            sqlite_where=text("decision_id IS NULL"), postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_agenda_item_project_id", "project_id"),
    )  # fmt: skip


# A project that goes back to writing, or leaves, gives back its place on the agenda, whoever writes.
_BACK = ", ".join(f"'{state}'" for state in (S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.INADMISSIBLE, S.WITHDRAWN))
_RELEASE = "DELETE FROM agenda_item WHERE project_id = NEW.id AND decision_id IS NULL"
guard(
    "agenda_item_release",
    sqlite=f"""DROP TRIGGER IF EXISTS agenda_item_release
-- ;
CREATE TRIGGER agenda_item_release AFTER UPDATE OF state ON project FOR EACH ROW WHEN NEW.state IN ({_BACK})
BEGIN {_RELEASE}; END""",
    postgresql=f"""CREATE OR REPLACE FUNCTION agenda_item_release_guard() RETURNS trigger AS $$
BEGIN IF NEW.state IN ({_BACK}) THEN {_RELEASE}; END IF; RETURN NULL; END $$ LANGUAGE plpgsql
-- ;
DROP TRIGGER IF EXISTS agenda_item_release ON project
-- ;
CREATE TRIGGER agenda_item_release AFTER UPDATE OF state ON project FOR EACH ROW EXECUTE FUNCTION agenda_item_release_guard()""",
)
