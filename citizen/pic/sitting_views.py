"""What the committee says in session of the three conditions of a PIC."""

from typing import Any

from flask import Blueprint, abort, request
from flask_babel import gettext as _

from citizen.committees import queries, review_views
from citizen.committees.models import AgendaItem
from citizen.pic import rules
from citizen.pic import sitting as pic
from citizen.pic.conditions import CONDITIONS
from citizen.pic.sitting_forms import judged, words_form
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import Form

pages = Blueprint("judging", __name__)


@pages.app_template_global("pic_judging")
def judging(item: AgendaItem) -> dict[str, Any]:
    """What was said of each condition, and how much may be granted at most, with what bounds it."""
    words, limits = pic.words_of(item.id), rules.limits(pic.facts_of(item), item.project.terms)
    if queries.is_kept_from(current_actor(), item.session_id):
        limits = limits[:-1]  # what is left in the envelope
    most = max(0, min(cents for _words, cents in limits))
    return {"words": words, "conditions": CONDITIONS, "limits": limits, "most": most, "form": words_form(words)}


@pages.post(f"{review_views.ITEM}/conditions")
@signed_in
def words(item_id: int) -> Any:
    """The committee's word on the three conditions; or, with the button of one, its vote."""
    item, _room = review_views.seen(item_id)
    if item.project.scheme != "pic":
        abort(404)
    slug = request.form.get("vote", "")
    if slug:
        if slug not in pic.BY_SLUG:
            abort(400)
        return review_views.answer(
            item_id, "button", Form(), lambda: pic.put_condition(current_actor(), item_id, slug), _("Le vote est ouvert.")
        )
    form = words_form({})
    return review_views.answer(item_id, "words", form, lambda: pic.note(current_actor(), item_id, judged(form)))
