"""The lines of a budget, each at its place on the national form, and the documents that go with them."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db, trigger
from citizen.files.models import Document
from citizen.kernel.words import N_
from citizen.projects import accounts
from citizen.projects.accounts import Account
from citizen.projects.rules import Budget, Line

PAPER_KINDS = {
    "quote": N_("devis"),
    "receipt": N_("facture ou ticket"),
    "required": N_("pièce demandée"),
    "photo": N_("photo"),
    "picture": N_("photo du bilan"),
    "agreement": N_("accord du propriétaire"),
    "other": N_("document"),
}
_PLACED = " OR ".join(
    f"(side = '{side}' AND nature = '{nature}' AND account IN ({', '.join(repr(code) for code in accounts.codes_of(side, nature))}))"
    for side, nature in dict.fromkeys((one.side, one.nature) for one in accounts.ACCOUNTS)
)


class BudgetLine(db.Model):
    """One line: side « expense » (nature operating or capital), « income » (nature grant, own, other) or « valued »."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    account: Mapped[str] = mapped_column(index=True)  # its place on the national form; it says the side and the nature
    side: Mapped[str]
    nature: Mapped[str]
    label: Mapped[str]
    amount_cents: Mapped[int]

    __table_args__ = (
        CheckConstraint(_PLACED, name="account"),
        CheckConstraint("amount_cents > 0", name="positive"),
    )

    def __init__(
        self,
        *,
        label: str,
        amount_cents: int,
        account: str = "",
        side: str = "",
        nature: str = "",
        project_id: int | None = None,
    ):
        """With its account; or with its side and nature, and the account is the one its words lead to."""
        super().__init__(project_id=project_id)
        usual = map(accounts.account, accounts.codes_of(side, nature))
        self.write(account or accounts.suggest(label, usual).code, label, amount_cents)

    def write(self, account: str, label: str, amount_cents: int) -> None:
        """What it is, in words, and how much; its account says its side and its nature."""
        known = accounts.account(account)
        self.account, self.side, self.nature = account, known.side, known.nature
        self.label, self.amount_cents = label, amount_cents

    @property
    def in_form(self) -> Account:
        """Its place on the national form."""
        return accounts.account(self.account)

    @property
    def kind_label(self) -> str:
        """What the line is, in words."""
        return self.in_form.words


def budget_of(lines: Iterable[BudgetLine]) -> Budget:
    """What the rules judge of these lines."""
    totals, spent = dict.fromkeys(("operating", "capital", "grant", "own", "other", "valued"), 0), []
    for line in lines:
        totals["valued" if line.side == "valued" else line.nature] += line.amount_cents
        if line.side == "expense":
            spent.append(Line(line.id, line.account, line.label, line.amount_cents))
    return Budget(**totals, lines=tuple(spent))


class Attachment(db.Model):
    """A document of the project; photos of public projects are public.

    « quote » and « receipt » may be of one line, with their amount; « required » is the piece of the rules that its caption names;
    « picture » is of the final report, and shown only when everybody on it agreed.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id", ondelete="SET NULL"), index=True)
    report_line_id: Mapped[int | None] = mapped_column(ForeignKey("report_line.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    caption: Mapped[str] = mapped_column(default="")
    amount_cents: Mapped[int | None]
    document: Mapped[Document] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in PAPER_KINDS)), name="kind"),
        CheckConstraint("(line_id IS NULL AND amount_cents IS NULL) OR kind IN ('quote', 'receipt')", name="priced"),
        CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name="positive"),
        CheckConstraint("report_line_id IS NULL OR kind = 'receipt'", name="of_report"),
    )

    @property
    def kind_label(self) -> str:
        """What the document is, in words."""
        return PAPER_KINDS[self.kind]


_FOREIGN_LINE = """NEW.line_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM budget_line WHERE id = NEW.line_id AND project_id = NEW.project_id)"""
for _verb, _when in (("insert", "INSERT"), ("update", "UPDATE OF line_id, project_id")):
    trigger(f"attachment_line_{_verb}", "attachment", _when, _FOREIGN_LINE, "the line is of another project")
