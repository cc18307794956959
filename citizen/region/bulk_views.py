"""The Region's desk: what waits with its clock, one act on several files seen before it is done, sheets and letters."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import EmailField, SelectField, TextAreaField
from wtforms.validators import Optional

from citizen import clock
from citizen.committees.queries import coming_sessions
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Role
from citizen.nqe.models import NqeFund
from citizen.nqe.registration_models import LEVELS
from citizen.projects import listing
from citizen.projects.models import Project
from citizen.region import bulk, figures, queries, requests, territory
from citizen.region.territory import Territory
from citizen.region.views import pages
from citizen.web import printing, sheets
from citizen.web.access import current_actor, duty
from citizen.web.filters import moment, say
from citizen.web.forms import SHORT, DayField, Form, TextField, at_most, clean, optional, options

LETTERS = "letters"


@pages.get("/region")
@duty(Role.REGION_OFFICER)
def desk() -> Any:
    """What waits for the Region, the soonest day on top, and where each scheme stands; as a sheet too."""
    place = territory.find(clean(request.args.get("territoire"))) or Territory()
    schemes = {kind.rules.code: kind.rules.title for kind in Fund.__subclasses__()}
    scheme, is_answered = request.args.get("dispositif", ""), request.args.get("voir") == "reponses"
    wanted = requests.condition(scheme if scheme in schemes else "", place, is_answered=is_answered)
    form = request.args.get("format", "")
    if form in ("csv", "xlsx"):
        title, table = _("Dossiers de la Région"), requests.rows(requests.waiting(wanted, None))
        return sheets.csv(title, *table) if form == "csv" else sheets.workbook(title, {_("Dossiers"): table})
    return render_template(
        "region/desk.html", awaiting=requests.waiting(wanted), count=listing.count(wanted), acts=bulk.ACTS,
        opinions=requests.opinions(place), scheme=scheme, schemes=schemes, place=place, is_answered=is_answered,
        territories=territory.choices(), calls=queries.open_calls(limit=50),
        amounts=queries.by_scheme(queries.anywhere()), states=figures.by_state(), today=clock.today(),
    )  # fmt: skip


class BulkForm(Form):
    """What an act asks besides the files; each file's own service judges it."""

    reason = TextAreaField(__("Pourquoi ? Chaque équipe le lira."), filters=[clean], validators=[at_most(2000)])
    session = SelectField(__("Séance"), coerce=int, validators=[Optional()])
    level = SelectField(__("De qui ?"), validators=[Optional()])
    body = TextField(__("Commune, intercommunalité ou partenaire"), validators=[at_most(SHORT)])
    email = EmailField(__("Adresse de courriel"), filters=[clean], validators=[at_most(254)])
    due_on = DayField(__("Réponse attendue jusqu’au"), validators=[optional()])


@pages.post("/region/lot")
@duty(Role.REGION_OFFICER)
def in_bulk() -> Any:
    """What is chosen: what the act asks, then what it would do to each file, then what it did."""
    numbers = [int(text) for text in request.form.getlist("chosen") if text.isascii() and text.isdigit() and len(text) < 10]
    act = request.form.get("act", "")
    if not numbers:
        flash(_("Choisissez au moins un dossier."), "error")
        return redirect(url_for("region.desk"), 303)
    if act == LETTERS:
        return _letters(numbers[: bulk.MOST])
    if act not in bulk.ACTS:
        abort(400)
    form, values = _asked_of(act)
    is_asked = "seen" in request.form or not bulk.ACTS[act].fields
    is_done = is_asked and request.form.get("confirm") == "oui" and form.validate()
    outcomes = None
    if is_done:
        outcomes = bulk.carry_out(current_actor(), act, numbers, values)
        done = sum(not one.why for one in outcomes)
        flash(ngettext("C’est fait pour %(num)s dossier.", "C’est fait pour %(num)s dossiers.", done), "success")
    elif is_asked and form.validate():
        outcomes = bulk.preview(current_actor(), act, numbers, values)
    return render_template(
        "region/bulk.html", act=act, told=bulk.ACTS[act], form=form, fields=[form[name] for name in bulk.ACTS[act].fields],
        outcomes=outcomes, is_done=is_done, most=bulk.MOST, numbers=numbers[: bulk.MOST],
        kept={name: "" if value is None else str(value) for name, value in values.items()},
    ), 422 if form.errors else 200  # fmt: skip


def _asked_of(act: str) -> tuple[Any, dict[str, Any]]:
    form: Any = BulkForm() if "seen" in request.form else BulkForm(formdata=None)
    funds = db.session.scalars(select(NqeFund).order_by(NqeFund.id)) if act == "inscribe" else ()
    form.session.choices = options(
        (one.id, f"{fund.title}, {moment(one.held_at)}") for fund in funds for one in coming_sessions(fund.id)
    )
    form.level.choices = options((code, say(words).capitalize()) for code, words in LEVELS.items())
    form.due_on.data = form.due_on.data or clock.today() + bulk.USUAL_TIME
    return form, {name: form[name].data for name in bulk.ACTS[act].fields}


def _letters(numbers: list[int]) -> Any:
    """A letter for each of these files, one a page: what was received, or what was answered and why."""
    kinds = select(Project).where(Project.id.in_(numbers), Project.is_public.is_(True), Project.lodged_at.is_not(None))
    loaded = (selectinload(Project.decisions), selectinload(Project.organisation), selectinload(Project.call))
    found = db.session.scalars(kinds.options(*loaded).order_by(Project.id)).all()
    return printing.paper(
        "region/letters_print.html", _("Courriers de la Région"), projects=found, today=clock.today(),
        reasons=requests.reasons([one.on for one in found]),
    )  # fmt: skip
