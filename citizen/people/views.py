"""Signing up, signing in and out, and the links sent by mail."""

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen.people import account_views, links, organisation_views, queries, rules, services
from citizen.people.forms import ForgottenForm, ResetForm, SignInForm, SignUpForm
from citizen.people.pages import PERSON, Answer, dead_link, enter, leave, no_sooner_than, pages, shown
from citizen.web.access import current_actor, public
from citizen.web.security import SLOW_DOWN, limiter

__all__ = ["account_views", "organisation_views", "pages"]
RESET_SECONDS = 0.1


@pages.route("/inscription", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)  # a whole workshop may sign up from one social centre
def sign_up() -> Answer:
    form = SignUpForm()
    if suite := rules.local_path(request.args.get("suite", "")):
        session["suite"] = suite  # where one comes back to, once the address is confirmed in this browser
    if form.done(services.sign_up, form.email.data, form.name.data, form.password.data):
        return redirect(url_for("people.letter_sent"), 303)
    return shown("people/sign_up.html", form)


@pages.get("/courrier-envoye")
@public
def letter_sent() -> str:
    return render_template("people/letter_sent.html")


@pages.route("/connexion", methods=["GET", "POST"])
@public
@limiter.limit("20 per 5 minutes", methods=["POST"], error_message=SLOW_DOWN)
def sign_in() -> Answer:
    form = SignInForm(suite=rules.local_path(request.args.get("suite", "")))
    token = form.submit_to(services.sign_in, form.email.data, form.password.data, is_long=form.stay.data)
    if token:
        return enter(token, is_long=form.stay.data, then=form.suite.data)
    return shown("people/sign_in.html", form, accounts=queries.demo_accounts() if _is_demo() else [])


@pages.post(f"/connexion/demonstration/{PERSON}")
@public
def sign_in_demo(person_id: int) -> Response:
    if not _is_demo():
        abort(404)
    try:
        return enter(services.sign_in_demo(person_id), then=request.form.get("suite", ""))
    except LookupError:
        abort(404)


def _is_demo() -> bool:
    return bool(current_app.config["SETTINGS"].is_demo)


@pages.post("/deconnexion")
@public
def sign_out() -> Response:
    leave()
    flash(_("Vous êtes déconnecté."), "info")
    return redirect(url_for("region.home"), 303)


@pages.route("/verifier/<token>", methods=["GET", "POST"])
@public
def verify(token: str) -> Answer:
    """Opening the page changes nothing: the mail scanners of some providers open every link."""
    if not queries.open_link(token, links.VERIFY):
        return dead_link()
    if request.method == "GET":
        return render_template("people/verify.html")
    services.verify(token)
    flash(_("Merci : votre adresse est confirmée."), "success")
    if current_actor().is_signed_in:
        return redirect(session.pop("suite", "") or url_for("projects.desk"), 303)
    return redirect(url_for("people.sign_in", suite=session.pop("suite", None)), 303)


@pages.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"], error_message=SLOW_DOWN)
def forgotten() -> Answer:
    form = ForgottenForm()
    if form.done(_request_reset, form.email.data):
        return redirect(url_for("people.letter_sent"), 303)
    return shown("people/forgotten.html", form)


def _request_reset(email: str) -> None:
    with no_sooner_than(RESET_SECONDS):
        services.request_reset(email)


@pages.route("/nouveau-mot-de-passe/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Answer:
    if not queries.open_link(token, links.RESET):
        return dead_link()
    form = ResetForm()
    if form.done(services.reset, token, form.password.data):
        leave()
        flash(_("Votre mot de passe est changé. Connectez-vous."), "success")
        return redirect(url_for("people.sign_in"), 303)
    return shown("people/reset.html", form)
