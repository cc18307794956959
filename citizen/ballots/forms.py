"""What a voter, a keeper of the roll and a desk fill in."""

from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Email

from citizen.ballots.rules import RollKind
from citizen.web.forms import Form, NumberField, OnceForm, at_most, optional, options, required


def _number(typed: object) -> int:
    """The option's number; what is not one is an option that does not exist, which the vote refuses with a sentence."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ChoicesForm(Form):
    """The projects chosen, in the order of the page."""

    choices = SelectMultipleField(__("Mes choix"), coerce=_number, validate_choice=False)


class ConfirmForm(ChoicesForm):
    """The same choices, confirmed, with what the voter declares; ``replaces`` is the receipt of the ballot that the page saw in the box."""

    replaces = HiddenField("", default="")
    is_eligible = BooleanField(__("Je le déclare"))


class CodeForm(Form):
    """The code of a letter."""

    code = StringField(
        __("Mon code"), validators=[required(), at_most(60)], render_kw={"autocomplete": "off", "autocapitalize": "characters"}
    )


class ReceiptForm(Form):
    """Where to send the receipt of who votes without an account."""

    email = EmailField(
        __("Mon adresse de courriel"),
        validators=[required(), at_most(254), Email(__("Cette adresse n’est pas complète."), check_deliverability=False)],
        render_kw={"autocomplete": "email"},
    )


class KindForm(Form):
    kind = RadioField(
        __("Qui est sur la liste"),
        choices=options(
            [
                (RollKind.DECLARED.value, __("Toute personne qui le déclare, avec un compte ou au bureau de vote")),
                (RollKind.LISTED.value, __("Seulement la liste de la commune et les personnes qui ont un code")),
            ]
        ),
    )


class ListForm(Form):
    file = FileField(__("Fichier CSV"), validators=[FileRequired(__("Choisissez un fichier."))])


class LineForm(OnceForm):
    """One more line of the list."""

    number = StringField(__("Numéro"), validators=[required(), at_most(40)])
    last_name = StringField(__("Nom"), validators=[required(), at_most(100)])
    first_name = StringField(__("Prénom"), validators=[required(), at_most(100)])
    reason = StringField(
        __("Pourquoi"), validators=[required(), at_most(200)], description=__("Sans nom ni adresse : le journal le garde.")
    )


class StrikeForm(Form):
    reason = StringField(
        __("Pourquoi"), validators=[required(), at_most(200)], description=__("Sans nom ni adresse : le journal le garde.")
    )


class CodesForm(Form):
    """A batch of codes to make."""

    of = RadioField(
        __("Pour qui"),
        choices=options(
            [("list", __("Chaque ligne de la liste qui n’a pas de code")), ("nameless", __("Des lettres sans nom"))]
        ),
        default="nameless",
    )
    number = NumberField(__("Combien de lettres sans nom"), validators=[optional()])
    paper = RadioField(
        __("Sous quelle forme"),
        choices=options([("letters", __("Lettres à imprimer")), ("csv", __("Tableau pour l’imprimeur"))]),
        default="letters",
    )


class CancelForm(StrikeForm):
    """A batch of codes, or one letter of it, cancelled."""

    serial = NumberField(__("Numéro de la lettre"), validators=[optional()], description=__("Vide : tout le lot."))


class PersonForm(Form):
    """Somebody at the desk."""

    last_name = StringField(__("Nom"), validators=[required(), at_most(100)])
    first_name = StringField(__("Prénom"), validators=[required(), at_most(100)])
    is_sure = BooleanField(__("C’est une autre personne du même nom"))


class TabletForm(Form):
    number = StringField(
        __("Numéro donné par l’agent"),
        validators=[required(), at_most(20)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
