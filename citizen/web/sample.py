"""The form shown on /style: each kind of field, refused, so that errors are seen too."""

from typing import Self

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from citizen.web.forms import DayField, EurosField, Form, TextField, options, required


class SampleForm(Form):
    title = TextField(_l("Titre du projet"), [required()], description=_l("Une phrase courte, comme à un voisin."))
    story = TextAreaField(_l("Racontez votre idée"), [required()])
    amount = EurosField(_l("Montant demandé"), [required()])
    on = DayField(_l("Jour de l’action"))
    quarter = SelectField(_l("Quartier"), choices=options([("1", "Les Oliveaux"), ("2", "Belencontre")]))
    lead = RadioField(
        _l("Qui porte le projet ?"),
        [required()],
        choices=options([("g", _l("Un groupe d’habitants")), ("a", _l("Une association"))]),
    )
    themes = SelectMultipleField(
        _l("Thèmes"),
        choices=options([("v", _l("Vie du quartier")), ("s", _l("Santé et sport"))]),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_l("Un ou plusieurs."),
    )
    has_read = BooleanField(_l("J’ai lu les règles du fonds"), [required()])
    quote = FileField(_l("Devis ou photo"))

    @classmethod
    def refused(cls) -> Self:
        """Filled badly on purpose."""
        form = cls(
            formdata=MultiDict({"amount": "beaucoup", "on": "31/02/2027", "quarter": "1", "themes": "v"}), meta={"csrf": False}
        )
        form.validate()
        return form
