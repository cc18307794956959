"""What is said of the three conditions in session."""

from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField

from citizen.pic.conditions import CONDITIONS
from citizen.pic.forms import ANSWER
from citizen.pic.rules import VERDICTS
from citizen.pic.sitting import Judged
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import Form, at_most, options, required


def _words_form() -> type[Form]:
    """A word and a reason for each of the three conditions."""
    fields: dict[str, Any] = {}
    for condition in CONDITIONS:
        choices = options((verdict, say(words)) for verdict, words in VERDICTS.items())
        fields[f"verdict_{condition.number}"] = RadioField(say(condition.title), validators=[required()], choices=choices)
        fields[f"reason_{condition.number}"] = LongText(
            _("Pourquoi, en une phrase (condition %(number)d)", number=condition.number),
            validators=[required(), at_most(ANSWER)],
        )
    return type("WordsForm", (Form,), fields)


def words_form(kept: dict[str, Any]) -> Any:
    """The form, with what the committee already said."""
    said: dict[str, str] = {}
    for condition in CONDITIONS:
        if word := kept.get(condition.slug):
            said |= {f"verdict_{condition.number}": word.verdict, f"reason_{condition.number}": word.reason}
    return _words_form()(data=said)


def judged(form: Any) -> dict[str, Judged]:
    """What was said of each condition, by slug."""
    return {one.slug: Judged(form[f"verdict_{one.number}"].data, form[f"reason_{one.number}"].data) for one in CONDITIONS}
