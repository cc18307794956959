"""What a group fills in about its people, its helpers, its tasks and the points to complete."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import BooleanField, SelectField
from wtforms.validators import NumberRange

from citizen.people.forms import EmailField
from citizen.projects.forms import LongText
from citizen.projects.models import Project
from citizen.projects.steering_models import MOST_PEOPLE, YOUNG_UNDER
from citizen.projects.team_models import TEAM_ROLES, Point
from citizen.web.filters import say
from citizen.web.forms import SHORT, DayField, Form, NumberField, OnceForm, TextField, at_most, optional, options, required

NEW_POINTS = 5


def _email(label: Any, *validators: Any) -> EmailField:
    return EmailField(label, [*validators, at_most(254)], render_kw={"autocomplete": "off"})


class PersonForm(Form):
    """Somebody of the team."""

    name = TextField(__("Prénom et nom"), validators=[required(), at_most(80)])
    household = NumberField(
        __("Foyer numéro"), default=1, validators=[required(), NumberRange(1, 99, __("Un numéro entre 1 et 99."))],
        description=__("Les personnes d’un même logement ont le même numéro. Il n’est jamais publié."),
    )  # fmt: skip
    role = SelectField(__("Dans le groupe, cette personne"), default="", validators=[optional()])
    task = TextField(__("Ce que la personne fera"), validators=[at_most(SHORT)])
    is_presenter = BooleanField(__("Présentera le projet"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = options((role, say(words)) for role, words in TEAM_ROLES.items())

    @property
    def values(self) -> dict[str, Any]:
        """What is kept, by column."""
        return {
            "name": self.name.data, "household": self.household.data, "role": self.role.data or "", "task": self.task.data,
            "is_presenter": self.is_presenter.data,
        }  # fmt: skip


class PeopleForm(Form):
    """Who bears the project, in numbers; nobody is named and nobody has to answer."""

    people = NumberField(
        __("Combien de personnes portent le projet ?"),
        validators=[required(), NumberRange(1, MOST_PEOPLE, __("Un nombre entre 1 et %(max)d.", max=MOST_PEOPLE))],
    )
    women = NumberField(
        __("Combien de femmes ?"), validators=[optional(), NumberRange(0, MOST_PEOPLE, __("Un nombre, ou rien."))],
        description=__("Laissez vide si vous ne voulez pas le dire."),
    )  # fmt: skip
    young = NumberField(
        __("Combien de moins de %(age)d ans ?", age=YOUNG_UNDER),
        validators=[optional(), NumberRange(0, MOST_PEOPLE, __("Un nombre, ou rien."))],
        description=__("Laissez vide si vous ne voulez pas le dire."),
    )


class MemberForm(PersonForm, OnceForm):
    """Somebody more in the team, invited or only named."""

    email = _email(__("Son adresse e-mail, si cette personne veut écrire avec vous"), optional())


class InviteForm(Form):
    """Where the link goes."""

    email = _email(__("Adresse e-mail de la personne"), required())


class OfferForm(Form):
    """Who offers to help."""

    quality = TextField(
        __("Vous êtes…"),
        validators=[required(), at_most(SHORT)],
        description=__("Par exemple : du centre social Les Oliveaux."),
    )


class ConsentForm(Form):
    """The group's consent, in its own words."""

    words = LongText(
        __("L’accord du groupe"), validators=[required(), at_most(600)],
        description=__("Ces mots sont gardés, avec la date et votre nom. Le groupe peut retirer son accord à tout moment."),
    )  # fmt: skip


class HelperForm(ConsentForm):
    """Somebody whom the group asks to help."""

    name = TextField(__("Prénom et nom"), validators=[required(), at_most(80)])
    quality = TextField(
        __("Cette personne est…"),
        validators=[required(), at_most(SHORT)],
        description=__("Par exemple : animatrice du centre social."),
    )
    email = _email(__("Adresse e-mail de la personne"), required())


class TaskForm(OnceForm):
    """One more thing to do."""

    label = TextField(__("Quelle tâche ?"), validators=[required(), at_most(SHORT)])
    member = SelectField(__("Qui s’en charge ?"), validators=[optional()])

    def offer(self, project: Project) -> None:
        self.member.choices = options([("", _("personne encore")), *((str(one.id), one.name) for one in project.team)])


class AnswerForm(Form):
    """What the group answers to one point."""

    answer = LongText(__("Votre réponse"), validators=[at_most(1000)])
    is_done = BooleanField(__("C’est fait"))


class PointsForm(Form):
    """What is asked, point by point."""

    due_on = DayField(
        __("Répondre avant le"), validators=[optional()], description=__("Une lettre le rappelle avant cette date.")
    )


def points_form(targets: list[tuple[str, str]], answered: list[Point]) -> type[PointsForm]:
    """A form with a word for each answered point that may be taken up again, and some lines for new points."""
    fields: dict[str, Any] = {
        f"again_{point.id}": LongText(_("Redemander : %(words)s", words=point.words[:80]), validators=[at_most(1000)])
        for point in answered
    }
    for rank in range(1, NEW_POINTS + 1):
        label = _("Point %(rank)d : où dans le dossier ?", rank=rank)
        fields[f"target_{rank}"] = SelectField(label, choices=options(targets), validators=[optional()])
        fields[f"words_{rank}"] = LongText(_("Point %(rank)d : ce que vous demandez", rank=rank), validators=[at_most(1000)])
    return type("AskForm", (PointsForm,), fields)
