"""What is filled in to prepare a session."""

from datetime import date, datetime, time
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectField, TimeField

from citizen.clock import LOCAL
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
