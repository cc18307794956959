"""Summers that were held before this site: only what was really read of them, each with where it was read."""

from dataclasses import dataclass

from citizen.kernel.words import N_


@dataclass(frozen=True)
class PastSummer:
    """A year's theme as it was announced; its axes when they are known."""

    year: int
    theme: str
    axes: tuple[str, ...]
    source: str


# The themes of the other years were not found: nothing is written in their place.
KNOWN = (
    PastSummer(2022, N_("Les Hauts-de-France, terre de jeux"), (), N_("Région, bilan de l’édition 2022")),
    PastSummer(
        2017, N_("Rev3, la transition climatique et énergétique"),
        (N_("gaspillage alimentaire"), N_("circuits courts"), N_("consommation responsable"), N_("usage et réemploi"), N_("énergie"),
         N_("ressources")),
        N_("Région, notice de l’édition 2017"),
    ),
    PastSummer(
        2014, N_("Bien vivre ensemble"),
        (N_("droits et devoirs"), N_("respect"), N_("solidarité entre générations"), N_("environnement"), N_("mixité"),
         N_("rencontre des adultes")),
        N_("Région Nord-Pas de Calais, guide de l’édition 2014"),
    ),
)  # fmt: skip
