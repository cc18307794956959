"""What a committee says in session: a link with the project, each condition, a proposal, hands, papers, sentences."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.committees.models import Seat
from citizen.committees.sitting import GROUNDS
from citizen.committees.voting import CHOICES
from citizen.pic.conditions import CONDITIONS
from citizen.pic.forms import ANSWER
from citizen.pic.rules import VERDICTS
from citizen.pic.sitting import Judged
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import EurosField, Form, NumberField, at_most, optional, options, required


class LinkForm(Form):
    """A member who has a link with the project."""

    seat = SelectField(__("Qui ?"), coerce=int)
    ground = SelectField(__("Quel lien ?"))

    def offer(self, seats: Iterable[Seat]) -> "LinkForm":
        self.seat.choices = options((seat.id, seat.name) for seat in seats)
        self.ground.choices = options((ground, say(words)) for ground, words in reversed(GROUNDS.items()))
        return self


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


class ProposalForm(Form):
    """What is put to the vote."""

    action = RadioField(
        __("La décision proposée"), validators=[required()],
        choices=options(
            [
                ("grant", __("Accorder")),
                ("defer", __("Ajourner : le projet revient à une autre séance")),
                ("reject", __("Refuser")),
            ]
        ),
    )  # fmt: skip
    amount = EurosField(__("Montant proposé"), validators=[optional()], description=__("Seulement pour accorder."))
    asked = LongText(
        __("Ce que l’équipe peut faire"), validators=[at_most(ANSWER)],
        description=__("Si vous ajournez : ce que le comité demande. Si vous refusez : ce qui pourrait être fait."),
    )  # fmt: skip


class HandsForm(Form):
    """The hands seen in the room: what all the others do, and those who do otherwise."""

    rest = RadioField(__("Les mains levées"), validators=[required()])

    @classmethod
    def offer(cls, seats: Iterable[Seat], voted: dict[int, str]) -> Any:
        """With a choice for each seat, as it voted on its phone."""
        words = [(choice, say(label)) for choice, label in CHOICES.items()]
        like = [("", _("comme les autres")), *words, ("none", _("n’a pas voté"))]
        fields = {
            f"seat_{seat.id}": SelectField(seat.name, choices=options(like), default=voted.get(seat.id, "")) for seat in seats
        }
        form: Any = type("HandsOfSeats", (cls,), fields)()
        form.rest.choices = options([*words, ("none", _("Personne d’autre n’a voté"))])
        return form

    def choices(self) -> dict[int, str]:
        """What each seat chose."""
        said = {int(name[5:]): field.data or self.rest.data for name, field in self._fields.items() if name.startswith("seat_")}
        return {seat_id: choice for seat_id, choice in said.items() if choice in CHOICES}


class UrnForm(Form):
    """The papers of the box, and who put one in."""

    seats = SelectMultipleField(
        __("Qui a voté sur papier ?"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    votes_for = NumberField(__("Papiers pour"), validators=[required()], default=0)
    votes_against = NumberField(__("Papiers contre"), validators=[required()], default=0)
    abstentions = NumberField(__("Papiers blancs"), validators=[required()], default=0)

    def offer(self, seats: Iterable[Seat]) -> "UrnForm":
        self.seats.choices = options((seat.id, seat.name) for seat in seats)
        return self


class SentencesForm(Form):
    """The words of a settled item; left empty, they write themselves."""

    sentence = LongText(__("La phrase officielle"), validators=[at_most(ANSWER)])
    easy = LongText(__("La phrase facile à lire"), validators=[at_most(ANSWER)])
    asked = LongText(__("Ce que l’équipe peut faire"), validators=[at_most(ANSWER)])


class CorrectionForm(SentencesForm):
    """Other words for what was settled, and why."""

    reason = LongText(__("Pourquoi corriger ?"), validators=[required(), at_most(ANSWER)])


class ReopenForm(Form):
    """Why a settled item goes back to the vote."""

    reason = LongText(__("Pourquoi rouvrir ce point ?"), validators=[required(), at_most(ANSWER)])
