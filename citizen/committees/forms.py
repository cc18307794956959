"""What is filled in to prepare a session."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.clock import LOCAL
from citizen.committees.models import Seat
from citizen.committees.quorum import OFFICES, Procedure
from citizen.web.forms import SHORT, DayField, Form, TextField, at_most, optional, options, required


class SessionForm(Form):
    """A session to come."""

    held_on = DayField(__("Jour de la séance"), validators=[required()])
    held_time = TimeField(__("Heure"), validators=[required()], format=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"])
    place = TextField(__("Lieu"), validators=[required(), at_most(SHORT)])

    @property
    def held_at(self) -> datetime:
        """The moment meant, on the quarter's clock."""
        return datetime.combine(cast(date, self.held_on.data), cast(time, self.held_time.data), LOCAL)


class InscribeForm(Form):
    """Which session a project goes before."""

    session = RadioField(__("À quelle séance ?"), validators=[required()])


class SeatForm(Form):
    """A member's place in the committee."""

    college = SelectField(__("Collège"), validators=[required()])
    office = SelectField(__("Fonction"), choices=options((code, __(label)) for code, label in OFFICES.items()))
    ends_on = DayField(__("Fin du mandat"), validators=[optional()], description=__("Dernier jour. Vide : sans date de fin."))

    def offer(self, procedure: Procedure) -> None:
        """The colleges of the rules; those that only advise say so."""
        advising = ((name, _("%(name)s (sans vote)", name=name)) for name in procedure.advisory_colleges)
        self.college.choices = options([*((name, name) for name in procedure.voting_colleges), *advising])


class NewSeatForm(SeatForm):
    """Somebody who joins the committee."""

    name = TextField(__("Nom"), validators=[required(), at_most(SHORT)])
    email = TextField(
        __("Adresse e-mail"), validators=[at_most(SHORT)],
        description=__("La personne reçoit une invitation à siéger depuis son compte. Vide : elle siège sans compte."),
    )  # fmt: skip
    starts_on = DayField(__("Début du mandat"), validators=[required()])


class ArrivalsForm(Form):
    """Who comes in."""

    present = SelectMultipleField(
        __("Membres"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validators=[required()]
    )

    def offer(self, seats: Iterable[Seat]) -> "ArrivalsForm":
        self.present.choices = options((seat.id, f"{seat.name}, {seat.college}") for seat in seats)
        return self


class ProxyForm(Form):
    """Whose vote, and who holds it."""

    giver = SelectField(__("Qui est absent ?"), coerce=int)
    holder = SelectField(__("À qui donne-t-il sa voix ?"), coerce=int)

    def offer(self, absent: Iterable[Seat], seats: Iterable[Seat]) -> "ProxyForm":
        self.giver.choices = options((seat.id, seat.name) for seat in absent if seat.is_voting)
        self.holder.choices = options((seat.id, f"{seat.name}, {seat.college}") for seat in seats if seat.is_voting)
        return self


class DeskForm(Form):
    """Who presides and who keeps the minutes of one session."""

    president = SelectField(__("Présidence"), coerce=int)
    secretary = SelectField(__("Secrétariat"), coerce=int)

    def offer(self, seats: Iterable[Seat]) -> "DeskForm":
        choices = [(0, _("Personne")), *((seat.id, seat.name) for seat in seats)]
        self.president.choices = self.secretary.choices = options(choices)
        return self
