"""Funds, their rulesets, their calls and the ledger: one envelope that nobody can exceed."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import append_only, db, guard
from citizen.kernel.access import REGION, Role
from citizen.kernel.scheme import Scheme
from citizen.people.models import Organisation
from citizen.places.models import Perimeter

fund_perimeter = Table(
    "fund_perimeter",
    db.metadata,
    Column("fund_id", ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True),
    Column("perimeter_id", ForeignKey("perimeter.id"), primary_key=True),
)


class Fund(db.Model):
    """Who holds the money of a scheme on a territory: a managing association, a commune, the Region."""

    rules: ClassVar[Scheme]
    keepers: ClassVar[frozenset[Role]] = frozenset({Role.FUND_MANAGER})  # who adopts its rules and opens its calls

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code"), index=True)
    organisation: Mapped[Organisation] = relationship()
    perimeters: Mapped[list[Perimeter]] = relationship(secondary=fund_perimeter, order_by=Perimeter.code)
    rulesets: Mapped[list["Ruleset"]] = relationship(back_populates="fund", order_by="Ruleset.version")
    calls: Mapped[list["Call"]] = relationship(back_populates="fund", order_by="Call.opens_on")

    __mapper_args__ = {"polymorphic_on": "scheme", "polymorphic_abstract": True}

    @property
    def on(self) -> str:
        """What duties are held on."""
        return f"fund:{self.id}"

    def ruleset_on(self, day: date) -> "Ruleset":
        """The rules in force that day: the newest version adopted by then."""
        adopted = [ruleset for ruleset in self.rulesets if ruleset.adopted_on <= day]
        return (adopted or self.rulesets)[-1]

    def covers(self, commune_code: str | None) -> bool:
        """Whether somebody of this commune may lodge here: its own commune, one of its perimeters', or everywhere."""
        if self.commune_code:
            return commune_code in (None, self.commune_code)
        communes = {commune.code for perimeter in self.perimeters for commune in perimeter.communes}
        return not communes or commune_code is None or commune_code in communes

    @property
    def targets(self) -> frozenset[str]:
        """All that a duty towards this fund may be held on."""
        return frozenset({self.on, f"commune:{self.commune_code}", REGION})


class Ruleset(db.Model):
    """One version of a fund's rules, adopted by an act on a day; never edited afterwards."""

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    version: Mapped[int]
    terms: Mapped[dict[str, Any]]
    adopted_on: Mapped[date]
    act_reference: Mapped[str]
    fund: Mapped[Fund] = relationship(back_populates="rulesets")

    __table_args__ = (UniqueConstraint("fund_id", "version"),)


append_only("ruleset")


class Call(db.Model):
    """A fund's year, a campaign or an edition: when one may lodge, with which envelope and which rules."""

    __tablename__ = "funding_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    ruleset_id: Mapped[int] = mapped_column(ForeignKey("ruleset.id"))
    title: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    envelope_cents: Mapped[int]
    committed_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    fund: Mapped[Fund] = relationship(back_populates="calls")
    ruleset: Mapped[Ruleset] = relationship()

    __mapper_args__ = {"polymorphic_on": "scheme", "polymorphic_abstract": True}
    __table_args__: tuple[Any, ...] = (
        CheckConstraint("committed_cents BETWEEN 0 AND envelope_cents", name="within_envelope"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
    )

    @property
    def remaining_cents(self) -> int:
        return self.envelope_cents - self.committed_cents

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


class LedgerEntry(db.Model):
    """Money of an envelope promised to a project, given back, or paid; always positive, never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("funding_call.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str]
    amount_cents: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("kind IN ('commitment', 'release', 'payment')", name="kind"),
        CheckConstraint("amount_cents > 0", name="positive"),
        # a project is promised money once
        Index(
            "uq_ledger_entry_commitment", "project_id", unique=True,
            sqlite_where=text("kind = 'commitment'"), postgresql_where=text("kind = 'commitment'"),
        ),
    )  # fmt: skip


append_only("ledger_entry")

# The counter follows the ledger inside the database, so that no code can promise money without being counted.
_COUNT = """UPDATE funding_call SET committed_cents = committed_cents
  + CASE NEW.kind WHEN 'commitment' THEN NEW.amount_cents WHEN 'release' THEN -NEW.amount_cents ELSE 0 END
  WHERE id = NEW.call_id;"""
guard(
    "ledger_entry_counts",
    sqlite=f"""DROP TRIGGER IF EXISTS ledger_entry_counts
-- ;
CREATE TRIGGER ledger_entry_counts AFTER INSERT ON ledger_entry FOR EACH ROW BEGIN {_COUNT} END""",
    postgresql=f"""CREATE OR REPLACE FUNCTION ledger_entry_counts() RETURNS trigger AS $$ BEGIN {_COUNT} RETURN NEW; END $$ LANGUAGE plpgsql
-- ;
DROP TRIGGER IF EXISTS ledger_entry_counts ON ledger_entry
-- ;
CREATE TRIGGER ledger_entry_counts AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_counts()""",
)
