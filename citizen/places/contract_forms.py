"""Forms of the Region's officers for city contracts."""

from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import SelectField, TextAreaField

from citizen.places.rules import RENEWAL_LABELS, SIGNATORY_LABELS
from citizen.web.forms import (
    LONG,
    SHORT,
    BoxesField,
    DayField,
    Form,
    OnceForm,
    TextField,
    at_most,
    clean,
    optional,
    options,
    required,
)


def number(value: Any) -> int:
    """What a box sends, as a number; 0 for what is none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class OpenForm(OnceForm):
    """A new contract."""

    title = TextField(
        __("Nom du contrat"), validators=[required(), at_most(SHORT)],
        description=__("Tel qu’il est signé. Il fait aussi l’adresse de sa page, qui ne change plus."),
    )  # fmt: skip
    intermunicipality = SelectField(__("Intercommunalité qui le porte"), validators=[optional()])


class ContractForm(Form):
    """Everything of a contract but its signatories and renewal sites."""

    title = TextField(__("Nom du contrat"), validators=[required(), at_most(SHORT)])
    about = TextAreaField(
        __("Ce que les habitants doivent en savoir"), filters=[clean], validators=[optional(), at_most(LONG)],
        description=__("Priorités, gouvernance, où lire le texte signé. Laissez vide ce que vous ne savez pas."),
    )  # fmt: skip
    starts_on = DayField(__("Premier jour"), validators=[optional()])
    ends_on = DayField(__("Dernier jour"), validators=[optional()])
    review_clause = TextAreaField(
        __("Clause de revoyure"), filters=[clean], validators=[optional(), at_most(LONG)],
        description=__("Ce qui peut être revu, quand et par qui, selon le texte signé."),
    )  # fmt: skip
    review_due_on = DayField(
        __("Revue à mi-parcours prévue le"), validators=[optional()],
        description=__("Un rappel s’affiche ici et à votre bureau trois mois avant."),
    )  # fmt: skip
    review_held_on = DayField(__("Revue à mi-parcours tenue le"), validators=[optional()])
    intermunicipalities = BoxesField(
        __("Ses intercommunalités"), validators=[optional()], description=__("Décochez pour enlever.")
    )
    intermunicipality = SelectField(__("Ajouter une intercommunalité"), validators=[optional()])
    perimeters = BoxesField(__("Ses quartiers"), validators=[optional()], coerce=number)
    perimeter_code = TextField(
        __("Ajouter un quartier par son code"), validators=[optional(), at_most(20)],
        description=__("Pour un quartier d’ailleurs, ou d’une ancienne version."),
    )  # fmt: skip
    communes = BoxesField(
        __("Communes prises entières"), validators=[optional()],
        description=__("En plus de ses quartiers : un projet y est du contrat partout."),
    )  # fmt: skip


class SignatoryForm(OnceForm):
    """One more institution; never a person."""

    name = TextField(
        __("Institution"), validators=[required(), at_most(SHORT)], description=__("Une institution, pas une personne.")
    )
    kind = SelectField(
        __("Quelle sorte ?"), choices=options((kind.value, __(label)) for kind, label in SIGNATORY_LABELS.items())
    )
    signed_on = DayField(__("A signé le"), validators=[optional()], description=__("Laissez vide si vous ne savez pas."))


class SiteForm(OnceForm):
    """One more urban-renewal site."""

    name = TextField(__("Nom du site"), validators=[required(), at_most(SHORT)])
    kind = SelectField(__("Intérêt"), choices=options((kind.value, __(label)) for kind, label in RENEWAL_LABELS.items()))
    perimeters = BoxesField(__("Ses quartiers"), validators=[optional()], coerce=number)
