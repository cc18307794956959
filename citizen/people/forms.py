"""Forms of accounts and organisations."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, TextAreaField
from wtforms.widgets import EmailInput

from citizen.people import rules
from citizen.web.forms import Form, TextField, at_most, clean, options, required

PASSWORD_HINT = _("%(min)d caractères au moins. Une petite phrase convient très bien.", min=rules.MIN_PASSWORD)


class EmailField(TextField):
    """One address; the telephone shows its @ keyboard."""

    widget = EmailInput()


def _email() -> EmailField:
    return EmailField(_("Adresse e-mail"), [required(), at_most(254)], render_kw={"autocomplete": "email"})


def _password(label: str, autocomplete: str, description: str = "") -> PasswordField:
    return PasswordField(label, [required()], description=description, render_kw={"autocomplete": autocomplete})


class SignInForm(Form):
    email = _email()
    password = _password(_("Mot de passe"), "current-password")
    stay = BooleanField(_("Rester connecté sur cet appareil"), description=_("À ne pas cocher sur un téléphone partagé."))
    suite = HiddenField()


class SignUpForm(Form):
    name = TextField(
        _("Nom affiché"), [required(), at_most(rules.MAX_NAME)],
        description=_("Il accompagne vos projets : prénom et nom, ou prénom seul."), render_kw={"autocomplete": "name"},
    )  # fmt: skip
    email = _email()
    password = _password(_("Mot de passe"), "new-password", PASSWORD_HINT)


class ForgottenForm(Form):
    email = _email()


class ResetForm(Form):
    password = _password(_("Nouveau mot de passe"), "new-password", PASSWORD_HINT)


class NameForm(Form):
    name = TextField(_("Nom affiché"), [required(), at_most(rules.MAX_NAME)], render_kw={"autocomplete": "name"})


class PasswordForm(Form):
    current = _password(_("Mot de passe actuel"), "current-password")
    password = _password(_("Nouveau mot de passe"), "new-password", PASSWORD_HINT)


class EraseForm(Form):
    password = _password(_("Mot de passe actuel"), "current-password")


def _organisation_name() -> TextField:
    kept = {"autocomplete": "organization"}
    return TextField(_("Nom de l’organisation"), [required(), at_most(rules.MAX_NAME)], render_kw=kept)


RNA_HINT = _("Pour une association : W suivi de neuf signes, sur le récépissé.")
SIRET_HINT = _("Pour une association : 14 chiffres. L’un des deux numéros suffit.")
OPEN_KINDS = options((kind.value, _(rules.KINDS[kind])) for kind in rules.OPEN_KINDS)


class OrganisationForm(Form):
    kind = RadioField(_("Vous êtes"), [required()], choices=OPEN_KINDS, default=rules.Kind.GROUP)
    name = _organisation_name()
    rna = TextField(_("Numéro RNA"), [at_most(30)], description=RNA_HINT)
    siret = TextField(_("SIRET"), [at_most(30)], description=SIRET_HINT)


class RenameForm(Form):
    name = _organisation_name()


class PresentForm(RenameForm):
    """An organisation that everybody may reach."""

    contact = TextAreaField(
        _("Comment vous joindre"), filters=[clean], validators=[at_most(rules.MAX_CONTACT)],
        description=_("Montré à tout le monde : accueil, téléphone, adresse de l’organisation. Pas ceux d’une personne."),
    )  # fmt: skip


class InviteForm(Form):
    email = EmailField(_("Adresse e-mail de la personne"), [required(), at_most(254)], render_kw={"autocomplete": "off"})
