"""The cost of works line by line, at prices that past works or the fund's bench know."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import select

from citizen.db import db, transaction
from citizen.ftu import bench
from citizen.ftu.bench import Price
from citizen.ftu.idea_models import CostLine
from citizen.ftu.models import FtuProject
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.words import plain
from citizen.projects import services as projects
from citizen.projects.prices import ENOUGH
from citizen.projects.steps import HAS_MONEY

MOST_LINES = 40
MOST_CENTS = 1_000_000_00
READ = 2_000  # lines of past works, the newest: prices age


@dataclass(frozen=True)
class Known:
    """What one of a thing costs, and where that comes from; ``count`` past works, when they say it."""

    price: Price
    source: str
    count: int = 0


def known_prices(project: FtuProject) -> list[Known]:
    """The bench of the project's fund; a price comes from past works when there are enough of them."""
    listed = bench.prices(project.terms.prices)
    past = _past_prices()
    found = []
    for name, price in listed.items():
        cents = past.get((name, plain(price.unit)), {})
        if len(cents) >= ENOUGH:
            low, high = bench.interval(list(cents.values()))
            found.append(Known(Price(price.label, price.unit, low, high), "works", len(cents)))
        else:
            found.append(Known(price, "fund"))
    return found


def _past_prices() -> dict[tuple[str, str], dict[int, int]]:
    """By thing and unit: the price that each granted project kept."""
    query = (
        select(CostLine.label, CostLine.unit, CostLine.project_id, CostLine.chosen_cents)
        .join(FtuProject, FtuProject.id == CostLine.project_id)
        .where(FtuProject.state.in_(HAS_MONEY))
        .order_by(CostLine.id.desc())
        .limit(READ)
    )
    found: dict[tuple[str, str], dict[int, int]] = {}
    for label, unit, project_id, cents in db.session.execute(query):
        found.setdefault((plain(label), plain(unit)), {})[project_id] = cents
    return found


def add(actor: Actor, project_id: int, *, label: str, quantity: int, price_cents: int | None) -> CostLine:
    """One more line; without a price of its own, it keeps the high end of what is known."""
    with transaction():
        project = _held(actor, project_id)
        if len(project.costs) >= MOST_LINES:
            raise Invalid("label", _("%(count)d lignes au plus.", count=MOST_LINES))
        known = next((one for one in known_prices(project) if plain(one.price.label) == plain(label)), None)
        price, source = (known.price, known.source) if known else (Price(label), "study")
        if price.high_cents is None and price_cents is None:
            raise Invalid("price", _("Aucun prix n’est connu pour cela : écrivez-le."))
        if quantity <= 0:
            raise Invalid("quantity", _("Écrivez un nombre plus grand que zéro."))
        chosen = price_cents or price.high_cents or 0
        if not 0 < bench.times(quantity, chosen) <= MOST_CENTS:
            raise Invalid("price", _("Ce montant n’est pas plausible pour un petit aménagement."))
        line = CostLine(
            label=price.label, unit=price.unit, quantity=quantity, chosen_cents=chosen,
            low_cents=price.low_cents or chosen, high_cents=price.high_cents or chosen,
            source=source if price.high_cents else "study",
        )  # fmt: skip
        project.costs.append(line)
        journal.record(actor, project.on, "cost_line_added")
        return line


def remove(actor: Actor, project_id: int, line_id: int) -> None:
    """Takes a line away; one of another project is not there."""
    with transaction():
        project = _held(actor, project_id)
        line = next((one for one in project.costs if one.id == line_id), None)
        if line is not None:
            project.costs.remove(line)
            journal.record(actor, project.on, "cost_line_removed")


def _held(actor: Actor, project_id: int) -> FtuProject:
    project = cast(FtuProject, projects.locked(project_id))
    projects.judge(actor, project, "cost")
    return project


@dataclass(frozen=True)
class Total:
    """The whole cost, in cents: as an interval, and as the study keeps it."""

    low: int
    high: int
    chosen: int


def total(project: FtuProject) -> Total:
    """Of all its lines."""
    lines: Iterable[CostLine] = project.costs
    sums = [(line.low, line.high, line.chosen) for line in lines]
    return Total(*(sum(column) for column in zip(*sums, strict=True))) if sums else Total(0, 0, 0)
