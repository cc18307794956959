"""What whoever publishes fills in."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import BooleanField, RadioField, SelectField

from citizen.projects.budget import Attachment
from citizen.projects.forms import LongText, PlaceMixin
from citizen.web.forms import LONG, SHORT, Form, OnceForm, TextField, at_most, optional, options, required


class PublishForm(Form):
    """The texts as reread, the picture, and the checklist."""

    summary = LongText(__("L’initiative en deux phrases, relue"), validators=[required(), at_most(600)])
    story = LongText(
        __("Ce qui a été fait, relu"), validators=[at_most(LONG)],
        description=__("Repris du bilan quand il est accepté. Aucun nom de personne, aucune donnée de santé."),
    )  # fmt: skip
    differently = LongText(__("Ce que l’équipe ferait autrement, relu"), validators=[at_most(LONG)])
    cover_id = RadioField(__("L’image qui l’annonce"), coerce=int, default=0, validators=[optional()])
    cover_words = TextField(
        __("Ce que montre l’image"), validators=[at_most(SHORT)], description=__("Pour les personnes qui ne la voient pas.")
    )
    has_consents = BooleanField(
        __("Chaque personne reconnaissable sur les images a donné son accord par écrit"), validators=[required()]
    )
    names_region = BooleanField(__("La part de la Région est dite sur les supports du projet"), validators=[required()])
    is_reread = BooleanField(
        __("Une personne a relu les textes et les lignes du budget : ils ne nomment personne"), validators=[required()]
    )

    def offer(self, pictures: list[Attachment], none: str) -> None:
        self.cover_id.choices = options([(0, none), *((one.id, one.caption or one.document.name) for one in pictures)])

    @property
    def answers(self) -> dict[str, Any]:
        """As the service takes them."""
        names = ("summary", "story", "differently", "cover_words", "has_consents", "names_region", "is_reread")
        return {name: self[name].data for name in names} | {"cover_id": self.cover_id.data or None}


class WithdrawForm(Form):
    """Why it is taken back."""

    reason = LongText(__("Pourquoi la retirer ?"), validators=[required(), at_most(1000)])


class MonthForm(Form):
    """The picture of a month."""

    picture = RadioField(__("L’image"), coerce=int, validators=[required()])
    month = SelectField(__("Le mois"), coerce=date.fromisoformat, validators=[required()])
    credit = TextField(
        __("À qui est l’image"), validators=[required(), at_most(SHORT)], description=__("Par exemple : l’association Les Cuivres.")
    )  # fmt: skip
    words = TextField(__("Ce que montre l’image"), validators=[required(), at_most(SHORT)])


class CollectionForm(OnceForm):
    """A collection: its name, its words, and whether everybody reads it."""

    title = TextField(__("Le nom de la collection"), validators=[required(), at_most(100)])
    text = LongText(__("Ce qui relie ces initiatives"), validators=[at_most(2000)])
    is_shown = BooleanField(__("Tout le monde la lit"))


class TakeUpForm(PlaceMixin, OnceForm):
    """Where it is taken up."""
