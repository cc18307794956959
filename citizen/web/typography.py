"""French typography: « : ; ? ! » and quotes keep the word beside them, and thousands stand apart in a count."""

import re
from functools import lru_cache

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Domain, format_decimal, get_locale

NBSP = "\N{NO-BREAK SPACE}"
_BEFORE = re.compile(r" (?=[:;?!»€]|%%)")


@lru_cache(maxsize=8192)
def spaced(sentence: str) -> str:
    """The sentence with no-break spaces where French asks for them."""
    return _BEFORE.sub(NBSP, sentence).replace("« ", f"«{NBSP}")


class _French(NullTranslations):
    """The language the code is written in: each sentence is its own translation, well spaced."""

    def ugettext(self, message: str) -> str:
        return spaced(message)

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        sentence = spaced(singular if num < 2 else plural)
        return sentence.replace("%(num)s", format_decimal(num)) if num >= 1000 else sentence


class _OurDomain(Domain):
    def get_translations(self) -> NullTranslations:
        """On pages and in letters, chosen once for each request; a terminal shows what was typed."""
        if not has_request_context():
            return super().get_translations()
        if (chosen := request.environ.get(_CHOSEN)) is None:
            chosen = request.environ[_CHOSEN] = FRENCH if str(get_locale() or "fr") == "fr" else super().get_translations()
        return chosen


FRENCH, _CHOSEN = _French(), "citizen.translations"


def install(app: Flask) -> None:
    """Makes every French sentence of the catalogue well spaced."""
    ours = app.extensions["babel"].instance.domain_instance = _OurDomain()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda one: ours.get_translations().ugettext(one),
        ngettext=lambda one, many, number: ours.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
