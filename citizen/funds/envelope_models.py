"""Envelopes above the calls, as a tree, and what two keepers agree to move from one to another."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db, trigger
from citizen.funds.models import Call
from citizen.kernel.access import REGION, Role
from citizen.places.contract_models import CityContract

STATES = ("waiting", "approved", "refused", "withdrawn")
SIDES = ("giver", "taker")


class Envelope(db.Model):
    """What the Region puts aside by an act for a scheme and a year, or a part of it; the envelopes of calls are the leaves."""

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    year: Mapped[int]
    title: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("city_contract.id"), index=True)
    act_reference: Mapped[str]
    adopted_on: Mapped[date]
    left_cents: Mapped[int] = mapped_column(
        default=0, server_default=text("0")
    )  # not passed on yet: written by the ledger alone
    parent: Mapped["Envelope | None"] = relationship(remote_side="Envelope.id")
    contract: Mapped[CityContract | None] = relationship()

    __table_args__ = (
        CheckConstraint("left_cents >= 0", name="never_negative"),
        UniqueConstraint("parent_id", "title"),
        UniqueConstraint("parent_id", "contract_id"),
        Index(
            "uq_envelope_region", "scheme", "year", unique=True,
            sqlite_where=text("parent_id IS NULL"), postgresql_where=text("parent_id IS NULL"),
        ),
    )  # fmt: skip

    keepers: ClassVar[frozenset[Role]] = frozenset({Role.REGION_OFFICER})

    @property
    def kept(self) -> "Envelope":
        """What duties are judged on."""
        return self

    @property
    def on(self) -> str:
        return f"envelope:{self.id}"

    @property
    def remaining_cents(self) -> int:
        return self.left_cents

    @property
    def targets(self) -> frozenset[str]:
        """What a duty towards it is held on."""
        return frozenset({REGION})


Node = Call | Envelope

trigger(
    "envelope_under_its_own", "envelope", "INSERT",
    "NEW.parent_id IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM envelope WHERE id = NEW.parent_id AND scheme = NEW.scheme AND year = NEW.year)",
    "an envelope has the scheme and the year of the one above",
)  # fmt: skip
trigger("envelope_keeps_its_place", "envelope", "UPDATE OF scheme, year, parent_id", "true", "an envelope keeps its place")
_ASTRAY = (
    "NEW.envelope_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM envelope WHERE id = NEW.envelope_id AND scheme = NEW.scheme)"
)
_LEFT = "OLD.envelope_id IS NOT NULL AND COALESCE(NEW.envelope_id <> OLD.envelope_id, true)"
for _when, _wrong in (("INSERT", _ASTRAY), ("UPDATE OF envelope_id", f"{_LEFT} OR {_ASTRAY}")):
    trigger(
        f"funding_call_under_its_own_{_when[:6].lower()}", "funding_call", _when, _wrong,
        "a call stays under an envelope of its scheme",
    )  # fmt: skip


class EnvelopeTransfer(db.Model):
    """Money that the keeper of one side proposes to move, and that the keeper of the other, somebody else, accepts or refuses."""

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_call_id: Mapped[int | None] = mapped_column(ForeignKey("funding_call.id"), index=True)
    giver_envelope_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"), index=True)
    taker_call_id: Mapped[int | None] = mapped_column(ForeignKey("funding_call.id"), index=True)
    taker_envelope_id: Mapped[int | None] = mapped_column(ForeignKey("envelope.id"), index=True)
    amount_cents: Mapped[int]
    act_reference: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    side: Mapped[str]  # the one that proposed
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    giver_call: Mapped[Call | None] = relationship(foreign_keys=giver_call_id)
    giver_envelope: Mapped[Envelope | None] = relationship(foreign_keys=giver_envelope_id)
    taker_call: Mapped[Call | None] = relationship(foreign_keys=taker_call_id)
    taker_envelope: Mapped[Envelope | None] = relationship(foreign_keys=taker_envelope_id)

    __table_args__ = (
        CheckConstraint("(giver_call_id IS NULL) <> (giver_envelope_id IS NULL)", name="one_giver"),
        CheckConstraint("(taker_call_id IS NULL) <> (taker_envelope_id IS NULL)", name="one_taker"),
        CheckConstraint(
            "NOT (COALESCE(giver_call_id = taker_call_id, false) OR COALESCE(giver_envelope_id = taker_envelope_id, false))",
            name="two_ends",
        ),
        CheckConstraint("amount_cents > 0", name="positive"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("side IN ('giver', 'taker')", name="side"),
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_has_reason"),
    )

    @property
    def giver(self) -> Node:
        found = self.giver_call or self.giver_envelope
        assert found is not None
        return found

    @property
    def taker(self) -> Node:
        found = self.taker_call or self.taker_envelope
        assert found is not None
        return found

    @property
    def awaited(self) -> Node:
        """The side that has not spoken yet."""
        return self.taker if self.side == "giver" else self.giver


_KEPT = (
    "giver_call_id", "giver_envelope_id", "taker_call_id", "taker_envelope_id", "amount_cents", "act_reference", "reason", "side",
    "proposed_by", "proposed_at",
)  # fmt: skip
trigger(
    "envelope_transfer_proposed", "envelope_transfer", f"UPDATE OF {', '.join(_KEPT)}", "true",
    "what was proposed does not change",
)  # fmt: skip
trigger("envelope_transfer_decided", "envelope_transfer", "UPDATE", "OLD.state <> 'waiting'", "a transfer is decided once")
trigger("envelope_transfer_no_delete", "envelope_transfer", "DELETE", "true", "envelope_transfer keeps its rows")


def _ends(giver: str, taker: str) -> str:
    """SQL: the transfer's ends are those of the entry; ``giver`` and ``taker`` begin the names of the entry's columns."""
    ends = {"giver": giver, "taker": taker}
    return " AND ".join(
        f"COALESCE(t.{side}_{kind}_id, 0) = COALESCE(NEW.{prefix}{kind}_id, 0)"
        for side, prefix in ends.items()
        for kind in ("call", "envelope")
    )


trigger(
    "ledger_entry_approved", "ledger_entry", "INSERT",
    f"""NEW.transfer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM envelope_transfer t
  WHERE t.id = NEW.transfer_id AND t.state = 'approved' AND t.amount_cents = NEW.amount_cents
  AND ((NEW.kind = 'transfer_out' AND {_ends("", "other_")}) OR (NEW.kind = 'transfer_in' AND {_ends("other_", "")})))""",  # noqa: S608
    "ledger_entry moves what two keepers approved",
)  # fmt: skip


def _above(prefix: str) -> str:
    """SQL: the envelope above the one that the columns with this prefix name."""
    return (
        f"(CASE WHEN NEW.{prefix}call_id IS NULL THEN (SELECT parent_id FROM envelope WHERE id = NEW.{prefix}envelope_id)"  # noqa: S608
        f" ELSE (SELECT envelope_id FROM funding_call WHERE id = NEW.{prefix}call_id) END)"
    )


trigger(
    "ledger_entry_allotted", "ledger_entry", "INSERT",
    f"(NEW.kind = 'allotment_in' AND NOT COALESCE(NEW.other_envelope_id = {_above('')}, false)) OR"
    f" (NEW.kind = 'allotment_out' AND NOT COALESCE(NEW.envelope_id = {_above('other_')}, false))",
    "an envelope is allotted money from the one above",
)  # fmt: skip
