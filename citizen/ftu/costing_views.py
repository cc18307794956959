"""Pages of the feasibility sheet: its cost line by line for the commune, and the whole of it for everybody, on screen and on paper."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.ftu import feasibility
from citizen.ftu.conditions import FOUND, GROUPS
from citizen.ftu.idea_forms import CostForm
from citizen.ftu.models import FtuProject
from citizen.ftu.views import PROJECT, seen_works
from citizen.kernel.access import Role
from citizen.projects import queries
from citizen.projects import services as projects
from citizen.web.access import current_actor, duty, public
from citizen.web.printing import paper

pages = Blueprint("costing", __name__)


@pages.route(f"/ftu/{PROJECT}/chiffrage", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def lines(project_id: int) -> Any:
    """The lines of the cost, and one more."""
    project = seen_works(project_id)
    projects.judge(current_actor(), project, "cost")
    form: Any = CostForm()
    if form.is_posted and form.done(
        lambda: feasibility.add(
            current_actor(), project_id, label=form.label.data, quantity=form.quantity.data, price_cents=form.price.data
        )
    ):
        return redirect(url_for("costing.lines", project_id=project_id), 303)
    project = seen_works(project_id)
    page = render_template(
        "ftu/costing.html",
        project=project,
        form=form,
        known=feasibility.known_prices(project),
        total=feasibility.total(project),
    )
    return page, 422 if form.is_posted else 200


@pages.post(f"/ftu/{PROJECT}/chiffrage/<int(max=2147483647):line_id>/retirer")
@duty(Role.COMMUNE_OFFICER)
def remove(project_id: int, line_id: int) -> Any:
    """Takes one line away."""
    seen_works(project_id)
    feasibility.remove(current_actor(), project_id, line_id)
    return redirect(url_for("costing.lines", project_id=project_id), 303)


def _sheet(project_id: int) -> dict[str, Any]:
    """The sheet, once the study is published; before, for those who judge."""
    project: FtuProject = seen_works(project_id)
    is_near = queries.may_read_papers(current_actor(), project)
    if project.studied_at is None and not is_near:
        abort(404)
    return {"project": project, "total": feasibility.total(project), "groups": GROUPS, "found": FOUND, "is_near": is_near}


@pages.get(f"/ftu/{PROJECT}/fiche")
@public
def sheet(project_id: int) -> str:
    """What the study found, with its reasons."""
    return render_template("ftu/feasibility.html", **_sheet(project_id))


@pages.get(f"/ftu/{PROJECT}/fiche/imprimer")
@public
def printed(project_id: int) -> Response:
    """The same on paper."""
    told = _sheet(project_id)
    return paper("ftu/feasibility_print.html", _("Fiche de faisabilité : %(title)s", title=told["project"].title), **told)
