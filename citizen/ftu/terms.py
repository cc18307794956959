"""What a commune sets in the rules of its works fund: every number and list, with the default a new ruleset starts from."""

from dataclasses import dataclass
from datetime import timedelta

from citizen.ballots.rules import MOST_CHOICES, RULES, TIES
from citizen.committees.terms import COMMITTEE, VOTE, CommitteeTerms
from citizen.ftu.bench import ITEMS
from citizen.kernel.scheme import TermKind as Kind
from citizen.kernel.scheme import specs_of, term
from citizen.kernel.words import N_, Words

# Source: règlements FTU de Roubaix (2016) et de Loos.
THEMES = (
    N_("Sécurité des lieux"),
    N_("Qualité de l’environnement"),
    N_("Propreté et entretien"),
    N_("Convivialité des lieux ouverts à tous"),
)
WAYS = tuple((name, rule.title) for name, rule in RULES.items())


SERVICES = (
    N_("Voirie"),
    N_("Réseaux et éclairage"),
    N_("Espaces verts"),
    N_("Propreté"),
    N_("Accessibilité et sécurité"),
)
LINKS = {
    "lives": N_("J’habite le quartier"),
    "works": N_("Je travaille dans le quartier"),
    "studies": N_("J’étudie dans le quartier"),
}

ROLES = (
    ("none", N_("ne se réunit pas : le vote, puis la commune")),
    ("before", N_("donne son avis avant le vote : un projet à l’avis défavorable n’est pas mis au vote")),
    ("after", N_("donne son avis après le vote, avant la commune")),
    ("decides", N_("choisit les projets à la place du vote")),
)


@dataclass(frozen=True)
class Terms(CommitteeTerms):
    """One version of a commune's rules. No regional figure is published for this fund: each default is the commune's to set."""

    committee_role: str = term(
        "none", Kind.CHOICE, N_("Le comité de gestion urbaine"),
        N_("Dans les deux règlements connus (Roubaix, Loos), le comité décide et le vote des habitants est consultatif."),
        choices=ROLES, group=COMMITTEE,
    )  # fmt: skip
    bearer_presence_required: bool = term(
        False, Kind.YES_NO, N_("La présence d’un porteur devant le comité est obligatoire"), group=COMMITTEE
    )
    sessions_per_year: int = term(
        0, Kind.COUNT, N_("Séances ordinaires par an, au moins"), N_("0 : le règlement n’en promet pas."), group=COMMITTEE
    )
    voting_colleges: list[str] = term(
        [N_("Habitants"), N_("Élus"), N_("Services de la commune"), N_("Bailleurs")], Kind.LINES, N_("Collèges qui votent"),
        N_("Un par ligne."), group=COMMITTEE,
    )  # fmt: skip
    advisory_colleges: list[str] = term(
        [], Kind.LINES, N_("Collèges de droit, sans vote"), N_("Un par ligne."), group=COMMITTEE
    )
    committee_notice_days: int = term(
        0, Kind.DAYS, N_("Inscription à une séance après le dépôt"), N_("Nombre de jours."), group=COMMITTEE
    )
    themes: list[str] = term(list(THEMES), Kind.LINES, N_("Thèmes"), N_("Un par ligne."))
    max_cost_cents: int | None = term(
        20_000_00, Kind.EUROS, N_("Coût maximum d’un projet"), N_("Aucun texte régional ne le fixe.")
    )
    region_rate_percent: int | None = term(
        None, Kind.PERCENT, N_("Part de la Région, au plus"),
        N_("Aucun texte publié ne la fixe : écrivez celle de votre convention. Vide : non fixée."),
    )  # fmt: skip
    min_answer_length: int = term(20, Kind.COUNT, N_("Longueur minimum d’une réponse"), N_("En caractères."))
    who_proposes: list[str] = term([N_("Habiter le quartier, y travailler ou y étudier.")], Kind.LINES, N_("Qui peut proposer"))
    proposer_links: list[str] = term(
        list(LINKS), Kind.CHOICES, N_("Lien avec le quartier de qui propose"),
        N_("La personne déclare le sien en proposant son idée, et il est affiché."), choices=tuple(LINKS.items()),
    )  # fmt: skip
    min_age_to_propose: int = term(
        0, Kind.COUNT, N_("Âge minimum pour proposer"), N_("En années. 0 : aucun âge n’est demandé.")
    )
    min_supports: int = term(
        0, Kind.COUNT, N_("Soutiens nécessaires pour aller à l’étude"), N_("0 : toutes les idées complètes sont étudiées.")
    )
    services: list[str] = term(
        list(SERVICES), Kind.LINES, N_("Services consultés pendant l’étude"), N_("Un par ligne.")
    )  # fmt: skip
    prices: list[str] = term(
        list(ITEMS), Kind.LINES, N_("Barème des prix"),
        N_("Une ligne par chose : nom ; unité ; prix bas ; prix haut. Il sert tant que trop peu de travaux sont connus."),
    )  # fmt: skip
    opinion_days: int = term(
        15, Kind.DAYS, N_("Délai proposé pour un avis"), N_("En jours, pour un service ou un propriétaire.")
    )
    who_votes: list[str] = term(
        [N_("J’habite la commune, j’y travaille ou j’y étudie.")], Kind.LINES, N_("Qui peut voter"),
        N_("La phrase que chaque personne déclare en votant."),
    )  # fmt: skip
    min_age_to_vote: int = term(0, Kind.COUNT, N_("Âge minimum pour voter"), N_("En années. 0 : aucun âge n’est demandé."))
    names_kept_days: int = term(
        60, Kind.DAYS, N_("Noms de la liste des votants, gardés après le résultat"),
        N_("En jours : le temps d’un recours. Ensuite les noms sont effacés, les nombres restent."),
    )  # fmt: skip
    max_choices: int = term(3, Kind.COUNT, N_("Choix par personne, au plus"), N_("Entre 1 et 10."))
    min_votes: int = term(1, Kind.COUNT, N_("Voix nécessaires pour être retenu"))
    rule: str = term(
        "greedy:cost", Kind.CHOICE, N_("La règle qui décide du vote"), N_("Elle ne change plus une fois le vote annoncé."),
        choices=WAYS,
    )  # fmt: skip
    compared: list[str] = term(
        [], Kind.CHOICES, N_("Règles comparées après le vote"),
        N_("Pour information : seule la règle qui décide fait le résultat."), choices=WAYS,
    )  # fmt: skip
    ties: str = term(
        "cheaper,lodged", Kind.CHOICE, N_("À égalité de voix, passe d’abord"),
        N_("Un tirage au sort suit un nombre public, annoncé avant le vote."), choices=tuple(TIES.items()),
    )  # fmt: skip
    has_each_sector: bool = term(
        False, Kind.YES_NO, N_("Au moins un projet par quartier"), N_("Le mieux placé de chaque quartier est servi d’abord."),
    )  # fmt: skip

    @property
    def electorate(self) -> list[str]:
        """What each person declares in order to vote."""
        return [*self.who_votes, *_aged(self.min_age_to_vote)]

    @property
    def proposers(self) -> list[str]:
        """What each person declares in order to propose."""
        return [*self.who_proposes, *_aged(self.min_age_to_propose)]

    @property
    def has_committee(self) -> bool:
        return self.committee_role != "none"

    @property
    def notice(self) -> timedelta:
        """Between the lodging and the session."""
        return timedelta(days=self.committee_notice_days)

    @property
    def choices(self) -> int:
        """Choices per person that a ballot can really hold."""
        return min(max(self.max_choices, 1), MOST_CHOICES)


def _aged(years: int) -> list[str]:
    return [Words("J’ai au moins %(years)d ans.", years=years)] if years else []


SPECS = tuple(sorted(specs_of(Terms), key=lambda spec: spec.group in (COMMITTEE, VOTE)))
