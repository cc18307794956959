"""What people fill in about an idea before it is voted: in a minute on a phone, an opinion asked and given, a cost line by line."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField
from wtforms import BooleanField, FloatField, MultipleFileField, RadioField, SelectField
from wtforms.validators import NumberRange, ValidationError

from citizen.ftu.conditions import VERDICTS
from citizen.ftu.terms import LINKS, Terms
from citizen.projects.forms import LongText
from citizen.web.filters import say
from citizen.web.forms import (
    SHORT,
    DayField,
    EurosField,
    Form,
    OnceForm,
    QuantityField,
    TextField,
    at_most,
    optional,
    options,
    required,
)

ANSWER = 1_500


class ShareForm(Form):
    """What who proposes declares."""

    link = RadioField(__("Vous et le quartier"), validators=[required()], description=__("Affiché sur la page de l’idée."))
    is_declared = BooleanField(__("Je le déclare sur l’honneur"), validators=[required()])

    def offer_links(self, terms: Terms) -> None:
        self.link.choices = options((code, say(LINKS[code])) for code in terms.proposer_links)
        self.is_declared.description = " ".join(say(words) for words in terms.proposers)


class IdeaForm(OnceForm):
    """An idea in one minute: where, what, why."""

    quarter = SelectField(__("Dans quel quartier ?"), validators=[required()])
    place = TextField(
        __("À quel endroit ?"), validators=[required(), at_most(SHORT)],
        description=__("Une adresse ou un nom que les habitants connaissent : « devant l’école », « place du Kiosque »."),
    )  # fmt: skip
    lat = FloatField(__("Latitude"), validators=[optional(), NumberRange(-90, 90, __("Entre -90 et 90."))])
    lon = FloatField(__("Longitude"), validators=[optional(), NumberRange(-180, 180, __("Entre -180 et 180."))])
    title = TextField(
        __("Votre idée, en quelques mots"), validators=[required(), at_most(100)],
        description=__("Par exemple : un banc à l’ombre."),
    )  # fmt: skip
    summary = LongText(
        __("En une phrase : à quoi cela servira-t-il ?"), validators=[required(), at_most(300)],
        description=__("N’écrivez pas de nom de personne, d’adresse privée ni de donnée de santé."),
    )  # fmt: skip

    @property
    def point(self) -> tuple[float | None, float | None]:
        """The longitude and the latitude, both or none."""
        both = (self.lon.data, self.lat.data)
        return both if None not in both else (None, None)


class SendIdeaForm(IdeaForm, ShareForm):
    """The same, with photos and what who proposes declares."""

    photos = MultipleFileField(
        __("Jusqu’à trois photos du lieu"), validators=[optional()],
        description=__("Sans personne reconnaissable. Le lieu et la date cachés dans le fichier sont retirés."),
    )  # fmt: skip

    @property
    def sent(self) -> list[Any]:
        """The photos that were really chosen."""
        return [photo for photo in self.photos.data or [] if getattr(photo, "filename", "")]


class AskForm(OnceForm):
    """An opinion asked by a mailed link."""

    name = TextField(__("Qui est le propriétaire ?"), validators=[required(), at_most(SHORT)])
    email = TextField(__("Son adresse courriel"), validators=[required(), at_most(SHORT)])
    due_on = DayField(
        __("Réponse attendue au plus tard le"), validators=[required()], description=__("Le lien ne sert plus ensuite.")
    )
    words = LongText(__("Ce que vous lui demandez"), validators=[at_most(ANSWER)])


class AskServiceForm(AskForm):
    """Of a service of the commune, among those that its rules name."""

    name = SelectField(__("Quel service ?"), validators=[required()])


class OpinionForm(Form):
    """The answer of somebody who holds the link."""

    verdict = RadioField(__("Votre réponse"), validators=[required()])
    reason = LongText(
        __("Pourquoi, et à quelles conditions ?"), validators=[at_most(ANSWER)], description=__("Publié avec l’étude.")
    )
    signature = TextField(__("Votre nom et votre fonction"), validators=[required(), at_most(SHORT)])

    def validate_reason(self, field: LongText) -> None:
        if self.verdict.data in ("conditional", "unfavourable") and not field.data:
            raise ValidationError(_("Dites pourquoi, ou à quelles conditions : l’équipe le lira."))

    def offer_verdicts(self, kind: str) -> None:
        told = ((code, one.of_owner if kind == "owner" else one.of_service) for code, one in VERDICTS.items())
        self.verdict.choices = options((code, say(words)) for code, words in told)


class CostForm(OnceForm):
    """One line of the cost: how many of what, at which price each."""

    label = TextField(
        __("Quoi ?"), validators=[required(), at_most(SHORT)],
        description=__("Un nom du barème donne son unité et ses prix."),
    )  # fmt: skip
    quantity = QuantityField(__("Combien ?"), validators=[required()])
    price = EurosField(
        __("Prix retenu pour une unité"), validators=[optional()],
        description=__("Vide : le haut de la fourchette connue."),
    )  # fmt: skip


class WalkForm(OnceForm):
    """A walk to come, or done."""

    title = TextField(
        __("Nom de la marche"), validators=[required(), at_most(SHORT)], description=__("Par exemple : marche du soir, Les Oliveaux.")
    )  # fmt: skip
    quarter = SelectField(__("Quartier"), validators=[required()])
    held_on = DayField(__("Jour"), validators=[required()])
    people = LongText(
        __("Qui marche ?"), validators=[at_most(600)],
        description=__("Sans nom de personne : « huit habitantes, deux gardiens, le service voirie »."),
    )  # fmt: skip
    organisation = SelectField(__("Pour"), validators=[optional()])


class PointForm(OnceForm):
    """What was seen, where."""

    sentence = LongText(__("Qu’avez-vous vu, en une phrase ?"), validators=[required(), at_most(400)])
    kind = RadioField(
        __("C’est plutôt…"), validators=[required()],
        choices=options([("idea", __("une idée de travaux")), ("upkeep", __("un entretien à faire"))]),
    )  # fmt: skip
    place = TextField(__("À quel endroit ?"), validators=[required(), at_most(SHORT)])
    photo = FileField(
        __("Une photo"), description=__("Sans personne reconnaissable. Le lieu caché dans le fichier est retiré.")
    )
    lat = FloatField(__("Latitude"), validators=[optional(), NumberRange(-90, 90, __("Entre -90 et 90."))])
    lon = FloatField(__("Longitude"), validators=[optional(), NumberRange(-180, 180, __("Entre -180 et 180."))])


class OfferForm(Form):
    """Who bears an idea of a walk."""

    email = TextField(
        __("Courriel de la personne à qui la proposer"), validators=[at_most(SHORT)],
        description=__("Vide : je la porte moi-même. L’adresse sert à cet envoi seulement."),
    )  # fmt: skip


class SendForm(Form):
    """The service that keeps it up."""

    service = SelectField(__("À quel service ?"), validators=[required()])
    email = TextField(
        __("Son adresse courriel"), validators=[at_most(SHORT)], description=__("Vide : il est sur la liste à imprimer.")
    )


class SettleForm(Form):
    """What the service answers."""

    answer = LongText(
        __("La réponse du service"), validators=[required(), at_most(1000)], description=__("Publiée avec la marche.")
    )
    is_done = BooleanField(__("C’est fait"))
