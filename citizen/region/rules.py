"""What the Region publishes: columns of the open data, cells no spreadsheet runs, places that give away no home."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from citizen.kernel.words import N_

STATES = {"granted": "accordé", "report_submitted": "bilan déposé", "closed": "terminé"}
DEPARTEMENTS = {"02": "Aisne", "59": "Nord", "60": "Oise", "62": "Pas-de-Calais", "80": "Somme"}
EXACT, AROUND, QUARTER = "lieu", "environs", "quartier"
OUTSIDE = "hors"  # the filter for what is in no quarter
FEW = 11  # under so many people, a count would say who came or who chose what


def few(count: int | None) -> int | None:
    """The count, unless it is of so few people that it would name them."""
    return None if count is None or count < FEW else count


def named(kind: str | None, value: str | None) -> str | None:
    """The name or number of an organisation, unless it is a group of residents: theirs may be that of a family."""
    return None if kind == "group" else value


@dataclass(frozen=True)
class Initiative:
    """A supported project as it is published; nothing in it names a person."""

    number: int
    scheme: str
    title: str
    commune_code: str | None
    commune: str | None
    quarter_code: str | None
    quarter: str | None
    departement: str | None
    lon: float | None
    lat: float | None
    quarter_lon: float | None
    quarter_lat: float | None
    state: str
    granted_cents: int | None
    decided_on: date | None
    organisation_kind: str | None
    organisation: str | None
    call: str | None
    call_number: int | None = None
    quarter_number: int | None = None
    themes: Sequence[str] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    came: int | None = None
    helped: int | None = None
    published_at: datetime | None = None
    summary: str | None = None
    url: str = ""

    @property
    def association(self) -> str | None:
        """Only associations are named: the name of a group of residents may be that of a family."""
        return self.organisation if self.organisation_kind == "association" else None

    @property
    def participants(self) -> int | None:
        """Who came, unless they were so few that the count would name them."""
        return few(self.came)

    @property
    def volunteers(self) -> int | None:
        return few(self.helped)

    @property
    def point(self) -> tuple[float, float, str] | None:
        """Longitude, latitude and how precise they are; None when no place is known.

        What residents do may happen at somebody's home: unless an association or public works show otherwise, the place is
        given to about a hundred metres.
        """
        if self.lon is not None and self.lat is not None:
            is_exact = self.association is not None or self.scheme == "ftu"
            digits = 5 if is_exact else 3
            return round(self.lon, digits), round(self.lat, digits), EXACT if is_exact else AROUND
        if self.quarter_lon is not None and self.quarter_lat is not None:
            return round(self.quarter_lon, 5), round(self.quarter_lat, 5), QUARTER
        return None


@dataclass(frozen=True)
class Column:
    """One published column: its name never changes."""

    name: str
    kind: str
    about: str
    value: Callable[[Initiative], object]


def _place(index: int) -> Callable[[Initiative], object]:
    return lambda initiative: initiative.point[index] if initiative.point else None


TEXT, WHOLE, DECIMAL, DAY = N_("texte"), N_("nombre entier"), N_("nombre, point décimal"), N_("date AAAA-MM-JJ")
COLUMNS = (
    Column("numero", WHOLE, N_("Numéro du projet. Il ne change jamais."), lambda i: i.number),
    Column("adresse", TEXT, N_("Adresse de la page publique du projet."), lambda i: i.url),
    Column("dispositif", TEXT, N_("PIC, FTU ou NQE."), lambda i: i.scheme.upper()),
    Column("titre", TEXT, N_("Titre donné par l’équipe du projet."), lambda i: i.title),
    Column("commune_code", TEXT, N_("Code Insee de la commune (cinq caractères, zéros compris)."), lambda i: i.commune_code),
    Column("commune_nom", TEXT, N_("Nom de la commune."), lambda i: i.commune),
    Column("quartier_code", TEXT, N_("Code officiel du quartier, quand le projet en a un."), lambda i: i.quarter_code),
    Column("quartier_nom", TEXT, N_("Nom du quartier."), lambda i: i.quarter),
    Column("departement", TEXT, N_("Code du département."), lambda i: i.departement),
    Column("longitude", DECIMAL, N_("Longitude WGS84, en degrés."), _place(0)),
    Column("latitude", DECIMAL, N_("Latitude WGS84, en degrés."), _place(1)),
    Column(
        "precision", TEXT, N_("« lieu » : l’endroit même. « environs » : à cent mètres près. « quartier » : son milieu."),
        _place(2),
    ),
    Column("etat", TEXT, N_("« accordé », « bilan déposé » ou « terminé »."), lambda i: STATES.get(i.state, i.state)),
    Column("montant_accorde", DECIMAL, N_("Aide accordée, en euros."), lambda i: in_euros(i.granted_cents)),
    Column("date_decision", DAY, N_("Jour de la décision."), lambda i: i.decided_on and i.decided_on.isoformat()),
    Column("association", TEXT, N_("Nom de l’association qui porte le projet. Vide sinon."), lambda i: i.association),
    Column("appel", TEXT, N_("Titre de la période de dépôt, de la campagne ou de l’édition."), lambda i: i.call),
    Column("appel_numero", WHOLE, N_("Numéro de l’appel, comme dans appels.csv."), lambda i: i.call_number),
    Column("quartier_numero", WHOLE, N_("Numéro de la version du quartier, comme dans quartiers.csv."), lambda i: i.quarter_number),
    Column("themes", TEXT, N_("Thèmes, séparés par un point-virgule."), lambda i: " ; ".join(i.themes)),
    Column("date_debut", DAY, N_("Premier jour du projet."), lambda i: i.starts_on and i.starts_on.isoformat()),
    Column("date_fin", DAY, N_("Dernier jour du projet."), lambda i: i.ends_on and i.ends_on.isoformat()),
    Column("participants", WHOLE, N_("Personnes venues, selon le bilan accepté. Vide s’il y en a moins de onze."), lambda i: i.participants),
    Column("benevoles", WHOLE, N_("Bénévoles, selon le bilan accepté. Vide s’il y en a moins de onze."), lambda i: i.volunteers),
    Column("publie_le", DAY, N_("Jour où la Région l’a publié parmi les initiatives. Vide sinon."), lambda i: i.published_at and f"{i.published_at:%Y-%m-%d}"),
    Column("resume", TEXT, N_("Le projet en deux phrases, relues par la Région. Vide s’il n’est pas publié."), lambda i: i.summary),
)  # fmt: skip


def in_euros(cents: int | None) -> str | None:
    """``123450`` -> « 1234.50 »."""
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


_RUN = tuple("=+-@\t\r＝＋－＠")


def cell(value: object) -> str:
    """One cell of the CSV file: a text that a spreadsheet would run as a formula is led by an apostrophe.

    Source: OWASP, « CSV injection ».
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    is_run = value.startswith(_RUN) or value.lstrip().startswith(_RUN)
    return f"'{value}" if is_run else value


def feature(initiative: Initiative) -> str:
    """The GeoJSON feature (RFC 7946) with every column, as text; no geometry when no place is known."""
    values = {column.name: column.value(initiative) for column in COLUMNS if column.name not in ("longitude", "latitude")}
    values["montant_accorde"] = None if initiative.granted_cents is None else initiative.granted_cents / 100
    return _feature(initiative, values)


@dataclass(frozen=True)
class Cluster:
    """How many initiatives a quarter has; a commune, where no quarter is known."""

    quarter_code: str | None
    quarter: str | None
    commune_code: str | None
    commune: str | None
    count: int
    lon: float | None
    lat: float | None

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.quarter, self.commune)))

    @property
    def filter(self) -> dict[str, str]:
        """What the list asks for to show the same."""
        return (
            {"quartier": self.quarter_code} if self.quarter_code else {"commune": self.commune_code or "", "quartier": OUTSIDE}
        )


def marker(cluster: Cluster, url: str) -> str:
    """The GeoJSON feature of the site's own map: a name, how many and an address; about a hundred metres at the nearest."""
    point = (round(cluster.lon, 3), round(cluster.lat, 3)) if cluster.lon is not None and cluster.lat is not None else None
    return _as_text("Point", point, {"title": cluster.name, "count": cluster.count, "url": url})


def _feature(initiative: Initiative, values: dict[str, object]) -> str:
    return _as_text("Point", initiative.point and initiative.point[:2], values)


def limits(name: str, parts: list[Any] | None, url: str = "") -> str:
    """The GeoJSON feature of a quarter's outline, the coordinates of a MultiPolygon, and the address of its page."""
    values: dict[str, object] = {"name": name, "url": url} if url else {"name": name}
    return _as_text("MultiPolygon", parts, values)


def area(values: dict[str, object], parts: list[Any] | None) -> str:
    """The GeoJSON feature of a quarter with its figures."""
    return _as_text("MultiPolygon", parts, values)


def _as_text(kind: str, coordinates: object, values: dict[str, object]) -> str:
    geometry = {"type": kind, "coordinates": coordinates} if coordinates else None
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": values}, ensure_ascii=False)


@dataclass(frozen=True)
class Asked:
    """Filters of the gallery, as they stand in the address; empty: no filter."""

    q: str = ""
    dispositif: str = ""
    departement: str = ""
    commune: str = ""
    theme: str = ""
    annee: str = ""
    quartier: str = ""

    @property
    def year(self) -> int | None:
        return int(self.annee) if self.annee.isascii() and self.annee.isdigit() and len(self.annee) == 4 else None

    @property
    def given(self) -> dict[str, str]:
        """Those that are set, for the address of another page."""
        return {name: value for name, value in vars(self).items() if value}
