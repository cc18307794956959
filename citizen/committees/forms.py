"""What is filled in to prepare a session, to ask for one, and to answer an invitation."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.clock import LOCAL
from citizen.committees.models import AgendaItem, Seat
from citizen.committees.quorum import OFFICES, Procedure
from citizen.committees.records import MemberNote
from citizen.projects.forms import LongText
from citizen.web.forms import LONG, SHORT, DayField, Form, NumberField, TextField, at_most, optional, options, required

REASON = 1000


class SessionForm(Form):
    """A session to come."""

    held_on = DayField(__("Jour de la séance"), validators=[required()])
    held_time = TimeField(__("Heure"), validators=[required()], format=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"])
    place = TextField(__("Lieu"), validators=[required(), at_most(SHORT)])

    @property
    def held_at(self) -> datetime:
        """The moment meant, on the quarter's clock."""
        return datetime.combine(cast(date, self.held_on.data), cast(time, self.held_time.data), LOCAL)


class MoveForm(SessionForm):
    """Another day, hour or place, and why."""

    reason = LongText(__("Pourquoi ce changement ?"), validators=[required(), at_most(REASON)])


class ReasonForm(Form):
    """Only why."""

    reason = LongText(__("La raison"), validators=[required(), at_most(REASON)])


class RequestForm(Form):
    """Why a session cannot wait for the next one."""

    reason = LongText(__("Pourquoi cette séance ne peut-elle pas attendre ?"), validators=[required(), at_most(REASON)])


class AnswerRequestForm(SessionForm):
    """Yes, with the session; or no, with the reason."""

    answer = RadioField(
        __("Votre réponse"), validators=[required()],
        choices=options([("oui", __("Oui, la séance est fixée")), ("non", __("Non"))]),
    )  # fmt: skip
    reason = LongText(__("Si c’est non : pourquoi ?"), validators=[at_most(REASON)])

    def validate(self, extra_validators: Any = None) -> bool:
        """A refusal asks for no session."""
        if self.is_posted and self.answer.data == "non":
            for field in (self.held_on, self.held_time, self.place):
                field.validators = [optional()]
                field.flags.required = False
        return super().validate(extra_validators)


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


class AgendaForm(Form):
    """Which of the ready files go before this session."""

    projects = SelectMultipleField(
        __("Les projets prêts"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def validate_projects(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Choisissez au moins un projet."))


class PaceForm(Form):
    """How long each file is given."""

    minutes_each = NumberField(
        __("Minutes par projet"), validators=[required(), NumberRange(1, 240, __("De 1 à 240 minutes."))]
    )  # fmt: skip


class AnswerForm(Form):
    """What an invited member or team says."""

    answer = RadioField(__("Viendrez-vous ?"), validators=[required()])
    proxy = SelectField(__("Si vous donnez procuration : à qui ?"), coerce=int, validate_choice=False)


class NoteForm(Form):
    """A member's own words about a file."""

    text = LongText(__("Mes notes, pour moi seul"), validators=[at_most(LONG)])
    is_kept = BooleanField(__("Garder cette note après le procès-verbal"))

    @classmethod
    def on(cls, item: AgendaItem, kept: MemberNote | None, **values: Any) -> "NoteForm":
        """The form on a file, with what was written; a page may hold several."""
        return cls(obj=kept, prefix=f"note{item.id}-", **values)


class RemarkForm(Form):
    """Words added to the minutes."""

    point = SelectField(__("Sur quel point ?"), coerce=int)
    text = LongText(__("Ma remarque"), validators=[required(), at_most(LONG)])
