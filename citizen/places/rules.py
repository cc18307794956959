"""Words of the territory: kinds of perimeters, official versions, names as people search them, where a point stands."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from citizen.kernel.findings import Invalid
from citizen.kernel.words import N_, Words


class Kind(StrEnum):
    PRIORITY = "priority"
    WATCH = "watch"
    LIVED_IN = "lived_in"
    COMMUNE = "commune"


KIND_LABELS = {
    Kind.PRIORITY: N_("quartier prioritaire"),
    Kind.WATCH: N_("quartier de veille active"),
    Kind.LIVED_IN: N_("quartier vécu"),
    Kind.COMMUNE: N_("commune entière"),
}
QUARTERS = (Kind.PRIORITY, Kind.WATCH, Kind.LIVED_IN)

# First and last day in force. Sources: décret 2014-1750 (2015 to 2023), décret 2023-1314 (since 2024).
OFFICIAL_DAYS: dict[str, tuple[date, date | None]] = {
    "2014": (date(2015, 1, 1), date(2023, 12, 31)),
    "2024": (date(2024, 1, 1), None),
}
OFFICIAL_PREFIXES = {"QP": "2014", "QN": "2024"}


class SignatoryKind(StrEnum):
    STATE = "state"
    REGION = "region"
    DEPARTEMENT = "departement"
    INTERMUNICIPALITY = "intermunicipality"
    COMMUNE = "commune"
    LANDLORD = "landlord"
    OTHER = "other"


SIGNATORY_LABELS = {
    SignatoryKind.STATE: N_("État"),
    SignatoryKind.REGION: N_("Région"),
    SignatoryKind.DEPARTEMENT: N_("Département"),
    SignatoryKind.INTERMUNICIPALITY: N_("intercommunalité"),
    SignatoryKind.COMMUNE: N_("commune"),
    SignatoryKind.LANDLORD: N_("bailleur social"),
    SignatoryKind.OTHER: N_("autre partenaire"),
}


class RenewalKind(StrEnum):
    NATIONAL = "national"
    REGIONAL = "regional"


RENEWAL_LABELS = {RenewalKind.NATIONAL: N_("intérêt national"), RenewalKind.REGIONAL: N_("intérêt régional")}


class Status(StrEnum):
    INSIDE = "inside"
    NEAR = "near"
    OUTSIDE = "outside"


STATUS_LABELS = {
    Status.INSIDE: N_("dans le quartier"),
    Status.NEAR: N_("près de la limite"),
    Status.OUTSIDE: N_("hors des quartiers"),
}


@dataclass(frozen=True)
class Located:
    """Where a point stands: the perimeter it is in, else the nearest one, and its distance to that limit in metres."""

    status: Status
    perimeter_id: int | None = None
    code: str = ""
    name: str = ""
    kind: Kind | None = None
    version: str = ""
    metres: int | None = None


def searchable(text: str) -> str:
    """A name as it is searched: lower case, no accent, words separated by one space."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", kept))


_NUMBER = re.compile(r"[+-]?[0-9]{1,3}([.,][0-9]{1,20})?")


def degrees(field: str, typed: str, limit: int) -> float:
    """A longitude (limit 180) or a latitude (limit 90) as people type it; raises Invalid."""
    text = typed.strip()
    value = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    if value is None or abs(value) > limit:
        reason = N_("Ce n’est pas un endroit : écrivez un nombre entre -%(limit)d et %(limit)d, comme 3.0586.")
        raise Invalid(field, Words(reason, limit=limit))
    return value


def point(lon: str, lat: str) -> tuple[float, float]:
    """The longitude and the latitude typed; raises Invalid on the one that is not a place on Earth."""
    return degrees("lon", lon, 180), degrees("lat", lat, 90)
