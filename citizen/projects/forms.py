"""What people fill in about a project."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField, FileRequired
from wtforms import FloatField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.projects import accounts, demarcation
from citizen.projects.listing import quarter_choices
from citizen.projects.orientation import QUESTIONS
from citizen.web.filters import say
from citizen.web.forms import (
    LONG,
    SHORT,
    DayField,
    EurosField,
    Form,
    NumberField,
    OnceForm,
    TextField,
    at_most,
    clean,
    optional,
    options,
    required,
)

BUDGET_SIDES = (
    ("expense", __("Une dépense"), __("Une dépense : proposez-moi d’après mes mots")),
    ("income", __("Une recette"), __("Une recette : proposez-moi d’après mes mots")),
    ("valued", __("À part : ce qui est donné ou prêté"), __("Un don ou un prêt : proposez-moi d’après mes mots")),
)
ATTACHMENT_KINDS = (
    ("quote", __("Devis")),
    ("photo", __("Photo")),
    ("agreement", __("Accord du propriétaire du lieu")),
    ("other", __("Autre document")),
)


class LongText(TextAreaField):
    """Several lines of text, cleaned."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


class PlaceMixin:
    """One list says commune and quarter: « 59360:12 », or « 59360: » for elsewhere in the commune."""

    quarter = SelectField(__("Commune et quartier"), validators=[optional()])

    def offer_quarters(self) -> None:
        self.quarter.choices = quarter_choices(_("Je ne sais pas encore"), _("Ailleurs dans la commune"))

    @property
    def chosen_place(self) -> tuple[str | None, int | None]:
        commune, _sep, perimeter = (self.quarter.data or "").partition(":")
        return commune or None, int(perimeter) if perimeter else None


class IdeaForm(PlaceMixin, Form):
    """An idea in five lines."""

    title = TextField(__("Votre idée en quelques mots"), validators=[required(), at_most(100)])
    summary = LongText(
        __("Racontez-la en cinq lignes"),
        validators=[required(), at_most(600)],
        description=__("Quoi, où, pour qui ? N’écrivez pas de nom de personne, d’adresse privée ni de donnée de santé."),
    )


class TextForm(Form):
    """What the project is."""

    title = TextField(__("Nom du projet"), validators=[required(), at_most(100)])
    summary = LongText(__("Le projet en deux phrases"), validators=[required(), at_most(600)])
    description = LongText(
        __("Racontez le projet"), validators=[at_most(LONG)], description=__("Quoi, où, avec qui, pour qui, et comment.")
    )
    organisation = SelectField(__("Qui porte le projet ?"), validators=[optional()])
    themes = SelectMultipleField(
        __("Thèmes"), validators=[optional()], option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    starts_on = DayField(__("Premier jour"), validators=[optional()])
    ends_on = DayField(__("Dernier jour"), validators=[optional()])

    def validate_ends_on(self, field: DayField) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Le dernier jour vient après le premier."))


class PlaceForm(PlaceMixin, Form):
    """Where it happens."""

    place = TextField(
        __("Le lieu, en mots"), validators=[at_most(SHORT)], description=__("Par exemple : derrière l’école, place du marché.")
    )
    lat = FloatField(__("Latitude"), validators=[optional(), NumberRange(-90, 90, __("Entre -90 et 90."))])
    lon = FloatField(__("Longitude"), validators=[optional(), NumberRange(-180, 180, __("Entre -180 et 180."))])


class LineForm(OnceForm):
    """One more line of the budget; « expense », « income » and « valued » leave its account to its words."""

    account = SelectField(__("Qu’est-ce que c’est ?"), validators=[required()])
    label = TextField(__("Pour quoi ?"), validators=[required(), at_most(SHORT)])
    amount = EurosField(__("Montant"), validators=[required()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.account.choices = {
            str(title): options([(side, guess), *((one.code, say(one.words)) for one in accounts.of_side(side))])
            for side, title, guess in BUDGET_SIDES
        }

    @property
    def line(self) -> dict[str, Any]:
        """The line as it was typed, its account settled."""
        typed = self.account.data
        code = typed if accounts.is_known(typed) else accounts.suggest(self.label.data, accounts.of_side(typed)).code
        return {"account": code, "label": self.label.data, "amount_cents": self.amount.data}

    def validate_amount(self, field: EurosField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("Le montant est plus grand que zéro."))
        if field.data is not None and field.data > 100_000_00:
            raise ValidationError(_("Ce montant est trop grand pour un petit projet."))


class DocumentForm(OnceForm):
    """One more document; a quote says of which expense, and how much."""

    kind = SelectField(__("Qu’est-ce que c’est ?"), validators=[required()])
    line = SelectField(
        __("Pour quelle dépense ?"), validators=[optional()], description=__("Seulement pour un devis : la ligne du budget.")
    )
    amount = EurosField(
        __("Montant du devis"), validators=[optional()], description=__("Seulement pour un devis : il aide à comparer.")
    )
    caption = TextField(__("Légende"), validators=[at_most(SHORT)])
    file = FileField(__("Fichier"), validators=[FileRequired(__("Choisissez un fichier."))])

    def offer(self, pieces: Sequence[str], expenses: Iterable[tuple[int, str]]) -> None:
        """The pieces that the rules ask by name first, and the expenses of the budget."""
        self.kind.choices = options([
            *((f"required:{rank}", _("Pièce demandée : %(name)s", name=name)) for rank, name in enumerate(pieces)),
            *ATTACHMENT_KINDS,
        ])  # fmt: skip
        self.line.choices = options([("", _("Aucune en particulier")), *((str(number), label) for number, label in expenses)])

    def document(self, pieces: Sequence[str]) -> dict[str, Any]:
        """What is kept of it: only a quote has a line and an amount, and a piece has the name that the rules give it."""
        kind, _colon, rank = self.kind.data.partition(":")
        caption = pieces[int(rank)] if rank else self.caption.data
        if kind != "quote":
            return {"kind": kind, "caption": caption}
        line_id = int(self.line.data) if self.line.data else None
        return {"kind": kind, "caption": caption, "line_id": line_id, "amount_cents": self.amount.data}

    def validate_amount(self, field: EurosField) -> None:
        if field.data == 0:
            raise ValidationError(_("Le montant est plus grand que zéro."))


class CallForm(Form):
    """Which scheme, and in which call one will lodge."""

    call = RadioField(__("Où déposer ?"), validators=[required()])


class JoinForm(Form):
    """A word to a team that one would join."""

    words = LongText(__("Ce que vous aimeriez faire avec l’équipe"), validators=[required(), at_most(600)])


class JoiningForm(Form):
    """Two projects that become one."""

    other = SelectField(__("Avec quel projet ?"), validators=[required()])
    way = RadioField(
        __("Comment ?"), validators=[required()],
        choices=options([
            ("mine", __("Le mien est retiré au profit de l’autre, si l’autre équipe accepte ; je rejoins son équipe")),
            ("theirs", __("L’autre est retiré au profit du mien, si l’autre équipe accepte ; elle rejoint la mienne")),
            ("alone", __("Je retire le mien au profit de l’autre, sans rejoindre son équipe")),
        ]),
    )  # fmt: skip
    words = LongText(__("Quelques mots pour l’autre équipe"), validators=[at_most(600)])


class ReasonForm(Form):
    """A reason that somebody will read."""

    reason = LongText(__("Pourquoi ?"), validators=[required(), at_most(1000)])


class NotAdmitForm(Form):
    """Not here: where it would fit, and why."""

    better = SelectField(__("Qu’est-ce qui conviendrait mieux ?"), validators=[optional()])
    reason = LongText(
        __("Pourquoi ?"), validators=[at_most(1000)],
        description=__("Vide : la raison du choix ci-dessus sera écrite. L’équipe la lira."),
    )  # fmt: skip

    def offer(self, scheme: str) -> None:
        """The dividing lines that lead out of ``scheme``, by where they lead."""
        known = demarcation.from_scheme(scheme)
        self.better.choices = {_("Sans proposition"): options([("", _("Je ne sais pas"))])} | {
            say(title): options((one.slug, say(one.name)) for one in known if one.fits == place)
            for place, title in demarcation.PLACES.items()
            if any(one.fits == place for one in known)
        }

    def validate_reason(self, field: LongText) -> None:
        if not field.data and not self.better.data:
            raise ValidationError(_("Dites pourquoi, ou choisissez ce qui conviendrait mieux."))


class PlaceWordForm(ReasonForm):
    """An officer's word on a place near the limit."""

    is_accepted = RadioField(
        __("Le lieu convient-il ?"), validators=[required()],
        choices=options([("yes", __("Oui, le projet peut se faire ici")), ("no", __("Non, le lieu ne convient pas"))]),
    )  # fmt: skip


class HideForm(Form):
    """What is hidden, and why."""

    part = RadioField(__("Que masquez-vous ?"), validators=[required()])
    reason = LongText(__("Pourquoi ?"), validators=[required(), at_most(1000)], description=__("L’équipe la lira."))


class HiddenWordsForm(Form):
    """A word on something that is hidden: the team’s answer, or why it is shown again."""

    hiding = NumberField(validators=[optional()])
    words = LongText(__("En une phrase"), validators=[required(), at_most(1000)])


class NewsForm(OnceForm):
    """What happened since last time."""

    text = LongText(__("Les nouvelles"), validators=[required(), at_most(2000)])
    photo = FileField(
        __("Une photo"),
        description=__(
            "Sans personne reconnaissable, sauf accord écrit. Le lieu et la date cachés dans le fichier sont retirés."
        ),
    )
    caption = TextField(__("Ce que montre la photo"), validators=[at_most(SHORT)])


def questions_form(args: Any) -> Form:
    """The four questions, answered by the address, so that the answer can be shared."""

    class Questions(Form):
        class Meta:
            csrf = False

    for question in QUESTIONS:
        choices = options((value, say(words)) for value, words in question.answers)
        setattr(Questions, question.name, RadioField(say(question.label), choices=choices, validators=[required()]))
    return Questions(args)
