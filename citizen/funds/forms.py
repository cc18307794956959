"""Forms of those who keep a fund."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import NumberRange

from citizen.funds.models import Call, CallFunder
from citizen.funds.term_fields import fields_for
from citizen.kernel.findings import Invalid
from citizen.kernel.scheme import Scheme
from citizen.people.rules import MAX_CONTACT
from citizen.web.filters import say
from citizen.web.forms import (
    SHORT,
    BoxesField,
    DayField,
    EurosField,
    Form,
    NumberField,
    TextField,
    at_most,
    clean,
    optional,
    required,
)

FUNDERS = 5  # rows of funders on the form of a period


def number(value: Any) -> int:
    """What a list sends, as a number; 0 for nothing, or for what is none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ActForm(Form):
    """The act that adopts rules."""

    adopted_on = DayField(__("Date de l’acte"), validators=[required()])
    act_reference = TextField(
        __("Référence de l’acte"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : assemblée générale du 3 mars, délibération n° 12."),
    )  # fmt: skip


class TermsForm(Form):
    """Every term of a scheme's rules, each refused next to its field when it contradicts another."""

    scheme: Scheme

    def validate(self, extra_validators: Any = None) -> bool:
        if super().validate(extra_validators):
            for name, sentence in self.scheme.faults(self.terms):
                self.refuse(Invalid(f"term_{name}", say(sentence)))
        return not self.errors

    @property
    def terms(self) -> dict[str, Any]:
        """The terms as filled in."""
        return {spec.name: self[f"term_{spec.name}"].data for spec in self.scheme.terms}


def terms_form(scheme: Scheme, terms: Mapping[str, Any]) -> Any:
    """The form of the next rules, filled with ``terms``."""
    shown = {f"term_{name}": value for name, value in (scheme.default_terms() | dict(terms)).items()}
    return type("RulesForm", (TermsForm,), {"scheme": scheme, **fields_for(scheme)})(data=shown)


class AdoptForm(ActForm):
    """The act that makes the draft the rules in force."""

    seen = HiddenField()


class PeriodForm(Form):
    """A period for lodging, and who pays its envelope; the rows of funders come from ``period_form``."""

    title = TextField(
        __("Nom de la période"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : Fonds de Loos, année 2027."),
    )  # fmt: skip
    opens_on = DayField(__("Premier jour de dépôt"), validators=[required()])
    closes_on = DayField(__("Dernier jour de dépôt"), validators=[required()])

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of each funder: its name and its share."""
        return [(self[f"funder_{number}"], self[f"percent_{number}"]) for number in range(1, FUNDERS + 1)]

    @property
    def funders(self) -> list[tuple[str, int]]:
        """Who pays, as filled in."""
        return [(name.data, percent.data) for name, percent in self.rows if name.data and percent.data]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for name, percent in self.rows:
            if bool(name.data) != bool(percent.data):
                self.refuse(Invalid(percent.name if name.data else name.name, _("Écrivez le nom et la part.")))
        if not self.errors and (total := sum(part for _name, part in self.funders)) != 100:
            self.refuse(Invalid("percent_1", _("Le total des parts fait %(total)d %% : il doit faire 100 %%.", total=total)))
        return not self.errors


def period_form(call: Call | None = None, funders: Iterable[CallFunder] = ()) -> Any:
    """The form of a period, filled with ``call``; of a new one, with its envelope, starting from ``funders``."""
    fields: dict[str, Any] = {} if call else {"envelope": EurosField(__("Enveloppe"), validators=[required()])}
    for number in range(1, FUNDERS + 1):
        fields[f"funder_{number}"] = TextField(
            __("Financeur %(number)d", number=number), validators=[optional(), at_most(SHORT)]
        )
        fields[f"percent_{number}"] = NumberField(
            __("Part du financeur %(number)d", number=number),
            validators=[optional(), NumberRange(1, 100, __("Une part entre 1 et 100."))],
        )
    shown: dict[str, Any] = {}
    for number, one in enumerate(call.funders if call else funders, start=1):
        shown |= {f"funder_{number}": one.name, f"percent_{number}": one.percent}
    return type("CallForm", (PeriodForm,), fields)(obj=call, data=shown)


class TerritoryForm(Form):
    """The name and the territory of a fund: what it has, and one more of each kind."""

    title = TextField(__("Nom du fonds"), validators=[required(), at_most(SHORT)])
    perimeters = BoxesField(
        __("Ses quartiers"), validators=[optional()], coerce=number, description=__("Décochez un quartier pour l’enlever.")
    )
    perimeter = SelectField(__("Ajouter un quartier"), validators=[optional()], coerce=number)
    communes = BoxesField(
        __("Ses communes entières"), validators=[optional()],
        description=__("Dans ces communes, un projet est possible partout, même hors des quartiers."),
    )  # fmt: skip
    commune = SelectField(__("Ajouter une commune entière"), validators=[optional()])


class ContactForm(Form):
    """How everybody may reach who keeps a fund."""

    contact = TextAreaField(
        __("Comment vous joindre"), filters=[clean], validators=[optional(), at_most(MAX_CONTACT)],
        description=__("Montré à tout le monde : accueil, téléphone, adresse de l’organisation. Pas ceux d’une personne."),
    )  # fmt: skip


class SectorForm(ActForm):
    """A sub-fund."""

    title = TextField(
        __("Nom du secteur"),
        validators=[required(), at_most(SHORT)],
        description=__("Par exemple : PIC de Roubaix, secteur nord."),
    )


class FundForm(ActForm):
    """A new fund."""

    scheme = SelectField(__("Dispositif"), validators=[required()])
    title = TextField(__("Nom du fonds"), validators=[required(), at_most(SHORT)])
    organisation = SelectField(__("Qui tient le fonds ?"), validators=[required()])
    commune = SelectField(__("Commune"), validators=[optional()])
