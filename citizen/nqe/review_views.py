"""The review day of an edition, and summers compared: which quarters are never reached."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Role
from citizen.nqe import figures, forms, ground, queries
from citizen.nqe import review as reviews
from citizen.nqe.agenda_views import drawn
from citizen.nqe.day_forms import ReviewForm
from citizen.nqe.models import Edition
from citizen.nqe.season import Asked
from citizen.nqe.season_models import SeasonReview
from citizen.nqe.views import pages
from citizen.web.access import current_actor, duty, public
from citizen.web.sheets import euros_cell, workbook

YEAR = "/nqe/editions/<int(max=9999):year>"


def _edition(year: int) -> Edition:
    return queries.edition_of(year) or abort(404)


@pages.get(f"{YEAR}/bilan")
@public
def review(year: int) -> str:
    """The figures, the map, the pictures and the words of a summer; for the Region alone until it is published."""
    edition = _edition(year)
    written = db.session.get(SeasonReview, edition.id)
    is_region = current_actor().holds(Role.REGION_OFFICER)
    if not is_region and not (written and written.published_at):
        abort(404)
    spots = ground.spots(Asked(edition.season_starts_on, edition.season_ends_on))
    summers = {one.edition.year: one for one in figures.summers()}
    before = max((known for known in summers if known < year), default=None)
    return render_template(
        "nqe/review.html", edition=edition, review=written, is_region=is_region, summer=summers[year],
        before=summers[before] if before else None, spots=spots, drawn=drawn(spots), pictures=figures.pictures_of(edition),
        quotes=figures.quotes_of(edition), today=clock.today(),
    )  # fmt: skip


@pages.route(f"{YEAR}/bilan/ecrire", methods=["GET", "POST"])
@duty(Role.REGION_OFFICER)
def write_review(year: int) -> Any:
    edition = _edition(year)
    written = db.session.get(SeasonReview, edition.id)
    form: Any = ReviewForm(obj=written, is_published=bool(written and written.published_at))
    if not form.is_posted:
        form.is_published.data = bool(written and written.published_at)
    values = lambda: {name: form[name].data for name in ("held_on", "place", "words", "is_published")}  # noqa: E731
    if form.submit_to(lambda: reviews.write_review(current_actor(), edition.id, **values())):
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("nqe.review", year=year), 303)
    return render_template("nqe/write_review.html", edition=_edition(year), form=form), 422 if form.is_posted else 200


@pages.get("/nqe/comparer")
@public
def compare() -> str:
    """Summers side by side, then contract by contract."""
    contracts = figures.contracts(clock.today())
    return render_template("nqe/compare.html", summers=figures.summers(), contracts=contracts, kinds=forms.KIND_LABELS)


@pages.get("/nqe/comparer.xlsx")
@public
def compare_sheet() -> Response:
    """The same, for a spreadsheet: a line an edition, then a line a quarter."""
    summers = figures.summers()
    years = [one.edition.year for one in summers]
    head = (_("Année"), _("Thème"), _("Projets"), _("Aide accordée"), _("Dates tenues"), _("Dates annulées"), _("Temps forts"),
            _("Personnes"), _("Bénévoles"), _("Quartiers"), _("Déchets (kg)"), _("Réemploi (%)"))  # fmt: skip
    rows = [
        (one.edition.year, one.edition.theme_title, one.projects, euros_cell(one.granted_cents), one.held, one.cancelled, one.highlights,
         one.participants, one.volunteers, one.quarters, one.waste_kg, one.reused_percent)
        for one in summers
    ]  # fmt: skip
    quarters = [
        (contract.name, quarter.code, quarter.name, quarter.population, *(quarter.dates.get(year, 0) for year in years))
        for contract in figures.contracts(clock.today())
        for quarter in contract.quarters
    ]
    places = (_("Contrat de ville"), _("Code"), _("Quartier"), _("Habitants"), *map(str, years))
    return workbook(_("Nos quartiers d’été comparés"), {_("Éditions"): (head, rows), _("Quartiers"): (places, quarters)})
