"""Funds, their rulesets, their calls and the ledger: one envelope that nobody can exceed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import append_only, db, guard, trigger
from citizen.funds.accounts import COUNTERS, MOVES, OF_A_PROJECT, OF_AN_ENVELOPE, TRANSFERS, WITH_ANOTHER, Account
from citizen.kernel.access import REGION, Role
from citizen.kernel.money import split
from citizen.kernel.scheme import Scheme
from citizen.people.models import Organisation
from citizen.places.models import Commune, Perimeter

if TYPE_CHECKING:
    from citizen.funds.envelope_models import Envelope


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


fund_perimeter = Table(
    "fund_perimeter",
    db.metadata,
    Column("fund_id", ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True),
    Column("perimeter_id", ForeignKey("perimeter.id"), primary_key=True),
)
fund_commune = Table(
    "fund_commune",
    db.metadata,
    Column("fund_id", ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True),
    Column("commune_code", ForeignKey("commune.code"), primary_key=True),
)


class Fund(db.Model):
    """Who holds the money of a scheme on a territory: a managing association, a commune, the Region.

    Its territory is its quarters, and the communes that it takes whole. A sub-fund serves a sector of its ``parent``, with a
    committee, calls and rules of its own.
    """

    rules: ClassVar[Scheme]
    keepers: ClassVar[frozenset[Role]] = frozenset({Role.FUND_MANAGER})  # who adopts its rules and opens its calls

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"), index=True)
    organisation: Mapped[Organisation] = relationship()
    parent: Mapped["Fund | None"] = relationship(remote_side="Fund.id", back_populates="subfunds")
    subfunds: Mapped[list["Fund"]] = relationship(back_populates="parent", order_by="Fund.title, Fund.id")
    communes: Mapped[list[Commune]] = relationship(secondary=fund_commune, order_by="Commune.name, Commune.code")
    perimeters: Mapped[list[Perimeter]] = relationship(secondary=fund_perimeter, order_by=Perimeter.code)
    rulesets: Mapped[list["Ruleset"]] = relationship(back_populates="fund", order_by="Ruleset.version")
    calls: Mapped[list["Call"]] = relationship(back_populates="fund", order_by="Call.opens_on")

    __mapper_args__ = {"polymorphic_on": "scheme", "polymorphic_abstract": True}
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_its_own_parent"),)

    @property
    def on(self) -> str:
        """What duties are held on."""
        return f"fund:{self.id}"

    def ruleset_on(self, day: date) -> "Ruleset":
        """The rules in force that day: the newest version adopted by then."""
        adopted = [ruleset for ruleset in self.rulesets if ruleset.adopted_on <= day]
        return (adopted or self.rulesets)[-1]

    @property
    def commune_codes(self) -> frozenset[str]:
        """The communes of its territory: those it names, else those of its quarters; none: everywhere."""
        named = {commune.code for commune in self.communes} | ({self.commune_code} if self.commune_code else set())
        return frozenset(named | {commune.code for perimeter in self.perimeters for commune in perimeter.communes})

    def covers(self, commune_code: str | None) -> bool:
        """Whether somebody of this commune may lodge here."""
        return commune_code is None or not self.commune_codes or commune_code in self.commune_codes

    @property
    def targets(self) -> frozenset[str]:
        """All that a duty towards this fund may be held on; who keeps a fund keeps its sub-funds."""
        above = {f"fund:{self.parent_id}"} if self.parent_id else set()
        return frozenset({self.on, f"commune:{self.commune_code}", REGION, *above})


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


class RulesetDraft(db.Model):
    """The next rules of a fund while they are written: one for each fund, gone once adopted or given up."""

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id", ondelete="CASCADE"), primary_key=True)
    terms: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


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
    envelope_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"), index=True)  # the one above, that may endow it
    # what the ledger adds up to: written by it alone
    envelope_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    reserved_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    committed_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    paid_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    fund: Mapped[Fund] = relationship(back_populates="calls")
    ruleset: Mapped[Ruleset] = relationship()
    above: Mapped["Envelope | None"] = relationship()
    funders: Mapped[list["CallFunder"]] = relationship(order_by="CallFunder.position", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_on": "scheme", "polymorphic_abstract": True}
    __table_args__: tuple[Any, ...] = (
        CheckConstraint(
            "reserved_cents >= 0 AND committed_cents >= 0 AND reserved_cents + committed_cents <= envelope_cents",
            name="within_envelope",
        ),
        CheckConstraint("paid_cents BETWEEN 0 AND committed_cents", name="within_promised"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
    )

    @property
    def on(self) -> str:
        return f"call:{self.id}"

    @property
    def kept(self) -> Fund:
        """What duties are judged on."""
        return self.fund

    @property
    def unpromised_cents(self) -> int:
        """What is left as everybody may know it: what a committee keeps aside until its minutes are signed does not show."""
        return self.envelope_cents - self.committed_cents

    @property
    def remaining_cents(self) -> int:
        return self.envelope_cents - self.reserved_cents - self.committed_cents

    @property
    def shares(self) -> list[tuple["CallFunder", int]]:
        """Who pays how many cents of the envelope, to the cent."""
        return (
            list(zip(self.funders, split(self.envelope_cents, [one.percent for one in self.funders]), strict=True))
            if self.funders
            else []
        )

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


class CallFunder(db.Model):
    """Who pays a call's envelope, and which share. Source: règlement du fonds, parts des financeurs (P12)."""

    call_id: Mapped[int] = mapped_column(ForeignKey("funding_call.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    percent: Mapped[int]

    __table_args__ = (
        UniqueConstraint("call_id", "name"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("position > 0", name="position"),
    )


for _when in ("INSERT", "UPDATE"):
    trigger(
        f"call_funder_whole_{_when.lower()}",
        "call_funder",
        _when,
        "(SELECT coalesce(sum(percent), 0) FROM call_funder WHERE call_id = NEW.call_id AND position <> NEW.position)"
        " + NEW.percent > 100",
        "the shares of the funders exceed the whole",
    )


class LedgerEntry(db.Model):
    """Money of an envelope moved from one account to another: always positive, never changed.

    The envelope is a call's, or one above the calls; ``other_…`` names where the money comes from or goes to. ``day`` is the day it counts for (the bank's, for a payment), ``at`` the moment it was written.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("funding_call.id"))
    envelope_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    amount_cents: Mapped[int]
    reference: Mapped[str] = mapped_column(default="", server_default="")
    other_call_id: Mapped[int | None] = mapped_column(ForeignKey("funding_call.id"))
    other_envelope_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"))
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("envelope_transfer.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(
            " OR ".join(f"(kind = '{kind}' AND source = '{a}' AND target = '{b}')" for kind, (a, b) in MOVES.items()), name="moves"
        ),
        CheckConstraint("amount_cents > 0", name="positive"),
        CheckConstraint("(call_id IS NULL) <> (envelope_id IS NULL)", name="one_envelope"),
        CheckConstraint(f"(project_id IS NULL) = (kind IN ({_quoted(OF_AN_ENVELOPE)}))", name="is_of_a_project"),
        CheckConstraint("envelope_id IS NULL OR project_id IS NULL", name="projects_are_of_calls"),
        CheckConstraint(
            "CASE WHEN other_call_id IS NULL THEN 0 ELSE 1 END + CASE WHEN other_envelope_id IS NULL THEN 0 ELSE 1 END"
            f" = CASE WHEN kind IN ({_quoted(WITH_ANOTHER)}) THEN 1 ELSE 0 END", name="moved_has_two_ends",
        ),
        # between two calls the treasurer of both may act alone; anywhere else two keepers approved
        CheckConstraint(
            f"CASE WHEN kind IN ({_quoted(TRANSFERS)}) THEN transfer_id IS NOT NULL OR (envelope_id IS NULL AND other_envelope_id IS NULL)"
            " ELSE transfer_id IS NULL END", name="transfer_is_approved",
        ),
        UniqueConstraint("transfer_id", "kind"),
        # a project is promised money once
        Index(
            "uq_ledger_entry_commitment", "project_id", unique=True,
            sqlite_where=text("kind = 'commitment'"), postgresql_where=text("kind = 'commitment'"),
        ),
        Index("ix_ledger_entry_call_id_day", "call_id", "day"),
        Index("ix_ledger_entry_envelope_id_day", "envelope_id", "day"),
        Index("ix_ledger_entry_kind_project_id_day", "kind", "project_id", "day"),  # the first payment of every project
    )  # fmt: skip


append_only("ledger_entry")

# Nothing leaves an account of a project that is not in it: no payment beyond the promise, no refund beyond what was paid.
trigger(
    "ledger_entry_held", "ledger_entry", "INSERT",
    f"""NEW.source IN ({_quoted(OF_A_PROJECT)}) AND NEW.amount_cents > (
  SELECT COALESCE(SUM(CASE WHEN target = NEW.source THEN amount_cents WHEN source = NEW.source THEN -amount_cents ELSE 0 END), 0)
  FROM ledger_entry WHERE project_id = NEW.project_id AND call_id = NEW.call_id)""",  # noqa: S608
    "ledger_entry moves more than the project holds",
)  # fmt: skip

# The counters follow the ledger inside the database, so that no code can move money without being counted.
_COUNTED = ", ".join(
    f"{name} = {name} + NEW.amount_cents * ("
    + " - ".join(f"CASE WHEN NEW.{side} IN ({_quoted(accounts)}) THEN 1 ELSE 0 END" for side in ("target", "source")) + ")"
    for name, accounts in COUNTERS.items()
)  # fmt: skip
_COUNT = (
    f"UPDATE funding_call SET {_COUNTED} WHERE id = NEW.call_id;"  # noqa: S608
    f" UPDATE envelope SET left_cents = left_cents + CASE WHEN NEW.target = '{Account.AVAILABLE}' THEN NEW.amount_cents"
    " ELSE -NEW.amount_cents END WHERE id = NEW.envelope_id;"
)
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
