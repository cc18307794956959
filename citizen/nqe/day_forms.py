"""What families fill in to book or follow a date, and the team on the day itself."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import BooleanField, SelectField
from wtforms.validators import NumberRange, ValidationError

from citizen.people.identifiers import email_address
from citizen.projects.forms import LongText
from citizen.web.forms import SHORT, DayField, Form, NumberField, OnceForm, TextField, at_most, optional, options, required

MOST_PEOPLE = 10
INCIDENTS = {
    "hurt": __("Une personne blessée ou malade"), "weather": __("La météo"), "equipment": __("Le matériel"),
    "neighbours": __("Le voisinage"), "other": __("Autre chose"),
}  # fmt: skip
_TELEPHONE = re.compile(r"0[1-9]\d{8}")


def telephone(typed: str) -> str | None:
    """« +33 6 12 34 56 78 » -> « 0612345678 »; None when it is no French number."""
    number = re.sub(r"^(?:\+|00)33\(?0?\)?", "0", re.sub(r"[\s.\-/]", "", typed))
    return number if _TELEPHONE.fullmatch(number) else None


class ContactField(TextField):
    """An address or a telephone number; ``data`` is what was typed, ``contact`` the same as it is kept."""

    contact: str = ""

    def pre_validate(self, form: Any) -> None:
        typed = self.data or ""
        self.contact = email_address(typed) or telephone(typed) or ""
        if typed and not self.contact:
            raise ValidationError(_("Écrivez une adresse comme awa@exemple.fr ou un numéro comme 06 12 34 56 78."))


class BookForm(OnceForm):
    """Places for a household."""

    name = TextField(__("Votre nom"), validators=[required(), at_most(80)])
    contact = ContactField(
        __("Votre adresse e-mail ou votre téléphone"), validators=[required(), at_most(SHORT)],
        description=__("Pour l’organisateur seulement. Effacé trente jours après la date."),
    )  # fmt: skip
    people = NumberField(
        __("Combien de personnes ?"), default=1,
        validators=[required(), NumberRange(1, MOST_PEOPLE, __("De 1 à 10 personnes."))],
    )  # fmt: skip


class TelephoneForm(OnceForm):
    """Places for somebody who telephones: the team writes for them."""

    first_name = TextField(
        __("Son prénom"), validators=[required(), at_most(40)], description=__("Le prénom seulement, sans nom de famille.")
    )
    contact = TextField(
        __("Son téléphone"), validators=[required(), at_most(30)], description=__("Pour la rappeler si la date change.")
    )
    people = NumberField(
        __("Combien de personnes ?"), default=1,
        validators=[required(), NumberRange(1, MOST_PEOPLE, __("De 1 à 10 personnes."))],
    )  # fmt: skip
    has_agreed = BooleanField(
        __("Cette personne accepte que son prénom et son numéro soient gardés jusqu’à trente jours après la date"),
        validators=[required()],
    )

    def validate_first_name(self, field: TextField) -> None:
        if " " in (field.data or "").strip():
            raise ValidationError(_("Le prénom seulement, sans nom de famille."))

    def validate_contact(self, field: TextField) -> None:
        if not telephone(field.data or ""):
            raise ValidationError(_("Écrivez un numéro comme 06 12 34 56 78."))


class FollowForm(Form):
    """Who wants to know when a date changes."""

    email = TextField(
        __("Votre adresse e-mail"), validators=[required(), at_most(SHORT)],
        description=__("Elle ne sert qu’à vous prévenir. Effacée trente jours après la date."),
    )  # fmt: skip

    def validate_email(self, field: TextField) -> None:
        if not email_address(field.data or ""):
            raise ValidationError(_("Écrivez une adresse comme awa@exemple.fr."))


class CountForm(Form):
    """How many came."""

    participants = NumberField(
        __("Combien de personnes sont venues ?"),
        validators=[required(), NumberRange(0, 100_000, __("Un nombre de personnes."))],
    )


class PlacesForm(Form):
    """Whether one books, and how many places there are."""

    takes_bookings = BooleanField(__("On réserve sa place"))
    capacity = NumberField(
        __("Nombre de places"), validators=[optional(), NumberRange(1, 100_000, __("Un nombre de places, ou rien."))]
    )


class IncidentCorrectionForm(Form):
    """What went wrong, written better."""

    kind = SelectField(__("De quoi s’agit-il ?"), choices=options(INCIDENTS.items()), validators=[required()])
    words = LongText(
        __("Que s’est-il passé ?"), validators=[required(), at_most(1000)],
        description=__("Sans nom de personne. La Région est prévenue ; rien n’est publié."),
    )  # fmt: skip


class IncidentForm(OnceForm, IncidentCorrectionForm):
    """What went wrong."""


class ReviewForm(Form):
    """The review day of an edition."""

    held_on = DayField(__("Jour de la rencontre"), validators=[optional()])
    place = TextField(__("Lieu de la rencontre"), validators=[at_most(SHORT)])
    words = LongText(__("Ce que la Région retient de l’été"), validators=[at_most(5000)])
    is_published = BooleanField(__("Publier cette page"))


class SummerReportForm(Form):
    """What only a summer's report tells."""

    waste_kg = NumberField(
        __("Combien de kilos de déchets, en tout ?"), validators=[optional(), NumberRange(0, 1_000_000, __("Un nombre de kilos."))],
        description=__("Pesés ou estimés : un sac de cent litres plein fait environ dix kilos."),
    )  # fmt: skip
    reused_percent = NumberField(
        __("Quelle part du matériel était prêtée, louée ou réutilisée ?"),
        validators=[optional(), NumberRange(0, 100, __("De 0 à 100."))],
    )


class QuoteCorrectionForm(Form):
    """Words that somebody agreed to share, written better."""

    words = LongText(__("Une parole entendue cet été"), validators=[required(), at_most(500)])
    said_by = TextField(
        __("Qui l’a dite ?"),
        validators=[required(), at_most(80)],
        description=__("Par exemple : une maman d’Étouvie. Pas de nom de famille."),
    )
    has_agreed = BooleanField(__("Cette personne a donné son accord pour publier sa parole"), validators=[required()])
    consent_kept_by = TextField(
        __("Qui garde son accord ?"), validators=[required(), at_most(SHORT)], description=__("Jamais publié.")
    )


class QuoteForm(OnceForm, QuoteCorrectionForm):
    """Words that somebody agreed to share."""
