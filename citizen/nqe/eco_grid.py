"""The eco-responsibility grid: lines of a ruleset, each worth 0, 1 or 2 points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What a ruleset starts from; the Region writes its own. No official grid is published: these lines come from
# the rev3 axes of the frame and the axes of the 2017 edition.
DEFAULT_GRID = (
    "Un lieu adapté : choisissez un lieu à la taille du public, sans abîmer les espaces verts.",
    "Venir sans voiture : donnez les horaires de bus, prévoyez où attacher les vélos, organisez le covoiturage.",
    "Manger local : cuisinez de saison avec des producteurs proches, redistribuez les restes.",
    "Zéro jetable : empruntez des gobelets et de la vaisselle lavables, triez, compostez.",
    "Moins de papier : annoncez d’abord par téléphone et affichage, imprimez peu et recyclé.",
    "Réemploi : empruntez ou réparez le matériel, achetez près d’ici et à l’économie solidaire.",
    "Eau et énergie : limitez le groupe électrogène, prévoyez l’eau du robinet.",
    "Pour tous : rendez le lieu accessible aux fauteuils et aux poussettes, prévoyez du matériel pour les enfants.",
    "Le bruit : prévenez les voisins, baissez le son le soir.",
    "Faire comprendre : proposez un atelier ou un jeu sur le climat, le tri ou l’énergie.",
    "Compter : pesez les déchets et comptez ce qui a été réemployé, pour le bilan.",
)


@dataclass(frozen=True)
class EcoLine:
    """One line: what is looked at, and how to do better."""

    title: str
    advice: str


def eco_lines(grid: Iterable[str]) -> list[EcoLine]:
    """The grid as kept in a ruleset, « titre : conseil » on each line."""
    parts = (line.partition(" : ") for line in grid if line.strip())
    return [EcoLine(title.strip(), advice.strip()[:1].upper() + advice.strip()[1:]) for title, _colon, advice in parts]


def eco_score(scores: Mapping[str, int], lines: Iterable[EcoLine]) -> int:
    """The points of the lines of this grid; what was scored under another grid does not count."""
    return sum(max(0, min(2, scores.get(line.title, 0))) for line in lines)
