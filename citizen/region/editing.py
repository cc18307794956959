"""The Region's screens of what it shows: what may be published, the checklist, withdrawals, who else may, collections."""

from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from citizen import clock
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import REGION, Role
from citizen.kernel.lifecycle import Forbidden
from citizen.projects import listing, outturn
from citizen.projects.models import Project
from citizen.projects.views import ID, seen_project
from citizen.region import hive, queries
from citizen.region import listing as shown
from citizen.region.hive_forms import CollectionForm, MonthForm, PublishForm, WithdrawForm
from citizen.region.hive_models import Collection, Publication
from citizen.region.views import pages
from citizen.web.access import current_actor, duty, signed_in
from citizen.web.forms import Form, clean, options
from citizen.web.paging import Page, asked_number

COLLECTION = "/region/collections/<int(max=2147483647):collection_id>"


def _mine() -> ColumnElement[bool]:
    mine = shown.in_charge_of(current_actor())
    if mine is None:
        raise Forbidden("publish")
    return mine


@pages.get("/publications")
@signed_in
def publications() -> str:
    """What could be published, what is, what was taken back; of the whole region, or of the funds that one keeps."""
    standing = request.args.get("etat", "")
    standing = standing if standing in shown.STANDINGS else shown.STANDINGS[0]
    words, number, mine = clean(request.args.get("q"))[:200], asked_number(), _mine()
    found, total = listing.page_of(shown.to_publish(standing, mine) & listing.matching(words), number)
    counts = {one: listing.count(shown.to_publish(one, mine)) for one in shown.STANDINGS}
    page = Page(found, number, listing.PER_PAGE, total)
    return render_template("region/publications.html", page=page, standing=standing, counts=counts, words=words)


def _publishable(project_id: int) -> Project:
    """The project, for who may publish it: supported and public, or published once."""
    project = seen_project(project_id)
    if not queries.may_publish(current_actor(), project):
        raise Forbidden("publish")
    if not project.where_it_stands.is_supported and not shown.publications_of(project_id):
        abort(404)
    return project


def _page(project: Project, form: Form | None = None, *, refused: Form | None = None) -> tuple[str, int]:
    """The checklist, and what was published before."""
    history = shown.publications_of(project.id)
    publication = next((one for one in history if one.withdrawn_at is None), None)
    pictures = outturn.public_pictures(project)
    is_region = current_actor().holds(Role.REGION_OFFICER, REGION)
    month = refused if isinstance(refused, MonthForm) else _month_form(project)
    return render_template(
        "region/publish.html", project=project, form=form or _form(project, publication), publication=publication, history=history,
        pictures=pictures, withdrawing=refused if isinstance(refused, WithdrawForm) else WithdrawForm(formdata=None), failed=refused,
        month=month if is_region and publication and pictures else None,
    ), 422 if form or refused else 200  # fmt: skip


def _form(project: Project, publication: Publication | None) -> PublishForm:
    """Filled with what is shown, else with what the team wrote."""
    report = project.report if outturn.is_published(project) else None
    known: dict[str, Any] = {"summary": project.summary}
    if report:
        known |= {"story": report.story, "differently": report.differently}
    if publication:
        known |= {name: getattr(publication, name) for name in ("summary", "story", "differently", "cover_id", "cover_words")}
    form = PublishForm(data={name: value for name, value in known.items() if value is not None})
    form.offer(outturn.public_pictures(project), _("Aucune image"))
    return form


def _month_form(project: Project, *, is_posted: bool = False) -> MonthForm:
    form: Any = MonthForm() if is_posted else MonthForm(formdata=None)
    form.picture.choices = options((one.id, one.caption or one.document.name) for one in outturn.public_pictures(project))
    today = clock.today()
    numbers = range(today.year * 12 + today.month - 2, today.year * 12 + today.month + 1)  # months since year 0
    months = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    form.month.choices = options((one.isoformat(), format_date(one, "MMMM y")) for one in months)
    return form


@pages.route(f"/publications/{ID}", methods=["GET", "POST"])
@signed_in
def publish(project_id: int) -> Any:
    """The checklist: what lacks is told beside its field, and nothing is shown before all of it is answered."""
    project = _publishable(project_id)
    publication = queries.open_publication(project_id)
    form = _form(project, publication)
    act = hive.reread if publication else hive.publish
    if form.done(lambda: act(current_actor(), project_id, hive.Sheet(**form.answers))):
        flash(_("C’est publié : tout le monde le voit dans les initiatives soutenues."), "success")
        return redirect(url_for("region.story", project_id=project_id), 303)
    return _page(project, form if form.is_posted else None)


@pages.post(f"/publications/{ID}/retirer")
@signed_in
def withdraw(project_id: int) -> Any:
    project, form = _publishable(project_id), WithdrawForm()
    if form.done(lambda: hive.withdraw(current_actor(), project_id, form.reason.data or "")):
        flash(_("C’est retiré de partout. La raison reste dans l’historique."), "success")
        return redirect(url_for("region.publish", project_id=project_id), 303)
    return _page(project, refused=form)


@pages.post(f"/publications/{ID}/image-du-mois")
@duty(Role.REGION_OFFICER)
def month_picture(project_id: int) -> Any:
    project = _publishable(project_id)
    form: Any = _month_form(project, is_posted=True)
    values = form.picture, form.month, form.credit, form.words

    def choose() -> None:
        picture, month, credit, words = (one.data for one in values)
        hive.choose_picture(current_actor(), project_id, picture, month, credit=credit, words=words)

    if form.done(choose):
        flash(_("C’est l’image du mois : elle ouvre la page des initiatives."), "success")
        return redirect(url_for("region.gallery"), 303)
    return _page(project, refused=form)


@pages.get("/region/delegations")
@duty(Role.REGION_OFFICER)
def delegations() -> str:
    """The funds whose keepers may publish."""
    return render_template("region/delegations.html", funds=shown.funds_and_delegations())


@pages.post("/region/delegations/<int(max=2147483647):fund_id>")
@duty(Role.REGION_OFFICER)
def delegate(fund_id: int) -> Response:
    fund = db.session.get(Fund, fund_id) or abort(404)
    hive.delegate(current_actor(), fund.id, is_given=request.form.get("donne") == "oui")
    flash(_("C’est enregistré."), "success")
    return redirect(url_for("region.delegations"), 303)  # type: ignore[return-value]


@pages.route("/region/collections", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def collections() -> Any:
    """Every collection, and a new one."""
    form: Any = CollectionForm()
    made = form.submit_to(lambda: hive.make_collection(current_actor(), **_written(form)))
    if made:
        to = url_for("region.collections") if made is True else url_for("region.edit_collection", collection_id=made.id)
        return redirect(to, 303)
    return render_template(
        "region/collections.html", form=form, collections=shown.collections()
    ), 422 if form.is_posted else 200  # fmt: skip


def _written(form: Any) -> dict[str, Any]:
    return {name: form[name].data for name in ("title", "text", "is_shown")}


@pages.route(COLLECTION, methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def edit_collection(collection_id: int) -> Any:
    """Its words, its initiatives in order, and a search to add one."""
    kept = db.session.get(Collection, collection_id) or abort(404)
    form: Any = CollectionForm(obj=kept)
    if form.done(lambda: hive.write_collection(current_actor(), collection_id, **_written(form))):
        flash(_("Enregistré."), "success")
        return redirect(request.path, 303)
    words = clean(request.args.get("q"))[:200]
    found = shown.neighbours(listing.matching(words), collection_id) if words else None
    return render_template(
        "region/collection_edit.html", collection=kept, form=form, cards=shown.of_collection(collection_id), found=found, words=words
    ), 422 if form.is_posted else 200  # fmt: skip


@pages.post(f"{COLLECTION}/{ID}")
@duty(Role.REGION_OFFICER)
def arrange(collection_id: int, project_id: int) -> Response:
    """Puts an initiative in, takes it out, moves it up or down."""
    db.session.get(Collection, collection_id) or abort(404)
    hive.place_in_collection(current_actor(), collection_id, seen_project(project_id).id, request.form.get("sens", ""))
    return redirect(url_for("region.edit_collection", collection_id=collection_id), 303)  # type: ignore[return-value]


@pages.post(f"{COLLECTION}/supprimer")
@duty(Role.REGION_OFFICER)
def remove_collection(collection_id: int) -> Response:
    kept = db.session.get(Collection, collection_id) or abort(404)
    hive.remove_collection(current_actor(), kept.id)
    flash(_("La collection est supprimée. Les initiatives restent publiées."), "success")
    return redirect(url_for("region.collections"), 303)  # type: ignore[return-value]


pages.add_app_template_global(lambda fund: queries.may_publish_of(current_actor(), fund), "may_publish_of")
