"""One's organisations: those one is in, a new one, its members, an invitation."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from citizen.kernel.access import Role
from citizen.people import links, queries, rules
from citizen.people import organisations as service
from citizen.people.forms import InviteForm, OrganisationForm, PresentForm, RenameForm
from citizen.people.models import Organisation
from citizen.people.pages import ORGANISATION, Answer, dead_link, pages, shown
from citizen.web.access import current_actor, signed_in
from citizen.web.security import SLOW_DOWN, limiter


@pages.get("/organisations")
@signed_in
def organisations() -> str:
    mine = queries.organisations_of(current_actor().person_id)
    return render_template("people/organisations.html", organisations=mine, kinds=rules.KINDS)


@pages.route("/organisations/nouvelle", methods=["GET", "POST"])
@signed_in
def organisation_new() -> Answer:
    form = OrganisationForm()
    values = {"rna": form.rna.data, "siret": form.siret.data}
    created = form.submit_to(service.create, current_actor(), form.kind.data, form.name.data, **values)
    if created:
        return redirect(url_for("people.organisation", organisation_id=created.id), 303)
    return shown("people/organisation_new.html", form)


@pages.get(f"/organisations/{ORGANISATION}")
@signed_in
def organisation(organisation_id: int) -> str:
    return render_template("people/organisation.html", organisation=_mine(organisation_id), kinds=rules.KINDS)


@pages.route(f"/organisations/{ORGANISATION}/nom", methods=["GET", "POST"])
@signed_in
def organisation_rename(organisation_id: int) -> Answer:
    organisation = _mine(organisation_id)
    form: Any = (RenameForm if organisation.kind == rules.Kind.GROUP else PresentForm)(obj=organisation)
    if form.done(lambda: service.rename(current_actor(), organisation_id, **_told(form))):
        return redirect(url_for("people.organisation", organisation_id=organisation_id), 303)
    return shown("people/organisation_rename.html", form, organisation=organisation)


@pages.route(f"/organisations/{ORGANISATION}/invitations", methods=["GET", "POST"])
@signed_in
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
def organisation_invite(organisation_id: int) -> Answer:
    organisation = _mine(organisation_id)
    form = InviteForm()
    if form.done(service.invite, current_actor(), organisation_id, form.email.data):
        flash(_("Si cette adresse a un compte, l’invitation part."), "success")
        return redirect(url_for("people.organisation", organisation_id=organisation_id), 303)
    return shown("people/organisation_invite.html", form, organisation=organisation)


@pages.post(f"/organisations/{ORGANISATION}/depart")
@signed_in
def organisation_leave(organisation_id: int) -> Response:
    _mine(organisation_id)
    service.leave(current_actor(), organisation_id)
    flash(_("Vous n’en êtes plus membre."), "success")
    return redirect(url_for("people.organisations"), 303)


@pages.route(f"/organisations/{ORGANISATION}/invitation/<token>", methods=["GET", "POST"])
@signed_in
def invitation(organisation_id: int, token: str) -> Answer:
    """Only who was invited may look; opening the page does not accept."""
    link = queries.open_link(token, links.invitation(organisation_id))
    if link is None or link.person_id != current_actor().person_id:
        return dead_link()
    if request.method == "GET":
        return render_template("people/invitation.html", organisation=queries.organisation(organisation_id))
    service.accept(current_actor(), organisation_id, token)
    return redirect(url_for("people.organisation", organisation_id=organisation_id), 303)


def _told(form: Any) -> dict[str, str]:
    return {name: form[name].data or "" for name in ("name", "contact") if name in form}


def _mine(organisation_id: int) -> Organisation:
    """The organisation, for its members; to anybody else it does not exist."""
    if not current_actor().holds(Role.ORGANISATION_MEMBER, service.on(organisation_id)):
        abort(404)
    return queries.organisation(organisation_id) or abort(404)
