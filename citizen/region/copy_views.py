"""Taking an initiative up elsewhere, and the tree of where it spread."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen.projects.views import ID
from citizen.region import spreading
from citizen.region.hive_forms import TakeUpForm
from citizen.region.hive_views import published_story
from citizen.region.views import pages
from citizen.web.access import current_actor, public, signed_in
from citizen.web.security import SLOW_DOWN, limiter


@pages.route(f"/initiatives/{ID}/reprendre", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], error_message=SLOW_DOWN)
@signed_in
def take_up(project_id: int) -> Any:
    """What is copied, what is not, and where; then the draft, which its author writes on."""
    story = published_story(project_id)
    if not story.may_be_taken_up:
        abort(404)
    form: Any = TakeUpForm()
    form.offer_quarters()
    draft = form.submit_to(lambda: spreading.take_up(current_actor(), project_id, *form.chosen_place))
    if draft is True:  # sent twice
        return redirect(url_for("projects.desk"), 303)
    if draft:
        flash(_("Votre brouillon est prêt : changez-y tout ce qui n’est pas comme chez vous."), "success")
        return redirect(url_for("projects.show", project_id=draft.id), 303)
    lines = spreading.suggested_lines(story.project)
    return render_template(
        "region/take_up.html", story=story, project=story.project, form=form, lines=lines
    ), 422 if form.is_posted else 200


@pages.get(f"/initiatives/{ID}/arbre")
@public
def tree(project_id: int) -> str:
    """Where the idea was born, and everywhere it went."""
    story = published_story(project_id)
    root = spreading.tree_of(project_id) or abort(404)
    return render_template("region/tree.html", project=story.project, root=root)
