"""What a committee says in session: a link with the project, a proposal, hands, papers, sentences."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.committees.models import Seat
from citizen.committees.review import Passage
from citizen.committees.sitting import GROUNDS
from citizen.committees.voting import CHOICES
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import EurosField, Form, NumberField, at_most, optional, options, required

ANSWER = 2_000


class LinkForm(Form):
    """A member who has a link with the project."""

    seat = SelectField(__("Qui ?"), coerce=int)
    ground = SelectField(__("Quel lien ?"))

    def offer(self, seats: Iterable[Seat]) -> "LinkForm":
        self.seat.choices = options((seat.id, seat.name) for seat in seats)
        self.ground.choices = options((ground, say(words)) for ground, words in reversed(GROUNDS.items()))
        return self


class ProposalForm(Form):
    """What is put to the vote."""

    action = RadioField(__("La décision proposée"), validators=[required()])
    amount = EurosField(__("Montant proposé"), validators=[optional()], description=__("Seulement pour accorder."))
    asked = LongText(validators=[at_most(ANSWER)])

    @classmethod
    def on(cls, passage: Passage, **kept: Any) -> "ProposalForm":
        """What the scheme lets propose; an amount only where money is granted."""
        form = cls(**kept)
        form.action.choices = options((action, say(words)) for action, words in passage.proposals.items())
        form.asked.label.text, form.asked.description = say(passage.asks), say(passage.asks_help)
        if "grant" not in passage.proposals:
            del form.amount
        return form


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


PUBLISHED = __("Tout le monde la lira sur la page du projet : aucun nom, aucune adresse, aucun numéro.")


class SentencesForm(Form):
    """The words of a settled item; left empty, they write themselves."""

    sentence = LongText(__("La phrase officielle"), validators=[at_most(ANSWER)], description=PUBLISHED)
    easy = LongText(__("La phrase facile à lire"), validators=[at_most(ANSWER)], description=PUBLISHED)
    asked = LongText(__("Ce que l’équipe peut faire"), validators=[at_most(ANSWER)], description=PUBLISHED)


class CorrectionForm(SentencesForm):
    """Other words for what was settled, and why."""

    reason = LongText(__("Pourquoi corriger ?"), validators=[required(), at_most(ANSWER)])


class ReopenForm(Form):
    """Why a settled item goes back to the vote."""

    reason = LongText(__("Pourquoi rouvrir ce point ?"), validators=[required(), at_most(ANSWER)])
