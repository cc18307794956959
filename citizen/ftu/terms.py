"""What a commune sets in the rules of its works fund: every number and list, with the default a new ruleset starts from."""

from dataclasses import dataclass

from citizen.ballots.rules import MOST_CHOICES
from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import specs_of, term
from citizen.kernel.words import N_

# Source: règlements FTU de Roubaix (2016) et de Loos.
THEMES = (
    N_("Sécurité des lieux"),
    N_("Qualité de l’environnement"),
    N_("Propreté et entretien"),
    N_("Convivialité des lieux ouverts à tous"),
)


@dataclass(frozen=True)
class Terms:
    """One version of a commune's rules. No regional figure is published for this fund: each default is the commune's to set."""

    themes: list[str] = term(list(THEMES), Kind.LINES, N_("Thèmes"), N_("Un par ligne."))
    max_cost_cents: int | None = term(
        20_000_00, Kind.EUROS, N_("Coût maximum d’un projet"), N_("Aucun texte régional ne le fixe.")
    )
    min_answer_length: int = term(20, Kind.COUNT, N_("Longueur minimum d’une réponse"), N_("En caractères."))
    who_proposes: list[str] = term([N_("Habiter le quartier, y travailler ou y étudier.")], Kind.LINES, N_("Qui peut proposer"))
    who_votes: list[str] = term(
        [N_("J’habite la commune, j’y travaille ou j’y étudie.")], Kind.LINES, N_("Qui peut voter"),
        N_("La phrase que chaque personne déclare en votant."),
    )  # fmt: skip
    max_choices: int = term(3, Kind.COUNT, N_("Choix par personne, au plus"), N_("Entre 1 et 10."))
    min_votes: int = term(1, Kind.COUNT, N_("Voix nécessaires pour être retenu"))
    cheaper_first: bool = term(
        True, Kind.YES_NO, N_("À égalité de voix, le moins cher passe d’abord"), N_("Sinon, c’est le premier déposé."),
    )  # fmt: skip
    skips_too_dear: bool = term(
        True, Kind.YES_NO, N_("Quand un projet ne tient plus dans l’enveloppe, le suivant est essayé"),
        N_("Sinon, le compte s’arrête là."),
    )  # fmt: skip

    @property
    def choices(self) -> int:
        """Choices per person that a ballot can really hold."""
        return min(max(self.max_choices, 1), MOST_CHOICES)


SPECS = specs_of(Terms)
