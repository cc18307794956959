"""The four PIC funds of the demonstration, each with its own règlement, and the sessions of their committees."""

from dataclasses import dataclass, field
from typing import Any

from citizen.projects.steps import S


@dataclass(frozen=True)
class FundStory:
    """A fund, who keeps it, its quarters, its rules; ``former`` are the rules it had before, ``next`` those being drafted."""

    title: str
    association: str
    departement: str
    quarters: tuple[str, ...]
    room: str
    envelope: int
    terms: dict[str, Any] = field(default_factory=dict)
    former: dict[str, Any] = field(default_factory=dict)
    funders: tuple[tuple[str, int], ...] = (("Région Hauts-de-France", 50), ("Commune", 50))
    sector: str = ""  # a sub-fund
    next: dict[str, Any] = field(default_factory=dict)


FUNDS = (
    FundStory(
        "PIC de Loos", "Les Voisins des Oliveaux", "59", ("Les Oliveaux", "Clémenceau-Kiener"), "Maison du projet, Loos", 16000,
        {"max_amount_cents": [900_00, 400_00], "filing_notice_days": 15},
        {"max_amount_cents": [750_00], "filing_notice_days": 21, "max_requests_per_year": 1},
        (("Région Hauts-de-France", 70), ("Ville de Loos", 30)),
        next={"max_amount_cents": [600_00, 300_00], "min_bearers": 4, "min_households": 3, "ballot": "secret"},
    ),
    FundStory(
        "PIC de Croix", "Conseil citoyen Saint-Pierre", "59", ("Saint-Pierre",), "Salle Allende, Croix", 12000,
        {"max_amount_cents": [700_00], "individual_allowed": True, "filing_notice_days": 7, "max_rate_percent": 90},
    ),
    FundStory(
        "PIC d’Amiens", "Amiens Initiatives de quartier", "80", ("Étouvie", "Elbeuf-Lescouvé"), "Maison d’Étouvie, Amiens", 18000,
        {"max_amount_cents": [1000_00, 500_00], "filing_notice_days": 12, "decision_delay_days": 45, "instalments": [70, 30]},
        funders=(("Région Hauts-de-France", 60), ("Amiens Métropole", 30), ("État", 10)), sector="PIC d’Amiens, secteur ouest",
    ),
    FundStory(
        "PIC de la Côte", "Fonds citoyen de la Côte", "62", ("Chemin Vert", "Les Vérotières"), "Centre social, Boulogne-sur-Mer", 14000,
        {"max_amount_cents": [800_00], "filing_notice_days": 10, "max_price_cents": None, "min_households": 3},
    ),
)  # fmt: skip

# (day of the session, how far each of its projects has gone): -6 is six days before today.
SESSIONS: tuple[tuple[int, tuple[S, ...]], ...] = (
    (-430, (S.CLOSED, S.CLOSED, S.REJECTED)),
    (-330, (S.CLOSED, S.CLOSED, S.CANCELLED)),
    (-230, (S.CLOSED, S.CLOSED, S.GRANTED)),
    (-112, (S.GRANTED, S.CLOSED, S.REPORT_SUBMITTED)),
    (-52, (S.REPORT_SUBMITTED, S.REPORT_SUBMITTED, S.GRANTED, S.REJECTED)),
    (-6, (S.GRANTED, S.GRANTED, S.DEFERRED)),
    (0, (S.ADMISSIBLE, S.ADMISSIBLE, S.ADMISSIBLE)),
    (17, (S.ADMISSIBLE,)),
    (45, ()),
)  # fmt: skip
# What waits for no session yet.
OUTSIDE = (S.DRAFT, S.SUBMITTED, S.SUBMITTED, S.INCOMPLETE, S.INADMISSIBLE, S.WITHDRAWN)

SMALL_SESSIONS = (
    (-270, (S.CLOSED, S.GRANTED)),
    (-52, (S.REPORT_SUBMITTED, S.REPORT_SUBMITTED, S.REPORT_SUBMITTED, S.REJECTED)),
    (-6, (S.GRANTED, S.DEFERRED)),
    (0, (S.ADMISSIBLE,)),
    (17, (S.ADMISSIBLE,)),
)
SMALL_OUTSIDE: tuple[S, ...] = (S.DRAFT, S.SUBMITTED)

PUBLICITY = (
    "Affiches dans tous les halls et chez les commerçants, trois semaines avant.",
    "Un mot dans les cartables, et le bouche-à-oreille au marché du jeudi.",
    "Porte-à-porte par deux, et annonce à la sortie de l’école.",
    "Affiches en quatre langues et message au groupe des parents.",
)
ACCESS = (
    "Le lieu est de plain-pied ; un voisin va chercher qui ne peut pas venir seul.",
    "Un accueil calme à l’écart du bruit, et des sièges pour qui fatigue vite.",
    "Une personne qui signe sera présente ; le passage fait plus d’un mètre.",
    "Nous avons demandé l’avis de l’association des aveugles : annonces à voix haute.",
)
TASKS = (
    "Deux s’occupent des devis, un du budget, tout le monde fait l’affichage et le rangement.",
    "Chacun prend un commerçant ou un service à appeler, et on se raconte le mardi soir.",
    "Les jeunes préparent les annonces, les parents les achats, les anciens l’accueil.",
)
# Why the committee said so: by condition, when it holds.
MET = {
    "active-citizenship": ("L’équipe a demandé les devis elle-même et a présenté son budget sans aide.", "Tâches partagées, présentation claire : le groupe apprend en faisant."),
    "collective-interest": ("Plusieurs foyers, entrée libre, annonces dans tout le quartier.", "Le projet est ouvert à tous et personne n’en tire d’argent."),
    "local-need": ("Le besoin vient d’un porte-à-porte et la date est proche.", "Des habitants l’ont demandé, et cela ne peut pas attendre un an."),
}  # fmt: skip
GRANTED = (
    "Le comité soutient un projet bien préparé, ouvert à tout le quartier.",
    "Projet utile, budget juste, équipe solide : le comité accorde l’aide demandée.",
    "Le comité a aimé la manière dont les tâches sont partagées. Il viendra le jour même.",
)
REFUSED = (
    "collective-interest",
    "Le projet profite surtout à un petit groupe déjà constitué.",
    "Le comité ne peut pas aider une action réservée à quelques familles. Ouvrez-la au quartier et revenez : nous vous aiderons.",
)
DEFERRED = (
    "local-need",
    "Le comité voudrait savoir qui a demandé ce projet.",
    "qui en a parlé dans le quartier, et une date confirmée.",
)
NOT_ADMITTED = "Un achat d’équipement durable ne peut pas être payé par le PIC : le fonds de travaux urbains convient mieux."
