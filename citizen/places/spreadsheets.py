"""The file of city contracts: its columns, its rows, what is wrong on which line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from citizen.kernel.words import Words, slug
from citizen.places import reading, values
from citizen.places.reading import Content, Reading
from citizen.places.rules import RENEWAL_LABELS, SIGNATORY_LABELS, searchable
from citizen.places.values import BadRow

TITLE = "contrat"
LONGEST_TEXT = 5_000
Signed = tuple[str, str, date | None]  # kind, name, day
Site = tuple[str, str, tuple[str, ...]]  # kind, name, codes of its perimeters


@dataclass(frozen=True)
class ContractRow:
    """One contract as a line tells it: ``facts`` are plain columns; the lists name what exists by its code. Empty: not told."""

    number: int
    title: str
    facts: dict[str, Any] = field(default_factory=dict)
    intermunicipalities: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    perimeters: tuple[str, ...] = ()
    signatories: tuple[Signed, ...] = ()
    renewal_sites: tuple[Site, ...] = ()

    @property
    def key(self) -> str:
        return slug(self.title)


def _text(value: object) -> str:
    found = values.text(value)
    if len(found) > LONGEST_TEXT:
        raise BadRow(Words("texte trop long : %(limit)d caractères au plus.", limit=LONGEST_TEXT))
    return found


# column of the file -> what it fills, and how it is read
FACTS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "presentation": ("about", _text),
    "debut": ("starts_on", values.day),
    "fin": ("ends_on", values.day),
    "clause_de_revoyure": ("review_clause", _text),
    "revoyure_prevue": ("review_due_on", values.day),
    "revoyure_tenue": ("review_held_on", values.day),
}
LISTS = ("intercommunalites", "communes", "quartiers", "signataires", "renouvellement")


def read(data: bytes) -> Reading:
    """The rows of the file; raises UnknownFile."""
    return reading.read_lines(reading.text_of(data), Content.CONTRACTS, TITLE, _contract)


def _contract(number: int, told: dict[str, Any]) -> ContractRow:
    unknown = set(told) - {TITLE, *FACTS, *LISTS}
    if unknown:
        raise BadRow(Words("colonne inconnue : %(names)s.", names=", ".join(sorted(unknown))))
    read = {name: check(told[column]) for column, (name, check) in FACTS.items() if told.get(column)}
    lists = {column: _several(told.get(column)) for column in LISTS}
    return ContractRow(
        number,
        values.label(told, TITLE),
        read,
        tuple(map(values.siren_number, lists["intercommunalites"])),
        tuple(map(values.insee, lists["communes"])),
        tuple(map(values.code, lists["quartiers"])),
        tuple(map(_signed, lists["signataires"])),
        tuple(map(_site, lists["renouvellement"])),
    )


def _several(value: object) -> list[str]:
    """What stands between the bars of a cell, each once."""
    return list(dict.fromkeys(filter(None, (values.text(part) for part in str(value or "").split("|")))))


def _kind(typed: str, labels: Mapping[Any, str]) -> str:
    known = {searchable(label).removeprefix("interet ").removesuffix(" social"): str(kind) for kind, label in labels.items()}
    if searchable(typed) not in known:
        raise BadRow(Words("« %(value)s » : on attend %(known)s.", value=typed[:40], known=", ".join(known)))
    return known[searchable(typed)]


def _parts(cell: str, example: str) -> list[str]:
    parts = [part.strip() for part in cell.split(" : ")]
    if len(parts) not in (2, 3) or not all(parts) or len(parts[1]) > values.LONGEST_NAME:
        raise BadRow(Words("« %(value)s » : écrivez « %(example)s ».", value=cell[:60], example=example))
    return parts


def _signed(cell: str) -> Signed:
    """« commune : Ville de Loos : 2024-06-30 »; the day may be left out."""
    kind, name, *day = _parts(cell, "commune : Ville de Loos : 2024-06-30")
    return _kind(kind, SIGNATORY_LABELS), name, values.day(day[0]) if day else None


def _site(cell: str) -> Site:
    """« national : Les Oliveaux : QN05901M QN05902M »; its quarters may be left out."""
    kind, name, *codes = _parts(cell, "national : Les Oliveaux : QN05901M QN05902M")
    return _kind(kind, RENEWAL_LABELS), name, tuple(map(values.code, codes[0].split())) if codes else ()
