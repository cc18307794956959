"""Pages of the PIC: what it is, one fund, the three conditions of a file, the way to the committee's decision."""

from typing import Any

from flask import Blueprint, abort, render_template

from citizen.committees import queries as rooms
from citizen.committees import showing as reading
from citizen.funds import services as funds
from citizen.funds.term_fields import in_words
from citizen.pic import queries, services, showing
from citizen.pic.conditions import CONDITIONS
from citizen.pic.forms import ConditionsForm
from citizen.pic.models import PicProject
from citizen.pic.rules import VERDICTS
from citizen.pic.steps import PIC
from citizen.projects.views import seen_project
from citizen.projects.writing import section, writable
from citizen.web.access import current_actor, public, signed_in

pages = Blueprint("pic", __name__)
ID = "<int(max=2147483647):project_id>"

pages.add_app_template_global(showing.project_part, "pic_part")
reading.PACKS["pic"], reading.SHEETS["pic"] = showing.packs, showing.sheets_of
pages.add_app_template_global(lambda: CONDITIONS, "pic_conditions")
pages.add_app_template_global(lambda: VERDICTS, "pic_verdicts")
pages.add_app_template_global(showing.sheets, "pic_sheets")
pages.add_app_template_global(showing.calendar_if_lodged_today, "pic_calendar")
pages.add_app_template_global(showing.autonomy, "pic_autonomy")
pages.add_app_template_global(showing.presenters, "pic_presenters")
pages.add_app_template_global(showing.is_reviewed_by, "pic_is_reviewed_by")


@pages.get("/pic")
@public
def about() -> str:
    """What a PIC is, who decides, how long it takes, who may do what, and every fund."""
    return render_template(
        "pic/about.html",
        funds=queries.funds_shown(),
        conditions=CONDITIONS,
        scheme=PIC,
        in_words=in_words,
    )


@pages.get("/pic/fonds/<slug>")
@public
def fund(slug: str) -> str:
    """One fund: what is left, its rules, its sessions, its projects, what it promises."""
    found = queries.fund_at(slug)
    if found is None:
        abort(404)
    return render_template(
        "pic/fund.html", fund=found, call=queries.current_call(found), terms=found.rulesets[-1].terms if found.rulesets else {},
        sessions=rooms.sessions_of(found.id, 8), projects=queries.public_projects_of(found), scheme=PIC, in_words=in_words,
        calendar=showing.calendar(queries.promises_if_lodged_today(found)), kept=queries.promises_kept(found),
        is_of_room=bool(rooms.roles_on_fund(current_actor(), found)),
        looks_after=funds.may_look_after(current_actor(), found),
    )  # fmt: skip


def pic_project(project_id: int) -> PicProject:
    """The PIC, when the visitor may know that it exists; else 404."""
    project = seen_project(project_id)
    if not isinstance(project, PicProject):
        abort(404)
    return project


@pages.route(f"/pic/{ID}/conditions", methods=["GET", "POST"])
@signed_in
def conditions(project_id: int) -> Any:
    """The team's answers, with the three conditions judged live."""
    pic_project(project_id)
    project = writable(project_id)
    form = ConditionsForm(obj=project, price=project.price_cents)
    change = services.written(form.answers)
    return section(project, form, "pic/conditions.html", change, sheets_of=showing.sheets, eligibility_of=showing.eligibility)
