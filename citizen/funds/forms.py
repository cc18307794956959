"""Forms of those who keep a fund."""

from flask_babel import lazy_gettext as __
from wtforms import SelectField

from citizen.funds.term_fields import fields_for
from citizen.kernel.scheme import Scheme
from citizen.web.forms import SHORT, DayField, EurosField, Form, TextField, at_most, optional, required


class ActForm(Form):
    """The act that adopts rules."""

    adopted_on = DayField(__("Date de l’acte"), validators=[required()])
    act_reference = TextField(
        __("Référence de l’acte"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : assemblée générale du 3 mars, délibération n° 12."),
    )  # fmt: skip


def ruleset_form(scheme: Scheme) -> type[ActForm]:
    """The form of a new version of the rules: the act, then every term of the scheme."""
    return type("RulesetForm", (ActForm,), dict(fields_for(scheme)))


class CallForm(Form):
    """A new period for lodging."""

    title = TextField(
        __("Nom de la période"),
        validators=[required(), at_most(SHORT)],
        description=__("Par exemple : Fonds de Loos, année 2027."),
    )
    opens_on = DayField(__("Premier jour de dépôt"), validators=[required()])
    closes_on = DayField(__("Dernier jour de dépôt"), validators=[required()])
    envelope = EurosField(__("Enveloppe"), validators=[required()])


class FundForm(ActForm):
    """A new fund."""

    scheme = SelectField(__("Dispositif"), validators=[required()])
    title = TextField(__("Nom du fonds"), validators=[required(), at_most(SHORT)])
    organisation = SelectField(__("Qui tient le fonds ?"), validators=[required()])
    commune = SelectField(__("Commune"), validators=[optional()])
