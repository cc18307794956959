"""Pages of the walks: opened, filled on a phone, read by everybody, and what became of each point."""

import json
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.files import serving
from citizen.ftu import idea_forms, queries, walks
from citizen.ftu.idea_models import Walk, WalkPoint
from citizen.ftu.models import FtuFund
from citizen.ftu.walks import Seen
from citizen.funds import services as funds
from citizen.kernel.lifecycle import Forbidden
from citizen.web import sheets
from citizen.web.access import current_actor, public, signed_in
from citizen.web.filters import day, say
from citizen.web.forms import options
from citizen.web.printing import paper
from citizen.web.security import SLOW_DOWN, limiter

pages = Blueprint("walks", __name__)
FUND = "<int(max=2147483647):fund_id>"
WALK = "<int(max=2147483647):walk_id>"
POINT = f"{WALK}/points/<int(max=2147483647):number>"


def _fund(fund_id: int) -> FtuFund:
    return db.session.get(FtuFund, fund_id) or abort(404)


def _seen(walk_id: int) -> Walk:
    """The walk, when the visitor may know that it exists."""
    walk = db.session.get(Walk, walk_id)
    if walk is None or not walks.may_see(current_actor(), walk):
        abort(404)
    return walk


def _seen_point(walk_id: int, number: int) -> WalkPoint:
    return next((one for one in _seen(walk_id).points if one.number == number), None) or abort(404)


@pages.get(f"/ftu/fonds/{FUND}/marches")
@public
def index(fund_id: int) -> str:
    fund = _fund(fund_id)
    found = walks.of_fund(current_actor(), fund)
    return render_template("ftu/walks.html", fund=fund, walks=found, may_open=walks.may_open(current_actor(), fund))


@pages.route(f"/ftu/fonds/{FUND}/marches/ouvrir", methods=["GET", "POST"])
@signed_in
def open_walk(fund_id: int) -> Any:
    """A walk for the commune, or for an association."""
    fund, actor = _fund(fund_id), current_actor()
    if not walks.may_open(actor, fund):
        raise Forbidden("walk")
    form: Any = idea_forms.WalkForm(held_on=clock.today())
    form.quarter.choices = options((str(one.id), one.name) for one in queries.quarters_of(fund.commune_code))
    own = [("", fund.organisation.name)] if funds.keeps(actor, fund) else []
    form.organisation.choices = options([*own, *((str(one.id), one.name) for one in walks.associations_of(actor))])

    def act() -> Walk:
        return walks.open_walk(
            actor, fund_id, perimeter_id=int(form.quarter.data), title=form.title.data, held_on=form.held_on.data,
            people=form.people.data, organisation_id=int(form.organisation.data) if form.organisation.data else None,
        )  # fmt: skip

    if form.is_posted and (made := form.submit_to(act)):
        is_new = isinstance(made, Walk)
        return redirect(url_for("walks.add", walk_id=made.id) if is_new else url_for("walks.index", fund_id=fund_id), 303)
    page = render_template("ftu/walk_open.html", fund=_fund(fund_id), form=form)
    return page, 422 if form.is_posted else 200


@pages.get(f"/ftu/marches/{WALK}")
@public
def show(walk_id: int) -> str:
    """Its points, on a map and in a list, with what became of each."""
    return render_template("ftu/walk.html", **_told(walk_id))


def _told(walk_id: int) -> dict[str, Any]:
    walk = _seen(walk_id)
    shown = {point.number: point.project for point in walk.points if point.project and point.project.is_public}
    is_keeper = funds.keeps(current_actor(), walk.fund)
    return {"walk": walk, "projects": shown, "may_walk": walks.may_walk(current_actor(), walk), "is_keeper": is_keeper}


@pages.get(f"/ftu/marches/{WALK}/imprimer")
@public
def printed(walk_id: int) -> Response:
    """The list on paper, upkeep by service."""
    told = _told(walk_id)
    return paper("ftu/walk_print.html", told["walk"].title, **told)


@pages.get(f"/ftu/marches/{WALK}/points.csv")
@public
def csv(walk_id: int) -> Response:
    walk = _seen(walk_id)
    head = [
        _("Numéro"),
        _("Genre"),
        _("Phrase"),
        _("Endroit"),
        _("Longitude"),
        _("Latitude"),
        _("Où en est-on"),
        _("Service"),
        _("Réponse"),
        _("Fait le"),
    ]
    rows = [
        (one.number, say(one.kind_label), one.sentence, one.place, _degrees(one.lon), _degrees(one.lat), say(one.standing[0]),
         say(one.service), one.answer, day(one.done_at.date()) if one.done_at else "")
        for one in walk.points
    ]  # fmt: skip
    return sheets.csv(walk.title, head, rows)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


@pages.get(f"/ftu/marches/{WALK}/points.geojson")
@public
def geojson(walk_id: int) -> Response:
    walk = _seen(walk_id)
    url = url_for("walks.show", walk_id=walk_id)
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {"number": one.number, "kind": one.kind, "title": one.sentence, "place": one.place, "done": one.done_at is not None,
                           "scheme": "ftu" if one.kind == "idea" else "", "url": f"{url}#point-{one.number}"},
        }
        for one in walk.points if one.lon is not None
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(text, mimetype="application/geo+json")


@pages.route(f"/ftu/marches/{WALK}/point", methods=["GET", "POST"])
@signed_in
@limiter.limit("120 per hour", methods=["POST"], error_message=SLOW_DOWN)
def add(walk_id: int) -> Any:
    """One more point, on the phone; the next one follows at once."""
    walk, actor = _seen(walk_id), current_actor()
    if not walks.may_walk(actor, walk):
        raise Forbidden("walk")
    form: Any = idea_forms.PointForm()

    def act() -> WalkPoint:
        both = (form.lon.data, form.lat.data)
        lon, lat = both if None not in both else (None, None)
        photo = form.photo.data if getattr(form.photo.data, "filename", "") else None
        given = {"photo": photo.stream, "filename": photo.filename} if photo else {}
        return walks.add_point(actor, walk_id, Seen(form.kind.data, form.sentence.data, form.place.data, lon, lat), **given)

    if form.is_posted and form.submit_to(act):
        flash(_("Le point est noté. Au suivant !"), "success")
        return redirect(url_for("walks.add", walk_id=walk_id), 303)
    walk = _seen(walk_id)
    return render_template("ftu/walk_add.html", walk=walk, form=form), 422 if form.is_posted else 200


@pages.post(f"/ftu/marches/{WALK}/clore")
@signed_in
def close(walk_id: int) -> Any:
    _seen(walk_id)
    walks.close(current_actor(), walk_id)
    flash(_("La marche est close : tout le monde peut la lire."), "success")
    return redirect(url_for("walks.show", walk_id=walk_id), 303)


@pages.get(f"/ftu/marches/{POINT}/photo")
@public
def photo(walk_id: int, number: int) -> Response:
    point = _seen_point(walk_id, number)
    return serving.respond(point.document or abort(404), thumbnail="vignette" in request.args)


@pages.post(f"/ftu/marches/{POINT}/retirer")
@signed_in
def remove(walk_id: int, number: int) -> Any:
    _seen(walk_id)
    walks.remove_point(current_actor(), walk_id, number)
    return redirect(url_for("walks.add", walk_id=walk_id), 303)


@pages.route(f"/ftu/marches/{POINT}", methods=["GET", "POST"])
@signed_in
@limiter.limit("60 per hour", methods=["POST"], error_message=SLOW_DOWN)
def point(walk_id: int, number: int) -> Any:
    """What to do of one point: find who bears the idea, or hand the upkeep over and publish the answer."""
    seen, actor = _seen_point(walk_id, number), current_actor()
    if not walks.may_walk(actor, seen.walk) or (seen.kind == "upkeep" and not funds.keeps(actor, seen.walk.fund)):
        raise Forbidden("point")
    form, act = _next_act(seen)
    if form.is_posted and form.done(act):
        flash(_("C’est noté."), "success")
        return redirect(f"{url_for('walks.show', walk_id=walk_id)}#point-{number}", 303)
    seen = _seen_point(walk_id, number)
    return render_template("ftu/walk_point.html", point=seen, walk=seen.walk, form=form), 422 if form.is_posted else 200


def _next_act(seen: WalkPoint) -> tuple[Any, Any]:
    """The form that comes next for this point, and what it does."""
    actor, where, form = current_actor(), (seen.walk_id, seen.number), None
    if seen.kind == "idea":
        form = idea_forms.OfferForm()
        return form, lambda: walks.offer(actor, *where, email=form.email.data)
    if seen.sent_at is None:
        form = idea_forms.SendForm()
        terms = seen.walk.fund.ruleset_on(clock.today()).terms
        form.service.choices = options((name, say(name)) for name in terms.get("services", ()))
        return form, lambda: walks.send(actor, *where, service=form.service.data, email=form.email.data)
    form = idea_forms.SettleForm(answer=seen.answer, is_done=seen.done_at is not None)
    return form, lambda: walks.settle(actor, *where, answer=form.answer.data, is_done=form.is_done.data)


@pages.route("/ftu/marches/idee/<token>", methods=["GET", "POST"])
@signed_in
def take(token: str) -> Any:
    """An idea of a walk, offered by a letter."""
    found = walks.offered(token)
    if found is None:
        return render_template("ftu/walk_take.html", point=None), 410
    if request.method == "POST":
        made = walks.take(current_actor(), token)
        flash(_("L’idée est à vous : complétez-la, puis montrez-la."), "success")
        return redirect(url_for("writing.text", project_id=made.id), 303)
    return render_template("ftu/walk_take.html", point=found)
