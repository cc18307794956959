"""What residents and the commune fill in about works."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel.speaklater import LazyString
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.ballots.rules import LETTERS
from citizen.ftu.conditions import FOUND, GROUPS, LANDS
from citizen.ftu.phases import LABELS, NEEDED, Days, Phase
from citizen.ftu.rules import EXITS
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import SHORT, DayField, EurosField, Form, TextField, at_most, optional, options, required

ANSWER = 1_500
YES_NO = [("yes", __("Oui")), ("no", __("Non"))]


def said_choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """The choices of a list whose words the rules keep."""
    return [(str(value), say(label)) for value, label in words.items()]


class WorksForm(Form):
    """The works, in residents' words."""

    need = LongText(__("Qu’est-ce qui ne va pas aujourd’hui ?"), validators=[at_most(ANSWER)])
    solution = LongText(__("Que faudrait-il faire ?"), validators=[at_most(ANSWER)])
    visible_change = LongText(
        __("Que verra-t-on changer, et en combien de temps ?"), validators=[at_most(ANSWER)],
        description=__("Un petit aménagement, simple, qui se voit vite."),
    )  # fmt: skip
    is_lasting = RadioField(
        __("Est-ce que cela reste en place une fois fait ?"), choices=options(YES_NO), validators=[optional()]
    )
    land = RadioField(__("À qui est le lieu ?"), validators=[optional()])
    inclusion_women = LongText(__("Qu’est-ce que cela change pour les femmes ?"), validators=[at_most(ANSWER)])
    inclusion_disabled = LongText(__("Et pour les personnes handicapées ?"), validators=[at_most(ANSWER)])
    inclusion_seniors = LongText(__("Et pour les seniors ?"), validators=[at_most(ANSWER)])
    estimate = EurosField(
        __("À votre avis, combien cela coûte-t-il ?"), validators=[optional()],
        description=__("Si vous le savez. La commune étudiera le vrai coût."),
    )  # fmt: skip

    def offer_lands(self) -> None:
        self.land.choices = options(said_choices({str(land): words for land, words in LANDS.items()}))


class StudyForm(Form):
    """What the commune's services found."""

    is_feasible = RadioField(__("Est-ce réalisable ?"), choices=options(YES_NO), validators=[required()])
    reason = LongText(
        __("Pourquoi ?"), validators=[required(), at_most(ANSWER)],
        description=__("Publié sur la page du projet. Écrivez pour les personnes qui l’ont proposé."),
    )  # fmt: skip
    cost = EurosField(
        __("Coût étudié, toutes taxes comprises"),
        validators=[optional()],
        description=__("Si c’est réalisable. Ce sera le coût du vote."),
    )
    upkeep = LongText(
        __("Qui entretiendra, et comment ?"), validators=[at_most(ANSWER)], description=__("Si c’est réalisable.")
    )
    safety = LongText(
        __("Sécurité : quels risques, quelles précautions ?"),
        validators=[at_most(ANSWER)],
        description=__("Si c’est réalisable."),
    )
    better_exit = SelectField(__("Si ce n’est pas réalisable ici, où aller ?"), validators=[optional()])
    exit_email = TextField(
        __("Courriel du service à qui transmettre l’idée"), validators=[at_most(SHORT)],
        description=__("Si ce n’est pas réalisable : il reçoit l’idée et votre raison."),
    )  # fmt: skip

    @property
    def inclusion(self) -> dict[str, tuple[str, str]]:
        """What was found for each group that is judged: a verdict and a sentence."""
        told = {group: (self[f"{group}_verdict"].data, self[f"{group}_words"].data) for group in GROUPS}
        return {group: found for group, found in told.items() if found[0]}

    def offer_exits(self) -> None:
        self.better_exit.choices = options([("", "—"), *said_choices(EXITS)])


JUDGED = {
    "women": (__("Pour les femmes, le lieu est…"), __("Ce que l’étude a trouvé pour les femmes")),
    "disabled": (
        __("Pour les personnes handicapées, le lieu est…"),
        __("Ce que l’étude a trouvé pour les personnes handicapées"),
    ),
    "seniors": (__("Pour les seniors, le lieu est…"), __("Ce que l’étude a trouvé pour les seniors")),
}
for _group, (_verdict, _words) in JUDGED.items():
    setattr(StudyForm, f"{_group}_verdict", RadioField(_verdict, choices=options(said_choices(FOUND)), validators=[optional()]))
    setattr(StudyForm, f"{_group}_words", LongText(_words, validators=[at_most(300)], description=__("En une phrase.")))


class PhaseFields:
    """The first and last day of phases: fields « study_first », « study_last »…"""

    def calendar(self) -> dict[Phase, Days]:
        """The phases that are filled in; a phase with one day only lasts that day."""
        found = {}
        for phase in Phase:
            ends = (getattr(self, f"{phase}_{end}", None) for end in ENDS)
            days = [field.data for field in ends if field is not None and field.data]
            if days:
                found[phase] = Days(days[0], days[-1])
        return found


ENDS = {"first": __("premier jour"), "last": __("dernier jour")}


def _add_days(form: type[Form], phases: Iterable[Phase]) -> None:
    for phase in phases:
        for end in ENDS:
            setattr(form, f"{phase}_{end}", DayField(LazyString(_label, phase, end), validators=[optional()]))


def _label(phase: Phase, end: str) -> str:
    return _("%(phase)s : %(end)s", phase=say(LABELS[phase]), end=ENDS[end])


class CalendarForm(PhaseFields, Form):
    """Other days for what has not begun."""

    reason = LongText(
        __("Pourquoi le calendrier change-t-il ?"), validators=[at_most(600)],
        description=__("Publié avec le calendrier, et envoyé aux personnes qui suivent un projet de la campagne."),
    )  # fmt: skip


_add_days(CalendarForm, Phase)


class CampaignForm(PhaseFields, Form):
    """A new campaign."""

    title = TextField(
        __("Nom de la campagne"),
        validators=[required(), at_most(SHORT)],
        description=__("Par exemple : Petits travaux aux Oliveaux, 2027."),
    )
    envelope = EurosField(__("Enveloppe"), validators=[required()])
    opens_on = DayField(__("Propositions : premier jour"), validators=[required()])
    closes_on = DayField(__("Propositions : dernier jour"), validators=[required()])
    vote_opens_on = DayField(
        __("Vote : premier jour"), validators=[required()], description=__("Laissez le temps d’étudier chaque proposition.")
    )
    vote_closes_on = DayField(__("Vote : dernier jour"), validators=[required()])
    perimeters = SelectMultipleField(
        __("Quartiers de la campagne"), coerce=int, validators=[optional()], option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False), description=__("Aucune case cochée : tous les quartiers de la commune."),
    )  # fmt: skip


_add_days(CampaignForm, (phase for phase in Phase if phase not in NEEDED))


class PollForm(Form):
    """The vote of a campaign; ``poll_form`` adds a field for each project."""

    opens_on = DayField(__("Premier jour du vote"), validators=[required()])
    closes_on = DayField(
        __("Dernier jour du vote"), validators=[required()], description=__("Le vote ferme à minuit, à la fin de ce jour.")
    )
    announcement = LongText(__("Ce qui est en jeu, en deux phrases"), validators=[at_most(600)])
    draw_text = TextField(
        __("Le nombre public du tirage au sort"), validators=[at_most(300)],
        description=__("Par exemple : les cinq boules du Loto du 12 juin 2027, dans l’ordre croissant, publiées sur fdj.fr."),
    )  # fmt: skip

    @property
    def letters(self) -> list[Any]:
        """The field of each project."""
        return [field for name, field in self._fields.items() if name.startswith("rival_")]

    @property
    def rivals(self) -> dict[int, str]:
        """The letter given to each project that has one."""
        return {int(field.name.removeprefix("rival_")): field.data for field in self.letters if field.data}


def poll_form(projects: Iterable[tuple[int, str]], *, has_draw: bool, **values: Any) -> Any:
    """The form of a vote on these (id, title), filled with ``values``."""
    choices = options([("", "—"), *((letter, letter) for letter in LETTERS)])
    fields: dict[str, Any] = {f"rival_{number}": SelectField(title, choices=choices, default="") for number, title in projects}
    if not has_draw:
        fields["draw_text"] = None
    return type("FilledPollForm", (PollForm,), fields)(**values)


class CountForm(Form):
    """What the count asks: the number of the draw, when one was announced."""

    draw_number = TextField(__("Le nombre sorti"), validators=[at_most(60)])


class SupposeForm(Form):
    """Another envelope on the same ballots."""

    class Meta(Form.Meta):
        csrf = False

    enveloppe = EurosField(__("Une autre enveloppe"), validators=[required()])
    regle = SelectField(__("Avec la règle"))
