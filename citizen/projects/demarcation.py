"""Not this one, but that one: the dividing lines between schemes, city contracts and mainstream policies, as data.

Source: cadre régional 2024-2030, articulation du droit commun et des crédits spécifiques.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from citizen.kernel.words import N_, plain

FRAME = N_("Cadre régional 2024-2030, droit commun et crédits spécifiques")
PLACES = {
    "pic": N_("Un projet d’initiative citoyenne (PIC)"),
    "ftu": N_("Le fonds de travaux urbains (FTU)"),
    "nqe": N_("Nos Quartiers d’Été (NQE)"),
    "city": N_("Le contrat de ville"),
    "mainstream": N_("Une politique ordinaire"),
}


@dataclass(frozen=True)
class Boundary:
    """What leads elsewhere (words, accounts, checks that fail), where it fits, and what is said of it."""

    slug: str
    fits: str  # a key of PLACES
    name: str
    message: str
    hints: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    source: str = FRAME

    @property
    def is_scheme(self) -> bool:
        """Whether the file can be carried over here."""
        return self.fits in ("pic", "ftu", "nqe")


def _of(slug: str, fits: str, name: str, message: str, *hints: str) -> Boundary:
    return Boundary(slug, fits, name, message, hints)


BOUNDARIES = (
    Boundary(
        "durable", "ftu", N_("le fonds de travaux urbains"),
        N_("Ce qui reste dans le quartier, banc, jeux ou plantations, relève du fonds de travaux urbains."),
        ("amenagement", "travaux", "mobilier urbain"), frozenset({"21"}), frozenset({"pic-running-costs"}),
    ),
    Boundary(
        "moment", "pic", N_("un projet d’initiative citoyenne"),
        N_("Un moment à vivre entre habitants, avec des dépenses courantes, relève d’un projet d’initiative citoyenne."),
        failed=frozenset({"ftu-investment", "bearer", "season"}),
    ),
    Boundary(
        "season", "nqe", N_("Nos Quartiers d’Été"),
        N_("Une suite de rendez-vous gratuits pendant l’été, à plusieurs associations, relève de Nos Quartiers d’Été."),
        ("tout l ete", "juillet et aout", "saison d ete", "programmation de l ete"),
    ),
    Boundary(
        "too-big", "city", N_("la programmation du contrat de ville"),
        N_("Le montant ou le nombre de demandes dépasse ce que ce dispositif permet. La programmation annuelle du contrat de ville"
           " soutient des actions plus grandes."),
        failed=frozenset({"pic-cap", "pic-requests", "cap", "ftu-cap"}),
    ),
    _of("first-steps", "city", N_("le contrat de ville, volet emploi"),
        N_("Lever les premiers freins à l’emploi est soutenu par le contrat de ville."),
        "freins a l emploi", "retour a l emploi", "decouverte des metiers"),
    _of("business-ideas", "city", N_("le contrat de ville, volet économique"),
        N_("Faire naître des idées d’activité est soutenu par le contrat de ville."), "idees d entreprise", "envie d entreprendre"),
    _of("sports-surroundings", "city", N_("le contrat de ville, cadre de vie"),
        N_("Les abords d’un équipement sportif relèvent du contrat de ville."), "abords du stade", "abords du gymnase"),
    _of("yearly-culture", "city", N_("le contrat de ville, volets culture, santé et numérique"),
        N_("Une action de culture, de santé ou de numérique menée toute l’année relève du contrat de ville."),
        "toute l annee", "chaque semaine", "mediation numerique"),
    _of("training", "mainstream", N_("le programme régional de formation (PRF)"),
        N_("Une formation qui donne un diplôme relève du programme régional de formation."), "formation qualifiante", "diplom"),
    _of("guidance", "mainstream", N_("le service régional d’orientation (SIEG)"),
        N_("L’orientation professionnelle relève du service régional d’orientation."), "orientation professionnelle"),
    _of("young-jobs", "mainstream", N_("la Mission locale, l’école de la 2e chance ou le PLIE"),
        N_("L’accompagnement vers l’emploi relève de la Mission locale, de l’école de la 2e chance ou du PLIE."),
        "mission locale", "deuxieme chance", "2e chance", "plie "),
    _of("business", "mainstream", N_("l’aide régionale à la création d’entreprise (STARTER)"),
        N_("Créer son entreprise relève de l’aide régionale à la création d’entreprise."),
        "creation d entreprise", "creer mon entreprise", "creer son entreprise", "creer notre entreprise"),
    _of("insertion", "mainstream", N_("l’insertion par l’activité économique"),
        N_("Le fonctionnement d’un chantier ou d’un atelier d’insertion relève de l’insertion par l’activité économique."),
        "chantier d insertion", "atelier d insertion"),
    _of("schools", "mainstream", N_("les aides de la Région aux lycées (PEPS)"),
        N_("Un projet artistique mené par un lycée relève des aides de la Région aux lycées."), "lycee", "lyceen"),
    _of("stages", "mainstream", N_("les dispositifs culturels de la Région (PRAC, Haute-Fréquence)"),
        N_("Un festival ou une tournée d’artistes professionnels relève des dispositifs culturels de la Région."),
        "haute frequence", "tournee professionnelle"),
    _of("prevention", "mainstream", N_("les programmes régionaux de prévention"),
        N_("La prévention du diabète, du cœur, des addictions ou de la santé environnementale relève des programmes régionaux."),
        "addiction", "diabete", "cardio"),
    _of("networks", "mainstream", N_("les aides aux associations de plusieurs communes (INAS, 4TIL)"),
        N_("L’action d’une association sur plusieurs communes relève d’abord des aides régionales aux associations."),
        "plusieurs communes", "tout le departement", "toute la region"),
    _of("buildings", "mainstream", N_("le fonds pour les bâtiments exemplaires (FRATRI)"),
        N_("Rénover un bâtiment relève du fonds pour les bâtiments exemplaires."), "renovation energetique", "renovation du batiment"),
    _of("driving", "mainstream", N_("les aides à la mobilité et au permis"),
        N_("Le permis de conduire et les plateformes de mobilité ont leurs propres aides."), "permis de conduire", "auto ecole"),
    _of("third-places", "mainstream", N_("les aides aux tiers-lieux"), N_("Un tiers-lieu a sa propre aide régionale."), "tiers lieu"),
    _of("sports", "mainstream", N_("les aides aux équipements sportifs de proximité"),
        N_("Un terrain ou un équipement de sport relève des aides aux équipements sportifs de proximité."),
        "city stade", "terrain de sport", "equipement sportif"),
    _of("health-centres", "mainstream", N_("les aides aux maisons et centres de santé"),
        N_("Une maison de santé en zone peu dotée a sa propre aide."), "maison de sante", "centre de sante"),
    Boundary(
        "structure", "mainstream", N_("la subvention ordinaire de la commune"),
        N_("Les salaires et les frais d’une structure relèvent de sa subvention ordinaire, que la commune ou un autre financeur"
           " verse chaque année."),
        accounts=frozenset({"641", "645", "CHGFIXE"}), failed=frozenset({"pic-unpaid"}),
    ),
    Boundary(
        "elsewhere", "mainstream", N_("l’aide de la commune où le projet se passe"),
        N_("Le projet se passe hors des quartiers concernés. La commune peut avoir une aide pour la vie associative."),
        failed=frozenset({"place-eligible", "ftu-place"}),
    ),
)  # fmt: skip
_BY_SLUG = {boundary.slug: boundary for boundary in BOUNDARIES}


def boundary(slug: str) -> Boundary | None:
    """The dividing line of this name."""
    return _BY_SLUG.get(slug)


def from_scheme(scheme: str) -> list[Boundary]:
    """Those that lead out of this scheme."""
    return [one for one in BOUNDARIES if one.fits != scheme]


def proposals(scheme: str, text: str, accounts: Iterable[str], failed: Iterable[str]) -> list[Boundary]:
    """Where a file fits better: what its failed checks and its accounts say first, then its words."""
    said, spent, missing = f" {plain(text)} ", set(accounts), set(failed)
    known = from_scheme(scheme)
    sure = [one for one in known if one.failed & missing or one.accounts & spent]
    return sure + [one for one in known if one not in sure and any(f" {hint}" in said for hint in one.hints)]
