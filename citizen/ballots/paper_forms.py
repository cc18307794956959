"""What the commune fills in for paper ballots."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import SelectField, TextAreaField
from wtforms.validators import NumberRange

from citizen.web.forms import DayField, Form, NumberField, OnceForm, TextField, at_most, required

LONGEST, MOST = 300, 100_000


class BoxForm(OnceForm):
    """A box, its place and its day."""

    place = TextField(__("Lieu"), [required(), at_most(100)])
    held_on = DayField(__("Jour"), [required()])


def _figure(label: str) -> NumberField:
    told = __("Écrivez un nombre de 0 à %(most)s.", most=MOST)
    return NumberField(label, [required(), NumberRange(0, MOST, message=told)])


class SheetForm(Form):
    """The figures of the box's sheet, in its order."""

    supplied = _figure(__("Bulletins reçus pour cette urne"))
    unused = _figure(__("Bulletins restants"))
    spoiled = _figure(__("Bulletins abîmés avant d’être glissés"))
    found = _figure(__("Bulletins trouvés dans l’urne"))
    blank = _figure(__("Parmi eux, bulletins blancs"))
    void = _figure(__("Parmi eux, bulletins nuls"))


class MixForm(Form):
    """The box with which a small one is mixed."""

    into = SelectField(__("Mélangés avec ceux de"), coerce=str, validate_choice=False)

    @property
    def into_id(self) -> int | None:
        typed = self.into.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class EntryForm(Form):
    """One ballot."""

    number = NumberField(__("Bulletin"), [required(), NumberRange(1, MOST)])
    typed = TextField(__("Ce qui est coché"), [required(), at_most(80)])


class GapForm(Form):
    """Why signatures and ballots differ."""

    reason = TextAreaField(__("Pourquoi, en une phrase"), [required(), at_most(LONGEST)])


def first_day(days: tuple[date, date], today: date) -> dict[str, Any]:
    """The day that a new box most likely has."""
    return {"held_on": min(max(days[0], today), days[1])}
