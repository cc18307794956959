"""How values are shown: money, days, moments, words."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_datetime
from flask import Flask
from flask_babel import format_date, format_decimal, get_locale, gettext

from citizen.clock import LOCAL
from citizen.kernel.money import euros


def day(value: date | None) -> str:
    """« 12 juin 2027 », « 1er juin 2027 »."""
    return _first(format_date(value, "d MMMM y")) if value else ""


def moment(value: datetime | None) -> str:
    """« 12 juin 2027 à 18:30 », on the quarter's clock."""
    return _first(_formatted(value.astimezone(LOCAL), gettext("d MMMM y 'à' HH:mm"), get_locale())) if value else ""


@lru_cache(maxsize=4096)
def _formatted(value: datetime, pattern: str, locale: Locale) -> str:
    """Kept: every voter's letter says when the same vote closes, and is written while the next voter waits."""
    return format_datetime(value, pattern, locale=locale)


def oclock(value: datetime | None) -> str:
    """« 18:30 », on the quarter's clock."""
    return value.astimezone(LOCAL).strftime("%H:%M") if value else ""


def _first(words: str) -> str:
    """French says « 1er juin », which the calendars of the locale library leave out."""
    return f"1er{words[1:]}" if words.startswith("1 ") and get_locale().language == "fr" else words


def say(words: str) -> str:
    """Words kept by the rules, in the reader's language."""
    msgid = getattr(words, "msgid", words)
    values = getattr(words, "values", {})
    return gettext(str(msgid), **values) if msgid else ""


def install(app: Flask) -> None:
    """Makes them known to the templates."""
    app.jinja_env.filters.update(euros=euros, day=day, moment=moment, oclock=oclock, say=say, number=format_decimal)
