"""City contracts of the demonstration: invented, said so, built from the intermunicipalities that its quarters have."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from citizen.db import db
from citizen.demo.dossier import Stage
from citizen.kernel.access import Actor
from citizen.places import contracts
from citizen.places.models import Intermunicipality, Perimeter
from citizen.places.rules import QUARTERS

ABOUT = "Contrat inventé pour la démonstration : ni ses dates, ni ses signataires, ni ses sites ne sont ceux d’un vrai contrat."
CLAUSE = (
    "Les signataires peuvent revoir ensemble les priorités et les quartiers, à mi-parcours, après avoir entendu les habitants."
)
STARTS, ENDS = date(2024, 1, 1), date(2030, 12, 31)
MOST = 4  # the last one is still being written


def play(stage: Stage) -> None:
    """One contract for each of the intermunicipalities with most quarters."""
    officer, held = stage.cast.account("region"), defaultdict(list)
    for quarter in db.session.scalars(select(Perimeter).where(Perimeter.kind.in_(QUARTERS)).order_by(Perimeter.code)):
        for group in quarter.intermunicipalities:
            held[group].append(quarter)
    chosen = sorted(held, key=lambda group: (-len(held[group]), group.siren))[:MOST]
    for rank, group in enumerate(chosen):
        with stage.days.at(-600 + rank):
            _write(stage, officer, group, held[group], rank)


def _write(stage: Stage, officer: Actor, group: Intermunicipality, quarters: list[Perimeter], rank: int) -> None:
    title = f"Contrat de ville inventé, {group.name}"
    contract = contracts.open_contract(officer, title=title, sirens=[group.siren])
    if rank == MOST - 1:
        return
    review = min(stage.days.today + timedelta(days=60), ENDS) if rank == 1 else date(2027, 6, 30)
    contracts.change(
        officer, contract.id, title=title, sirens=[group.siren], communes=[], perimeter_ids=[one.id for one in quarters],
        about=ABOUT, starts_on=STARTS, ends_on=ENDS, review_clause=CLAUSE if rank != 2 else "",
        review_due_on=review if rank != 2 else None,
    )  # fmt: skip
    towns = sorted({town.name for quarter in quarters for town in quarter.communes})
    signed = date(2024, 6, 28)
    for kind, name, day in (
        ("state", "Préfecture", signed), ("region", "Région Hauts-de-France", signed), ("intermunicipality", group.name, signed),
        *(("commune", f"Ville de {town}", signed if turn else None) for turn, town in enumerate(towns)),
        ("landlord", "Bailleur de la démonstration", None),
    ):  # fmt: skip
        contracts.add_signatory(officer, contract.id, name=name, kind=kind, signed_on=day)
    if rank != 2:
        kind = ("national", "regional")[rank]
        contracts.add_site(officer, contract.id, name=quarters[0].name, kind=kind, perimeter_ids=[quarters[0].id])
    contracts.publish(officer, contract.id, is_public=True)
