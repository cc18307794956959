"""What the Region and the associations fill in for a season."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField
from wtforms import BooleanField, FloatField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.nqe.eco_grid import eco_lines
from citizen.nqe.terms import Terms
from citizen.projects.forms import LongText
from citizen.web.forms import (
    LONG,
    SHORT,
    DayField,
    EurosField,
    Form,
    NumberField,
    TextField,
    at_most,
    optional,
    options,
    required,
)

KIND_LABELS = {
    "sport": __("Sport"),
    "culture": __("Culture"),
    "sustainable": __("Développement durable"),
}


AUDIENCE_LABELS = {
    "all": __("Tout public"),
    "children": __("Enfants"),
    "teenagers": __("Adolescents"),
    "families": __("Familles"),
    "adults": __("Adultes"),
    "seniors": __("Aînés"),
}
PERMIT_LABELS = {
    "none": __("Aucune"),
    "needed": __("À demander"),
    "asked": __("Demandée"),
    "obtained": __("Obtenue"),
}
YES_NO = options([("yes", __("Oui")), ("no", __("Non"))])
POINTS = options([("0", __("Pas prévu")), ("1", __("En partie")), ("2", __("Prévu"))])


class HourField(TimeField):
    """An hour; the browser sends 14:30, people may also type 14h30 or 14h."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any):
        super().__init__(label, validators, format=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(" ", "").replace("H", "h") for value in valuelist])
        except ValueError:
            raise ValueError(_("Écrivez une heure comme 14:30.")) from None


class EditionForm(Form):
    """A new edition."""

    year = NumberField(__("Année"), validators=[required(), NumberRange(1990, 2200, __("Une année entre 1990 et 2200."))])
    theme_title = TextField(
        __("Thème de l’année"), validators=[required(), at_most(SHORT)], description=__("Le « fil rouge », en quelques mots.")
    )
    theme_text = LongText(__("Ce que le thème veut dire"), validators=[at_most(LONG)])
    axes = LongText(
        __("Axes du thème"),
        validators=[at_most(1000)],
        description=__("Un par ligne. Sans axe, les projets répondent au thème entier."),
    )
    examples = LongText(__("Des exemples"), validators=[at_most(LONG)])
    questions = LongText(
        __("Questions à se poser"),
        validators=[at_most(2000)],
        description=__("Une par ligne. Les équipes les lisent en écrivant."),
    )
    season_starts_on = DayField(__("Premier jour de la saison"), validators=[required()])
    season_ends_on = DayField(__("Dernier jour de la saison"), validators=[required()])
    opens_on = DayField(__("Premier jour pour déposer"), validators=[required()])
    closes_on = DayField(__("Dernier jour pour déposer"), validators=[required()])
    envelope = EurosField(__("Enveloppe"), validators=[required()])

    @property
    def axes_list(self) -> list[str]:
        return lines_of(self.axes.data)

    @property
    def values(self) -> dict[str, Any]:
        """What an edition is opened with."""
        same = ("year", "theme_title", "theme_text", "examples", "season_starts_on", "season_ends_on", "opens_on", "closes_on")
        return {name: self[name].data for name in same} | {
            "axes": self.axes_list, "questions": lines_of(self.questions.data), "envelope_cents": self.envelope.data,
        }  # fmt: skip


class EditionDraftForm(EditionForm):
    """The next edition, with what was read again."""

    reread = SelectMultipleField(
        __("J’ai relu, ligne par ligne"), validators=[optional()], widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip


def as_typed(content: dict[str, Any]) -> dict[str, Any]:
    """A stored edition as its form shows it."""
    days = ("season_starts_on", "season_ends_on", "opens_on", "closes_on")
    return content | {name: date.fromisoformat(content[name]) for name in days} | {
        "axes": "\n".join(content["axes"]), "questions": "\n".join(content["questions"]), "envelope": content["envelope_cents"],
    }  # fmt: skip


class PresentForm(Form):
    """The words and the picture of a theme."""

    theme_text = LongText(__("Ce que le thème veut dire"), validators=[at_most(LONG)])
    examples = LongText(__("Des exemples"), validators=[at_most(LONG)])
    questions = LongText(
        __("Questions à se poser"),
        validators=[at_most(2000)],
        description=__("Une par ligne. Les équipes les lisent en écrivant."),
    )
    image = FileField(
        __("L’image du thème"), validators=[optional()], description=__("Une photo ou un dessin ; vide : elle ne change pas.")
    )


def lines_of(typed: str | None, most: int = SHORT) -> list[str]:
    """One text a line, the empty ones left out."""
    return [line.strip()[:most] for line in (typed or "").splitlines() if line.strip()]


class QuarterForm(Form):
    """One more quarter."""

    quarter = SelectField(__("Quartier"), validators=[required()], coerce=int)


class MomentForm(Form):
    """When and where a date happens."""

    on = DayField(__("Jour"), validators=[required()])
    starts_at = HourField(__("Début"), validators=[required()])
    ends_at = HourField(__("Fin"), validators=[optional()], description=__("Un spectacle peut finir après minuit."))
    place = TextField(__("Le lieu, en mots"), validators=[required(), at_most(SHORT)])


class DateForm(MomentForm):
    """One date of the programme."""

    title = TextField(__("Qu’est-ce qu’on y fait ?"), validators=[required(), at_most(100)])
    details = LongText(
        __("À savoir"), validators=[at_most(2000)], description=__("Pour qui, ce qu’il faut apporter, comment s’inscrire.")
    )
    kind = SelectField(__("Genre"), choices=options(KIND_LABELS.items()), validators=[required()])
    audience = SelectField(__("Pour qui ?"), choices=options(AUDIENCE_LABELS.items()), default="all", validators=[optional()])
    permit = SelectField(
        __("Une autorisation à demander ?"), choices=options(PERMIT_LABELS.items()), default="none", validators=[optional()],
        description=__("À la mairie ou au bailleur, pour une rue fermée, un feu, une scène…"),
    )  # fmt: skip
    perimeter_id = SelectField(__("Quartier"), validators=[optional()], coerce=lambda value: int(value) if value else None)
    lat = FloatField(__("Latitude"), validators=[optional(), NumberRange(-90, 90, __("Entre -90 et 90."))])
    lon = FloatField(__("Longitude"), validators=[optional(), NumberRange(-180, 180, __("Entre -180 et 180."))])
    is_highlight = BooleanField(__("C’est un temps fort"), description=__("Une grande journée festive, dont on se souviendra."))
    is_accessible = BooleanField(__("Accessible aux personnes handicapées"))
    fallback = LongText(__("Et s’il pleut, ou s’il fait trop chaud ?"), validators=[at_most(500)])
    capacity = NumberField(
        __("Nombre de places"), validators=[optional(), NumberRange(1, 100_000, __("Un nombre de places, ou rien."))]
    )


class MoveForm(MomentForm):
    """Another moment or place, and why."""

    note = LongText(
        __("Pourquoi ?"), validators=[required(), at_most(500)], description=__("Les familles liront cette phrase.")
    )


class CancelForm(Form):
    """Why a date will not happen."""

    note = LongText(
        __("Pourquoi ?"), validators=[required(), at_most(500)], description=__("Les familles liront cette phrase.")
    )


class DecisionForm(Form):
    """What the Commission permanente decided."""

    outcome = RadioField(
        __("Décision"),
        validators=[required()],
        choices=options([("grant", __("Accorder l’aide")), ("reject", __("Refuser l’aide"))]),
    )
    amount = EurosField(__("Montant accordé"), validators=[optional()], description=__("Seulement si l’aide est accordée."))
    act_reference = TextField(__("Référence de la délibération"), validators=[at_most(SHORT)])
    reason = LongText(
        __("La raison"), validators=[required(), at_most(2000)], description=__("Elle est publiée avec la décision.")
    )


class DerogationForm(Form):
    """The Region's answer to an association that it already funds."""

    is_granted = RadioField(__("La dérogation est-elle accordée ?"), validators=[required()], choices=YES_NO)
    reason = LongText(__("Pourquoi ?"), validators=[required(), at_most(1000)])


def principles_form(axes: tuple[str, ...], terms: Terms, **values: Any) -> Any:
    """The form of the four principles, with one text for each axis and one choice for each line of the grid.

    ``form.links`` and ``form.lines`` are (axis or line's title, field) pairs.
    """

    class Principles(Form):
        design = LongText(__("Comment les habitants préparent-ils le projet ?"), validators=[at_most(2000)])
        delivery = LongText(__("Comment le font-ils vivre ?"), validators=[at_most(2000)])
        evaluation = LongText(__("Comment diront-ils si c’était réussi ?"), validators=[at_most(2000)])
        free = RadioField(__("Tout est-il gratuit pour le public ?"), choices=YES_NO, validators=[optional()])
        funded = RadioField(
            __("La Région aide-t-elle déjà votre programme d’activités ?"), choices=YES_NO, validators=[optional()]
        )
        derogation = LongText(
            __("Si oui, quel besoin n’est pas couvert ?"), validators=[at_most(2000)],
            description=__("La Région peut accepter une dérogation : dites pourquoi ce projet n’est pas déjà payé."),
        )  # fmt: skip

    lines = eco_lines(terms.eco_grid)
    for number, axis in enumerate(axes):
        setattr(Principles, f"axis_{number}", LongText(axis, validators=[at_most(1000)]))
    for number, line in enumerate(lines):
        field = RadioField(line.title, choices=POINTS, validators=[optional()], description=line.advice)
        setattr(Principles, f"line_{number}", field)
    form = Principles(**values)
    form.links = [(axis, form[f"axis_{number}"]) for number, axis in enumerate(axes)]
    form.lines = [(line.title, form[f"line_{number}"]) for number, line in enumerate(lines)]
    return form


def yes_no(answer: bool | None) -> str | None:
    """How a yes, a no or a not-yet is ticked."""
    return None if answer is None else "yes" if answer else "no"


def answered(ticked: str | None) -> bool | None:
    """What was ticked."""
    return {"yes": True, "no": False}.get(ticked or "")
