"""What the dashboard counts: each indicator with its words, its unit and its source; which small numbers are not shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from citizen.kernel.words import N_

FEW = 11  # below it, a number of people could say who somebody is


class Unit(StrEnum):
    COUNT = "count"
    EUROS = "euros"  # cents
    DAYS = "days"
    PERCENT = "percent"
    RATE = "rate"  # so many for a thousand residents


@dataclass(frozen=True)
class Indicator:
    """``rows`` is what each line of its table is; ``is_internal``: for those who steer the territory."""

    theme: str
    slug: str
    title: str
    unit: Unit
    rows: str
    definition: str
    source: str
    is_internal: bool = False


@dataclass(frozen=True)
class Row:
    """One line: ``value`` in the indicator's unit, None when it is not known, or hidden because too few people are in it."""

    label: str
    value: int | Fraction | None
    group: str = ""
    is_hidden: bool = False


FILES, REPORTS = N_("Dossiers du site"), N_("Bilans envoyés par les équipes")
MONEY, PROJECTS, DELAYS, ANSWERS = N_("L’argent"), N_("Les projets"), N_("Les délais"), N_("Les refus et leurs raisons")
PEOPLE, PLACES, STEERING = N_("Les habitants"), N_("Les lieux"), N_("Pour piloter")
UNITS = {
    Unit.COUNT: N_("nombre"), Unit.EUROS: N_("euros"), Unit.DAYS: N_("jours"), Unit.PERCENT: N_("pour cent"),
    Unit.RATE: N_("pour mille habitants"),
}  # fmt: skip
YEAR, SCHEME, STAGE = N_("Année"), N_("Dispositif"), N_("Étape")

INDICATORS = (
    Indicator(
        MONEY, "argent", N_("Aide accordée, par année"), Unit.EUROS, YEAR,
        N_("Aide accordée aux projets soutenus, à la date de la décision. Ce n’est pas encore ce qui a été payé. Les projets annulés ne comptent pas."),
        FILES,
    ),
    Indicator(
        MONEY, "argent-dispositif", N_("Aide accordée, par dispositif"), Unit.EUROS, SCHEME,
        N_("La même somme, répartie entre les dispositifs."), FILES,
    ),
    Indicator(
        MONEY, "argent-habitant", N_("Aide accordée par habitant des quartiers prioritaires"), Unit.EUROS, YEAR,
        N_("Aide accordée dans l’année, divisée par le nombre d’habitants des quartiers prioritaires du territoire en vigueur aujourd’hui. Les quartiers dont la population n’est pas connue ne comptent pas."),
        N_("Dossiers du site ; populations de l’Insee"),
    ),
    Indicator(
        PROJECTS, "projets", N_("Projets soutenus, par année"), Unit.COUNT, YEAR,
        N_("Projets dont l’aide est accordée, à la date de la décision, jusqu’à leur bilan accepté."), FILES,
    ),
    Indicator(
        PROJECTS, "projets-dispositif", N_("Projets soutenus, par dispositif"), Unit.COUNT, SCHEME,
        N_("Les mêmes projets, répartis entre les dispositifs."), FILES,
    ),
    Indicator(
        PROJECTS, "etapes", N_("Où en sont les projets"), Unit.COUNT, STAGE,
        N_("Tous les projets publics déposés pendant la période (les idées : écrites), selon leur étape d’aujourd’hui. Les brouillons et les projets retirés ne sont comptés nulle part."),
        FILES,
    ),
    Indicator(
        DELAYS, "delai-decision", N_("De l’idée à la décision"), Unit.DAYS, SCHEME,
        N_("Jours entre le premier mot écrit et la décision (accord ou refus), pour les décisions de la période. « La moitié » : un projet sur deux a attendu moins. « Neuf sur dix » : un sur dix a attendu plus."),
        FILES,
    ),
    Indicator(
        DELAYS, "delai-paiement", N_("De la décision au premier versement"), Unit.DAYS, SCHEME,
        N_("Jours entre la décision et le premier versement, pour les projets déjà payés."), N_("Registre des enveloppes"),
    ),
    Indicator(
        DELAYS, "delai-bilan", N_("De la fin du projet au bilan"), Unit.DAYS, SCHEME,
        N_("Jours entre le dernier jour prévu et l’envoi du bilan ; un bilan envoyé avant compte pour zéro."), REPORTS,
    ),
    Indicator(
        DELAYS, "promesses", N_("Promesses tenues"), Unit.PERCENT, N_("Promesse"),
        N_("Part des promesses tenues à la date dite, parmi celles dont la date est venue pendant ces années. PIC : réponse, premier versement et bilan, selon le règlement sous lequel chaque dossier a été déposé. FTU : les étapes des travaux, à la première date annoncée."),
        N_("Calendriers des dossiers, recomptés chaque jour"),
    ),
    Indicator(
        ANSWERS, "refus", N_("Projets qui n’ont pas été soutenus"), Unit.COUNT, STAGE,
        N_("Projets publics non recevables, refusés, ou non retenus par un vote, à la date de la réponse."), FILES,
    ),
    Indicator(
        ANSWERS, "refus-raisons", N_("Pourquoi un projet n’est pas soutenu"), Unit.COUNT, N_("Raison"),
        N_("PIC : la condition que le comité n’a pas jugée remplie au dernier passage ; un projet peut en manquer plusieurs. FTU : ce que l’étude de la commune conseille à la place. Le reste est motivé par écrit sur la page du projet."),
        FILES,
    ),
    Indicator(
        PEOPLE, "votes", N_("Bulletins pour mille habitants"), Unit.RATE, YEAR,
        N_("Bulletins comptés dans les votes dépouillés de l’année, pour mille habitants des communes qui ont voté. Un vote est celui d’une commune : il n’est pas réparti entre ses quartiers."),
        N_("Votes dépouillés ; populations de l’Insee"),
    ),
    Indicator(
        PEOPLE, "participants", N_("Participants et bénévoles"), Unit.COUNT, YEAR,
        N_("Participations et bénévoles que comptent les bilans envoyés, à l’année de la décision. Une personne venue à deux projets compte deux fois."),
        REPORTS,
    ),
    Indicator(
        PEOPLE, "porteurs", N_("Femmes et jeunes parmi les porteurs"), Unit.PERCENT, N_("Part des porteurs"),
        N_("Ce que les groupes ont bien voulu déclarer, sans nom, pour les projets soutenus. « Jeunes » : moins de 26 ans. Caché dès que moins de onze personnes sont d’un côté ou de l’autre."),
        N_("Déclarations facultatives des groupes"),
    ),
    Indicator(
        PLACES, "jamais-touches", N_("Quartiers où rien ne s’est passé"), Unit.COUNT, N_("Quartier"),
        N_("Quartiers en vigueur aujourd’hui où aucun projet soutenu n’a été décidé pendant la période. Un projet de l’été compte dans chaque quartier où il passe."),
        FILES,
    ),
    Indicator(
        PLACES, "chantiers", N_("Avant et après les travaux"), Unit.COUNT, YEAR,
        N_("Chantiers photographiés du même endroit avant et après, à l’année de la décision."), N_("Pages des chantiers"),
    ),
    Indicator(
        PLACES, "usages", N_("Un lieu utilisé après les travaux"), Unit.PERCENT, N_("Après l’ouverture"),
        N_("Part des réponses « oui, souvent » ou « oui, parfois » à l’enquête envoyée à ceux qui suivent un chantier. Caché en dessous de onze réponses."),
        N_("Enquêtes d’usage"),
    ),
    Indicator(
        STEERING, "enveloppes", N_("Les enveloppes"), Unit.EUROS, N_("Somme"),
        N_("Périodes de dépôt ouvertes pendant ces années, dont le fonds est du territoire : enveloppe, promis, payé, reste."),
        N_("Registre des enveloppes"), is_internal=True,
    ),
    Indicator(
        STEERING, "attentes", N_("Dossiers qui attendent une réponse"), Unit.COUNT, N_("Depuis"),
        N_("Dossiers déposés, recevables, retenus ou au vote aujourd’hui, selon l’ancienneté de leur dernière étape ; la période ne compte pas."),
        FILES, is_internal=True,
    ),
    Indicator(
        STEERING, "fonds-lents", N_("Les fonds où l’on attend le plus"), Unit.DAYS, N_("Fonds"),
        N_("Médiane des jours entre le dépôt et la décision, par fonds ; les dix plus longues, parmi les fonds d’au moins cinq décisions."),
        FILES, is_internal=True,
    ),
)  # fmt: skip
BY_SLUG = {indicator.slug: indicator for indicator in INDICATORS}


def part_shown(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` people in whole percents; None when too few people are on one side."""
    return None if min(part, whole - part) < FEW else round(100 * part / whole)


def percent(part: int, whole: int) -> int | None:
    """A share of things that are not people."""
    return round(100 * part / whole) if whole else None


def quantile(histogram: Mapping[int, int], share: Fraction) -> int | None:
    """The smallest number of days that at least ``share`` of the cases do not exceed."""
    asked, seen = share * sum(histogram.values()), 0
    for days in sorted(histogram):
        seen += histogram[days]
        if seen and seen >= asked:
            return days
    return None
