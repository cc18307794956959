"""What is judged around the study: enough supports, the owner's word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from citizen.ftu.terms import Terms
from citizen.kernel.findings import Finding
from citizen.kernel.words import N_, Words
from citizen.projects.rules import FRAME, finding

if TYPE_CHECKING:
    from citizen.ftu.rules import Facts

RULES = N_("Règlement du fonds de travaux de la commune")


class Land(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


LANDS = {Land.PUBLIC: N_("un lieu public"), Land.PRIVATE: N_("un terrain ou un immeuble privé (bailleur, copropriété…)")}


@dataclass(frozen=True)
class Verdict:
    """An answer, as a service says it and as an owner says it."""

    of_service: str
    of_owner: str
    tone: str


VERDICTS = {
    "favourable": Verdict(N_("Avis favorable"), N_("Oui, le propriétaire est d’accord"), "ok"),
    "conditional": Verdict(N_("Avis favorable, avec des conditions"), N_("Oui, avec des conditions"), "wait"),
    "unfavourable": Verdict(N_("Avis défavorable"), N_("Non, le propriétaire refuse"), "miss"),
}
ASKED = "asked"


GROUPS = {"women": N_("femmes"), "disabled": N_("personnes handicapées"), "seniors": N_("seniors")}
FOUND = {"ok": N_("bien pensé"), "improve": N_("à améliorer")}


def studied_inclusive(facts: "Facts", _terms: Terms) -> Finding:
    """The study says what it found for each group; what is to improve is said. Source: cadre régional 2024-2030, FTU (démarche inclusive)."""
    missing = [words for group, words in GROUPS.items() if not _is_judged(facts.inclusion_found.get(group))]
    return finding(
        "ftu-study-inclusive", not missing, N_("L’étude dit si le lieu est pensé pour toutes et tous"),
        Words("À dire : %(who)s.", who=", ".join(missing)) if missing else N_("Les trois groupes sont étudiés."),
        N_("L’étude dit ce qu’elle a trouvé pour les femmes, les personnes handicapées et les seniors."), FRAME,
        N_("Pour chacun, dites si c’est bien pensé, ou ce qu’il faut améliorer."),
    )  # fmt: skip


def _is_judged(found: Sequence[str] | None) -> bool:
    if not found:
        return False
    verdict, words = found
    return verdict in FOUND and (verdict == "ok" or bool(words.strip()))


def supported(facts: "Facts", terms: Terms) -> Finding:
    """Enough residents support the idea for the services to study it. Source: règlement du fonds (soutiens)."""
    return finding(
        "ftu-supports", facts.supports >= terms.min_supports, N_("Assez de personnes soutiennent l’idée"),
        Words("Soutiens aujourd’hui : %(count)d.", count=facts.supports),
        Words("Il faut %(least)d soutiens pour aller à l’étude.", least=terms.min_supports) if terms.min_supports
        else N_("Le règlement ne demande pas de soutiens."),
        RULES, N_("Faites connaître l’idée autour de vous : un soutien se donne sur sa page."),
    )  # fmt: skip


def owner_agrees(facts: "Facts", _terms: Terms) -> Finding:
    """On private land the owner agreed in writing, or by the link that was mailed. Source: cadre régional 2024-2030, FTU (espaces privés)."""
    is_agreed = facts.owner in ("favourable", "conditional") or (facts.agreements > 0 and facts.owner != "unfavourable")
    is_awaited = facts.land is Land.PRIVATE and facts.owner == ASKED and not is_agreed
    is_met = None if facts.land is None or is_awaited else facts.land is Land.PUBLIC or is_agreed
    found = finding(
        "ftu-owner", is_met, N_("Le propriétaire est d’accord"), _owner_fact(facts, is_agreed=is_agreed),
        N_("Sur un terrain privé ouvert à tous, le propriétaire donne son accord par écrit."), FRAME,
        N_("Dites à qui est le lieu. S’il est privé, demandez l’accord du propriétaire par courriel, ou joignez-le aux documents."),
    )  # fmt: skip
    if is_awaited:
        return replace(found, is_awaited=True, todo=N_("Vous pouvez déposer : la réponse du propriétaire est attendue."))
    return found


def _owner_fact(facts: "Facts", *, is_agreed: bool) -> str:
    if facts.land is None:
        return N_("Vous n’avez pas encore dit à qui est le lieu.")
    if facts.land is Land.PUBLIC:
        return N_("Le lieu est public.")
    if facts.owner in VERDICTS:
        return Words("Le lieu est privé. Réponse reçue : %(verdict)s.", verdict=VERDICTS[facts.owner].of_owner.lower())
    if is_agreed:
        return N_("Le lieu est privé et l’accord du propriétaire est joint.")
    if facts.owner == ASKED:
        return N_("Le lieu est privé et le propriétaire n’a pas encore répondu.")
    return N_("Le lieu est privé et aucun accord du propriétaire n’est joint.")
