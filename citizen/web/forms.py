"""The base of every form: French messages, money and day fields, values kept."""

import re
from collections.abc import Callable, Iterable
from secrets import token_urlsafe
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.db import transaction
from citizen.kernel import money
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.web.once import first_use

LONG = 5_000
SHORT = 150
MOST = 2**31 - 1


class _Token(CSRFTokenField):
    """A token made when it is shown: a form that is posted and leads elsewhere needs none."""

    def process(self, *args: Any, **values: Any) -> None:
        HiddenField.process(self, *args, **values)

    @property
    def current_token(self) -> str:  # type: ignore[override]
        return self.csrf_impl.generate_csrf_token(self)


class _Csrf(FlaskForm.Meta.csrf_class):
    field_class = _Token


class Form(FlaskForm):
    """A form whose services' refusals land next to the field they are about."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Csrf

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Only what a page's form sends: JSON would bring values that are no texts."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

    def refuse(self, error: Invalid) -> None:
        """Shows a service's refusal next to its field, or above the form when the field is not there."""
        if error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)

    def submit_to(self, service: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """The service's answer when the form is posted, well filled and accepted; else None, with the reasons in place."""
        if not self.validate_on_submit():
            return None
        try:
            return service(*args, **values)
        except Invalid as error:
            self.refuse(error)
        except NotNow as error:  # what was typed stays on the page
            self.form_errors.append(str(error))
        return None

    def done(self, service: Callable[..., object], *args: Any, **values: Any) -> bool:
        """Whether the form was posted, well filled, and the service took it."""
        self.submit_to(service, *args, **values)
        return self.is_posted and not self.errors

    @property
    def is_posted(self) -> bool:
        return request.method == "POST"


class OnceForm(Form):
    """A form that adds a row: sent twice, it adds one."""

    once = HiddenField("", default=lambda: token_urlsafe(12))

    def submit_to(self, service: Callable[..., Any], *args: Any, **values: Any) -> Any:
        def add() -> Any:
            with transaction():
                if self.once.data and not first_use(self.once.data):
                    return True  # what the first sending did
                return service(*args, **values)

        return super().submit_to(add)


class Required(InputRequired):
    """Something must be left once the typing is read: blanks fill nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if not field.errors and _is_blank(field.data):
            raise StopValidation(str(self.message))


def _is_blank(data: Any) -> bool:
    if isinstance(data, str):
        return not any(sign.isprintable() and not sign.isspace() for sign in data)
    return data is None or data == []


def required() -> Required:
    return Required(lazy_gettext("Ce champ est nécessaire."))


def at_most(length: int) -> Length:
    return Length(max=length, message=lazy_gettext("%(max)d caractères au plus."))


def optional() -> Optional:
    return Optional()


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices of a list or of buttons, from (value, words) pairs."""
    return [SelectChoice(value, words) for value, words in pairs]


class BoxesField(SelectMultipleField):
    """Several choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EurosField(StringField):
    """An amount as people type it; ``data`` is in cents, or None."""

    data: Any
    wrong = lazy_gettext("Écrivez un montant en euros, par exemple 120 ou 120,50.")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else money.plain(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = money.parse(valuelist[0])
            if self.data is None:
                raise ValueError(str(self.wrong))


class QuantityField(EurosField):
    """How many, or how much of a unit; ``data`` is in hundredths, or None."""

    wrong = lazy_gettext("Écrivez un nombre, par exemple 3 ou 12,5.")


class NumberField(IntegerField):
    """A whole number that a database column holds."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > MOST:
            self.data = None
            raise ValueError(gettext("Ce nombre est trop grand."))


class DayField(DateField):
    """A day; the browser sends 2027-06-12, people may also type 12/06/2027."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any):
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Écrivez une date comme 12/06/2027.")) from None
        if self.data and not 1900 <= self.data.year <= 2200:
            self.data = None
            raise ValueError(gettext("Cette année n’est pas plausible."))


# Control characters but tab and line feed, unseen spaces, and the marks that turn the reading round (U+202E...): with them
# a text would show as another. The joiners of emojis and of some scripts stay.
_UNSEEN = {
    *range(0x20),
    *range(0x7F, 0xA0),
    0x061C,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
}
_UNWANTED = dict.fromkeys(_UNSEEN - {ord("\t"), ord("\n")})
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(typed: str | None) -> str:
    """Text without what no database nor page wants (NUL, lone surrogates, unseen marks), trimmed."""
    text = (typed or "").encode("utf-8", "ignore").decode("utf-8")
    return _LINE_ENDS.sub("\n", text).translate(_UNWANTED).strip()


class TextField(StringField):
    """One line of text, cleaned: pasted lines become one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = clean(valuelist[0]).split("\n") if valuelist else []
        self.data = " ".join(line.strip() for line in lines if line.strip())
