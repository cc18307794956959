"""What is filled in to prepare a session."""

from datetime import date, datetime, time
from typing import cast

from flask_babel import lazy_gettext as __
from wtforms import RadioField, TimeField

from citizen.clock import LOCAL
from citizen.web.forms import SHORT, DayField, Form, TextField, at_most, required


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
