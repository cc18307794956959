"""Pages where a team writes: the idea, the scheme, each section of the file, lodging and news."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.kernel.words import N_
from citizen.people.queries import organisations_of
from citizen.projects import completing, forms, listing, queries, reporting, services, team_forms
from citizen.projects import team as people
from citizen.projects.models import Project
from citizen.projects.orientation import QUESTIONS, advise
from citizen.projects.team_models import Point
from citizen.projects.views import ID, act_page, seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import options
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("writing", __name__)
SECTIONS = (
    ("writing.text", N_("Le projet")),
    ("writing.place", N_("Le lieu")),
    ("writing.team", N_("L’équipe")),
    ("budget.lines", N_("Le budget")),
)
LAST_SECTIONS = (("budget.documents", N_("Les documents")), ("writing.lodge", N_("Relire et déposer")))


def sections(project: Project) -> tuple[tuple[str, str], ...]:
    """The pages of the file, in order; an idea has none."""
    return () if project.scheme == "idea" else (*SECTIONS, *project.sections, *LAST_SECTIONS)


def writable(project_id: int) -> Project:
    """The project, when the visitor is of its team and may write now; Forbidden or NotNow otherwise."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, "edit")
    return project


def form_page(project: Project, template: str, status: int = 200, **values: Any) -> tuple[str, int]:
    """A page of the file, with its stepper and the live verdict."""
    values.setdefault("findings", queries.findings_for(project, "lodge") if project.scheme != "idea" else [])
    values["asked"] = _asked_here(project, values.get("form"))
    return render_template(template, project=project, sections=sections(project), **values), status


def _asked_here(project: Project, form: Any) -> list[Point]:
    """What is asked of this page and not answered; what is asked of one field stands at the field."""
    here = []
    for point in completing.waiting(project):
        page, _sign, name = point.target.partition("#")
        field = name.removesuffix("_cents")
        if page == request.endpoint and form and field in form:
            form[field].asked = point.words
        elif page in ("", request.endpoint):
            here.append(point)
    return here


def section(project: Project, form: Any, template: str, change: Callable[[Project], None], **values: Any) -> Any:
    """One section: shows its form, or saves it and goes on; a draft that saves itself stays here."""
    if form.is_posted:
        is_unfinished = "X-Draft" in request.headers
        saved = form.submit_to(services.edit, current_actor(), project.id, change, is_unfinished=is_unfinished)
        if saved is not None and not is_unfinished:
            flash(_("Enregistré."), "success")
            return redirect(url_for(_next(project), project_id=project.id), 303)
        if saved is None:
            return form_page(seen_project(project.id), template, 422, form=form, **values)
    return form_page(seen_project(project.id), template, form=form, **values)


def _next(project: Project) -> str:
    """Where « Enregistrer et continuer » leads."""
    known = [endpoint for endpoint, _label in sections(project)]
    here = known.index(request.endpoint) if request.endpoint in known else -1
    return known[min(here + 1, len(known) - 1)] if known else "projects.show"


@pages.route("/proposer/idee", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
@signed_in
def idea() -> Any:
    form: Any = forms.IdeaForm()
    form.offer_quarters()
    if form.is_posted:
        asked: dict[str, Any] = {one.name: request.args[one.name] for one in QUESTIONS if one.name in request.args}

        def propose() -> Project:  # the place is read once the choice is known to be one
            commune, perimeter = form.chosen_place
            return services.propose(
                current_actor(), title=form.title.data, summary=form.summary.data, commune_code=commune, perimeter_id=perimeter
            )

        project = form.submit_to(propose)
        if project:
            flash(_("Votre idée est enregistrée. Choisissez maintenant comment la faire vivre."), "success")
            return redirect(url_for("writing.orient", project_id=project.id, **asked), 303)
    return render_template("projects/idea.html", form=form), 422 if form.is_posted else 200


@pages.route(f"/projets/{ID}/orientation", methods=["GET", "POST"])
@signed_in
def orient(project_id: int) -> Any:
    """The scheme that fits best first, with the calls where one may lodge today."""
    project = seen_project(project_id)
    services.judge(current_actor(), project, "orient")
    advice = advise({one.name: request.args.get(one.name, "") for one in QUESTIONS})
    calls = {item.scheme: listing.open_calls(item.scheme, project.commune_code) for item in advice}
    form: Any = forms.CallForm()
    form.call.choices = options((f"{call.id}", call.title) for found in calls.values() for call in found)
    if form.is_posted and form.validate():
        by_number = {str(call.id): call for found in calls.values() for call in found}
        call = by_number.get(form.call.data or "")
        if call and form.submit_to(services.orient, current_actor(), project_id, kind_of(call.scheme), call.id):
            return redirect(url_for("writing.text", project_id=project_id), 303)
    return render_template(
        "projects/orient.html", project=project, form=form, advice=advice, calls=calls
    ), 422 if form.is_posted else 200


def kind_of(scheme: str) -> type[Project]:
    """The class of a scheme's projects."""
    return next(kind for kind in Project.__subclasses__() if kind.rules.code == scheme)


@pages.route(f"/projets/{ID}/modifier", methods=["GET", "POST"])
@signed_in
def text(project_id: int) -> Any:
    project = writable(project_id)
    form: Any = forms.TextForm(obj=project, organisation=str(project.organisation_id or ""))
    mine = organisations_of(current_actor().person_id)
    choices = [("", _("Moi et mon groupe, sans structure")), *((str(one.id), one.name) for one in mine)]
    if project.organisation_id and project.organisation_id not in {one.id for one in mine}:
        choices.append((str(project.organisation_id), project.organisation.name if project.organisation else ""))
    form.organisation.choices = options(choices)
    form.themes.choices = options((theme, theme) for theme in getattr(project.terms, "themes", ()))

    def change(kept: Project) -> None:
        kept.title, kept.summary, kept.description = form.title.data, form.summary.data, form.description.data
        kept.themes = form.themes.data or []
        kept.starts_on, kept.ends_on = form.starts_on.data, form.ends_on.data
        kept.organisation_id = int(form.organisation.data) if form.organisation.data else None

    return section(project, form, "projects/text.html", change)


@pages.route(f"/projets/{ID}/lieu", methods=["GET", "POST"])
@signed_in
def place(project_id: int) -> Any:
    """Commune and quarter from a list, or a point: the point wins, because it says more."""
    project = writable(project_id)
    known = f"{project.commune_code}:{project.perimeter_id or ''}" if project.commune_code else ""
    form: Any = forms.PlaceForm(obj=project, quarter=known)
    form.offer_quarters()

    def change(kept: Project) -> None:
        commune, perimeter = form.chosen_place
        services.put(kept, commune, perimeter, place=form.place.data, lon=form.lon.data, lat=form.lat.data)

    return section(project, form, "projects/place.html", change)


@pages.route(f"/projets/{ID}/equipe", methods=["GET", "POST"])
@signed_in
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)  # with an address, an invitation leaves
def team(project_id: int) -> Any:
    project = writable(project_id)
    form: Any = team_forms.MemberForm(household=max((member.household for member in project.team), default=0) + 1)
    if form.is_posted and form.submit_to(
        lambda: people.add(current_actor(), project_id, email=form.email.data or "", **form.values)
    ):
        return redirect(request.path, 303)
    return form_page(seen_project(project_id), "projects/team.html", 422 if form.is_posted else 200, form=form)


@pages.post(f"/projets/{ID}/<any(equipe,budget,documents):kind>/<int(max=2147483647):number>/retirer")
@signed_in
def remove(project_id: int, kind: str, number: int) -> Any:
    """Takes one row away; a row of another project is not there."""

    def change(kept: Project) -> None:
        row = next((row for row in kept.lines if row.id == number), None)
        if row is not None:
            kept.lines.remove(row)

    seen_project(project_id)
    if kind == "documents":
        reporting.detach(current_actor(), project_id, number)
    elif kind == "equipe":
        people.remove(current_actor(), project_id, number)
    else:
        services.edit(current_actor(), project_id, change)
    return redirect(request.path.rsplit("/", 2)[0], 303)


@pages.route(f"/projets/{ID}/deposer", methods=["GET", "POST"])
@signed_in
def lodge(project_id: int) -> Any:
    """The last look; what is missing keeps the button away, and the lock judges again."""
    project = writable(project_id)
    if project.scheme == "idea":
        abort(404)
    if completing.waiting(project):
        return redirect(url_for("completing.points", project_id=project_id), 303)
    if request.method == "POST":
        services.lodge(current_actor(), project_id)
        flash(_("Votre dossier est déposé. Vous recevrez un courriel à chaque étape."), "success")
        return redirect(url_for("projects.show", project_id=project_id), 303)
    return form_page(project, "projects/lodge.html")


@pages.route(f"/projets/{ID}/nouvelles", methods=["GET", "POST"])
@signed_in
def tell(project_id: int) -> Any:
    def act(form: Any) -> None:
        photo = form.photo.data or None
        given = {"photo": photo.stream, "filename": photo.filename, "caption": form.caption.data} if photo else {}
        reporting.tell(current_actor(), project_id, form.text.data, **given)

    return act_page(project_id, "tell", forms.NewsForm(), "projects/tell.html", act)
