"""Where money goes: bank details, commitments signed, payments prepared, sent and made."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.words import N_
from citizen.projects.models import Project

ORDER_STATES = {"waiting": N_("à verser"), "paid": N_("versé"), "cancelled": N_("annulé")}


class BankDetails(db.Model):
    """An account at a bank: a person's, an organisation's, or a fund's own. A change is a new row; the last one counts.

    The number is read by the treasurer of the fund that pays, through ``banking.reveal`` and the payment files, and nowhere else.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"), index=True)
    holder: Mapped[str] = mapped_column(info={"erased": ""})
    iban: Mapped[str] = mapped_column(info={"erased": ""})
    bic: Mapped[str] = mapped_column(default="", info={"erased": ""})
    entered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN fund_id IS NULL THEN 0 ELSE 1 END = 1",
            name="has_one_owner",
        ),
    )

    @property
    def masked(self) -> str:
        """What may be shown: the country and the last four signs."""
        return f"{self.iban[:2]}•• •••• {self.iban[-4:]}" if self.iban else ""


class Agreement(db.Model):
    """The bearer's commitment, signed by name."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_name: Mapped[str] = mapped_column(info={"erased": "habitant·e"})
    signed_at: Mapped[datetime]


class PaymentBatch(db.Model):
    """Payments sent to the bank together."""

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    fund: Mapped[Fund] = relationship()
    orders: Mapped[list["PaymentOrder"]] = relationship(back_populates="batch", order_by="PaymentOrder.id")

    @property
    def waiting(self) -> list["PaymentOrder"]:
        return [order for order in self.orders if order.state == "waiting"]

    @property
    def total_cents(self) -> int:
        return sum(order.amount_cents for order in self.orders if order.state != "cancelled")


class PaymentOrder(db.Model):
    """One instalment of one project, to the bank details of that day; without any, it leaves by cheque."""

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]  # which instalment, from 1
    amount_cents: Mapped[int]
    bank_id: Mapped[int | None] = mapped_column(ForeignKey("bank_details.id"))
    state: Mapped[str] = mapped_column(default="waiting")
    paid_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    batch: Mapped[PaymentBatch] = relationship(back_populates="orders")
    project: Mapped[Project] = relationship()
    bank: Mapped[BankDetails | None] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'paid', 'cancelled')", name="state"),
        CheckConstraint("amount_cents > 0 AND position > 0", name="positive"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid_has_day"),
        CheckConstraint("(state = 'cancelled') = (reason <> '')", name="cancelled_has_reason"),
        # an instalment waits in one batch only
        Index(
            "uq_payment_order_waiting", "project_id", "position", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip
