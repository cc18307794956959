"""Pages after the vote: the commune's act, on one project or on a whole list."""

import hashlib
from dataclasses import astuple
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.committees.pages import refused
from citizen.ftu import milestones, polling, queries, showing, validation, works, works_forms
from citizen.ftu.models import FtuProject
from citizen.ftu.review import results_of
from citizen.ftu.validation import Choice
from citizen.ftu.views import CAMPAIGN, PROJECT, known_campaign, seen_works
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.projects import services as projects
from citizen.web.access import current_actor, duty, public
from citizen.web.forms import Form
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("works", __name__)
pages.add_app_template_global(validation.act_of, "works_act")
pages.add_app_template_global(validation.departure, "departure")
pages.add_app_template_global(showing.journey, "works_journey")
pages.add_app_template_global(showing.money, "works_money")
pages.add_app_template_global(works.photos_of, "works_photos")
pages.add_app_template_global(works.moves_of, "works_moves")
pages.add_app_template_global(polling.uses_of, "works_uses")
pages.add_app_template_global(showing.use_words, "use_words")
pages.add_app_template_global(lambda campaign: queries.terms_of(campaign).committee_role != "decides", "has_vote")


@pages.route(f"/ftu/{PROJECT}/valider", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def validate(project_id: int) -> Any:
    """The commune's act after the vote."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "grant")
    form = works_forms.ValidationForm(amount=project.studied_cost_cents, acted_on=clock.today())
    status = 200
    if form.is_posted:
        said = _("La décision est publiée : l’équipe est prévenue.")
        status = refused(form, lambda: validation.decide(current_actor(), form.choice(project_id), form.act()), said)
        if not status:
            return redirect(url_for("projects.show", project_id=project_id), 303)
    project = seen_works(project_id)
    return render_template(
        "ftu/validate.html", project=project, form=form, result=results_of([project_id]).get(project_id),
    ), status  # fmt: skip


@pages.route(f"/ftu/campagnes/{CAMPAIGN}/valider", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def validate_all(campaign_id: int) -> Any:
    """One act for a campaign's list: what it will do is shown before it is done."""
    campaign = known_campaign(campaign_id)
    funds.require_keeper(current_actor(), campaign.fund)
    listed = validation.to_decide(campaign)
    form, status, preview = works_forms.list_form(listed, acted_on=clock.today()), 200, None
    if form.is_posted:
        chosen = works_forms.choices(form, listed)
        seal = _seal(chosen, form)
        is_trial = request.form.get("confirm") != seal
        left: list[int] = []

        def act() -> None:
            left.append(validation.decide_all(current_actor(), campaign_id, chosen, form.act(), is_trial=is_trial))

        status = refused(form, act, "" if is_trial else _("Les décisions sont publiées : les équipes sont prévenues."))
        if not status and not is_trial:
            return redirect(url_for("ftu.campaign", campaign_id=campaign_id), 303)
        campaign = known_campaign(campaign_id)
        listed = validation.to_decide(campaign)
        preview = None if status else _preview(listed, chosen, seal, left[0])
    return render_template(
        "ftu/validate_all.html", campaign=campaign, projects=listed, form=form, preview=preview,
        results=results_of([one.id for one in listed]),
    ), status or 200  # fmt: skip


def _seal(chosen: list[Choice], form: works_forms.ActForm) -> str:
    """A fingerprint of what was seen: other choices are shown again before they are done."""
    told = [astuple(one) for one in chosen], form.kind.data, form.reference.data, form.acted_on.data, form.budget_line.data
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _preview(listed: Any, chosen: list[Choice], seal: str, left: int) -> dict[str, Any]:
    """What will happen: each project with its decision and what it departs from, what is left."""
    known: dict[int, FtuProject] = {one.id: one for one in listed}
    lines = [
        {
            "project": known[one.project_id], "choice": one,
            "departure": validation.departure(validation.departs_from(known[one.project_id], one.action), one.action),
        }
        for one in chosen
    ]  # fmt: skip
    total = sum(one.amount_cents or 0 for one in chosen if one.action == "grant")
    return {"lines": lines, "seal": seal, "left": left, "total": total}


@pages.route(f"/ftu/{PROJECT}/chantier", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def follow(project_id: int) -> Any:
    """Where the works stand, for the commune to tell."""
    _judged(project_id)
    form = works_forms.follow_form(works.milestones_of(project_id))
    if form.done(lambda: works.follow(current_actor(), project_id, works_forms.told(form))):
        flash(_("C’est publié. Les personnes qui suivent recevront une lettre par jour, quoi qu’il ait bougé."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return _page("ftu/follow.html", project_id, form, stages=milestones.KINDS, photos=works.photos_of(project_id))


@pages.route(f"/ftu/{PROJECT}/argent", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def account(project_id: int) -> Any:
    """The Region's share and the real cost."""
    most, kept = works.most_asked(_judged(project_id)), works.money_of(project_id)
    names = {"asked": "asked_cents", "agreed": "agreed_cents", "real": "real_cents"}
    known = {field: getattr(kept, name, None) for field, name in names.items()}
    form = works_forms.MoneyForm(obj=kept, **known)
    if form.done(lambda: works.account(current_actor(), project_id, form.money())):
        flash(_("L’argent des travaux est à jour."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return _page("ftu/account.html", project_id, form, most=most)


@pages.route(f"/ftu/{PROJECT}/photos", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def photograph(project_id: int) -> Any:
    """A spot before the works."""
    _judged(project_id)
    form = works_forms.SpotForm()
    if form.done(lambda: works.photograph(current_actor(), project_id, spot=form.spot.data, prepared=form.prepared())):
        flash(_("La photo est gardée : reprenez-la du même endroit après les travaux."), "success")
        return redirect(url_for("works.follow", project_id=project_id), 303)
    return _page("ftu/photograph.html", project_id, form, shown=None)


@pages.route(f"/ftu/{PROJECT}/photos/<int(max=2147483647):photo_id>", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def photograph_again(project_id: int, photo_id: int) -> Any:
    """The same spot after the works, with the picture to take again before one's eyes."""
    _judged(project_id)
    if photo_id not in {one.id for one in works.photos_of(project_id)}:
        abort(404)
    form = works_forms.AgainForm()
    if form.done(lambda: works.photograph_again(current_actor(), photo_id, form.prepared())):
        flash(_("Avant et après sont côte à côte sur la page du projet."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    shown = next(one for one in works.photos_of(project_id) if one.id == photo_id)
    return _page("ftu/photograph.html", project_id, form, shown=shown)


@pages.route(f"/ftu/{PROJECT}/usage", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def use(project_id: int) -> Any:
    """What was answered on the use of the place, and the commune's reply."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "answer_use")
    form = works_forms.ReplyForm()
    if form.done(lambda: polling.reply(current_actor(), project_id, text=form.text.data)):
        flash(_("La réponse est publiée et le sondage est clos."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    project = seen_works(project_id)
    return _page("ftu/use.html", project_id, form, uses=polling.uses_of(project))


@pages.route("/ftu/usage/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def answer(token: str) -> Any:
    """Three questions, once, without a name."""
    form = works_forms.UseForm()
    values = {name: form[name].data or "" for name in ("used", "works", "mend")}
    if form.done(lambda: polling.answer(token, **values)):
        return render_template("ftu/answered.html"), 200
    poll = polling.poll_of(token)
    if poll is None:
        return render_template("ftu/answered.html", is_over=True), 409 if form.is_posted else 410
    return render_template("ftu/answer_use.html", poll=poll, form=form), 422 if form.is_posted else 200


def _judged(project_id: int) -> FtuProject:
    """The works, when the visitor tells of them."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "follow_works")
    return project


def _page(template: str, project_id: int, form: Form, **values: Any) -> Any:
    return render_template(template, project=seen_works(project_id), form=form, **values), 422 if form.is_posted else 200
