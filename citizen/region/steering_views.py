"""The dashboard: indicators of any territory and period, beside another one, each as a chart and as rows to take away."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.kernel.access import REGION, Role
from citizen.region import charts, simulation, territory
from citizen.region.comparison import Scope, known_years
from citizen.region.definitions import BY_SLUG
from citizen.region.statistics import Reading
from citizen.region.territory import Territory
from citizen.web import sheets
from citizen.web.access import current_actor, duty, public
from citizen.web.forms import clean
from citizen.web.paging import Page, asked_number

pages = Blueprint("steering", __name__)
MOST_YEARS = 7
REPLAYED = 10  # votes counted again for one page
EVERYTHING = "tout"


def _asked(name: str) -> str:
    return clean(request.args.get(name))[:100]


def _year(name: str, years: list[int], default: int) -> int:
    typed = _asked(name)
    return min(max(int(typed), years[0]), years[-1]) if typed.isascii() and typed.isdigit() and len(typed) == 4 else default


def _options(years: list[int]) -> list[tuple[int, str]]:
    return [(year, str(year)) for year in years]


def _scope(place: Territory, years: list[int], names: tuple[str, str], default: tuple[int, int]) -> Scope:
    first, last = (_year(name, years, usual) for name, usual in zip(names, default, strict=True))
    return Scope(place, min(first, last), max(first, last))


def _scopes(years: list[int]) -> list[Scope]:
    """What the address asks: a territory and a period, and another beside it when one of them differs."""
    place = territory.find(_asked("territoire")) or Territory()
    usual = (max(years[0], years[-1] - MOST_YEARS + 1), years[-1])
    first = _scope(place, years, ("de", "a"), usual)
    beside = territory.find(_asked("avec")) if _asked("avec") else place
    second = _scope(beside or place, years, ("de2", "a2"), (first.first, first.last))
    is_same = (second.territory.key, second.years) == (first.territory.key, first.years)
    return [first] if is_same else [first, second]


def _steers(scopes: list[Scope]) -> bool:
    return all(scope.territory.is_steered_by(current_actor()) for scope in scopes)


@pages.get("/tableau-de-bord")
@public
def dashboard() -> str:
    """What everybody may see of a territory; more for those who steer it."""
    years = known_years()
    scopes = _scopes(years)
    readings, steers = [Reading(scope) for scope in scopes], _steers(scopes)
    unknown = [name for name in ("territoire", "avec") if _asked(name) and territory.find(_asked(name)) is None]
    return render_template(
        "region/dashboard.html", scopes=scopes, reading=readings[0], years=_options(years), territories=territory.choices(), unknown=unknown,
        themes=charts.charts(readings, is_internal=False) | (charts.charts(readings, is_internal=True) if steers else {}),
        steers=steers, given=_given(), steered=_steered(), everything=EVERYTHING,
    )  # fmt: skip


def _given() -> dict[str, str]:
    """The filters, for the address of a download."""
    return {name: value for name in ("territoire", "de", "a", "avec", "de2", "a2") if (value := _asked(name))}


def _steered() -> list[Territory]:
    """The communes of an officer, to look at first."""
    towns = sorted(on for on in current_actor().targets(territory.OFFICER) if on.startswith("commune:"))
    return [found for on in towns if (found := territory.find(on))]


@pages.get("/tableau-de-bord/<indicator>.csv")
@public
def sheet(indicator: str) -> Response:
    """One indicator, or all of them, as rows with their definition."""
    scopes = _scopes(known_years())
    steers = _steers(scopes)
    wanted = [one for one in BY_SLUG.values() if indicator in (EVERYTHING, one.slug) and (steers or not one.is_internal)]
    if not wanted:
        abort(404)
    readings = [Reading(scope) for scope in scopes]
    head = [_("Indicateur"), _("Groupe"), _("Ligne"), _("Territoire"), _("Années"), _("Valeur"), _("Unité"), _("Définition")]
    rows = charts.sheet_rows([charts.chart(one, readings) for one in wanted], scopes)
    return sheets.csv(f"tableau de bord {indicator}", head, rows)


@pages.get("/tableau-de-bord/simulation")
@duty(Role.REGION_OFFICER, Role.COMMUNE_OFFICER)
def simulated() -> str:
    """« At least one project per quarter », replayed on the counted votes of a period; nothing is kept."""
    years, actor = known_years(), current_actor()
    place = territory.find(_asked("territoire")) or Territory()
    scope = _scope(place, years, ("de", "a"), (years[-1] - 1, years[-1]))
    mine = {on.removeprefix("commune:") for on in actor.targets(Role.COMMUNE_OFFICER)}
    number, kinds = asked_number(), simulation.EVERY if _asked("quartiers") == "tous" else simulation.WATCH
    towns = None if actor.holds(Role.REGION_OFFICER, REGION) else mine
    polls, total = simulation.votes(scope, towns, number=number, per_page=REPLAYED)
    return render_template(
        "region/simulation.html", scope=scope, years=_options(years), territories=territory.choices(),
        every=kinds is simulation.EVERY, page=Page([simulation.replay(poll, kinds) for poll in polls], number, REPLAYED, total),
    )  # fmt: skip


@pages.get("/chiffres")
@public
def figures() -> Any:
    """The former address."""
    return redirect(url_for("steering.dashboard"), 301)
