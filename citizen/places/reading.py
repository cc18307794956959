"""Reading the territory's files: which of the known formats it is, its rows, and what is wrong on which line."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from citizen.kernel.words import N_, Words
from citizen.places import values
from citizen.places.geometry import MultiPolygon, inner_point
from citizen.places.rules import OFFICIAL_PREFIXES, Kind
from citizen.places.values import BadRow


class Content(StrEnum):
    INTERMUNICIPALITIES = "intermunicipalities"
    COMMUNES = "communes"
    PERIMETERS = "perimeters"
    CONTRACTS = "contracts"


@dataclass(frozen=True)
class IntermunicipalityRow:
    """``members``: the INSEE codes of its communes."""

    number: int
    siren: str
    name: str
    kind: str
    population: int | None
    members: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.siren


@dataclass(frozen=True)
class CommuneRow:
    number: int
    code: str
    name: str
    departement: str
    siren: str | None
    population: int | None
    postal_codes: tuple[str, ...]
    intermunicipality_siren: str | None

    @property
    def key(self) -> str:
        return self.code


@dataclass(frozen=True)
class PerimeterRow:
    """``communes`` maps INSEE codes to names (or None), ``intermunicipalities`` SIREN to names.

    ``commune_names``: what an older file gives instead of codes.
    """

    number: int
    code: str
    name: str
    kind: Kind
    departement: str
    population: int | None
    lon: float | None
    lat: float | None
    outline: MultiPolygon | None = field(repr=False)
    communes: dict[str, str | None]
    intermunicipalities: dict[str, str | None]
    commune_names: tuple[str, ...] = ()
    is_line: bool = False

    @property
    def key(self) -> str:
        return self.code

    @property
    def official_version(self) -> str | None:
        """The version that an official code tells: QP059001 is of 2014, QN05901M of 2024."""
        return OFFICIAL_PREFIXES.get(self.code[:2]) if self.code[2:5].isdigit() and len(self.code) == 8 else None


Row = IntermunicipalityRow | CommuneRow | PerimeterRow


@dataclass(frozen=True)
class Problem:
    """What is wrong on one line of a CSV or object of a JSON file (``number`` 0: the whole file)."""

    number: int
    reason: str
    is_line: bool = False
    file: str = ""

    def __str__(self) -> str:
        where = "" if not self.number else f"ligne {self.number} : " if self.is_line else f"objet n° {self.number} : "
        return (f"{self.file}, " if self.file else "") + where + self.reason


@dataclass(frozen=True)
class Reading:
    """What a file holds; nothing of it is to be kept when there are problems."""

    content: Content
    rows: list[Row]
    problems: list[Problem]


class Refused(Exception):
    """Nothing can be imported: ``problems`` says why, line by line."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class UnknownFile(Exception):
    """The file as a whole cannot be read; the message says why."""


def text_of(data: bytes) -> str:
    """The text of a file; raises UnknownFile."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnknownFile(N_("ce n’est pas du texte en UTF-8.")) from None
    if not text.strip():
        raise UnknownFile(N_("le fichier est vide."))
    return text


def read(data: bytes) -> Reading:
    """The rows of a file, by its content and not its name; raises UnknownFile."""
    text = text_of(data)
    if text.lstrip()[0] not in "{[":
        return read_lines(text, Content.PERIMETERS, "code_qp", _quarter)
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnknownFile(Words("ce n’est pas du JSON bien écrit (%(error)s).", error=error)) from None
    return _rows(*_json_rows(found))


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_lines(text: str, content: Content, needed: str, make: Callable[[int, dict[str, Any]], Any]) -> Reading:
    """The rows of a CSV that has a column ``needed``; raises UnknownFile."""
    try:
        return _rows(content, _csv_rows(text, needed), make, is_lines=True)
    except csv.Error as error:
        raise UnknownFile(Words("ce n’est pas un CSV bien écrit (%(error)s).", error=error)) from None


def _csv_rows(text: str, needed: str) -> Iterator[tuple[int, Any]]:
    """(line, row) pairs; a row that has not as many cells as there are columns is the pair (found, expected)."""
    header = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",")
    names = [name.strip() for name in next(lines)]
    if needed not in names:
        reason = N_("format inconnu : la première ligne d’un CSV nomme les colonnes, dont %(needed)s.")
        raise UnknownFile(Words(reason, needed=needed))
    for cells in lines:
        if any(cell.strip() for cell in cells):
            is_whole = len(cells) == len(names)
            row = dict(zip(names, map(values.unwrapped, cells), strict=True)) if is_whole else (len(cells), len(names))
            yield lines.line_num, row


def _json_rows(found: Any) -> tuple[Content, Iterable[tuple[int, Any]], Callable[[int, dict[str, Any]], Row]]:
    rows = found.get("features") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not rows:
        raise UnknownFile(N_("format inconnu : on attend une FeatureCollection GeoJSON ou une liste, non vide."))
    numbered = list(enumerate(rows, 1))
    if isinstance(found, list) and any(_has(row, "membres") for row in rows):
        return Content.INTERMUNICIPALITIES, numbered, _intermunicipality
    if isinstance(found, list) and any(_has(row, "codesPostaux") for row in rows):
        return Content.COMMUNES, numbered, _commune
    features = list(map(_flat, numbered))
    if any(_has(told, "code_qp") for _number, told in features):
        return Content.PERIMETERS, features, _quarter
    if any(_has(told, "code") and _has(told, "nom") for _number, told in features):
        return Content.PERIMETERS, features, _whole_commune
    raise UnknownFile(
        N_("format inconnu : ni quartiers (code_qp), ni communes (codesPostaux, nom), ni intercommunalités (membres).")
    )


def _has(row: object, name: str) -> bool:
    return isinstance(row, dict) and name in row


def _flat(numbered: tuple[int, Any]) -> tuple[int, Any]:
    """A feature's properties, with its geometry beside them."""
    number, feature = numbered
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return number, {**properties, "geometry": feature.get("geometry")} if isinstance(properties, dict) else None


def _rows(
    content: Content, numbered: Iterable[tuple[int, Any]], make: Callable[[int, dict[str, Any]], Any], *, is_lines: bool = False
) -> Reading:
    """Every row made, and every reason why one could not be."""
    rows: list[Any] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, told in numbered:
        try:
            row = make(number, values.checked(told))
            if row.key in seen:
                raise BadRow(Words("le code %(code)s est déjà au n° %(number)d.", code=row.key, number=seen[row.key]))
        except BadRow as error:
            problems.append(Problem(number, error.reason, is_lines))
        else:
            seen[row.key] = number
            rows.append(row)
    return Reading(content, rows, problems)


def _intermunicipality(number: int, told: dict[str, Any]) -> IntermunicipalityRow:
    members = told.get("membres")
    if not isinstance(members, list) or not all(_has(member, "code") for member in members):
        raise BadRow(N_("membres : on attend la liste des communes, chacune avec son code."))
    return IntermunicipalityRow(
        number,
        values.siren(told, "code"),
        values.label(told, "nom"),
        values.label(told, "type"),
        values.population(told, "populationMunicipale"),
        tuple(values.insee(member["code"]) for member in members),
    )


def _commune(number: int, told: dict[str, Any]) -> CommuneRow:
    code = values.insee(told.get("code"))
    return CommuneRow(
        number,
        code,
        values.label(told, "nom"),
        values.departement(told.get("departement") or values.departement_of(code)),
        values.siren(told, "siren") if told.get("siren") else None,
        values.population(told, "population"),
        values.postal_codes(told.get("codesPostaux")),
        values.siren(told, "epci") if told.get("epci") else None,
    )


def _whole_commune(number: int, told: dict[str, Any]) -> PerimeterRow:
    code, name = values.insee(told.get("code")), values.label(told, "nom")
    outline = values.outline(told.get("geometry"))
    lon, lat = inner_point(outline) if outline else (None, None)
    sirens: dict[str, str | None] = {values.siren(told, "epci"): None} if told.get("epci") else {}
    return PerimeterRow(
        number, code, name, Kind.COMMUNE, values.departement_of(code),
        values.population(told, "population"), lon, lat, outline, {code: name}, sirens,
    )  # fmt: skip


def _quarter(number: int, told: dict[str, Any]) -> PerimeterRow:
    code = values.code(told.get("code_qp"))
    outline = values.outline(told.get("geometry"))
    lon, lat = values.inner_point(told, outline)
    communes = values.paired(told, "insee_com", "lib_com", values.insee)
    return PerimeterRow(
        number,
        code,
        values.label(told, "lib_qp" if "lib_qp" in told else "nom_qp"),
        values.kind(told.get("kind")),
        values.departement(told.get("insee_dep") or values.departement_told(code, communes)),
        values.population(told, *(name for name in told if name.startswith("population"))),
        lon,
        lat,
        outline,
        communes,
        values.paired(told, "siren_epci", "lib_epci", values.siren_number),
        values.names(told.get("commune_qp")),
        is_line="geometry" not in told,
    )
