"""One's own account: name, password, sessions, data, end."""

from flask import Response as Download
from flask import flash, json, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen.people import personal_data, queries, services
from citizen.people.forms import EraseForm, NameForm, PasswordForm
from citizen.people.pages import Answer, enter, leave, pages, shown
from citizen.web.access import current_actor, signed_in


@pages.get("/mon-compte")
@signed_in
def account() -> str:
    person = queries.person(current_actor())
    return render_template("people/account.html", person=person, organisations=queries.organisations_of(person.id))


@pages.route("/mon-compte/nom", methods=["GET", "POST"])
@signed_in
def name() -> Answer:
    form = NameForm(name=current_actor().name)
    if form.done(services.change_name, current_actor(), form.name.data):
        return _done(_("Votre nom est changé."))
    return shown("people/name.html", form)


@pages.route("/mon-compte/mot-de-passe", methods=["GET", "POST"])
@signed_in
def password() -> Answer:
    form = PasswordForm()
    token = form.submit_to(services.change_password, current_actor(), form.current.data, form.password.data)
    if token:
        answer = enter(token, then=url_for("people.account"))
        flash(_("Votre mot de passe est changé. Vos autres appareils sont déconnectés."), "success")
        return answer
    return shown("people/password.html", form)


@pages.post("/mon-compte/verification")
@signed_in
def ask_verification() -> Response:
    services.ask_verification(current_actor())
    return _done(_("Un nouveau message part vers votre adresse."))


@pages.post("/mon-compte/sessions")
@signed_in
def sign_out_everywhere() -> Response:
    services.sign_out_everywhere(current_actor())
    leave()
    flash(_("Tous vos appareils sont déconnectés."), "success")
    return redirect(url_for("people.sign_in"), 303)


@pages.get("/mon-compte/donnees.json")
@signed_in
def my_data() -> Download:
    """No number in the address: each gets their own."""
    data = json.dumps(personal_data.export(current_actor()), indent=2, ensure_ascii=False)
    answer = Download(data, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@pages.route("/mon-compte/suppression", methods=["GET", "POST"])
@signed_in
def erase() -> Answer:
    form = EraseForm()
    if form.done(personal_data.erase, current_actor(), form.password.data):
        leave()
        flash(_("Votre compte est supprimé."), "success")
        return redirect(url_for("region.home"), 303)
    return shown("people/erase.html", form)


def _done(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("people.account"), 303)
