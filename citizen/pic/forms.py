"""What a team writes about the three conditions."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField
from wtforms.validators import Optional, ValidationError

from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicAfterwards
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import EurosField, Form, at_most, optional, options

YES_NO = {"oui": True, "non": False}
ANSWER = 2000


class YesNoField(RadioField):
    """« Oui », « Non », or not answered yet (None)."""

    def __init__(self, label: Any = None, **kwargs: Any):
        choices = options([("oui", __("Oui")), ("non", __("Non"))])
        super().__init__(label, validators=[Optional()], choices=choices, coerce=YES_NO.get, validate_choice=False, **kwargs)

    def process_data(self, value: bool | None) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = YES_NO.get(valuelist[0]) if valuelist else None


def _answer(label: Any, hint: Any = "") -> LongText:
    return LongText(label, validators=[at_most(ANSWER)], description=hint)


class ConditionsForm(Form):
    """The three conditions, in plain words, in their order."""

    task_sharing = _answer(
        __("Qui fait quoi dans l’équipe ?"), __("Les devis, le budget, les affiches, la salle, la présentation…")
    )
    learning = _answer(__("Qu’est-ce que le groupe veut apprendre ?"))
    is_first_project = YesNoField(__("Est-ce votre premier projet ensemble ?"))
    help_received = _answer(
        __("Qui vous aide ?"), __("Un centre social, un service de la mairie, personne… C’est permis et utile de le dire.")
    )
    is_open_to_all = YesNoField(__("Est-ce que tout le monde peut venir ?"))
    price = EurosField(
        __("Combien paie une personne pour participer ?"),
        validators=[optional()],
        description=__("Écrivez 0 si c’est gratuit."),
    )
    publicity = _answer(__("Comment les gens le sauront-ils ?"))
    accessibility = _answer(__("Comment accueillez-vous les personnes handicapées ?"))
    is_anyone_paid = YesNoField(__("Est-ce que quelqu’un de l’équipe sera payé ?"))
    need_spotted = _answer(
        __("Comment avez-vous vu ce besoin ?"), __("En faisant du porte-à-porte, en réunion, en parlant entre voisins…")
    )
    need_evidence = _answer(__("Qu’est-ce qui le montre ?"), __("Un nombre de personnes, une date, une parole entendue."))
    why_now = _answer(__("Pourquoi ne peut-on pas attendre ?"))

    def validate_price(self, field: EurosField) -> None:
        if field.data is not None and field.data > 1_000_00:
            raise ValidationError(_("Ce prix est trop grand pour un projet ouvert à tous."))

    @property
    def answers(self) -> dict[str, Any]:
        """What is kept, by column."""
        kept = {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "price")}
        return kept | {"price_cents": self.price.data}


# Which answers speak for which condition, on the form and on the committee's sheet.
ANSWERS_TO = {
    "active-citizenship": ("task_sharing", "learning", "is_first_project", "help_received"),
    "collective-interest": ("is_open_to_all", "price", "publicity", "accessibility", "is_anyone_paid"),
    "local-need": ("need_spotted", "need_evidence", "why_now"),
}


MARKS = (("1", __("1 : presque pas")), ("2", __("2 : un peu")), ("3", __("3 : bien")), ("4", __("4 : tout à fait")))


def afterwards_form(kept: Iterable[PicAfterwards]) -> Form:
    """A mark and a word for each condition, with what was already given."""
    given = {one.condition: one for one in kept}
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for condition in CONDITIONS:
        mark, words = f"mark_{condition.number}", f"words_{condition.number}"
        fields[mark] = RadioField(say(condition.title), validators=[optional()], choices=options(MARKS))
        fields[words] = LongText(_("Pourquoi, en quelques mots (condition %(number)d)", number=condition.number),
                                 validators=[at_most(ANSWER)])  # fmt: skip
        if told := given.get(condition.slug):
            data |= {mark: str(told.mark), words: told.words}
    form: Any = type("AfterwardsForm", (Form,), fields)
    return form(data=data)
