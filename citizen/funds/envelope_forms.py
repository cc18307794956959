"""Forms of the envelopes above the calls."""

from flask_babel import lazy_gettext as __
from wtforms import SelectField, TextAreaField
from wtforms.validators import NumberRange

from citizen.web.forms import (
    SHORT,
    DayField,
    EurosField,
    Form,
    NumberField,
    OnceForm,
    TextField,
    at_most,
    clean,
    optional,
    required,
)


class ReferenceForm(OnceForm):
    """Money moved by an act."""

    amount = EurosField(__("Montant"), validators=[required()])
    act_reference = TextField(
        __("Référence de l’acte"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : commission permanente, délibération n° 2027.00412."),
    )  # fmt: skip


class EndowForm(ReferenceForm):
    """Money that the Region's budget puts in."""

    adopted_on = DayField(__("Date de l’acte"), validators=[required()])


class PartForm(EndowForm):
    """A part of an envelope."""

    title = TextField(
        __("Nom de l’enveloppe"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : PIC 2027, Métropole européenne de Lille."),
    )  # fmt: skip
    contract = SelectField(__("Contrat de ville"), validators=[optional()])


class RegionalForm(EndowForm):
    """The Region's envelope for a scheme and a year."""

    scheme = SelectField(__("Dispositif"), validators=[required()])
    year = NumberField(__("Année"), validators=[required(), NumberRange(2000, 2200, __("Une année entre 2000 et 2200."))])
    title = TextField(
        __("Nom de l’enveloppe"), validators=[required(), at_most(SHORT)], description=__("Par exemple : PIC 2027, Région.")
    )


class AllotForm(ReferenceForm):
    """Money passed on to what stands just under."""

    to = SelectField(__("Vers"), validators=[required()])


class AttachForm(Form):
    """A call put under an envelope."""

    call = SelectField(__("Période de dépôt, campagne ou édition"), validators=[required()], coerce=int)


class TransferForm(ReferenceForm):
    """From an envelope to another, when both sides agree."""

    giver = SelectField(__("De l’enveloppe"), validators=[required()])
    taker = SelectField(__("Vers l’enveloppe"), validators=[required()])
    reason = TextAreaField(__("Pourquoi ?"), filters=[clean], validators=[required(), at_most(2000)])


class AnswerForm(Form):
    """The other side's word."""

    answer = TextAreaField(
        __("Un mot"), filters=[clean], validators=[optional(), at_most(2000)],
        description=__("Nécessaire pour refuser : dites pourquoi."),
    )  # fmt: skip
