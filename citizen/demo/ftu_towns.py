"""The four communes of the demonstration that hold a works fund, and their campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from citizen.demo.ftu_gather import BENCH
from citizen.ftu.phases import Phase
from citizen.projects.steps import S


@dataclass(frozen=True)
class Round:
    """A campaign: four days counted from today, how many works reach the vote, what stopped before, what follows the count.

    ``voters`` 0: nobody has voted yet. ``outcomes``: how far each work retained goes, in the order of the count.
    """

    name: str
    opens: int
    closes: int
    vote_opens: int
    vote_closes: int
    envelope: int
    on_ballot: int = 0
    stopped: tuple[S, ...] = ()
    voters: int = 0
    outcomes: tuple[S, ...] = ()
    phases: Mapping[Phase, tuple[int, int]] = field(default_factory=dict)
    is_listed: bool = False  # the commune's list votes, by letters with a code

    @property
    def is_counted(self) -> bool:
        return self.vote_closes < 0 and self.voters > 0


@dataclass(frozen=True)
class TownStory:
    """A commune and its quarters; ``act`` is the kind of its acts."""

    commune: str
    quarters: tuple[str, ...]
    act: str
    rounds: tuple[Round, ...]
    terms: dict[str, Any] = field(default_factory=dict)


def _last_year(envelope: int, outcomes: tuple[S, ...], voters: int) -> Round:
    return Round("1re campagne", -420, -360, -330, -310, envelope, 7, (S.INADMISSIBLE,), voters, outcomes)


TOWNS = (
    TownStory("Loos", ("Les Oliveaux", "Clémenceau-Kiener"), "deliberation", (
        _last_year(34000, (S.CLOSED, S.REPORT_SUBMITTED, S.SELECTED, S.GRANTED, S.CLOSED), 34),
        Round("2e campagne", -125, -60, -6, 15, 40000, 8, (S.INADMISSIBLE, S.WITHDRAWN), 29),
        Round("3e campagne", -14, 60, 100, 120, 40000, 0,
              (S.SUBMITTED, S.SUBMITTED, S.ADMISSIBLE, S.INCOMPLETE, S.DRAFT, S.IDEA, S.IDEA, S.IDEA, S.IDEA, S.IDEA),
              phases={Phase.SUPPORT: (-10, 70), Phase.STUDY: (71, 95), Phase.COMMITTEE: (125, 125), Phase.VALIDATION: (130, 160),
                      Phase.WORKS: (170, 300)}),
    ), {"prices": BENCH, "max_choices": 3, "committee_role": "after", "compared": ["greedy:card", "mes_greedy:cost", "mes_add1_greedy:cost"]}),
    TownStory("Tourcoing", ("La Bourgogne", "Épidème-Villas-Couteaux"), "decision", (
        _last_year(45000, (S.CLOSED, S.CLOSED, S.CANCELLED, S.GRANTED, S.CLOSED), 31),
        Round("2e campagne", -140, -80, -45, -13, 38000, 7, (S.INADMISSIBLE,), 27, (S.SELECTED, S.GRANTED, S.REJECTED, S.SELECTED)),
    ), {
        "max_choices": 4, "min_votes": 5, "max_cost_cents": 25_000_00, "rule": "mes_add1_greedy:cost", "ties": "cheaper,draw", "has_each_sector": True,
        "compared": ["greedy:cost", "greedy:card", "mes_greedy:cost"],
    }),
    TownStory("Haubourdin", ("Le Parc",), "deliberation", (
        _last_year(26000, (S.CLOSED, S.REJECTED, S.CLOSED, S.GRANTED), 14),
        Round("2e campagne", -35, 40, 75, 95, 25000, 0,
              (S.DRAFT, S.SUBMITTED, S.SUBMITTED, S.SUBMITTED, S.INCOMPLETE, S.ADMISSIBLE, S.ADMISSIBLE, S.INADMISSIBLE, S.WITHDRAWN)),
    ), {"max_choices": 2, "rule": "greedy_stop:cost", "compared": ["greedy:cost"]}),
    TownStory("Hazebrouck", ("Pasteur-Foch",), "decision", (
        _last_year(30000, (S.REPORT_SUBMITTED, S.CLOSED, S.GRANTED, S.CLOSED), 16),
        Round("2e campagne", -115, -48, 9, 30, 28000, 6),
    )),
)  # fmt: skip

SMALL_TOWNS = (
    TownStory("Loos", ("Les Oliveaux",), "deliberation", (
        Round("1re campagne", -420, -360, -330, -310, 36000, 4, (), 14, (S.CLOSED, S.SELECTED, S.GRANTED)),
        Round("2e campagne", -125, -60, -6, 15, 30000, 4, (), 12),
    )),
)  # fmt: skip

HOUSEHOLDS = Round("vote des foyers", -110, -50, -4, 12, 20000, 3, voters=17, is_listed=True)

NOT_FEASIBLE = (
    ("upkeep", "Le terrain porte une conduite de gaz : on ne peut ni creuser, ni planter. Une remise en état légère est possible avec la gestion urbaine de proximité."),
    ("renewal", "La place sera refaite dans le projet de renouvellement urbain : un petit aménagement serait démoli dans deux ans."),
    ("landlord", "Le pied d’immeuble appartient au bailleur, qui propose de le faire lui-même l’an prochain."),
)  # fmt: skip
IMPROVE = "Prévoir un cheminement sans ressaut depuis le trottoir : il est compris dans le coût."
VALIDATED = "Les travaux retenus par le vote sont inscrits au budget. Le chantier commence au printemps."
REFUSED = "Une étude de sol reçue après le vote interdit les fondations. La commune cherche un autre endroit avec l’équipe."
CANCELLED = "La résidence voisine est en travaux : le projet est reporté et l’argent revient à l’enveloppe."
COMPLETION = "Pouvez-vous indiquer l’emplacement exact sur la carte, et dire qui a les clés du portillon ?"
DRAW = "Loto du samedi qui suit la fermeture : les cinq boules, dans l’ordre croissant, séparées par des tirets"
DRAWN = "5-12-23-34-41"
ANNOUNCEMENT = "Chaque projet a été étudié par les services : le coût affiché est celui des travaux. Choisissez ceux qui comptent pour vous."
