"""The leads and the three editions of « Nos quartiers d'été » in the demonstration: two summers past, one to come."""

from dataclasses import dataclass
from datetime import date

from citizen.projects.steps import S


@dataclass(frozen=True)
class Theme:
    """What an edition is about; its two axes follow the two links of every story."""

    title: str
    text: str
    axes: tuple[str, str]
    goals: tuple[S, ...]


# (association, département, its quarters: the first gives its name to the project)
LEADS = (
    ("Les Fenêtres ouvertes", "59", ("Les Oliveaux", "Clémenceau-Kiener")),
    ("Courant d’air, Tourcoing", "59", ("La Bourgogne", "Épidème-Villas-Couteaux")),
    ("Étouvie en fête", "80", ("Étouvie", "Elbeuf-Lescouvé")),
    ("Les Deux Rives de Croix", "59", ("Saint-Pierre", "La Bourgogne")),
    ("Marée haute", "62", ("Chemin Vert", "Les Vérotières")),
    ("Le Parc aux idées", "59", ("Le Parc", "Les Oliveaux")),
    ("Creil bouge ensemble", "60", ("Jaurès-Gare", "Montupet")),
    ("Le Houblon joyeux", "59", ("Pasteur-Foch",)),
    ("Terrils et tréteaux", "59", ("Boulevard de la Liberté", "Faubourg de Lille")),
    ("Europe, place aux voisins", "02", ("Europe",)),
    ("Au bord du quai", "59", ("Cœur de Ville",)),
)  # fmt: skip
DEROGATION_LEAD = 3  # the Region already helps its activities: it says why this is something else

THEMES = (
    Theme("Faire place au jeu", "Le jeu mélange les âges et les langues. Cette année, chaque place devient un terrain.",
          ("Jouer ensemble", "Jouer sans gaspiller"),
          (S.CLOSED, S.CLOSED, S.CLOSED, S.CLOSED, S.CANCELLED, S.CLOSED, S.REJECTED, S.CLOSED, S.CLOSED)),
    Theme("Des voisins de tous les pays", "Chaque quartier est un voyage. Cette année, on ouvre les cuisines, les mémoires et les chansons.",
          ("Se rencontrer", "Vivre l’été sobrement"),
          (S.CLOSED, S.REPORT_SUBMITTED, S.CLOSED, S.REPORT_SUBMITTED, S.GRANTED, S.CLOSED, S.CLOSED, S.REJECTED, S.GRANTED, S.CLOSED)),
    Theme("L’eau et l’ombre", "Les étés sont plus chauds. Cette année, on cherche la fraîcheur et on la partage.",
          ("Se retrouver au frais", "Préserver l’eau et l’énergie"),
          (S.GRANTED, S.GRANTED, S.ADMISSIBLE, S.GRANTED, S.SUBMITTED, S.GRANTED, S.INCOMPLETE, S.GRANTED, S.SUBMITTED,
           S.INADMISSIBLE, S.WITHDRAWN, S.DRAFT, S.DEFERRED)),
)  # fmt: skip
SMALL_GOALS = ((S.CLOSED,), (S.REPORT_SUBMITTED,), (S.GRANTED, S.SUBMITTED))
ENVELOPE = 100_000

GRANTED = (
    "Un programme généreux, écrit avec les habitants, et des temps forts qui relient les quartiers. La Région le soutient."
)
REJECTED = (
    "Le programme ne relie pas encore les quartiers et les crédits de l’année ne permettent pas d’aider tous les projets."
)
COMPLETION = "Il manque l’accord écrit d’un partenaire, et le plan de repli s’il pleut pour deux des dates."
NOT_ADMITTED = "Le projet tient en une seule journée dans une seule rue : un projet d’initiative citoyenne répond plus vite."
CANCELLED = "L’association a perdu la salle qui servait de repli à toutes les dates : la saison est annulée, l’aide revient à la Région."
DEROGATION = "L’aide que nous recevons paie l’accompagnement scolaire de l’année, pas l’été. Sans ce projet, rien n’existe ici de juillet à septembre."
STEERING = "Le premier lundi du mois, à la maison de quartier. Le groupe choisit les dates et les lieux, tient le budget et prépare le bilan."
DEROGATION_ANSWER = "L’été n’est pas couvert par l’aide annuelle : la dérogation est accordée."


@dataclass(frozen=True)
class Season:
    """The days of one edition."""

    year: int
    opens_on: date
    closes_on: date
    starts_on: date
    ends_on: date


def summer_ahead(today: date) -> int:
    """The year of the first summer that is still more than a month away."""
    return today.year if (date(today.year, 6, 21) - today).days > 30 else today.year + 1
