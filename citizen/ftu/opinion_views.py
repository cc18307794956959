"""Pages of the opinions: ask a service or an owner, and answer by the mailed link, without an account."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.ftu import idea_forms, letters, opinions
from citizen.ftu.idea_models import Opinion
from citizen.ftu.views import PROJECT, seen_works
from citizen.kernel.access import Role
from citizen.kernel.words import N_
from citizen.projects.views import act_page
from citizen.web.access import current_actor, duty, public, signed_in
from citizen.web.filters import say
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("opinions", __name__)
OWNER = N_("Le propriétaire du lieu")


@pages.route(f"/ftu/{PROJECT}/proprietaire", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per hour", methods=["POST"], error_message=SLOW_DOWN)
def ask_owner(project_id: int) -> Any:
    """The owner is asked by a letter."""
    return _ask(project_id, "owner", idea_forms.AskForm(due_on=_usual_day(project_id)))


@pages.route(f"/ftu/{PROJECT}/avis", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def ask_service(project_id: int) -> Any:
    """A service of the commune is asked by a letter."""
    form = idea_forms.AskServiceForm(due_on=_usual_day(project_id))
    names = [(name, say(name)) for name in seen_works(project_id).terms.services]
    form.name.choices = options([*names, (OWNER, say(OWNER))])
    return _ask(project_id, "service", form)


def _usual_day(project_id: int) -> Any:
    return clock.today() + timedelta(days=seen_works(project_id).terms.opinion_days)


def _ask(project_id: int, kind: str, form: Any) -> Any:
    def act(form: Any) -> Opinion:
        return opinions.ask(
            current_actor(), project_id, kind="owner" if form.name.data == OWNER else kind, name=form.name.data, email=form.email.data, due_on=form.due_on.data,
            words=form.words.data,
        )  # fmt: skip

    return act_page(project_id, f"ask_{kind}", form, f"ftu/ask_{kind}.html", act)


@pages.post(f"/ftu/{PROJECT}/avis/<int(max=2147483647):opinion_id>/annuler")
@signed_in
def cancel(project_id: int, opinion_id: int) -> Any:
    """The link that was mailed serves no more."""
    seen_works(project_id)
    opinions.cancel(current_actor(), project_id, opinion_id)
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.route("/ftu/avis/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def answer(token: str) -> Any:
    """What the holder of the link is asked; once answered, what was answered."""
    number = letters.number_of(token)
    asked = db.session.get(Opinion, number) if number else None
    if asked is None:
        abort(404)
    form: Any = idea_forms.OpinionForm()
    form.offer_verdicts(asked.kind)
    if form.submit_to(
        lambda: opinions.answer(asked.id, verdict=form.verdict.data, reason=form.reason.data, signature=form.signature.data)
    ):
        flash(_("Merci : votre réponse est enregistrée."), "success")
        return redirect(url_for("opinions.answer", token=token), 303)
    asked = db.session.get_one(Opinion, number)
    is_open = asked.is_open(clock.today())
    status = 422 if form.errors else 200 if is_open or asked.answered_at else 410
    return render_template("ftu/opinion.html", asked=asked, project=asked.project, form=form, is_open=is_open), status
