"""Bank details given by who is paid and by the fund; commitments signed; the number itself, read by the treasurer alone."""

from flask_babel import gettext as _
from sqlalchemy import select
from stdnum import bic as bic_numbers
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from citizen import clock
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.payments import queries
from citizen.payments.models import Agreement, BankDetails, PaymentBatch, PaymentOrder
from citizen.payments.sepa import Account, BadFile, Transfer, transfer_file
from citizen.people.models import Person
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.web.sheets import Cell, euros_cell


def require_treasurer(actor: Actor, fund: Fund) -> None:
    """Who holds the fund's purse."""
    if not actor.holds(Role.TREASURER, fund.on):
        raise Forbidden(f"treasury:{fund.id}")


def give(actor: Actor, project_id: int, *, holder: str, iban: str, bic: str = "") -> None:
    """Where the project's money is to be paid: kept for who bears it, and used again for their next projects."""
    kept = _checked(holder, iban, bic)
    life.take(actor, project_id, "give_bank", effect=lambda project: _keep(queries.owner_of(project), kept))


def give_own(actor: Actor, fund_id: int, *, holder: str, iban: str, bic: str = "") -> None:
    """The account from which the fund pays."""
    kept = _checked(holder, iban, bic)
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
        require_treasurer(actor, fund)
        _keep(("fund_id", fund_id), kept)
        journal.record(actor, fund.on, "bank_given")


def _checked(holder: str, iban: str, bic: str) -> dict[str, str]:
    """The details as they are kept; Invalid where the control key is wrong."""
    kept = {"holder": holder.strip(), "iban": iban_numbers.compact(iban), "bic": bic_numbers.compact(bic)}
    try:
        iban_numbers.validate(kept["iban"])
    except ValidationError:
        raise Invalid("iban", _("Cet IBAN n’est pas juste : recopiez-le signe par signe depuis votre RIB.")) from None
    if kept["bic"] and not bic_numbers.is_valid(kept["bic"]):
        raise Invalid("bic", _("Ce BIC n’est pas juste : 8 ou 11 signes. Vous pouvez le laisser vide."))
    if not kept["holder"]:
        raise Invalid("holder", _("Écrivez le nom du titulaire, comme sur le RIB."))
    return kept


def _keep(owner: queries.Owner, kept: dict[str, str]) -> None:
    """A new row, unless it says what the last one says."""
    column, number = owner
    last = queries.bank_details(owner)
    if last is None or {name: getattr(last, name) for name in kept} != kept:
        db.session.add(BankDetails(**{column: number}, **kept, entered_at=clock.now()))
        db.session.flush()


def reveal(actor: Actor, project_id: int) -> BankDetails:
    """The bank details to which the project is paid, read by the treasurer of its fund; the reading is journalled."""
    with transaction():
        project = db.session.get_one(Project, project_id)
        if project.call is None:
            raise Forbidden("reveal")
        require_treasurer(actor, project.call.fund)
        found = queries.bank_details(queries.owner_of(project))
        if found is None:
            raise NotNow(_("Aucune coordonnée bancaire n’est encore donnée."))
        journal.record(actor, project.on, "bank_read")
        return found


def read_batch(actor: Actor, batch_id: int) -> PaymentBatch:
    """The batch with the bank details it pays to, for its treasurer; the reading is journalled."""
    with transaction():
        found = queries.batch(batch_id)
        if found is None:
            raise Forbidden("batch")
        require_treasurer(actor, found.fund)
        changed = queries.changed_banks(found)
        if titles := ", ".join(f"« {order.project.title} »" for order in found.waiting if order.id in changed):
            raise NotNow(_("Le compte a changé pour %(titles)s : prenez le nouveau, ou annulez ce versement.", titles=titles))
        journal.record(actor, found.fund.on, "batch_read", reason=str(batch_id))
    whole = queries.batch(batch_id)
    assert whole is not None
    return whole


def listing(batch: PaymentBatch) -> tuple[list[str], list[list[Cell]]]:
    """The payments that wait, as rows: who, where, how much, for what."""
    head = [_("Projet"), _("Titulaire"), _("IBAN"), _("BIC"), _("Montant"), _("Libellé")]
    rows: list[list[Cell]] = []
    for order in batch.waiting:
        bank = (order.bank.holder, order.bank.iban, order.bank.bic) if order.bank else ("", _("par chèque"), "")
        rows.append([order.project_id, *bank, euros_cell(order.amount_cents), _label(order)])
    return head, rows


def transfers(batch: PaymentBatch, version: str) -> bytes:
    """The file of transfers for the fund's bank; NotNow with a sentence when it cannot be made."""
    payer = queries.bank_details(("fund_id", batch.fund_id))
    if payer is None:
        raise NotNow(_("Écrivez d’abord le compte du fonds : la banque doit savoir d’où part l’argent."))
    lines = [
        Transfer(_account(order.bank), order.amount_cents, _label(order), f"PIC-{order.project_id}-{order.id}")
        for order in batch.waiting
        if order.bank and order.bank.iban
    ]
    if not lines:
        raise NotNow(_("Aucun virement n’attend dans ce lot."))
    try:
        return transfer_file(_account(payer), lines, clock.today(), version)
    except BadFile:
        raise NotNow(_("La banque refuserait ce fichier : vérifiez le titulaire et l’IBAN de chaque compte.")) from None


def _account(bank: BankDetails) -> Account:
    return Account(bank.holder, bank.iban, bank.bic)


def _label(order: PaymentOrder) -> str:
    """What the bearer reads on the bank's statement."""
    return _("%(fund)s, versement %(number)s, projet %(project)s", fund=order.batch.fund.title, number=order.position,
             project=order.project_id)  # fmt: skip


def ask(actor: Actor, project_id: int) -> bool:
    """Writes to the bearer for the bank details that are missing; False when that was done today already."""
    with transaction():
        project = life.locked(project_id)
        if project.call is None:
            raise Forbidden("ask")
        require_treasurer(actor, project.call.fund)
        money = queries.money_of([project])[0]
        if money.bank or money.bank_asked_on == clock.today():
            return False
        mail.write(
            project.bearer.email, _("Où verser l’aide de « %(title)s » ?", title=project.title), "bank_asked",
            person=project.bearer, project=project,
        )  # fmt: skip
        journal.record(actor, project.on, "bank_asked")
        return True


def sign(actor: Actor, project_id: int, *, name: str) -> None:
    """The bearer's commitment, signed once by name. Source: règlement du fonds, engagement du porteur."""

    def keep(project: Project) -> None:
        if db.session.get(Agreement, project.id):
            raise NotNow(_("L’engagement est déjà signé."))
        known = db.session.scalars(select(Person.name).where(Person.id == actor.person_id)).one()
        if " ".join(name.split()).casefold() != known.casefold():
            raise Invalid("name", _("Écrivez votre nom comme dans votre compte : %(name)s.", name=known))
        db.session.add(Agreement(project_id=project.id, person_id=actor.person_id, signed_name=known, signed_at=clock.now()))

    life.take(actor, project_id, "agree", effect=keep)
