"""What a ruleset sets, shown in words and read from a form: one kind of field per kind of term."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.kernel import money
from citizen.kernel.scheme import Scheme, TermKind, TermSpec
from citizen.kernel.words import plain
from citizen.web.filters import say
from citizen.web.forms import EurosField, NumberField, clean, optional, options, required


class LinesField(TextAreaField):
    """A list, one item a line; ``data`` is a list of strings."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = clean(valuelist[0]).splitlines() if valuelist else []
        self.data = [line.strip()[:200] for line in lines if line.strip()][:60]


class EurosLinesField(LinesField):
    """A list of amounts; ``data`` is in cents."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(money.plain(int(cents)) for cents in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        found = [money.parse(line) for line in self.data]
        self.data = [cents for cents in found if cents is not None]
        if None in found or not found:
            raise ValueError(_("Écrivez un montant par ligne, par exemple 900."))


class PercentLinesField(LinesField):
    """A list of whole percents that add up to 100."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(str(part) for part in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        parts = [line.rstrip("% ") for line in self.data]
        if (
            not parts
            or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts)
            or sum(map(int, parts)) != 100
        ):
            raise ValueError(_("Écrivez un pourcentage par ligne ; leur total fait 100."))
        self.data = [int(part) for part in parts]


class ChoiceLinesField(LinesField):
    """A list whose items are each one of a few words."""

    def __init__(self, label: Any, *, words: Mapping[str, str], **kwargs: Any):
        super().__init__(label, **kwargs)
        self.words = words

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.words[value] for value in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        known = {plain(words): value for value, words in self.words.items()}
        found = [known.get(plain(line)) for line in self.data]
        self.data = [value for value in found if value]
        if None in found:
            raise ValueError(_("Une ligne par choix, parmi : %(words)s.", words=", ".join(self.words.values())))


def _said_choices(spec: TermSpec) -> dict[str, str]:
    return {value: say(words) for value, words in spec.choices}


def field_for(spec: TermSpec) -> Field:
    """The form field that sets this term."""
    label, help_text = say(spec.label), say(spec.help)
    match spec.kind:
        case TermKind.EUROS:
            return EurosField(
                label,
                validators=[optional() if spec.is_optional or spec.default is None else required()],
                description=help_text,
            )
        case TermKind.COUNT | TermKind.DAYS:
            return NumberField(
                label,
                validators=[required(), NumberRange(0, 100_000, _("Un nombre entre 0 et 100 000."))],
                description=help_text,
            )
        case TermKind.PERCENT:
            needed = optional() if spec.is_optional else required()
            return NumberField(
                label, validators=[needed, NumberRange(0, 100, _("Un pourcentage entre 0 et 100."))], description=help_text
            )
        case TermKind.YES_NO:
            return BooleanField(label, description=help_text)
        case TermKind.CHOICE:
            offered = options(_said_choices(spec).items())
            return RadioField(label, choices=offered, validators=[required()], description=help_text)
        case TermKind.CHOICES:
            return SelectMultipleField(
                label, choices=options(_said_choices(spec).items()), validators=[optional()], description=help_text,
                option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
            )  # fmt: skip
        case _:
            return _list_field(spec, label, help_text)


def _list_field(spec: TermSpec, label: str, help_text: str) -> Field:
    match spec.kind:
        case TermKind.CHOICE_LINES:
            return ChoiceLinesField(label, words=_said_choices(spec), validators=[required()], description=help_text)
        case TermKind.EUROS_LINES:
            return EurosLinesField(label, validators=[required()], description=help_text)
        case TermKind.PERCENT_LINES:
            return PercentLinesField(label, validators=[required()], description=help_text)
        case _:
            return LinesField(label, validators=[optional()], description=help_text)


def fields_for(scheme: Scheme) -> dict[str, Field]:
    """A form's fields for every term of the scheme, by name."""
    return {f"term_{spec.name}": field_for(spec) for spec in scheme.terms}


WORDS: dict[TermKind, Callable[[Any], str]] = {
    TermKind.EUROS: money.euros,
    TermKind.COUNT: str,
    TermKind.DAYS: lambda days: _("%(days)d jours", days=days),
    TermKind.PERCENT: lambda part: _("%(part)d %%", part=part),
    TermKind.YES_NO: lambda is_so: _("oui") if is_so else _("non"),
    TermKind.LINES: lambda lines: " ; ".join(say(line) for line in lines),
    TermKind.EUROS_LINES: lambda amounts: _(", puis ").join(money.euros(cents) for cents in amounts),
    TermKind.PERCENT_LINES: lambda parts: _("%(parts)s %%", parts=" / ".join(str(part) for part in parts)),
}


def in_words(spec: TermSpec, terms: Mapping[str, Any]) -> str:
    """The term's value as people read it."""
    value = terms.get(spec.name, spec.default)
    if spec.choices and value is not None:
        said = _said_choices(spec)
        return ", ".join(said[one] for one in (value if isinstance(value, list) else [value])) or _("aucune")
    return _("non fixé") if value is None else WORDS[spec.kind](value) or _("rien")


@dataclass(frozen=True)
class Change:
    """One term that two versions do not say alike, in words."""

    spec: TermSpec
    before: str
    after: str


def changes(scheme: Scheme, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Only what differs, in the order of the rules."""
    said = [Change(spec, in_words(spec, before), in_words(spec, after)) for spec in scheme.terms]
    return [one for one in said if one.before != one.after]
