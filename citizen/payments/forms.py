"""Forms of the money: bank details, the commitment, and the treasurer's."""

from flask_babel import lazy_gettext as __
from wtforms import BooleanField, EmailField, SelectField, TextAreaField

from citizen.web.forms import SHORT, BoxesField, DayField, EurosField, Form, TextField, at_most, clean, required


class BankForm(Form):
    """An account at a bank, as the RIB writes it."""

    holder = TextField(__("Titulaire du compte"), validators=[required(), at_most(70)])
    iban = TextField(
        __("IBAN"), validators=[required(), at_most(60)], description=__("Il commence par FR76, et se trouve sur votre RIB.")
    )  # fmt: skip
    bic = TextField(__("BIC"), validators=[at_most(20)], description=__("Facultatif."))


class AgreementForm(Form):
    """The bearer's commitment."""

    is_read = BooleanField(__("J’ai lu ces engagements et je les tiendrai."), validators=[required()])
    name = TextField(
        __("Votre nom"), validators=[required(), at_most(SHORT)], description=__("Écrivez-le en entier : il vaut signature.")
    )  # fmt: skip


class PrepareForm(Form):
    """Due payments put together."""

    chosen = BoxesField(__("Versements choisis"), validators=[required()])


class PaidForm(Form):
    """What the bank's statement says."""

    chosen = BoxesField(__("Versements partis"), coerce=int, validators=[required()])
    paid_on = DayField(__("Date du relevé de banque"), validators=[required()])
    reference = TextField(
        __("Référence"), validators=[required(), at_most(SHORT)], description=__("Numéro du virement ou du chèque.")
    )  # fmt: skip


class CancelForm(Form):
    """Why a payment will not leave."""

    reason = TextAreaField(__("Pourquoi ?"), filters=[clean], validators=[required(), at_most(500)])


class RefundForm(Form):
    """Money that came back."""

    project = SelectField(__("Projet"), coerce=int, validators=[required()])
    amount = EurosField(__("Montant rendu"), validators=[required()])
    received_on = DayField(__("Reçu le"), validators=[required()])
    reference = TextField(__("Référence"), validators=[required(), at_most(SHORT)])


class TransferForm(Form):
    """From one envelope to another."""

    from_call = SelectField(__("De l’enveloppe"), coerce=int, validators=[required()])
    to_call = SelectField(__("Vers l’enveloppe"), coerce=int, validators=[required()])
    amount = EurosField(__("Montant"), validators=[required()])
    act_reference = TextField(
        __("Référence de l’acte"), validators=[required(), at_most(SHORT)], description=__("Qui l’a décidé, et quand.")
    )  # fmt: skip


class TreasurerForm(Form):
    """Who gets the purse."""

    email = EmailField(__("Adresse de courriel de son compte"), filters=[clean], validators=[required(), at_most(254)])
