"""What the commune fills in after the vote: its act, on one project or on a whole campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField

from citizen.files.services import Prepared, prepare
from citizen.ftu.milestones import KINDS as STAGES
from citizen.ftu.milestones import USED, WORKS
from citizen.ftu.models import FtuProject
from citizen.ftu.validation import KINDS, Act, Choice
from citizen.ftu.works import Money, Told
from citizen.ftu.works_models import Milestone
from citizen.projects.forms import LongText
from citizen.projects.steps import S
from citizen.web.filters import say
from citizen.web.forms import SHORT, DayField, EurosField, Form, OnceForm, TextField, at_most, optional, options, required

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


def follow_form(kept: Mapping[str, Milestone]) -> Any:
    """Where the works stand: for each milestone its days, who is responsible, why it is late."""
    fields: dict[str, Any] = {}
    for code, kind in STAGES.items():
        one, label = kept.get(code), say(kind.label)
        fields |= {
            f"planned_{code}": DayField(_("Prévu le (%(label)s)", label=label), validators=[optional()], default=one and one.planned_on),
            f"done_{code}": DayField(_("Fait le (%(label)s)", label=label), validators=[optional()], default=one and one.done_on),
            f"responsible_{code}": TextField(
                _("Qui s’en charge (%(label)s)", label=label), validators=[at_most(SHORT)], default=one.responsible if one else "",
                description=_("Un service ou une entreprise, jamais le nom d’une personne."),
            ),
            f"cause_{code}": TextField(
                _("Si c’est plus tard que promis, pourquoi (%(label)s)", label=label), validators=[at_most(REASON)],
                default=one.cause if one else "",
            ),
        }  # fmt: skip
        if kind.has_reservations:
            fields[f"reservations_{code}"] = TextField(
                _("Réserves (%(label)s)", label=label), validators=[at_most(REASON)], default=one.reservations if one else "",
                description=_("Ce qui reste à reprendre. Vide : sans réserve."),
            )  # fmt: skip
    return type("FollowForm", (Form,), fields)()


def told(form: Any) -> dict[str, Told]:
    """What was said of each milestone."""
    return {
        code: Told(
            planned_on=form[f"planned_{code}"].data, done_on=form[f"done_{code}"].data,
            responsible=form[f"responsible_{code}"].data or "", cause=form[f"cause_{code}"].data or "",
            reservations=(form[f"reservations_{code}"].data or "") if kind.has_reservations else "",
        )
        for code, kind in STAGES.items()
    }  # fmt: skip


class MoneyForm(Form):
    """The Region's share, and what the works really cost."""

    asked = EurosField(__("Montant demandé à la Région"), validators=[optional()])
    asked_on = DayField(__("Demandé le"), validators=[optional()])
    agreed = EurosField(
        __("Montant accordé par la Région"),
        validators=[optional()],
        description=__("Vide : pas encore de réponse. 0 : refusé."),
    )
    answered_on = DayField(__("Répondu le"), validators=[optional()])
    reference = TextField(__("Référence de la réponse"), validators=[at_most(SHORT)])
    real = EurosField(
        __("Coût réel des travaux"), validators=[optional()],
        description=__("Une fois les factures reçues. Ce qui n’est pas dépensé retourne dans l’enveloppe quand le projet se termine."),
    )  # fmt: skip

    def money(self) -> Money:
        return Money(
            asked_cents=self.asked.data, asked_on=self.asked_on.data, agreed_cents=self.agreed.data,
            answered_on=self.answered_on.data, reference=self.reference.data or "", real_cents=self.real.data,
        )  # fmt: skip


PHOTO = [FileRequired(__("Choisissez une photo."))]


class AgainForm(Form):
    """The same spot after the works."""

    photo = FileField(__("La photo, sans personne reconnaissable"), validators=PHOTO)

    def prepared(self) -> Prepared:
        """The picture, judged and cleaned: it takes a while, not while others wait."""
        return prepare(self.photo.data.stream, self.photo.data.filename, images_only=True)


class SpotForm(AgainForm, OnceForm):
    """A spot before the works."""

    spot = TextField(
        __("Quel endroit ?"), validators=[required(), at_most(SHORT)],
        description=__("Par exemple : depuis l’entrée du square. On reprendra la photo du même endroit après les travaux."),
    )  # fmt: skip


class UseForm(Form):
    """How the place is used."""

    used = RadioField(
        __("Utilisez-vous ce lieu ?"),
        validators=[required()],
        choices=options((code, __(words)) for code, words in USED.items()),
    )
    works = RadioField(
        __("Est-ce que cela marche bien ?"), validators=[required()],
        choices=options((code, __(words)) for code, words in WORKS.items()),
    )  # fmt: skip
    mend = LongText(
        __("Que faudrait-il réparer ou changer ?"), validators=[at_most(REASON)],
        description=__("Seule la commune le lit. N’écrivez aucun nom."),
    )  # fmt: skip


class ReplyForm(Form):
    """What the commune does with the answers."""

    text = LongText(
        __("La réponse de la commune"), validators=[required(), at_most(REASON)],
        description=__("Publiée, et envoyée aux personnes qui suivent. Le sondage se ferme."),
    )  # fmt: skip
