"""What a commune gathers before the vote: a walk with its points, opinions of services, an owner's answer, a cost line by line."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from citizen.db import db
from citizen.ftu import feasibility, opinions, walks
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.walks import Seen
from citizen.projects.steps import S

if TYPE_CHECKING:
    from citizen.demo.ftu import Town

BENCH = [
    "Banc ; pièce ; 450 ; 900", "Arbre ; pièce ; 180 ; 350", "Corbeille ; pièce ; 220 ; 400", "Borne ; pièce ; 120 ; 260",
    "Point lumineux ; pièce ; 1 400 ; 2 600", "Chemin ; m² ; 60 ; 110",
]  # fmt: skip
POINTS = (
    ("idea", "Un banc manque à l’arrêt de bus, on attend debout.", "l’arrêt du marché"),
    ("upkeep", "La grille d’égout bouge quand on passe dessus.", "l’angle de la rue des Lilas"),
    ("upkeep", "Deux lampadaires restent éteints.", "le passage derrière l’école"),
    ("idea", "Une rampe à côté des trois marches, pour les poussettes et les fauteuils.", "l’entrée du square"),
    ("upkeep", "Les corbeilles débordent le lundi matin.", "la place du Kiosque"),
)


def cost(town: "Town", project_id: int, cents: int) -> None:
    """Two benches, a path, and the rest, whose sum is the cost of the study."""
    lines = (("Banc", 2_00, 600_00), ("Chemin", 12_50, 80_00))
    known = sum(quantity * price // 100 for _label, quantity, price in lines)
    if cents <= known:
        return
    for label, quantity, price in (*lines, ("Terrassement et pose", 1_00, cents - known)):
        feasibility.add(town.officer, project_id, label=label, quantity=quantity, price_cents=price)


def play(town: "Town", campaign: Campaign) -> None:
    """The campaign of the moment."""
    waiting = select(FtuProject.id).where(FtuProject.call_id == campaign.id, FtuProject.state == S.SUBMITTED)
    for project_id in db.session.scalars(waiting.order_by(FtuProject.id)).all():
        _consult(town, project_id)
    _walk(town)


def _consult(town: "Town", project_id: int) -> None:
    """Two services are asked and one has answered; so has the owner."""
    days = town.stage.days
    with days.at(-1, 9):
        asked = [
            opinions.ask(
                town.officer, project_id, kind=kind, name=name, email=f"{slug}-{project_id}@demonstration.example", due_on=days.on(13)
            ).id
            for kind, name, slug in (
                ("service", "Voirie", "voirie"), ("service", "Espaces verts", "espaces-verts"), ("owner", "Le propriétaire du lieu", "bailleur"),
            )
        ]  # fmt: skip
    with days.at(-1, 15):
        opinions.answer(
            asked[0], verdict="conditional", reason="D’accord si le passage garde 1,40 m de large.", signature="Service voirie"
        )
        opinions.answer(asked[2], verdict="favourable", reason="", signature="Agence du bailleur")


def _walk(town: "Town") -> None:
    days, quarter, officer = town.stage.days, town.places[0], town.officer
    with days.at(-9, 18):
        walk = walks.open_walk(
            officer, town.fund.id, perimeter_id=quarter.perimeter_id, title=f"Marche du soir, {quarter.name}", held_on=days.on(-9),
            people="Neuf habitantes et habitants, le gardien de la résidence, les services voirie et propreté.",
        )  # fmt: skip
        for kind, sentence, place in POINTS:
            spot = quarter.spot(town.stage.cast.dice)
            walks.add_point(officer, walk.id, Seen(kind, sentence, place, spot.lon, spot.lat))
        walks.close(officer, walk.id)
    with days.at(-8, 10):
        for number, service in ((2, "Voirie"), (3, "Réseaux et éclairage")):
            walks.send(officer, walk.id, number, service=service)
        walks.offer(officer, walk.id, 4, email="voisine@demonstration.example")
    with days.at(-3, 10):
        walks.settle(officer, walk.id, 2, answer="La grille est scellée depuis jeudi.", is_done=True)
        walks.settle(officer, walk.id, 3, answer="Pièces commandées, pose dans trois semaines.", is_done=False)
