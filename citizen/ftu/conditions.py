"""What is judged around the study: enough supports, the owner's word."""

from typing import TYPE_CHECKING

from citizen.ftu.terms import Terms
from citizen.kernel.findings import Finding
from citizen.kernel.words import N_, Words
from citizen.projects.rules import finding

if TYPE_CHECKING:
    from citizen.ftu.rules import Facts

RULES = N_("Règlement du fonds de travaux de la commune")


def supported(facts: "Facts", terms: Terms) -> Finding:
    """Enough residents support the idea for the services to study it. Source: règlement du fonds (soutiens)."""
    return finding(
        "ftu-supports", facts.supports >= terms.min_supports, N_("Assez de personnes soutiennent l’idée"),
        Words("Soutiens aujourd’hui : %(count)d.", count=facts.supports),
        Words("Il faut %(least)d soutiens pour aller à l’étude.", least=terms.min_supports) if terms.min_supports
        else N_("Le règlement ne demande pas de soutiens."),
        RULES, N_("Faites connaître l’idée autour de vous : un soutien se donne sur sa page."),
    )  # fmt: skip
