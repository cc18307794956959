"""What a team fills in once it is done, page by page, and what a reviewer answers."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField
from wtforms.validators import NumberRange, ValidationError

from citizen.projects.forms import LongText
from citizen.projects.outturn import Row
from citizen.projects.reports import BANDS
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

BAND_LABELS = dict(
    zip(
        BANDS,
        (__("Enfants, jusqu’à 10 ans"), __("De 11 à 17 ans"), __("De 18 à 25 ans"), __("De 26 à 59 ans"), __("60 ans et plus")),
        strict=True,
    )
)
YES, NO = ("yes", __("Oui")), ("no", __("Non"))
LINE_KINDS = (
    ("expense:operating", __("Dépense : location, achat à consommer, repas, intervenant…")),
    ("expense:capital", __("Dépense : équipement ou travaux qui durent")),
    ("income:own", __("Recette : argent du groupe ou de l’association")),
    ("income:other", __("Recette : autre aide, participation, vente, don")),
)


def _count(label: Any) -> NumberField:
    """How many people; nothing is « I do not know »."""
    return NumberField(label, validators=[optional(), NumberRange(0, 1_000_000, __("Un nombre de personnes."))])


def _long(label: Any, hint: Any = "") -> LongText:
    return LongText(label, validators=[at_most(2000)], description=hint)


class WhenForm(Form):
    """The day and the place, as they really were."""

    held_on = DayField(__("Quel jour l’action a-t-elle eu lieu ?"), validators=[optional()])
    place = TextField(__("Où ?"), validators=[at_most(SHORT)])


class PeopleForm(Form):
    """Who came, as far as it was counted."""

    participants = _count(__("Combien de personnes sont venues ?"))
    from_quarter = _count(__("Dont habitants du quartier"))
    newcomers = _count(__("Dont personnes venues pour la première fois"))
    children = _count(BAND_LABELS["children"])
    teenagers = _count(BAND_LABELS["teenagers"])
    young = _count(BAND_LABELS["young"])
    adults = _count(BAND_LABELS["adults"])
    seniors = _count(BAND_LABELS["seniors"])
    women = _count(__("Dont femmes et filles, si vous avez compté"))
    volunteers = _count(__("Combien de bénévoles ont aidé ?"))


class StoryForm(Form):
    """What happened, in the team's words."""

    story = LongText(__("Qu’avez-vous fait, et qu’est-ce qui a marché ?"), validators=[at_most(LONG)])
    obstacles = _long(__("Qu’est-ce qui n’a pas marché ?"))
    learnt = _long(__("Qu’est-ce que le groupe a appris ?"))
    differently = _long(__("Que feriez-vous autrement ?"))
    will_go_on = RadioField(
        __("Avez-vous envie de continuer ?"),
        validators=[optional()],
        choices=options([YES, NO, ("", __("Nous ne savons pas"))]),
    )
    paperwork_minutes = NumberField(
        __("Combien de minutes les papiers vous ont-ils pris ?"),
        validators=[optional(), NumberRange(0, 100_000, __("Un nombre de minutes."))],
        description=__("En tout : dossier, devis, bilan. Vous pouvez laisser vide. Cela sert à simplifier."),
    )


class LineForm(Form):
    """One more expense or income."""

    kind = RadioField(__("Qu’est-ce que c’est ?"), choices=options(LINE_KINDS), validators=[required()])
    label = TextField(__("Pour quoi ?"), validators=[required(), at_most(SHORT)])
    amount = EurosField(__("Montant"), validators=[required()])


class ReceiptForm(Form):
    """A ticket: straight from the camera, or a file."""

    photo = FileField(__("Prendre le ticket en photo"))
    file = FileField(__("Ou choisir un fichier"), description=__("Une facture en PDF, ou une photo déjà prise."))

    def validate_file(self, _field: FileField) -> None:
        if not (self.photo.data or self.file.data):
            raise ValidationError(_("Prenez une photo ou choisissez un fichier."))

    @property
    def chosen(self) -> Any:
        return self.photo.data or self.file.data


class PictureForm(Form):
    """A picture, and the consent of who can be recognised on it."""

    file = FileField(__("La photo"), description=__("Le lieu et la date cachés dans le fichier sont retirés."))
    caption = TextField(
        __("Ce que montre la photo"),
        validators=[required(), at_most(SHORT)],
        description=__("N’écrivez pas de nom de personne."),
    )
    shows_people = RadioField(__("Peut-on reconnaître quelqu’un ?"), choices=options([NO, YES]), validators=[required()])
    has_consent = BooleanField(__("Chaque personne reconnaissable (ou ses parents) a signé son accord"))
    consent_kept_by = TextField(
        __("Qui garde les accords signés ?"),
        validators=[at_most(SHORT)],
        description=__("Jamais publié. Par exemple : le centre social."),
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_("Choisissez un fichier."))


class SetAsideForm(Form):
    """Why an expense is not eligible."""

    reason = LongText(__("Pourquoi cette dépense n’est-elle pas prise en compte ?"), validators=[required(), at_most(1000)])


class WithoutForm(Form):
    """A file closed although no report came."""

    reason = LongText(__("Pourquoi ? L’équipe lira cette phrase."), validators=[required(), at_most(1000)])
    proven = EurosField(
        __("Dépenses prouvées malgré tout"), validators=[optional()],
        description=__("Les tickets ou factures que vous avez reçus. Vide : rien n’est prouvé."),
    )  # fmt: skip


def spending_form(rows: Sequence[Row]) -> Form:
    """One amount for each line of the account, named by its key."""
    fields = {row.key: EurosField(row.account.label, validators=[optional()]) for row in rows}
    form: Any = type("SpendingForm", (Form,), fields)
    return form(data={row.key: row.account.spent for row in rows})


def points_form(pages: Sequence[tuple[str, str]]) -> Form:
    """What is to be seen again, page by page of the report."""
    fields = {_name(page): LongText(label, validators=[at_most(500)]) for page, label in pages}
    form: Any = type("PointsForm", (Form,), fields)
    return form()


def points_of(form: Any, pages: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The answers of ``points_form``, by page."""
    return {page: form[_name(page)].data or "" for page, _label in pages}


def _name(page: str) -> str:
    return page.replace(".", "_")
