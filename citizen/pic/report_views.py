"""The page of the final report that only a PIC has: the three conditions, seen afterwards."""

from typing import Any

from flask import abort

from citizen.pic import services
from citizen.pic.conditions import CONDITIONS
from citizen.pic.forms import afterwards_form
from citizen.pic.models import PicProject
from citizen.pic.views import ID, pages
from citizen.projects.models import Project
from citizen.projects.report_views import section, writable
from citizen.projects.views import seen_project
from citizen.web.access import current_actor, signed_in

pages.add_app_template_global({one.slug: one for one in CONDITIONS}.__getitem__, "pic_condition")


@pages.route(f"/pic/{ID}/bilan/conditions", methods=["GET", "POST"])
@signed_in
def afterwards(project_id: int) -> Any:
    """A mark from 1 to 4 and a word for each condition; what has no mark yet is not kept."""
    if not isinstance(seen_project(project_id), PicProject):
        abort(404)
    project = writable(project_id)
    assert isinstance(project, PicProject)
    form: Any = afterwards_form(project.afterwards)

    def keep() -> Project:
        given = {one.slug: (form[f"mark_{one.number}"].data, form[f"words_{one.number}"].data) for one in CONDITIONS}
        marks = {slug: (int(mark), words or "") for slug, (mark, words) in given.items() if mark}
        return services.see_afterwards(current_actor(), project_id, marks)

    return section(project, form, "pic/afterwards.html", keep, conditions=CONDITIONS)
