"""What the commune fills in after the vote: its act, on one project or on a whole campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectField

from citizen.ftu.models import FtuProject
from citizen.ftu.validation import KINDS, Act, Choice
from citizen.projects.forms import LongText
from citizen.projects.steps import S
from citizen.web.forms import SHORT, DayField, EurosField, Form, TextField, at_most, optional, options, required

REASON = 1_000


class ActForm(Form):
    """The commune's act."""

    kind = SelectField(__("Quel acte ?"), choices=options((code, __(words)) for code, words in KINDS.items()))
    reference = TextField(
        __("Référence de l’acte"), validators=[required(), at_most(SHORT)], description=__("Par exemple : n° 2027-45.")
    )
    acted_on = DayField(__("Jour de l’acte"), validators=[required()])
    budget_line = TextField(
        __("Ligne du budget"), validators=[at_most(SHORT)], description=__("Par exemple : chapitre 21, article 2128.")
    )

    def act(self) -> Act:
        return Act(self.kind.data, self.reference.data or "", self.acted_on.data, self.budget_line.data or "")


class ValidationForm(ActForm):
    """The act on one project."""

    decision = RadioField(
        __("Que décide la commune ?"), validators=[required()],
        choices=options([("grant", __("Valider et financer les travaux")), ("reject", __("Ne pas valider"))]),
    )  # fmt: skip
    amount = EurosField(__("Montant financé"), validators=[optional()])
    reason = LongText(__("Pourquoi ?"), validators=[required(), at_most(REASON)], description=__("Publié avec la décision."))

    def choice(self, project_id: int) -> Choice:
        return Choice(project_id, self.decision.data, self.reason.data or "", self.amount.data)


def list_form(projects: Sequence[FtuProject], **kept: Any) -> Any:
    """The act on a campaign's list: for each project what is decided, how much, and why."""
    fields: dict[str, Any] = {}
    for project in projects:
        is_retained = project.state == S.SELECTED
        offered = [("", _("Plus tard")), ("grant", _("Valider") if is_retained else _("Reprendre et valider"))]
        offered += [("reject", _("Ne pas valider"))] if is_retained else []
        title = {"title": project.title}
        fields |= {
            f"action_{project.id}": SelectField(_("La décision : %(title)s", **title), choices=options(offered)),
            f"amount_{project.id}": EurosField(
                _("Montant financé : %(title)s", **title), validators=[optional()], default=project.studied_cost_cents
            ),
            f"reason_{project.id}": TextField(_("Pourquoi : %(title)s", **title), validators=[at_most(REASON)]),
        }
    return type("ListForm", (ActForm,), fields)(**kept)


def choices(form: Mapping[str, Any], projects: Sequence[FtuProject]) -> list[Choice]:
    """What was decided, of those that do not wait."""
    return [
        Choice(one.id, action, form[f"reason_{one.id}"].data or "", form[f"amount_{one.id}"].data)
        for one in projects
        if (action := form[f"action_{one.id}"].data)
    ]
