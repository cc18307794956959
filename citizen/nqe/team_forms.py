"""What those around a registration fill in: partners, the steering group, a commune's opinion, the Region's instruction."""

from typing import Any

from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.nqe.models import PUBLICS
from citizen.nqe.registration_models import DOCUMENT_KINDS, LEVELS, MARKS, OPINIONS, THINGS
from citizen.people.forms import EmailField
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import (
    SHORT,
    DayField,
    EurosField,
    Form,
    NumberField,
    OnceForm,
    TextField,
    at_most,
    optional,
    options,
    required,
)

PUBLIC_LABELS = dict(
    zip(
        PUBLICS,
        (__("Familles qui ne partent pas"), __("Personnes isolées"), __("Enfants"), __("Adolescents"), __("Parents et enfants ensemble"),
         __("Femmes et jeunes filles"), __("Aînés"), __("Personnes handicapées")),
        strict=True,
    )
)  # fmt: skip
EVERY = (("7", __("Chaque semaine")), ("14", __("Toutes les deux semaines")), ("1", __("Chaque jour")))


def _email(*validators: Any, label: Any = None) -> EmailField:
    return EmailField(label or __("Adresse e-mail"), [*validators, at_most(254)], render_kw={"autocomplete": "off"})


class PartnerForm(OnceForm):
    """One more partner."""

    name = TextField(__("Nom du partenaire"), validators=[required(), at_most(SHORT)])
    role = TextField(__("Ce qu’il fait dans le projet"), validators=[at_most(SHORT)])
    share = EurosField(
        __("Ce qu’il apporte, en euros"),
        validators=[optional()],
        description=__("En argent, en matériel ou en heures : une estimation."),
    )
    email = _email(optional(), label=__("Son adresse e-mail"))
    has_agreed = BooleanField(__("Nous avons sa lettre d’accord signée sur papier"))


class AskForm(Form):
    """Where the link goes."""

    email = _email(required())


class WordForm(Form):
    """Who signs an answer given by a link."""

    signed_by = TextField(
        __("Votre nom et votre fonction"), validators=[required(), at_most(SHORT)],
        description=__("La Région et l’équipe du projet les liront ; ils ne sont pas publiés."),
    )  # fmt: skip


class OpinionForm(WordForm):
    """What a commune or an intermunicipality thinks."""

    outcome = RadioField(__("Votre avis"), choices=options(OPINIONS.items()), validators=[required()])
    words = LongText(
        __("Pourquoi ?"), validators=[at_most(2000)], description=__("Nécessaire pour une réserve ou un avis défavorable.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.outcome.choices = options((code, say(words).capitalize()) for code, words in OPINIONS.items())


class AskOpinionForm(OnceForm):
    """Whose opinion the Region asks."""

    level = SelectField(__("De qui ?"), validators=[required()])
    body = TextField(__("Commune, intercommunalité ou partenaire"), validators=[required(), at_most(SHORT)])
    email = _email(required())
    due_on = DayField(__("Réponse attendue jusqu’au"), validators=[required()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.level.choices = options((code, say(words).capitalize()) for code, words in LEVELS.items())


class SteeringForm(Form):
    """The residents who steer, and whom the summer is for."""

    steering_residents = NumberField(
        __("Combien d’habitants au groupe de pilotage ?"), validators=[optional(), NumberRange(0, 500, __("Entre 0 et 500."))],
        description=__("Un nombre seulement : aucun nom n’est demandé."),
    )  # fmt: skip
    steering = LongText(
        __("Quand se réunit-il, et que décide-t-il ?"), validators=[at_most(2000)],
        description=__("Par exemple : chaque premier lundi ; il choisit les dates et les lieux."),
    )  # fmt: skip
    publics = SelectMultipleField(
        __("Pour qui, d’abord ?"), choices=options(PUBLIC_LABELS.items()), validators=[optional()], widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip
    expected_people = NumberField(
        __("Combien de personnes attendez-vous, sur tout l’été ?"),
        validators=[optional(), NumberRange(1, 1_000_000, __("Un nombre de personnes, ou rien."))],
    )


class RepeatForm(OnceForm):
    """A date that comes back."""

    every = SelectField(__("Elle revient"), choices=options(EVERY), validators=[required()])
    until = DayField(__("Jusqu’au"), validators=[required()])


class FileForm(Form):
    """A programme in a file."""

    file = FileField(__("Fichier XLSX, ODS, CSV ou ICS"), validators=[FileRequired(__("Choisissez un fichier."))])


class ThingForm(OnceForm):
    """Something to lend."""

    organisation = SelectField(__("Qui prête ?"), validators=[required()], coerce=int)
    kind = SelectField(__("Genre"), validators=[required()])
    label = TextField(__("Quoi, en quelques mots"), validators=[required(), at_most(100)])
    quantity = NumberField(__("Combien"), default=1, validators=[required(), NumberRange(1, 100_000, __("Au moins 1."))])
    place = TextField(__("Où le prendre"), validators=[required(), at_most(SHORT)])
    conditions = LongText(
        __("Conditions du prêt"), validators=[at_most(1000)], description=__("Transport, montage, assurance, à rendre propre…")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = options((code, say(words)) for code, words in THINGS.items())


class BookForm(Form):
    """So many, for a project, on some days."""

    project = SelectField(__("Pour quel projet ?"), validators=[required()], coerce=int)
    quantity = NumberField(__("Combien"), default=1, validators=[required(), NumberRange(1, 100_000, __("Au moins 1."))])
    first = DayField(__("Du"), validators=[required()])
    last = DayField(__("Au"), validators=[required()])


class GiveBackForm(Form):
    """Days that are not needed any more."""

    project = NumberField(validators=[required()])
    first = DayField(validators=[required()])
    last = DayField(validators=[required()])


class DocumentForm(OnceForm):
    """Something to download about an edition."""

    kind = SelectField(__("Qu’est-ce que c’est ?"), validators=[required()])
    title = TextField(__("Titre"), validators=[required(), at_most(100)])
    file = FileField(__("Fichier"), validators=[FileRequired(__("Choisissez un fichier."))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = options((code, say(words)) for code, words in DOCUMENT_KINDS.items())


def reading_form(grid: list[str], people: list[Any], marks: dict[str, Any], given: dict[str, Any], **values: Any) -> Any:
    """The instruction: whose the file is, one mark and some words for each line of the grid. ``form.rows``: (line, mark, words)."""

    class Instruction(Form):
        seen = HiddenField()
        officer = SelectField(__("Qui instruit ?"), validators=[optional()], coerce=lambda value: int(value) if value else None)
        words = LongText(__("Ce qu’il faut retenir"), validators=[at_most(5000)])

    offered = options((mark, say(words)) for mark, words in MARKS.items())
    for number, line in enumerate(grid):
        setattr(Instruction, f"mark_{number}", RadioField(say(line), choices=offered, validators=[optional()]))
        setattr(Instruction, f"words_{number}", LongText(__("En quelques mots"), validators=[at_most(1000)]))
        known = marks.get(line, {})
        values |= {f"mark_{number}": known.get("mark"), f"words_{number}": known.get("words", "")}
    form: Any = Instruction(data=values, **given)
    form.officer.choices = options([("", __("Personne encore")), *((one.id, one.name) for one in people)])
    form.rows = [(line, form[f"mark_{number}"], form[f"words_{number}"]) for number, line in enumerate(grid)]
    return form
