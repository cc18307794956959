"""What a voter fills in."""

from flask_babel import lazy_gettext as __
from wtforms import BooleanField, SelectMultipleField

from citizen.web.forms import Form


def _number(typed: object) -> int:
    """The option's number; what is not one is an option that does not exist, which the vote refuses with a sentence."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ChoicesForm(Form):
    """The projects chosen, in the order of the page."""

    choices = SelectMultipleField(__("Mes choix"), coerce=_number, validate_choice=False)


class ConfirmForm(ChoicesForm):
    """The same choices, confirmed, with what the voter declares."""

    is_eligible = BooleanField(__("Je le déclare"))
